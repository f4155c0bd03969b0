//! To somebody who is invited into an organization.

use control::LinkToken;

use super::{Page, Words, moment};
use crate::mail::page::{typed, typed_in_subject};

pub(super) fn page(
    words: &Words<'_>,
    organization: &str,
    invited_by: &str,
    role: &str,
    token: &LinkToken,
) -> Page {
    Page::new(format!("Invitation to {}", typed_in_subject(organization)))
        .say(format!(
            "{} invites you to {} on Candor, as {}.",
            typed(invited_by),
            typed(organization),
            typed(&role.replace('_', " "))
        ))
        .link("Accept the invitation", words.url(&format!("/invitation#{}", token.as_str())))
        .say(format!("The link works once, until {}.", moment(words.expires_at)))
        .say("If you did not expect this, do nothing: without the link nothing happens.")
}
