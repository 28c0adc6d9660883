//! The Cloudflare Worker: `crates/worker` through worker-build into `build/`.

use crate::failure::Failure;
use crate::run;
use crate::setup::{cargo_tools, npm, wasm_target};
use crate::stamp::{Fingerprint, Stamp};
use crate::workspace::Workspace;

use super::{PROFILE, compile, stamp_path};

pub(crate) const OUTPUT: &str = "build";

pub(crate) fn run(workspace: &Workspace) -> Result<(), Failure> {
    npm::check_node(workspace)?;
    wasm_target::ensure(workspace)?;
    npm::ensure(workspace)?;
    let bindgen = cargo_tools::wasm_bindgen(workspace)?;
    let builder = cargo_tools::worker_build(workspace)?;

    let compiled = compile(workspace, "hookwarden-worker")?;
    let fingerprint = || {
        Fingerprint::new()
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
    run::quiet(&mut command, "worker-build")?;
    stamp.write(&fingerprint())
}
