//! Encryption to people who are not here: age's own format, X25519 recipients. A server knows recipients alone; whoever holds
//! an identity opens what was encrypted to it.

use std::fmt;
use std::io::{self, Read, Write};
use std::str::FromStr;

use age::secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};

/// Recipients of one backup at most.
const RECIPIENTS_MAX: usize = 16;

/// Somebody to encrypt to: a public key, as `age-keygen` prints it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Recipient(String);

/// A text is no recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is no age recipient: it looks like age1…, as `candor backup keygen` prints it")]
pub struct RecipientError;

impl FromStr for Recipient {
    type Err = RecipientError;

    fn from_str(text: &str) -> Result<Self, RecipientError> {
        let known = age::x25519::Recipient::from_str(text.trim()).map_err(|_| RecipientError)?;
        Ok(Self(known.to_string()))
    }
}

impl TryFrom<String> for Recipient {
    type Error = RecipientError;

    fn try_from(text: String) -> Result<Self, RecipientError> {
        text.parse()
    }
}

impl From<Recipient> for String {
    fn from(recipient: Recipient) -> Self {
        recipient.0
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What opens backups. Never shown by accident.
pub struct Identity(age::x25519::Identity);

/// A text holds no identity. It does not repeat the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("holds no age identity: a line that begins with AGE-SECRET-KEY-1")]
pub struct IdentityError;

impl Identity {
    /// A fresh one.
    pub fn generate() -> Self {
        Self(age::x25519::Identity::generate())
    }

    /// The first identity in a file as `age-keygen` writes it; comments are passed over.
    ///
    /// # Errors
    /// [`IdentityError`].
    pub fn parse(text: &str) -> Result<Self, IdentityError> {
        let line = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
        let known = line.and_then(|line| age::x25519::Identity::from_str(line).ok());
        known.map(Self).ok_or(IdentityError)
    }

    /// Whom to encrypt to so that this opens it.
    pub fn recipient(&self) -> Recipient {
        Recipient(self.0.to_public().to_string())
    }

    /// The file that holds it, as `age-keygen` would write it.
    pub fn write(&self, mut to: impl Write) -> io::Result<()> {
        writeln!(to, "# public key: {}", self.recipient())?;
        writeln!(to, "{}", self.0.to_string().expose_secret())
    }

    /// Opens a stream that was encrypted to it. An error of kind `PermissionDenied` says that it was not.
    pub(super) fn open<R: Read>(&self, input: R) -> io::Result<impl Read + use<R>> {
        let opened = age::Decryptor::new(input)
            .and_then(|decryptor| decryptor.decrypt(std::iter::once(&self.0 as &dyn age::Identity)));
        opened.map_err(|error| match error {
            age::DecryptError::NoMatchingKeys => io::ErrorKind::PermissionDenied.into(),
            age::DecryptError::Io(error) => error,
            error => io::Error::new(io::ErrorKind::InvalidData, error.to_string()),
        })
    }
}

/// All to whom a server encrypts, parsed; one at least.
#[derive(Clone)]
pub struct Recipients(Vec<age::x25519::Recipient>);

impl Recipients {
    /// These.
    ///
    /// # Errors
    /// Where there is none, or more than [`RECIPIENTS_MAX`].
    pub fn new(recipients: &[Recipient]) -> Result<Self, RecipientError> {
        if !(1..=RECIPIENTS_MAX).contains(&recipients.len()) {
            return Err(RecipientError);
        }
        let parse = |one: &Recipient| age::x25519::Recipient::from_str(&one.0).map_err(|_| RecipientError);
        Ok(Self(recipients.iter().map(parse).collect::<Result<_, _>>()?))
    }

    /// Begins to encrypt into `output`; what is written must be finished.
    pub(super) fn encrypt<W: Write>(&self, output: W) -> io::Result<age::stream::StreamWriter<W>> {
        let recipients = self.0.iter().map(|one| one as &dyn age::Recipient);
        age::Encryptor::with_recipients(recipients).map_err(io::Error::other)?.wrap_output(output)
    }
}
