//! Where the root key comes from, as an operator writes it. It names places only: nothing secret is ever in it.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::pkcs11::TokenUri;
use super::transit::TransitAddress;

/// Where the root key comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum RootSource {
    /// A file in the folder for keys.
    #[default]
    File,
    /// Sealed in the folder for keys, under a key made of a passphrase.
    Passphrase,
    /// A credential that systemd hands to the service.
    Credential,
    /// Sealed in the folder for keys, by a token that is reached through a PKCS#11 module.
    Pkcs11(TokenUri),
    /// Sealed in the folder for keys, by a key management service that is reached over a Unix socket.
    Transit(TransitAddress),
}

/// Why a text names no source.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// It begins like none.
    #[error(
        "is no source of a root key: there are file, passphrase, credential, pkcs11:token=…;object=…?module-path=… \
         and transit:SOCKET?key=…"
    )]
    Unknown,
    /// A part of it that has to be there is not.
    #[error("lacks {0}")]
    Lacks(&'static str),
    /// A part of it is not known, and to pass over it could mean to take another key than the one that is meant.
    #[error("has {0}, which Candor does not know")]
    UnknownPart(String),
    /// A part of it is not written as it should be.
    #[error("has {0} that cannot be read")]
    Unreadable(&'static str),
    /// A PIN that everybody could read who lists the processes of the machine.
    #[error("has a PIN in it, where every account of the machine can read it: name a file with pin-source=")]
    OpenPin,
}

impl RootSource {
    /// The word before its settings.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Passphrase => "passphrase",
            Self::Credential => "credential",
            Self::Pkcs11(_) => "pkcs11",
            Self::Transit(_) => "transit",
        }
    }
}

impl FromStr for RootSource {
    type Err = SourceError;

    fn from_str(text: &str) -> Result<Self, SourceError> {
        match text {
            "file" => Ok(Self::File),
            "passphrase" => Ok(Self::Passphrase),
            "credential" => Ok(Self::Credential),
            _ => match text.split_once(':') {
                Some(("pkcs11", rest)) => TokenUri::parse(rest).map(Self::Pkcs11),
                Some(("transit", rest)) => TransitAddress::parse(rest).map(Self::Transit),
                _ => Err(SourceError::Unknown),
            },
        }
    }
}

/// As it is written: read again it is the same.
impl fmt::Display for RootSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pkcs11(uri) => write!(f, "pkcs11:{uri}"),
            Self::Transit(address) => write!(f, "transit:{address}"),
            Self::File | Self::Passphrase | Self::Credential => f.write_str(self.kind()),
        }
    }
}

/// With what a keeper unseals its root key: what it is handed once, at birth.
///
/// It is written out only to be handed to the keeper, and never shown.
#[derive(Clone, Default, Serialize, Deserialize)]
pub struct Unsealing {
    /// Where the root key shall come from; `None` where the folder for keys says it.
    pub source: Option<RootSource>,
    /// The passphrase, where one is needed.
    pub passphrase: Option<super::Passphrase>,
    /// Where systemd put the credentials of the service.
    pub credentials: Option<PathBuf>,
}

/// Bytes that a URI writes as `%` and two digits.
pub(super) fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let (digits, after) = rest.split_at_checked(2)?;
        let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.starts_with('+'))?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = after;
    }
    String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))
}

/// `text` as it may stand in a URI.
pub(super) fn percent_encode(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let write = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(write).collect()
}

#[cfg(test)]
mod tests;
