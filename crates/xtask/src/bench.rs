//! `cargo xtask bench`: the npm package, Hookwarden's validator or the Worker, beside others. Measures, and writes its
//! section of `docs/benchmarks.md`.

use std::path::PathBuf;

use crate::build;
use crate::command::{Bench, BenchPart};
use crate::failure::Failure;
use crate::run;
use crate::setup::cargo_tools;
use crate::workspace::{WASM_TARGET, Workspace};

const PEER: &str = "benches/schema/jsonschema-wasm";
const PEER_NAME: &str = "jsonschema_wasm";

pub(crate) fn run(workspace: &Workspace, bench: &Bench) -> Result<(), Failure> {
    match bench.part {
        BenchPart::Library => {
            build::npm(workspace)?;
            measure(workspace, "library", &bench.options)
        }
        BenchPart::Server => {
            build::npm(workspace)?;
            measure(workspace, "server", &bench.options)
        }
        BenchPart::Gateway => {
            build::worker(workspace)?;
            measure(workspace, "gateway", &bench.options)
        }
        BenchPart::Schema => schema(workspace, bench),
    }
}

/// What needs no more than what is built.
fn measure(workspace: &Workspace, name: &str, options: &[String]) -> Result<(), Failure> {
    run::announce("measuring; keep the machine quiet meanwhile");
    let mut node = workspace.node();
    node.arg(format!("benches/{name}/main.mjs")).args(options);
    run::hand_over(&mut node, &format!("bench {name}"))
}

fn schema(workspace: &Workspace, bench: &Bench) -> Result<(), Failure> {
    build::npm(workspace)?;
    let peer = peer(workspace)?;
    let native = native(workspace)?;
    run::announce("measuring; keep the machine quiet meanwhile");
    let mut node = workspace.node();
    node.arg("benches/schema/main.mjs").arg("--ours").arg(workspace.path(build::NPM_OUTPUT));
    node.arg("--jsonschema").arg(peer).arg("--native").arg(native).args(&bench.options);
    run::hand_over(&mut node, "bench schema")
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
