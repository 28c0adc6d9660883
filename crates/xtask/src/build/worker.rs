//! The Cloudflare Worker: `crates/worker` through worker-build into `build/`, and the Durable Objects of
//! `crates/worker/js` beside it in the same entry.

use std::fs;

use crate::failure::Failure;
use crate::run;
use crate::setup::{cargo_tools, npm, wasm_target};
use crate::stamp::{Fingerprint, Stamp};
use crate::workspace::Workspace;

use super::{PROFILE, compile, npm::files_below, stamp_path, without_paths};

pub(crate) const OUTPUT: &str = "build";
const SCRIPTS: &str = "crates/worker/js";

pub(crate) fn run(workspace: &Workspace) -> Result<(), Failure> {
    npm::check_node(workspace)?;
    wasm_target::ensure(workspace)?;
    npm::ensure(workspace)?;
    let bindgen = cargo_tools::wasm_bindgen(workspace)?;
    let builder = cargo_tools::worker_build(workspace)?;

    let compiled = compile(workspace, "hookwarden-worker")?;
    let scripts = files_below(&workspace.path(SCRIPTS));
    let fingerprint = || {
        let sources = scripts.iter().fold(Fingerprint::new(), |all, path| all.file(path));
        sources
            .file(&compiled)
            .file(&workspace.path("crates/worker/Cargo.toml"))
            .file(&workspace.path("package-lock.json"))
            .word(&bindgen.version.to_string())
            .word(&builder.version.to_string())
            .file(&workspace.path(OUTPUT).join("index.js"))
            .file(&workspace.path(OUTPUT).join("index_bg.wasm"))
            .finish()
    };
    let stamp = Stamp::at(stamp_path(workspace, "worker")?);
    if stamp.matches(&fingerprint()) {
        run::announce("build/ is up to date");
        return Ok(());
    }

    run::announce("packing the Worker into build/");
    let mut command = workspace.program(&builder.program);
    // The output folder is relative to the crate.
    command.args(["crates/worker", "--profile", PROFILE, "--out-dir", &format!("../../{OUTPUT}")]);
    // Without these worker-build downloads tools of its own choice.
    command.env("WASM_BINDGEN_BIN", &bindgen.bindgen);
    command.env("WASM_OPT_BIN", workspace.node_tool("wasm-opt"));
    command.env("ESBUILD_BIN", workspace.node_tool("esbuild"));
    without_paths(workspace, &mut command)?;
    run::quiet(&mut command, "worker-build")?;
    add_scripts(workspace)?;
    stamp.write(&fingerprint())
}

/// Makes the entry export the Durable Objects, too. The types are checked first, since esbuild drops them unread.
fn add_scripts(workspace: &Workspace) -> Result<(), Failure> {
    let mut check = workspace.program(workspace.node_tool("tsc"));
    run::quiet(check.args(["--project", SCRIPTS]), "tsc")?;
    let entry = workspace.path(OUTPUT).join("index.js");
    let gateway = workspace.target_dir()?.join("xtask/gateway.js");
    let failed =
        |error: std::io::Error| Failure::new(format!("could not write {}: {error}.", gateway.display()));
    // wasm-bindgen writes classes for parts of the `worker` crate that are not used here. esbuild drops them once it
    // knows that to register and to wrap one has no effect of its own.
    let text = ["new Proxy(", "new FinalizationRegistry("]
        .iter()
        .fold(fs::read_to_string(&entry).map_err(failed)?, |text, call| {
            text.replace(call, &format!("/* @__PURE__ */ {call}"))
        });
    fs::write(&gateway, text).map_err(failed)?;
    let mut bundle = workspace.program(workspace.node_tool("esbuild"));
    bundle.arg(format!("{SCRIPTS}/entry.ts")).arg(format!("--alias:gateway={}", gateway.display()));
    bundle.args(["--bundle", "--minify", "--format=esm", "--target=es2022", "--log-level=warning"]);
    bundle.arg("--define:Symbol.dispose=undefined");
    bundle.args(["--external:cloudflare:workers", "--external:./index_bg.wasm"]);
    bundle.arg(format!("--outfile={}", entry.display())).arg("--allow-overwrite");
    run::quiet(&mut bundle, "esbuild")?;
    Ok(())
}
