//! What whoever bears it is known by: 256 random bits. They are held for as long as a request takes and kept nowhere;
//! kept is their hash alone, from which they cannot be found.

use aws_lc_rs::digest::{SHA256, digest};
use base64ct::{Base64UrlUnpadded, Encoding};
use domain::Rng;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

/// Bytes of a token.
const TOKEN_BYTES: usize = 32;
/// Characters of its text.
pub const TOKEN_CHARS: usize = 43;

/// Proof that the keeper once decided for its bearer. It has no `Debug`, `Display` or comparison.
#[derive(Clone)]
pub struct Token(Zeroizing<[u8; TOKEN_BYTES]>);

/// By what a token is found again.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TokenHash([u8; 32]);

impl Token {
    /// A fresh one.
    pub fn random(rng: &dyn Rng) -> Self {
        let mut bytes = Zeroizing::new([0; TOKEN_BYTES]);
        rng.fill(&mut *bytes);
        Self(bytes)
    }

    /// From its text; `None` where it is none.
    pub fn read(text: &str) -> Option<Self> {
        let mut bytes = Zeroizing::new([0; TOKEN_BYTES]);
        let fits = text.len() == TOKEN_CHARS;
        fits.then_some(())?;
        Base64UrlUnpadded::decode(text, &mut *bytes).ok().filter(|read| read.len() == TOKEN_BYTES)?;
        Some(Self(bytes))
    }

    /// Its text, to be given to its bearer: [`TOKEN_CHARS`] characters that may stand in an address and in a header.
    pub fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(Base64UrlUnpadded::encode_string(&*self.0))
    }

    /// By what it is found again.
    pub fn hash(&self) -> TokenHash {
        let mut hash = [0; 32];
        hash.copy_from_slice(digest(&SHA256, &*self.0).as_ref());
        TokenHash(hash)
    }
}

impl Serialize for Token {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Token {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        <[u8; TOKEN_BYTES]>::deserialize(deserializer).map(|bytes| Self(Zeroizing::new(bytes)))
    }
}

/// A text that is nobody else's to know, such as a password. It has no `Debug` or `Display`, and is wiped.
#[derive(Clone)]
pub struct SecretText(Zeroizing<String>);

impl SecretText {
    /// Takes a text.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl Serialize for SecretText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.as_str().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for SecretText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Counting;

    #[test]
    fn a_token_is_read_from_its_text_and_from_nothing_else() {
        let token = Token::random(&Counting::from(1));
        let text = token.text();
        assert_eq!(text.len(), TOKEN_CHARS);
        assert!(Token::read(&text).is_some_and(|read| read.hash() == token.hash()));
        for wrong in [
            "",
            "x",
            &text[1..],
            &format!("{}=", &text[1..]),
            &format!("{}+", &text[1..]),
            &format!("{}a", *text),
        ] {
            assert!(Token::read(wrong).is_none(), "{wrong}");
        }
    }
}
