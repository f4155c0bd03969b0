//! The sabotaged twin: the same program with one control taken out, so that a proof can be seen to go red.
//!
//! It is for tests alone: in a release build it is an empty program, and it is never packaged.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(2)
}
