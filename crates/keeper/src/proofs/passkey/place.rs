//! Where passkeys are used: a passkey belongs to a host name, for ever, and is used at no other.

use webauthn_rs::WebauthnBuilder;
use webauthn_rs::prelude::Url;

use super::Relying;
#[cfg(debug_assertions)]
use crate::left_out::{Check, is_left_out};

/// Why passkeys cannot be used at an address. Without them everything else works.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RelyingError {
    /// Not an address of the web.
    #[error("`{0}` is not an address like https://stats.example.org")]
    NotAnAddress(String),
    /// A number does.
    #[error("passkeys belong to a host name, and {0} has none")]
    NoHostName(String),
    /// Browsers see to that.
    #[error("browsers use passkeys only over https, or at http://localhost, and not at {0}")]
    NotSecure(String),
    /// One host's passkeys are no other's.
    #[error("passkeys of {host} cannot be used at {address}")]
    Elsewhere {
        /// Whose they are.
        host: String,
        /// The other.
        address: String,
    },
}

impl Relying {
    /// The server that is asked at `public_url`, and at `others` of the same host or below it.
    ///
    /// # Errors
    /// [`RelyingError`] names the address that does not go.
    pub fn new(public_url: &str, others: &[&str]) -> Result<Self, RelyingError> {
        let address = address(public_url)?;
        let host = address.domain().unwrap_or_default().to_owned();
        let elsewhere =
            |address: &str| RelyingError::Elsewhere { host: host.clone(), address: address.to_owned() };
        let mut builder = WebauthnBuilder::new(&host, &address).map_err(|_| elsewhere(public_url))?;
        for text in others {
            let other = self::address(text)?;
            let domain = other.domain().unwrap_or_default();
            if domain != host && !domain.ends_with(&format!(".{host}")) {
                return Err(elsewhere(text));
            }
            builder = builder.append_allowed_origin(&other);
        }
        #[cfg(debug_assertions)]
        if is_left_out(Check::Origins) {
            // Not any address, as the library has no way to take them all: this one, which no test but its own speaks of.
            builder = builder.append_allowed_origin(&self::address("https://phishing.example")?);
        }
        builder.rp_name("Candor").build().map(Self).map_err(|_| elsewhere(public_url))
    }
}

/// An address that browsers use passkeys at.
fn address(text: &str) -> Result<Url, RelyingError> {
    let url = Url::parse(text).map_err(|_| RelyingError::NotAnAddress(text.to_owned()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(RelyingError::NotAnAddress(text.to_owned()));
    }
    let host = url.domain().ok_or_else(|| RelyingError::NoHostName(text.to_owned()))?;
    let is_local = host == "localhost" || host.ends_with(".localhost");
    if url.scheme() == "http" && !is_local {
        return Err(RelyingError::NotSecure(text.to_owned()));
    }
    Ok(url)
}
