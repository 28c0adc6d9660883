use std::fmt;

use base64ct::{Base64, Encoding as _};
use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroizing;

use super::algorithm::{Algorithm, Hash, MacState};
use super::scheme::Scheme;
use crate::host::Host;
use crate::misuse::Misuse;
use crate::public_key::PublicKeyAlgorithm;

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

    /// Compares in constant time, whatever the lengths.
    pub(crate) fn is(&self, other: &str) -> bool {
        let digest = |text: &str| Hash::Sha256.digest(&[text.as_bytes()]);
        digest(self.text()).ct_eq(&digest(other)).into()
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

/// How the text of a secret becomes the bytes of a key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum SecretFormat {
    /// The text itself.
    #[default]
    Utf8,
    Hex,
    Base64,
    /// Base64 behind an optional `whsec_` (Standard Webhooks).
    Whsec,
    /// Base64 behind an optional `whpk_`: a public key (Standard Webhooks).
    Whpk,
    /// A public key as base64 of its `SubjectPublicKeyInfo`, with or without the lines around it (PEM).
    Spki,
}

impl SecretFormat {
    pub(crate) const WORDS: [(&str, Self); 6] = [
        ("utf8", Self::Utf8),
        ("hex", Self::Hex),
        ("base64", Self::Base64),
        ("whsec", Self::Whsec),
        ("whpk", Self::Whpk),
        ("spki", Self::Spki),
    ];

    pub(crate) fn suits(self, algorithm: Algorithm) -> bool {
        let ed25519 = Algorithm::PublicKey(PublicKeyAlgorithm::Ed25519);
        match algorithm {
            Algorithm::PublicKey(_) if algorithm != ed25519 => self == Self::Spki,
            Algorithm::PublicKey(_) => matches!(self, Self::Hex | Self::Base64 | Self::Whpk),
            _ => !matches!(self, Self::Whpk | Self::Spki),
        }
    }

    fn decode(self, text: &str) -> Result<Zeroizing<Vec<u8>>, Misuse> {
        let (encoded, expected) = match self {
            Self::Utf8 => return Ok(Zeroizing::new(text.as_bytes().to_vec())),
            Self::Hex => {
                let bytes = base16ct::mixed::decode_vec(text).map(Zeroizing::new);
                return bytes.map_err(|_| invalid("it is not hexadecimal as the provider shows it"));
            }
            Self::Base64 => (Zeroizing::new(text.to_owned()), "base64"),
            Self::Whsec => (behind("whsec_", text), "`whsec_` and base64"),
            Self::Whpk => (behind("whpk_", text), "`whpk_` and base64"),
            Self::Spki => {
                let lines = text.lines().map(str::trim).filter(|line| !line.starts_with("-----"));
                (Zeroizing::new(lines.collect()), "a public key in PEM or base64")
            }
        };
        Base64::decode_vec(&encoded)
            .map(Zeroizing::new)
            .map_err(|_| invalid(&format!("it is not {expected} as the provider shows it")))
    }
}

fn behind(prefix: &str, text: &str) -> Zeroizing<String> {
    Zeroizing::new(text.strip_prefix(prefix).unwrap_or(text).to_owned())
}

fn invalid(reason: &str) -> Misuse {
    Misuse::SecretInvalid(reason.to_owned())
}

/// A secret made ready for one scheme. Wiped when dropped.
#[derive(Clone)]
pub(crate) enum Key {
    Mac(Box<MacState>),
    /// What goes into a plain digest, or a public key.
    Bytes(Zeroizing<Vec<u8>>),
    /// The digest of a header value: comparing digests takes the same time whatever the lengths.
    Token(Zeroizing<Vec<u8>>),
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key([REDACTED])")
    }
}

impl Key {
    pub(crate) fn new(scheme: &Scheme, secret: &Secret) -> Result<Self, Misuse> {
        if scheme.algorithm == Algorithm::Token {
            let shown = Zeroizing::new(scheme.show(secret)?);
            return Ok(Self::Token(Zeroizing::new(Hash::Sha256.digest(&[shown.as_bytes()]))));
        }
        let bytes = scheme.secret.decode(secret.text())?;
        if bytes.is_empty() {
            return Err(invalid("it is empty"));
        }
        match scheme.algorithm {
            Algorithm::Hmac(hash) => Ok(Self::Mac(Box::new(MacState::new(hash, &bytes)))),
            Algorithm::PublicKey(PublicKeyAlgorithm::Ed25519) if bytes.len() != 32 => {
                Err(invalid("a public key of Ed25519 has 32 bytes"))
            }
            _ => Ok(Self::Bytes(bytes)),
        }
    }

    /// The MAC over the parts one after the other, by this key. `None` where it is none for MACs.
    pub(crate) fn mac(&self, parts: &[&[u8]]) -> Option<Vec<u8>> {
        match self {
            Self::Mac(state) => Some(state.mac(parts)),
            _ => None,
        }
    }

