use super::algorithm::{Algorithm, Hash};
use super::content::{Field, SignedContent};
use super::encoding::Encoding;
use super::grammar::HeaderGrammar;
use super::key::SecretFormat;
use super::timestamp::TimestampFormat;
use crate::pointer::{Paths, Slot};
use crate::provider::{Compressed, DeliveryFacts};
use crate::reader::Reader;

/// A signature scheme, compiled: everything the interpreter needs, checked for sense.
#[derive(Debug, Clone)]
pub(crate) struct Scheme {
    pub(crate) name: String,
    /// Whether it is the one that is meant where none is named.
    pub(crate) preferred: bool,
    /// At least one. The first whose signature header is present is judged; families never mix.
    pub(crate) families: Vec<HeaderFamily>,
    pub(crate) algorithm: Algorithm,
    pub(crate) grammar: HeaderGrammar,
    /// How signatures are written. A token is written as it is where there is none.
    pub(crate) encoding: Option<Encoding>,
    pub(crate) content: SignedContent,
    pub(crate) secret: SecretFormat,
    pub(crate) timestamp_format: TimestampFormat,
    /// Where the signed time is, if it is in the body.
    pub(crate) timestamp_in_body: Option<(Paths, Slot)>,
    /// Seconds, both ways. `None` where no time is signed.
    pub(crate) tolerance_seconds: Option<u32>,
    /// Where the digest of the body is, if that is signed in its stead.
    pub(crate) body_digest: Option<BodyDigest>,
    /// The characters whose percent-encoding is undone before the URL is signed.
    pub(crate) url_unescape: String,
    /// Which bytes of a compressed body are signed.
    pub(crate) compressed: Option<Compressed>,
    /// Facts that differ from the provider's own.
    pub(crate) delivery: Option<DeliveryFacts>,
}

/// The names of the headers that belong together.
#[derive(Debug, Clone)]
pub(crate) struct HeaderFamily {
    pub(crate) signature: String,
    pub(crate) id: Option<String>,
    pub(crate) timestamp: Option<String>,
}

/// A digest of the body that travels in a signed place.
#[derive(Debug, Clone)]
pub(crate) struct BodyDigest {
    /// The parameter of the URL's query.
    pub(crate) query: String,
    pub(crate) hash: Hash,
    pub(crate) encoding: Encoding,
}

impl Scheme {
    /// Reads a scheme of a definition.
    pub(crate) fn read(reader: &mut Reader) -> Self {
        reader.text("docs");
        let algorithm = reader.word("algorithm", &Algorithm::WORDS);
        reader.check(algorithm.is_some(), "algorithm", "this key is needed");
        let mut families = Vec::new();
        reader.each("headers", &mut |family| families.push(HeaderFamily::read(family)));
        let mut delivery = None;
        reader.within("delivery", &mut |facts| delivery = Some(DeliveryFacts::read(facts)));
        let mut scheme = Self {
            name: reader.needed_text("name"),
            preferred: reader.flag("preferred"),
            families,
            algorithm: algorithm.unwrap_or(Algorithm::Token),
            encoding: reader.word("encoding", &Encoding::WORDS),
            grammar: HeaderGrammar::read(reader),
            compressed: reader.word("compressed", &Compressed::WORDS),
            delivery,
            content: SignedContent::default(),
            secret: SecretFormat::Utf8,
            timestamp_format: TimestampFormat::Seconds,
            timestamp_in_body: None,
            tolerance_seconds: None,
            body_digest: None,
            url_unescape: String::new(),
        };
        reader.check(!scheme.families.is_empty(), "headers", "there must be at least one family");
        if scheme.algorithm == Algorithm::Token {
            scheme.check_token(reader);
        } else {
            scheme.read_signing(reader);
        }
        scheme
    }

    fn check_token(&self, reader: &mut Reader) {
        let alone = matches!(self.grammar, HeaderGrammar::Single { prefix_optional: false, .. });
        reader.check(alone, "grammar", "a static token stands alone");
        let written = self.encoding != Some(Encoding::Hex);
        reader.check(written, "encoding", "a static token is plain or in base64");
        let bare = self.families.iter().all(|family| family.id.is_none() && family.timestamp.is_none());
        reader.check(bare, "headers", "a static token signs neither id nor timestamp");
    }

