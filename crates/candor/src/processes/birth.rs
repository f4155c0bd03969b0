//! A child's beginning: it takes its birth message and descriptors from standard input, which is one end of a
//! socket pair, and from then on hears and answers the supervisor over it.
//!
//! The child ends when that socket closes, whatever it is doing: nobody outlives the supervisor.

use std::io::{self, Write};
use std::net::TcpListener;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::{UnixListener, UnixStream};
use std::sync::mpsc;
use std::time::Duration;

use rustix::process::{Resource, Rlimit, setrlimit};
use tokio::sync::mpsc as async_mpsc;

use super::link;
use super::messages::{Birth, FromChild, Passed, Storage, ToChild};
use super::sandbox::Room;
use super::supervisor::NOT_CONFINED;
use crate::Parts;

/// How often a child says that it is alive.
pub(crate) const BEAT_EVERY: Duration = Duration::from_millis(500);

/// A newborn: what it was told and what it was handed. It has one thread, and is confined to nothing yet.
pub(crate) struct Newborn {
    pub(crate) birth: Birth,
    handed: Handed,
    socket: UnixStream,
}

/// A process that is confined to its room and speaks with the supervisor.
pub(crate) struct Settled {
    pub(crate) birth: Birth,
    pub(crate) handed: Handed,
    /// What the supervisor says from now on.
    pub(crate) heard: async_mpsc::UnboundedReceiver<ToChild>,
    pub(crate) voice: Voice,
}

/// What came with the birth message.
#[derive(Default)]
pub(crate) struct Handed {
    pub(crate) http: Vec<TcpListener>,
    pub(crate) metrics: Option<TcpListener>,
    pub(crate) operators: Option<TcpListener>,
    pub(crate) replay: Option<TcpListener>,
    pub(crate) redirect: Option<TcpListener>,
    door: Option<OwnedFd>,
    pub(crate) command_socket: Option<UnixListener>,
    introductions: Option<OwnedFd>,
    /// Over which `worker` is handed its connections to the mail server.
    pub(crate) dialled: Option<OwnedFd>,
    /// And to the server that backups go to.
    pub(crate) dialled_for_backups: Option<OwnedFd>,
    /// Kept for its lock alone.
    lock: Option<OwnedFd>,
}

/// How a child speaks to the supervisor. Never waits.
#[derive(Clone)]
pub(crate) struct Voice(mpsc::Sender<FromChild>);

impl Voice {
    /// One, and what it says.
    #[cfg(test)]
    pub(crate) fn overheard() -> (Self, mpsc::Receiver<FromChild>) {
        let (voice, said) = mpsc::channel();
        (Self(voice), said)
    }

    pub(crate) fn say(&self, message: FromChild) {
        // The thread that sends ends only with the process.
        let _ = self.0.send(message);
    }

    /// Says every half second that the process is alive, and what `storage` tells; runs on the async runtime
    /// so that a runtime that is stuck falls silent.
    pub(crate) async fn beat(self, storage: impl Fn() -> Storage) {
        let mut interval = tokio::time::interval(BEAT_EVERY);
        loop {
            interval.tick().await;
            self.say(FromChild::Beat(storage()));
        }
    }
}

/// Takes the birth message from standard input. Fails when this process was not started by a supervisor.
pub(crate) fn receive() -> io::Result<Newborn> {
    // Belt to the braces of the closing socket: the kernel kills this process when its parent dies.
    #[cfg(target_os = "linux")]
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))?;
    let mut socket = UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?);
    let (message, descriptors) = link::receive_first(&mut socket)?;
    let ToChild::Birth(birth) = message else {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "the first message is no birth message"));
    };
    let birth = *birth;
    let handed = Handed::unpack(&birth, descriptors)?;
    Ok(Newborn { birth, handed, socket })
}

impl Newborn {
    /// Locks the process into its room, and begins to speak with the supervisor. Where the kernel cannot hold it, the
    /// process ends unless the operator allowed it.
    pub(crate) fn settle(self, parts: &Parts) -> io::Result<Settled> {
        let Self { birth, handed, socket } = self;
        let confinement = Room::of(&birth).enter(parts.confining)?;
        if !confinement.is_held() && !birth.allow_unsandboxed && cfg!(target_os = "linux") {
            std::process::exit(NOT_CONFINED);
        }
        let (hear, heard) = async_mpsc::unbounded_channel();
        let (say, said) = mpsc::channel();
        let speaker = socket.try_clone()?;
        spawn("link-out", move || speak(speaker, &said))?;
        spawn("link-in", move || listen(socket, &hear))?;
        let voice = Voice(say);
        voice.say(FromChild::Confined(confinement));
        Ok(Settled { birth, handed, heard, voice })
    }
}

/// Nor can a process of this account look into its memory.
pub(crate) fn leave_no_picture() -> io::Result<()> {
    #[cfg(target_os = "linux")]
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)?;
    leave_no_core()
}

/// A process that dies leaves no picture of its memory on the disk, where keys and addresses would be in it.
pub(crate) fn leave_no_core() -> io::Result<()> {
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    Ok(setrlimit(Resource::Core, none)?)
}

impl Handed {
    /// Over which this process is introduced to others. Taken once.
    pub(crate) fn introductions(&mut self) -> io::Result<OwnedFd> {
        self.introductions.take().ok_or_else(missing)
    }

    /// Its end of the line between `edge` and `app`. Taken once.
    pub(crate) fn door(&mut self) -> io::Result<OwnedFd> {
        self.door.take().ok_or_else(missing)
    }

    fn unpack(birth: &Birth, descriptors: Vec<OwnedFd>) -> io::Result<Self> {
        if descriptors.len() != birth.passed.len() {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "descriptors are missing"));
        }
        let mut handed = Self::default();
        for (descriptor, passed) in descriptors.into_iter().zip(&birth.passed) {
            match passed {
                Passed::Lock => handed.lock = Some(descriptor),
                Passed::Http => handed.http.push(descriptor.into()),
                Passed::Metrics => handed.metrics = Some(descriptor.into()),
                Passed::Operators => handed.operators = Some(descriptor.into()),
                Passed::Replay => handed.replay = Some(descriptor.into()),
                Passed::Redirect => handed.redirect = Some(descriptor.into()),
                Passed::Door => handed.door = Some(descriptor),
                Passed::CommandSocket => handed.command_socket = Some(descriptor.into()),
                Passed::Introductions => handed.introductions = Some(descriptor),
                Passed::Dialled => handed.dialled = Some(descriptor),
                Passed::DialledForBackups => handed.dialled_for_backups = Some(descriptor),
            }
        }
        Ok(handed)
    }
}

fn missing() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a descriptor is missing")
}

fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> io::Result<()> {
    std::thread::Builder::new().name(name.to_owned()).spawn(body).map(drop)
}

fn speak(mut socket: UnixStream, said: &mpsc::Receiver<FromChild>) {
    for message in said {
        if socket.write_all(&link::encode(&message)).is_err() {
            std::process::exit(0);
        }
    }
}

fn listen(mut socket: UnixStream, hear: &async_mpsc::UnboundedSender<ToChild>) {
    while let Ok(message) = link::receive(&mut socket) {
        if hear.send(message).is_err() {
            return;
        }
    }
    std::process::exit(0);
}
