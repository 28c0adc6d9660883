use std::borrow::Cow;
use std::fmt;

use subtle::{Choice, ConstantTimeEq};

use super::algorithm::{Algorithm, Hash};
use super::canonical::canonicalize;
use super::content::{Field, Values};
use super::encoding::Encoding;
use super::key::Key;
use super::scheme::Scheme;
use super::timestamp::check_tolerance;
use crate::code::{Code, Rejection};
use crate::delivery::{Delivery, Found};
use crate::digits::hex;
use crate::form;
use crate::host::Host;
use crate::pointer;
use crate::public_key::{PublicKeyAlgorithm, PublicKeyCheck};

/// Proof that a delivery was signed with one of the secrets. Only the signature stage makes it, and
/// every stage that reads the payload asks for it, so none can come first by mistake.
pub(crate) struct Verified<'d> {
    body: &'d [u8],
    signed_body: Option<Cow<'d, [u8]>>,
    url: Option<Cow<'d, str>>,
    id: Option<&'d str>,
    timestamp: Option<i64>,
    secret: usize,
}

impl<'d> Verified<'d> {
    /// The raw body.
    pub(crate) fn body(&self) -> &'d [u8] {
        self.body
    }

    /// The bytes of the body that the signature covers: canonical where the scheme signs the canonical
    /// form, the raw body otherwise. A static token covers nothing, and vouches for the raw body.
    pub(crate) fn signed_body(&self) -> &[u8] {
        self.signed_body.as_deref().unwrap_or(self.body)
    }

    /// The URL, where the signature covers it.
    pub(crate) fn url(&self) -> Option<&str> {
        self.url.as_deref()
    }

    /// The signed event id, where it is in a header.
    pub(crate) fn id(&self) -> Option<&'d str> {
        self.id
    }

    /// The signed time of the attempt, in Unix seconds.
    pub(crate) fn timestamp(&self) -> Option<i64> {
        self.timestamp
    }

    /// Which of the secrets it was, counted from 0.
    pub(crate) fn secret(&self) -> usize {
        self.secret
    }
}

impl fmt::Debug for Verified<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified").field("secret", &self.secret).finish_non_exhaustive()
    }
}

/// What the signature stage judges by.
pub(crate) struct Judge<'a> {
    pub(crate) scheme: &'a Scheme,
    pub(crate) keys: &'a [Key],
    pub(crate) tolerance_seconds: Option<u32>,
    pub(crate) now: i64,
}

