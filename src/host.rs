//! What whoever runs the core may do for it.

use crate::public_key::PublicKeyCheck;
use crate::signature::Hash;

/// The runtime around the core, where it has what the core has not, or does it faster.
pub trait Host {
    /// Whether a signature by a public key is right. `None` where this cannot be told here: the delivery is
    /// then refused with `source_misconfigured`, never accepted.
    fn verify(&mut self, check: &PublicKeyCheck<'_>) -> Option<bool>;

    /// From how many bytes on [`Host::digest`] is asked. Processors have instructions for hashing that
    /// WebAssembly has not, but a call costs something, so this pays for long messages.
    fn digests_from(&self) -> usize {
        usize::MAX
    }

    /// The digest of a message, given in parts that follow each other: one, unless it is very long. It may begin
    /// with what is made of the secret, so it is not to be kept. `None` leaves it to the core.
    fn digest(&mut self, _hash: Hash, _message: &[&[u8]]) -> Option<Vec<u8>> {
        None
    }
}
