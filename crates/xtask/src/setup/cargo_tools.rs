//! The command-line tools that cargo installs: wasm-bindgen, worker-build and cargo-fuzz.
//!
//! A tool of exactly the right version on PATH is used as it is; otherwise it is compiled once
//! into `.tools/`.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::failure::Failure;
use crate::run;
use crate::version::Version;
use crate::workspace::Workspace;

/// Released together with the `worker` crate; keep the two in step.
const WORKER_BUILD: Version = Version::new(0, 8, 7);

const CARGO_FUZZ: Version = Version::new(0, 13, 2);

pub(crate) struct WasmBindgen {
    pub(crate) version: Version,
    pub(crate) bindgen: PathBuf,
    pub(crate) test_runner: PathBuf,
}

pub(crate) struct WorkerBuild {
    pub(crate) version: Version,
    pub(crate) program: PathBuf,
}

/// The tool's version is the crate's version in Cargo.lock: the two share an unstable format.
pub(crate) fn wasm_bindgen(workspace: &Workspace) -> Result<WasmBindgen, Failure> {
    let version = workspace.locked("wasm-bindgen")?;
    let tool = Tool {
        package: "wasm-bindgen-cli",
        version,
        programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
    };
    let folder = tool.ensure(workspace)?;
    Ok(WasmBindgen {
        version,
        bindgen: folder.join(file_name("wasm-bindgen")),
        test_runner: folder.join(file_name("wasm-bindgen-test-runner")),
    })
}

pub(crate) fn worker_build(workspace: &Workspace) -> Result<WorkerBuild, Failure> {
    let tool = Tool { package: "worker-build", version: WORKER_BUILD, programs: &["worker-build"] };
    let folder = tool.ensure(workspace)?;
    Ok(WorkerBuild { version: WORKER_BUILD, program: folder.join(file_name("worker-build")) })
}

pub(crate) fn cargo_fuzz(workspace: &Workspace) -> Result<PathBuf, Failure> {
    let tool = Tool { package: "cargo-fuzz", version: CARGO_FUZZ, programs: &["cargo-fuzz"] };
    Ok(tool.ensure(workspace)?.join(file_name("cargo-fuzz")))
}

struct Tool {
    package: &'static str,
    version: Version,
    programs: &'static [&'static str],
}

impl Tool {
    /// The folder that holds the tool's programs, installing them where none does.
    fn ensure(&self, workspace: &Workspace) -> Result<PathBuf, Failure> {
        let cache = workspace.path(".tools");
        let own = cache.join("bin");
        let on_path = env::var_os("PATH").map(|path| env::split_paths(&path).collect::<Vec<_>>());
        let mut folders = std::iter::once(own.clone()).chain(on_path.unwrap_or_default());
        if let Some(folder) = folders.find(|folder| self.is_in(folder)) {
            return Ok(folder);
        }
        let Self { package, version, .. } = self;
        run::announce(&format!("compiling {package} {version} into .tools (once, a minute or two)"));
        let mut install = workspace.cargo();
        // Unoptimised it compiles in a third of the time, and here the tools run for moments only.
        install.args(["install", "--debug", "--locked", "--force", "--root"]).arg(&cache);
        install.arg(format!("{package}@={version}"));
        if !run::on_terminal() {
            install.arg("--quiet");
        }
        install.env("CARGO_PROFILE_DEV_DEBUG", "0");
        install.env("CARGO_PROFILE_DEV_DEBUG_ASSERTIONS", "false");
        install.env("CARGO_PROFILE_DEV_OVERFLOW_CHECKS", "false");
        run::quiet(&mut install, &format!("cargo install {package}"))?;
        if self.is_in(&own) {
            return Ok(own);
        }
        Err(Failure::new(format!(
            "{package} was installed into .tools but does not say that it is version {version}: \
             delete .tools and try again."
        )))
    }

    fn is_in(&self, folder: &Path) -> bool {
        self.programs.iter().all(|program| {
            let file = folder.join(file_name(program));
            file.is_file()
                && run::ask(Command::new(file).arg("--version"))
                    .is_some_and(|output| Version::find(&output) == Some(self.version))
        })
    }
}

fn file_name(program: &str) -> String {
    format!("{program}{}", env::consts::EXE_SUFFIX)
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_tool_counts_only_with_all_its_programs_at_the_right_version() {
        let folder = env::temp_dir().join(format!("xtask-tools-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let write = |name: &str, version: &str| {
            let file = folder.join(name);
            fs::write(&file, format!("#!/bin/sh\necho {name} {version}\n")).unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
        };
        let tool = Tool { package: "p", version: Version::new(1, 2, 3), programs: &["one", "two"] };
        write("one", "1.2.3");
        assert!(!tool.is_in(&folder));
        write("two", "1.2.4");
        assert!(!tool.is_in(&folder));
        write("two", "1.2.3");
        assert!(tool.is_in(&folder));
        fs::remove_dir_all(folder).unwrap();
    }
}
