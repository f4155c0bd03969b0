//! A secret in a body: a password, a code or a token. It has no `Debug`, and is wiped when it is let go of.

use sealing::{SecretText, Token};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Bytes of one at most; a password has at most 128 characters.
const SECRET_BYTES_MAX: usize = 1_024;

/// A secret.
#[derive(Clone)]
pub(crate) struct Secret(SecretText);

impl Secret {
    pub(crate) const fn of(text: SecretText) -> Self {
        Self(text)
    }

    pub(crate) fn into_text(self) -> SecretText {
        self.0
    }

    /// The token that it is, if it is one.
    pub(crate) fn token(&self) -> Option<Token> {
        Token::read(self.0.reveal())
    }
}

impl From<&Token> for Secret {
    fn from(token: &Token) -> Self {
        Self(SecretText::new(token.text().to_string()))
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = SecretText::new(String::deserialize(deserializer)?);
        if text.reveal().len() > SECRET_BYTES_MAX {
            // Its own message, since serde's would show the text.
            return Err(serde::de::Error::custom(format!("a secret may have {SECRET_BYTES_MAX} bytes")));
        }
        Ok(Self(text))
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.reveal().serialize(serializer)
    }
}
