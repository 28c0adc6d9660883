//! `cargo xtask test`: every test, in the order in which a failure says most.

use std::env;
use std::path::PathBuf;

use crate::build;
use crate::command::TestPart;
use crate::failure::Failure;
use crate::run;
use crate::setup::{cargo_tools, chromium, npm, redis, schema_suite, wasm_target};
use crate::workspace::{WASM_TARGET, Workspace};

const NPM_TESTS: &str = "tests/npm";
const WASM_TESTS: &str = "tests/wasm";
const WORKER_TESTS: &str = "tests/worker";
const BROWSER_TESTS: &str = "tests/browser";

pub(crate) fn run(workspace: &Workspace, part: TestPart) -> Result<(), Failure> {
    let wanted = |one| part == TestPart::All || part == one;
    if part == TestPart::All {
        npm::check_node(workspace)?;
    }
    if matches!(part, TestPart::All | TestPart::Rust | TestPart::Wasm) {
        schema_suite::ensure(workspace)?;
    }
    if wanted(TestPart::Rust) {
        rust(workspace)?;
    }
    if wanted(TestPart::Wasm) {
        wasm(workspace)?;
    }
    if wanted(TestPart::Npm) {
        npm_package(workspace)?;
    }
    // Before the Worker's, which hand over to node.
    if wanted(TestPart::Browser) {
        browser(workspace)?;
    }
    if wanted(TestPart::Worker) {
        worker(workspace)?;
    }
    Ok(())
}

fn rust(workspace: &Workspace) -> Result<(), Failure> {
    run::announce("test: Rust, with debug assertions");
    run::visible(workspace.cargo().args(["test", "--workspace"]), "test stopped: the Rust tests")?;
    // Arithmetic that panics in debug wraps in release; both have to be right.
    run::announce("test: Rust, without debug assertions");
    run::visible(
        workspace.cargo().args([
            "test",
            "--package",
            "hookwarden",
            "--package",
            "hookwarden-json",
            "--profile",
            "testrelease",
        ]),
        "test stopped: the Rust tests without debug assertions",
    )
}

fn wasm(workspace: &Workspace) -> Result<(), Failure> {
    npm::check_node(workspace)?;
    wasm_target::ensure(workspace)?;
    let bindgen = cargo_tools::wasm_bindgen(workspace)?;
    run::announce("test: in WebAssembly");
    run::visible(
        workspace
            .cargo()
            .args(["test", "--package", "hookwarden-wasm", "--target", WASM_TARGET])
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", bindgen.test_runner)
            .env("RUST_LIB_BACKTRACE", "0"),
        "test stopped: the tests in WebAssembly",
    )?;
    build::npm(workspace)?;
    run::announce("test: the wasm of the npm package");
    run::visible(
        workspace.node().args(["--test", "--test-reporter=spec"]).args(node_tests(workspace, WASM_TESTS)?),
        "test stopped: the tests of the npm package's wasm",
    )
}

fn npm_package(workspace: &Workspace) -> Result<(), Failure> {
    build::npm(workspace)?;
    npm::ensure_runtimes(workspace)?;
    npm::ensure_consumers(workspace)?;
    let files = node_tests(workspace, NPM_TESTS)?;
    let redis = redis::ensure(workspace);
    run::announce("test: the npm package");
    let limits = ["--test-concurrency=1", "--test-timeout=600000"];
    let mut tests = workspace.node();
    tests.args(["--test", "--test-reporter=spec"]).args(limits).args(files);
    if let Some(folder) = redis {
        let path = env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(folder).chain(env::split_paths(&path));
        tests.env("PATH", env::join_paths(folders).unwrap_or(path));
    }
    run::visible(&mut tests, "test stopped: the tests of the npm package")
}

fn browser(workspace: &Workspace) -> Result<(), Failure> {
    let program = chromium::ensure(workspace)?;
    build::worker(workspace)?;
    build::page(workspace)?;
    let files = node_tests(workspace, BROWSER_TESTS)?;
    run::announce("test: the page in Chromium");
    let limits = ["--test-concurrency=1", "--test-force-exit", "--test-timeout=900000"];
    let mut tests = workspace.node();
    tests.args(["--test", "--test-reporter=spec"]).args(limits).args(files);
    run::visible(tests.env(chromium::VARIABLE, program), "test stopped: the tests of the page")
}

fn worker(workspace: &Workspace) -> Result<(), Failure> {
    build::worker(workspace)?;
    // The command-line tool asks a real gateway.
    build::npm(workspace)?;
    let files = node_tests(workspace, WORKER_TESTS)?;
    run::announce("test: the built Worker in workerd");
    // A failed test may leave a runtime behind that would keep its file from ending.
    let limits = ["--test-concurrency=1", "--test-force-exit", "--test-timeout=600000"];
    // Last on purpose: node's own summary ends the output.
    run::hand_over(
        workspace.node().args(["--test", "--test-reporter=spec"]).args(limits).args(files),
        "test stopped: the Worker tests",
    )
}

fn node_tests(workspace: &Workspace, folder: &str) -> Result<Vec<PathBuf>, Failure> {
    let entries = workspace.path(folder).read_dir();
    let mut files: Vec<PathBuf> = entries
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(PathBuf::from(folder).join(entry.ok()?.file_name())))
        .filter(|path| path.to_string_lossy().ends_with(".test.mjs"))
        .collect();
    files.sort();
    if files.is_empty() {
        return Err(Failure::new(format!("there are no tests in {folder}: is this a full checkout?")));
    }
    Ok(files)
}
