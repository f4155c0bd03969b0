//! One call: a JSON body is posted over a connection that somebody else made. Under TLS the certificate must be of the name
//! in the settings and lead to a root that browsers trust.

use std::io;
use std::net::TcpStream as StdTcpStream;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{CONTENT_TYPE, HOST};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio_rustls::TlsConnector;

use crate::config::Webhook;

/// How long a call may take in all.
const PATIENCE: Duration = Duration::from_secs(30);

/// Calls one address.
pub(super) struct Caller {
    webhook: Webhook,
    tls: TlsConnector,
    name: ServerName<'static>,
    runtime: Runtime,
}

impl Caller {
    /// # Errors
    /// Where no runtime can be made for it.
    pub(super) fn new(webhook: Webhook, terms: fn(ClientConfig) -> ClientConfig) -> anyhow::Result<Self> {
        let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let config = ClientConfig::builder_with_provider(crate::tls::crypto())
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self {
            name: ServerName::try_from(webhook.host.clone())?,
            tls: TlsConnector::from(Arc::new(terms(config))),
            runtime: tokio::runtime::Builder::new_current_thread().enable_all().build()?,
            webhook,
        })
    }

    /// Posts `body`. An answer that is no success is none.
    ///
    /// # Errors
    /// What went wrong, without what the other side said.
    pub(super) fn call(&self, socket: StdTcpStream, body: &Value) -> Result<(), String> {
        let calling = async {
            let socket = adopt(socket).map_err(broken)?;
            let status = match self.webhook.tls {
                false => self.post(socket, body).await,
                true => {
                    let encrypted = self.tls.connect(self.name.clone(), socket).await;
                    self.post(
                        encrypted.map_err(|_| "shows no certificate that can be trusted".to_owned())?,
                        body,
                    )
                    .await
                }
            }?;
            if status.is_success() { Ok(()) } else { Err(format!("answers {}", status.as_u16())) }
        };
        let ended = self.runtime.block_on(async { tokio::time::timeout(PATIENCE, calling).await });
        ended.unwrap_or_else(|_| Err("does not answer in time".to_owned()))
    }

    async fn post(
        &self,
        socket: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        body: &Value,
    ) -> Result<StatusCode, String> {
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(socket)).await.map_err(broken)?;
        let request = Request::builder()
            .method(Method::POST)
            .uri(&self.webhook.path)
            .header(HOST, &self.webhook.authority)
            .header(CONTENT_TYPE, "application/json")
            .body(Full::new(Bytes::from(body.to_string())))
            .map_err(broken)?;
        // By itself, since it may end with the answer and before that is looked at.
        let driven = tokio::spawn(connection);
        let answer = sender.send_request(request).await;
        driven.abort();
        answer.map(|answer| answer.status()).map_err(broken)
    }
}

fn adopt(socket: StdTcpStream) -> io::Result<TcpStream> {
    socket.set_nonblocking(true)?;
    TcpStream::from_std(socket)
}

fn broken<E>(_: E) -> String {
    "broke off".to_owned()
}
