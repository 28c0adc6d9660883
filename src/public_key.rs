//! Signatures by a key pair: the core says what must be checked, the host answers.
//!
//! The arithmetic of public keys is several times the size of everything else here, and every host has
//! it: Node.js, `WebCrypto`, or the crates behind the features `ed25519`, `p256` and `rsa`.

use crate::host::Host;

/// A signature algorithm with a public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PublicKeyAlgorithm {
    /// Ed25519 (RFC 8032).
    Ed25519,
    /// ECDSA over P-256 with SHA-256; the signature is DER.
    EcdsaP256,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    RsaSha256,
}

impl PublicKeyAlgorithm {
    /// The stable word, as definitions have it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ed25519 => "ed25519",
            Self::EcdsaP256 => "ecdsa-p256",
            Self::RsaSha256 => "rsa-sha256",
        }
    }

    pub(crate) const fn lengths(self) -> (usize, usize) {
        match self {
            Self::Ed25519 => (64, 64),
            Self::EcdsaP256 => (8, 72),
            Self::RsaSha256 => (256, 1024),
        }
    }
}

/// One signature to be checked with one key.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct PublicKeyCheck<'a> {
    /// By which algorithm.
    pub algorithm: PublicKeyAlgorithm,
    /// Ed25519: the 32 bytes of the key. Otherwise the DER of a `SubjectPublicKeyInfo`.
    pub key: &'a [u8],
    /// What was signed, in pieces that belong one after the other.
    pub message: &'a [&'a [u8]],
    /// The signature that the delivery claims.
    pub signature: &'a [u8],
}

/// The crates that this library was built with: the features `ed25519`, `p256` and `rsa`.
#[derive(Debug, Clone, Copy, Default)]
pub struct BuiltInPublicKeys;

impl Host for BuiltInPublicKeys {
    fn verify(&mut self, check: &PublicKeyCheck<'_>) -> Option<bool> {
        match check.algorithm {
            #[cfg(feature = "ed25519")]
            PublicKeyAlgorithm::Ed25519 => Some(ed25519(check).is_some()),
            #[cfg(feature = "p256")]
            PublicKeyAlgorithm::EcdsaP256 => Some(ecdsa_p256(check).is_some()),
            #[cfg(feature = "rsa")]
            PublicKeyAlgorithm::RsaSha256 => Some(rsa_sha256(check).is_some()),
            #[cfg(not(all(feature = "ed25519", feature = "p256", feature = "rsa")))]
            _ => None,
        }
    }
}

/// Strict: no key of small order, no second encoding of one signature.
#[cfg(feature = "ed25519")]
fn ed25519(check: &PublicKeyCheck<'_>) -> Option<()> {
    let key = ed25519_dalek::VerifyingKey::from_bytes(check.key.try_into().ok()?).ok()?;
    let signature = ed25519_dalek::Signature::from_slice(check.signature).ok()?;
    key.verify_strict(&check.message.concat(), &signature).ok()
}

#[cfg(feature = "p256")]
fn ecdsa_p256(check: &PublicKeyCheck<'_>) -> Option<()> {
    use p256::ecdsa::signature::Verifier;
    use p256::pkcs8::DecodePublicKey;
    let key = p256::ecdsa::VerifyingKey::from_public_key_der(check.key).ok()?;
    let signature = p256::ecdsa::Signature::from_der(check.signature).ok()?;
    key.verify(&check.message.concat(), &signature).ok()
}

#[cfg(feature = "rsa")]
fn rsa_sha256(check: &PublicKeyCheck<'_>) -> Option<()> {
    use rsa::pkcs8::DecodePublicKey;
    use rsa::sha2::{Digest, Sha256};
    let key = rsa::RsaPublicKey::from_public_key_der(check.key).ok()?;
    let digest = Sha256::digest(check.message.concat());
    key.verify(rsa::Pkcs1v15Sign::new::<Sha256>(), &digest, check.signature).ok()
}
