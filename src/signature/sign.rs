use super::Key;
use super::content::Values;
use super::encoding::encode_mac;
use super::scheme::{Proof, Scheme};

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
}
