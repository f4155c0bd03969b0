//! Passwords: bcrypt over a keyed hash, so that whoever has the verifiers but not the pepper cannot even guess.
//!
//! What is hashed is `base64(HMAC-SHA-384(pepper, password))`: 64 characters whatever the password is. bcrypt alone
//! ends at a zero byte and ignores what follows byte 72. A password is taken as the bytes it came as: it is neither
//! trimmed nor cut nor normalised (a text that a keyboard composes in two ways is two passwords).
//!
//! Nothing here says how often somebody may try, and no password or pepper is ever shown or kept.

mod weakness;

#[cfg(test)]
mod tests;

use aws_lc_rs::hmac;
use base64ct::{Base64, Encoding};
use bcrypt::HashParts;
use domain::Rng;
use sealing::Key;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::left_out::{Check, is_left_out};

pub use weakness::{Weakness, weakness};

/// Characters of a password at least.
pub const PASSWORD_CHARS_MIN: usize = 8;
/// Characters of a password at most.
pub const PASSWORD_CHARS_MAX: usize = 128;

/// What a guess costs: 2^12 rounds, some tenths of a second.
pub const COST: u32 = 12;
/// A stored verifier that costs less was not written here.
const COST_MIN: u32 = 12;
/// What a stored verifier may cost, so that a damaged one does not stop the keeper.
const COST_MAX: u32 = 16;

/// Of what is hashed: 48 bytes as base64.
const HASHED_BYTES: usize = 64;
const SALT_BYTES: usize = 16;

/// The key that is mixed into every password, and which one it is. It is in the keeper's memory only.
pub struct Pepper {
    version: u32,
    key: Key,
}

impl Pepper {
    /// The key of this version.
    pub const fn new(version: u32, key: Key) -> Self {
        Self { version, key }
    }

    /// Which one it is.
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// What bcrypt is given.
    fn mix(&self, password: &str) -> Zeroizing<[u8; HASHED_BYTES]> {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA384, self.key.bytes()), password.as_bytes());
        let mut text = Zeroizing::new([0; HASHED_BYTES]);
        Base64::encode(tag.as_ref(), &mut *text).expect("48 bytes are 64 characters");
        text
    }
}

/// What a password is recognised by. It is opaque, and never shown.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct Verifier {
    scheme: Scheme,
    pepper: u32,
    hash: String,
}

/// How a verifier was made.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Scheme {
    /// `$2b$` over the base64 of an HMAC-SHA-384.
    Bcrypt,
}

/// A verifier as it was read, before it is believed.
#[derive(Deserialize)]
struct Stored {
    scheme: Scheme,
    pepper: u32,
    hash: String,
}

/// A stored verifier is not one of ours, or costs less or more than is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a stored verifier of a password is not bcrypt `$2b$` of a cost from {COST_MIN} to {COST_MAX}")]
pub struct NotAVerifier;

impl TryFrom<Stored> for Verifier {
    type Error = NotAVerifier;

    fn try_from(Stored { scheme, pepper, hash }: Stored) -> Result<Self, NotAVerifier> {
        let parts: HashParts = hash.parse().map_err(|_| NotAVerifier)?;
        if !hash.starts_with("$2b$") || !(COST_MIN..=COST_MAX).contains(&parts.get_cost()) {
            return Err(NotAVerifier);
        }
        Ok(Self { scheme, pepper, hash })
    }
}

impl Verifier {
    /// The version of the pepper that [`verify`] needs.
    pub const fn pepper_version(&self) -> u32 {
        self.pepper
    }

    /// Whether the password should be hashed again now that it is known: the cost or the pepper is another today.
    pub fn is_outdated(&self, newest_pepper: u32) -> bool {
        let cost = self.hash.parse().map(|parts: HashParts| parts.get_cost());
        self.pepper != newest_pepper || cost.ok() != Some(COST)
    }

    /// Whether it is the very same: of one password there are as many as it was chosen times.
    pub fn is(&self, other: &Self) -> bool {
        self.pepper == other.pepper && self.hash == other.hash
    }

    /// One that no password fits, for a person who is not there or has none: it takes as long to say no.
    pub fn dummy(pepper: &Pepper) -> Self {
        if is_left_out(Check::Dummy) {
            return Self { scheme: Scheme::Bcrypt, pepper: pepper.version, hash: String::new() };
        }
        let hash = format!("$2b${COST}${}{}", "K".repeat(21), "e".repeat(32));
        Self { scheme: Scheme::Bcrypt, pepper: pepper.version, hash }
    }
}

/// What `password` is recognised by from now on. Whether it will do is [`weakness`]'s to say.
pub fn hash(password: &str, pepper: &Pepper, rng: &dyn Rng) -> Verifier {
    hash_at(COST, password, pepper, rng)
}

fn hash_at(cost: u32, password: &str, pepper: &Pepper, rng: &dyn Rng) -> Verifier {
    let mut salt = [0; SALT_BYTES];
    rng.fill(&mut salt);
    let parts = bcrypt::non_truncating_hash_with_salt(&pepper.mix(password)[..], cost, salt)
        .expect("64 bytes are not cut and the cost is allowed");
    Verifier { scheme: Scheme::Bcrypt, pepper: pepper.version, hash: parts.to_string() }
}

/// Whether `password` is the one. It takes some tenths of a second whatever the answer is, and says no where the
/// verifier needs another pepper.
pub fn verify(verifier: &Verifier, password: &str, pepper: &Pepper) -> bool {
    let fits = match verifier.scheme {
        Scheme::Bcrypt => bcrypt::non_truncating_verify(&pepper.mix(password)[..], &verifier.hash),
    };
    fits.unwrap_or(false) & (verifier.pepper == pepper.version)
}
