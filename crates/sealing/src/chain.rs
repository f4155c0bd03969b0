//! A chain of batches: each is sealed under a key of its own, and once a batch is durable its key is wiped and can
//! not be had again. So whoever takes over the writer cannot open what it wrote a moment ago.
//!
//! The chain's first key is sealed to the recipient; from it, and from nothing later, all batches open.

use domain::Rng;
use zeroize::Zeroize;

use crate::Refused;
use crate::gcm::Gcm;
use crate::key::Key;
use crate::pair::{Recipient, SealedKey};

/// A batch has a key of its own, so that one nonce is enough.
const NONCE: [u8; 12] = [0; 12];

/// Seals one batch after another.
pub struct ChainSealer {
    link: Link,
    sealed_key: SealedKey,
}

/// Opens batches in the order in which they were sealed.
pub struct ChainOpener(Link);

/// A place in the chain, before a batch.
struct Link {
    key: Key,
    label: Vec<u8>,
    batch: u64,
}

impl Link {
    fn advance(&mut self) {
        self.key = self.key.derive(b"candor chain next");
        self.batch += 1;
    }

    fn gcm(&self) -> Gcm {
        Gcm::new(&self.key.derive(b"candor chain batch"))
    }

    /// The label with the batch's number, so that no batch stands in another's place.
    fn label(&self) -> Vec<u8> {
        [&self.label, &self.batch.to_be_bytes()[..]].concat()
    }
}

impl ChainSealer {
    /// Begins a chain that `recipient` can open.
    ///
    /// # Errors
    /// [`Refused`] where the recipient's public key is no key.
    pub fn begin(recipient: &Recipient, label: Vec<u8>, rng: &dyn Rng) -> Result<Self, Refused> {
        let (key, sealed_key) = recipient.fresh_key(&label, rng)?;
        Ok(Self { link: Link { key, label, batch: 0 }, sealed_key })
    }

    /// What opens the chain, to be stored before its first batch.
    pub fn sealed_key(&self) -> &SealedKey {
        &self.sealed_key
    }

    /// Whether nothing was sealed yet that is durable.
    pub fn is_new(&self) -> bool {
        self.link.batch == 0
    }

    /// Seals what stands in `bytes` from `from` on, as the next batch. Until [`Self::advance`] is called it is still
    /// the next: a batch that was not stored is sealed again, with the same bytes or it must not be.
    pub fn seal(&self, bytes: &mut Vec<u8>, from: usize) {
        self.link.gcm().seal(NONCE, &self.link.label(), bytes, from);
    }

    /// The batch that was sealed is durable: its key is wiped.
    pub fn advance(&mut self) {
        self.link.advance();
    }
}

impl ChainOpener {
    /// The opener of a chain whose first key is `key`.
    pub fn new(key: Key, label: Vec<u8>) -> Self {
        Self(Link { key, label, batch: 0 })
    }

    /// Opens the next batch, and goes on to the one after it whether this one opens or not.
    ///
    /// # Errors
    /// [`Refused`] where it was altered or is not the next batch of this chain.
    pub fn open(&mut self, sealed: &[u8]) -> Result<Vec<u8>, Refused> {
        let mut bytes = sealed.to_vec();
        let opened = self.0.gcm().open(NONCE, &self.0.label(), &mut bytes);
        self.0.advance();
        match opened {
            Ok(length) => {
                bytes.truncate(length);
                Ok(bytes)
            }
            Err(refused) => {
                bytes.zeroize();
                Err(refused)
            }
        }
    }

    /// Goes on to the batch after the next without opening it.
    pub fn skip(&mut self) {
        self.0.advance();
    }
}

#[cfg(test)]
mod tests;
