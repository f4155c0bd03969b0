//! What a log is at one moment, signed: its name, how many entries it has, and the root over them. Written as a note that
//! anybody's program for transparency logs reads (C2SP tlog-checkpoint and signed-note, Ed25519).
//!
//! It holds no moment in time, so that the same log is the same note however often it is signed.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use base64ct::{Base64, Encoding};
use serde::{Deserialize, Serialize};

use crate::key::Key;
use crate::label::Environment;
use crate::merkle::{Hash, sha256};

mod signer;

pub use signer::Signer;

/// Bytes of a note that are read at most.
pub const CHECKPOINT_BYTES_MAX: usize = 4096;

/// How a note's signature is marked: an em dash.
const MARK: &str = "\u{2014} ";
/// What a key is marked with that makes Ed25519 signatures.
const ED25519_MARK: u8 = 1;

/// What a log is called by anybody who checks it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(String);

impl Origin {
    /// A log of a server, by its number.
    pub fn of(environment: Environment, log: u32) -> Self {
        Self(format!("candor/{environment:?}/{log}"))
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A log at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// What it is called.
    pub origin: String,
    /// How many entries it had.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
}

/// Why a text is no checkpoint that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// It is not written as one.
    #[error("it is not a signed checkpoint")]
    Malformed,
    /// It is signed by others only.
    #[error("it is signed by another key")]
    OtherKey,
    /// The signature is of another text.
    #[error("its signature is wrong: it was altered, or never signed")]
    Forged,
}

impl Checkpoint {
    /// The note, signed.
    pub fn sign(origin: &Origin, size: u64, root: &Hash, key: &SigningKey) -> String {
        let text = format!("{}\n{size}\n{}\n", origin.as_str(), Base64::encode_string(root));
        sign_note(&text, origin.as_str(), key)
    }

    /// What a note says, once its signature by `key` was checked. Signatures by others are passed over.
    ///
    /// # Errors
    /// [`CheckpointError`].
    pub fn open(note: &str, key: &CheckpointKey) -> Result<Self, CheckpointError> {
        let (text, _) = split(note, CHECKPOINT_BYTES_MAX)?;
        let said = Self::parse(text)?;
        open_note(note, &said.origin, key, CHECKPOINT_BYTES_MAX)?;
        Ok(said)
    }

    fn parse(text: &str) -> Result<Self, CheckpointError> {
        let mut lines = text.lines();
        let mut line = || lines.next().filter(|line| !line.is_empty()).ok_or(CheckpointError::Malformed);
        let (origin, size, root) = (line()?.to_owned(), line()?, line()?);
        let decimal =
            size.bytes().all(|byte| byte.is_ascii_digit()) && (size == "0" || !size.starts_with('0'));
        let size = size.parse().ok().filter(|_| decimal).ok_or(CheckpointError::Malformed)?;
        let mut bytes = [0; 32];
        match Base64::decode(root, &mut bytes) {
            Ok(decoded) if decoded.len() == 32 => Ok(Self { origin, size, root: bytes }),
            _ => Err(CheckpointError::Malformed),
        }
    }
}

/// A note of this text, signed under a name.
pub(crate) fn sign_note(text: &str, name: &str, key: &SigningKey) -> String {
    let mut signature = key.public().mark(name).to_vec();
    signature.extend_from_slice(key.0.sign(text.as_bytes()).as_ref());
    format!("{text}\n{MARK}{name} {}\n", Base64::encode_string(&signature))
}

/// The text of a note, once its signature by `key` under this name was checked. Signatures by others are passed over.
pub(crate) fn open_note<'a>(
    note: &'a str,
    name: &str,
    key: &CheckpointKey,
    bytes_max: usize,
) -> Result<&'a str, CheckpointError> {
    let (text, signatures) = split(note, bytes_max)?;
    let mark = key.mark(name);
    let mut of_key = signatures.lines().map(|line| signature(line, name));
    let found = of_key.find_map(|line| match line {
        Err(error) => Some(Err(error)),
        Ok(bytes) => bytes.filter(|bytes| bytes[..4] == mark).map(Ok),
    });
    let signature = found.transpose()?.ok_or(CheckpointError::OtherKey)?;
    let public = UnparsedPublicKey::new(&ED25519, key.0);
    public.verify(text.as_bytes(), &signature[4..]).map_err(|_| CheckpointError::Forged)?;
    Ok(text)
}

