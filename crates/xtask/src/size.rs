//! `cargo xtask size`: what is shipped, and whether it stays within its budget.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::build;
use crate::failure::Failure;
use crate::run;
use crate::setup::npm;
use crate::workspace::Workspace;

/// 1 KB is 1,000 bytes throughout.
const WORKER_BUDGET: Budget = Budget::Gzipped(200_000);
/// With the table of providers, without which it judges nothing.
const WASM_BUDGET: Budget = Budget::Gzipped(120_000);
/// What the default entry adds to somebody's bundle, before a server compresses it.
const BUNDLE_BUDGET: Budget = Budget::Raw(360_000);
/// Everything that a browser fetches before the page can judge, as most hosts send it.
const PAGE_BUDGET: Budget = Budget::Gzipped(400_000);
/// The dashboard, which is a page of its own.
const DASHBOARD_BUDGET: Budget = Budget::Gzipped(30_000);
const UNPACKED_BUDGET: Budget = Budget::Raw(1_100_000);

const ENTRY: &str = "pkg/dist/index.js";
/// Text that bundlers leave as it is.
const TABLE: &str = "pkg/src/generated/definitions.ts";

pub(crate) fn run(workspace: &Workspace) -> Result<(), Failure> {
    let artifacts = artifacts(workspace)?;
    print!("{}", table(&artifacts));
    let over: Vec<&str> = artifacts.iter().filter(|one| one.is_over()).map(|one| one.name).collect();
    if over.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!("over the size budget: {}.", over.join(", "))))
}

/// The same as JSON: `[{"name", "raw", "gzipped"}]`.
pub(crate) fn measured(workspace: &Workspace) -> Result<String, Failure> {
    let artifacts = artifacts(workspace)?;
    let sizes = artifacts.iter().map(|one| {
        let Size { raw, gzipped } = one.total();
        serde_json::json!({ "name": one.name, "raw": raw, "gzipped": gzipped })
    });
    Ok(sizes.collect::<serde_json::Value>().to_string())
}

fn artifacts(workspace: &Workspace) -> Result<[Artifact; 6], Failure> {
    build::worker(workspace)?;
    build::page(workspace)?;
    Ok([
        Artifact::measure("Worker upload", WORKER_BUDGET, workspace, &worker_upload(workspace)?)?,
        Artifact::measure(
            "npm wasm and providers",
            WASM_BUDGET,
            workspace,
            &[workspace.path(build::NPM_WASM), workspace.path(TABLE)],
        )?,
        Artifact::measure(
            "npm entry, bundled and minified",
            BUNDLE_BUDGET,
            workspace,
            &[bundle(workspace)?],
        )?,
        Artifact::measure("npm package, unpacked", UNPACKED_BUDGET, workspace, &package(workspace)?)?
            .summed(),
        Artifact::measure("page, first load", PAGE_BUDGET, workspace, &first_load(workspace)?)?,
        Artifact::measure("dashboard, first load", DASHBOARD_BUDGET, workspace, &dashboard(workspace)?)?,
    ])
}

/// wrangler uploads the entry and every wasm module; the other files of `build/` stay here.
fn worker_upload(workspace: &Workspace) -> Result<Vec<PathBuf>, Failure> {
    let folder = workspace.path(build::WORKER_OUTPUT);
    let entries = folder.read_dir().map_err(|error| unreadable(&folder, &error))?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "wasm"))
        .collect();
    files.push(folder.join("index.js"));
    files.sort();
    Ok(files)
}

/// The page without its samples and its code for public keys, which are fetched when somebody needs them, its service
/// worker, which waits until the page is ready, and the dashboard.
fn first_load(workspace: &Workspace) -> Result<Vec<PathBuf>, Failure> {
    view(workspace, "index.html", |name| {
        !["samples", "public-keys", "dashboard"].iter().any(|other| name.starts_with(other))
    })
}

fn dashboard(workspace: &Workspace) -> Result<Vec<PathBuf>, Failure> {
    view(workspace, "dashboard.html", |name| {
        ["dashboard", "theme", "tokens", "icon"].iter().any(|own| name.starts_with(own))
    })
}

/// A view of the page, and those assets that it loads.
fn view(workspace: &Workspace, html: &str, loads: fn(&str) -> bool) -> Result<Vec<PathBuf>, Failure> {
    let page = workspace.path(build::PAGE_OUTPUT).join("_hookwarden");
    let assets = page.join("assets");
    let entries = assets.read_dir().map_err(|error| unreadable(&assets, &error))?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.file_name().is_some_and(|name| loads(&name.to_string_lossy())))
        .collect();
    files.push(page.join(html));
    files.sort();
    Ok(files)
}

/// The default entry as a bundler leaves it.
fn bundle(workspace: &Workspace) -> Result<PathBuf, Failure> {
    let output = workspace.target_dir()?.join("xtask/npm-entry.js");
    let mut command = workspace.program(workspace.node_tool("esbuild"));
    command.args([ENTRY, "--bundle", "--minify", "--format=esm", "--log-level=warning"]);
    command.arg(format!("--outfile={}", output.display()));
    run::quiet(&mut command, "esbuild")?;
    Ok(output)
}

