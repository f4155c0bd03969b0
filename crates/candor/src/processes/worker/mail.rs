//! Sending mail: one letter after the other, on a thread of its own, so that a slow mail server holds up no other duty.
//!
//! What is logged is why mail does not go out, never to whom it goes or what it says.

use std::net::TcpStream;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use control::{Database, DatabaseError, Letter, LinkToken, Mail, Trouble};
use domain::{Clock, PersonId, Rng};
use lettre::Message;
use lettre::message::Mailbox;
use lettre::transport::smtp::extension::ClientId;
use rustls::ClientConfig;
use tokio::runtime::Runtime;

use crate::config::Smtp;
use crate::logging::with_causes;
use crate::mail::{Post, Sending, Words, compose};

/// How often it looks for mail whose turn has come; what is new it is told of.
const ROUND_EVERY: Duration = Duration::from_secs(5);

/// Makes the token of a reset at the moment its mail is sent, so that it lies in no queue.
pub(super) trait ResetTokens: Send {
    /// A fresh token with which `person` may choose a new password, for a mail to `address`.
    fn token_for(&self, person: PersonId, address: &str) -> Result<LinkToken, NoToken>;
}

/// Why there is no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoToken {
    /// The person is not there any more, or not to be reached at that address: no mail is sent.
    NotTheirs,
    /// The keeper does not answer just now.
    Away,
}

/// Makes a connection to the mail server, or says why there is none.
pub(super) type Dial = Box<dyn Fn() -> Result<TcpStream, String> + Send>;

/// What a postman is made of.
pub(super) struct Postman {
    database: Arc<Database>,
    dial: Dial,
    post: Post,
    from: Mailbox,
    public_url: String,
    resets: Box<dyn ResetTokens>,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    runtime: Runtime,
    /// What was last complained of, so that one trouble is one line in the log.
    complaint: String,
}

/// What a postman works with.
pub(super) struct Bag {
    pub(super) database: Arc<Database>,
    pub(super) dial: Dial,
    pub(super) smtp: Smtp,
    pub(super) terms: fn(ClientConfig) -> ClientConfig,
    pub(super) public_url: String,
    pub(super) resets: Box<dyn ResetTokens>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) rng: Arc<dyn Rng>,
}

impl Postman {
    pub(super) fn new(bag: Bag) -> anyhow::Result<Self> {
        let Bag { database, dial, smtp, terms, public_url, resets, clock, rng } = bag;
        Ok(Self {
            from: smtp.sender()?,
            post: Post::new(smtp, own_name(&public_url), terms)?,
            runtime: tokio::runtime::Builder::new_current_thread().enable_all().build()?,
            database,
            dial,
            public_url,
            resets,
            clock,
            rng,
            complaint: String::new(),
        })
    }

    /// Works until the other end of `told` is gone. What is told is that there is mail.
    pub(super) fn go_on(mut self, told: &Receiver<()>) {
        loop {
            if let Err(error) = self.round() {
                self.complain(format!("mail waits: {}", with_causes(&error)));
            }
            match told.recv_timeout(ROUND_EVERY) {
                Ok(()) | Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn round(&mut self) -> Result<(), DatabaseError> {
        while let Some(mail) = self.database.claim_mail(self.clock.now(), &*self.rng)? {
            match self.message(&mail) {
                Err(NoToken::NotTheirs) => self.database.drop_mail(mail.id)?,
                Err(NoToken::Away) => self.database.mail_was_not_sent(mail.id, Trouble::KeeperAway)?,
                Ok(None) => self.database.mail_was_not_sent(mail.id, Trouble::Unfit)?,
                Ok(Some(message)) => match self.send(&message) {
                    Ok(()) => {
                        self.complaint.clear();
                        self.database.mail_was_sent(mail.id, self.clock.now())?;
                    }
                    Err(trouble) => self.database.mail_was_not_sent(mail.id, trouble)?,
                },
            }
        }
        Ok(())
    }

    /// The letter in words, with its token if it is a reset.
    fn message(&self, mail: &Mail) -> Result<Option<Message>, NoToken> {
        let token = match &mail.letter {
            Letter::Reset { person } => Some(self.resets.token_for(*person, &mail.address)?),
            _ => None,
        };
        let words =
            Words { public_url: &self.public_url, expires_at: mail.expires_at, reset: token.as_ref() };
        Ok(compose(mail, &words, &Sending { from: &self.from, now: self.clock.now() }))
    }

    fn send(&mut self, message: &Message) -> Result<(), Trouble> {
        let socket = match (self.dial)() {
            Ok(socket) => socket,
            Err(reason) => {
                self.complain(format!("{}: {reason}", Trouble::Unreachable));
                return Err(Trouble::Unreachable);
            }
        };
        let sent = self.runtime.block_on(self.post.send(socket, message));
        if let Err(trouble) = sent {
            self.complain(format!("a mail was not sent: {trouble}"));
        }
        sent
    }

    fn complain(&mut self, sentence: String) {
        if self.complaint != sentence {
            tracing::warn!("{sentence}");
            self.complaint = sentence;
        }
    }
}

/// What this server calls itself to the mail server: the name that people know it by.
fn own_name(public_url: &str) -> ClientId {
    let uri: Option<hyper::Uri> = public_url.parse().ok();
    match uri.as_ref().and_then(hyper::Uri::host) {
        Some(host) if host.contains('.') && host.parse::<std::net::IpAddr>().is_err() => {
            ClientId::Domain(host.to_owned())
        }
        _ => ClientId::default(),
    }
}

#[cfg(test)]
mod tests;
