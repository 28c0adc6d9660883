//! What the host does for the core. Signatures by public keys: JavaScript has them everywhere, and they would
//! double the size of the wasm. Hashes of long messages.

use std::fmt::Write as _;

use hookwarden::{Hash, PublicKeyCheck};
use wasm_bindgen::prelude::wasm_bindgen;

/// Where Node.js begins to be faster, by measurements of 200 bytes to 256 KB.
const DIGESTS_FROM: usize = 256;

#[wasm_bindgen]
extern "C" {
    /// Who hashes long messages.
    pub type Digester;

    /// Writes the digest, whose length tells the hash. Whether it could.
    #[wasm_bindgen(method)]
    fn digest(this: &Digester, message: &[u8], digest: &mut [u8]) -> bool;
}

/// Hands out what was answered before the call, and notes down what was not.
pub(crate) struct Host<'a> {
    answers: Option<std::str::Bytes<'a>>,
    asked: String,
    digester: Option<Digester>,
}

impl<'a> Host<'a> {
    pub(crate) fn new(answers: Option<&'a str>, digester: Option<Digester>) -> Self {
        Self { answers: answers.map(str::bytes), asked: String::new(), digester }
    }

    /// What the host has to check, as JSON.
    pub(crate) fn unanswered(self) -> Option<String> {
        (!self.asked.is_empty()).then(|| format!(r#"{{"checks":[{}]}}"#, self.asked))
    }
}

impl hookwarden::Host for Host<'_> {
    fn verify(&mut self, check: &PublicKeyCheck<'_>) -> Option<bool> {
        if let Some(answers) = &mut self.answers {
            return answers.next().map(|answer| answer == b'1');
        }
        let comma = if self.asked.is_empty() { "" } else { "," };
        // Writing to a string cannot fail.
        let _ = write!(self.asked, r#"{comma}{{"algorithm":"{}""#, check.algorithm.as_str());
        let message = check.message.concat();
        for (name, bytes) in [("key", check.key), ("message", &message), ("signature", check.signature)] {
            let _ = write!(self.asked, r#","{name}":""#);
            for byte in bytes {
                let _ = write!(self.asked, "{byte:02x}");
            }
            self.asked.push('"');
        }
        self.asked.push('}');
        None
    }

    fn digests_from(&self) -> usize {
        if self.digester.is_some() { DIGESTS_FROM } else { usize::MAX }
    }

    fn digest(&mut self, hash: Hash, message: &[u8]) -> Option<Vec<u8>> {
        let mut digest = vec![0; hash.length()];
        self.digester.as_ref()?.digest(message, &mut digest).then_some(digest)
    }
}
