//! To somebody whose password was changed.

use domain::Timestamp;

use super::{Page, Words, moment};

pub(super) fn page(words: &Words<'_>, network: &str, at: Timestamp) -> Page {
    Page::new("Your password was changed")
        .say("The password of your account was changed. Everybody who was signed in with the old one is signed out.")
        .fact("Network", network)
        .fact("When", &moment(at))
        .say("If that was not you, choose a new password at once and tell an owner of your organization:")
        .link("Open Candor", words.url("/"))
}
