//! `cargo xtask chaos`: copies, kills and outages in full size, against what `docs/guarantees.md` claims.

use crate::build;
use crate::failure::Failure;
use crate::run;
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace, only: Option<&str>) -> Result<(), Failure> {
    build::worker(workspace)?;
    run::announce("chaos: a quarter of an hour; keep the machine quiet meanwhile");
    run::hand_over(workspace.node().arg("tests/chaos/main.mjs").args(only), "chaos")
}
