//! The official test suite of JSON Schema: the source archive of the Python package `jsonschema` holds it.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::failure::Failure;
use crate::run;
use crate::stamp::Stamp;
use crate::version::Version;
use crate::workspace::Workspace;

/// Where `json/tests` and `json/remotes` are.
const FOLDER: &str = ".tools/json-schema-suite";
const SCRATCH: &str = ".tools/json-schema-suite.new";

const VERSION: &str = "4.26.0";
/// Of the archive. pip refuses anything else.
const SHA256: &str = "0c26707e2efad8aa1bfc5b7ce170f3fccc2e4918ff85989ba9ffa9facb2be326";

/// What this version of the archive asks for.
const OLDEST_PYTHON: Version = Version::new(3, 10, 0);

/// Whether the suite is there, or can be fetched: says in time that Python is missing.
pub(crate) fn check(workspace: &Workspace) -> Result<(), Failure> {
    if is_there(workspace) { Ok(()) } else { python(workspace).map(drop) }
}

/// Fetches the suite when it is missing, or of another version.
pub(crate) fn ensure(workspace: &Workspace) -> Result<(), Failure> {
    if is_there(workspace) {
        return Ok(());
    }
    let python = python(workspace)?;
    run::announce("fetching the JSON Schema test suite from PyPI into .tools (once, ten seconds)");
    let scratch = workspace.path(SCRATCH);
    remove(&scratch)?;
    download(workspace, python, &scratch)?;
    unpack(workspace, python, &scratch)?;
    put_in_place(&scratch, &workspace.path(FOLDER))?;
    remove(&scratch)?;
    stamp(workspace).write(SHA256)
}

fn stamp(workspace: &Workspace) -> Stamp {
    Stamp::at(workspace.path(FOLDER).join(".xtask-stamp"))
}

fn is_there(workspace: &Workspace) -> bool {
    stamp(workspace).matches(SHA256) && workspace.path(FOLDER).join("json/tests/draft2020-12").is_dir()
}

/// The name under which a Python with pip is found.
fn python(workspace: &Workspace) -> Result<&'static str, Failure> {
    let ask = |name: &str, arguments: &[&str]| run::ask(workspace.program(name).args(arguments));
    // Asked in this way, since `--version` prints 3.13.0rc1 and 3.11.2+ too.
    let version = ["-c", "import sys; print('%d.%d.%d' % sys.version_info[:3])"];
    let found = ["python3", "python"].into_iter().find_map(|name| Some((name, ask(name, &version)?)));
    let name = new_enough(found)?;
    match ask(name, &["-m", "pip", "--version"]) {
        Some(_) => Ok(name),
        None => Err(Failure::new(format!(
            "{name} has no pip, which fetches the JSON Schema test suite: install it, on Debian with `apt install \
             python3-pip`, elsewhere with `{name} -m ensurepip`."
        ))),
    }
}

fn new_enough(found: Option<(&'static str, String)>) -> Result<&'static str, Failure> {
    let Some((name, printed)) = found else {
        return Err(Failure::new(format!(
            "Python was not found, and pip fetches the JSON Schema test suite: install Python {OLDEST_PYTHON} or \
             newer, with pip."
        )));
    };
    match Version::find(&printed) {
        Some(version) if version >= OLDEST_PYTHON => Ok(name),
        _ => Err(Failure::new(format!(
            "{name} {} is too old: {OLDEST_PYTHON} or newer is needed to fetch the JSON Schema test suite.",
            printed.trim()
        ))),
    }
}

fn download(workspace: &Workspace, python: &str, scratch: &Path) -> Result<(), Failure> {
    // pip takes hashes from a file only.
    let wanted = scratch.join("requirements.txt");
    fs::create_dir_all(scratch)
        .and_then(|()| fs::write(&wanted, format!("jsonschema=={VERSION} --hash=sha256:{SHA256}\n")))
        .map_err(|error| Failure::new(format!("could not write {}: {error}.", wanted.display())))?;
    let mut pip = workspace.program(python);
    pip.args(["-m", "pip", "download", "--disable-pip-version-check", "--no-input", "--require-hashes"]);
    // Of `jsonschema` the archive. What pip needs to look into it may come ready-made.
    pip.args(["--no-deps", "--no-binary", "jsonschema", "--dest"]).arg(scratch);
    pip.arg("--requirement").arg(&wanted);
    tell(&mut pip, "pip download")
}

fn unpack(workspace: &Workspace, python: &str, scratch: &Path) -> Result<(), Failure> {
    let archive = scratch.join(format!("jsonschema-{VERSION}.tar.gz"));
    let mut tarfile = workspace.program(python);
    tarfile.args(["-W", "ignore", "-m", "tarfile", "-e"]).arg(archive).arg(scratch);
    tell(&mut tarfile, "unpacking the JSON Schema test suite")
}

/// The folder is complete or not there: what unpacked half is never moved.
fn put_in_place(scratch: &Path, folder: &Path) -> Result<(), Failure> {
    let unpacked = scratch.join(format!("jsonschema-{VERSION}/json"));
    remove(folder)?;
    fs::create_dir_all(folder)
        .and_then(|()| fs::rename(&unpacked, folder.join("json")))
        .map_err(|error| Failure::new(format!("could not move {}: {error}.", unpacked.display())))
}

/// pip writes its progress to standard output.
fn tell(command: &mut Command, what: &str) -> Result<(), Failure> {
    if run::on_terminal() { run::visible(command, what) } else { run::quiet(command, what).map(drop) }
}

fn remove(folder: &Path) -> Result<(), Failure> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Failure::new(format!("could not remove {}: {error}.", folder.display())))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_judged_with_a_sentence() {
        let judge = |name, printed: &str| new_enough(Some((name, printed.to_owned())));
        assert_eq!(judge("python", "3.10.0\n").unwrap(), "python");
        assert_eq!(judge("python3", "4.0.0\n").unwrap(), "python3");
        let old = judge("python3", "3.9.18\n").unwrap_err().to_string();
        assert!(old.starts_with("python3 3.9.18 is too old: 3.10.0 or newer"), "{old}");
        let missing = new_enough(None).unwrap_err().to_string();
        assert!(missing.contains("not found") && missing.contains("install Python 3.10.0"), "{missing}");
    }

    #[test]
    fn the_tests_look_where_the_suite_is_put() {
        let tests = include_str!("../../../../tests/suite.rs");
        assert!(tests.contains(&format!("\"{FOLDER}/json\"")));
    }
}
