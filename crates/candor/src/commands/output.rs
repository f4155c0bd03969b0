//! What a command says on standard output.

use std::fmt::Display;
use std::io::{ErrorKind, Write};

/// Says a line. Where nobody reads any more, as after `| head`, the command has nothing left to do and ends well.
pub(super) fn say(line: impl Display) {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{line}").and_then(|()| out.flush()) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::BrokenPipe => std::process::exit(0),
        Err(error) => {
            eprintln!("candor: standard output cannot be written: {error}");
            std::process::exit(1);
        }
    }
}
