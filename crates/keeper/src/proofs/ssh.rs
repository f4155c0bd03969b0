//! Operators' SSH keys: an operator signs a text of the server's with `ssh-keygen -Y sign`, and what comes back is
//! checked here.
//!
//! The text names the server, what it is for and when it ends, and holds a nonce; the signature is bound to a namespace,
//! so that one that was made for a file, for mail or for another server is none. Nothing here remembers which texts
//! were answered: the caller keeps a challenge in memory and gives it up with its first answer.

mod key;

#[cfg(test)]
mod tests;

use std::time::Duration;

use base64ct::{Base64UrlUnpadded, Encoding};
use domain::{Rng, Timestamp};
use ssh_key::public::KeyData;
use ssh_key::{Algorithm, SshSig};

pub use key::{KeyError, OperatorKey};

/// What operators' signatures are for, as `ssh-keygen -Y sign -n` is told.
pub const NAMESPACE: &str = "candor-operator";
/// How long a challenge can be answered.
pub const CHALLENGE_LIFE: Duration = Duration::from_secs(5 * 60);
/// Bytes of a signature at most: that of an RSA key of 4096 bits has about 1,600.
pub const SIGNATURE_BYTES_MAX: usize = 4_096;

const NONCE_BYTES: usize = 32;
/// Of a security key's flags: somebody touched it.
const TOUCHED: u8 = 1;
/// A security key's signature ends with its flags and a counter of four bytes.
const FLAGS_FROM_END: usize = 5;

/// What an operator is asked to sign. Nothing in it is secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    text: String,
    expires: Timestamp,
}

impl Challenge {
    /// To the byte what is signed; it ends with a line feed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// From when on no answer is taken.
    pub const fn expires(&self) -> Timestamp {
        self.expires
    }
}

/// Why a signature does not sign an operator in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// Too late.
    #[error("the challenge has expired: ask for a new one")]
    Expired,
    /// Not even one.
    #[error(
        "this is not a signature that `ssh-keygen -Y sign` makes with SHA-256 or SHA-512: \
         paste all of it, from BEGIN SSH SIGNATURE to END SSH SIGNATURE"
    )]
    NotASignature,
    /// By somebody else.
    #[error("the signature was made with another key")]
    AnotherKey,
    /// For something else.
    #[error("the signature was made for another purpose: sign with -n {NAMESPACE}")]
    AnotherNamespace,
    /// A program can do that alone.
    #[error("the security key was not touched")]
    NotTouched,
    /// Of another text.
    #[error("the signature is not of this challenge")]
    Wrong,
}

/// A fresh text for an operator of `server` to sign.
pub fn challenge(server: &str, rng: &dyn Rng, now: Timestamp) -> Challenge {
    let mut nonce = [0; NONCE_BYTES];
    rng.fill(&mut nonce);
    let nonce = Base64UrlUnpadded::encode_string(&nonce);
    // One line whatever it holds, so that it cannot pass for another of them.
    let server: String = server.chars().filter(|char| !char.is_control()).collect();
    let expires = now + CHALLENGE_LIFE;
    let text = format!(
        "Sign in to Candor as an operator\nserver: {server}\nnamespace: {NAMESPACE}\nnonce: {nonce}\nexpires: {expires}\n"
    );
    Challenge { text, expires }
}

/// Whether `signature`, as `ssh-keygen -Y sign` writes it, was made with `key` of `challenge`.
///
/// # Errors
/// [`SignatureError`] says to the operator what is wrong.
pub fn verify(
    key: &OperatorKey,
    challenge: &Challenge,
    signature: &str,
    now: Timestamp,
) -> Result<(), SignatureError> {
    if now >= challenge.expires {
        return Err(SignatureError::Expired);
    }
    if signature.len() > SIGNATURE_BYTES_MAX {
        return Err(SignatureError::NotASignature);
    }
    let signature: SshSig = signature.trim().parse().map_err(|_| SignatureError::NotASignature)?;
    if signature.public_key() != key.public().key_data() {
        return Err(SignatureError::AnotherKey);
    }
    if signature.namespace() != NAMESPACE {
        return Err(SignatureError::AnotherNamespace);
    }
    check_kind(key.public().key_data(), &signature)?;
    key.public().verify(NAMESPACE, challenge.text.as_bytes(), &signature).map_err(|_| SignatureError::Wrong)
}

/// What `ssh-key` does not look at: that the signature is of version 1 and of the kind its key makes (of RSA never with
/// SHA-1), and that a security key was touched.
fn check_kind(key: &KeyData, signature: &SshSig) -> Result<(), SignatureError> {
    let is_of_its_kind = match signature.algorithm() {
        Algorithm::Rsa { hash } => key.is_rsa() && hash.is_some(),
        other => other == key.algorithm(),
    };
    if !is_of_its_kind || signature.version() != SshSig::VERSION {
        return Err(SignatureError::NotASignature);
    }
    let bytes = signature.signature_bytes();
    let flags = bytes.len().checked_sub(FLAGS_FROM_END).and_then(|at| bytes.get(at)).copied().unwrap_or(0);
    if (key.is_sk_ed25519() || key.is_sk_ecdsa_p256()) && flags & TOUCHED == 0 {
        return Err(SignatureError::NotTouched);
    }
    Ok(())
}
