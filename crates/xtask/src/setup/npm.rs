//! Node.js and the npm packages of package-lock.json.

use crate::failure::Failure;
use crate::run;
use crate::stamp::{Fingerprint, Stamp};
use crate::version::Version;
use crate::workspace::Workspace;

const OLDEST_NODE: Version = Version::new(20, 19, 0);
const OLDEST_NPM: Version = Version::new(10, 0, 0);

pub(crate) const PROGRAM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

/// Says in time that Node.js is missing or too old.
pub(crate) fn check_node(workspace: &Workspace) -> Result<(), Failure> {
    let printed = run::ask(workspace.node().arg("--version"));
    new_enough("Node.js", printed.as_deref(), OLDEST_NODE)
}

/// Installs the tools of the repository when they are missing or package-lock.json has changed since.
pub(crate) fn ensure(workspace: &Workspace) -> Result<(), Failure> {
    install(workspace, "", "the npm packages of package-lock.json (once, less than a minute, 500 MB)")
}

/// The other runtimes that the npm package is tested on, in a folder of their own: only its tests need
/// them.
pub(crate) fn ensure_runtimes(workspace: &Workspace) -> Result<(), Failure> {
    install(
        workspace,
        "tests/npm/runtimes/",
        "Node.js 22 and 24, Deno and Bun (once, less than a minute, 600 MB)",
    )
}

fn install(workspace: &Workspace, folder: &str, what: &str) -> Result<(), Failure> {
    check_node(workspace)?;
    let path = |file: &str| workspace.path(&format!("{folder}{file}"));
    let fingerprint = Fingerprint::new()
        // One work tree may be shared by several systems, and some packages hold programs.
        .word(std::env::consts::OS)
        .word(std::env::consts::ARCH)
        .file(&path("package.json"))
        .file(&path("package-lock.json"))
        .finish();
    // npm ci empties node_modules first, so a failed one leaves no stamp.
    let stamp = Stamp::at(path("node_modules/.xtask-stamp"));
    if stamp.matches(&fingerprint) {
        return Ok(());
    }
    new_enough("npm", run::ask(workspace.program(PROGRAM).arg("--version")).as_deref(), OLDEST_NPM)?;
    run::announce(&format!("installing {what}"));
    let mut install = workspace.program(PROGRAM);
    install.current_dir(path(""));
    // No package here needs its install script: each ships its program in an optional package.
    install.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
    run::quiet(&mut install, "npm ci")?;
    stamp.write(&fingerprint)
}

fn new_enough(name: &str, printed: Option<&str>, oldest: Version) -> Result<(), Failure> {
    let Some(printed) = printed else {
        return Err(Failure::new(format!(
            "{name} was not found: install Node.js {OLDEST_NODE} or newer, with npm."
        )));
    };
    match Version::find(printed) {
        Some(version) if version >= oldest => Ok(()),
        _ => Err(Failure::new(format!(
            "{name} {} is too old: {oldest} or newer is needed.",
            printed.trim().trim_start_matches('v')
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_judged_with_a_sentence() {
        assert!(new_enough("Node.js", Some("v20.19.0\n"), OLDEST_NODE).is_ok());
        let old = new_enough("Node.js", Some("v18.20.8\n"), OLDEST_NODE).unwrap_err().to_string();
        assert_eq!(old, "Node.js 18.20.8 is too old: 20.19.0 or newer is needed.");
        let missing = new_enough("Node.js", None, OLDEST_NODE).unwrap_err().to_string();
        assert!(missing.contains("not found"), "{missing}");
    }

    #[test]
    fn package_json_asks_for_the_same_node() {
        let manifest: serde_json::Value =
            serde_json::from_str(include_str!("../../../../package.json")).expect("package.json is JSON");
        assert_eq!(manifest["engines"]["node"], ">=20.19");
        assert_eq!(OLDEST_NODE, Version::new(20, 19, 0));
    }
}
