//! Mail: what a letter looks like in words, and handing it to the operator's mail server.
//!
//! Words that people typed are taken for words: they become no header, no markup and no line of their own. A link is
//! built from the operator's own address of the server, never from a request.

mod letters;
mod message;
mod page;
mod post;
mod reply;
#[cfg(test)]
mod tests;

pub(crate) use letters::Words;
pub(crate) use message::{Sending, address, compose};
pub(crate) use post::Post;
