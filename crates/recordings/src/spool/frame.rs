//! The bytes of a spooled file.
//!
//! Header: magic (8), format (u32), checksum of these (u32).
//! Frame: length of the payload (u32), site (u32), name (16), checksum of these (u32), payload, checksum of it (u32).
//! Integers are little-endian. The head's own checksum is what tells an altered length from a frame that was not finished.

use domain::SiteId;

use crate::chunk::{NAME_BYTES, SealedChunk, Spooled};

const MAGIC: [u8; 8] = *b"CNDRSPL\0";
/// The format written here. Newer ones are refused.
const FORMAT: u32 = 1;
pub(super) const HEADER_BYTES: usize = 16;
const HEAD_BYTES: usize = 4 + 4 + NAME_BYTES + 4;
const FOOT_BYTES: usize = 4;

/// The header of every file.
pub(super) fn header() -> [u8; HEADER_BYTES] {
    let mut header = [0; HEADER_BYTES];
    header[..8].copy_from_slice(&MAGIC);
    header[8..12].copy_from_slice(&FORMAT.to_le_bytes());
    let checksum = crc32fast::hash(&header[..12]);
    header[12..].copy_from_slice(&checksum.to_le_bytes());
    header
}

/// Appends the frame of a chunk.
pub(super) fn write(bytes: &mut Vec<u8>, chunk: &SealedChunk) {
    let length = u32::try_from(chunk.payload.len()).expect("a chunk is smaller than 4 GiB");
    let from = bytes.len();
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(&chunk.site.0.to_le_bytes());
    bytes.extend_from_slice(&chunk.name);
    let checksum = crc32fast::hash(&bytes[from..]);
    bytes.extend_from_slice(&checksum.to_le_bytes());
    bytes.extend_from_slice(&chunk.payload);
    bytes.extend_from_slice(&crc32fast::hash(&chunk.payload).to_le_bytes());
}

/// What comes next in a file.
pub(crate) enum Found<'a> {
    /// A chunk as it was spooled, as far as a checksum tells.
    Chunk(Spooled<'a>),
    /// Something that was altered.
    Altered,
}

/// The frames of one file.
pub(crate) struct Frames<'a> {
    rest: &'a [u8],
    /// Whether the file ends inside a frame, which was never acknowledged.
    pub(crate) torn: bool,
}

/// Why a file has no frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum HeaderFault {
    /// It does not begin like one.
    #[error("it does not begin like a spooled file")]
    NotOne,
    /// It was written by a newer Candor.
    #[error("its format {0} is newer than this Candor reads")]
    Newer(u32),
}

impl<'a> Frames<'a> {
    /// Those of a file.
    pub(crate) fn of(file: &'a [u8]) -> Result<Self, HeaderFault> {
        let (head, rest) = file.split_at_checked(HEADER_BYTES).ok_or(HeaderFault::NotOne)?;
        if head[..8] != MAGIC || number_at(head, 12) != crc32fast::hash(&head[..12]) {
            return Err(HeaderFault::NotOne);
        }
        match number_at(head, 8) {
            FORMAT => Ok(Self { rest, torn: false }),
            newer => Err(HeaderFault::Newer(newer)),
        }
    }
}

impl<'a> Iterator for Frames<'a> {
    type Item = Found<'a>;

    fn next(&mut self) -> Option<Found<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let Some((head, rest)) = self.rest.split_at_checked(HEAD_BYTES) else {
            (self.torn, self.rest) = (true, &[]);
            return None;
        };
        let (said, checksum) = head.split_at(HEAD_BYTES - 4);
        if number_at(checksum, 0) != crc32fast::hash(said) {
            // How long it was meant to be is not known, so that nothing after it can be found.
            self.rest = &[];
            return Some(Found::Altered);
        }
        let length = number_at(said, 0) as usize;
        let Some((payload, rest)) = rest.split_at_checked(length) else {
            (self.torn, self.rest) = (true, &[]);
            return None;
        };
        let Some((foot, rest)) = rest.split_at_checked(FOOT_BYTES) else {
            (self.torn, self.rest) = (true, &[]);
            return None;
        };
        self.rest = rest;
        if number_at(foot, 0) != crc32fast::hash(payload) {
            return Some(Found::Altered);
        }
        let mut name = [0; NAME_BYTES];
        name.copy_from_slice(&said[8..]);
        Some(Found::Chunk(Spooled { site: SiteId(number_at(said, 4)), name, payload }))
    }
}

fn number_at(bytes: &[u8], at: usize) -> u32 {
    let mut four = [0; 4];
    four.copy_from_slice(&bytes[at..at + 4]);
    u32::from_le_bytes(four)
}
