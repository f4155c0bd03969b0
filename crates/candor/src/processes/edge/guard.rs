//! A connection under deadlines: for a request's head, for idling between requests, for taking an answer.
//!
//! One coarse timer a connection, so that a request costs no timer at all.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep};

use super::limits;

/// No deadline: a request is being answered, and its handler has deadlines of its own.
const NONE: u64 = 0;

/// What a connection is waiting for, shared between its bytes and its requests.
#[derive(Clone)]
pub(crate) struct Phase(Arc<Inner>);

struct Inner {
    begun: Instant,
    /// Milliseconds after `begun` by which the client must have sent what is awaited.
    read_by: AtomicU64,
    /// 1 between two requests, while the first byte of the next one is awaited.
    idle: AtomicU64,
}

impl Phase {
    /// A fresh connection: within `span` it must have said what it must say first.
    pub(crate) fn begin(span: Duration) -> Self {
        let phase = Self(Arc::new(Inner {
            begun: Instant::now(),
            read_by: AtomicU64::new(NONE),
            idle: AtomicU64::new(0),
        }));
        phase.await_within(span);
        phase
    }

    /// A request's head is awaited from now on.
    pub(crate) fn await_head(&self) {
        self.await_within(limits::HEAD_TIME_MAX);
    }

    /// A request's head is complete. Until the returned value is dropped, the request is being answered.
    pub(crate) fn answering(&self) -> Answering {
        self.0.read_by.store(NONE, Ordering::Relaxed);
        self.0.idle.store(0, Ordering::Relaxed);
        Answering(self.clone())
    }

    fn await_within(&self, span: Duration) {
        let by = self.0.begun.elapsed() + span;
        self.0.read_by.store(u64::try_from(by.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    fn bytes_came(&self) {
        if self.0.idle.swap(0, Ordering::Relaxed) == 1 {
            self.await_within(limits::HEAD_TIME_MAX);
        }
    }

    fn is_overdue(&self) -> bool {
        let by = self.0.read_by.load(Ordering::Relaxed);
        by != NONE && self.0.begun.elapsed().as_millis() > u128::from(by)
    }
}

/// A request that is being answered.
pub(crate) struct Answering(Phase);

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.await_within(limits::IDLE_TIME_MAX);
        self.0.0.idle.store(1, Ordering::Relaxed);
    }
}

/// The bytes of a connection under its deadlines.
pub(crate) struct Guarded {
    stream: TcpStream,
    phase: Phase,
    tick: Pin<Box<Sleep>>,
    /// Since when the client has taken nothing.
    stuck_since: Option<Instant>,
}

impl Guarded {
    pub(crate) fn new(stream: TcpStream, phase: Phase) -> Self {
        let tick = Box::pin(tokio::time::sleep(limits::DEADLINE_TICK));
        Self { stream, phase, tick, stuck_since: None }
    }

    /// Looks at the deadlines when the timer says so; fails when one has passed.
    fn check(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        while self.tick.as_mut().poll(context).is_ready() {
            let stuck = self.stuck_since.is_some_and(|since| since.elapsed() > limits::WRITE_TIME_MAX);
            if stuck || self.phase.is_overdue() {
                return Err(io::ErrorKind::TimedOut.into());
            }
            let next = Instant::now() + limits::DEADLINE_TICK;
            self.tick.as_mut().reset(next);
        }
        Ok(())
    }

    fn note_write<T>(&mut self, context: &mut Context<'_>, poll: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if poll.is_ready() {
            self.stuck_since = None;
            return poll;
        }
        self.stuck_since.get_or_insert_with(Instant::now);
        match self.check(context) {
            Ok(()) => Poll::Pending,
            Err(error) => Poll::Ready(Err(error)),
        }
    }
}

impl AsyncRead for Guarded {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        match Pin::new(&mut self.stream).poll_read(context, buffer) {
            Poll::Pending => {
                self.check(context)?;
                return Poll::Pending;
            }
            Poll::Ready(read) => read?,
        }
        if buffer.filled().len() > before {
            self.phase.bytes_came();
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Guarded {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let poll = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.note_write(context, poll)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let poll = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.note_write(context, poll)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
