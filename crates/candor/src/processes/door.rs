//! How `edge` reaches `app`: over a line that both are handed at birth, `edge` sends `app` one end of a socket pair, made
//! for one request. So `edge` needs no right to connect to anything. The supervisor holds the line as well: what is sent
//! while `app` is being replaced is answered by the next one.

use std::io::{self, ErrorKind};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream as StdUnixStream;
use std::time::Duration;

use axum::serve::Listener;
use tokio::io::Interest;
use tokio::net::UnixStream;

/// How long `app` rests after a connection could not be taken.
const REST: Duration = Duration::from_millis(50);

/// The end of `edge`.
pub(crate) struct ToApp(OwnedFd);

impl ToApp {
    pub(crate) const fn new(line: OwnedFd) -> Self {
        Self(line)
    }

    /// A fresh connection to `app`. It never waits: where too many are not taken yet, it fails.
    pub(crate) fn connect(&self) -> io::Result<UnixStream> {
        let (ours, theirs) = StdUnixStream::pair()?;
        sealing::introduce(&self.0, 0, theirs.as_fd())?;
        ours.set_nonblocking(true)?;
        UnixStream::from_std(ours)
    }
}

/// The end of `app`: it keeps packets apart, which the runtime need not know.
pub(crate) struct FromEdge(UnixStream);

impl FromEdge {
    pub(crate) fn new(line: OwnedFd) -> io::Result<Self> {
        let line = StdUnixStream::from(line);
        line.set_nonblocking(true)?;
        Ok(Self(UnixStream::from_std(line)?))
    }

    async fn take(&self) -> io::Result<UnixStream> {
        loop {
            self.0.readable().await?;
            match self.0.try_io(Interest::READABLE, || sealing::introduced(&self.0)) {
                Ok((_, socket)) => {
                    let stream = StdUnixStream::from(socket);
                    stream.set_nonblocking(true)?;
                    return UnixStream::from_std(stream);
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
    }
}

impl Listener for FromEdge {
    type Io = UnixStream;
    type Addr = ();

    async fn accept(&mut self) -> (UnixStream, ()) {
        loop {
            match self.take().await {
                Ok(stream) => return (stream, ()),
                Err(error) => {
                    tracing::warn!("a connection of edge cannot be taken: {error}");
                    tokio::time::sleep(REST).await;
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<()> {
        Ok(())
    }
}
