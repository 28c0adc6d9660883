//! Generated schemas and payloads, judged by the core and by the `jsonschema` crate.
//!
//! Every run tries the same cases. To look further:
//! `PROPTEST_RNG_SEED=7 PROPTEST_CASES=50000 cargo test --test oracle`.
//!
//! Left out, since the oracle sees them otherwise, or not at all:
//! * numbers that no float holds exactly: the oracle computes with floats;
//! * keys that are there twice: the oracle keeps the last;
//! * references to themselves that consume nothing: the core refuses them, the oracle never ends;
//! * word boundaries beside letters that ECMA-262 does not count as such;
//! * `$vocabulary` and references to other documents: the official suite has them;
//! * `format` and `content…` as assertions: of formats each implementation has its own idea.

mod payloads;
mod schemas;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use hookwarden::{Dialect, Schema, SchemaOptions};
use jsonschema::Validator;
use payloads::{Filler, write};
use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestRunner};
use schemas::{Choices, Maker, Names, draft7};
use serde_json::{Value, json};

/// A schema and a payload, as text, and what each of the two judges makes of them.
struct Judges {
    dialect: jsonschema::Draft,
    options: SchemaOptions,
}

#[derive(Debug, PartialEq)]
enum Ours {
    Valid(bool),
    Refused(String),
    TooComplex(String),
    Panicked,
}

impl Judges {
    fn new(draft7: bool) -> Self {
        let (dialect, default_dialect) = if draft7 {
            (jsonschema::Draft::Draft7, Dialect::Draft7)
        } else {
            (jsonschema::Draft::Draft202012, Dialect::Draft202012)
        };
        Self { dialect, options: SchemaOptions { default_dialect, ..SchemaOptions::default() } }
    }

    fn oracle(&self, schema: &str) -> Result<Validator, String> {
        let schema: Value = serde_json::from_str(schema).map_err(|error| error.to_string())?;
        let options = jsonschema::options().with_draft(self.dialect).should_validate_formats(false);
        options.build(&schema).map_err(|error| error.to_string())
    }

    fn ours(&self, schema: &str) -> Result<Schema, Ours> {
        let compile = AssertUnwindSafe(|| Schema::compile_with(schema.as_bytes(), &self.options));
        match catch_unwind(compile) {
            Ok(Ok(schema)) => Ok(schema),
            Ok(Err(refusal)) => Err(Ours::Refused(refusal.to_string())),
            Err(_) => Err(Ours::Panicked),
        }
    }

    /// Whether the two disagree on texts that both can judge, and how.
    fn disagree(&self, schema: &str, payload: &str) -> Option<String> {
        let oracle = self.oracle(schema).ok()?.is_valid(&serde_json::from_str(payload).ok()?);
        match self.ours(schema).map_or_else(|failure| failure, |schema| verdict(&schema, payload)) {
            Ours::Valid(ours) if ours != oracle => {
                Some(if ours { "is valid here and not there" } else { "is valid there and not here" }.into())
            }
            Ours::Panicked => Some("panics".into()),
            _ => None,
        }
    }
}

fn verdict(schema: &Schema, payload: &str) -> Ours {
    match catch_unwind(AssertUnwindSafe(|| schema.validate(payload.as_bytes()))) {
        Ok(Ok(violations)) => Ours::Valid(violations.is_empty()),
        Ok(Err(rejection)) => Ours::TooComplex(format!("{rejection:?}")),
        Err(_) => Ours::Panicked,
    }
}

/// Everything that is one step simpler than a value.
fn simpler(value: &Value, is_schema: bool) -> Vec<Value> {
    let mut found = Vec::new();
    match value {
        Value::Array(items) => {
            for at in 0..items.len() {
                let mut fewer = items.clone();
                fewer.remove(at);
                found.push(fewer.into());
            }
            for (at, item) in items.iter().enumerate() {
                for instead in simpler(item, is_schema) {
                    let mut changed = items.clone();
                    changed[at] = instead;
                    found.push(changed.into());
                }
            }
        }
        Value::Object(members) => {
            if is_schema && !members.is_empty() {
                found.push(Value::Bool(true));
            }
            for name in members.keys() {
                let mut fewer = members.clone();
                fewer.remove(name);
                found.push(fewer.into());
            }
            for (name, member) in members {
                for instead in simpler(member, is_schema) {
                    let mut changed = members.clone();
                    changed.insert(name.clone(), instead);
                    found.push(changed.into());
                }
            }
        }
        Value::String(text) if !is_schema && !text.is_empty() => found.push("".into()),
        _ => {}
    }
    found
}

