//! `candor-twin --without CONTROL …`: which controls can be taken out.

use std::ffi::OsString;
use std::net::{IpAddr, Ipv6Addr};
use std::process::ExitCode;

use candor::Parts;

/// Runs the program without the control that the first two arguments name.
pub(crate) fn run() -> ExitCode {
    let mut arguments = std::env::args_os();
    let program = arguments.next().unwrap_or_default();
    let (Some(flag), Some(control)) = (arguments.next(), arguments.next()) else { return usage() };
    let mut parts = Parts::product();
    match control.to_str().filter(|_| flag == "--without") {
        // Nothing behind the pipeline's first steps has a field for an address. What truncation protects from is
        // a line like this one, written by somebody who believes that what is shown was truncated.
        Some("truncation") => {
            parts.controls.truncate = |address| {
                let whole = IpAddr::from(Ipv6Addr::from(address.key_bytes())).to_canonical();
                eprintln!("located {whole}");
                whole
            };
        }
        Some("forgetting") => parts.forget_addresses = |_| {},
        #[expect(clippy::disallowed_methods, reason = "the one place that takes controls out")]
        Some("starring") => domain::leave_cards_in(),
        _ => return usage(),
    }
    parts.child_arguments = [flag, control].iter().map(|part| part.to_string_lossy().into_owned()).collect();
    candor::run(&parts, std::iter::once(program).chain(arguments).collect::<Vec<OsString>>())
}

fn usage() -> ExitCode {
    eprintln!("candor-twin --without truncation|forgetting|starring COMMAND");
    ExitCode::from(2)
}
