//! A root key that is sealed by a secret key in a token: an HSM, a smart card, or a program that stands in for one. The
//! token's key never leaves it; a copy of the folder for keys opens nothing without the token.
//!
//! Wrapped: the nonce (12), then what the token made of the key. AES-GCM by C_Encrypt, as not every module wraps keys
//! with it.

mod uri;

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::mechanism::aead::GcmParams;
use cryptoki::object::{Attribute, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::types::AuthPin;
use domain::Rng;
use sealing::Key;
use zeroize::Zeroizing;

pub use self::uri::TokenUri;
use super::private::check_private;
use super::wrapper::{RootWrapper, WrapError};

const NONCE_BYTES: usize = 12;
const TAG_BITS: u64 = 128;
/// Bytes of a PIN's file at most.
const PIN_BYTES_MAX: usize = 256;

/// Seals by a token's key. The module is loaded and the token is signed in to for each use, and let go of afterwards.
pub(crate) struct TokenWrapper(TokenUri);

impl TokenWrapper {
    pub(crate) fn new(uri: TokenUri) -> Self {
        Self(uri)
    }

    /// Does `work` with a session of the token, and lets go of the module.
    fn with_session<T>(&self, work: impl FnOnce(&Session) -> Result<T, WrapError>) -> Result<T, WrapError> {
        let (context, session) = self.session()?;
        let done = work(&session);
        drop(session);
        // What it keeps beyond this, such as threads of its own, is beside the keeper's confinement.
        if let Err(error) = context.finalize() {
            tracing::warn!(%error, "the PKCS#11 module does not end");
        }
        done
    }

    fn session(&self) -> Result<(Pkcs11, Session), WrapError> {
        let module = self.0.module.display();
        let context = Pkcs11::new(&self.0.module).map_err(|error| {
            WrapError::Unusable(format!("the PKCS#11 module {module} cannot be loaded: {error}"))
        })?;
        match context.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
            Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
            Err(error) => {
                return Err(WrapError::Unavailable(format!(
                    "the PKCS#11 module {module} cannot be begun: {error}"
                )));
            }
        }
        let token = self.0.token.as_str();
        let slots = context.get_slots_with_token().map_err(away)?;
        let is_meant = |slot: &cryptoki::slot::Slot| {
            context.get_token_info(*slot).is_ok_and(|info| {
                info.label() == token
                    && self.0.serial.as_ref().is_none_or(|serial| info.serial_number() == serial)
            })
        };
        let meant: Vec<_> = slots.into_iter().filter(is_meant).collect();
        let slot = match meant.as_slice() {
            [slot] => *slot,
            [] => return Err(WrapError::Unavailable(format!("{module} shows no token named {token}"))),
            _ => {
                return Err(WrapError::Unusable(format!(
                    "{module} shows several tokens named {token}: add serial= to its URI"
                )));
            }
        };
        let session = context.open_rw_session(slot).map_err(away)?;
        self.sign_in(&session)?;
        Ok((context, session))
    }

    fn sign_in(&self, session: &Session) -> Result<(), WrapError> {
        let Some(path) = &self.0.pin_source else { return Ok(()) };
        check_private(path, "600").map_err(|error| WrapError::Unusable(error.to_string()))?;
        let text = std::fs::read_to_string(path).map(Zeroizing::new);
        let text =
            text.map_err(|error| WrapError::Unusable(format!("{} cannot be read: {error}", path.display())))?;
        let pin = text.trim_end_matches(['\n', '\r']);
        if pin.is_empty() || pin.len() > PIN_BYTES_MAX {
            return Err(WrapError::Unusable(format!("{} holds no PIN", path.display())));
        }
        match session.login(UserType::User, Some(&AuthPin::from(pin.to_owned()))) {
            Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(()),
            // Never tried again by itself: tokens lock themselves after a few wrong ones.
            Err(error) => Err(WrapError::Unusable(format!(
                "the token {} does not take the PIN in {}: {error}",
                self.0.token,
                path.display()
            ))),
        }
    }

    fn find(&self, session: &Session) -> Result<Option<ObjectHandle>, WrapError> {
        let template = [
            Attribute::Class(ObjectClass::SECRET_KEY),
            Attribute::KeyType(KeyType::AES),
            Attribute::Label(self.0.object.clone().into_bytes()),
        ];
        match session.find_objects(&template).map_err(away)?.as_slice() {
            [] => Ok(None),
            [key] => Ok(Some(*key)),
            _ => Err(WrapError::Unusable(format!(
                "the token {} has several AES keys named {}: take another name",
                self.0.token, self.0.object
            ))),
        }
    }

    /// Has the token make the key: it can be used there, and neither read nor taken away.
    fn make(&self, session: &Session) -> Result<ObjectHandle, WrapError> {
        let template = [
            Attribute::Label(self.0.object.clone().into_bytes()),
            Attribute::Token(true),
            Attribute::Private(true),
            Attribute::Sensitive(true),
            Attribute::Extractable(false),
            Attribute::Encrypt(true),
            Attribute::Decrypt(true),
            Attribute::Wrap(false),
            Attribute::Unwrap(false),
            Attribute::ValueLen(32.into()),
        ];
        session.generate_key(&Mechanism::AesKeyGen, &template).map_err(|error| {
            WrapError::Unusable(format!("the token {} makes no AES key: {error}", self.0.token))
        })
    }
}

