//! Texts that are offered and agreed to, put together from what holds now. A text is known by its version, which is a digest
//! of its words: another word is another version.

pub(crate) mod agreement;
pub(crate) mod privacy;

use sha2::{Digest, Sha256};

/// What a text is known by.
pub(crate) fn version_of(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
