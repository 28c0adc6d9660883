//! Signatures by public keys, which the host checks: JavaScript has them everywhere, and they would double
//! the size of the wasm.

use std::fmt::Write as _;

use hookwarden::{PublicKeyCheck, PublicKeyVerifier};

/// Hands out what was answered before the call, and notes down what was not.
pub(crate) struct Host<'a> {
    answers: Option<std::str::Bytes<'a>>,
    asked: String,
}

impl<'a> Host<'a> {
    pub(crate) fn new(answers: Option<&'a str>) -> Self {
        Self { answers: answers.map(str::bytes), asked: String::new() }
    }

    /// What the host has to check, as JSON.
    pub(crate) fn unanswered(self) -> Option<String> {
        (!self.asked.is_empty()).then(|| format!(r#"{{"checks":[{}]}}"#, self.asked))
    }
}

impl PublicKeyVerifier for Host<'_> {
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
}
