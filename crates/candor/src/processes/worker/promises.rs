//! Looks whether something that is promised is late, and tells it: the supervisor at once, and the operator by mail and by a
//! call, once for each time that it changes.
//!
//! What is told are names of duties. Nothing of a customer is in it.

mod call;

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use control::{AlertWay, Database, DatabaseError, Letter, NewMail};
use domain::{Clock, Rng, Timestamp};
use rustls::ClientConfig;
use serde_json::json;

use self::call::Caller;
use crate::config::Alerts;
use crate::logging::with_causes;
use crate::processes::birth::Voice;
use crate::processes::dialer::{Dial, Whom};
use crate::processes::messages::{BackupState, FromChild, Promises};

/// How often it looks.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// After which time a call that failed is tried again.
const CALL_AGAIN: Duration = Duration::from_secs(30);
/// How long a mail about it is worth sending.
const NEWS_FOR: Duration = Duration::from_secs(2 * 86_400);

/// What is late where a visitor who asked was not answered in time.
const VISITOR_REQUESTS: &str = "visitor_requests";

/// What a watch is made of.
pub(super) struct Means {
    pub(super) database: Arc<Database>,
    pub(super) alerts: Alerts,
    /// Whether mail can be sent.
    pub(super) mail: bool,
    pub(super) dial: Option<Arc<Dial>>,
    pub(super) terms: fn(ClientConfig) -> ClientConfig,
    pub(super) public_url: String,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) rng: Arc<dyn Rng>,
    pub(super) voice: Voice,
    /// Whether backups are late, as who makes them says.
    pub(super) backups: Arc<Mutex<BackupState>>,
}

/// Watches over what is promised.
pub(super) struct Watch {
    means: Means,
    caller: Option<Caller>,
    said: Option<Promises>,
    call_at: Option<Instant>,
    /// What was last complained of, so that one trouble is one line in the log.
    complaint: String,
}

impl Watch {
    pub(super) fn new(means: Means) -> anyhow::Result<Self> {
        let webhook = means.alerts.webhook.clone();
        let caller = webhook.map(|webhook| Caller::new(webhook, means.terms)).transpose()?;
        Ok(Self { means, caller, said: None, call_at: None, complaint: String::new() })
    }

    /// Works until the other end of `told` is gone.
    pub(super) fn go_on(mut self, told: &Receiver<()>) {
        loop {
            match self.look() {
                Ok(()) => self.complaint.clear(),
                Err(sentence) => self.complain(sentence),
            }
            match told.recv_timeout(LOOK_EVERY) {
                Ok(()) | Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn look(&mut self) -> Result<(), String> {
        let now = self.means.clock.now();
        let late = self.late(now).map_err(|error| failed(&error))?;
        let promises = if late.is_empty() { Promises::Kept } else { Promises::Late };
        if self.said.replace(promises) != Some(promises) {
            self.means.voice.say(FromChild::Promises(promises));
            if promises == Promises::Late {
                tracing::error!(late = late.join(", "), "something that is promised is late");
            }
        }
        self.mail(&late, now).map_err(|error| failed(&error))?;
        self.call(&late, now)
    }

    /// What is late at `now`, by name: duties, people who were not answered in time, backups.
    fn late(&self, now: Timestamp) -> Result<Vec<String>, DatabaseError> {
        let Means { database, backups, .. } = &self.means;
        let duties = database.duties()?.into_iter().filter(|duty| duty.is_late(now));
        let mut late: Vec<String> = duties.map(|duty| duty.duty).collect();
        late.extend((database.requests_overdue(now)? > 0).then(|| VISITOR_REQUESTS.to_owned()));
        let backups = *backups.lock().unwrap_or_else(PoisonError::into_inner);
        late.extend(backups.late().map(str::to_owned));
        Ok(late)
    }

    fn mail(&self, late: &[String], now: Timestamp) -> Result<(), DatabaseError> {
        let Means { database, alerts, clock, rng, .. } = &self.means;
        let Some(address) = alerts.mail.as_deref().filter(|_| self.means.mail) else { return Ok(()) };
        let is_late = !late.is_empty();
        if database.lateness_told(AlertWay::Mail)? == is_late {
            return Ok(());
        }
        let letter = match is_late {
            true => Letter::PromisesLate { late: late.to_vec(), at: now },
            false => Letter::PromisesKept { at: now },
        };
        let mail =
            NewMail { organization: None, address, name: None, letter: &letter, expires_at: now + NEWS_FOR };
        database.tell_lateness(AlertWay::Mail, is_late, Some(&mail), (&**clock, &**rng))
    }

    fn call(&mut self, late: &[String], now: Timestamp) -> Result<(), String> {
        let Means { database, dial, public_url, clock, rng, .. } = &self.means;
        let (Some(caller), Some(dial)) = (&self.caller, dial) else { return Ok(()) };
        let is_late = !late.is_empty();
        if database.lateness_told(AlertWay::Webhook).map_err(|error| failed(&error))? == is_late
            || self.call_at.is_some_and(|at| Instant::now() < at)
        {
            return Ok(());
        }
        self.call_at = Some(Instant::now() + CALL_AGAIN);
        let promises = if is_late { "late" } else { "kept" };
        let body = json!({ "server": public_url, "promises": promises, "late": late, "at": now.to_string() });
        let socket = dial.connect(Whom::Webhook).map_err(|reason| format!("nobody is called: {reason}"))?;
        caller.call(socket, &body).map_err(|reason| format!("whoever is called about promises {reason}"))?;
        self.call_at = None;
        database
            .tell_lateness(AlertWay::Webhook, is_late, None, (&**clock, &**rng))
            .map_err(|error| failed(&error))
    }

    fn complain(&mut self, sentence: String) {
        if self.complaint != sentence {
            tracing::warn!("{sentence}");
            self.complaint = sentence;
        }
    }
}

fn failed(error: &DatabaseError) -> String {
    format!("what is promised cannot be looked at: {}", with_causes(error))
}
