//! A client of the server's own Unix sockets: for the edge towards `app`, and for commands.

use std::io::{self, ErrorKind};
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::Body;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::UnixStream;

/// A fresh connection to the socket at `path`. One connection serves one request: connecting costs
/// microseconds, and a connection that is never reused is never found stale.
pub(crate) async fn connect<B>(path: &Path) -> anyhow::Result<SendRequest<B>>
where
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    over(UnixStream::connect(path).await?).await
}

/// A client over a connection that is there.
pub(crate) async fn over<B>(stream: UnixStream) -> anyhow::Result<SendRequest<B>>
where
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let (sender, connection) = handshake(TokioIo::new(Answered(stream))).await?;
    tokio::spawn(async move {
        // Its end is seen by whoever awaits the answer.
        let _ = connection.await;
    });
    Ok(sender)
}

/// A connection to whom may answer before it has read all, and hang up: what it does not want to read counts as written,
/// so that its answer, which is there, is read.
struct Answered(UnixStream);

impl Answered {
    fn unwanted<T>(done: Poll<io::Result<T>>, whole: T) -> Poll<io::Result<T>> {
        match done {
            Poll::Ready(Err(error))
                if matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::ConnectionReset) =>
            {
                Poll::Ready(Ok(whole))
            }
            done => done,
        }
    }
}

impl AsyncRead for Answered {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, into)
    }
}

impl AsyncWrite for Answered {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Self::unwanted(Pin::new(&mut self.0).poll_write(context, bytes), bytes.len())
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let whole = parts.iter().map(|part| part.len()).sum();
        Self::unwanted(Pin::new(&mut self.0).poll_write_vectored(context, parts), whole)
    }

    fn is_write_vectored(&self) -> bool {
        self.0.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Self::unwanted(Pin::new(&mut self.0).poll_shutdown(context), ())
    }
}
