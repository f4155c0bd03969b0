//! Frames over the socket between the supervisor and a child: a length in four bytes, then a message.
//!
//! Descriptors travel with the first frame only.

use std::io::{self, IoSlice, IoSliceMut, Read};
use std::mem::MaybeUninit;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;

use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage,
    SendFlags, recvmsg, sendmsg,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

/// Descriptors that one frame carries at most.
const DESCRIPTORS_MAX: usize = 12;
/// Bytes of a frame at most: the directory of some hundred thousand sites.
const FRAME_BYTES_MAX: usize = 64 << 20;

/// A message as a frame.
pub(crate) fn encode(message: &impl Serialize) -> Vec<u8> {
    let mut frame = postcard::to_extend(message, vec![0; 4]).expect("messages can be serialized");
    let length = u32::try_from(frame.len() - 4).expect("a message is shorter than 4 GiB");
    frame[..4].copy_from_slice(&length.to_le_bytes());
    frame
}

/// A message as a frame that is wiped: written in one piece of memory, as what grows leaves copies behind.
pub(crate) fn encode_secret(message: &impl Serialize) -> Zeroizing<Vec<u8>> {
    let size = postcard::experimental::serialized_size(message).expect("messages can be serialized");
    let mut room = Vec::with_capacity(4 + size);
    room.resize(4, 0);
    let mut frame = postcard::to_extend(message, room).expect("messages can be serialized");
    let length = u32::try_from(frame.len() - 4).expect("a message is shorter than 4 GiB");
    frame[..4].copy_from_slice(&length.to_le_bytes());
    Zeroizing::new(frame)
}

/// Sends the first frame with `descriptors`. It fits the socket's buffer, so it never waits.
pub(crate) fn send_first(
    socket: &UnixStream,
    frame: &[u8],
    descriptors: &[BorrowedFd<'_>],
) -> io::Result<()> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(DESCRIPTORS_MAX))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    if !control.push(SendAncillaryMessage::ScmRights(descriptors)) {
        return Err(io::Error::other("too many descriptors for one frame"));
    }
    let sent = sendmsg(socket, &[IoSlice::new(frame)], &mut control, SendFlags::NOSIGNAL)?;
    if sent == frame.len() { Ok(()) } else { Err(io::ErrorKind::WriteZero.into()) }
}

/// Receives the first frame and its descriptors.
pub(crate) fn receive_first<M: DeserializeOwned>(socket: &mut UnixStream) -> io::Result<(M, Vec<OwnedFd>)> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(DESCRIPTORS_MAX))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let mut length = [0; 4];
    #[cfg(target_os = "linux")]
    let flags = RecvFlags::CMSG_CLOEXEC;
    #[cfg(not(target_os = "linux"))]
    let flags = RecvFlags::empty();
    let received = recvmsg(&*socket, &mut [IoSliceMut::new(&mut length)], &mut control, flags)?;
    if received.bytes != length.len() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let mut descriptors = Vec::new();
    for message in control.drain() {
        if let RecvAncillaryMessage::ScmRights(rights) = message {
            descriptors.extend(rights);
        }
    }
    Ok((receive_rest(socket, length)?, descriptors))
}

/// Receives one frame; an error of kind `UnexpectedEof` when the other side is gone.
pub(crate) fn receive<M: DeserializeOwned>(socket: &mut impl Read) -> io::Result<M> {
    let mut length = [0; 4];
    socket.read_exact(&mut length)?;
    receive_rest(socket, length)
}

fn receive_rest<M: DeserializeOwned>(socket: &mut impl Read, length: [u8; 4]) -> io::Result<M> {
    let mut frame = Zeroizing::new(vec![0; frame_length(length)?]);
    socket.read_exact(&mut frame)?;
    decode(&frame)
}

/// The length that a frame announces.
pub(crate) fn frame_length(length: [u8; 4]) -> io::Result<usize> {
    let length = u32::from_le_bytes(length) as usize;
    if length > FRAME_BYTES_MAX {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "a frame is longer than the limit"));
    }
    Ok(length)
}

/// The message in a frame, without its length.
pub(crate) fn decode<M: DeserializeOwned>(frame: &[u8]) -> io::Result<M> {
    postcard::from_bytes(frame).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}
