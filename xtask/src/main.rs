//! The developer commands of the house: `cargo xtask <command>`. The `Makefile` names the ones a newcomer needs.
//!
//! It may run tools and read the tree; it must never be part of the product.

mod build;
mod lists;
mod requirements;
mod run;
mod steps;
mod suite;
mod tidy;

use std::process::ExitCode;

const COMMANDS: &str = "\
build     build the tracker, the UI and the release binary; `build web` leaves out the binary
run       build, then serve Candor with a demo site and open it
test      every test; `test quick` leaves out browsers, kill rounds and the oracle
chaos     long rounds of killing every process under load
bless     write the generated files anew: OpenAPI document, API client, table of who may what
timing    whether the time of an answer tells who is known: alone on a quiet machine
tidy      check the walls: layers, sizes, names, paths named in ARCHITECTURE.md
lists     fetch the open lists that capture judges by; `lists bots` fetches one
require   say what this machine lacks, and the command that installs it";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["build"] => build::build(),
        ["build", "web"] => build::build_web(),
        ["run"] => run::run(),
        ["test"] => suite::test(suite::Extent::Whole),
        ["test", "quick"] => suite::test(suite::Extent::Quick),
        ["chaos"] => suite::chaos(),
        ["timing"] => suite::timing(),
        ["bless"] => suite::bless(),
        ["tidy"] => tidy::tidy(),
        ["lists", wanted @ ..] => lists::refresh(wanted),
        ["require"] => requirements::report(),
        _ => {
            eprintln!("usage: cargo xtask <command>\n\n{COMMANDS}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n{error:#}");
            ExitCode::FAILURE
        }
    }
}
