//! Requests by which a provider asks whether an endpoint is there, and what they are answered.

use crate::delivery::{Delivery, Found};
use crate::form;
use crate::pointer::{Field, Paths};
use crate::signature::{Encoding, Key};
use crate::table::Table;

/// The longest challenge that is answered, in bytes.
const LONGEST: usize = 1024;

/// The answer that a provider's handshake wants. It is to be sent as it is, instead of handling an event.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct Handshake {
    /// The HTTP status.
    pub status: u32,
    /// The media type of the body.
    pub content_type: String,
    /// The body. What of it comes from the request is of letters, digits and `-._~+/=` only.
    pub body: String,
}

/// A handshake of a definition.
#[derive(Debug, Clone)]
pub(crate) struct HandshakeRule {
    method: String,
    /// Whether the provider sends it without a signature.
    pub(crate) unsigned: bool,
    /// What must be where.
    when: Vec<(Place, String)>,
    challenge: Option<Place>,
    /// Where the token is that the person has chosen.
    token: Option<Place>,
    status: u32,
    content_type: String,
    reply: String,
}

/// Where something is in a request.
#[derive(Debug, Clone)]
enum Place {
    Query(String),
    Header(String),
    /// A JSON Pointer into the body.
    Body(String),
}

impl Place {
    /// `?name` is a parameter of the query, `/name` a JSON Pointer, and everything else a header.
    fn parse(text: &str) -> Self {
        match text.strip_prefix('?') {
            Some(name) => Self::Query(name.to_owned()),
            None if text.starts_with('/') => Self::Body(text.to_owned()),
            None => Self::Header(text.to_owned()),
        }
    }

    fn get(&self, delivery: &Delivery<'_>, payload: &[u8]) -> Option<String> {
        match self {
            Self::Query(name) => {
                let (_, query) = delivery.url?.split_once('?')?;
                let mut values = form::pairs(query.as_bytes()).filter(|pair| pair.0 == name.as_bytes());
                let value = String::from_utf8(values.next()?.1).ok()?;
                values.next().is_none().then_some(value)
            }
            Self::Header(name) => match delivery.header(name) {
                Found::Once(value) => Some(value.to_owned()),
                Found::Absent | Found::Repeated => None,
            },
            Self::Body(pointer) => {
                let mut paths = Paths::new();
                let slot = paths.add(pointer)?;
                let (fields, _) = paths.read(payload).ok()?;
                fields.get(slot).and_then(Field::text).map(|text| text.into_owned())
            }
        }
    }
}

impl HandshakeRule {
    pub(crate) fn read(mut table: Table) -> Result<Self, String> {
        let mut when = Vec::new();
        if let Some(mut table) = table.table("when")? {
            while let Some((place, value)) = table.next_text() {
                when.push((Place::parse(&place), value?));
            }
        }
        let challenge = table.text("challenge")?.map(|place| Place::parse(&place));
        let token = table.text("token")?.map(|place| Place::parse(&place));
        let rule = Self {
            method: table.text("method")?.unwrap_or_else(|| "POST".to_owned()),
            unsigned: table.flag("unsigned")?.unwrap_or_default(),
            status: table.number("status")?.unwrap_or(200),
            content_type: table.text("content_type")?.unwrap_or_else(|| "text/plain".to_owned()),
            reply: table.text("reply")?.unwrap_or_default(),
            when,
            challenge,
            token,
        };
        if rule.when.is_empty() && rule.challenge.is_none() {
            return Err(table.error("when", "something must tell a handshake from an event"));
        }
        let places = rule.when.iter().map(|(place, _)| place).chain(&rule.challenge).chain(&rule.token);
        if rule.unsigned && places.into_iter().any(|place| matches!(place, Place::Body(_))) {
            return Err(table.error("unsigned", "nothing in a body is read before it is authenticated"));
        }
        if rule.reply.contains("{challenge}") | rule.signs() && rule.challenge.is_none() {
            return Err(table.error("challenge", "the reply has a place for it"));
        }
        if !matches!(rule.content_type.as_str(), "text/plain" | "application/json") {
            return Err(table.error("content_type", "expected one of text/plain, application/json"));
        }
        if !(200..300).contains(&rule.status) {
            return Err(table.error("status", "it must be from 200 to 299"));
        }
        table.end()?;
        Ok(rule)
    }

    /// Whether the reply holds a MAC of the challenge.
    pub(crate) fn signs(&self) -> bool {
        self.reply.contains("{mac:")
    }

    pub(crate) fn method(&self) -> &str {
        &self.method
    }

    /// The headers that it reads.
    pub(crate) fn headers(&self) -> impl Iterator<Item = &str> {
        let places = self.when.iter().map(|(place, _)| place).chain(&self.challenge).chain(&self.token);
        places.filter_map(|place| match place {
            Place::Header(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// The answer, if this request is the handshake. `token` judges the token that the person has chosen.
    pub(crate) fn answer(
        &self,
        delivery: &Delivery<'_>,
        payload: &[u8],
        key: Option<&Key>,
        token: impl Fn(&str) -> bool,
    ) -> Option<Handshake> {
        let get = |place: &Place| place.get(delivery, payload);
        if delivery.method.unwrap_or("POST") != self.method
            || !self.when.iter().all(|(place, value)| get(place).as_ref() == Some(value))
            || !self.token.as_ref().is_none_or(|place| get(place).is_some_and(|given| token(&given)))
        {
            return None;
        }
        let mut body = self.reply.clone();
        if let Some(place) = &self.challenge {
            let challenge = get(place)?;
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
            if !(1..=LONGEST).contains(&challenge.len()) || !challenge.bytes().all(plain) {
                return None;
            }
            if self.signs() {
                let mac = key?.mac(&[challenge.as_bytes()])?;
                for (place, encoding) in [("{mac:hex}", Encoding::Hex), ("{mac:base64}", Encoding::Base64)] {
                    body = body.replace(place, &encoding.encode(&mac));
                }
            }
            body = body.replace("{challenge}", &challenge);
        }
        Some(Handshake { status: self.status, content_type: self.content_type.clone(), body })
    }
}
