//! The process that makes one connection to the operator's mail server, to whom the operator has called, or to the server that
//! backups go to, hands it to `worker`, and ends. So `worker` needs no right to dial: of all the network it can be given only
//! these places, which it cannot choose. And what a name server answers is parsed by nobody who holds anything: this process can read no data and no key.

use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rustix::net::sockopt::{Timeout, set_socket_timeout};
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage,
    SendFlags, recv, recvmsg, sendmsg,
};

use serde::{Deserialize, Serialize};

use super::birth::Voice;
use super::messages::FromChild;

/// How long one address may take to answer.
const CONNECT_PATIENCE: Duration = Duration::from_secs(10);
/// How long the whole may take; the supervisor ends a dialer that takes longer.
pub(crate) const DIAL_PATIENCE: Duration = Duration::from_secs(30);
/// Bytes of a sentence that says why there is no connection.
const REASON_BYTES_MAX: usize = 256;

/// Whom to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Whom {
    /// The mail server.
    Mail,
    /// Who is told of what is late.
    Webhook,
    /// The server that backups go to.
    Backups,
}

/// Where to.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) host: String,
    pub(crate) port: u16,
    /// Whether it must be on this machine, whatever a name server says.
    pub(crate) here: bool,
}

/// Dials, and tells over `line` what came of it.
pub(crate) fn run(place: &Place, line: impl AsFd) -> io::Result<()> {
    match connect(place) {
        Ok(stream) => hand(line, Some(&stream), b"connected"),
        Err(error) => {
            let reason = error.to_string();
            hand(line, None, &reason.as_bytes()[..reason.floor_char_boundary(REASON_BYTES_MAX)])
        }
    }
}

fn connect(place: &Place) -> io::Result<TcpStream> {
    let all = (place.host.as_str(), place.port).to_socket_addrs()?;
    let allowed = all.filter(|address| !place.here || address.ip().to_canonical().is_loopback());
    let mut refused = io::Error::new(io::ErrorKind::NotFound, "its name has no address");
    for address in allowed.collect::<Vec<SocketAddr>>() {
        match TcpStream::connect_timeout(&address, CONNECT_PATIENCE) {
            Ok(stream) => return Ok(stream),
            Err(error) => refused = error,
        }
    }
    Err(refused)
}

fn hand(line: impl AsFd, stream: Option<&TcpStream>, words: &[u8]) -> io::Result<()> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    let descriptors: Vec<_> = stream.iter().map(|stream| stream.as_fd()).collect();
    if !descriptors.is_empty() {
        control.push(SendAncillaryMessage::ScmRights(&descriptors));
    }
    sendmsg(line, &[IoSlice::new(words)], &mut control, SendFlags::NOSIGNAL | SendFlags::DONTWAIT)?;
    Ok(())
}

/// The end of `worker`: asks the supervisor for a connection and waits for it.
pub(crate) struct Dial {
    line: OwnedFd,
    voice: Voice,
    /// Held while it is waited: what comes is of whom was asked for.
    turn: Mutex<()>,
}

impl Dial {
    pub(crate) fn new(line: OwnedFd, voice: Voice) -> io::Result<Self> {
        set_socket_timeout(&line, Timeout::Recv, Some(DIAL_PATIENCE + CONNECT_PATIENCE))?;
        Ok(Self { line, voice, turn: Mutex::default() })
    }

    /// A fresh connection.
    ///
    /// # Errors
    /// With the dialer's words, which hold no secret.
    pub(crate) fn connect(&self, whom: Whom) -> Result<TcpStream, String> {
        let _alone = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        // What was asked for earlier, and came too late, is not taken for this one.
        let mut forgotten = [0; REASON_BYTES_MAX];
        while recv(&self.line, &mut forgotten, RecvFlags::DONTWAIT).is_ok() {}
        self.voice.say(FromChild::Dial(whom));
        self.wait().unwrap_or_else(|_| Err("nothing answered in time".to_owned()))
    }

    fn wait(&self) -> io::Result<Result<TcpStream, String>> {
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
        let mut control = RecvAncillaryBuffer::new(&mut space);
        let mut words = [0; REASON_BYTES_MAX];
        #[cfg(target_os = "linux")]
        let flags = RecvFlags::CMSG_CLOEXEC;
        #[cfg(not(target_os = "linux"))]
        let flags = RecvFlags::empty();
        let received = loop {
            match recvmsg(&self.line, &mut [IoSliceMut::new(&mut words)], &mut control, flags) {
                Err(rustix::io::Errno::INTR) => {}
                outcome => break outcome?,
            }
        };
        let mut sockets = control.drain().filter_map(|message| match message {
            RecvAncillaryMessage::ScmRights(mut rights) => rights.next(),
            _ => None,
        });
        let reason = String::from_utf8_lossy(&words[..received.bytes]).into_owned();
        Ok(sockets.next().map(TcpStream::from).ok_or(reason))
    }
}
