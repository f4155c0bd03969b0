//! To somebody who asked a site about what it keeps of them.

use domain::Timestamp;

use super::{Page, moment};
use crate::mail::page::{typed, typed_in_subject};

pub(super) fn page((site, request): (&str, &str), asked_at: Timestamp, done: bool, words: &str) -> Page {
    let what = match request {
        "access" => "to be given what is kept of you",
        "rectify" => "to have something put right",
        "erase" => "to have what is kept of you erased",
        "restrict" => "that what is kept of you is not used",
        _ => "that nothing more of you is gathered",
    };
    let page = Page::new(format!("Your request to {}", typed_in_subject(site)))
        .say(format!("On {} you asked {} {what}.", moment(asked_at), typed(site)))
        .say(if done { "It was done." } else { "It was not done." });
    let page = if words.is_empty() { page } else { page.fact("What the site says", &typed(words)) };
    page.say(
        "Your address and what you wrote were wiped with this answer. If you do not agree with it, you may turn to the \
         supervisory authority for data protection of your country.",
    )
}
