//! To owners, about what an operator asks to see of their organization.

use control::SupportGrant;

use super::{Page, Words, moment};
use crate::mail::page::typed_in_subject;

pub(super) fn asked(words: &Words<'_>, grant: &SupportGrant) -> Page {
    let page = Page::new(subject("Support asks to see data of", grant))
        .say("An operator of this Candor server asks to see data of your organization. Without your yes they see nothing.");
    facts(page, grant)
        .fact("Asked", &moment(grant.at))
        .say("You decide, and can end it at any time:")
        .link("Decide", words.url("/settings/support"))
}

pub(super) fn approved(words: &Words<'_>, grant: &SupportGrant) -> Page {
    let page = Page::new(subject("Support may see data of", grant))
        .say("An owner of your organization allowed an operator to see this, masked, for a while.");
    facts(page, grant)
        .fact("Allowed", &moment(grant.at))
        .say("Every look is in the audit log. An owner can end it at any time:")
        .link("Open Candor", words.url("/"))
}

pub(super) fn ended(words: &Words<'_>, grant: &SupportGrant) -> Page {
    let page = Page::new(subject("Support sees no more data of", grant))
        .say("What an operator was allowed to see of your organization has ended.");
    facts(page, grant)
        .fact("Ended", &moment(grant.at))
        .say("What they looked at is in the audit log:")
        .link("Open Candor", words.url("/"))
}

fn subject(words: &str, grant: &SupportGrant) -> String {
    format!("{words} {}", typed_in_subject(&grant.organization))
}

fn facts(page: Page, grant: &SupportGrant) -> Page {
    let minutes = grant.minutes.to_string() + if grant.minutes == 1 { " minute" } else { " minutes" };
    page.fact("Organization", &grant.organization)
        .fact("Operator", &grant.operator)
        .fact("Site", &grant.site)
        .fact("Purpose", &grant.purpose)
        .fact("Ticket", &grant.ticket)
        .fact("For", &minutes)
}
