//! Chromium for the tests of the page: the machine's own, or Debian's package, which needs the rights to install it.

use std::path::Path;

use crate::failure::Failure;
use crate::run;
use crate::workspace::Workspace;

/// Chosen by hand, it comes first.
pub(crate) const VARIABLE: &str = "HOOKWARDEN_CHROMIUM";

const PROGRAMS: [&str; 6] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/// Where a Chromium is. One that is missing is installed where apt-get can do that.
pub(crate) fn ensure(workspace: &Workspace) -> Result<String, Failure> {
    if let Some(chosen) = std::env::var_os(VARIABLE) {
        let chosen = chosen.to_string_lossy().into_owned();
        return if works(workspace, &chosen) {
            Ok(chosen)
        } else {
            Err(Failure::new(format!("{VARIABLE} is `{chosen}`, which does not start.")))
        };
    }
    if let Some(found) = find(workspace) {
        return Ok(found);
    }
    run::announce("installing Debian's chromium with apt-get (once, a minute, 400 MB)");
    install(workspace);
    find(workspace).ok_or_else(|| {
        Failure::new(format!(
            "the tests of the page need Chromium, and it could not be installed here: install Chromium or Chrome, on \
             Debian with `sudo apt-get install chromium`, or set {VARIABLE} to the path of its program."
        ))
    })
}

fn find(workspace: &Workspace) -> Option<String> {
    PROGRAMS.into_iter().find_map(|program| {
        let path = if Path::new(program).is_absolute() { program.to_owned() } else { on_path(program)? };
        works(workspace, &path).then_some(path)
    })
}

/// Where the `PATH` has a program: Playwright takes a path and no name.
fn on_path(program: &str) -> Option<String> {
    let folders = std::env::var_os("PATH")?;
    let path = std::env::split_paths(&folders).map(|folder| folder.join(program)).find(|path| path.is_file());
    path.map(|path| path.display().to_string())
}

fn works(workspace: &Workspace, program: &str) -> bool {
    run::ask(workspace.program(program).arg("--version")).is_some()
}

fn install(workspace: &Workspace) -> Option<()> {
    let apt = |arguments: &[&str]| {
        run::ask(workspace.program("apt-get").args(arguments).env("DEBIAN_FRONTEND", "noninteractive"))
    };
    // Fonts come along: a small system has none, and text without one has no width.
    let packages =
        ["install", "--yes", "--quiet", "--no-install-recommends", "chromium", "fonts-dejavu-core"];
    if apt(&packages).is_none() {
        // A fresh machine may not know the packages yet.
        apt(&["update", "--quiet"])?;
        apt(&packages)?;
    }
    Some(())
}
