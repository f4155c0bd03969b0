//! The gate for recordings: turns a chunk that anybody may have sent into one that may be stored, or refuses it.
//!
//! A chunk is read once, front to back, by hand-written rules for each position that our dialect has
//! (`docs/recordings.md`, `fixtures/recording/dialect.json`); what goes out is written anew from what was understood and
//! is never a piece of what came in. A form position can hold the constant mask or nothing: anything else there
//! refuses the chunk. Everywhere else, what does not fit is starred or dropped, and counted. What the gate does not
//! know, it does not let through. It stores nothing, asks nobody and has no clock.

mod address;
mod changes;
mod dialect;
mod events;
mod grammar;
mod head;
mod judge;
mod nodes;
mod number;
mod page;
mod pointer;
mod reader;
mod refusal;
mod sheets;
mod style;
mod summary;
mod text;
mod unpack;
mod write;

pub use dialect::{Limits, limits};
pub use head::{Head, PageId, RecordingId, read_head};
pub use judge::Judgement;
pub use page::Page;
pub use refusal::{Limit, Place, Position, Refused};
pub use summary::{CHECKER, Counts, Kinds, Summary};
pub use unpack::unpack;

use crate::Controls;
use judge::Judge;
use reader::Reader;

/// What a site lets recordings hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// What of a page's own text.
    pub text: Text,
}

/// What a recording may hold of a page's own text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Text {
    /// Stars.
    #[default]
    Starred,
    /// The text, without card numbers.
    Clear,
}

/// A chunk that may be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gated {
    /// The chunk as JSON, written by the gate. It has the keys of a chunk as sent, without the visitor's.
    pub chunk: Vec<u8>,
    /// What the gate looked at and did.
    pub summary: Summary,
    /// Whether the recorder must be asked for a full snapshot: something stood where the gate does not know what is.
    pub ask_snapshot: bool,
}

/// Judges chunks. One serves a whole process, from any thread.
#[derive(Clone, Copy)]
pub struct Gate {
    heed: fn(Judgement) -> Judgement,
}

impl Gate {
    /// A gate with `controls`.
    pub fn new(controls: &Controls) -> Self {
        Self { heed: controls.heed }
    }

    /// Takes an unpacked chunk through. `page` is the mirror of the page it belongs to, as the chunk before left it; a
    /// fresh one where nobody has it any more. A chunk may have to be sent again before it is stored: then hand in
    /// a copy, and keep it with the chunk.
    ///
    /// # Errors
    /// [`Refused`], with nothing of the chunk let through and the page's tree forgotten.
    pub fn pass(&self, page: &mut Page, policy: Policy, body: &[u8]) -> Result<Gated, Refused> {
        let passed = self.judge(page, policy, body);
        if passed.is_err() {
            page.forget();
        }
        passed
    }

    fn judge(&self, page: &mut Page, policy: Policy, body: &[u8]) -> Result<Gated, Refused> {
        if body.len() > limits().chunk_bytes {
            return Err(Refused::TooLarge { limit: Limit::ChunkBytes });
        }
        let head = read_head(body)?;
        let mut reader = Reader::new(body)?;
        let mut judge = Judge::new(page, policy, self.heed, body.len());
        head.write(&mut judge.out);
        head::go_to_events(&mut reader)?;
        judge.events(&mut reader)?;
        judge.out.push(b'}');
        Ok(judge.finish(head.address))
    }
}

#[cfg(test)]
mod tests;
