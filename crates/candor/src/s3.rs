//! Speaking HTTP to the operator's S3 server, over connections that somebody else makes: in a server the dialer, in a command the
//! command itself. Over https the certificate must be of the name in the settings; in the clear only this machine is spoken to.

use std::fmt;
use std::future::Future;
use std::io;
use std::net::{TcpStream as StdTcpStream, ToSocketAddrs};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use operations::backup::Target;
use operations::backup::s3::{
    ClientOptions, HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpRequestBody,
    HttpResponse, HttpResponseBody, HttpService, S3Bucket, StoreError,
};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};
use tokio_rustls::TlsConnector;

use crate::config::S3Place;

/// How long a server is waited for. Handed in, so that a test sees in seconds what takes minutes.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Until TLS is agreed on, and until it begins an answer to what it has read.
    pub answer: Duration,
    /// While it is silent in the midst of an answer.
    pub silence: Duration,
}

impl Patience {
    /// As the product has it.
    pub const IN_FORCE: Self = Self { answer: Duration::from_secs(60), silence: Duration::from_secs(30) };

    /// How long something of so many bytes may be under way, in either direction.
    fn of(self, bytes: u64) -> Duration {
        self.answer + Duration::from_secs(bytes / SLOWEST)
    }
}

/// Bytes a second that a server takes or gives at least, on the whole: one that dribbles would be waited for without an end.
const SLOWEST: u64 = 64 << 10;
/// Bytes that an answer of an unknown length is given time for: a page of a list.
const UNTOLD_BYTES: u64 = 8 << 20;
/// How long one address may take to be connected to, by a command.
const CONNECT_PATIENCE: Duration = Duration::from_secs(10);

/// Makes a connection to the S3 server, or says why there is none.
pub(crate) type Dial = Arc<dyn Fn() -> Result<StdTcpStream, String> + Send + Sync>;

type Sender = SendRequest<HttpRequestBody>;

/// The target that a place names, reached by `dial`.
pub(crate) fn target(place: &S3Place, dial: Dial, patience: Patience) -> anyhow::Result<Target> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let line = Line::new(place, dial, patience)?;
    let bucket = S3Bucket {
        endpoint: &place.endpoint,
        region: &place.region,
        bucket: &place.bucket,
        prefix: &place.prefix,
        key_id: &place.key_id,
    };
    Ok(Target::s3(
        bucket,
        place.secret.as_str(),
        Connector(line),
        Arc::new(move |work| runtime.block_on(work)),
    )?)
}

/// Connects as a command does, which is confined to nothing.
pub(crate) fn dial_directly(place: &S3Place) -> Dial {
    let (host, port, here) = (place.host.clone(), place.port, place.is_in_the_clear());
    Arc::new(move || {
        let all = (host.as_str(), port).to_socket_addrs().map_err(|error| error.to_string())?;
        let mut refused = "its name has no address that may be used".to_owned();
        for address in all.filter(|address| !here || address.ip().to_canonical().is_loopback()) {
            match StdTcpStream::connect_timeout(&address, CONNECT_PATIENCE) {
                Ok(stream) => return Ok(stream),
                Err(error) => refused = error.to_string(),
            }
        }
        Err(refused)
    })
}

#[derive(Debug)]
struct Connector(Line);

impl HttpConnector for Connector {
    fn connect(&self, _: &ClientOptions) -> Result<HttpClient, StoreError> {
        Ok(HttpClient::new(self.0.clone()))
    }
}

/// Connections to one server.
#[derive(Clone)]
struct Line {
    dial: Dial,
    tls: Option<(TlsConnector, ServerName<'static>)>,
    host: String,
    patience: Patience,
    idle: Arc<Mutex<Option<Sender>>>,
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Line")
    }
}

impl Line {
    fn new(place: &S3Place, dial: Dial, patience: Patience) -> anyhow::Result<Self> {
        let tls = if place.is_in_the_clear() {
            None
        } else {
            let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
            for root in &place.roots {
                roots.add(root.clone().into())?;
            }
            let config = ClientConfig::builder_with_provider(crate::tls::crypto())
                .with_safe_default_protocol_versions()?
                .with_root_certificates(roots)
                .with_no_client_auth();
            Some((TlsConnector::from(Arc::new(config)), ServerName::try_from(place.host.clone())?))
        };
        Ok(Self { dial, tls, host: place.authority(), patience, idle: Arc::default() })
    }