/// The least schema and payload on which the two still disagree.
fn reduce(judges: &Judges, schema: &str, payload: &str) -> Option<(String, String)> {
    let mut schema: Value = serde_json::from_str(schema).ok()?;
    let mut payload: Value = serde_json::from_str(payload).ok()?;
    judges.disagree(&schema.to_string(), &payload.to_string())?;
    loop {
        let text = payload.to_string();
        let differs = |candidate: &Value| judges.disagree(&candidate.to_string(), &text).is_some();
        if let Some(less) = simpler(&schema, true).into_iter().find(differs) {
            schema = less;
            continue;
        }
        let text = schema.to_string();
        let differs = |candidate: &Value| judges.disagree(&text, &candidate.to_string()).is_some();
        match simpler(&payload, false).into_iter().find(differs) {
            Some(less) => payload = less,
            None => return Some((schema.to_string(), payload.to_string())),
        }
    }
}

const PAYLOADS: usize = 6;

#[derive(Default)]
struct Report {
    schemas: Cell<usize>,
    refused: RefCell<Vec<String>>,
    payloads: Cell<usize>,
    valid: Cell<usize>,
    differences: RefCell<BTreeSet<String>>,
    slowest: Cell<Duration>,
}

impl Report {
    fn count(counter: &Cell<usize>) {
        counter.set(counter.get() + 1);
    }

    fn differs(&self, difference: String) {
        self.differences.borrow_mut().insert(difference);
    }

    fn case(&self, judges: &Judges, bytes: &[u8]) {
        let choices = &mut Choices { bytes: bytes.iter() };
        let is_draft7 = judges.dialect == jsonschema::Draft::Draft7;
        let names = if is_draft7 { Names::none() } else { Names::any(choices) };
        let mut schema = Maker { choices, names }.document();
        if is_draft7 {
            schema = draft7(&schema);
        }
        let mut text = String::new();
        write(&schema, choices, &mut text);
        let payload = |choices: &mut Choices| {
            let payload = Filler { choices, root: &schema }.fill(&schema, 3);
            let mut text = String::new();
            write(&payload, choices, &mut text);
            text
        };
        self.compare(judges, &text, || payload(choices));
    }

    fn patterns(&self, judges: &Judges, schema: &str, choices: &mut Choices) {
        let ascii = ["a", "b", "c", "1", " ", "\n", "_", "-"];
        let all = ["a", "b", "c", "é", "😀", "1", " ", "\n", "_", "-"];
        // To the oracle é is part of a word.
        let of_words = ["\\\\b", "\\\\B"].iter().any(|escape| schema.contains(escape));
        let letters = if of_words { &ascii[..] } else { &all[..] };
        self.compare(judges, schema, || {
            let text: String = (0..choices.below(7)).map(|_| choices.of(letters)).collect();
            json!(text).to_string()
        });
    }

    fn compare(&self, judges: &Judges, schema: &str, mut payload: impl FnMut() -> String) {
        // To reduce a difference takes long, and some show what is wrong as well as all.
        if self.differences.borrow().len() >= 12 {
            return;
        }
        Self::count(&self.schemas);
        let oracle = match judges.oracle(schema) {
            Ok(oracle) => oracle,
            Err(error) => return self.differs(format!("{schema}\n  is refused by the oracle: {error}")),
        };
        let ours = match judges.ours(schema) {
            Ok(ours) => ours,
            Err(Ours::Refused(reason)) => {
                return self.refused.borrow_mut().push(format!("{schema}\n  {reason}"));
            }
            Err(other) => return self.differs(format!("{schema}\n  {other:?}")),
        };
        for _ in 0..PAYLOADS {
            let payload = payload();
            Self::count(&self.payloads);
            let expected = oracle.is_valid(&serde_json::from_str(&payload).unwrap());
            if expected {
                Self::count(&self.valid);
            }
            let start = Instant::now();
            let found = verdict(&ours, &payload);
            self.slowest.set(self.slowest.get().max(start.elapsed()));
            if found != Ours::Valid(expected) {
                let (schema, payload) =
                    reduce(judges, schema, &payload).unwrap_or_else(|| (schema.to_owned(), payload));
                let how = judges.disagree(&schema, &payload);
                let how = how.unwrap_or_else(|| format!("found {found:?}, expected {expected}"));
                return self.differs(format!("{schema}\n  {payload}\n  {how}"));
            }
        }
    }

