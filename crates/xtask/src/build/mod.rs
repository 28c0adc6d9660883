//! `cargo xtask build`: the Worker, the npm package and the page.

mod npm;
mod page;
mod worker;

use std::env;
use std::path::PathBuf;
use std::process::Command;

use crate::command::BuildPart;
use crate::failure::Failure;
use crate::run;
use crate::workspace::{WASM_TARGET, Workspace};

pub(crate) use npm::{OUTPUT as NPM_OUTPUT, WASM as NPM_WASM, optimise, run as npm};
pub(crate) use page::{OUTPUT as PAGE_OUTPUT, run as page};
pub(crate) use worker::{OUTPUT as WORKER_OUTPUT, run as worker};

const PROFILE: &str = "wasm";

pub(crate) fn run(workspace: &Workspace, part: BuildPart) -> Result<(), Failure> {
    match part {
        BuildPart::Worker => worker(workspace),
        BuildPart::Npm => npm(workspace),
        BuildPart::Page => page(workspace),
        BuildPart::All => worker(workspace).and_then(|()| page(workspace)),
    }
}

/// Compiles one crate to wasm and says where the file is. Cargo decides whether there is anything to do.
fn compile(workspace: &Workspace, package: &str) -> Result<PathBuf, Failure> {
    run::announce(&format!("building {package} (about a minute when everything is new)"));
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--lib", "--package", package, "--target", WASM_TARGET, "--profile", PROFILE]);
    if !run::on_terminal() {
        cargo.arg("--quiet");
    }
    // worker-build sets this for its own cargo call. Macros read it while they expand, unseen by
    // cargo, so that everything that shares a target folder has to agree on it.
    cargo.env("WASM_BINDGEN_USE_JS_SYS", "1");
    without_paths(workspace, &mut cargo)?;
    run::quiet(&mut cargo, &format!("the build of {package}"))?;
    let file = format!("{}.wasm", package.replace('-', "_"));
    Ok(workspace.target_dir()?.join(WASM_TARGET).join(PROFILE).join(file))
}

/// Keeps the paths of this machine out of what is shipped: the messages of panics name files.
fn without_paths(workspace: &Workspace, cargo: &mut Command) -> Result<(), Failure> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let cargo_home = home.or_else(|| Some(env::home_dir()?.join(".cargo")));
    let crates = cargo_home.map(|home| home.join("registry/src"));
    let mut rustc = workspace.program(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    let sysroot = run::quiet(rustc.args(["--print", "sysroot"]), "rustc --print sysroot")?;
    let library = PathBuf::from(sysroot.trim()).join("lib/rustlib/src/rust/library");
    let prefixes = [crates, Some(library), Some(workspace.path(""))];
    let flags = prefixes.iter().flatten().map(|path| format!("--remap-path-prefix={}=", path.display()));
    // Cargo adds these to the flags of its configuration. Spaces part them.
    let flags: Vec<_> = flags.filter(|flag| !flag.contains(' ')).collect();
    cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags.join(" "));
    Ok(())
}

/// Where the fingerprint of the last build is kept: beside cargo's output, since both go together.
fn stamp_path(workspace: &Workspace, name: &str) -> Result<PathBuf, Failure> {
    Ok(workspace.target_dir()?.join("xtask").join(format!("{name}.stamp")))
}
