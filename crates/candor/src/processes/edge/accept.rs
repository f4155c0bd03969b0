//! The accept loop: takes connections up to the limit and serves HTTP/1.1 on each.

use std::sync::Arc;
use std::time::Duration;

use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use super::guard::{Guarded, Phase};
use super::{Edge, limits, route};

/// What a connection beyond the limit is told before it is closed.
const TURNED_AWAY: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 2\r\nconnection: close\r\n\
content-length: 0\r\naccess-control-allow-origin: *\r\n\r\n";
/// Waiting when the system has no descriptor left for another connection.
const EXHAUSTED_PAUSE: Duration = Duration::from_millis(50);

/// The connections that are open.
#[derive(Clone)]
pub(super) struct Connections {
    free: Arc<Semaphore>,
    max: u32,
}

impl Connections {
    pub(super) fn new() -> Self {
        let max = limits::connections_max();
        Self { free: Arc::new(Semaphore::new(max)), max: u32::try_from(max).unwrap_or(u32::MAX) }
    }

    /// Waits until no connection is open.
    pub(super) async fn gone(&self) {
        // Closed only with the process.
        let _ = self.free.acquire_many(self.max).await;
    }
}

/// One listener's loop.
pub(super) struct Door {
    pub(super) edge: Arc<Edge>,
    pub(super) connections: Connections,
    pub(super) stopped: watch::Receiver<bool>,
}

impl Door {
    /// Accepts until the process is asked to end.
    pub(super) async fn keep(mut self, listener: TcpListener) {
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                _ = self.stopped.changed() => return,
            };
            match accepted {
                Ok((stream, peer)) => self.welcome(stream, peer.ip()),
                Err(error) if is_of_one_connection(&error) => {}
                Err(error) => {
                    tracing::warn!("connections cannot be accepted: {error}");
                    tokio::time::sleep(EXHAUSTED_PAUSE).await;
                }
            }
        }
    }

    fn welcome(&self, mut stream: TcpStream, peer: std::net::IpAddr) {
        self.edge.metrics.connections_opened.add(1);
        let Ok(place) = self.connections.free.clone().try_acquire_owned() else {
            self.edge.metrics.connections_turned_away.add(1);
            tokio::spawn(async move { stream.write_all(TURNED_AWAY).await });
            return;
        };
        tokio::spawn(serve(self.edge.clone(), stream, peer, self.stopped.clone(), place));
    }
}

async fn serve(
    edge: Arc<Edge>,
    stream: TcpStream,
    peer: std::net::IpAddr,
    mut stopped: watch::Receiver<bool>,
    _place: OwnedSemaphorePermit,
) {
    // An acknowledgement is one small packet; it must not wait for a second.
    let _ = stream.set_nodelay(true);
    edge.metrics.connections_open.add(1);
    let phase = Phase::begin();
    let io = TokioIo::new(Guarded::new(stream, phase.clone()));
    let service = service_fn(|request| route::answer(&edge, peer, &phase, request));
    let connection = hyper::server::conn::http1::Builder::new()
        .half_close(true)
        // Head and body of an acknowledgement are small: one buffer is cheaper than two.
        .writev(false)
        .max_headers(limits::HEADERS_MAX)
        .max_header_size(limits::HEAD_BYTES_MAX)
        .max_buf_size(2 * limits::HEAD_BYTES_MAX)
        .header_read_timeout(None)
        .serve_connection(io, service);
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => {}
        _ = stopped.changed() => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
    edge.metrics.connections_open.subtract(1);
}

/// Whether the error is of the connection that was about to be accepted, and not of the listener.
fn is_of_one_connection(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
