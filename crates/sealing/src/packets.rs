//! Packets over socket pairs, and descriptors with them: how the keeper and the other processes come to know each
//! other. The supervisor makes a pair for each two and sends either end to either side, again whenever one of them
//! is started again.

use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::Duration;

use rustix::net::sockopt::{Timeout, set_socket_timeout};
use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, SocketFlags, SocketType, recv, recvmsg, send, sendmsg, socketpair,
};

/// Two ends that keep packets apart.
pub fn pair() -> io::Result<(OwnedFd, OwnedFd)> {
    Ok(socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)?)
}

/// Sends one packet.
pub fn send_packet(socket: impl AsFd, packet: &[u8]) -> io::Result<()> {
    match send(socket, packet, SendFlags::NOSIGNAL)? {
        sent if sent == packet.len() => Ok(()),
        _ => Err(io::ErrorKind::WriteZero.into()),
    }
}

/// Receives one packet into `room`, and how long it is; longer than `room` if it did not fit. `UnexpectedEof` when
/// the other end is closed.
pub fn receive_packet(socket: impl AsFd, room: &mut [u8]) -> io::Result<usize> {
    loop {
        match recv(&socket, &mut *room, RecvFlags::TRUNC) {
            Ok((_, 0)) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok((_, length)) => return Ok(length),
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// How long sending waits at most; more than zero.
pub(crate) fn set_sending_patience(socket: impl AsFd, patience: Duration) -> io::Result<()> {
    Ok(set_socket_timeout(&socket, Timeout::Send, Some(patience))?)
}

/// Introduces who has the other end of `socket`. It never waits: who does not take introductions misses them.
pub fn introduce(to: impl AsFd, who: u8, socket: BorrowedFd<'_>) -> io::Result<()> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    let descriptors = [socket];
    control.push(SendAncillaryMessage::ScmRights(&descriptors));
    sendmsg(to, &[IoSlice::new(&[who])], &mut control, SendFlags::NOSIGNAL | SendFlags::DONTWAIT)?;
    Ok(())
}

/// Waits for an introduction: who it is, and the socket to reach it by.
pub fn introduced(from: impl AsFd) -> io::Result<(u8, OwnedFd)> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let mut who = [0];
    let received = loop {
        match recvmsg(&from, &mut [IoSliceMut::new(&mut who)], &mut control, RecvFlags::CMSG_CLOEXEC) {
            Err(rustix::io::Errno::INTR) => {}
            outcome => break outcome?,
        }
    };
    if received.bytes == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let mut sockets = control.drain().filter_map(|message| match message {
        RecvAncillaryMessage::ScmRights(mut rights) => rights.next(),
        _ => None,
    });
    sockets.next().map(|socket| (who[0], socket)).ok_or_else(|| io::ErrorKind::InvalidData.into())
}
