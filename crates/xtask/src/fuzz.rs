//! `cargo xtask fuzz`: libFuzzer on the targets of `fuzz/`, through cargo-fuzz and a nightly compiler.

use std::fs;
use std::path::{Path, PathBuf};

use crate::command::Fuzz;
use crate::failure::Failure;
use crate::run;
use crate::setup::cargo_tools;
use crate::workspace::Workspace;

const FOLDER: &str = "fuzz";

/// By what each is fed at first: alone, or after the schema of its event.
const TARGETS: &[(&str, Feed)] =
    &[("schema", Feed::SchemaAndSample), ("payload", Feed::Sample), ("canonical", Feed::Sample)];

#[derive(Clone, Copy)]
enum Feed {
    Sample,
    SchemaAndSample,
}

pub(crate) fn run(workspace: &Workspace, fuzz: &Fuzz) -> Result<(), Failure> {
    let wanted = |name: &str| fuzz.target.as_deref().is_none_or(|target| target == name);
    let targets: Vec<_> = TARGETS.iter().filter(|(name, _)| wanted(name)).collect();
    if targets.is_empty() {
        let names: Vec<_> = TARGETS.iter().map(|(name, _)| *name).collect();
        return Err(Failure::usage(format!("the fuzz targets are: {}.", names.join(", "))));
    }
    check_nightly(workspace)?;
    let cargo_fuzz = cargo_tools::cargo_fuzz(workspace)?;
    for (name, feed) in targets {
        let corpus = workspace.path(FOLDER).join("corpus").join(name);
        feed_with_samples(workspace, *feed, &corpus)?;
        run::announce(&format!("fuzz: {name} for {} seconds", fuzz.seconds));
        let mut command = workspace.program(&cargo_fuzz);
        command.current_dir(workspace.path(FOLDER)).env("RUSTUP_TOOLCHAIN", "nightly").env_remove("CARGO");
        command.args(["fuzz", "run", name, "--", "-timeout=10", "-max_len=20000", "-print_final_stats=1"]);
        command.arg("-dict=json-schema.dict").arg(format!("-max_total_time={}", fuzz.seconds));
        run::visible(&mut command, &format!("the fuzz target {name}"))?;
    }
    Ok(())
}

fn check_nightly(workspace: &Workspace) -> Result<(), Failure> {
    let nightly = run::ask(workspace.program("rustup").args(["run", "nightly", "rustc", "--version"]));
    nightly.map(drop).ok_or_else(|| {
        Failure::new("libFuzzer needs a nightly compiler: `rustup toolchain install nightly` fetches one.")
    })
}

/// The providers' samples, so that the fuzzer need not find JSON by itself.
fn feed_with_samples(workspace: &Workspace, feed: Feed, corpus: &Path) -> Result<(), Failure> {
    let failed = |path: &Path| {
        let path = path.display().to_string();
        move |error: std::io::Error| Failure::new(format!("{path}: {error}."))
    };
    fs::create_dir_all(corpus).map_err(failed(corpus))?;
    let providers = entries(&workspace.path("providers"))?;
    for provider in providers.into_iter().filter(|provider| provider.join("samples").is_dir()) {
        for sample in entries(&provider.join("samples"))? {
            let name = sample.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let event = name.split('~').next().unwrap_or_default();
            let schema = provider.join("events").join(format!("{event}.schema.json"));
            let mut input = fs::read(&sample).map_err(failed(&sample))?;
            if let Feed::SchemaAndSample = feed {
                let schema = fs::read(&schema).map_err(failed(&schema))?;
                input = [&[0][..], &schema, &[0], &input].concat();
            }
            let provider = provider.file_name().unwrap_or_default().to_string_lossy();
            let file = corpus.join(format!("{provider}-{name}"));
            fs::write(&file, input).map_err(failed(&file))?;
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = folder.read_dir().and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect());
    entries.map_err(|error| Failure::new(format!("{}: {error}.", folder.display())))
}
