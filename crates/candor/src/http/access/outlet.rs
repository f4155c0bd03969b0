//! Where the bytes of a ZIP go: into chunks that are handed over one by one, as long as they may be given.
//!
//! Whoever makes a ZIP ends it when it is let go of, also after something failed. Nothing of that may go out: once the valve is
//! shut, whatever is written goes nowhere.

use std::cell::Cell;
use std::io::{self, Write};
use std::rc::Rc;

use tokio::sync::mpsc;

use crate::http::whole::Part;

/// Bytes that are handed over together.
const CHUNK_BYTES: usize = 64 * 1024;

/// Why nothing is given any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stopped {
    /// Nobody wants it any more.
    Unwanted,
    /// It may not be given any more.
    Gone,
    /// Something went wrong where it is made.
    Failed,
}

/// What stops an [`Outlet`], from beside it.
#[derive(Clone, Default)]
pub(super) struct Valve(Rc<Cell<Option<Stopped>>>);

impl Valve {
    /// Lets nothing out from here on.
    pub(super) fn shut(&self, why: Stopped) {
        if self.0.get().is_none() {
            self.0.set(Some(why));
        }
    }

    /// Why nothing comes out, if nothing does.
    pub(super) fn stopped(&self) -> Option<Stopped> {
        self.0.get()
    }
}

/// Takes the bytes.
pub(super) struct Outlet<E, F> {
    reader: mpsc::Sender<Part<E>>,
    goes_on: F,
    valve: Valve,
    chunk: Vec<u8>,
}

impl<E, F: Fn() -> bool> Outlet<E, F> {
    /// An outlet to `reader`, as long as it `goes_on`.
    pub(super) fn new(reader: mpsc::Sender<Part<E>>, goes_on: F) -> (Self, Valve) {
        let valve = Valve::default();
        let outlet =
            Self { reader, goes_on, valve: valve.clone(), chunk: Vec::with_capacity(2 * CHUNK_BYTES) };
        (outlet, valve)
    }

    /// Hands over what is left.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.hand_over()
    }

    fn hand_over(&mut self) -> io::Result<()> {
        let full = std::mem::replace(&mut self.chunk, Vec::with_capacity(2 * CHUNK_BYTES));
        if !(self.goes_on)() {
            self.valve.shut(Stopped::Gone);
        } else if self.reader.blocking_send(Part::Lines(full.into())).is_err() {
            self.valve.shut(Stopped::Unwanted);
        }
        if self.valve.stopped().is_some() { Err(io::ErrorKind::BrokenPipe.into()) } else { Ok(()) }
    }
}

impl<E, F: Fn() -> bool> Write for Outlet<E, F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.valve.stopped().is_none() {
            self.chunk.extend_from_slice(bytes);
            if self.chunk.len() >= CHUNK_BYTES {
                self.hand_over()?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
