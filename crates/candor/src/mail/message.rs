//! A letter as the message that a mail server takes. Its headers are values of types that cannot hold a second line.

use std::time::{Duration, UNIX_EPOCH};

use control::Mail;
use domain::Timestamp;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};

use super::Words;
use super::page::typed;

/// Who a mail is from, and when it is sent.
pub(crate) struct Sending<'a> {
    pub(crate) from: &'a Mailbox,
    pub(crate) now: Timestamp,
}

/// An address that mail can be sent to.
pub(crate) fn address(text: &str) -> Option<Address> {
    // A quoted part in front of the @ may hold what no header should.
    text.parse()
        .ok()
        .filter(|address: &Address| !address.to_string().contains(|c: char| c.is_control() || c == '"'))
}

/// The mail as a message; `None` where its address or its letter does not make one.
pub(crate) fn compose(mail: &Mail, words: &Words<'_>, sending: &Sending<'_>) -> Option<Message> {
    let page = words.page(&mail.letter)?;
    let name = mail.name.as_deref().map(typed).filter(|name| !name.is_empty());
    let to = Mailbox::new(name, address(&mail.address)?);
    let id = format!("{:032x}", mail.id.0);
    let sent = UNIX_EPOCH + Duration::from_millis(u64::try_from(sending.now.0).unwrap_or_default());
    // The boundary is the mail's own number, which no text guesses, rather than one from the air.
    let body = MultiPart::alternative()
        .boundary(&id)
        .singlepart(SinglePart::plain(page.text()))
        .singlepart(SinglePart::html(page.html()));
    Message::builder()
        .from(sending.from.clone())
        .to(to)
        .subject(page.subject())
        .date(sent)
        .message_id(Some(format!("<{id}@{}>", sending.from.email.domain())))
        .header(AutoSubmitted)
        .multipart(body)
        .ok()
}

/// Nobody's holiday notice answers it (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}
