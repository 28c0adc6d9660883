//! A Redis server for the tests of the npm package's store: the machine's own, or Debian's packages,
//! unpacked below the repository and not installed.

use std::fs;
use std::path::{Path, PathBuf};

use crate::run;
use crate::workspace::Workspace;

const FOLDER: &str = ".tools/redis";
const SCRATCH: &str = ".tools/redis.new";

/// The server, the package that its program is a link into, and the libraries that a small system lacks.
const PACKAGES: &[&str] = &["redis-server", "redis-tools", "libjemalloc2", "liblzf1"];

/// Finds the libraries beside the program.
const WRAPPER: &str = "#!/bin/sh
root=$(CDPATH= cd -- \"$(dirname -- \"$0\")\" && pwd)
for folder in \"$root\"/usr/lib/*-linux-gnu; do
  LD_LIBRARY_PATH=\"$folder:$LD_LIBRARY_PATH\"
done
export LD_LIBRARY_PATH
exec \"$root/usr/bin/redis-server\" \"$@\"
";

/// The folder that must be on the `PATH` for `redis-server`; `None` where it is there already, or cannot be
/// had: then the tests say that they are skipped, and why.
pub(crate) fn ensure(workspace: &Workspace) -> Option<PathBuf> {
    let works = |program: &Path| run::ask(workspace.program(program).arg("--version")).is_some();
    if works(Path::new("redis-server")) {
        return None;
    }
    let folder = workspace.path(FOLDER);
    if works(&folder.join("redis-server")) {
        return Some(folder);
    }
    run::announce("fetching Debian's redis-server into .tools (once, ten seconds)");
    if fetch(workspace, &workspace.path(SCRATCH), &folder).is_some() && works(&folder.join("redis-server")) {
        return Some(folder);
    }
    run::announce("there is no redis-server, and it cannot be fetched here: the tests of Redis are skipped");
    None
}

fn fetch(workspace: &Workspace, scratch: &Path, folder: &Path) -> Option<()> {
    let _ = fs::remove_dir_all(scratch);
    fs::create_dir_all(scratch).ok()?;
    let download =
        || run::ask(workspace.program("apt-get").arg("download").args(PACKAGES).current_dir(scratch));
    if download().is_none() {
        // A fresh machine may not know the packages yet; this needs the rights to it.
        run::ask(workspace.program("apt-get").args(["update", "--quiet"]))?;
        download()?;
    }
    let packages: Vec<_> = fs::read_dir(scratch).ok()?.flatten().map(|entry| entry.path()).collect();
    for package in packages {
        run::ask(workspace.program("dpkg").arg("--extract").arg(&package).arg(scratch))?;
        fs::remove_file(&package).ok()?;
    }
    let wrapper = scratch.join("redis-server");
    fs::write(&wrapper, WRAPPER).ok()?;
    run::ask(workspace.program("chmod").arg("+x").arg(&wrapper))?;
    let _ = fs::remove_dir_all(folder);
    fs::rename(scratch, folder).ok()
}
