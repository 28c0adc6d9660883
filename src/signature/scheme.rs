use super::algorithm::{Algorithm, Hash};
use super::content::{Field, SignedContent};
use super::encoding::Encoding;
use super::grammar::HeaderGrammar;
use super::key::SecretFormat;
use super::timestamp::TimestampFormat;
use crate::pointer::{Paths, Slot};
use crate::provider::{Compressed, DeliveryFacts};
use crate::table::Table;

/// A signature scheme, compiled: everything the interpreter needs, checked for sense.
#[derive(Debug, Clone)]
pub(crate) struct Scheme {
    pub(crate) name: String,
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
    /// Reads a scheme of a definition. Errors begin with the JSON Pointer of the key.
    pub(crate) fn read(mut table: Table) -> Result<Self, String> {
        table.text("docs")?;
        let name = table.needed_text("name")?;
        let algorithm = table.word("algorithm", &Algorithm::WORDS)?;
        let algorithm = table.needed("algorithm", algorithm)?;
        let families = table.tables("headers")?.into_iter().map(HeaderFamily::read);
        let families = families.collect::<Result<Vec<_>, _>>()?;
        if families.is_empty() {
            return Err(table.error("headers", "there must be at least one family"));
        }
        let encoding = table.word("encoding", &Encoding::WORDS)?;
        let grammar = HeaderGrammar::read(&mut table)?;
        let compressed = table.word("compressed", &Compressed::WORDS)?;
        let delivery = table.table("delivery")?.map(DeliveryFacts::read).transpose()?;
        let mut scheme = Self {
            name,
            families,
            algorithm,
            grammar,
            encoding,
            content: SignedContent::parse("")?,
            secret: SecretFormat::Utf8,
            timestamp_format: TimestampFormat::Seconds,
            timestamp_in_body: None,
            tolerance_seconds: None,
            body_digest: None,
            url_unescape: String::new(),
            compressed,
            delivery,
        };
        if algorithm == Algorithm::Token {
            scheme.check_token(&table)?;
        } else {
            scheme.read_signing(&mut table)?;
        }
        table.end()?;
        Ok(scheme)
    }

    fn check_token(&self, table: &Table) -> Result<(), String> {
        if !matches!(self.grammar, HeaderGrammar::Single { prefix_optional: false, .. }) {
            return Err(table.error("grammar", "a static token stands alone"));
        }
        if self.encoding == Some(Encoding::Hex) {
            return Err(table.error("encoding", "a static token is written as it is or in base64"));
        }
        if self.families.iter().any(|family| family.id.is_some() || family.timestamp.is_some()) {
            return Err(table.error("headers", "a static token signs neither id nor timestamp"));
        }
        Ok(())
    }

    fn read_signing(&mut self, table: &mut Table) -> Result<(), String> {
        table.needed("encoding", self.encoding)?;
        self.secret = table.word("secret", &SecretFormat::WORDS)?.unwrap_or_default();
        if !self.secret.suits(self.algorithm) {
            return Err(table.error("secret", "this is no form of a key for the algorithm"));
        }
        let format = table.word("timestamp_format", &TimestampFormat::WORDS)?;
        self.timestamp_format = format.unwrap_or_default();
        self.body_digest = table.table("body_digest")?.map(BodyDigest::read).transpose()?;
        let template = table.needed_text("signed_content")?;
        self.content = SignedContent::parse(&template)
            .and_then(|content| {
                content.check(self.timestamp_format, self.body_digest.is_some()).map(|()| content)
            })
            .map_err(|reason| table.error("signed_content", &reason))?;
        self.url_unescape = table.text("url_unescape")?.unwrap_or_default();
        self.tolerance_seconds = table.number("tolerance_seconds")?;
        if let Some(pointer) = table.text("timestamp_pointer")? {
            let mut paths = Paths::new();
            let slot = paths.add(&pointer);
            let slot = slot.ok_or_else(|| table.error("timestamp_pointer", "this is no JSON Pointer"))?;
            self.timestamp_in_body = Some((paths, slot));
        }
        self.check_fields(table)
    }

    /// Whether what the template names is there, and what is there is named.
    fn check_fields(&self, table: &Table) -> Result<(), String> {
        let has = |field| self.content.has(field);
        let digest = matches!(self.algorithm, Algorithm::Digest(_));
        if has(Field::Secret) != digest {
            return Err(table.error("signed_content", "{secret} belongs into plain digests, and only there"));
        }
        if self.body_digest.is_some() && !has(Field::Url) {
            return Err(table.error("body_digest", "the URL that holds it is not signed"));
        }
        if !self.url_unescape.is_empty() && !has(Field::Url) {
            return Err(table.error("url_unescape", "the URL is not signed"));
        }
        for family in &self.families {
            if family.id.is_some() != has(Field::Id) {
                return Err(table.error("headers", "an id header is needed exactly where {id} is signed"));
            }
            let places = usize::from(family.timestamp.is_some()) + usize::from(self.grammar.has_timestamp());
            if places != usize::from(has(Field::Timestamp)) {
                let reason = "one place for the timestamp is needed exactly where {timestamp} is signed";
                return Err(table.error("headers", reason));
            }
        }
        let signs_time = has(Field::Timestamp);
        if signs_time && self.timestamp_in_body.is_some() {
            return Err(table.error("timestamp_pointer", "there is a time in the headers already"));
        }
        if (signs_time || self.timestamp_in_body.is_some()) != self.tolerance_seconds.is_some() {
            return Err(table.error("tolerance_seconds", "needed exactly where a timestamp is signed"));
        }
        Ok(())
    }

    /// The headers in which the secret itself travels.
    pub(crate) fn token_headers(&self) -> impl Iterator<Item = &str> {
        let shown = self.algorithm == Algorithm::Token;
        self.families.iter().filter(move |_| shown).map(|family| family.signature.as_str())
    }

    pub(crate) fn signs_url(&self) -> bool {
        self.content.has(Field::Url)
    }

    /// All headers that can change a verdict.
    pub(crate) fn headers(&self) -> impl Iterator<Item = &str> {
        let families = self.families.iter().flat_map(|family| {
            [Some(&family.signature), family.id.as_ref(), family.timestamp.as_ref()].into_iter().flatten()
        });
        families.map(String::as_str).chain(self.content.headers())
    }
}

impl HeaderFamily {
    fn read(mut table: Table) -> Result<Self, String> {
        let signature = table.needed_text("signature")?;
        let [id, timestamp] = [table.text("id")?, table.text("timestamp")?];
        table.end()?;
        Ok(Self { signature, id, timestamp })
    }
}

impl BodyDigest {
    fn read(mut table: Table) -> Result<Self, String> {
        let hash = table.word("hash", &Hash::WORDS)?.unwrap_or(Hash::Sha256);
        let encoding = table.word("encoding", &Encoding::WORDS)?.unwrap_or(Encoding::Hex);
        let query = table.needed_text("query")?;
        table.end()?;
        Ok(Self { query, hash, encoding })
    }
}
