//! `cargo xtask <command>`: every developer command of Hookwarden, and what CI calls.
//!
//! One file per command. The commands install what they need on the first run, below the
//! repository, and do nothing that is already done on the next.

mod bench;
mod build;
mod chaos;
mod check;
mod command;
mod demo;
mod dev;
mod failure;
mod fuzz;
mod mutate;
mod run;
mod setup;
mod size;
mod stamp;
mod test;
mod version;
mod workspace;

use std::process::ExitCode;

use command::Command;
use failure::Failure;
use workspace::Workspace;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match Command::parse(&arguments).and_then(|command| execute(&command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            failure.exit_code()
        }
    }
}

fn execute(command: &Command) -> Result<(), Failure> {
    if let Command::Help = command {
        print!("{}", command::HELP);
        return Ok(());
    }
    let workspace = Workspace::open()?;
    match command {
        Command::Help => Ok(()),
        Command::Setup => setup::everything(&workspace),
        Command::Build(part) => build::run(&workspace, *part),
        Command::Bench(bench) => bench::run(&workspace, bench),
        Command::Mutate(mutate) => mutate::run(&workspace, mutate),
        Command::Fuzz(fuzz) => fuzz::run(&workspace, fuzz),
        Command::Chaos { only } => chaos::run(&workspace, only.as_deref()),
        Command::Size => size::run(&workspace),
        Command::Check => check::run(&workspace),
        Command::Test(part) => test::run(&workspace, *part),
        Command::Demo { stay } => demo::run(&workspace, *stay),
        Command::Dev { origin, port } => dev::run(&workspace, origin, *port),
    }
}
