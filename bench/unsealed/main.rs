//! The product with its events unsealed, optimised as the product is: what sealing costs is measured beside it.
//!
//! It is never packaged, and it must never differ from the product in anything else.

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut parts = candor::Parts::product();
    parts.seals = |_, _| sealing::Seals::Unsealed;
    candor::run(&parts, std::env::args_os())
}
