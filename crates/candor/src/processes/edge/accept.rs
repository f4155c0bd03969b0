//! The accept loop: takes connections up to the limit, and serves HTTP/1.1 on each, over TLS where there is a
//! certificate.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};

use super::entrance::{Door, Entrance};
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
pub(super) struct Porter {
    pub(super) edge: Arc<Edge>,
    pub(super) entrance: Entrance,
    pub(super) connections: Connections,
    pub(super) stopped: watch::Receiver<bool>,
}

impl Porter {
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

    pub(super) fn welcome(&self, mut stream: TcpStream, peer: IpAddr) {
        let metrics = &self.edge.metrics;
        metrics.connections_opened.add(1);
        if self.edge.blocks.keep_out(peer) {
            metrics.count_blocked("connection");
            return;
        }
        if self.entrance.door == Door::Operators && !self.edge.may_be_operators(peer) {
            metrics.count_blocked("operator");
            self.edge.turn_operator_away(peer);
            return;
        }
        let Ok(place) = self.connections.free.clone().try_acquire_owned() else {
            metrics.connections_turned_away.add(1);
            // Over TLS nothing can be said that soon.
            if self.entrance.certificate.is_none() {
                tokio::spawn(async move { stream.write_all(TURNED_AWAY).await });
            }
            return;
        };
        let visit = Visit {
            edge: self.edge.clone(),
            entrance: self.entrance.clone(),
            peer,
            stopped: self.stopped.clone(),
        };
        tokio::spawn(async move {
            visit.receive(stream).await;
            drop(place);
        });
    }
}

/// One connection.
struct Visit {
    edge: Arc<Edge>,
    entrance: Entrance,
    peer: IpAddr,
    stopped: watch::Receiver<bool>,
}

impl Visit {
    /// Serves the connection until it ends, or its network is blocked.
    async fn receive(self, stream: TcpStream) {
        // An acknowledgement is one small packet; it must not wait for a second.
        let _ = stream.set_nodelay(true);
        let metrics = &self.edge.metrics;
        metrics.connections_open.add(1);
        tokio::select! {
            () = self.converse(stream) => {}
            () = self.edge.blocks.wait_until_kept_out(self.peer) => metrics.count_blocked("connection"),
        }
        metrics.connections_open.subtract(1);
    }

    async fn converse(&self, stream: TcpStream) {
        let Some(certificate) = &self.entrance.certificate else {
            let phase = Phase::begin(limits::HEAD_TIME_MAX);
            return self.serve(Guarded::new(stream, phase.clone()), &phase).await;
        };
        let phase = Phase::begin(limits::HANDSHAKE_TIME_MAX);
        match certificate.acceptor.accept(Guarded::new(stream, phase.clone())).await {
            Ok(stream) => {
                phase.await_head();
                self.serve(stream, &phase).await;
            }
            Err(_) => self.edge.metrics.handshakes_failed.add(1),
        }
    }

    async fn serve(&self, stream: impl AsyncRead + AsyncWrite + Unpin, phase: &Phase) {
        let service =
            service_fn(|request| route::answer(&self.edge, &self.entrance, self.peer, phase, request));
        let connection = hyper::server::conn::http1::Builder::new()
            .half_close(true)
            // Head and body of an acknowledgement are small: one buffer is cheaper than two.
            .writev(false)
            .max_headers(limits::HEADERS_MAX)
            .max_header_size(limits::HEAD_BYTES_MAX)
            .max_buf_size(2 * limits::HEAD_BYTES_MAX)
            .header_read_timeout(None)
            .serve_connection(TokioIo::new(stream), service);
        let mut connection = std::pin::pin!(connection);
        let mut stopped = self.stopped.clone();
        tokio::select! {
            _ = connection.as_mut() => {}
            _ = stopped.changed() => {
                connection.as_mut().graceful_shutdown();
                let _ = connection.await;
            }
        }
    }
}

/// Whether the error is of the connection that was about to be accepted, and not of the listener.
fn is_of_one_connection(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
