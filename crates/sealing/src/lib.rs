//! How anything is sealed, and how the keeper is asked to open it.
//!
//! Whoever writes needs only a public half: it makes a fresh key for each object, seals it to that half, and
//! cannot open what it wrote. Whoever reads asks the keeper for the object's key. Everything sealed is bound by a
//! [`Label`] to its owner, kind, name and environment, so that it does not open in another's place.
//!
//! Nothing here stores a key, and nothing here decides who may open what.

pub mod audit_file;
mod chain;
mod checkpoint;
mod client;
mod gcm;
mod key;
mod label;
pub mod merkle;
mod object;
mod objects;
mod packets;
mod pair;
pub mod protocol;
mod receipt;
mod ring;
#[cfg(test)]
mod testing;
mod token;

pub use chain::{ChainOpener, ChainSealer};
pub use checkpoint::{
    CHECKPOINT_BYTES_MAX, Checkpoint, CheckpointError, CheckpointKey, NoCheckpointKey, Origin, Signer,
    SigningKey,
};
pub use client::{Client, Remembered};
pub use gcm::{seal_bytes, unseal_bytes, unwrap, wrap};
pub use key::{Key, KeyCheck};
pub use label::{Environment, Kind, Label};
pub use object::{HEADER_BYTES, ObjectError, Opened, seal};
pub use objects::{Form, Object, ObjectId, Objects, ReadError};
pub use packets::{introduce, introduced, pair as packet_pair, receive_packet, send_packet};
pub use pair::{Pair, PublicKey, Recipient, SEALED_KEY_BYTES, SealedKey};
pub use receipt::{RECEIPT_BYTES_MAX, open_receipt, sign_receipt, visitor_digest};
pub use ring::{OpenError, Opener, Published, Recipients, Ring, Seals, Wanted};
pub use token::{SecretText, TOKEN_CHARS, Token, TokenHash};

/// Something does not open: it was altered, it was moved, or the key is another.
///
/// It tells no more on purpose: which of them it was helps only whoever tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("does not open: it was altered or moved, or its key is another")]
pub struct Refused;
