//! Which key of which token: a PKCS#11 URI (RFC 7512), as far as it names one AES key.
//!
//! What is not known is refused, never passed over: it might be what tells two keys apart.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::super::source::{SourceError, percent_decode, percent_encode};

/// A key in a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenUri {
    pub(crate) token: String,
    pub(crate) serial: Option<String>,
    pub(crate) object: String,
    pub(crate) module: PathBuf,
    pub(crate) pin_source: Option<PathBuf>,
}

impl TokenUri {
    /// From what stands after `pkcs11:`.
    pub(crate) fn parse(text: &str) -> Result<Self, SourceError> {
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        let (mut token, mut serial, mut object) = (None, None, None);
        for (name, value) in parts(path, ';') {
            match name {
                "token" => token = Some(decoded(value, "token=")?),
                "serial" => serial = Some(decoded(value, "serial=")?),
                "object" => object = Some(decoded(value, "object=")?),
                "type" if value == "secret-key" => {}
                name => return Err(SourceError::UnknownPart(format!("{name}="))),
            }
        }
        let (mut module, mut pin_source) = (None, None);
        for (name, value) in parts(query, '&') {
            match name {
                "module-path" => module = Some(file(value, "module-path=")?),
                "pin-source" => pin_source = Some(file(value, "pin-source=")?),
                "pin-value" => return Err(SourceError::OpenPin),
                name => return Err(SourceError::UnknownPart(format!("{name}="))),
            }
        }
        Ok(Self {
            token: token.ok_or(SourceError::Lacks("token="))?,
            serial,
            object: object.ok_or(SourceError::Lacks("object="))?,
            module: module.ok_or(SourceError::Lacks("module-path="))?,
            pin_source,
        })
    }
}

impl fmt::Display for TokenUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = |path: &Path| percent_encode(&path.to_string_lossy());
        write!(f, "token={}", percent_encode(&self.token))?;
        if let Some(serial) = &self.serial {
            write!(f, ";serial={}", percent_encode(serial))?;
        }
        write!(f, ";object={}?module-path={}", percent_encode(&self.object), path(&self.module))?;
        if let Some(pin_source) = &self.pin_source {
            write!(f, "&pin-source={}", path(pin_source))?;
        }
        Ok(())
    }
}

fn parts(text: &str, between: char) -> impl Iterator<Item = (&str, &str)> {
    let parts = text.split(between).filter(|part| !part.is_empty());
    parts.map(|part| part.split_once('=').unwrap_or((part, "")))
}

fn decoded(value: &str, name: &'static str) -> Result<String, SourceError> {
    percent_decode(value).filter(|value| !value.is_empty()).ok_or(SourceError::Unreadable(name))
}

/// An absolute path, or a `file:` URI of one.
fn file(value: &str, name: &'static str) -> Result<PathBuf, SourceError> {
    let value = value.strip_prefix("file://").or_else(|| value.strip_prefix("file:")).unwrap_or(value);
    let path = PathBuf::from(decoded(value, name)?);
    if path.is_absolute() { Ok(path) } else { Err(SourceError::Unreadable(name)) }
}
