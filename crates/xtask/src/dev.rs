//! `cargo xtask dev`: the built Worker on this machine, relaying to an origin of your choice.

use crate::build;
use crate::failure::Failure;
use crate::run;
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace, origin: &str, port: u16) -> Result<(), Failure> {
    build::worker(workspace)?;
    build::page(workspace)?;
    run::hand_over(
        workspace.node().args(["scripts/dev.mjs", "--origin", origin, "--port", &port.to_string()]),
        "the development gateway",
    )
}
