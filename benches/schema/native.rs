//! The native half of `cargo xtask bench schema`: Hookwarden against `serde_json` with `jsonschema`, both
//! from bytes to a verdict. `benches/schema/native.mjs` runs it and reads what it prints.
#![allow(missing_docs)]

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use hookwarden::Schema;
use serde_json::{Value, json};

struct Effort {
    rounds: usize,
    sample: Duration,
    warm_up: Duration,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, rounds, sample, warm_up, verdicts @ ..] = arguments.as_slice() else {
        println!("This is run by `cargo xtask bench schema`.");
        return;
    };
    let number = |text: &String| text.parse::<u32>().expect("a number");
    let effort = Effort {
        rounds: number(rounds) as usize,
        sample: Duration::from_millis(number(sample).into()),
        warm_up: Duration::from_millis(number(warm_up).into()),
    };
    let folder = Path::new(folder);
    let results: Vec<Value> = verdicts
        .iter()
        .enumerate()
        .map(|(index, verdict)| {
            let read =
                |kind| fs::read(folder.join(format!("{index}.{kind}.json"))).expect("a workload's file");
            workload(&read("schema"), &read("payload"), verdict == "valid", &effort)
        })
        .collect();
    println!("{}", Value::from(results));
}

fn workload(schema: &[u8], payload: &[u8], valid: bool, effort: &Effort) -> Value {
    let ours = Schema::compile(schema).expect("Hookwarden compiles the schema");
    let tree = serde_json::from_slice(schema).expect("the schema is JSON");
    let theirs = jsonschema::draft202012::new(&tree).expect("jsonschema compiles the schema");
    let judges: [&dyn Fn() -> bool; 2] =
        [&|| ours.validate(black_box(payload)).is_ok_and(|violations| violations.is_empty()), &|| {
            serde_json::from_slice(black_box(payload)).is_ok_and(|payload| theirs.is_valid(&payload))
        }];
    for (judge, name) in judges.iter().zip(["Hookwarden", "jsonschema"]) {
        assert_eq!(judge(), valid, "{name}'s verdict");
    }
    let batches = judges.map(|judge| calibrate(judge, effort));
    let mut samples = [Vec::new(), Vec::new()];
    for round in 0..effort.rounds {
        for step in 0..judges.len() {
            let index = (round + step) % judges.len();
            samples[index].push(nanoseconds_each(judges[index], batches[index]));
        }
    }
    samples.into_iter().map(summary).collect()
}

/// Warms up, and says how many calls fill a sample.
fn calibrate(judge: &dyn Fn() -> bool, effort: &Effort) -> u32 {
    let end = Instant::now() + effort.warm_up;
    let mut calls = 1;
    loop {
        let each = nanoseconds_each(judge, calls);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of calls")]
        let fill = (effort.sample.as_secs_f64() * 1e9 / each).max(1.0) as u32;
        if Instant::now() >= end {
            return fill;
        }
        calls = fill.min(calls.saturating_mul(2));
    }
}

fn nanoseconds_each(judge: &dyn Fn() -> bool, calls: u32) -> f64 {
    let start = Instant::now();
    for _ in 0..calls {
        black_box(judge());
    }
    start.elapsed().as_secs_f64() * 1e9 / f64::from(calls)
}

fn summary(mut samples: Vec<f64>) -> Value {
    samples.sort_by(f64::total_cmp);
    let last = samples.len() - 1;
    json!({ "median": samples[last / 2], "low": samples[last / 10], "high": samples[last - last / 10] })
}
