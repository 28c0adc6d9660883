//! What a scheme computes, by the words of the definition.

use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};
use zeroize::{Zeroize as _, Zeroizing};

use crate::host::Host;
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

/// A hash function.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hash {
    /// SHA-1, 20 bytes.
    Sha1,
    /// SHA-256, 32 bytes.
    Sha256,
    /// SHA-512, 64 bytes.
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
            Self::Hmac(hash) | Self::Digest(hash) => (hash.length(), hash.length()),
            Self::PublicKey(algorithm) => algorithm.lengths(),
            Self::Token => (0, 0),
        }
    }
}

impl Hash {
    pub(crate) const WORDS: [(&str, Self); 3] =
        [("sha256", Self::Sha256), ("sha1", Self::Sha1), ("sha512", Self::Sha512)];

    /// The stable word, as definitions have it. Hosts have the same.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Sha512 => "sha512",
        }
    }

    /// The length of a digest, in bytes.
    pub const fn length(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }

    /// The digest of the parts one after the other.
    pub(crate) fn digest(self, parts: &[&[u8]]) -> Vec<u8> {
        Hasher::new(self).finish(parts)
    }

    /// The same, by the host where the parts are long.
    pub(crate) fn digest_by(self, host: &mut dyn Host, parts: &[&[u8]]) -> Vec<u8> {
        let theirs = if is_long(host, parts) { self.ask(host, parts) } else { None };
        theirs.unwrap_or_else(|| self.digest(parts))
    }

    /// In one piece, unless a copy of that is too large.
    fn ask(self, host: &mut dyn Host, parts: &[&[u8]]) -> Option<Vec<u8>> {
        let digest = if length(parts) < IN_PIECES_FROM {
            let mut message = parts.concat();
            let digest = host.digest(self, &[&message]);
            if let Some(secret) = message.get_mut(..self.block()) {
                secret.zeroize();
            }
            digest
        } else {
            host.digest(self, parts)
        };
        digest.filter(|digest| digest.len() == self.length())
    }

    const fn block(self) -> usize {
        match self {
            Self::Sha1 | Self::Sha256 => 64,
            Self::Sha512 => 128,
        }
    }
}

fn length(parts: &[&[u8]]) -> usize {
    parts.iter().map(|part| part.len()).sum()
}

fn is_long(host: &dyn Host, parts: &[&[u8]]) -> bool {
    length(parts) >= host.digests_from()
}

/// From this length on a message is not copied to be in one piece: a call for each part costs less.
const IN_PIECES_FROM: usize = 256 * 1024;

/// A hash on its way. Wiped when dropped.
#[derive(Clone)]
enum Hasher {
    Sha1(Sha1),
    Sha256(Sha256),
    Sha512(Sha512),
}

impl Hasher {
    fn new(hash: Hash) -> Self {
        match hash {
            Hash::Sha1 => Self::Sha1(Sha1::new()),
            Hash::Sha256 => Self::Sha256(Sha256::new()),
            Hash::Sha512 => Self::Sha512(Sha512::new()),
        }
    }

    fn update(&mut self, part: &[u8]) {
        match self {
            Self::Sha1(hash) => hash.update(part),
            Self::Sha256(hash) => hash.update(part),
            Self::Sha512(hash) => hash.update(part),
        }
    }

    fn finish(mut self, parts: &[&[u8]]) -> Vec<u8> {
        for part in parts {
            self.update(part);
        }
        match self {
            Self::Sha1(hash) => hash.finalize().to_vec(),
            Self::Sha256(hash) => hash.finalize().to_vec(),
            Self::Sha512(hash) => hash.finalize().to_vec(),
        }
    }
}

/// HMAC (RFC 2104) after its key block, so that a delivery pays for its own bytes only. Wiped when dropped.
///
/// Not the crate `hmac`: three times its code, one for each hash, is 3 KB of WebAssembly.
#[derive(Clone)]
pub(crate) struct MacState {
    hash: Hash,
    inner: Hasher,
    outer: Hasher,
    /// What `inner` has taken in, for a host that hashes from the beginning.
    inner_block: Zeroizing<Vec<u8>>,
}

impl MacState {
    pub(crate) fn new(hash: Hash, key: &[u8]) -> Self {
        let mut block =
            Zeroizing::new(if key.len() > hash.block() { hash.digest(&[key]) } else { key.to_vec() });
        block.resize(hash.block(), 0);
        let padded = |pad: u8| {
            let block: Zeroizing<Vec<u8>> = Zeroizing::new(block.iter().map(|byte| byte ^ pad).collect());
            let mut state = Hasher::new(hash);
            state.update(&block);
            (state, block)
        };
        let ((inner, inner_block), (outer, _)) = (padded(0x36), padded(0x5c));
        Self { hash, inner, outer, inner_block }
    }

    /// The MAC over the parts one after the other.
    pub(crate) fn mac(&self, parts: &[&[u8]]) -> Vec<u8> {
        self.outer(&self.inner.clone().finish(parts))
    }

    /// The same, the long part of it by the host where it is long.
    pub(crate) fn mac_by(&self, host: &mut dyn Host, parts: &[&[u8]]) -> Vec<u8> {
        if !is_long(host, parts) {
            return self.mac(parts);
        }
        let inner = self.hash.ask(host, &[&[self.inner_block.as_slice()], parts].concat());
        inner.map_or_else(|| self.mac(parts), |inner| self.outer(&inner))
    }

    fn outer(&self, inner: &[u8]) -> Vec<u8> {
        self.outer.clone().finish(&[inner])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231 and RFC 2202 are in `key.rs`; here, keys about as long as a block, against the crate.
    #[test]
    fn is_hmac_whatever_the_length_of_the_key() {
        use hmac::{Hmac, KeyInit, Mac};
        for length in [1, 20, 63, 64, 65, 127, 128, 129, 200] {
            let key = vec![0xaa; length];
            let parts: [&[u8]; 3] = [b"what do ya want ", b"", b"for nothing?"];
            let text = parts.concat();
            let sha1 = Hmac::<Sha1>::new_from_slice(&key).unwrap().chain_update(&text).finalize();
            let sha256 = Hmac::<Sha256>::new_from_slice(&key).unwrap().chain_update(&text).finalize();
            let sha512 = Hmac::<Sha512>::new_from_slice(&key).unwrap().chain_update(&text).finalize();
            assert_eq!(MacState::new(Hash::Sha1, &key).mac(&parts), sha1.into_bytes().to_vec());
            assert_eq!(MacState::new(Hash::Sha256, &key).mac(&parts), sha256.into_bytes().to_vec());
            assert_eq!(MacState::new(Hash::Sha512, &key).mac(&parts), sha512.into_bytes().to_vec());
        }
    }
}
