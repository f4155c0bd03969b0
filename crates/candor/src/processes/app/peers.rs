//! Who may speak to the socket for commands: this account and root, as the kernel says, whatever the file's
//! permissions are.

use std::io;
use std::time::Duration;

use axum::serve::Listener;
use tokio::net::unix::SocketAddr;
use tokio::net::{UnixListener, UnixStream};

/// A listener that takes connections of the server's own account alone.
pub(crate) struct OwnAccount {
    listener: UnixListener,
    own: u32,
}

impl OwnAccount {
    pub(crate) fn new(listener: UnixListener) -> Self {
        Self { listener, own: rustix::process::geteuid().as_raw() }
    }
}

impl Listener for OwnAccount {
    type Io = UnixStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (UnixStream, SocketAddr) {
        loop {
            match self.listener.accept().await {
                Ok((stream, address)) => {
                    let peer = stream.peer_cred().map(|peer| peer.uid());
                    if peer.is_ok_and(|uid| uid == self.own || uid == 0) {
                        return (stream, address);
                    }
                    tracing::warn!("somebody else's account tried to give commands and was turned away");
                }
                Err(error) => {
                    tracing::warn!("commands cannot be accepted: {error}");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}
