use super::content::{Field, SignedContent};
use super::grammar::HeaderGrammar;
use super::key::{Key, Secret};
use crate::misuse::Misuse;
use crate::provider::{
    Algorithm, DeliveryFacts, Encoding, Grammar, HeaderFamily, SchemeDefinition, SecretFormat,
};

/// A signature scheme, compiled: everything the interpreter needs, checked for sense.
#[derive(Debug, Clone)]
pub(crate) struct Scheme {
    pub(crate) name: String,
    /// At least one. The first whose signature header is present is judged; families never mix.
    pub(crate) families: Vec<HeaderFamily>,
    pub(crate) proof: Proof,
    /// Seconds, both ways. `None` where no time is signed.
    pub(crate) tolerance_seconds: Option<u32>,
    /// Facts that differ from the provider's own.
    pub(crate) delivery: Option<DeliveryFacts>,
}

/// How the sender proves that it knows the secret.
#[derive(Debug, Clone)]
pub(crate) enum Proof {
    /// It signs.
    Hmac(HmacProof),
    /// It shows it.
    Token,
}

#[derive(Debug, Clone)]
pub(crate) struct HmacProof {
    pub(crate) grammar: HeaderGrammar,
    pub(crate) encoding: Encoding,
    pub(crate) content: SignedContent,
    pub(crate) secret: SecretFormat,
}

impl Scheme {
    pub(crate) fn compile(definition: SchemeDefinition) -> Result<Self, Misuse> {
        let name = definition.name.clone();
        compile(definition).map_err(|reason| Misuse::DefinitionInvalid(format!("scheme `{name}`: {reason}")))
    }

    /// The headers in which the secret itself travels.
    pub(crate) fn token_headers(&self) -> impl Iterator<Item = &str> {
        let shown = matches!(self.proof, Proof::Token);
        self.families.iter().filter(move |_| shown).map(|family| family.signature.as_str())
    }

    pub(crate) fn key(&self, secret: &Secret) -> Result<Key, Misuse> {
        match &self.proof {
            Proof::Hmac(hmac) => Key::hmac(secret, hmac.secret),
            Proof::Token => Key::token(secret),
        }
    }
}

fn compile(definition: SchemeDefinition) -> Result<Scheme, String> {
    if definition.headers.is_empty() {
        return Err("headers: there must be at least one family".into());
    }
    let proof = match definition.algorithm {
        Algorithm::HmacSha256 => Proof::Hmac(compile_hmac(&definition)?),
        Algorithm::StaticToken => compile_token(&definition)?,
    };
    let signs_time = matches!(&proof, Proof::Hmac(hmac) if hmac.content.has(Field::Timestamp));
    if signs_time != definition.tolerance_seconds.is_some() {
        return Err("tolerance_seconds: needed exactly where a timestamp is signed".into());
    }
    Ok(Scheme {
        name: definition.name,
        families: definition.headers,
        proof,
        tolerance_seconds: definition.tolerance_seconds,
        delivery: definition.delivery,
    })
}

fn compile_hmac(definition: &SchemeDefinition) -> Result<HmacProof, String> {
    let needed = |key: &str| format!("{key}: needed for this algorithm");
    let template = definition.signed_content.as_deref().ok_or_else(|| needed("signed_content"))?;
    let content = SignedContent::parse(template)?;
    let grammar = compile_grammar(definition)?;
    let time_in_list = matches!(&grammar, HeaderGrammar::Pairs { timestamp_label: Some(_), .. });
    for family in &definition.headers {
        if family.id.is_some() != content.has(Field::Id) {
            return Err("headers: an id header is needed exactly where {id} is signed".into());
        }
        if (family.timestamp.is_some() || time_in_list) != content.has(Field::Timestamp)
            || family.timestamp.is_some() && time_in_list
        {
            return Err(
                "headers: one place for the timestamp is needed exactly where {timestamp} is signed".into()
            );
        }
    }
    Ok(HmacProof {
        grammar,
        encoding: definition.encoding.ok_or_else(|| needed("encoding"))?,
        content,
        secret: definition.secret.ok_or_else(|| needed("secret"))?,
    })
}

fn compile_grammar(definition: &SchemeDefinition) -> Result<HeaderGrammar, String> {
    let single = definition.grammar == Grammar::Single;
    let pairs = definition.grammar == Grammar::Pairs;
    if !single && (definition.prefix.is_some() || definition.prefix_optional) {
        return Err("prefix: only for grammar `single`".into());
    }
    if single && definition.label.is_some() || !pairs && definition.timestamp_label.is_some() {
        return Err("label, timestamp_label: not for this grammar".into());
    }
    if definition.prefix_optional && definition.prefix.is_none() {
        return Err("prefix_optional: there is no prefix".into());
    }
    let label = || definition.label.clone().ok_or("label: needed for this grammar");
    Ok(match definition.grammar {
        Grammar::Single => HeaderGrammar::Single {
            prefix: definition.prefix.clone().unwrap_or_default(),
            prefix_optional: definition.prefix_optional,
        },
        Grammar::Versions => HeaderGrammar::Versions { label: label()? },
        Grammar::Pairs => {
            HeaderGrammar::Pairs { label: label()?, timestamp_label: definition.timestamp_label.clone() }
        }
    })
}

fn compile_token(definition: &SchemeDefinition) -> Result<Proof, String> {
    let SchemeDefinition { prefix, label, timestamp_label, encoding, signed_content, secret, .. } =
        definition;
    let texts = [prefix, label, timestamp_label, signed_content];
    if texts.into_iter().any(Option::is_some)
        || encoding.is_some()
        || secret.is_some()
        || definition.prefix_optional
        || definition.grammar != Grammar::Single
        || definition.headers.iter().any(|family| family.id.is_some() || family.timestamp.is_some())
    {
        return Err("a static token has headers and nothing else".into());
    }
    Ok(Proof::Token)
}
