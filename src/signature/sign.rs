use std::borrow::Cow;

use sha2::{Digest, Sha256};

use super::canonical::canonicalize;
use super::content::{Field, Values};
use super::encoding::encode_mac;
use super::key::{Key, Secret};
use super::scheme::{HmacProof, Proof, Scheme};
use crate::misuse::Misuse;
use crate::provider::HeaderFamily;

impl Scheme {
    /// The headers that a genuine delivery of these bytes would carry, in the first header family.
    /// `body` is what the scheme signs: already canonical where it signs the canonical form. `None`
    /// where the key is not one of this scheme.
    pub(crate) fn sign(
        &self,
        key: &Key,
        id: &str,
        timestamp: &str,
        body: &[u8],
    ) -> Option<Vec<(String, String)>> {
        let Proof::Hmac(hmac) = &self.proof else { return None };
        let family = self.families.first()?;
        let mac = key.mac(&hmac.content.fill(&Values { id, timestamp, body }))?;
        let signature = hmac.grammar.write(&encode_mac(hmac.encoding, &mac), timestamp);
        let mut headers = vec![(family.signature.clone(), signature)];
        let rest = [(&family.id, id), (&family.timestamp, timestamp)];
        headers.extend(rest.into_iter().filter_map(|(name, value)| Some((name.clone()?, value.to_owned()))));
        Some(headers)
    }

    /// Signs as the provider does, from the secret's text and the raw body.
    ///
    /// # Errors
    /// [`Misuse`] where this cannot be a secret, an id or a body of the scheme.
    pub(crate) fn sign_delivery(
        &self,
        secret: &Secret,
        id: Option<&str>,
        now: i64,
        body: &[u8],
    ) -> Result<Vec<(String, String)>, Misuse> {
        let key = self.key(secret)?;
        let Proof::Hmac(hmac) = &self.proof else { return Ok(self.show(secret)) };
        let id = match id {
            Some(id) if !hmac.takes_id(id) => return Err(unsignable("it is no id of this scheme")),
            Some(id) => id.to_owned(),
            None => message_id(body),
        };
        if hmac.content.has(Field::Timestamp) && !(0..1_000_000_000_000).contains(&now) {
            return Err(unsignable("the time has more than 12 digits or is negative"));
        }
        let body = if hmac.content.has(Field::CanonicalBody) {
            Cow::Owned(canonicalize(body).map_err(|rejection| unsignable(&rejection.to_string()))?)
        } else {
            Cow::Borrowed(body)
        };
        self.sign(&key, &id, &now.to_string(), &body)
            .ok_or_else(|| Misuse::DefinitionInvalid("there are no headers".into()))
    }

    /// A static token is its own signature.
    fn show(&self, secret: &Secret) -> Vec<(String, String)> {
        let header = |family: &HeaderFamily| (family.signature.clone(), secret.text().to_owned());
        self.families.first().map(header).into_iter().collect()
    }
}

impl HmacProof {
    fn takes_id(&self, id: &str) -> bool {
        let visible = id.bytes().all(|byte| matches!(byte, b'!'..=b'~' if byte != b','));
        !id.is_empty() && visible && self.content.delimits(id)
    }
}

fn unsignable(reason: &str) -> Misuse {
    Misuse::Unsignable(reason.to_owned())
}

/// An id that follows from the body: the same payload, signed again, is the same event.
fn message_id(body: &[u8]) -> String {
    let mut id = format!("msg_{}", base16ct::lower::encode_string(&Sha256::digest(body)));
    id.truncate(31);
    id
}
