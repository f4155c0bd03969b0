//! To owners, when a network showed the pattern of an attack on sign-ins.

use domain::Timestamp;

use super::{Page, Words, moment};

pub(super) fn page(words: &Words<'_>, network: &str, attempts: u32, accounts: u32, until: Timestamp) -> Page {
    Page::new("A network is kept out")
        .say("Sign-ins from one network failed in the pattern of an attack, so that it is kept out for a while. Nobody there got in.")
        .fact("Network", network)
        .fact("Failed sign-ins", &attempts.to_string())
        .fact("Accounts that were tried", &accounts.to_string())
        .fact("Kept out until", &moment(until))
        .say("You need do nothing. The audit log has it:")
        .link("Open Candor", words.url("/"))
}
