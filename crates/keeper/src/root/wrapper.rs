//! What seals a root key that is not left lying open: the interface between Candor and whatever guards its root key.
//!
//! `docs/root-key-kms.md` says what must hold of whatever stands behind it, and one suite of tests holds every kind to
//! that. A wrapper never sees anything but the root key, and never keeps it.

use domain::Rng;
use sealing::Key;

use super::passphrase::PassphraseWrapper;
use super::pkcs11::TokenWrapper;
use super::transit::TransitWrapper;
use super::{RootError, RootSource, Unsealing};

/// Seals a root key and opens it again.
pub(crate) trait RootWrapper {
    /// The root key in a form in which it may lie anywhere, bound to `context`.
    fn wrap(&self, root: &Key, context: &[u8], rng: &dyn Rng) -> Result<Vec<u8>, WrapError>;

    /// The root key that was wrapped with this `context`. It does not open with another, altered, or by another key.
    fn unwrap(&self, wrapped: &[u8], context: &[u8]) -> Result<Key, WrapError>;
}

/// Why a root key is not sealed or opened.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum WrapError {
    /// It was altered or moved, or its key is another. To try again is of no use.
    #[error("what is sealed does not open: it was altered, or its key is another")]
    Refused,
    /// It does not answer just now. To try again may help.
    #[error("{0}")]
    Unavailable(String),
    /// The key that it was sealed by is not there.
    #[error("{0}")]
    NoKey(String),
    /// It answers, but not as it is set up: somebody has to do something. To try again may harm.
    #[error("{0}")]
    Unusable(String),
}

/// What stands behind `source`; `None` for a source that hands over the key itself.
pub(crate) fn wrapper_of(
    source: &RootSource,
    handed: &Unsealing,
) -> Result<Option<Box<dyn RootWrapper>>, RootError> {
    Ok(Some(match source {
        RootSource::File | RootSource::Credential => return Ok(None),
        RootSource::Passphrase => {
            let passphrase = handed.passphrase.clone().ok_or(RootError::NoPassphrase)?;
            Box::new(PassphraseWrapper::new(passphrase))
        }
        RootSource::Pkcs11(uri) => Box::new(TokenWrapper::new(uri.clone())),
        RootSource::Transit(address) => Box::new(TransitWrapper::new(address.clone())),
    }))
}

#[cfg(test)]
mod tests;
