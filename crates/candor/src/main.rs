//! The program: everything is in the library, so that the sabotaged twin can be built from the same parts.

use std::process::ExitCode;

fn main() -> ExitCode {
    candor::run(&candor::Parts::product(), std::env::args_os())
}
