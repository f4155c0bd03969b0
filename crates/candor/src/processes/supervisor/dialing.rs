//! Starting the process that dials the mail server, or the one that backups go to, when `worker` asks for a connection. Where to, only the settings
//! say.

use std::io;
use std::os::fd::OwnedFd;
use std::process::Stdio;
use std::sync::Arc;

use tokio::process::Command;
use tokio::sync::Semaphore;

use super::super::dialer::{DIAL_PATIENCE, Place};
use super::child::own_program;

/// The supervisor's end of the line over which the living `worker` is handed its connections.
pub(super) struct Dialing {
    place: Option<Place>,
    line: Option<OwnedFd>,
    /// What comes first on the command line of every process.
    arguments: Vec<String>,
    /// One at a time: a worker that was taken over can ask as often as it likes.
    free: Arc<Semaphore>,
}

impl Dialing {
    pub(super) fn new(place: Option<Place>, mut arguments: Vec<String>, allow_unsandboxed: bool) -> Self {
        arguments.push("dial".to_owned());
        arguments.extend(allow_unsandboxed.then(|| "--allow-unsandboxed".to_owned()));
        Self { place, line: None, arguments, free: Arc::new(Semaphore::new(1)) }
    }

    /// The end that a newborn `worker` is handed, if there is a place to dial.
    pub(super) fn newborn(&mut self) -> io::Result<Option<OwnedFd>> {
        if self.place.is_none() {
            return Ok(None);
        }
        let (ours, theirs) = sealing::packet_pair()?;
        self.line = Some(ours);
        Ok(Some(theirs))
    }

    /// Dials for the living `worker`. Whoever asks while it is dialled already has to ask again.
    pub(super) fn dial(&self) {
        let (Some(place), Some(line)) = (&self.place, &self.line) else { return };
        let Ok(turn) = self.free.clone().try_acquire_owned() else { return };
        let started = line.try_clone().and_then(|line| {
            Command::new(own_program()?)
                .arg0("candor")
                .args(&self.arguments)
                .args(place.here.then_some("--here"))
                .args(["--", &place.host, &place.port.to_string()])
                .stdin(Stdio::from(line))
                .process_group(0)
                .kill_on_drop(true)
                .spawn()
        });
        match started {
            Ok(mut dialer) => drop(tokio::spawn(async move {
                // One that takes longer is dropped, and so killed.
                let _ = tokio::time::timeout(DIAL_PATIENCE, dialer.wait()).await;
                drop(turn);
            })),
            Err(error) => tracing::error!("{} cannot be dialled: {error}", place.host),
        }
    }
}
