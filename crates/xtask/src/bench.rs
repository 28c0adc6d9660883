//! `cargo xtask bench`: the npm package, the Worker, a server and Hookwarden's validator, beside others; what grows, and the
//! start. Each measures and writes its section of `docs/benchmarks.md`, or compares with the last full run.

use std::path::PathBuf;

use crate::build;
use crate::command::{Bench, BenchPart};
use crate::failure::Failure;
use crate::run;
use crate::setup::{cargo_tools, npm};
use crate::size;
use crate::workspace::{WASM_TARGET, Workspace};

const PEER: &str = "benches/schema/jsonschema-wasm";
const PEER_NAME: &str = "jsonschema_wasm";

/// All of them, whatever comes of one: a ratio that is lost in the first must not hide what the others say.
pub(crate) fn run(workspace: &Workspace, bench: &Bench) -> Result<(), Failure> {
    let mut failed = Vec::new();
    for part in &bench.parts {
        if let Err(failure) = one(workspace, *part, &bench.options) {
            if bench.parts.len() == 1 {
                return Err(failure);
            }
            eprintln!("xtask: {failure}");
            failed.push(part.name());
        }
    }
    if failed.is_empty() {
        Ok(())
    } else {
        Err(Failure::new(format!("bench failed: {}.", failed.join(", "))))
    }
}

fn one(workspace: &Workspace, part: BenchPart, options: &[String]) -> Result<(), Failure> {
    if part != BenchPart::Gateway {
        build::npm(workspace)?;
    }
    if matches!(part, BenchPart::Gateway | BenchPart::Growth | BenchPart::Start) {
        build::worker(workspace)?;
    }
    let more = match part {
        BenchPart::Schema => schema(workspace)?,
        BenchPart::Start => {
            npm::ensure_runtimes(workspace)?;
            vec!["--sizes".to_owned(), size::measured(workspace)?]
        }
        _ => Vec::new(),
    };
    run::announce("measuring; keep the machine quiet meanwhile");
    let mut node = workspace.node();
    node.arg(format!("benches/{}/main.mjs", part.name())).args(more).args(options);
    run::visible(&mut node, &format!("bench {}", part.name()))
}

/// What the validator is measured beside.
fn schema(workspace: &Workspace) -> Result<Vec<String>, Failure> {
    let ours = workspace.path(build::NPM_OUTPUT);
    let pairs = [("--ours", ours), ("--jsonschema", peer(workspace)?), ("--native", native(workspace)?)];
    Ok(pairs.into_iter().flat_map(|(name, path)| [name.to_owned(), path.display().to_string()]).collect())
}

/// The `jsonschema` crate in WebAssembly: the folder that it is in.
fn peer(workspace: &Workspace) -> Result<PathBuf, Failure> {
    run::announce("building the jsonschema crate for WebAssembly (a minute when it is new)");
    let target = workspace.target_dir()?;
    let mut cargo = workspace.cargo();
    cargo.current_dir(workspace.path(PEER)).args(["build", "--release", "--locked", "--target", WASM_TARGET]);
    run::quiet(cargo.arg("--target-dir").arg(&target), "the build of the jsonschema crate")?;
    let compiled = target.join(WASM_TARGET).join("release").join(format!("{PEER_NAME}.wasm"));
    let output = target.join("bench").join(PEER_NAME);
    let bindgen = cargo_tools::wasm_bindgen(workspace)?;
    let mut generate = workspace.program(&bindgen.bindgen);
    generate.args(["--target", "web", "--omit-default-module-path", "--out-dir"]).arg(&output).arg(&compiled);
    run::quiet(&mut generate, "wasm-bindgen")?;
    build::optimise(workspace, &output.join(format!("{PEER_NAME}_bg.wasm")))?;
    Ok(output)
}

/// The native half: the program that cargo made.
fn native(workspace: &Workspace) -> Result<PathBuf, Failure> {
    run::announce("building the native half (a minute when it is new)");
    let mut cargo = workspace.cargo();
    cargo.args(["bench", "--bench", "schema", "--no-run", "--message-format=json"]);
    let messages = run::quiet(&mut cargo, "the build of the native half")?;
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .find(|message| message["target"]["name"] == "schema" && message["executable"].is_string())
        .and_then(|message| message["executable"].as_str().map(PathBuf::from))
        .ok_or_else(|| Failure::new("cargo built no program for the benchmark"))
}
