//! A client of the server's own Unix sockets: for the edge towards `app`, and for commands.

use std::path::Path;

use hyper::body::Body;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
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
    let (sender, connection) = handshake(TokioIo::new(stream)).await?;
    tokio::spawn(async move {
        // Its end is seen by whoever awaits the answer.
        let _ = connection.await;
    });
    Ok(sender)
}