impl Judge<'_> {
    /// Judges signature and time, in this order: what must be known of the source, the signature header,
    /// the id header, the timestamp, the signed headers, what is made of the body, the signature, the
    /// tolerance. A time within the body is read last, since only then the body may be.
    #[inline(never)]
    pub(crate) fn authenticate<'d>(
        &self,
        delivery: &Delivery<'d>,
        host: &mut dyn Host,
    ) -> Result<Verified<'d>, Rejection> {
        let Self { scheme, keys, .. } = *self;
        let (method, url) = scheme.request(delivery)?;
        let present = |name: &str| delivery.header(name) != Found::Absent;
        let family =
            scheme.families.iter().find(|family| present(&family.signature)).ok_or(Code::SignatureMissing)?;
        let header = match delivery.header(&family.signature) {
            Found::Once("") | Found::Repeated => return Err(Code::SignatureMalformed.into()),
            Found::Once(value) => value,
            Found::Absent => return Err(Code::SignatureMissing.into()),
        };
        let (Some(encoding), false) = (scheme.encoding, scheme.algorithm == Algorithm::Token) else {
            return judge_token(keys, delivery, header);
        };
        let claimed = scheme.grammar.parse(header, encoding, scheme.algorithm.lengths())?;
        let id = family.id.as_deref().map(|name| read_text(delivery, name, Code::IdMissing)).transpose()?;
        // An id that does not end is malformed before anything is said of the time.
        let in_doubt = |headers: &[&str]| !scheme.content.delimits(id.unwrap_or_default(), headers);
        if in_doubt(&[]) {
            return Err(Code::SignatureMalformed.into());
        }
        let timestamp_text = match &family.timestamp {
            Some(name) => Some(read_timestamp(delivery, name)?),
            None => claimed.timestamp,
        };
        let timestamp = match timestamp_text {
            Some(text) => Some(scheme.timestamp_format.parse(text, scheme.content.abuts_timestamp())?),
            None if scheme.content.has(Field::Timestamp) => return Err(Code::TimestampMissing.into()),
            None => None,
        };
        let headers = scheme.content.headers();
        let headers = headers.map(|name| read_text(delivery, name, Code::SignatureMalformed));
        let headers = headers.collect::<Result<Vec<_>, _>>()?;
        if in_doubt(&headers) {
            return Err(Code::SignatureMalformed.into());
        }
        let signed_body = scheme.signed_body(delivery.body)?;
        let digest_fits = scheme.judge_body_digest(&url, delivery.body)?;
        let values = Values {
            id: id.unwrap_or_default(),
            timestamp: timestamp_text.unwrap_or_default(),
            body: &signed_body,
            method,
            url: &url,
            headers: &headers,
        };
        let secret = self.matching_key(&values, &claimed.signatures, host)?;
        let secret = secret.filter(|_| digest_fits).ok_or(Code::SignatureMismatch)?;
        let timestamp = match &scheme.timestamp_in_body {
            Some((paths, slot)) => {
                let (fields, _) = paths.read(delivery.body).map_err(|_| Code::TimestampMissing)?;
                let text = fields.get(*slot).and_then(pointer::Field::text).ok_or(Code::TimestampMissing)?;
                Some(scheme.timestamp_format.parse(&text, false)?)
            }
            None => timestamp,
        };
        if let (Some(timestamp), Some(tolerance)) = (timestamp, self.tolerance_seconds) {
            check_tolerance(timestamp, self.now, tolerance)?;
        }
        let url = scheme.signs_url().then_some(url);
        Ok(Verified { body: delivery.body, signed_body: Some(signed_body), url, id, timestamp, secret })
    }

    /// The first key whose signature is among those claimed. Each comparison takes constant time, and all
    /// of a key's are made.
    fn matching_key(
        &self,
        values: &Values<'_>,
        claimed: &[Vec<u8>],
        host: &mut dyn Host,
    ) -> Result<Option<usize>, Rejection> {
        if claimed.is_empty() {
            return Ok(None);
        }
        let mut unanswered = None;
        let mut matches = |key: &Key| {
            let parts = self.scheme.content.fill(values, key.bytes());
            let own = match self.scheme.algorithm {
                Algorithm::Digest(hash) => hash.digest_by(host, &parts),
                Algorithm::PublicKey(algorithm) => {
                    return claimed.iter().any(|signature| {
                        let key = key.bytes();
                        let check = PublicKeyCheck { algorithm, key, message: &parts, signature };
                        host.verify(&check).unwrap_or_else(|| {
                            unanswered = Some(algorithm);
                            false
                        })
                    });
                }
                Algorithm::Hmac(_) | Algorithm::Token => key.mac_by(host, &parts).unwrap_or_default(),
            };
            let equal = |found, other: &Vec<u8>| found | own.as_slice().ct_eq(other.as_slice());
            claimed.iter().fold(Choice::from(0), equal).into()
        };
        match (self.keys.iter().position(&mut matches), unanswered) {
            (None, Some(algorithm)) => Err(unanswered_by(algorithm)),
            (found, _) => Ok(found),
        }
    }
}

