//! Passkeys in the API: the options with which a browser asks for one, and what it answers.

use sealing::protocol::people::{Ask, PasskeyFor, Proof, Ticket, Told};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::asking::unexpected;
use super::problem::Problem;
use crate::processes::app::state::App;

/// Bytes of what a browser answers at most.
const CREDENTIAL_BYTES_MAX: usize = 16 * 1024;

/// Options for `navigator.credentials`.
#[derive(Serialize, ToSchema)]
pub(crate) struct PasskeyOptions {
    /// To be sent back with the answer.
    id: String,
    /// What WebAuthn calls creation or request options, binary parts in base64url.
    #[schema(value_type = Object)]
    options: Box<RawValue>,
}

/// What a browser answered to options.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Shown {
    /// That of the options.
    id: String,
    /// The credential, binary parts in base64url.
    #[schema(value_type = Object)]
    credential: Box<RawValue>,
}

impl PasskeyOptions {
    /// Asks the keeper for options.
    pub(crate) fn ask(app: &App, wanted: PasskeyFor) -> Result<Self, Problem> {
        match app.ask(Ask::PasskeyOptions(wanted))? {
            Told::Passkey(ticket, options) => {
                let options = RawValue::from_string(options).map_err(|error| Problem::internal(&error))?;
                Ok(Self { id: show(ticket), options })
            }
            other => Err(unexpected(&other)),
        }
    }
}

impl Shown {
    /// From its parts.
    pub(crate) const fn of(id: String, credential: Box<RawValue>) -> Self {
        Self { id, credential }
    }

    /// The ticket of the options and the credential.
    pub(crate) fn read(&self) -> Result<(Ticket, String), Problem> {
        let text = self.credential.get();
        if text.len() > CREDENTIAL_BYTES_MAX {
            return Err(Problem::invalid(format!("a credential may have {CREDENTIAL_BYTES_MAX} bytes")));
        }
        Ok((ticket(&self.id)?, text.to_owned()))
    }

    pub(crate) fn proof(&self) -> Result<Proof, Problem> {
        self.read().map(|(ticket, credential)| Proof::Passkey(ticket, credential))
    }
}

/// A ticket as text.
pub(crate) fn show(ticket: Ticket) -> String {
    format!("{:032x}", ticket.0)
}

/// A ticket from its text.
pub(crate) fn ticket(text: &str) -> Result<Ticket, Problem> {
    let fits = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let bits = fits.then(|| u128::from_str_radix(text, 16).ok()).flatten();
    bits.map(Ticket).ok_or_else(|| Problem::invalid("that ticket is none of this server's"))
}
