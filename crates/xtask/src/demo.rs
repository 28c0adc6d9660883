//! `cargo xtask demo`: the built Worker in workerd, good and bad deliveries, and a table.

use crate::build;
use crate::failure::Failure;
use crate::run;
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace) -> Result<(), Failure> {
    build::worker(workspace)?;
    run::announce("starting the demonstration");
    run::hand_over(workspace.node().arg("scripts/demo.mjs"), "the demonstration")
}