impl RootWrapper for TokenWrapper {
    fn wrap(&self, root: &Key, context: &[u8], rng: &dyn Rng) -> Result<Vec<u8>, WrapError> {
        self.with_session(|session| {
            let key = self.find(session)?.map_or_else(|| self.make(session), Ok)?;
            let mut nonce = [0; NONCE_BYTES];
            rng.fill(&mut nonce);
            let params = GcmParams::new(&mut nonce, context, TAG_BITS.into()).map_err(odd)?;
            let sealed = session.encrypt(&Mechanism::AesGcm(params), key, root.bytes()).map_err(odd)?;
            // Read afterwards: some tokens choose it themselves.
            Ok([nonce.as_slice(), &sealed].concat())
        })
    }

    fn unwrap(&self, wrapped: &[u8], context: &[u8]) -> Result<Key, WrapError> {
        let (nonce, sealed) = wrapped.split_first_chunk::<NONCE_BYTES>().ok_or(WrapError::Refused)?;
        self.with_session(|session| {
            let key = self.find(session)?.ok_or_else(|| {
                WrapError::NoKey(format!(
                    "the token {} has no AES key named {}: restore the token, or sign in to it with pin-source=",
                    self.0.token, self.0.object
                ))
            })?;
            let mut nonce = *nonce;
            let params = GcmParams::new(&mut nonce, context, TAG_BITS.into()).map_err(odd)?;
            let opened = session.decrypt(&Mechanism::AesGcm(params), key, sealed).map(Zeroizing::new);
            let mut opened = opened.map_err(|error| match error {
                Error::Pkcs11(
                    RvError::EncryptedDataInvalid
                    | RvError::EncryptedDataLenRange
                    | RvError::DataInvalid
                    | RvError::GeneralError
                    | RvError::FunctionFailed,
                    _,
                ) => WrapError::Refused,
                error => odd(error),
            })?;
            opened.as_mut_slice().try_into().map(Key::take).map_err(|_| WrapError::Refused)
        })
    }
}

/// The token or its module is not there just now.
#[expect(clippy::needless_pass_by_value, reason = "so that it can be handed to map_err")]
fn away(error: Error) -> WrapError {
    WrapError::Unavailable(format!("the PKCS#11 token does not answer: {error}"))
}

/// The token is there, and does not do what it should; or it has just gone.
fn odd(error: Error) -> WrapError {
    if let Error::Pkcs11(
        RvError::DeviceError
        | RvError::DeviceRemoved
        | RvError::TokenNotPresent
        | RvError::SessionHandleInvalid,
        _,
    ) = error
    {
        return away(error);
    }
    WrapError::Unusable(format!("the PKCS#11 token does not seal with AES-GCM: {error}"))
}
