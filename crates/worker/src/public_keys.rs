//! Signatures by public keys, checked by the runtime's `WebCrypto`, which answers later: the core is asked
//! twice, first for what has to be checked, then for the verdict.

use hookwarden::{Delivery, Hash, Host, PublicKeyAlgorithm, PublicKeyCheck, Verdict, Verifier};
use js_sys::{Array, Object, Reflect, Uint8Array};

use std::time::Duration;

use crate::js;

/// The runtime answers at once; only one that is out of order needs a limit.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Judges a delivery, whoever has to be asked.
pub(crate) async fn verify(verifier: &Verifier, delivery: &Delivery<'_>, at: i64) -> Verdict {
    let mut runtime = Runtime::default();
    let verdict = verifier.verify_with(delivery, at, &mut runtime);
    if runtime.asked.is_empty() {
        return verdict;
    }
    let mut answers = Vec::new();
    for check in runtime.asked {
        // What cannot be imported is no key, or no signature.
        answers.push(check.await_answer().await.unwrap_or(false));
    }
    let mut runtime = Runtime { answers: Some(answers.into_iter()), asked: Vec::new() };
    verifier.verify_with(delivery, at, &mut runtime)
}

/// Hands out what was answered before, and notes down what was not.
#[derive(Default)]
struct Runtime {
    answers: Option<std::vec::IntoIter<bool>>,
    asked: Vec<Check>,
}

impl Host for Runtime {
    fn verify(&mut self, check: &PublicKeyCheck<'_>) -> Option<bool> {
        if let Some(answers) = &mut self.answers {
            return answers.next();
        }
        let [key, signature] = [check.key, check.signature].map(Uint8Array::from);
        let message = Uint8Array::from(check.message.concat().as_slice());
        let signature = match check.algorithm {
            PublicKeyAlgorithm::EcdsaP256 => fixed(check.signature).map(|fixed| Uint8Array::from(&fixed[..])),
            _ => Some(signature),
        };
        let signature = signature.unwrap_or_else(|| Uint8Array::new_with_length(0));
        self.asked.push(Check { algorithm: check.algorithm, key, message, signature });
        None
    }

    fn digests_from(&self) -> usize {
        js::DIGESTS_FROM
    }

    fn digest(&mut self, hash: Hash, message: &[&[u8]]) -> Option<Vec<u8>> {
        js::digest(hash, message)
    }
}

struct Check {
    algorithm: PublicKeyAlgorithm,
    key: Uint8Array,
    message: Uint8Array,
    signature: Uint8Array,
}

impl Check {
    async fn await_answer(&self) -> Option<bool> {
        let (format, name) = match self.algorithm {
            PublicKeyAlgorithm::Ed25519 => ("raw", "Ed25519"),
            PublicKeyAlgorithm::EcdsaP256 => ("spki", "ECDSA"),
            PublicKeyAlgorithm::RsaSha256 => ("spki", "RSASSA-PKCS1-v1_5"),
            _ => return None,
        };
        let algorithm = Object::new();
        for (key, value) in [("name", name), ("namedCurve", "P-256"), ("hash", "SHA-256")] {
            Reflect::set(&algorithm, &key.into(), &value.into()).ok()?;
        }
        let subtle = js::get(&js::get(&js_sys::global(), "crypto")?, "subtle")?;
        let usages = Array::of1(&"verify".into());
        let import = vec![
            format.into(),
            self.key.clone().into(),
            algorithm.clone().into(),
            false.into(),
            usages.into(),
        ];
        let key = js::call(TIMEOUT, &subtle, "importKey", import).await.ok()?;
        let verify = vec![algorithm.into(), key, self.signature.clone().into(), self.message.clone().into()];
        js::call(TIMEOUT, &subtle, "verify", verify).await.ok()?.as_bool()
    }
}

/// The two numbers of an ECDSA signature with 32 bytes each, as `WebCrypto` wants them, from DER.
fn fixed(der: &[u8]) -> Option<[u8; 64]> {
    let [0x30, length, rest @ ..] = der else { return None };
    let (first, rest) = integer(rest)?;
    let (second, end) = integer(rest)?;
    if !end.is_empty() || usize::from(*length) + 2 != der.len() {
        return None;
    }
    let mut fixed = [0; 64];
    fixed[32 - first.len()..32].copy_from_slice(first);
    fixed[64 - second.len()..].copy_from_slice(second);
    Some(fixed)
}

/// A positive number of at most 32 bytes, written in the one way that DER allows.
fn integer(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let [0x02, length, rest @ ..] = der else { return None };
    let (number, rest) = rest.split_at_checked((*length).into())?;
    let number = match number {
        [0, number @ ..] if number.first().is_some_and(|byte| byte >> 7 == 1) => number,
        [0, _, ..] => return None,
        [first, ..] if first >> 7 == 0 => number,
        _ => return None,
    };
    (number.len() <= 32 && number != [0]).then_some((number, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn der_is_read_strictly() {
        let der = [&[0x30, 8, 2, 2, 0, 0x80, 2, 2, 0x7f, 1][..]].concat();
        let fixed_form = fixed(&der).unwrap();
        assert_eq!((fixed_form[31], &fixed_form[62..]), (0x80, &[0x7f, 1][..]));
        for wrong in [
            &[][..],
            &[0x30, 6, 2, 1, 0x80, 2, 1, 1],
            &[0x30, 7, 2, 2, 0, 1, 2, 1, 1],
            &[0x30, 7, 2, 1, 1, 2, 1, 1],
            &[0x30, 6, 2, 1, 1, 2, 1, 0],
            &[0x30, 6, 2, 1, 1, 2, 2, 1],
            &[0x30, 7, 2, 1, 1, 2, 1, 1, 0],
            &[&[0x30, 38, 2, 33, 1][..], &[0; 32], &[2, 1, 1]].concat(),
        ] {
            assert_eq!(fixed(wrong), None, "{wrong:?}");
        }
    }
}
