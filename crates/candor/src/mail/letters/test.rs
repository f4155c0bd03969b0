//! To whoever wants to know whether mail goes out.

use super::{Page, Words};

pub(super) fn page(words: &Words<'_>) -> Page {
    Page::new("Candor can send mail")
        .say("This is the mail that candor mail test sends. That you read it shows that this server's mail goes out:")
        .link("Open Candor", words.url("/"))
}
