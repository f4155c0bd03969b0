//! To every owner, when one of them was let in again from the shell of the server.

use domain::Timestamp;

use super::{Page, Words, moment};

pub(super) fn page(words: &Words<'_>, person: &str, at: Timestamp, opens_at: Timestamp) -> Page {
    Page::new("An owner was let in again from the server's shell")
        .say("Somebody who can use the shell of this Candor server reset the sign-in of an owner. All owners are told, and the audit log has it.")
        .fact("Owner", person)
        .fact("When", &moment(at))
        .fact("Sees nothing before", &moment(opens_at))
        .say("If no owner asked for this, sign in before then and remove that owner:")
        .link("Open Candor", words.url("/"))
}
