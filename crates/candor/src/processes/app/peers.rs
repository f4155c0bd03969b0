//! Who may speak to the socket for commands: this account and root, as the kernel says, whatever the file's
//! permissions are. Whoever else tries is hung up on, and that is written in the server's log.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::Listener;
use tokio::net::unix::SocketAddr;
use tokio::net::{UnixListener, UnixStream};

use super::operators::Stranger;
use super::state::App;
use crate::processes::seldom::Seldom;

/// A listener that takes connections of the server's own account alone.
pub(crate) struct OwnAccount {
    listener: UnixListener,
    own: u32,
    app: Arc<App>,
    turned_away: Seldom<u32>,
}

impl OwnAccount {
    pub(crate) fn new(listener: UnixListener, app: Arc<App>) -> Self {
        let own = rustix::process::geteuid().as_raw();
        Self { listener, own, app, turned_away: Seldom::default() }
    }

    /// Writes it down, each account once in a while.
    async fn turn_away(&self, account: u32) {
        if !self.turned_away.is_due(account, self.app.clock.now()) {
            return;
        }
        tracing::warn!("another account of this machine tried to give commands and was turned away");
        let noted = self.app.off_thread(move |app| {
            app.note_turned_away(Stranger::Account(account));
            Ok(())
        });
        // It is logged where it cannot be written.
        let _ = noted.await;
    }
}

impl Listener for OwnAccount {
    type Io = UnixStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (UnixStream, SocketAddr) {
        loop {
            match self.listener.accept().await {
                Ok((stream, address)) => {
                    let Ok(peer) = stream.peer_cred() else { continue };
                    if peer.uid() == self.own || peer.uid() == 0 {
                        return (stream, address);
                    }
                    drop(stream);
                    self.turn_away(peer.uid()).await;
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
