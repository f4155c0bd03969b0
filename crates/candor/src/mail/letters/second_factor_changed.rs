//! To somebody whose second factors were changed.

use control::FactorChange;
use domain::Timestamp;

use super::{Page, Words, moment};

pub(super) fn page(words: &Words<'_>, change: FactorChange, network: &str, at: Timestamp) -> Page {
    Page::new("Your second factors were changed")
        .say(sentence(change))
        .fact("Network", network)
        .fact("When", &moment(at))
        .say("If that was not you, choose a new password at once, look at your second factors under My security, and tell an owner of your organization:")
        .link("Open Candor", words.url("/"))
}

const fn sentence(change: FactorChange) -> &'static str {
    match change {
        FactorChange::TotpAdded => "Codes of an authenticator app are asked for at your sign-in from now on.",
        FactorChange::TotpRemoved => {
            "Codes of an authenticator app are not asked for at your sign-in any more."
        }
        FactorChange::PasskeyAdded => "A passkey was added to your account.",
        FactorChange::PasskeyRemoved => "A passkey was removed from your account.",
        FactorChange::RecoveryCodesMade => {
            "New recovery codes were made for your account. The old ones are worth nothing."
        }
        FactorChange::RecoveryCodeUsed => {
            "One of your recovery codes was used to sign in. It is worth nothing from now on."
        }
    }
}
