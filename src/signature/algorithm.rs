//! What a scheme computes, by the words of the definition.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use crate::public_key::PublicKeyAlgorithm;

/// How a sender proves that it knows the secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Hmac(Hash),
    /// A digest over content that holds the secret.
    Digest(Hash),
    PublicKey(PublicKeyAlgorithm),
    /// The secret itself travels in the header.
    Token,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hash {
    Sha1,
    Sha256,
    Sha512,
}

impl Algorithm {
    pub(crate) const WORDS: [(&str, Self); 9] = [
        ("hmac-sha256", Self::Hmac(Hash::Sha256)),
        ("hmac-sha1", Self::Hmac(Hash::Sha1)),
        ("hmac-sha512", Self::Hmac(Hash::Sha512)),
        ("sha256", Self::Digest(Hash::Sha256)),
        ("sha1", Self::Digest(Hash::Sha1)),
        ("ed25519", Self::PublicKey(PublicKeyAlgorithm::Ed25519)),
        ("ecdsa-p256", Self::PublicKey(PublicKeyAlgorithm::EcdsaP256)),
        ("rsa-sha256", Self::PublicKey(PublicKeyAlgorithm::RsaSha256)),
        ("static-token", Self::Token),
    ];

    /// The least and the greatest length of a signature, in bytes.
    pub(crate) const fn lengths(self) -> (usize, usize) {
        match self {
            Self::Hmac(hash) | Self::Digest(hash) => hash.lengths(),
            Self::PublicKey(algorithm) => algorithm.lengths(),
            Self::Token => (0, 0),
        }
    }
}

impl Hash {
    pub(crate) const WORDS: [(&str, Self); 3] =
        [("sha256", Self::Sha256), ("sha1", Self::Sha1), ("sha512", Self::Sha512)];

    pub(crate) const fn lengths(self) -> (usize, usize) {
        match self {
            Self::Sha1 => (20, 20),
            Self::Sha256 => (32, 32),
            Self::Sha512 => (64, 64),
        }
    }

    /// The digest of the parts one after the other.
    pub(crate) fn digest(self, parts: &[&[u8]]) -> Vec<u8> {
        fn over<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
            let mut hash = D::new();
            parts.iter().for_each(|part| hash.update(part));
            hash.finalize().to_vec()
        }
        match self {
            Self::Sha1 => over::<Sha1>(parts),
            Self::Sha256 => over::<Sha256>(parts),
            Self::Sha512 => over::<Sha512>(parts),
        }
    }
}

/// The state of an HMAC after its key block, so that a delivery pays for its own bytes only. Wiped when
/// dropped.
#[derive(Clone)]
pub(crate) enum MacState {
    Sha1(Hmac<Sha1>),
    Sha256(Hmac<Sha256>),
    Sha512(Hmac<Sha512>),
}

impl MacState {
    /// `None` where HMAC does not take the key.
    pub(crate) fn new(hash: Hash, key: &[u8]) -> Option<Self> {
        Some(match hash {
            Hash::Sha1 => Self::Sha1(Hmac::new_from_slice(key).ok()?),
            Hash::Sha256 => Self::Sha256(Hmac::new_from_slice(key).ok()?),
            Hash::Sha512 => Self::Sha512(Hmac::new_from_slice(key).ok()?),
        })
    }

    /// The MAC over the parts one after the other.
    pub(crate) fn mac(&self, parts: &[&[u8]]) -> Vec<u8> {
        fn over<M: Mac + Clone>(state: &M, parts: &[&[u8]]) -> Vec<u8> {
            let mut state = state.clone();
            parts.iter().for_each(|part| state.update(part));
            state.finalize().into_bytes().to_vec()
        }
        match self {
            Self::Sha1(state) => over(state, parts),
            Self::Sha256(state) => over(state, parts),
            Self::Sha512(state) => over(state, parts),
        }
    }
}