impl Scheme {
    /// The method and URL that are signed; empty where they are not.
    fn request<'d>(&self, delivery: &Delivery<'d>) -> Result<(&'d str, Cow<'d, str>), Rejection> {
        let misconfigured = |what: &str| {
            let detail = format!("the scheme signs the {what} of the delivery, which was not given");
            Rejection::with_detail(Code::SourceMisconfigured, detail)
        };
        let method = if self.content.has(Field::Method) {
            delivery.method.ok_or_else(|| misconfigured("method"))?
        } else {
            ""
        };
        if !self.content.has(Field::Url) {
            return Ok((method, Cow::Borrowed("")));
        }
        let url = delivery.url.ok_or_else(|| misconfigured("URL"))?;
        // What no URL holds as it is could be the beginning of the body.
        let plain =
            |byte| matches!(byte, b'!'..=b'~' if !matches!(byte, b'"' | b'{' | b'}' | b'<' | b'>' | b'\\'));
        if !url.bytes().all(plain) {
            return Err(Code::SignatureMalformed.into());
        }
        Ok((method, self.unescape(url)))
    }

    pub(crate) fn unescape<'u>(&self, url: &'u str) -> Cow<'u, str> {
        if self.url_unescape.is_empty() {
            return Cow::Borrowed(url);
        }
        let mut pieces = url.split('%');
        let mut unescaped = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let byte = hex(piece.as_bytes()).map(char::from);
            match (byte.filter(|byte| self.url_unescape.chars().any(|other| other == *byte)), piece.get(2..))
            {
                (Some(character), Some(rest)) => {
                    unescaped.push(character);
                    unescaped.push_str(rest);
                }
                _ => unescaped.extend(["%", piece]),
            }
        }
        Cow::Owned(unescaped)
    }

    /// What is signed of the body.
    pub(crate) fn signed_body<'d>(&self, body: &'d [u8]) -> Result<Cow<'d, [u8]>, Rejection> {
        let has = |field| self.content.has(field);
        Ok(if has(Field::CanonicalBody) {
            Cow::Owned(canonicalize(body)?)
        } else if has(Field::Form) {
            Cow::Owned(form::sorted(body))
        } else if has(Field::BodySha256) {
            Cow::Owned(Encoding::Hex.encode(&Hash::Sha256.digest(&[body])).into_bytes())
        } else {
            Cow::Borrowed(body)
        })
    }

    /// Whether a signed digest of the body is the body's. True where there is none in the scheme.
    fn judge_body_digest(&self, url: &str, body: &[u8]) -> Result<bool, Code> {
        let Some(digest) = &self.body_digest else { return Ok(true) };
        let (_, query) = url.split_once('?').ok_or(Code::SignatureMalformed)?;
        let mut values = form::pairs(query.as_bytes())
            .filter(|(name, _)| name == digest.query.as_bytes())
            .map(|pair| pair.1);
        let (Some(claimed), None) = (values.next(), values.next()) else {
            return Err(Code::SignatureMalformed);
        };
        let claimed = String::from_utf8(claimed).map_err(|_| Code::SignatureMalformed)?;
        let length = digest.hash.length();
        let claimed = digest.encoding.decode(&claimed, (length, length));
        Ok(claimed.ok_or(Code::SignatureMalformed)? == digest.hash.digest(&[body]))
    }
}

fn unanswered_by(algorithm: PublicKeyAlgorithm) -> Rejection {
    let detail = format!("nothing here can check signatures by {}", algorithm.as_str());
    Rejection::with_detail(Code::SourceMisconfigured, detail)
}

fn judge_token<'d>(keys: &[Key], delivery: &Delivery<'d>, received: &str) -> Result<Verified<'d>, Rejection> {
    if received.as_bytes().contains(&b',') {
        return Err(Code::SignatureMalformed.into());
    }
    let secret = keys.iter().position(|key| key.is_token(received).into()).ok_or(Code::SignatureMismatch)?;
    Ok(Verified { body: delivery.body, signed_body: None, url: None, id: None, timestamp: None, secret })
}

/// An id or header that is signed as text must have one meaning: visible ASCII, no comma (a header that
/// came twice has one).
fn read_text<'d>(delivery: &Delivery<'d>, name: &str, missing: Code) -> Result<&'d str, Code> {
    match delivery.header(name) {
        Found::Absent => Err(missing),
        Found::Once(id)
            if !id.is_empty() && id.bytes().all(|byte| matches!(byte, b'!'..=b'~' if byte != b',')) =>
        {
            Ok(id)
        }
        Found::Once(_) | Found::Repeated => Err(Code::SignatureMalformed),
    }
}

fn read_timestamp<'d>(delivery: &Delivery<'d>, name: &str) -> Result<&'d str, Code> {
    match delivery.header(name) {
        Found::Absent => Err(Code::TimestampMissing),
        Found::Once(text) => Ok(text),
        Found::Repeated => Err(Code::TimestampMalformed),
    }
}
