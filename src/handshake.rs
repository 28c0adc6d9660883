//! Requests by which a provider asks whether an endpoint is there, and what they are answered.

use std::borrow::Cow;

use crate::delivery::{Delivery, Found};
use crate::form;
use crate::pointer::{Field, Paths};
use crate::reader::Reader;
use crate::signature::{Encoding, Key};

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
    reply: Reply,
}

/// The body of a reply: pieces of text, and what follows each.
#[derive(Debug, Clone)]
struct Reply(Vec<(String, Part)>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Nothing,
    Challenge,
    Mac(Encoding),
}

impl Reply {
    /// A brace that begins no place is text, since most replies are JSON.
    fn parse(text: &str) -> Self {
        const PLACES: [(&str, Part); 3] = [
            ("challenge}", Part::Challenge),
            ("mac:hex}", Part::Mac(Encoding::Hex)),
            ("mac:base64}", Part::Mac(Encoding::Base64)),
        ];
        let mut parts = Vec::new();
        let mut literal = String::new();
        for (at, piece) in text.split('{').enumerate() {
            let mut rest = piece;
            if at > 0 {
                let place = PLACES.iter().find_map(|(name, part)| Some((*part, piece.strip_prefix(name)?)));
                match place {
                    Some((part, after)) => {
                        parts.push((std::mem::take(&mut literal), part));
                        rest = after;
                    }
                    None => literal.push('{'),
                }
            }
            literal.push_str(rest);
        }
        parts.push((literal, Part::Nothing));
        Self(parts)
    }
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
                fields.get(slot).and_then(Field::text).map(Cow::into_owned)
            }
        }
    }
}

impl HandshakeRule {
    pub(crate) fn read(reader: &mut Reader) -> Self {
        let mut when = Vec::new();
        reader.within("when", &mut |places| {
            while let Some((place, value)) = places.next_text() {
                when.push((Place::parse(&place), value));
            }
        });
        let mut place = |key| reader.text(key).map(|place| Place::parse(&place));
        let [challenge, token] = ["challenge", "token"].map(&mut place);
        let rule = Self {
            method: reader.text("method").unwrap_or_else(|| "POST".to_owned()),
            unsigned: reader.flag("unsigned"),
            status: reader.number("status").unwrap_or(200),
            content_type: reader.text("content_type").unwrap_or_else(|| "text/plain".to_owned()),
            reply: Reply::parse(&reader.text("reply").unwrap_or_default()),
            when,
            challenge,
            token,
        };
        let told = !rule.when.is_empty() || rule.challenge.is_some();
        reader.check(told, "when", "something must tell a handshake from an event");
        let mut reads = false;
        rule.each_place(&mut |place| reads |= matches!(place, Place::Body(_)));
        reader.check(
            !(rule.unsigned && reads),
            "unsigned",
            "nothing in a body is read before it is authenticated",
        );
        let filled = rule.challenge.is_some() || rule.reply.0.iter().all(|(_, part)| *part == Part::Nothing);
        reader.check(filled, "challenge", "the reply has a place for it");
        let plain = matches!(rule.content_type.as_str(), "text/plain" | "application/json");
        reader.check(plain, "content_type", "expected one of text/plain, application/json");
        reader.check((200..300).contains(&rule.status), "status", "it must be from 200 to 299");
        rule
    }

    fn each_place<'r>(&'r self, found: &mut dyn FnMut(&'r Place)) {
        self.when.iter().for_each(|(place, _)| found(place));
        [&self.challenge, &self.token].into_iter().flatten().for_each(found);
    }

    /// Whether the reply holds a MAC of the challenge.
    pub(crate) fn signs(&self) -> bool {
        self.reply.0.iter().any(|(_, part)| matches!(part, Part::Mac(_)))
    }

    pub(crate) fn method(&self) -> &str {
        &self.method
    }

    /// The headers that it reads.
    pub(crate) fn each_header<'r>(&'r self, found: &mut dyn FnMut(&'r str)) {
        self.each_place(&mut |place| {
            if let Place::Header(name) = place {
                found(name);
            }
        });
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
        let mut body = String::new();
        let challenge = match &self.challenge {
            Some(place) => get(place).filter(|challenge| is_plain(challenge))?,
            None => String::new(),
        };
        for (literal, part) in &self.reply.0 {
            body.push_str(literal);
            match part {
                Part::Nothing => {}
                Part::Challenge => body.push_str(&challenge),
                Part::Mac(encoding) => body.push_str(&encoding.encode(&key?.mac(&[challenge.as_bytes()])?)),
            }
        }
        Some(Handshake { status: self.status, content_type: self.content_type.clone(), body })
    }
}

/// Nothing that could become markup, or end a string of JSON.
fn is_plain(challenge: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
    (1..=LONGEST).contains(&challenge.len()) && challenge.bytes().all(plain)
}
