//! To whoever runs the server: something that is promised is late, or nothing is any more.

use domain::Timestamp;

use super::{Page, Words, moment};

pub(super) fn late(words: &Words<'_>, late: &[String], at: Timestamp) -> Page {
    Page::new("Something that is promised is late")
        .say("This server does again and again what its policy promises. Some of it was not done in time:")
        .fact("Late", &late.iter().map(|duty| in_words(duty)).collect::<Vec<_>>().join(", "))
        .fact("Seen", &moment(at))
        .say("Health at the operators' console says since when and why. You are told when nothing is late any more.")
        .link("Open Candor", words.url("/"))
}

pub(super) fn kept(words: &Words<'_>, at: Timestamp) -> Page {
    Page::new("Nothing that is promised is late any more")
        .say("What was late is done.")
        .fact("Seen", &moment(at))
        .link("Open Candor", words.url("/"))
}

/// A duty as people read it; of one that is not known here, its name.
fn in_words(duty: &str) -> &str {
    match duty {
        "audit_log" => "signing the audit logs",
        "backup" => "the backup",
        "drill" => "the restore drill",
        "requests" => "answers to visitors' requests",
        "retention" => "deleting what has expired",
        "subscriptions" => "what follows when a subscription ends",
        other => other,
    }
}
