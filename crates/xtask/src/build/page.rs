//! The page: `pkg/page/` through tsc (which only checks) and esbuild into `pkg/page/dist/_hookwarden/`.

use std::path::PathBuf;

use crate::failure::Failure;
use crate::run;
use crate::stamp::{Fingerprint, Stamp};
use crate::workspace::Workspace;

use super::npm::{self, files_below};
use super::stamp_path;

pub(crate) const OUTPUT: &str = "pkg/page/dist";
const SOURCES: [&str; 5] = ["pkg/page/src", "pkg/page/styles", "pkg/page/parts", "pkg/dist", "providers"];
const SINGLE: [&str; 9] = [
    "pkg/page/index.html",
    "pkg/page/dashboard.html",
    "pkg/page/icon.svg",
    "pkg/page/tsconfig.json",
    "pkg/package.json",
    "package-lock.json",
    "scripts/page.mjs",
    "scripts/page-bundle.mjs",
    "scripts/samples.mjs",
];

/// Builds the npm package first: its wasm is what the page judges with.
pub(crate) fn run(workspace: &Workspace) -> Result<(), Failure> {
    npm::run(workspace)?;
    let sources: Vec<PathBuf> =
        SOURCES.iter().flat_map(|folder| files_below(&workspace.path(folder))).collect();
    let fingerprint = || {
        let made = files_below(&workspace.path(OUTPUT));
        let names: Vec<_> = made.iter().map(|path| path.display().to_string()).collect();
        let files = SINGLE.iter().map(|path| workspace.path(path)).chain(sources.iter().cloned()).chain(made);
        files.fold(Fingerprint::new(), |all, path| all.file(&path)).word(&names.concat()).finish()
    };
    let stamp = Stamp::at(stamp_path(workspace, "page")?);
    if stamp.matches(&fingerprint()) {
        run::announce("pkg/page/dist/ is up to date");
        return Ok(());
    }
    run::announce("bundling the page into pkg/page/dist/");
    let mut check = workspace.program(workspace.node_tool("tsc"));
    run::quiet(check.args(["--project", "pkg/page"]), "tsc")?;
    run::quiet(workspace.node().arg("scripts/page.mjs"), "scripts/page.mjs")?;
    stamp.write(&fingerprint())
}
