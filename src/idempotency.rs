//! The key under which two deliveries are the same event.

use std::fmt;

use crate::event::Envelope;
use crate::host::Host;
use crate::json::{Literal, Number, Text, Visitor, walk};
use crate::pointer::{Field, Fields, Slot};
use crate::signature::{Hash as HashFunction, Verified};

/// Changes whenever the key of any event changes, so that old and new keys never meet by chance.
const VERSION: &[u8] = b"hookwarden-1";

/// The SHA-256 that names an event within a source. Only authenticated content goes into it, never the
/// time of an attempt.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdempotencyKey([u8; 32]);

impl fmt::Display for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base16ct::lower::encode_string(&self.0))
    }
}

impl fmt::Debug for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IdempotencyKey({self})")
    }
}

/// A provider's rule for events without an id, compiled.
#[derive(Debug, Clone)]
pub(crate) struct KeyRule {
    pub(crate) events: Vec<String>,
    pub(crate) fields: Vec<Slot>,
}

impl IdempotencyKey {
    /// From the first that exists: the event id, the fields that the provider's rules name, the body
    /// and the URL that the signature covers, the raw body. The number of the attempt is left out.
    pub(crate) fn new(
        source: &str,
        verified: &Verified<'_>,
        envelope: &Envelope,
        rules: &[KeyRule],
        attempt: Option<&str>,
        fields: &Fields<'_>,
        host: &mut dyn Host,
    ) -> Self {
        let mut parts = Vec::with_capacity(8);
        parts.extend([VERSION, source.as_bytes()]);
        if let Some(id) = &envelope.id {
            parts.extend([&b"id"[..], id]);
        } else if let Some(values) = distinguishing(envelope, rules, fields) {
            parts.push(b"fields");
            parts.extend(values);
        } else {
            parts.push(b"body");
            let body = verified.signed_body();
            let mut from = 0;
            for (at, end) in attempt.map(|name| Attempts::within(body, name)).unwrap_or_default() {
                parts.push(body.get(from..at).unwrap_or_default());
                from = end;
            }
            parts.push(body.get(from..).unwrap_or_default());
            // A GET says in its URL what it has to say.
            if let Some(url) = verified.url() {
                parts.extend([&b"url"[..], url.as_bytes()]);
            }
        }
        // Length first, so that no two lists of parts read alike.
        let length = |part: &&[u8]| u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes();
        let lengths: Vec<_> = parts.iter().map(length).collect();
        let mut pairs: Vec<&[u8]> = Vec::with_capacity(parts.len().saturating_mul(2));
        for (length, part) in lengths.iter().zip(&parts) {
            pairs.extend([&length[..], part]);
        }
        let mut key = [0; 32];
        key.copy_from_slice(&HashFunction::Sha256.digest_by(host, &pairs));
        Self(key)
    }
}

/// Where a body says which attempt it is: all numbers that are members of one name.
struct Attempts<'n> {
    name: &'n str,
    next: bool,
    found: Vec<(usize, usize)>,
}

impl<'n> Attempts<'n> {
    fn within(body: &[u8], name: &'n str) -> Vec<(usize, usize)> {
        let mut attempts = Self { name, next: false, found: Vec::new() };
        // A body that is no JSON says nothing of the kind.
        walk(body, &mut attempts).map(|_| attempts.found).unwrap_or_default()
    }
}

impl<'a> Visitor<'a> for Attempts<'_> {
    fn key(&mut self, key: Text<'a>) {
        self.next = *key.decode() == *self.name.as_bytes();
    }

    fn end_object(&mut self, _end: usize) {
        self.next = false;
    }

    fn begin_array(&mut self, _at: usize) {
        self.next = false;
    }

    fn number(&mut self, number: Number<'a>) {
        if self.next {
            self.found.push((number.at, number.at.saturating_add(number.text.len())));
        }
    }
}

/// The values of the first rule that names the event and whose fields are all there.
fn distinguishing<'f>(
    envelope: &Envelope,
    rules: &[KeyRule],
    fields: &'f Fields<'_>,
) -> Option<Vec<&'f [u8]>> {
    let event_type = envelope.event_type.as_ref()?;
    rules
        .iter()
        .filter(|rule| rule.events.contains(event_type))
        .find_map(|rule| rule.fields.iter().map(|&slot| value(fields.get(slot)?)).collect())
}

fn value<'f>(field: &'f Field<'_>) -> Option<&'f [u8]> {
    match field {
        Field::String(text) => Some(text),
        Field::Number(text) => Some(text),
        Field::Literal(Literal::Null) => None,
        Field::Literal(literal) => Some(literal.as_str().as_bytes()),
    }
}
