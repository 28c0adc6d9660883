//! `cargo xtask check`: formatting, lints and documentation, with warnings denied.

use std::process::Command;

use crate::failure::Failure;
use crate::run;
use crate::setup::wasm_target;
use crate::workspace::{WASM_TARGET, Workspace};

pub(crate) fn run(workspace: &Workspace) -> Result<(), Failure> {
    wasm_target::ensure(workspace)?;
    let deny = ["--", "-D", "warnings"];
    step(
        "formatting",
        workspace.cargo().args(["fmt", "--all", "--check"]),
        "`cargo fmt --all` puts it right",
    )?;
    step(
        "lints",
        workspace.cargo().args(["clippy", "--quiet", "--workspace", "--all-targets"]).args(deny),
        "no warning is allowed to stay",
    )?;
    step(
        "lints of the wasm crates",
        workspace
            .cargo()
            .args(["clippy", "--quiet", "--package", "hookwarden-wasm", "--package", "hookwarden-worker"])
            .args(["--all-targets", "--target", WASM_TARGET])
            .args(deny),
        "no warning is allowed to stay",
    )?;
    step(
        "documentation",
        workspace
            .cargo()
            .args(["doc", "--quiet", "--workspace", "--no-deps"])
            .env("RUSTDOCFLAGS", "-D warnings"),
        "no warning is allowed to stay",
    )?;
    run::announce("check: formatting, lints and documentation are in order");
    Ok(())
}

fn step(name: &str, command: &mut Command, hint: &str) -> Result<(), Failure> {
    run::announce(&format!("check: {name}"));
    run::visible(command, &format!("check stopped: {name}"))
        .map_err(|failure| Failure::new(format!("{failure} Note: {hint}.")))
}
