//! To owners: the subscription has ended, and when everything is removed.

use domain::Timestamp;

use super::{Page, Words, moment};

pub(super) fn page(words: &Words<'_>, organization: &str, days: u32, removed_at: Timestamp) -> Page {
    let left = if days == 1 { "1 day".to_owned() } else { format!("{days} days") };
    Page::new("Everything of your organization will be removed")
        .say("The subscription has ended. Nothing more is accepted, and what was measured can be read and taken out until it is removed: all sites, their reports and recordings, and who belongs to the organization.")
        .fact("Organization", organization)
        .fact("Left", &left)
        .fact("Removed at", &moment(removed_at))
        .say("Take out what you want to keep. If the subscription is to go on, tell whoever runs this server before then: afterwards nobody can bring anything back.")
        .link("Open Candor", words.url("/"))
}
