//! `cargo xtask demo`: the built Worker in workerd, good and bad deliveries, and a table.

use crate::build;
use crate::failure::Failure;
use crate::run;
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace, stay: bool) -> Result<(), Failure> {
    build::worker(workspace)?;
    build::page(workspace)?;
    run::announce("starting the demonstration");
    let mut demo = workspace.node();
    demo.arg("scripts/demo.mjs").args(stay.then_some("--stay"));
    run::hand_over(&mut demo, "the demonstration")
}
