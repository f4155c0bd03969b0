//! The public half of an operator's SSH key: a line as `ssh-keygen` writes it, of a kind that is strong enough today.

use std::fmt;

use serde::{Deserialize, Serialize};
use ssh_key::public::{KeyData, RsaPublicKey};
use ssh_key::{EcdsaCurve, HashAlg, PublicKey};

/// Bytes of a line at most: that of an RSA key of 4096 bits has about 750, and a comment.
const LINE_BYTES_MAX: usize = 2_048;
/// Bits of an RSA key: NIST SP 800-57 for what shall hold beyond 2030, and what `ssh-key` takes.
const RSA_BITS_MIN: usize = 3_072;
const RSA_BITS_MAX: usize = 4_096;
/// Security keys make signatures for web pages, too, under the pages' names.
const APPLICATION: &str = "ssh:";

/// A public key that may sign an operator in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OperatorKey(PublicKey);

/// Why a line is no operator's key, as the operator is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not a key at all.
    #[error("this is not an SSH public key: give the one line of the file that ends in .pub")]
    NotAKey,
    /// The wrong half, which is known now to whoever saw it.
    #[error(
        "this is a private key: give the file that ends in .pub, and make a new key, since this one was shown"
    )]
    Private,
    /// A kind that is too weak or too rare.
    #[error("this kind of SSH key is not taken: make one with `ssh-keygen -t ed25519`")]
    Kind,
    /// Too short or too long.
    #[error(
        "an RSA key must have from {RSA_BITS_MIN} to {RSA_BITS_MAX} bits: make a key with `ssh-keygen -t ed25519`"
    )]
    Bits,
    /// Made for a web page.
    #[error("this security key's key is not for SSH: its application does not begin with `{APPLICATION}`")]
    Application,
}

impl OperatorKey {
    /// From a line as `ssh-keygen` writes it: kind, key, and a comment or none.
    ///
    /// # Errors
    /// [`KeyError`] where it is none, or one that is not taken.
    pub fn parse(line: &str) -> Result<Self, KeyError> {
        let line = line.trim();
        if line.contains("PRIVATE KEY") {
            return Err(KeyError::Private);
        }
        if line.len() > LINE_BYTES_MAX || line.chars().any(char::is_control) {
            return Err(KeyError::NotAKey);
        }
        let key = PublicKey::from_openssh(line).map_err(|_| KeyError::NotAKey)?;
        let is_for_ssh = |application: &str| match application.starts_with(APPLICATION) {
            true => Ok(()),
            false => Err(KeyError::Application),
        };
        match key.key_data() {
            KeyData::Ed25519(_) => Ok(()),
            KeyData::Ecdsa(ecdsa) if ecdsa.curve() == EcdsaCurve::NistP256 => Ok(()),
            KeyData::Rsa(rsa) if (RSA_BITS_MIN..=RSA_BITS_MAX).contains(&bits(rsa)) => Ok(()),
            KeyData::Rsa(_) => Err(KeyError::Bits),
            KeyData::SkEd25519(sk) => is_for_ssh(sk.application()),
            KeyData::SkEcdsaSha2NistP256(sk) => is_for_ssh(sk.application()),
            _ => Err(KeyError::Kind),
        }?;
        Ok(Self(key))
    }

    /// As `ssh-keygen -l` shows it: `SHA256:…`.
    pub fn fingerprint(&self) -> String {
        self.0.fingerprint(HashAlg::Sha256).to_string()
    }

    /// What the operator wrote behind the key.
    pub fn comment(&self) -> &str {
        self.0.comment()
    }

    pub(super) const fn public(&self) -> &PublicKey {
        &self.0
    }
}

fn bits(key: &RsaPublicKey) -> usize {
    let modulus = key.n.as_positive_bytes().unwrap_or_default();
    modulus.first().map_or(0, |first| 8 * modulus.len() - first.leading_zeros() as usize)
}

/// The line that it is read from again.
impl fmt::Display for OperatorKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.to_openssh().map_err(|_| fmt::Error)?)
    }
}

impl TryFrom<String> for OperatorKey {
    type Error = KeyError;

    fn try_from(line: String) -> Result<Self, KeyError> {
        Self::parse(&line)
    }
}

impl From<OperatorKey> for String {
    fn from(key: OperatorKey) -> Self {
        key.to_string()
    }
}