    fn read_signing(&mut self, reader: &mut Reader) {
        reader.check(self.encoding.is_some(), "encoding", "this key is needed");
        self.secret = reader.word("secret", &SecretFormat::WORDS).unwrap_or_default();
        reader.check(
            self.secret.suits(self.algorithm),
            "secret",
            "this is no form of a key for the algorithm",
        );
        let format = reader.word("timestamp_format", &TimestampFormat::WORDS);
        self.timestamp_format = format.unwrap_or_default();
        reader.within("body_digest", &mut |digest| self.body_digest = Some(BodyDigest::read(digest)));
        let content = SignedContent::parse(&reader.needed_text("signed_content")).and_then(|content| {
            content.check(self.timestamp_format, self.body_digest.is_some()).map(|()| content)
        });
        match content {
            Ok(content) => self.content = content,
            Err(reason) => return reader.refuse("signed_content", &reason),
        }
        self.url_unescape = reader.text("url_unescape").unwrap_or_default();
        self.tolerance_seconds = reader.number("tolerance_seconds");
        if let Some(pointer) = reader.text("timestamp_pointer") {
            let mut paths = Paths::new();
            self.timestamp_in_body = paths.add(&pointer).map(|slot| (paths, slot));
            reader.check(self.timestamp_in_body.is_some(), "timestamp_pointer", "this is no JSON Pointer");
        }
        self.check_fields(reader);
    }

    /// Whether what the template names is there, and what is there is named.
    fn check_fields(&self, reader: &mut Reader) {
        let has = |field| self.content.has(field);
        let digest = matches!(self.algorithm, Algorithm::Digest(_));
        let reason = "{secret} belongs into plain digests, and only there";
        reader.check(has(Field::Secret) == digest, "signed_content", reason);
        let url = has(Field::Url);
        reader.check(url || self.body_digest.is_none(), "body_digest", "the URL that holds it is not signed");
        reader.check(url || self.url_unescape.is_empty(), "url_unescape", "the URL is not signed");
        for family in &self.families {
            let reason = "an id header is needed exactly where {id} is signed";
            reader.check(family.id.is_some() == has(Field::Id), "headers", reason);
            let in_header = family.timestamp.is_some();
            let placed = if has(Field::Timestamp) {
                in_header != self.grammar.has_timestamp()
            } else {
                !in_header && !self.grammar.has_timestamp()
            };
            let reason = "one place for the time is needed exactly where {timestamp} is signed";
            reader.check(placed, "headers", reason);
        }
        let [signed, within] = [has(Field::Timestamp), self.timestamp_in_body.is_some()];
        reader.check(!(signed && within), "timestamp_pointer", "there is a time in the headers already");
        let reason = "needed exactly where a timestamp is signed";
        reader.check((signed || within) == self.tolerance_seconds.is_some(), "tolerance_seconds", reason);
    }

    pub(crate) fn signs_url(&self) -> bool {
        self.content.has(Field::Url)
    }

    /// All headers that can change a verdict.
    pub(crate) fn each_header<'s>(&'s self, found: &mut dyn FnMut(&'s str)) {
        for family in &self.families {
            found(&family.signature);
            for name in [&family.id, &family.timestamp] {
                name.as_deref().into_iter().for_each(&mut *found);
            }
        }
        self.content.headers().for_each(found);
    }
}

impl HeaderFamily {
    fn read(reader: &mut Reader) -> Self {
        Self {
            signature: reader.needed_text("signature"),
            id: reader.text("id"),
            timestamp: reader.text("timestamp"),
        }
    }
}

impl BodyDigest {
    fn read(reader: &mut Reader) -> Self {
        Self {
            hash: reader.word("hash", &Hash::WORDS).unwrap_or(Hash::Sha256),
            encoding: reader.word("encoding", &Encoding::WORDS).unwrap_or(Encoding::Hex),
            query: reader.needed_text("query"),
        }
    }
}
