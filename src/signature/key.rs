use std::fmt;

use base64ct::{Base64, Encoding as _};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroizing;

use super::encoding::MAC_BYTES;
use crate::misuse::Misuse;
use crate::provider::SecretFormat;

/// The text of a signing secret or token, as the provider shows it. Wiped when dropped, and never shown
/// by `Debug`.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text as it is: spaces belong to it.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    pub(crate) fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret([REDACTED])")
    }
}

impl<T: Into<String>> From<T> for Secret {
    fn from(text: T) -> Self {
        Self::new(text)
    }
}

/// A secret made ready for one scheme. Wiped when dropped.
#[derive(Clone)]
pub(crate) enum Key {
    /// The state of an HMAC after its key block, so that a delivery pays for its own bytes only.
    Hmac(Box<Hmac<Sha256>>),
    /// The digest of a token: comparing digests takes the same time whatever the lengths.
    Token(Zeroizing<[u8; MAC_BYTES]>),
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key([REDACTED])")
    }
}

impl Key {
    pub(crate) fn hmac(secret: &Secret, format: SecretFormat) -> Result<Self, Misuse> {
        let text = secret.text();
        let bytes = match format {
            SecretFormat::Utf8 => Zeroizing::new(text.as_bytes().to_vec()),
            SecretFormat::Base64 => decode_base64(text, "base64 as the provider shows it")?,
            SecretFormat::Whsec => {
                let encoded = text.strip_prefix("whsec_").unwrap_or(text);
                decode_base64(encoded, "`whsec_` and base64 as the provider shows it")?
            }
        };
        if bytes.is_empty() {
            return Err(Misuse::SecretInvalid("it is empty".into()));
        }
        let state = Hmac::new_from_slice(&bytes)
            .map_err(|_| Misuse::SecretInvalid("it has a length that HMAC does not take".into()))?;
        Ok(Self::Hmac(Box::new(state)))
    }

    /// A token must be able to arrive: what HTTP would trim, join or refuse can never match.
    pub(crate) fn token(secret: &Secret) -> Result<Self, Misuse> {
        let text = secret.text();
        let invalid = |reason: &str| Err(Misuse::SecretInvalid(reason.into()));
        if text.is_empty() {
            return invalid("it is empty");
        }
        if text.contains(',') {
            return invalid("it holds a comma, which cannot be told from a header that came twice");
        }
        if text.starts_with(' ')
            || text.ends_with(' ')
            || !text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
        {
            return invalid("it holds characters that cannot arrive in a header");
        }
        Ok(Self::Token(Zeroizing::new(Sha256::digest(text).into())))
    }

    /// The MAC over the parts one after the other. `None` for a token.
    pub(crate) fn mac(&self, parts: &[&[u8]]) -> Option<[u8; MAC_BYTES]> {
        let Self::Hmac(state) = self else { return None };
        let mut state = state.as_ref().clone();
        for part in parts {
            state.update(part);
        }
        Some(state.finalize().into_bytes().into())
    }

    /// Compares a received token in constant time.
    pub(crate) fn is_token(&self, received: &str) -> Choice {
        match self {
            Self::Token(digest) => Sha256::digest(received).as_slice().ct_eq(digest.as_slice()),
            Self::Hmac(_) => Choice::from(0),
        }
    }
}

fn decode_base64(text: &str, expected: &str) -> Result<Zeroizing<Vec<u8>>, Misuse> {
    Base64::decode_vec(text)
        .map(Zeroizing::new)
        .map_err(|_| Misuse::SecretInvalid(format!("it is not {expected}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_never_show() {
        let secret = Secret::new("hunter2");
        assert_eq!(format!("{secret:?}"), "Secret([REDACTED])");
        let key = Key::hmac(&secret, SecretFormat::Utf8).unwrap();
        assert_eq!(format!("{key:?}"), "Key([REDACTED])");
    }

    #[test]
    fn a_secret_that_cannot_be_one_is_refused_without_showing_it() {
        for (secret, format) in [
            ("", SecretFormat::Utf8),
            ("not base64!", SecretFormat::Base64),
            ("v1,whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", SecretFormat::Whsec),
            ("whsec_", SecretFormat::Whsec),
            ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n", SecretFormat::Whsec),
        ] {
            let error = Key::hmac(&Secret::new(secret), format).unwrap_err();
            assert_eq!(error.code(), "secret_invalid");
            assert!(secret.is_empty() || !error.to_string().contains(secret));
        }
        for token in ["", "a,b", " a", "a ", "a\nb", "é"] {
            assert_eq!(Key::token(&Secret::new(token)).unwrap_err().code(), "secret_invalid");
        }
    }

    #[test]
    fn mac_is_rfc_4231_case_2() {
        let key = Key::hmac(&Secret::new("Jefe"), SecretFormat::Utf8).unwrap();
        let mac = key.mac(&[b"what do ya want ", b"for nothing?"]).unwrap();
        assert_eq!(
            base16ct::lower::encode_string(&mac),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }
}
