//! What `providers/` holds beyond definitions: schemas and samples that fit together, and the numbers that
//! documents state.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use hookwarden::{Delivery, Options, Provider, SchemaStatus, Verdict, Verifier};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const TITLES: [&str; 3] = ["providers", "signature schemes", "vectors"];

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}
