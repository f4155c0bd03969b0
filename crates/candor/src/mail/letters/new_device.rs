//! To somebody who signed in with a browser that was not seen before.

use domain::Timestamp;

use super::{Page, Words, moment};

pub(super) fn page(words: &Words<'_>, agent: &str, network: &str, at: Timestamp) -> Page {
    Page::new("A new sign-in to your account")
        .say("Somebody signed in to your account with a browser that was not used for it before.")
        .fact("Browser", agent)
        .fact("Network", network)
        .fact("When", &moment(at))
        .say("If that was you, all is well. If not, choose a new password and sign that browser out under My security:")
        .link("Open Candor", words.url("/"))
}
