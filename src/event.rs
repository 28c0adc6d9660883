//! What a verified delivery says it is.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde::Serialize;

use crate::delivery::{Delivery, Found};
use crate::digits::number;
use crate::lossy::lossy;
use crate::pointer::{Field, Fields, Slot};
use crate::signature::Verified;
use crate::time::parse_date_time;

/// How much of an event type or id is ever shown, in bytes.
const SHOWN_BYTES: usize = 256;

/// What an authentic delivery says of itself: safe to log and to put into a header, since everything
/// but visible ASCII is percent-encoded and nothing is longer than 256 bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Event {
    /// The event type, such as `call.completed`.
    #[serde(rename = "type")]
    pub event_type: Option<String>,
    /// The provider's id of the event, the same on every retry.
    pub id: Option<String>,
    /// When it was sent, in Unix seconds: the signed time of the attempt, or, where none is signed, the
    /// time that the payload gives.
    pub timestamp: Option<i64>,
}

/// Where an event says what it is, as slots of the provider's paths.
#[derive(Debug, Clone, Default)]
pub(crate) struct EventSlots {
    pub(crate) event_type: Vec<Slot>,
    /// A header that names the event type, where the body does not. Providers do not sign it.
    pub(crate) type_header: Option<String>,
    pub(crate) id: Vec<Slot>,
    pub(crate) timestamp: Vec<Slot>,
    /// The name of the members that count the attempts.
    pub(crate) attempt: Option<String>,
}

impl EventSlots {
    /// The event type, where there is one. The body comes before the header.
    pub(crate) fn event_type<'t>(
        &self,
        delivery: &Delivery<'_>,
        field: impl Fn(Slot) -> Option<Cow<'t, [u8]>>,
    ) -> Option<String> {
        let named = self.event_type.iter().filter_map(|&slot| field(slot)).find(|text| !text.is_empty());
        if let Some(named) = named {
            return Some(lossy(&named));
        }
        match delivery.header(self.type_header.as_deref()?) {
            // A comma joins what came twice.
            Found::Once(text) if !text.is_empty() && !text.as_bytes().contains(&b',') => {
                Some(text.to_owned())
            }
            _ => None,
        }
    }
}

/// An event's own words, whole: for comparing, never for showing.
#[derive(Debug, Default)]
pub(crate) struct Envelope {
    pub(crate) event_type: Option<String>,
    pub(crate) id: Option<Vec<u8>>,
    pub(crate) timestamp: Option<i64>,
}

impl Envelope {
    pub(crate) fn read(
        verified: &Verified<'_>,
        delivery: &Delivery<'_>,
        slots: &EventSlots,
        fields: &Fields<'_>,
    ) -> Self {
        let event_type = slots.event_type(delivery, |slot| match fields.get(slot)? {
            Field::String(text) => Some(Cow::Borrowed(text)),
            _ => None,
        });
        let id = slots.id.iter().find_map(|&slot| match fields.get(slot)? {
            Field::String(text) if !text.is_empty() => Some(text.to_vec()),
            Field::Number(text) => Some(text.to_vec()),
            _ => None,
        });
        let timestamp = || slots.timestamp.iter().find_map(|&slot| read_time(fields.get(slot)?));
        Self {
            event_type,
            id: verified.id().map(|id| id.as_bytes().to_vec()).or(id),
            timestamp: verified.timestamp().or_else(timestamp),
        }
    }

    pub(crate) fn shown(&self) -> Event {
        Event {
            event_type: self.event_type.as_ref().map(|text| show(text.as_bytes())),
            id: self.id.as_deref().map(show),
            timestamp: self.timestamp,
        }
    }
}

fn read_time(field: &Field<'_>) -> Option<i64> {
    match field {
        Field::String(text) => parse_date_time(text),
        Field::Number(text) if text.len() <= 12 => match text.strip_prefix(b"-") {
            Some(digits) => number(digits)?.checked_neg(),
            None => number(text),
        },
        // As seconds, the year would have five digits.
        Field::Number(text) if text.len() == 13 => number(text)?.checked_div(1000),
        _ => None,
    }
}

/// Percent-encodes everything outside `!` to `~`, and cuts what is too long between two characters.
pub(crate) fn show(text: &[u8]) -> String {
    let is_visible = |byte| matches!(byte, b'!'..=b'~');
    // Nearly all are like that.
    if let Ok(text) = std::str::from_utf8(text)
        && text.len() <= SHOWN_BYTES
        && text.bytes().all(is_visible)
    {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len().min(SHOWN_BYTES));
    for &byte in text {
        let visible = is_visible(byte);
        if shown.len().saturating_add(if visible { 1 } else { 3 }) > SHOWN_BYTES {
            break;
        }
        if visible {
            shown.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(shown, "%{byte:02X}");
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_whatever_unit() {
        let number = |text: &'static str| read_time(&Field::Number(text.as_bytes()));
        assert_eq!(number("1700000000"), Some(1_700_000_000));
        assert_eq!(number("1700000000999"), Some(1_700_000_000));
        assert_eq!(number("17000000009990"), None);
        assert_eq!(number("1700000000.99"), None);
        assert_eq!(number("1.70000000e12"), None);
        let text = |text: &'static str| read_time(&Field::String(text.as_bytes().into()));
        assert_eq!(text("2023-11-14T22:13:20Z"), Some(1_700_000_000));
        assert_eq!(text("1700000000"), None);
    }

    #[test]
    fn shows_only_visible_ascii_and_not_too_much() {
        assert_eq!(show(b"call.completed"), "call.completed");
        assert_eq!(show("a\r\nb é".as_bytes()), "a%0D%0Ab%20%C3%A9");
        assert_eq!(show(&[b'x'; 300]).len(), SHOWN_BYTES);
        assert_eq!(show(&["x".repeat(255).as_bytes(), b"\n"].concat()).len(), 255);
    }
}
