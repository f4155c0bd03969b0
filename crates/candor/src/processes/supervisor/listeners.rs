//! The doors of the house: every listener is bound here and handed down, so that a child can be replaced
//! without a connection being refused.

use std::fs::File;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixListener;
use std::time::{Duration, Instant};

use super::super::messages::{Passed, Role};
use crate::config::{ServeConfig, beside};
use crate::data_dir::{DataDir, DataDirError};

/// How long a busy address is tried again.
const BUSY_PATIENCE: Duration = Duration::from_millis(500);
const BUSY_PAUSE: Duration = Duration::from_millis(20);

/// Why the server cannot listen.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ListenError {
    #[error("{0} is used by another program; give Candor another address")]
    Busy(SocketAddr),
    #[error("cannot listen on {address}: {error}")]
    Impossible { address: SocketAddr, error: io::Error },
    #[error("the line between edge and app cannot be made: {0}")]
    Door(io::Error),
    #[error(transparent)]
    Data(#[from] DataDirError),
}

/// All listeners, and the lock of the data directory.
pub(crate) struct Listeners {
    lock: File,
    http: Vec<TcpListener>,
    metrics: Option<TcpListener>,
    operators: Option<TcpListener>,
    replay: Option<TcpListener>,
    redirect: Option<TcpListener>,
    /// Between `edge` and `app`, the end of either: held here too, so that it outlives both.
    door: (OwnedFd, OwnedFd),
    command_socket: UnixListener,
}

impl Listeners {
    /// Binds every door of `config`. A busy port that nobody asked for by name is warned of, not refused.
    pub(crate) fn bind(data: &DataDir, lock: File, config: &ServeConfig) -> Result<Self, ListenError> {
        let main = bind_patiently(config.listen)?;
        let address = main.local_addr().map_err(|error| impossible(config.listen, error))?;
        let mut http = vec![main];
        if address.ip() == Ipv4Addr::LOCALHOST && !config.ipv4_only {
            http.extend(bind_sibling(SocketAddr::from((Ipv6Addr::LOCALHOST, address.port()))));
        }
        let metrics = bind_beside(address, 1, "there are no metrics");
        let operators = match config.doors.operators {
            Some(address) => Some(bind_patiently(address)?),
            None => bind_beside(address, 2, "there is no door for operators"),
        };
        let replay = match config.doors.replay {
            Some(address) => Some(bind_patiently(address)?),
            None => bind_beside(address, 3, "recordings cannot be played"),
        };
        let redirect = config.doors.redirect_from.map(bind_patiently).transpose()?;
        Ok(Self { http, metrics, operators, replay, redirect, ..Self::without_network(data, lock)? })
    }

    /// Only the sockets in the data directory: for a command that works alone.
    pub(crate) fn without_network(data: &DataDir, lock: File) -> Result<Self, ListenError> {
        Ok(Self {
            lock,
            http: Vec::new(),
            metrics: None,
            operators: None,
            replay: None,
            redirect: None,
            door: sealing::packet_pair().map_err(ListenError::Door)?,
            command_socket: data.bind_socket(&data.command_socket())?,
        })
    }

    /// The address of the main listener.
    pub(crate) fn address(&self) -> Option<SocketAddr> {
        self.http.first().and_then(|listener| listener.local_addr().ok())
    }

    /// The address of the listener for metrics.
    pub(crate) fn metrics_address(&self) -> Option<SocketAddr> {
        self.metrics.as_ref().and_then(|listener| listener.local_addr().ok())
    }

    /// The address of the listener for those who run the server.
    pub(crate) fn operators_address(&self) -> Option<SocketAddr> {
        self.operators.as_ref().and_then(|listener| listener.local_addr().ok())
    }

    /// The address of the listener for the page in which recordings play.
    pub(crate) fn replay_address(&self) -> Option<SocketAddr> {
        self.replay.as_ref().and_then(|listener| listener.local_addr().ok())
    }

    /// What a child of `role` is handed.
    pub(crate) fn passed_to(&self, role: Role) -> Vec<(Passed, BorrowedFd<'_>)> {
        let mut passed = vec![(Passed::Lock, self.lock.as_fd())];
        match role {
            Role::Edge => {
                passed.push((Passed::Door, self.door.0.as_fd()));
                passed.extend(self.http.iter().map(|listener| (Passed::Http, listener.as_fd())));
                passed.extend(self.metrics.iter().map(|listener| (Passed::Metrics, listener.as_fd())));
                passed.extend(self.operators.iter().map(|listener| (Passed::Operators, listener.as_fd())));
                passed.extend(self.replay.iter().map(|listener| (Passed::Replay, listener.as_fd())));
                passed.extend(self.redirect.iter().map(|listener| (Passed::Redirect, listener.as_fd())));
            }
            Role::App => {
                passed.push((Passed::Door, self.door.1.as_fd()));
                passed.push((Passed::CommandSocket, self.command_socket.as_fd()));
            }
            Role::Keeper | Role::Worker => {}
        }
        passed
    }
}

fn bind(address: SocketAddr) -> Result<TcpListener, ListenError> {
    let listener = TcpListener::bind(address).and_then(|listener| {
        listener.set_nonblocking(true)?;
        Ok(listener)
    });
    listener.map_err(|error| impossible(address, error))
}

/// The address may still be held for a moment by the last process of a server that was killed.
fn bind_patiently(address: SocketAddr) -> Result<TcpListener, ListenError> {
    let begun = Instant::now();
    loop {
        match bind(address) {
            Err(ListenError::Busy(_)) if begun.elapsed() < BUSY_PATIENCE => std::thread::sleep(BUSY_PAUSE),
            outcome => return outcome,
        }
    }
}

fn impossible(address: SocketAddr, error: io::Error) -> ListenError {
    match error.kind() {
        io::ErrorKind::AddrInUse => ListenError::Busy(address),
        _ => ListenError::Impossible { address, error },
    }
}

/// Browsers take `localhost` for the IPv6 loopback address first. A machine without IPv6 is fine.
fn bind_sibling(address: SocketAddr) -> Option<TcpListener> {
    match bind(address) {
        Ok(listener) => Some(listener),
        Err(ListenError::Busy(address)) => {
            tracing::warn!("{address} is used by another program: reach Candor by its IPv4 address");
            None
        }
        Err(_) => None,
    }
}

/// A door for this machine alone, so many ports after the main one.
fn bind_beside(main: SocketAddr, ports: u16, without: &str) -> Option<TcpListener> {
    match bind(beside(main, ports)?) {
        Ok(listener) => Some(listener),
        Err(error) => {
            tracing::warn!("{without}: {error}");
            None
        }
    }
}
