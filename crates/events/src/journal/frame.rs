//! The bytes of a journal file.
//!
//! Header: magic (8), format (u32), number (u64), checksum of these (u32).
//! Frame: length of the payload (u32), site (u32), checksum of these two (u32), payload, checksum of it (u32).
//! Integers are little-endian. Each checksum is a CRC-32 that continues the one before it in the file. The head's
//! own checksum is what tells an altered length from a frame that was not finished.

use std::io;

use domain::{Event, Refusal, SiteId};
use serde::{Deserialize, Serialize};

/// Begins every journal file.
pub(super) const MAGIC: [u8; 8] = *b"CNDRJNL\0";
/// The first format, in which a payload is a frame as it is.
pub(super) const PLAIN: u32 = 1;
/// The format written here, in which payloads are sealed. Newer ones are refused.
pub(super) const SEALED: u32 = 2;
/// Bytes of a file's header.
pub(super) const HEADER_BYTES: usize = 24;
/// Bytes of a frame before its payload.
pub(super) const HEAD_BYTES: usize = 12;
/// Bytes of a frame after its payload.
pub(super) const FOOT_BYTES: usize = 4;

/// What one commit added for one site.
#[derive(Debug, Default, PartialEq, Deserialize)]
pub(crate) struct Frame {
    /// Events in order of arrival.
    pub(crate) events: Vec<Event>,
    /// Events that were not kept.
    pub(crate) refused: Vec<RefusedCount>,
}

/// A [`Frame`] as it is written, without owning its events.
#[derive(Serialize)]
pub(super) struct FrameRef<'a> {
    pub(super) events: &'a [Box<Event>],
    pub(super) refused: &'a [RefusedCount],
}

/// So many events of a UTC day were refused for one reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RefusedCount {
    pub(crate) refusal: Refusal,
    /// Days since 1970.
    pub(crate) utc_day: i64,
    pub(crate) count: u64,
}

/// A place between two frames: how far the file is known good, and the checksum that the next one continues.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) offset: u64,
    pub(crate) chain: u32,
}

/// The checksum of `bytes`, continuing `chain`.
pub(super) fn checksum(chain: u32, bytes: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new_with_initial(chain);
    hasher.update(bytes);
    hasher.finalize()
}

/// The header of file `number`, and where its first frame goes.
pub(super) fn write_header(number: u64, format: u32) -> ([u8; HEADER_BYTES], Position) {
    let mut header = [0; HEADER_BYTES];
    header[..8].copy_from_slice(&MAGIC);
    header[8..12].copy_from_slice(&format.to_le_bytes());
    header[12..20].copy_from_slice(&number.to_le_bytes());
    let chain = checksum(0, &header[..20]);
    header[20..].copy_from_slice(&chain.to_le_bytes());
    (header, Position { offset: HEADER_BYTES as u64, chain })
}

/// Appends one frame to `bytes`, whose payload `put` appends; the answer is the checksum that the next frame continues.
pub(super) fn write_frame(
    bytes: &mut Vec<u8>,
    chain: u32,
    site: SiteId,
    put: impl FnOnce(&mut Vec<u8>) -> io::Result<()>,
) -> io::Result<u32> {
    let start = bytes.len();
    bytes.extend_from_slice(&[0; HEAD_BYTES]);
    put(bytes)?;
    let length = u32::try_from(bytes.len() - start - HEAD_BYTES).expect("a commit is smaller than 4 GiB");
    bytes[start..start + 4].copy_from_slice(&length.to_le_bytes());
    bytes[start + 4..start + 8].copy_from_slice(&site.0.to_le_bytes());
    let head = checksum(chain, &bytes[start..start + 8]);
    bytes[start + 8..start + HEAD_BYTES].copy_from_slice(&head.to_le_bytes());
    let foot = checksum(head, &bytes[start + HEAD_BYTES..]);
    bytes.extend_from_slice(&foot.to_le_bytes());
    Ok(foot)
}

/// The four bytes at `at` as a number.
pub(super) fn number_at(bytes: &[u8], at: usize) -> u32 {
    let mut four = [0; 4];
    four.copy_from_slice(&bytes[at..at + 4]);
    u32::from_le_bytes(four)
}
