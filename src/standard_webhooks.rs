//! Signing as Standard Webhooks does, for requests that are relayed.

use crate::misuse::Misuse;
use crate::provider::{Algorithm, Encoding, Grammar, HeaderFamily, SchemeDefinition, SecretFormat};
use crate::signature::{Key, Scheme, Secret};

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
        let scheme = Scheme::compile(SchemeDefinition {
            name: "standard-webhooks".to_owned(),
            algorithm: Algorithm::HmacSha256,
            grammar: Grammar::Versions,
            prefix: None,
            prefix_optional: false,
            label: Some("v1".to_owned()),
            timestamp_label: None,
            encoding: Some(Encoding::Base64),
            signed_content: Some("{id}.{timestamp}.{body}".to_owned()),
            secret: Some(SecretFormat::Whsec),
            tolerance_seconds: Some(300),
            headers: vec![HeaderFamily {
                signature: "webhook-signature".to_owned(),
                id: Some("webhook-id".to_owned()),
                timestamp: Some("webhook-timestamp".to_owned()),
            }],
            delivery: None,
        })?;
        let key = scheme.key(secret)?;
        Ok(Self { scheme, key })
    }

    /// The three headers of a request with this id and body, signed at a time in Unix seconds.
    pub fn sign(&self, id: &str, now: i64, body: &[u8]) -> Vec<(String, String)> {
        self.scheme.sign(&self.key, id, &now.to_string(), body).unwrap_or_default()
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
