//! Where things are.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Failure;
use crate::run;
use crate::version::Version;

pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

pub(crate) struct Workspace {
    root: PathBuf,
}

impl Workspace {
    pub(crate) fn open() -> Result<Self, Failure> {
        // Cargo sets the variable for `cargo run`; the built-in path serves a binary started by hand.
        let manifest = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest.ancestors().nth(2).map(Path::to_path_buf);
        match root {
            Some(root) if root.join("crates/xtask").is_dir() => Ok(Self { root }),
            _ => Err(Failure::new("the repository was not found: run `cargo xtask` inside it.")),
        }
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// A program that runs at the repository's root.
    pub(crate) fn program(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        command
    }

    /// The cargo that runs this command, so that the toolchain is the same throughout.
    pub(crate) fn cargo(&self) -> Command {
        self.program(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
    }

    pub(crate) fn node(&self) -> Command {
        self.program("node")
    }

    /// A command-line tool of an npm package.
    pub(crate) fn node_tool(&self, name: &str) -> PathBuf {
        let suffix = if cfg!(windows) { ".cmd" } else { "" };
        self.path(&format!("node_modules/.bin/{name}{suffix}"))
    }

    /// Cargo's output folder, wherever the person's configuration puts it.
    pub(crate) fn target_dir(&self) -> Result<PathBuf, Failure> {
        let mut command = self.cargo();
        command.args(["metadata", "--no-deps", "--format-version", "1"]);
        let metadata = run::quiet(&mut command, "cargo metadata")?;
        serde_json::from_str::<serde_json::Value>(&metadata)
            .ok()
            .and_then(|metadata| Some(PathBuf::from(metadata.get("target_directory")?.as_str()?)))
            .ok_or_else(|| Failure::new("cargo metadata names no target folder; is this cargo too old?"))
    }

    /// The version of a crate in Cargo.lock.
    pub(crate) fn locked(&self, package: &str) -> Result<Version, Failure> {
        let lock = std::fs::read_to_string(self.path("Cargo.lock"))
            .map_err(|error| Failure::new(format!("Cargo.lock could not be read: {error}.")))?;
        match locked_versions(&lock, package).as_slice() {
            [version] => Ok(*version),
            [] => Err(Failure::new(format!("Cargo.lock holds no release of {package}."))),
            _ => Err(Failure::new(format!(
                "Cargo.lock holds several versions of {package}, and its command-line tool fits only one: \
                 `cargo tree -i {package}` shows who asks for which."
            ))),
        }
    }
}

fn locked_versions(lock: &str, package: &str) -> Vec<Version> {
    let wanted = format!("name = \"{package}\"");
    let lines: Vec<&str> = lock.lines().map(str::trim).collect();
    lines
        .windows(2)
        .filter(|pair| pair[0] == wanted)
        .filter_map(|pair| Version::parse(pair[1].strip_prefix("version = \"")?.strip_suffix('"')?))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"
[[package]]
name = "wasm-bindgen"
version = "0.2.129"

[[package]]
name = "wasm-bindgen-macro"
version = "0.2.128"

[[package]]
name = "twice"
version = "1.0.0"

[[package]]
name = "twice"
version = "2.0.0"
"#;

    #[test]
    fn finds_the_locked_version_of_exactly_that_package() {
        assert_eq!(locked_versions(LOCK, "wasm-bindgen"), [Version::new(0, 2, 129)]);
        assert_eq!(locked_versions(LOCK, "wasm"), []);
        assert_eq!(locked_versions(LOCK, "twice").len(), 2);
    }
}
