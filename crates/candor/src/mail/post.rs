//! Handing a message to the operator's mail server, over a connection that somebody else made.
//!
//! Nothing is said to it in the clear but a greeting, unless it is on this very machine. The certificate must be of the name
//! in the settings and lead to a root that browsers trust, or to the operator's own.

use std::io;
use std::net::TcpStream as StdTcpStream;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use control::Trouble;
use lettre::Message;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream};
use lettre::transport::smtp::extension::ClientId;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::reply;
use crate::config::{Smtp, SmtpSecurity};

/// How long a mail server may take for one mail, in all.
const PATIENCE: Duration = Duration::from_secs(60);
/// The reply to a good greeting.
const READY: u16 = 220;

/// How to speak to the mail server.
pub(crate) struct Post {
    smtp: Smtp,
    tls: TlsConnector,
    name: ServerName<'static>,
    hello: ClientId,
}

impl Post {
    /// For the mail server of `smtp`, to which this server calls itself `hello`.
    ///
    /// # Errors
    /// Where a certificate among the operator's own cannot be used.
    pub(crate) fn new(
        smtp: Smtp,
        hello: ClientId,
        terms: fn(ClientConfig) -> ClientConfig,
    ) -> anyhow::Result<Self> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        for root in &smtp.roots {
            roots.add(root.clone().into())?;
        }
        let config = ClientConfig::builder_with_provider(crate::tls::crypto())
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = ServerName::try_from(smtp.server.host.clone())?;
        Ok(Self { smtp, tls: TlsConnector::from(Arc::new(terms(config))), name, hello })
    }

    /// Hands the message over. Once this says that it did, the mail server has it on its disk.
    pub(crate) async fn send(&self, socket: StdTcpStream, message: &Message) -> Result<(), Trouble> {
        let sending = async {
            let mut server = self.greet(socket).await?;
            let done = self.hand_over(&mut server, message).await;
            if done.is_ok() {
                // The mail is theirs, whatever they answer to this.
                let _ = server.quit().await;
            }
            done
        };
        tokio::time::timeout(PATIENCE, sending).await.unwrap_or(Err(Trouble::BrokenOff))
    }

    async fn greet(&self, socket: StdTcpStream) -> Result<AsyncSmtpConnection, Trouble> {
        let mut socket = adopt(socket).map_err(|_| Trouble::BrokenOff)?;
        let stream: Box<dyn AsyncTokioStream> = match self.smtp.server.security {
            SmtpSecurity::Plain => Box::new(socket),
            SmtpSecurity::Tls => Box::new(Line { stream: self.encrypt(socket).await?, first: b"" }),
            SmtpSecurity::StartTls => {
                self.ask_for_tls(&mut socket).await?;
                // The greeting was heard before TLS; the library waits for one.
                Box::new(Line { stream: self.encrypt(socket).await?, first: b"220 \r\n" })
            }
        };
        AsyncSmtpConnection::connect_with_transport(stream, &self.hello)
            .await
            .map_err(|error| of_server(&error))
    }

    /// Talks in the clear up to where TLS begins. An answer that does not offer it ends the matter, whoever gave it.
    async fn ask_for_tls(&self, socket: &mut TcpStream) -> Result<(), Trouble> {
        let broken = |_| Trouble::BrokenOff;
        let greeting = reply::read(socket).await.map_err(broken)?;
        if greeting.code != READY {
            return Err(Trouble::Later(greeting.code));
        }
        let extensions = reply::ask(socket, &format!("EHLO {}", self.hello)).await.map_err(broken)?;
        if !extensions.offers("STARTTLS") {
            return Err(Trouble::NoTls);
        }
        let answer = reply::ask(socket, "STARTTLS").await.map_err(broken)?;
        if answer.code == READY { Ok(()) } else { Err(Trouble::NoTls) }
    }

    async fn encrypt(&self, socket: TcpStream) -> Result<TlsStream<TcpStream>, Trouble> {
        self.tls.connect(self.name.clone(), socket).await.map_err(|error| {
            let of_tls = error.get_ref().is_some_and(|inner| inner.is::<rustls::Error>());
            if of_tls { Trouble::Untrusted } else { Trouble::BrokenOff }
        })
    }

    async fn hand_over(&self, server: &mut AsyncSmtpConnection, message: &Message) -> Result<(), Trouble> {
        if let Some(user) = &self.smtp.server.user {
            let password = self.smtp.password.as_ref().map_or("", |password| password.as_str());
            let credentials = Credentials::new(user.clone(), password.to_owned());
            server.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).await.map_err(|error| {
                match of_server(&error) {
                    Trouble::Refused(_) | Trouble::Unfit => Trouble::SignIn,
                    Trouble::Later(code) if code >= 500 => Trouble::SignIn,
                    other => other,
                }
            })?;
        }
        server.send(message.envelope(), &message.formatted()).await.map(drop).map_err(|error| of_mail(&error))
    }
}

fn adopt(socket: StdTcpStream) -> io::Result<TcpStream> {
    socket.set_nonblocking(true)?;
    TcpStream::from_std(socket)
}

/// What is wrong before the mail itself is spoken of: it may be right another time, whatever the server says.
fn of_server(error: &Error) -> Trouble {
    match error.status() {
        Some(code) => Trouble::Later(code.into()),
        None if error.is_client() => Trouble::Unfit,
        None => Trouble::BrokenOff,
    }
}

/// What is wrong with the mail.
fn of_mail(error: &Error) -> Trouble {
    match error.status().map(u16::from) {
        // "Authentication required" is said of the server's settings, not of the mail.
        Some(530 | 535 | 538) => Trouble::SignIn,
        Some(code) if error.is_permanent() => Trouble::Refused(code),
        Some(code) => Trouble::Later(code),
        None if error.is_client() => Trouble::Unfit,
        None => Trouble::BrokenOff,
    }
}

/// A stream under TLS, from which `first` is read before anything that comes over it.
#[derive(Debug)]
struct Line {
    stream: TlsStream<TcpStream>,
    first: &'static [u8],
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.first.is_empty() {
            return Pin::new(&mut self.stream).poll_read(cx, into);
        }
        let (now, later) = self.first.split_at(self.first.len().min(into.remaining()));
        into.put_slice(now);
        self.first = later;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Line {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

impl AsyncTokioStream for Line {
    fn peer_addr(&self) -> io::Result<std::net::SocketAddr> {
        self.stream.get_ref().0.peer_addr()
    }
}
