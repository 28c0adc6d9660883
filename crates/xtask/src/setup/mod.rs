//! What the other commands need on the machine: each piece is installed once, below the
//! repository where possible, and costs next to nothing when it is there.

pub(crate) mod cargo_tools;
pub(crate) mod chromium;
pub(crate) mod npm;
pub(crate) mod redis;
pub(crate) mod schema_suite;
pub(crate) mod wasm_target;

use crate::failure::Failure;
use crate::run::announce;
use crate::workspace::Workspace;

pub(crate) fn everything(workspace: &Workspace) -> Result<(), Failure> {
    // The quick checks first: a missing Node.js should not show only after minutes of compiling.
    npm::check_node(workspace)?;
    let suite = schema_suite::check(workspace);
    wasm_target::ensure(workspace)?;
    npm::ensure(workspace)?;
    cargo_tools::wasm_bindgen(workspace)?;
    cargo_tools::worker_build(workspace)?;
    match suite {
        Ok(()) => {
            schema_suite::ensure(workspace)?;
            announce("everything is in place");
        }
        // Who builds and deploys has no use for the suite.
        Err(missing) => announce(&format!("everything is in place but for the tests: {missing}")),
    }
    Ok(())
}
