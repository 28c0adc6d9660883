//! The npm package: `crates/wasm` through wasm-bindgen and wasm-opt, and the TypeScript around it, into
//! `pkg/dist/`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::run;
use crate::setup::{cargo_tools, npm, wasm_target};
use crate::stamp::{Fingerprint, Stamp};
use crate::workspace::Workspace;

use super::{compile, stamp_path};

pub(crate) const OUTPUT: &str = "pkg/dist";
pub(crate) const WASM: &str = "pkg/dist/hookwarden_bg.wasm";
const NAME: &str = "hookwarden";
const SOURCES: &str = "pkg/src";
/// The samples in them are what the command-line tool sends.
const SAMPLES: &str = "providers";
const FINISH: &str = "scripts/npm.mjs";
const FINISH_SAMPLES: &str = "scripts/samples.mjs";

/// One target serves every runtime. The default path would make bundlers look for a file. The reset makes
/// it possible to go on after a trap.
const BINDGEN: &[&str] =
    &["--target", "web", "--omit-default-module-path", "--experimental-reset-state-function"];

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
    wasm(workspace)?;
    package(workspace)
}

fn wasm(workspace: &Workspace) -> Result<(), Failure> {
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
            .word(&[BINDGEN, FEATURES].concat().concat())
            .file(&optimised)
            .file(&output.join(format!("{NAME}.js")))
            .file(&output.join(format!("{NAME}.d.ts")))
            .finish()
    };
    let stamp = Stamp::at(stamp_path(workspace, "npm-wasm")?);
    if stamp.matches(&fingerprint()) {
        return Ok(());
    }

    run::announce("packing the npm wasm into pkg/dist/");
    let mut generate = workspace.program(&bindgen.bindgen);
    generate.args(BINDGEN).args(["--out-name", NAME, "--out-dir", OUTPUT]).arg(&compiled);
    run::quiet(&mut generate, "wasm-bindgen")?;
    // It describes the exports of the instance, and TypeScript would take it for the type of the module.
    let _ = fs::remove_file(output.join(format!("{NAME}_bg.wasm.d.ts")));

    optimise(workspace, &optimised)?;
    stamp.write(&fingerprint())
}

/// Replaces a wasm file by what wasm-opt makes of it.
pub(crate) fn optimise(workspace: &Workspace, file: &Path) -> Result<(), Failure> {
    // Beside the final name first, so that a failure leaves no half-optimised file under it.
    let staged = file.with_extension("optimised.wasm");
    let mut optimise = workspace.program(workspace.node_tool("wasm-opt"));
    // The stack is there, and no data: what is folded into an offset cannot wrap around to something.
    // LLVM has inlined what has one caller where that pays; here it makes the file larger.
    optimise
        .args(["-O3", "--converge", "--one-caller-inline-max-function-size=0", "--low-memory-unused"])
        .arg("--strip-producers")
        .args(FEATURES)
        .arg(file)
        .arg("-o")
        .arg(&staged);
    run::quiet(&mut optimise, "wasm-opt")?;
    fs::rename(&staged, file)
        .map_err(|error| Failure::new(format!("could not write {}: {error}.", file.display())))
}

/// The TypeScript, and what only Node.js can finish.
fn package(workspace: &Workspace) -> Result<(), Failure> {
    let sources = [SOURCES, SAMPLES].map(|path| files_below(&workspace.path(path))).concat();
    let fingerprint = || {
        let single =
            ["pkg/tsconfig.json", "pkg/package.json", FINISH, FINISH_SAMPLES, "package-lock.json", WASM];
        let files = single.iter().map(|path| workspace.path(path)).chain(sources.iter().cloned());
        // What was made from a source that is gone now must go, too.
        let made = files_below(&workspace.path(OUTPUT));
        let names: Vec<_> = made.iter().map(|path| path.display().to_string()).collect();
        files.chain(made).fold(Fingerprint::new(), |all, path| all.file(&path)).word(&names.concat()).finish()
    };
    let stamp = Stamp::at(stamp_path(workspace, "npm-package")?);
    if stamp.matches(&fingerprint()) {
        run::announce("pkg/dist/ is up to date");
        return Ok(());
    }

    run::announce("compiling the npm package into pkg/dist/");
    for path in files_below(&workspace.path(OUTPUT)) {
        let ours = path.file_name().is_some_and(|name| !name.to_string_lossy().starts_with(NAME));
        if ours {
            let _ = fs::remove_file(path);
        }
    }
    let mut compile = workspace.program(workspace.node_tool("tsc"));
    run::quiet(compile.args(["--project", "pkg"]), "tsc")?;
    run::quiet(workspace.node().arg(FINISH), FINISH)?;
    stamp.write(&fingerprint())
}

pub(super) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in folder.read_dir().into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}
