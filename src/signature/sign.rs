use super::algorithm::{Algorithm, Hash};
use super::content::{Field, Values};
use super::encoding::Encoding;
use super::key::{Key, Secret};
use super::scheme::Scheme;
use crate::code::Rejection;
use crate::misuse::Misuse;

/// What a signature is made over besides the body, for tests and demonstrations.
#[derive(Debug, Clone, Copy, Default)]
pub struct Signing<'a> {
    /// The signature scheme; needed where the provider has several and prefers none.
    pub scheme: Option<&'a str>,
    /// The event id where it is signed. By default one that follows from the body.
    pub id: Option<&'a str>,
    /// The time in Unix seconds.
    pub now: i64,
    /// The method where it is signed; POST by default.
    pub method: Option<&'a str>,
    /// The URL where it is signed.
    pub url: Option<&'a str>,
    /// The values of headers that are signed.
    pub headers: &'a [(&'a str, &'a str)],
}

impl Scheme {
    /// The headers that a genuine delivery would carry, in the first header family. `None` where the key
    /// is not one of this scheme.
    pub(crate) fn sign(&self, key: &Key, values: &Values<'_>) -> Option<Vec<(String, String)>> {
        let family = self.families.first()?;
        let parts = self.content.fill(values, key.bytes());
        let signature = match self.algorithm {
            Algorithm::Digest(hash) => hash.digest(&parts),
            _ => key.mac(&parts)?,
        };
        let signature = self.grammar.write(&self.encoding?.encode(&signature), values.timestamp);
        let mut headers = vec![(family.signature.clone(), signature)];
        let rest = [(&family.id, values.id), (&family.timestamp, values.timestamp)];
        headers.extend(rest.into_iter().filter_map(|(name, value)| Some((name.clone()?, value.to_owned()))));
        let signed = self.content.headers().zip(values.headers);
        headers.extend(signed.map(|(name, &value)| (name.to_owned(), value.to_owned())));
        Some(headers)
    }

    /// Signs as the provider does, from the secret's text and the raw body.
    ///
    /// # Errors
    /// [`Misuse`] where this cannot be a secret, an id or a body of the scheme.
    pub(crate) fn sign_delivery(
        &self,
        secret: &Secret,
        signing: &Signing<'_>,
        body: &[u8],
    ) -> Result<Vec<(String, String)>, Misuse> {
        match self.algorithm {
            // A static token is its own signature.
            Algorithm::Token => {
                let header = self.families.first().map(|family| family.signature.clone());
                return Ok(header.into_iter().zip([self.show(secret)?]).collect());
            }
            Algorithm::PublicKey(_) => return Err(unsignable("only the provider has the private key")),
            Algorithm::Hmac(_) | Algorithm::Digest(_) => {}
        }
        let key = Key::new(self, secret)?;
        let mut headers = Vec::new();
        for wanted in self.content.headers() {
            match signing.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)) {
                Some(&(_, value)) => headers.push(value),
                None => return Err(unsignable(&format!("the header {wanted} is needed"))),
            }
        }
        let id = signing.id.map_or_else(|| message_id(body), str::to_owned);
        if !visible(&id) || !self.content.delimits(&id, &headers) {
            return Err(unsignable("it is no id of this scheme"));
        }
        let timestamp = match self.timestamp_format.write(signing.now) {
            Some(timestamp) => timestamp,
            None if !self.content.has(Field::Timestamp) => String::new(),
            None => return Err(unsignable("the time has more than 12 digits or is negative")),
        };
        if self.content.has(Field::Url) && signing.url.is_none() {
            return Err(unsignable("the URL is needed"));
        }
        let body = self.signed_body(body).map_err(|Rejection { code, detail }| {
            unsignable(&detail.map_or_else(|| code.to_string(), |detail| format!("{code}: {detail}")))
        })?;
        let values = Values {
            id: &id,
            timestamp: &timestamp,
            body: &body,
            method: signing.method.unwrap_or("POST"),
            url: &self.unescape(signing.url.unwrap_or_default()),
            headers: &headers,
        };
        self.sign(&key, &values).ok_or_else(|| unsignable("there are no headers"))
    }
}

fn visible(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|byte| matches!(byte, b'!'..=b'~' if byte != b','))
}

fn unsignable(reason: &str) -> Misuse {
    Misuse::Unsignable(reason.to_owned())
}

/// An id that follows from the body: the same payload, signed again, is the same event.
fn message_id(body: &[u8]) -> String {
    let mut id = format!("msg_{}", Encoding::Hex.encode(&Hash::Sha256.digest(&[body])));
    id.truncate(31);
    id
}
