//! A passkey as it is stored, and by what it and its person are named.

use aws_lc_rs::digest::{SHA256, digest};
use base64ct::{Base64UrlUnpadded, Encoding};
use domain::PersonId;
use serde::{Deserialize, Serialize};
use webauthn_rs::prelude::{AuthenticationResult, DiscoverableKey};

/// Bytes of a person's handle.
const HANDLE_BYTES: usize = 16;
const PERSON_BYTES: usize = 8;

/// What a passkey is checked with: its public half, its counter, and whether it is backed up. It holds no secret.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Passkey(webauthn_rs::prelude::Passkey);

/// By which a passkey is named; authenticators make it up.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PasskeyId(Vec<u8>);

/// What is stored is no passkey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a stored passkey cannot be read")]
pub struct NotAPasskey;

impl Passkey {
    /// By which it is named: of each there is one on a server.
    pub fn id(&self) -> PasskeyId {
        PasskeyId(self.0.cred_id().to_vec())
    }

    pub(super) fn checks(&self) -> DiscoverableKey {
        DiscoverableKey::from(&self.0)
    }

    /// Counter and backup flags as they are now.
    pub(super) fn used(&mut self, result: &AuthenticationResult) {
        let _changed = self.0.update_credential(result);
    }
}

impl From<webauthn_rs::prelude::Passkey> for Passkey {
    fn from(passkey: webauthn_rs::prelude::Passkey) -> Self {
        Self(passkey)
    }
}

/// From the JSON it is stored as: `webauthn-rs` has no other form that every version of it reads.
impl TryFrom<String> for Passkey {
    type Error = NotAPasskey;

    fn try_from(json: String) -> Result<Self, NotAPasskey> {
        serde_json::from_str(&json).map(Self).map_err(|_| NotAPasskey)
    }
}

impl From<Passkey> for String {
    fn from(passkey: Passkey) -> Self {
        serde_json::to_string(&passkey.0).expect("a passkey has names for its parts")
    }
}

impl PasskeyId {
    /// As browsers write it: base64url.
    pub fn text(&self) -> String {
        Base64UrlUnpadded::encode_string(&self.0)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl From<&[u8]> for PasskeyId {
    fn from(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }
}

/// By which a passkey knows its person: the id, after a sum of it, so that what another server gave out is seen to be
/// none of ours. It says nothing of the person.
pub(super) fn handle(person: PersonId) -> [u8; HANDLE_BYTES] {
    let id = person.0.to_be_bytes();
    let sum = digest(&SHA256, &[b"candor passkey", &id[..]].concat());
    let mut handle = [0; HANDLE_BYTES];
    handle[..PERSON_BYTES].copy_from_slice(&sum.as_ref()[..PERSON_BYTES]);
    handle[PERSON_BYTES..].copy_from_slice(&id);
    handle
}

/// Whose handle it is.
pub(super) fn person(bytes: &[u8]) -> Option<PersonId> {
    let id = bytes.get(PERSON_BYTES..)?.try_into().ok()?;
    let person = PersonId(u64::from_be_bytes(id));
    (handle(person)[..] == *bytes).then_some(person)
}
