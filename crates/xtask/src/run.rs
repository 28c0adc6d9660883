//! Running other programs.

use std::io::{self, IsTerminal as _};
use std::process::{Command, ExitStatus, Output, Stdio};

use crate::failure::Failure;

/// Tells the person which step begins.
pub(crate) fn announce(step: &str) {
    eprintln!("xtask: {step}");
}

/// Runs a program whose output is for the person.
pub(crate) fn visible(command: &mut Command, what: &str) -> Result<(), Failure> {
    let status = command.status().map_err(|error| not_started(command, &error))?;
    succeeded(status, what)
}

/// Whether somebody watches: then a long step shows its own progress.
pub(crate) fn on_terminal() -> bool {
    io::stderr().is_terminal()
}

/// Runs a program whose output matters only when it fails, and gives back its standard output.
/// On a terminal its messages appear as they come.
pub(crate) fn quiet(command: &mut Command, what: &str) -> Result<String, Failure> {
    // Tools written with `anyhow` would follow their one useful sentence with a stack trace.
    command.env("RUST_LIB_BACKTRACE", "0");
    if on_terminal() {
        command.stderr(Stdio::inherit());
    }
    let output = command.output().map_err(|error| not_started(command, &error))?;
    if !output.status.success() {
        eprint!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    }
    succeeded(output.status, what)?;
    Ok(text(&output))
}

/// Asks a program something. `None` when it is not there or answers with a failure.
pub(crate) fn ask(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| text(&output))
}

/// Becomes the program where the system can do that, so that Ctrl-C, the exit code and the last
/// line printed are the program's own.
pub(crate) fn hand_over(command: &mut Command, what: &str) -> Result<(), Failure> {
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt as _;
        let _ = what;
        let error = command.exec();
        Err(not_started(command, &error))
    }
    #[cfg(not(unix))]
    visible(command, what)
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn succeeded(status: ExitStatus, what: &str) -> Result<(), Failure> {
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(match status.code() {
        Some(code) => format!("{what} failed (exit code {code}); the reason is above."),
        None => format!("{what} was ended from outside ({status})."),
    }))
}

fn not_started(command: &Command, error: &io::Error) -> Failure {
    let program = command.get_program().to_string_lossy();
    Failure::new(match error.kind() {
        io::ErrorKind::NotFound => {
            format!("`{program}` was not found: install it or add its folder to PATH.")
        }
        _ => format!("`{program}` could not be started: {error}."),
    })
}
