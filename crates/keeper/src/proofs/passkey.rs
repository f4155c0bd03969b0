//! Passkeys (WebAuthn): the options a browser is given, and what it brings back. A passkey lies with the person, finds
//! its person by itself, and is used only with a finger, a face or a PIN: it counts as two factors.
//!
//! Options and credentials are JSON as `navigator.credentials` has it. What a ceremony began with is the caller's to
//! keep, in memory, and is used up by its end. Nothing here stores a passkey: the caller makes sure that no two persons
//! have the same one, and keeps what [`Relying::finish_authentication`] has changed.
//!
//! `webauthn-rs` takes its challenges from the system's randomness and cannot be handed another.

mod known;
mod place;

#[cfg(test)]
pub(crate) mod tests;

use domain::PersonId;
use serde_json::{Value, json};
use webauthn_rs::prelude::{
    CredentialID, DiscoverableAuthentication, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Uuid, Webauthn, WebauthnError,
};

pub use known::{NotAPasskey, Passkey, PasskeyId};
pub use place::RelyingError;

/// Bytes of a credential at most: those of browsers have less than 2 KiB, with attestation less than 8.
pub const CREDENTIAL_BYTES_MAX: usize = 16 << 10;

/// The server that passkeys are made for: its host, and the addresses it is asked at.
pub struct Relying(Webauthn);

/// A registration that began and has not ended.
#[cfg_attr(debug_assertions, derive(Clone))]
pub struct Registration {
    state: PasskeyRegistration,
    /// Those that the person has already.
    existing: Vec<PasskeyId>,
}

/// A sign-in that began and has not ended.
#[cfg_attr(debug_assertions, derive(Clone))]
pub struct Authentication {
    state: DiscoverableAuthentication,
    /// Those that may end it; any where the person was not known.
    allowed: Option<Vec<PasskeyId>>,
}

/// Whose a credential says it is: to be looked up, and then to be proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Its person, where the authenticator says so.
    pub person: Option<PersonId>,
    /// Which passkey it is.
    pub passkey: PasskeyId,
}

/// Why a passkey is not taken, as the person is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasskeyError {
    /// The browser sent something else.
    #[error("this is not what a browser gives for a passkey")]
    NotACredential,
    /// It is none of those asked for.
    #[error("this passkey is not known here")]
    Unknown,
    /// The same device twice.
    #[error("this device has a passkey for you already")]
    Twice,
    /// Whoever has the device could be anybody.
    #[error("the passkey was used without a finger, a face or a PIN")]
    NotVerified,
    /// On a page that only looks like this one, or at an address that the configuration does not name.
    #[error(
        "the passkey was used at another address than this server's: compare the address with --public-url"
    )]
    Elsewhere,
    /// The counter went back: somebody has a copy.
    #[error("this passkey was copied, as its counter shows: remove it and register another")]
    Copied,
    /// Anything else: an old answer, a wrong signature.
    #[error("the passkey was not accepted: try again")]
    Refused,
}

impl From<WebauthnError> for PasskeyError {
    fn from(error: WebauthnError) -> Self {
        match error {
            WebauthnError::CredentialNotFound => Self::Unknown,
            WebauthnError::UserNotVerified => Self::NotVerified,
            WebauthnError::InvalidRPOrigin => Self::Elsewhere,
            WebauthnError::CredentialPossibleCompromise => Self::Copied,
            WebauthnError::ParseJSONFailure(_) | WebauthnError::ParseCBORFailure(_) => Self::NotACredential,
            _ => Self::Refused,
        }
    }
}

impl Relying {
    /// What a browser is asked for to make a passkey, and what the answer is held against. Who has a device that holds
    /// one of `existing` is asked for another.
    ///
    /// # Errors
    /// [`PasskeyError`] where there is no account name.
    pub fn begin_registration(
        &self,
        person: PersonId,
        account: &str,
        name: &str,
        existing: &[PasskeyId],
    ) -> Result<(String, Registration), PasskeyError> {
        let name = if name.is_empty() { account } else { name };
        let excluded = existing.iter().map(|id| CredentialID::from(id.bytes().to_vec())).collect();
        let handle = Uuid::from_bytes(known::handle(person));
        let (options, state) = self.0.start_passkey_registration(handle, account, name, Some(excluded))?;
        let mut options = json!(options);
        // Without this the device need not find the person by itself, and who signs in had to be typed.
        let selection = &mut options["publicKey"]["authenticatorSelection"];
        selection["residentKey"] = json!("required");
        selection["requireResidentKey"] = json!(true);
        Ok((options.to_string(), Registration { state, existing: existing.to_vec() }))
    }

