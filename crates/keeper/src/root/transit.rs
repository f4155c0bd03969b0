//! A root key that is sealed by a key management service with the transit interface of OpenBao and Vault, which is
//! reached over a Unix socket: the service's own agent listens there, signs in, and speaks to the service over the
//! network. The keeper opens no network socket and holds no token.
//!
//! Wrapped: the ciphertext as the service wrote it. `docs/root-key-kms.md` is the whole of what is asked and answered.

mod http;

use std::borrow::Cow;
use std::fmt;
use std::path::PathBuf;

use base64ct::{Base64, Encoding};
use domain::Rng;
use sealing::Key;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use super::source::{SourceError, percent_decode, percent_encode};
use super::wrapper::{RootWrapper, WrapError};

/// The path of the interface unless the address says otherwise.
const MOUNT_DEFAULT: &str = "transit";
/// Bytes of a ciphertext at most.
const CIPHERTEXT_BYTES_MAX: usize = 4_096;
/// Characters of 32 bytes in base64.
const ENCODED_KEY_BYTES: usize = 44;

/// What it says of a ciphertext that does not open.
const REFUSALS: [&str; 4] =
    ["message authentication failed", "invalid ciphertext", "invalid key version", "key not found"];

/// A named key of a service behind a socket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransitAddress {
    socket: PathBuf,
    key: String,
    mount: String,
}

impl TransitAddress {
    /// From what stands after `transit:`.
    pub(crate) fn parse(text: &str) -> Result<Self, SourceError> {
        let (socket, query) = text.split_once('?').unwrap_or((text, ""));
        let (mut key, mut mount) = (None, MOUNT_DEFAULT.to_owned());
        for part in query.split('&').filter(|part| !part.is_empty()) {
            match part.split_once('=').unwrap_or((part, "")) {
                ("key", value) if is_name(value) => key = Some(value.to_owned()),
                ("key", _) => return Err(SourceError::Unreadable("key=")),
                ("mount", value) if value.split('/').all(is_name) => mount = value.to_owned(),
                ("mount", _) => return Err(SourceError::Unreadable("mount=")),
                (name, _) => return Err(SourceError::UnknownPart(format!("{name}="))),
            }
        }
        let socket = percent_decode(socket).ok_or(SourceError::Unreadable("the path of its socket"))?;
        let socket = PathBuf::from(socket);
        match (socket.as_os_str().is_empty(), socket.is_absolute()) {
            (true, _) => Err(SourceError::Lacks("the path of its socket")),
            (_, false) => Err(SourceError::Unreadable("the path of its socket")),
            (_, true) => Ok(Self { socket, key: key.ok_or(SourceError::Lacks("key="))?, mount }),
        }
    }
}

impl fmt::Display for TransitAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}?key={}", percent_encode(&self.socket.to_string_lossy()), self.key)?;
        if self.mount != MOUNT_DEFAULT { write!(f, "&mount={}", self.mount) } else { Ok(()) }
    }
}

/// A part of a path that means nothing but itself.
fn is_name(text: &str) -> bool {
    !text.is_empty()
        && !text.starts_with('.')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

/// Seals by a key of the service.
pub(crate) struct TransitWrapper(TransitAddress);

#[derive(Deserialize)]
struct Answer<T> {
    data: T,
}

#[derive(Deserialize)]
struct Sealed {
    ciphertext: String,
}

#[derive(Deserialize)]
struct Opened<'a> {
    #[serde(borrow)]
    plaintext: Cow<'a, str>,
}

impl TransitWrapper {
    pub(crate) fn new(address: TransitAddress) -> Self {
        Self(address)
    }

