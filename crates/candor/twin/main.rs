//! The sabotaged twin: the same program with one control taken out, so that a proof can be seen to go red.
//!
//! It is for tests alone: in a release build it is an empty program, and it is never packaged.

use std::process::ExitCode;

#[cfg(debug_assertions)]
mod sabotage;

fn main() -> ExitCode {
    #[cfg(debug_assertions)]
    return sabotage::run();
    #[cfg(not(debug_assertions))]
    return ExitCode::from(2);
}
