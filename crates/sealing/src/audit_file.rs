//! An audit log as a file that anybody checks without the server: a line that says whose log it is, a line for each
//! entry in its order, and a line with the signed checkpoint.
//!
//! An entry stands there byte for byte as it is hashed, so that no two programs can disagree about how to write it.

use serde::{Deserialize, Serialize};

use crate::checkpoint::{CheckpointKey, Origin};
use crate::merkle::Hash;

mod finding;
mod lines;
mod verify;

pub use finding::Finding;
pub use verify::{Earlier, Verdict, verify};

/// The format written here, and the newest that is read.
pub const FORMAT: u32 = 1;
/// Bytes of a line at most.
pub const LINE_BYTES_MAX: usize = 64 << 10;

const BEFORE_LEAF: &str = r#"{"leaf":""#;
const BEFORE_ENTRY: &str = r#"","entry":"#;

/// The first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Header {
    candor_audit_log: u32,
    pub(crate) log: u32,
    pub(crate) origin: String,
    pub(crate) public_key: String,
}

/// The last line.
#[derive(Serialize, Deserialize)]
struct Last {
    checkpoint: String,
}

/// The first line of the file of a log.
pub fn first_line(origin: &Origin, log: u32, key: &CheckpointKey) -> String {
    let (origin, public_key) = (origin.as_str().to_owned(), key.to_string());
    line(&Header { candor_audit_log: FORMAT, log, origin, public_key })
}

/// The line of an entry: as it is hashed, and the hash that was kept of it when it was written.
pub fn entry_line(leaf: &Hash, entry: &str) -> String {
    let leaf: String = leaf.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{BEFORE_LEAF}{leaf}{BEFORE_ENTRY}{entry}}}\n")
}

/// The last line of the file of a log.
pub fn last_line(checkpoint: &str) -> String {
    line(&Last { checkpoint: checkpoint.to_owned() })
}

fn line(of: &impl Serialize) -> String {
    let mut line = serde_json::to_string(of).expect("it is JSON");
    line.push('\n');
    line
}

#[cfg(test)]
mod tests;
