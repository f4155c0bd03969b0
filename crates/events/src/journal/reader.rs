//! Walks the frames of a journal file and judges each: good, torn or altered.
//!
//! Torn is how a file ends while its writer lives, or after it was killed: the last commit is not whole and was
//! never acknowledged. Altered is damage: it is reported, never served, and what follows it is served only where
//! its own checksums still prove it.

use domain::SiteId;

use super::frame::{
    FOOT_BYTES, HEAD_BYTES, HEADER_BYTES, MAGIC, PLAIN, Position, SEALED, checksum, number_at,
};
use super::seal::Payloads;

/// Why a file's header leads to no frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum HeaderFault {
    /// Not a journal file, or damaged: a file has its whole header before it has its name.
    #[error("the header is not that of journal file {0}")]
    Altered(u64),
    /// Written by a newer Candor.
    #[error("format {0} is newer than this Candor reads")]
    Newer(u32),
}

/// Judges the header of file `number`; the answer is where its first frame begins, and what opens its payloads.
pub(crate) fn read_header(bytes: &[u8], number: u64) -> Result<(Position, Payloads), HeaderFault> {
    let header = bytes.get(..HEADER_BYTES).ok_or(HeaderFault::Altered(number))?;
    let chain = checksum(0, &header[..20]);
    if header[..8] != MAGIC || number_at(header, 20) != chain || header[12..20] != number.to_le_bytes() {
        return Err(HeaderFault::Altered(number));
    }
    let sealed = match number_at(header, 8) {
        PLAIN => false,
        SEALED => true,
        newer => return Err(HeaderFault::Newer(newer)),
    };
    Ok((Position { offset: HEADER_BYTES as u64, chain }, Payloads::new(number, sealed)))
}

/// What stands next in a file.
#[derive(Debug, PartialEq)]
pub(crate) enum Found<'a> {
    /// The payload of a good frame.
    Frame(SiteId, &'a [u8]),
    /// Damage, in a frame of this site where that is known.
    Altered(Option<SiteId>),
}

impl Found<'_> {
    /// Whose it is, where that is known.
    pub(crate) const fn site(&self) -> Option<SiteId> {
        match self {
            Self::Frame(site, _) => Some(*site),
            Self::Altered(site) => *site,
        }
    }
}

/// The frames in `bytes`, which begin at a known good place of a file and reach to its end.
pub(crate) struct Frames<'a> {
    bytes: &'a [u8],
    position: Position,
    found_at: u64,
    torn: bool,
}

impl<'a> Frames<'a> {
    pub(crate) fn new(bytes: &'a [u8], position: Position) -> Self {
        Self { bytes, position, found_at: position.offset, torn: false }
    }

    /// Where the frame that was found last begins.
    pub(crate) fn found_at(&self) -> u64 {
        self.found_at
    }

    /// Where the next frame begins, or will begin once it is written.
    pub(crate) fn position(&self) -> Position {
        self.position
    }

    /// Whether the file ends inside a frame.
    pub(crate) fn is_torn(&self) -> bool {
        self.torn
    }

    fn step_over(&mut self, length: usize, chain: u32) {
        self.bytes = &self.bytes[length..];
        self.position = Position { offset: self.position.offset + length as u64, chain };
    }
}

impl<'a> Iterator for Frames<'a> {
    type Item = Found<'a>;

    fn next(&mut self) -> Option<Found<'a>> {
        if self.torn || self.bytes.is_empty() {
            return None;
        }
        // After a power failure the end of a file may be zeros where its last commit should be.
        if self.bytes.len() < HEAD_BYTES || self.bytes.iter().all(|byte| *byte == 0) {
            self.torn = true;
            return None;
        }
        self.found_at = self.position.offset;
        let head = number_at(self.bytes, 8);
        if head != checksum(self.position.chain, &self.bytes[..8]) {
            // Without a length nothing after it can be found again.
            self.step_over(self.bytes.len(), head);
            return Some(Found::Altered(None));
        }
        let end = HEAD_BYTES + number_at(self.bytes, 0) as usize;
        if self.bytes.len() < end + FOOT_BYTES {
            self.torn = true;
            return None;
        }
        let site = SiteId(number_at(self.bytes, 4));
        let foot = number_at(self.bytes, end);
        let payload = &self.bytes[HEAD_BYTES..end];
        let good = foot == checksum(head, payload);
        self.step_over(end + FOOT_BYTES, foot);
        Some(if good { Found::Frame(site, payload) } else { Found::Altered(Some(site)) })
    }
}
