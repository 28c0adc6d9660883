//! Signing as Standard Webhooks does, for requests that are relayed.

use crate::misuse::Misuse;
use crate::reader::Reader;
use crate::signature::{Key, Scheme, Secret, Values};
use crate::table::Table;

const SCHEME: &[u8] = br#"{"name":"standard-webhooks","algorithm":"hmac-sha256","grammar":"versions","label":"v1","encoding":"base64","secret":"whsec","signed_content":"{id}.{timestamp}.{body}","tolerance_seconds":300,"headers":[{"signature":"webhook-signature","id":"webhook-id","timestamp":"webhook-timestamp"}]}"#;

/// Signs requests by the Standard Webhooks specification, so that a receiver can check with any of its
/// libraries that they passed through here.
///
/// <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>
#[derive(Debug, Clone)]
pub struct Signer {
    scheme: Scheme,
    key: Key,
}

impl Signer {
    /// Takes a secret of the form `whsec_` and base64.
    ///
    /// # Errors
    /// [`Misuse::SecretInvalid`] where it is not one.
    pub fn new(secret: &Secret) -> Result<Self, Misuse> {
        let scheme = Table::parse(SCHEME).and_then(|table| Reader::read(table, Scheme::read));
        let scheme = scheme.map_err(Misuse::DefinitionInvalid)?;
        let key = Key::new(&scheme, secret)?;
        Ok(Self { scheme, key })
    }

    /// The three headers of a request with this id and body, signed at a time in Unix seconds.
    pub fn sign(&self, id: &str, now: i64, body: &[u8]) -> Vec<(String, String)> {
        let timestamp = now.to_string();
        let values = Values { id, timestamp: &timestamp, body, method: "", url: "", headers: &[] };
        self.scheme.sign(&self.key, &values).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_as_the_official_libraries_do() {
        // From the test suites of the Standard Webhooks libraries (test_sign).
        let signer = Signer::new(&Secret::new("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD")).unwrap();
        let body = br#"{"email":"test@example.com","username":"test_user"}"#;
        let headers = signer.sign("msg_27UH4WbU6Z5A5EzD8u03UvzRbpk", 1_649_367_553, body);
        let expected = [
            ("webhook-signature", "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw="),
            ("webhook-id", "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk"),
            ("webhook-timestamp", "1649367553"),
        ];
        assert_eq!(headers, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
}