/// The text that is signed, its last newline among it, and the lines of signatures.
fn split(note: &str, bytes_max: usize) -> Result<(&str, &str), CheckpointError> {
    let whole = note.len() <= bytes_max && note.ends_with('\n');
    let plain = note.bytes().all(|byte| byte >= b' ' || byte == b'\n');
    let at = note.rfind("\n\n").filter(|_| whole && plain).ok_or(CheckpointError::Malformed)?;
    let (text, signatures) = (&note[..=at], &note[at + 2..]);
    if signatures.is_empty() { Err(CheckpointError::Malformed) } else { Ok((text, signatures)) }
}

/// The bytes of one signature, with the mark of its key; `None` where it is by a key of another name or kind.
fn signature(line: &str, name: &str) -> Result<Option<Vec<u8>>, CheckpointError> {
    let rest = line.strip_prefix(MARK).ok_or(CheckpointError::Malformed)?;
    let (of, encoded) = rest.split_once(' ').ok_or(CheckpointError::Malformed)?;
    let bytes = Base64::decode_vec(encoded).map_err(|_| CheckpointError::Malformed)?;
    Ok(Some(bytes).filter(|bytes| of == name && bytes.len() == 4 + 64))
}

/// What signs checkpoints. Never shown.
pub struct SigningKey(Ed25519KeyPair);

impl SigningKey {
    /// The one that follows from `seed`.
    ///
    /// # Panics
    /// Never: each 32 bytes are the seed of a key.
    pub fn of_seed(seed: &Key) -> Self {
        Self(Ed25519KeyPair::from_seed_unchecked(seed.bytes()).expect("32 bytes are a seed"))
    }

    /// By what its signatures are checked.
    ///
    /// # Panics
    /// Never: a public key has 32 bytes.
    pub fn public(&self) -> CheckpointKey {
        CheckpointKey(self.0.public_key().as_ref().try_into().expect("a public key has 32 bytes"))
    }
}

/// The public half of what signs checkpoints. As text it is 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckpointKey(pub [u8; 32]);

impl CheckpointKey {
    /// As programs for signed notes want it, for the log of this name: name, mark and key.
    pub fn verifier(&self, origin: &str) -> String {
        let mark: String = self.mark(origin).iter().map(|byte| format!("{byte:02x}")).collect();
        let key = [&[ED25519_MARK][..], &self.0].concat();
        format!("{origin}+{mark}+{}", Base64::encode_string(&key))
    }

    /// Four bytes by which a signature's key is found.
    fn mark(&self, name: &str) -> [u8; 4] {
        let hash = sha256(&[name.as_bytes(), b"\n", &[ED25519_MARK], &self.0]);
        [hash[0], hash[1], hash[2], hash[3]]
    }
}

impl fmt::Display for CheckpointKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A text is no public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not a public key: 64 hexadecimal digits, or a line such as candor/…/1+0123abcd+A…")]
pub struct NoCheckpointKey;

impl FromStr for CheckpointKey {
    type Err = NoCheckpointKey;

    /// From its digits, or as [`CheckpointKey::verifier`] writes it.
    fn from_str(text: &str) -> Result<Self, NoCheckpointKey> {
        let digits = |text: &str| {
            (0..32)
                .map(|at| u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok())
                .collect::<Option<Vec<u8>>>()
        };
        let bytes = match text.rsplit_once('+') {
            None if text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) => digits(text),
            None => None,
            // The base64 part may itself hold a `+`.
            Some(_) => {
                text.splitn(3, '+').nth(2).and_then(|key| Base64::decode_vec(key).ok()).and_then(|bytes| {
                    bytes
                        .split_first()
                        .filter(|(mark, _)| **mark == ED25519_MARK)
                        .map(|(_, key)| key.to_vec())
                })
            }
        };
        bytes.and_then(|bytes| bytes.try_into().ok()).map(Self).ok_or(NoCheckpointKey)
    }
}

#[cfg(test)]
mod tests;