/// The files that npm would pack.
fn package(workspace: &Workspace) -> Result<Vec<PathBuf>, Failure> {
    let mut command = workspace.program(npm::PROGRAM);
    command.args(["pack", "./pkg", "--dry-run", "--json", "--loglevel=error"]);
    let printed = run::quiet(&mut command, "npm pack")?;
    let packed: serde_json::Value = serde_json::from_str(&printed).unwrap_or_default();
    let paths = packed[0]["files"].as_array().into_iter().flatten().filter_map(|file| file["path"].as_str());
    let files: Vec<_> = paths.map(|path| workspace.path("pkg").join(path)).collect();
    if files.is_empty() {
        return Err(Failure::new("npm pack names no files."));
    }
    Ok(files)
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(format!("{} could not be read: {error}.", path.display()))
}

#[derive(Clone, Copy)]
enum Budget {
    Raw(usize),
    Gzipped(usize),
}

#[derive(Clone, Copy)]
struct Size {
    raw: usize,
    gzipped: usize,
}

struct Artifact {
    name: &'static str,
    budget: Budget,
    files: Vec<(String, Size)>,
}

impl Artifact {
    fn measure(
        name: &'static str,
        budget: Budget,
        workspace: &Workspace,
        files: &[PathBuf],
    ) -> Result<Self, Failure> {
        let files = files
            .iter()
            .map(|path| {
                let content = fs::read(path).map_err(|error| unreadable(path, &error))?;
                let shown = path.strip_prefix(workspace.path("")).unwrap_or(path).display().to_string();
                Ok((shown, Size { raw: content.len(), gzipped: gzip(&content) }))
            })
            .collect::<Result<_, Failure>>()?;
        Ok(Self { name, budget, files })
    }

    fn total(&self) -> Size {
        self.files.iter().fold(Size { raw: 0, gzipped: 0 }, |sum, (_, size)| Size {
            raw: sum.raw + size.raw,
            gzipped: sum.gzipped + size.gzipped,
        })
    }

    fn is_over(&self) -> bool {
        match self.budget {
            Budget::Raw(most) => self.total().raw > most,
            Budget::Gzipped(most) => self.total().gzipped > most,
        }
    }

    /// Without its files, where they are too many to be read.
    fn summed(self) -> Self {
        let files = vec![(format!("{} files", self.files.len()), self.total())];
        Self { files, ..self }
    }
}

fn gzip(content: &[u8]) -> usize {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(9));
    // Writing to memory cannot fail.
    let _ = encoder.write_all(content);
    encoder.finish().map_or(usize::MAX, |bytes| bytes.len())
}

fn table(artifacts: &[Artifact]) -> String {
    let mut text = format!("{:<32} {:>12} {:>12} {:>20}\n", "", "raw", "gzipped", "budget");
    for artifact in artifacts {
        let verdict = if artifact.is_over() { "OVER" } else { "ok" };
        line(
            &mut text,
            artifact.name,
            artifact.total(),
            &match artifact.budget {
                Budget::Raw(most) => format!("{} raw {verdict}", kilobytes(most)),
                Budget::Gzipped(most) => format!("{} gzipped {verdict}", kilobytes(most)),
            },
        );
        for (name, size) in &artifact.files {
            line(&mut text, &format!("  {name}"), *size, "");
        }
    }
    text
}

fn line(text: &mut String, name: &str, size: Size, budget: &str) {
    let (raw, gzipped) = (kilobytes(size.raw), kilobytes(size.gzipped));
    let row = format!("{name:<32} {raw:>12} {gzipped:>12} {budget:>23}");
    let _ = writeln!(text, "{}", row.trim_end());
}

fn kilobytes(bytes: usize) -> String {
    format!("{}.{} KB", bytes / 1000, bytes % 1000 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn artifact(gzipped: usize) -> Artifact {
        let js = ("build/index.js".to_owned(), Size { raw: 20_990, gzipped: 7_000 });
        let wasm = ("build/index_bg.wasm".to_owned(), Size { raw: 300_050, gzipped: gzipped - 7_000 });
        Artifact { name: "Worker upload", budget: Budget::Gzipped(200_000), files: vec![js, wasm] }
    }

    #[test]
    fn the_budget_may_be_used_up_but_not_passed() {
        assert!(!artifact(200_000).is_over());
        assert!(artifact(200_001).is_over());
        let raw = |most| Artifact { budget: Budget::Raw(most), ..artifact(100_000) };
        assert!(!raw(321_040).is_over());
        assert!(raw(321_039).is_over());
    }

    #[test]
    fn the_table_shows_totals_files_and_the_verdict() {
        let text = table(&[artifact(123_456)]);
        let rows: Vec<Vec<&str>> = text.lines().map(|row| row.split_whitespace().collect()).collect();
        assert_eq!(rows[0], ["raw", "gzipped", "budget"]);
        assert_eq!(
            rows[1],
            ["Worker", "upload", "321.0", "KB", "123.4", "KB", "200.0", "KB", "gzipped", "ok"]
        );
        assert_eq!(rows[2], ["build/index.js", "20.9", "KB", "7.0", "KB"]);
        assert_eq!(rows[3], ["build/index_bg.wasm", "300.0", "KB", "116.4", "KB"]);
        assert!(table(&[artifact(250_000)]).contains("OVER"));
    }

    #[test]
    fn gzip_compresses() {
        assert!(gzip(&[0; 10_000]) < 100);
    }
}