    /// The body of the service's answer to `body`.
    fn ask(&self, what: &str, body: &str) -> Result<Zeroizing<Vec<u8>>, WrapError> {
        let TransitAddress { socket, key, mount } = &self.0;
        let path = format!("/v1/{mount}/{what}/{key}");
        let away = |why: String| {
            WrapError::Unavailable(format!("the key management service at {} {why}", socket.display()))
        };
        let (status, body) =
            http::post(socket, &path, body).map_err(|error| away(format!("does not answer: {error}")))?;
        match status {
            200 => Ok(body),
            // What it does not open, it calls a bad request; but also what its agent asked before it was signed in.
            400 if what == "decrypt" => match errors(&body) {
                said if REFUSALS.iter().any(|refusal| said.contains(refusal)) => Err(WrapError::Refused),
                said => Err(away(format!("answers 400 to {path}: {said}"))),
            },
            400 => Err(WrapError::Unusable(format!(
                "the key management service at {} does not seal with its key {key}: it must be of the type \
                 aes256-gcm96",
                socket.display()
            ))),
            403 => Err(away(format!(
                "does not let Candor use {path} (403): see its agent's sign-in and its policy"
            ))),
            404 => Err(away(format!("knows no {path} (404)"))),
            status => Err(away(format!("answers {status} to {path}"))),
        }
    }

    fn odd(&self) -> WrapError {
        let socket = self.0.socket.display();
        WrapError::Unusable(format!("what listens at {socket} does not answer as a key management service"))
    }
}

impl RootWrapper for TransitWrapper {
    fn wrap(&self, root: &Key, context: &[u8], _rng: &dyn Rng) -> Result<Vec<u8>, WrapError> {
        let mut room = Zeroizing::new([0; ENCODED_KEY_BYTES]);
        let plaintext = Base64::encode(root.bytes(), &mut *room).map_err(|_| self.odd())?;
        let answer = self.ask("encrypt", &question("plaintext", plaintext, context))?;
        let Answer::<Sealed> { data } = serde_json::from_slice(&answer).map_err(|_| self.odd())?;
        let good = data.ciphertext.len() <= CIPHERTEXT_BYTES_MAX
            && !data.ciphertext.is_empty()
            && data.ciphertext.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"\\".contains(&byte));
        if good { Ok(data.ciphertext.into_bytes()) } else { Err(self.odd()) }
    }

    fn unwrap(&self, wrapped: &[u8], context: &[u8]) -> Result<Key, WrapError> {
        let ciphertext = std::str::from_utf8(wrapped).map_err(|_| WrapError::Refused)?;
        if ciphertext.len() > CIPHERTEXT_BYTES_MAX
            || !ciphertext.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"\\".contains(&byte))
        {
            return Err(WrapError::Refused);
        }
        let answer = self.ask("decrypt", &question("ciphertext", ciphertext, context))?;
        let Answer::<Opened<'_>> { data } = serde_json::from_slice(&answer).map_err(|_| self.odd())?;
        let mut bytes = Zeroizing::new([0; 32]);
        let whole = Base64::decode(data.plaintext.as_bytes(), &mut *bytes).is_ok_and(|all| all.len() == 32);
        if let Cow::Owned(mut copy) = data.plaintext {
            copy.zeroize();
        }
        if whole { Ok(Key::take(&mut bytes)) } else { Err(self.odd()) }
    }
}

/// What an answer complains of.
fn errors(body: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Complaint {
        errors: Vec<String>,
    }
    let said = serde_json::from_slice(body).map(|Complaint { errors }| errors.join(", ")).unwrap_or_default();
    said.chars().filter(|c| !c.is_control()).take(200).collect()
}

/// The JSON of a question, written in one piece of memory, which is wiped. No value in it needs a backslash.
fn question(name: &str, value: &str, context: &[u8]) -> Zeroizing<String> {
    let context = Base64::encode_string(context);
    let mut text = Zeroizing::new(String::with_capacity(64 + name.len() + value.len() + context.len()));
    for piece in ["{\"", name, "\":\"", value, "\",\"associated_data\":\"", &context, "\"}"] {
        text.push_str(piece);
    }
    text
}
