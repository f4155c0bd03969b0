//! Starting the process that dials the mail server, whoever is called, or the server that backups go to, when `worker` asks for a
//! connection. Where to, only the settings say.

use std::io;
use std::os::fd::OwnedFd;
use std::process::Stdio;
use std::sync::Arc;

use tokio::process::Command;
use tokio::sync::Semaphore;

use super::super::dialer::{DIAL_PATIENCE, Place, Whom};
use super::child::own_program;

/// One that dials, and one that has just handed its connection over and is ending.
const AT_A_TIME: usize = 2;

/// Where may be dialled.
#[derive(Default)]
pub(super) struct Places {
    pub(super) mail: Option<Place>,
    pub(super) webhook: Option<Place>,
    pub(super) backups: Option<Place>,
}

impl Places {
    const fn of(&self, whom: Whom) -> Option<&Place> {
        match whom {
            Whom::Mail => self.mail.as_ref(),
            Whom::Webhook => self.webhook.as_ref(),
            Whom::Backups => self.backups.as_ref(),
        }
    }
}

/// The supervisor's end of the line over which the living `worker` is handed its connections.
pub(super) struct Dialing {
    places: Places,
    line: Option<OwnedFd>,
    /// What comes first on the command line of every process.
    arguments: Vec<String>,
    /// Few at a time: a worker that was taken over can ask as often as it likes.
    free: Arc<Semaphore>,
}

impl Dialing {
    pub(super) fn new(places: Places, mut arguments: Vec<String>, allow_unsandboxed: bool) -> Self {
        arguments.push("dial".to_owned());
        arguments.extend(allow_unsandboxed.then(|| "--allow-unsandboxed".to_owned()));
        Self { places, line: None, arguments, free: Arc::new(Semaphore::new(AT_A_TIME)) }
    }

    /// The end that a newborn `worker` is handed, if there is anybody to dial.
    pub(super) fn newborn(&mut self) -> io::Result<Option<OwnedFd>> {
        let all = [Whom::Mail, Whom::Webhook, Whom::Backups];
        if all.into_iter().all(|whom| self.places.of(whom).is_none()) {
            return Ok(None);
        }
        let (ours, theirs) = sealing::packet_pair()?;
        self.line = Some(ours);
        Ok(Some(theirs))
    }

    /// Dials for the living `worker`. Whoever asks while it is dialled already has to ask again.
    pub(super) fn dial(&self, whom: Whom) {
        let (Some(place), Some(line)) = (self.places.of(whom), &self.line) else { return };
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
            Err(error) => tracing::error!("nobody can be dialled: {error}"),
        }
    }
}
