//! To somebody who wants to choose a new password.

use control::LinkToken;

use super::{Page, Words, moment};

pub(super) fn page(words: &Words<'_>, token: &LinkToken) -> Page {
    Page::new("Choose a new password")
        .say("Somebody asked to choose a new password for the account of this address. If that was you, do it here:")
        .link("Choose a new password", words.url(&format!("/reset#{}", token.as_str())))
        .say(format!(
            "The link works once, until {}. Your second factor stays as it is, and is asked for as always.",
            moment(words.expires_at)
        ))
        .say("If it was not you, do nothing: your password stays as it is.")
}
