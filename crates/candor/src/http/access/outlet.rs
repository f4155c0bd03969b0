//! Where the bytes of a ZIP go: into chunks that are handed over one by one, as long as they may be given.
//!
//! Whoever makes a ZIP ends it when it is let go of, also after something failed. Nothing of that may go out: once the valve is
//! shut, whatever is written goes nowhere.

use std::cell::Cell;
use std::io::{self, Write};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use domain::{Clock, Timestamp};
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::time::timeout;

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
    /// It is not taken in time.
    Late,
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

/// Who reads, and until when: whoever reads too slowly is given no more, so that nobody keeps a place for ever.
pub(super) struct Reader<E> {
    pub(super) parts: mpsc::Sender<Part<E>>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) until: Timestamp,
    /// Where it is waited for the reader, from a thread that may wait.
    pub(super) runtime: Handle,
}

impl<E> Reader<E> {
    /// Hands a part over, as soon as there is room for it.
    ///
    /// # Errors
    /// Why it is not taken.
    pub(super) fn send(&self, part: Part<E>) -> Result<(), Stopped> {
        let left = self.until.since(self.clock.now());
        let left = u64::try_from(left).ok().filter(|left| *left > 0).ok_or(Stopped::Late)?;
        let sent = self
            .runtime
            .block_on(async { timeout(Duration::from_millis(left), self.parts.send(part)).await });
        sent.map_err(|_| Stopped::Late)?.map_err(|_| Stopped::Unwanted)
    }
}

/// Takes the bytes.
pub(super) struct Outlet<'r, E, F> {
    reader: &'r Reader<E>,
    goes_on: F,
    valve: Valve,
    chunk: Vec<u8>,
}

impl<'r, E, F: Fn() -> bool> Outlet<'r, E, F> {
    /// An outlet to `reader`, as long as it `goes_on`.
    pub(super) fn new(reader: &'r Reader<E>, goes_on: F) -> (Self, Valve) {
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
        } else if let Err(why) = self.reader.send(Part::Lines(full.into())) {
            self.valve.shut(why);
        }
        if self.valve.stopped().is_some() { Err(io::ErrorKind::BrokenPipe.into()) } else { Ok(()) }
    }
}

impl<E, F: Fn() -> bool> Write for Outlet<'_, E, F> {
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

#[cfg(test)]
mod tests {
    use domain::ManualClock;

    use super::*;

    const UNTIL: Timestamp = Timestamp(1_000);

    /// What a chunk comes to at this moment, where the reader has room for `room` of them and there is one chunk already.
    async fn handed_over(at: Timestamp, room: usize) -> Option<Stopped> {
        let (parts, mut taken) = mpsc::channel::<Part<io::Error>>(room);
        let clock = Arc::new(ManualClock::at(at));
        let reader = Reader { parts, clock, until: UNTIL, runtime: Handle::current() };
        reader.parts.try_send(Part::End).unwrap_or_else(|_| unreachable!("there is room for one"));
        let packing = tokio::task::spawn_blocking(move || {
            let (mut outlet, valve) = Outlet::new(&reader, || true);
            let written = outlet.write(&[7; CHUNK_BYTES]);
            assert_eq!(written.is_err(), valve.stopped().is_some());
            valve.stopped()
        });
        let stopped = packing.await.unwrap();
        taken.close();
        stopped
    }

    #[tokio::test]
    async fn until_the_longest_time_is_over_it_is_given_and_then_no_more() {
        assert_eq!(handed_over(Timestamp(UNTIL.0 - 1_000), 2).await, None);
        assert_eq!(handed_over(Timestamp(UNTIL.0 - 1), 1).await, Some(Stopped::Late), "nobody takes it");
        assert_eq!(handed_over(UNTIL, 2).await, Some(Stopped::Late));
    }
}
