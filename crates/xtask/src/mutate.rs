//! `cargo xtask mutate`: mutated schemas and payloads by the million, the same ones every time.

use crate::command::Mutate;
use crate::failure::Failure;
use crate::run;
use crate::setup::schema_suite;
use crate::workspace::Workspace;

pub(crate) fn run(workspace: &Workspace, mutate: &Mutate) -> Result<(), Failure> {
    schema_suite::ensure(workspace)?;
    run::announce(&format!("mutate: {} inputs from number {} on", mutate.count, mutate.first));
    run::visible(
        workspace
            .cargo()
            .args(["test", "--package", "hookwarden", "--profile", "testrelease", "--test", "mutations"])
            .args(["--", "--ignored", "--nocapture"])
            .env("MUTATE_FIRST", mutate.first.to_string())
            .env("MUTATE_COUNT", mutate.count.to_string()),
        "mutate stopped: a mutated input",
    )
}