    /// The passkey that was made.
    ///
    /// # Errors
    /// [`PasskeyError`] where none was made, or not for this.
    pub fn finish_registration(
        &self,
        state: Registration,
        credential: &str,
    ) -> Result<Passkey, PasskeyError> {
        let credential: RegisterPublicKeyCredential = read(credential)?;
        let Registration { state, existing } = state;
        // `webauthn-rs` refuses it too, but says that its algorithm is another.
        if existing.contains(&PasskeyId::from(&credential.raw_id[..])) {
            return Err(PasskeyError::Twice);
        }
        Ok(Passkey::from(self.0.finish_passkey_registration(&credential, &state)?))
    }

    /// What a browser is asked for where the person is known: one of these passkeys.
    ///
    /// # Errors
    /// [`PasskeyError`] never, as far as is known.
    pub fn begin_authentication(
        &self,
        known: &[PasskeyId],
    ) -> Result<(String, Authentication), PasskeyError> {
        let (mut options, state) = self.begin()?;
        let allowed = known.iter().map(|id| json!({"type": "public-key", "id": id.text()}));
        options["publicKey"]["allowCredentials"] = allowed.collect();
        Ok((options.to_string(), Authentication { state, allowed: Some(known.to_vec()) }))
    }

    /// What a browser is asked for where the person is not known: any passkey for this server.
    ///
    /// # Errors
    /// [`PasskeyError`] never, as far as is known.
    pub fn begin_discoverable(&self) -> Result<(String, Authentication), PasskeyError> {
        let (options, state) = self.begin()?;
        Ok((options.to_string(), Authentication { state, allowed: None }))
    }

    /// Whether `credential` was made with `passkey`, which is `person`'s, for this sign-in. Then the passkey's counter and
    /// its backup flags are what they are now, and are to be stored.
    ///
    /// # Errors
    /// [`PasskeyError`] where it was not.
    pub fn finish_authentication(
        &self,
        state: Authentication,
        credential: &str,
        person: PersonId,
        passkey: &mut Passkey,
    ) -> Result<(), PasskeyError> {
        let Claim { person: claimed, passkey: id } = claim(credential)?;
        let Authentication { state, allowed } = state;
        // Where the person was not known before, the device has to say whose the passkey is.
        let is_theirs = claimed.map_or(allowed.is_some(), |claimed| claimed == person);
        if !is_theirs || allowed.is_some_and(|allowed| !allowed.contains(&id)) {
            return Err(PasskeyError::Unknown);
        }
        let credential: PublicKeyCredential = read(credential)?;
        let result = self.0.finish_discoverable_authentication_v2(&credential, state, passkey.checks())?;
        if !result.user_verified() {
            return Err(PasskeyError::NotVerified);
        }
        passkey.used(&result);
        Ok(())
    }

    fn begin(&self) -> Result<(Value, DiscoverableAuthentication), PasskeyError> {
        let (mut options, state) = self.0.start_discoverable_authentication()?;
        // Whether the browser offers passkeys while an address is typed is the page's to say.
        options.mediation = None;
        Ok((json!(options), state))
    }
}

/// Whose a credential says it is. Nothing is proven by it.
///
/// # Errors
/// [`PasskeyError`] where it is not a credential, or names a person in a way that was not given out here.
pub fn claim(credential: &str) -> Result<Claim, PasskeyError> {
    let credential: PublicKeyCredential = read(credential)?;
    let person = match credential.get_user_unique_id() {
        Some(handle) => Some(known::person(handle).ok_or(PasskeyError::Unknown)?),
        None => None,
    };
    Ok(Claim { person, passkey: PasskeyId::from(credential.get_credential_id()) })
}

fn read<T: serde::de::DeserializeOwned>(credential: &str) -> Result<T, PasskeyError> {
    if credential.len() > CREDENTIAL_BYTES_MAX {
        return Err(PasskeyError::NotACredential);
    }
    serde_json::from_str(credential).map_err(|_| PasskeyError::NotACredential)
}
