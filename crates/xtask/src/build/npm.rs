//! The npm package's WebAssembly: `crates/wasm` through wasm-bindgen and wasm-opt into `pkg/dist/`.

use std::fs;
use std::path::Path;

use crate::failure::Failure;
use crate::run;
use crate::setup::{cargo_tools, npm, wasm_target};
use crate::stamp::{Fingerprint, Stamp};
use crate::workspace::Workspace;

use super::{compile, stamp_path};

pub(crate) const OUTPUT: &str = "pkg/dist";
pub(crate) const WASM: &str = "pkg/dist/hookwarden_bg.wasm";
const NAME: &str = "hookwarden";

/// What rustc emits for this target plus SIMD. Named one by one, because `--all-features` would
/// let the optimiser write encodings that runtimes of today refuse.
const FEATURES: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-simd",
];

pub(crate) fn run(workspace: &Workspace) -> Result<(), Failure> {
    npm::check_node(workspace)?;
    wasm_target::ensure(workspace)?;
    npm::ensure(workspace)?;
    let bindgen = cargo_tools::wasm_bindgen(workspace)?;

    let compiled = compile(workspace, "hookwarden-wasm")?;
    let output = workspace.path(OUTPUT);
    let optimised = workspace.path(WASM);
    let fingerprint = || {
        Fingerprint::new()
            .file(&compiled)
            .file(&workspace.path("package-lock.json"))
            .word(&bindgen.version.to_string())
            .word(&FEATURES.concat())
            .file(&optimised)
            .file(&output.join(format!("{NAME}.js")))
            .file(&output.join(format!("{NAME}.d.ts")))
            .finish()
    };
    let stamp = Stamp::at(stamp_path(workspace, "npm")?);
    if stamp.matches(&fingerprint()) {
        run::announce("pkg/dist/ is up to date");
        return Ok(());
    }

    run::announce("packing the npm wasm into pkg/dist/");
    let mut generate = workspace.program(&bindgen.bindgen);
    // One target serves every runtime; the default path would make bundlers look for a file.
    generate.args(["--target", "web", "--omit-default-module-path", "--out-name", NAME, "--out-dir", OUTPUT]);
    generate.arg(&compiled);
    run::quiet(&mut generate, "wasm-bindgen")?;

    optimise(workspace, &optimised)?;
    stamp.write(&fingerprint())
}

/// Replaces a wasm file by what wasm-opt makes of it.
pub(crate) fn optimise(workspace: &Workspace, file: &Path) -> Result<(), Failure> {
    // Beside the final name first, so that a failure leaves no half-optimised file under it.
    let staged = file.with_extension("optimised.wasm");
    let mut optimise = workspace.program(workspace.node_tool("wasm-opt"));
    optimise.arg("-O3").args(FEATURES).arg(file).arg("-o").arg(&staged);
    run::quiet(&mut optimise, "wasm-opt")?;
    fs::rename(&staged, file)
        .map_err(|error| Failure::new(format!("could not write {}: {error}.", file.display())))
}
