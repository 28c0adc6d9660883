//! The compiler's WebAssembly target.

use std::path::Path;

use crate::failure::Failure;
use crate::run;
use crate::workspace::{WASM_TARGET, Workspace};

pub(crate) fn ensure(workspace: &Workspace) -> Result<(), Failure> {
    if installed(workspace) {
        return Ok(());
    }
    run::announce(&format!("adding the Rust target {WASM_TARGET} (once, less than a minute)"));
    let mut rustup = workspace.program("rustup");
    rustup.args(["target", "add", WASM_TARGET]);
    run::quiet(&mut rustup, "rustup target add").map_err(|failure| {
        Failure::new(format!(
            "{failure}\nThe Rust target {WASM_TARGET} is needed: add it with `rustup target add {WASM_TARGET}`, \
             or, if this Rust does not come from rustup, with the package manager that installed it."
        ))
    })?;
    if installed(workspace) {
        return Ok(());
    }
    Err(Failure::new(format!(
        "rustup added {WASM_TARGET} to another toolchain than the one in use: compare `rustup show` with `which rustc`."
    )))
}

/// Asks the compiler itself, since not every Rust is managed by rustup.
fn installed(workspace: &Workspace) -> bool {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut command = workspace.program(rustc);
    command.args(["--print", "target-libdir", "--target", WASM_TARGET]);
    run::ask(&mut command).is_some_and(|folder| holds_libraries(Path::new(folder.trim())))
}

fn holds_libraries(folder: &Path) -> bool {
    // The folder alone proves nothing: rustup can leave an empty one behind.
    folder.read_dir().is_ok_and(|mut entries| entries.next().is_some())
}
