//! Mutated schemas and payloads, and hostile ones: no panic, no long time, no blow-up of memory.
//!
//! Input number N is the same on every machine. A short run is part of `cargo test`; a million are tried by
//! `cargo xtask mutate`, and one of them again by `cargo xtask mutate --first N --count 1`.

mod hostile;
mod mutate;
mod random;
mod seeds;
mod watch;
mod words;

use std::fmt;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use hookwarden::{Code, Dialect, Schema, SchemaOptions};
use mutate::mutate;
use random::Random;
use seeds::{Seed, seeds};
use watch::{Cost, watch};

/// How many a plain `cargo test` tries. Without optimisation each takes a hundred times as long.
const SHORT: u64 = if cfg!(debug_assertions) { 5_000 } else { 20_000 };

struct Input {
    schema: Vec<u8>,
    payload: Vec<u8>,
    options: SchemaOptions,
}

impl Input {
    fn new(number: u64, seeds: &[Seed]) -> Self {
        let mut random = Random::new(number);
        let (seed, other) = (&seeds[random.below(seeds.len())], &seeds[random.below(seeds.len())]);
        let lent = other.payloads.get(random.below(other.payloads.len())).unwrap_or(&other.schema);
        let mut schema = seed.schema.clone();
        let mut payload = seed.payloads.get(random.below(seed.payloads.len())).unwrap_or(lent).clone();
        let changed = random.below(4);
        if changed < 2 {
            schema = mutate(&schema, &other.schema, &mut random);
        }
        if changed > 0 {
            payload = mutate(&payload, lent, &mut random);
        }
        let options = SchemaOptions {
            resources: if random.one_in(4) { vec![("http://x/r".into(), lent.clone())] } else { Vec::new() },
            assert_format: random.one_in(2),
            annotate_unknown_keywords: !random.one_in(4),
            default_dialect: if random.one_in(4) { Dialect::Draft7 } else { Dialect::Draft202012 },
        };
        Self { schema, payload, options }
    }

    /// Compiles and judges, and looks at all that is given back.
    fn judge(&self) -> Outcome {
        let schema = match Schema::compile_with(&self.schema, &self.options) {
            Err(refused) => {
                assert!(!refused.to_string().is_empty());
                return Outcome::Refused;
            }
            Ok(schema) => schema,
        };
        match schema.validate(&self.payload) {
            Ok(violations) if violations.is_empty() => Outcome::Valid,
            Ok(violations) => {
                assert!(violations.len() <= 16);
                for violation in &violations {
                    assert!(violation.value_in(&self.payload).is_some(), "{violation:?}");
                    assert!(violation.line > 0 && violation.column > 0 && !violation.message.is_empty());
                }
                Outcome::Invalid
            }
            Err(rejection) if rejection.code == Code::SchemaTooComplex => Outcome::TooComplex,
            Err(_) => Outcome::NotJson,
        }
    }
}

impl Input {
    /// Writes the texts to where they can be looked at.
    fn keep(&self) {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        for (name, text) in [("mutated.schema.json", &self.schema), ("mutated.payload.json", &self.payload)] {
            let file = folder.join(name);
            fs::write(&file, text).unwrap();
            say(&format!("  {}", file.display()));
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Refused,
    NotJson,
    TooComplex,
    Invalid,
    Valid,
}

/// What came of a run.
#[derive(Default)]
struct Tally {
    outcomes: [u64; 5],
    slowest: (Duration, u64),
    largest: (usize, u64),
}

impl Tally {
    fn add(&mut self, number: u64, outcome: Outcome, cost: &Cost) {
        self.outcomes[outcome as usize] += 1;
        self.slowest = self.slowest.max((cost.time, number));
        self.largest = self.largest.max((cost.bytes, number));
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [refused, not_json, too_complex, invalid, valid] = self.outcomes;
        let ((time, slowest), (bytes, largest)) = (self.slowest, self.largest);
        write!(
            f,
            "{valid} valid, {invalid} invalid, {not_json} not JSON, {too_complex} too complex, {refused} schemas \
             refused; slowest {time:?} (number {slowest}), most memory {} KB (number {largest})",
            bytes >> 10
        )
    }
}

/// Tries the inputs of these numbers.
fn run(first: u64, count: u64) {
    let seeds = seeds();
    let (mut tally, start) = (Tally::default(), Instant::now());
    for number in first..first + count {
        let input = Input::new(number, &seeds);
        let result = watch(&format!("mutated input {number}"), || input.judge());
        // Whoever tries a single one wants to look at it.
        if result.is_err() || count == 1 {
            input.keep();
        }
        match result {
            Ok((outcome, cost)) => tally.add(number, outcome, &cost),
            Err(reason) => panic!(
                "mutated input {number} {reason}\n  again: cargo xtask mutate --first {number} --count 1"
            ),
        }
        if (number + 1 - first).is_multiple_of(100_000) {
            say(&format!("{} after {:?}", number + 1 - first, start.elapsed()));
        }
    }
    say(&format!("{count} mutated inputs from number {first} on: {tally}"));
    // Else the mutations would say little.
    let judged = count - tally.outcomes[Outcome::Refused as usize];
    assert!(count < 1000 || judged > count / 2, "{judged} of {count} schemas compile");
}

/// For the person who runs the tests, also when they succeed: the test harness keeps back `println!`.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

#[test]
fn some_mutated_inputs() {
    run(0, SHORT);
}

#[test]
#[ignore = "a million inputs take too long for every run: `cargo xtask mutate` is for them"]
fn many_mutated_inputs() {
    let given = |name| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("a number"));
    run(given("MUTATE_FIRST").unwrap_or(0), given("MUTATE_COUNT").unwrap_or(1_000_000));
}