    /// The same, the long part of it by the host where it is long.
    pub(crate) fn mac_by(&self, host: &mut dyn Host, parts: &[&[u8]]) -> Option<Vec<u8>> {
        match self {
            Self::Mac(state) => Some(state.mac_by(host, parts)),
            _ => None,
        }
    }

    /// The bytes that belong into a plain digest, or are a public key.
    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::Bytes(bytes) => bytes,
            _ => &[],
        }
    }

    /// Compares a received token in constant time.
    pub(crate) fn is_token(&self, received: &str) -> Choice {
        match self {
            Self::Token(digest) => Hash::Sha256.digest(&[received.as_bytes()]).ct_eq(digest.as_slice()),
            _ => Choice::from(0),
        }
    }
}

impl Scheme {
    /// The header value in which a token travels. It must be able to arrive: what HTTP would trim, join or
    /// refuse can never match.
    pub(crate) fn show(&self, secret: &Secret) -> Result<String, Misuse> {
        let text = secret.text();
        if text.is_empty() {
            return Err(invalid("it is empty"));
        }
        let shown = match self.encoding {
            Some(encoding) => Zeroizing::new(encoding.encode(text.as_bytes())),
            None => Zeroizing::new(text.to_owned()),
        };
        if shown.as_bytes().contains(&b',') {
            return Err(invalid("it holds a comma, which cannot be told from a header that came twice"));
        }
        if shown.starts_with(' ')
            || shown.ends_with(' ')
            || !shown.bytes().all(|byte| matches!(byte, b' '..=b'~'))
        {
            return Err(invalid("it holds characters that cannot arrive in a header"));
        }
        Ok(self.grammar.write(&shown, ""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reader::Reader;
    use crate::table::Table;

    fn key(secret: &str, more: &str) -> Result<Key, Misuse> {
        let definition = format!(r#"{{"name":"s","headers":[{{"signature":"x"}}],{more}}}"#);
        let scheme = Reader::read(Table::parse(definition.as_bytes()).unwrap(), Scheme::read).unwrap();
        Key::new(&scheme, &Secret::new(secret))
    }

    fn signing(secret: &str, algorithm: &str, format: &str) -> Result<Key, Misuse> {
        let more = r#""encoding":"hex","signed_content":"{body}""#;
        key(secret, &format!(r#""algorithm":"{algorithm}","secret":"{format}",{more}"#))
    }

    #[test]
    fn secrets_never_show() {
        let secret = Secret::new("hunter2");
        assert_eq!(format!("{secret:?}"), "Secret([REDACTED])");
        let key = signing("hunter2", "hmac-sha256", "utf8").unwrap();
        assert_eq!(format!("{key:?}"), "Key([REDACTED])");
    }

    #[test]
    fn a_secret_that_cannot_be_one_is_refused_without_showing_it() {
        for (secret, algorithm, format) in [
            ("", "hmac-sha256", "utf8"),
            ("not base64!", "hmac-sha256", "base64"),
            ("v1,whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "hmac-sha256", "whsec"),
            ("whsec_", "hmac-sha256", "whsec"),
            ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n", "hmac-sha256", "whsec"),
            ("0g", "hmac-sha1", "hex"),
            ("00", "ed25519", "hex"),
            ("whpk_AAAA", "ed25519", "whpk"),
            ("-----BEGIN PUBLIC KEY-----\n!\n-----END PUBLIC KEY-----", "ecdsa-p256", "spki"),
        ] {
            let error = signing(secret, algorithm, format).unwrap_err();
            assert_eq!(error.code(), "secret_invalid");
            assert!(secret.is_empty() || !error.to_string().contains(secret));
        }
        let token = r#""algorithm":"static-token""#;
        for secret in ["", "a,b", " a", "a ", "a\nb", "é"] {
            assert_eq!(key(secret, token).unwrap_err().code(), "secret_invalid");
        }
        let basic = r#""algorithm":"static-token","prefix":"Basic ","encoding":"base64""#;
        assert!(key("user:a,b", basic).is_ok(), "nothing of it travels as it is");
        assert!(bool::from(
            key("Aladdin:open sesame", basic).unwrap().is_token("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")
        ));
    }

    #[test]
    fn macs_are_those_of_the_rfcs() {
        // RFC 4231, case 2, and RFC 2202, case 2.
        for (algorithm, expected) in [
            ("hmac-sha256", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
            ("hmac-sha1", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
            (
                "hmac-sha512",
                "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
            ),
        ] {
            let key = signing("Jefe", algorithm, "utf8").unwrap();
            let mac = key.mac(&[b"what do ya want ", b"for nothing?"]).unwrap();
            assert_eq!(base16ct::lower::encode_string(&mac), expected);
        }
    }
}