    /// A connection that is free, or a fresh one.
    async fn sender(&self) -> Result<Sender, HttpError> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(idle) = idle.filter(Sender::is_ready) {
            return Ok(idle);
        }
        let dial = self.dial.clone();
        let dialled = tokio::task::spawn_blocking(move || dial()).await.map_err(connecting)?;
        let socket = dialled.map_err(|reason| connecting(io::Error::other(reason)))?;
        socket.set_nonblocking(true).map_err(connecting)?;
        let socket = TcpStream::from_std(socket).map_err(connecting)?;
        match &self.tls {
            None => begin(socket).await,
            Some((tls, name)) => {
                let agreed =
                    tokio::time::timeout(self.patience.answer, tls.connect(name.clone(), socket)).await;
                begin(agreed.map_err(|_| silent())?.map_err(connecting)?).await
            }
        }
    }
}

async fn begin<S>(stream: S) -> Result<Sender, HttpError>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let (sender, connection) = handshake(TokioIo::new(stream)).await.map_err(connecting)?;
    tokio::spawn(connection);
    Ok(sender)
}

#[async_trait]
impl HttpService for Line {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let mut sender = self.sender().await?;
        let (mut head, body) = request.into_parts();
        let host = self.host.parse().map_err(connecting)?;
        head.headers.insert(hyper::header::HOST, host);
        // One server is asked, not a proxy: it is told the path alone.
        let path = head.uri.path_and_query().map_or("/", |path| path.as_str()).parse();
        head.uri = path.map_err(connecting)?;
        let patience = self.patience.of(body.content_length() as u64);
        let asked = sender.send_request(hyper::Request::from_parts(head, body));
        let answer = tokio::time::timeout(patience, asked).await;
        let answer = answer.map_err(|_| silent())?.map_err(broken)?;
        *self.idle.lock().unwrap_or_else(PoisonError::into_inner) = Some(sender);
        Ok(answer.map(|body| HttpResponseBody::new(Heard::new(body, self.patience))))
    }
}

/// An answer that may not fall silent, nor go on for ever.
struct Heard {
    body: Incoming,
    silence: Duration,
    until_silent: Pin<Box<Sleep>>,
    until_slow: Pin<Box<Sleep>>,
}

impl Heard {
    fn new(body: Incoming, patience: Patience) -> Self {
        let whole = patience.of(body.size_hint().exact().unwrap_or(UNTOLD_BYTES));
        let (until_silent, until_slow) = (Box::pin(sleep(patience.silence)), Box::pin(sleep(whole)));
        Self { body, silence: patience.silence, until_silent, until_slow }
    }
}

impl Body for Heard {
    type Data = Bytes;
    type Error = HttpError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, HttpError>>> {
        if self.until_slow.as_mut().poll(context).is_ready() {
            return Poll::Ready(Some(Err(slow())));
        }
        match Pin::new(&mut self.body).poll_frame(context) {
            Poll::Ready(frame) => {
                self.until_silent = Box::pin(sleep(self.silence));
                Poll::Ready(frame.map(|frame| frame.map_err(broken)))
            }
            Poll::Pending => self.until_silent.as_mut().poll(context).map(|()| Some(Err(silent()))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

fn connecting(error: impl std::error::Error + Send + Sync + 'static) -> HttpError {
    HttpError::new(HttpErrorKind::Connect, error)
}

fn broken(error: hyper::Error) -> HttpError {
    HttpError::new(HttpErrorKind::Interrupted, error)
}

fn silent() -> HttpError {
    HttpError::new(HttpErrorKind::Timeout, io::Error::new(io::ErrorKind::TimedOut, "it fell silent"))
}

fn slow() -> HttpError {
    HttpError::new(HttpErrorKind::Timeout, io::Error::new(io::ErrorKind::TimedOut, "it answers too slowly"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn something_large_is_given_the_time_that_the_slowest_server_takes_for_it() {
        let seconds = |bytes| Patience::IN_FORCE.of(bytes).as_secs();
        assert_eq!((seconds(0), seconds(SLOWEST - 1), seconds(SLOWEST)), (60, 60, 61));
        assert_eq!(seconds(32 << 20), 60 + 512, "a pack");
    }
}