    fn conclude(self, what: &str, seed: &str) {
        let (schemas, payloads, valid) = (self.schemas.get(), self.payloads.get(), self.valid.get());
        let refused = self.refused.into_inner();
        // The test harness keeps back `println!`.
        let _ = writeln!(
            std::io::stdout(),
            "{what}, seed {seed}: {schemas} schemas ({} refused), {payloads} payloads ({valid} valid), slowest {:?}",
            refused.len(),
            self.slowest.get()
        );
        let differences: Vec<_> = self.differences.into_inner().into_iter().collect();
        assert!(
            differences.is_empty(),
            "{what}, seed {seed}: {} differences:\n{}",
            differences.len(),
            differences.join("\n")
        );
        assert!(
            refused.len() <= schemas / 100,
            "{what}, seed {seed}: {} of {schemas} schemas refused, such as\n{}",
            refused.len(),
            refused[..refused.len().min(5)].join("\n")
        );
        // Else the payloads would say little.
        assert!(
            (payloads / 5..payloads * 4 / 5).contains(&valid),
            "{valid} of {payloads} payloads are valid"
        );
    }
}

fn config() -> (ProptestConfig, String) {
    let given = |name: &str| std::env::var_os(name).is_some();
    let mut config =
        ProptestConfig { failure_persistence: None, max_shrink_iters: 0, ..ProptestConfig::default() };
    if !given("PROPTEST_CASES") {
        config.cases = 4000;
    }
    if !given("PROPTEST_RNG_SEED") {
        config.rng_seed = RngSeed::Fixed(0x5EED);
    }
    let seed = match config.rng_seed {
        RngSeed::Fixed(seed) => seed.to_string(),
        RngSeed::Random => "random".to_owned(),
    };
    (config, seed)
}

fn compare(is_draft7: bool) {
    let (config, seed) = config();
    let judges = Judges::new(is_draft7);
    let report = Report::default();
    TestRunner::new(config)
        .run(&prop::collection::vec(any::<u8>(), 20..600), |bytes| {
            report.case(&judges, &bytes);
            Ok(())
        })
        .unwrap();
    report.conclude(if is_draft7 { "draft 7" } else { "draft 2020-12" }, &seed);
}

/// A regular expression in which alternatives, repetitions and classes meet.
fn pattern(choices: &mut Choices, depth: usize, text: &mut String) {
    for alternative in 0..=choices.below(4) / 3 {
        text.push_str(if alternative == 0 { "" } else { "|" });
        for _ in 0..choices.below(4) {
            match choices.below(if depth == 0 { 8 } else { 11 }) {
                0 | 1 => text.push_str(choices.of(&["a", "b", "é", "😀", "\\.", "\\u0061", "-", "\\n"])),
                2 => text.push('.'),
                3 => text.push_str(choices.of(&["\\d", "\\w", "\\s", "\\D", "\\W", "\\S"])),
                4 | 5 => class(choices, text),
                6 => text.push_str(choices.of(&["a", "b", "ab", "ba"])),
                7 => {
                    text.push_str(choices.of(&["^", "$", "\\b", "\\B"]));
                    continue;
                }
                _ => {
                    text.push_str(choices.of(&["(", "(?:", "(?<name>"]));
                    // A name must not come up twice.
                    if text.ends_with("<name>") && text.matches("<name>").count() > 1 {
                        text.truncate(text.len() - "?<name>".len());
                    }
                    pattern(choices, depth - 1, text);
                    // The oracle refuses to repeat `(?:)`.
                    text.push_str(if text.ends_with("(?:") { "a)" } else { ")" });
                }
            }
            text.push_str(
                choices.of(&[
                    "", "", "", "*", "+", "?", "{2}", "{1,2}", "{2,}", "{0}", "*?", "+?", "??", "{1,3}?",
                ]),
            );
        }
    }
}

fn class(choices: &mut Choices, text: &mut String) {
    text.push_str(choices.of(&["[", "[^"]));
    for _ in 0..=choices.below(3) {
        text.push_str(
            choices.of(&["a", "b", "a-c", "é", "\\d", "\\s", "\\W", "é-😀", "\\]", "_", "\\-", "0-5", "."]),
        );
    }
    text.push(']');
}

#[test]
fn patterns() {
    let judges = Judges::new(false);
    let report = Report::default();
    let (config, seed) = config();
    TestRunner::new(config)
        .run(&prop::collection::vec(any::<u8>(), 4..120), |bytes| {
            let choices = &mut Choices { bytes: bytes.iter() };
            let mut text = String::new();
            pattern(choices, 2, &mut text);
            report.patterns(&judges, &json!({ "pattern": text }).to_string(), choices);
            Ok(())
        })
        .unwrap();
    report.conclude("patterns", &seed);
}

#[test]
fn draft_2020_12() {
    compare(false);
}

#[test]
fn draft_7() {
    compare(true);
}
