//! How the other processes ask the keeper. A question may be asked twice without harm, an act is asked for once: where the
//! keeper goes before it answers, whoever asked learns that it is not known whether it was done. A keeper that is slow is
//! still the keeper: an answer that comes too late is passed over.

mod line;

use std::collections::BTreeMap;
use std::io;
use std::os::fd::OwnedFd;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use domain::audit::Log;
use domain::{DaySecrets, SiteId};

use crate::checkpoint::Signer;
use crate::key::Key;
use crate::label::Environment;
use crate::pair::Recipient;
use crate::protocol::operators;
use crate::protocol::people::{Ask, Told};
use crate::protocol::{
    Answer, KeptFile, LastCheckpoint, LogState, No, Overview, Purpose, Request, SITES_MAX, SiteKeys,
    WANTED_MAX,
};
use crate::ring::{OpenError, Opener, Recipients, Wanted};
use line::{Again, Line};

/// How long at a time a keeper is waited for that starts again.
const ASKING_MAX: Duration = Duration::from_secs(1);

/// Asks the keeper. Cheap to share between threads.
#[derive(Clone)]
pub struct Client {
    line: Arc<Line>,
    patience: Duration,
}

impl Client {
    /// A client that hears of keepers over `introductions`; a question waits `patience` for one and for its answer.
    ///
    /// # Errors
    /// Where the thread that hears cannot be started.
    pub fn start(introductions: OwnedFd, patience: Duration) -> io::Result<Self> {
        Ok(Self { line: Line::start(introductions)?, patience })
    }

    /// The same with another patience.
    #[must_use]
    pub fn with_patience(&self, patience: Duration) -> Self {
        Self { line: self.line.clone(), patience }
    }

    /// Counts the keepers that were heard of: another number is another keeper.
    pub fn generation(&self) -> u64 {
        self.line.generation()
    }

    /// How many questions were asked so far, by all that share it.
    pub fn questions(&self) -> u64 {
        self.line.questions()
    }

    /// The day's secrets; `held` are those that are known already.
    ///
    /// # Errors
    /// [`OpenError`] where the keeper does not answer or says no.
    pub fn day_secrets(&self, held: Option<DaySecrets>) -> Result<DaySecrets, OpenError> {
        match self.ask(Request::DaySecrets(held))? {
            Answer::DaySecrets(secrets) => Ok(secrets),
            other => Err(no(&other, "the day's secrets", &[])),
        }
    }

    /// The key of the control database.
    ///
    /// # Errors
    /// [`OpenError`] where the keeper does not answer or says no.
    pub fn control_key(&self) -> Result<Key, OpenError> {
        match self.ask(Request::ControlKey)? {
            Answer::Keys(mut handed) if handed.len() == 1 => Ok(handed.remove(0).take()),
            other => Err(no(&other, "the key of the control database", &[])),
        }
    }

    /// The key of the ledger of payments and invoices.
    ///
    /// # Errors
    /// [`OpenError`] where the keeper does not answer or says no.
    pub fn ledger_key(&self) -> Result<Key, OpenError> {
        match self.ask(Request::LedgerKey)? {
            Answer::Keys(mut handed) if handed.len() == 1 => Ok(handed.remove(0).take()),
            other => Err(no(&other, "the key of the ledger", &[])),
        }
    }

    /// What is known of the keys that wrap others.
    ///
    /// # Errors
    /// [`OpenError`] where the keeper does not answer or says no.
    pub fn overview(&self) -> Result<Overview, OpenError> {
        match self.ask(Request::Overview)? {
            Answer::Overview(overview) => Ok(overview),
            other => Err(no(&other, "what is known of keys", &[])),
        }
    }

    /// Gives one site, or the organization and all its sites, keys of a newer version.
    ///
    /// # Errors
    /// [`OpenError`] where the keeper does not answer or says no.
    pub fn rotate(&self, site: Option<SiteId>) -> Result<(), OpenError> {
        match self.ask(Request::Rotate(site))? {
            Answer::Rotated => Ok(()),
            other => Err(no(&other, "newer keys", &[])),
        }
    }

    /// Wraps every key under the newest version of the key above it; how many were wrapped anew.
    ///
    /// # Errors
    /// [`OpenError`] where the keeper does not answer or says no.
    pub fn rewrap(&self) -> Result<u32, OpenError> {
        match self.ask(Request::Rewrap)? {
            Answer::Rewrapped(count) => Ok(count),
            other => Err(no(&other, "the wrapping of keys", &[])),
        }
    }

    /// Replaces the root key. The keeper starts again for it; what follows waits for it to be back. The answer is what is
    /// known of keys then: where the root key could not be replaced, its version is as it was.
    ///
    /// # Errors
    /// [`OpenError`] where the keeper does not answer or says no.
    pub fn rotate_root(&self) -> Result<Overview, OpenError> {
        let generation = self.generation();
        match self.ask(Request::RotateRoot)? {
            Answer::StartingAgain => self.line.wait_for_another(generation, self.patience)?,
            other => return Err(no(&other, "another root key", &[])),
        }
        let deadline = Instant::now() + self.patience;
        // A little at a time, so that others are heard in between.
        let asking = self.with_patience(ASKING_MAX.min(self.patience));
        loop {
            match asking.overview() {
                Err(OpenError::Away) if Instant::now() < deadline => {}
                done => return done,
            }
        }
    }

    /// Which keys there are, by site.
    ///
    /// # Errors
    /// [`OpenError`] where the keeper does not answer or says no.
    pub fn list(&self) -> Result<Vec<SiteKeys>, OpenError> {
        let mut listed = Vec::new();
        loop {
            match self.ask(Request::List(listed.len() as u32))? {
                Answer::Listed(part) if part.is_empty() => return Ok(listed),
                Answer::Listed(part) => listed.extend(part),
                other => return Err(no(&other, "the list of keys", &[])),
            }
        }
    }

    /// What the keeper says to a question about people; a refusal is an answer as well.
    ///
    /// # Errors
    /// [`OpenError`] where the keeper does not answer, or is not to be asked this by the process that asks.
    pub fn people(&self, ask: Ask) -> Result<Told, OpenError> {
        match self.ask(Request::People(Box::new(ask)))? {
            Answer::People(told) => Ok(told),
            other => Err(no(&other, "what is asked about people", &[])),
        }
    }

    /// Has the keeper do something about people, and asks for it once, unless what is done twice is done once.
    ///
    /// # Errors
    /// [`OpenError`]; all but [`OpenError::Unanswered`] and [`OpenError::Unable`] say that nothing was done.
    pub fn people_act(&self, ask: Ask) -> Result<Told, OpenError> {
        let repeats = ask.repeats();
        let request = Request::People(Box::new(ask));
        let answer = if repeats {
            // Which of the times it was done, if it was, nobody can tell.
            let unanswered =
                |error| if matches!(error, OpenError::Away) { OpenError::Unanswered } else { error };
            self.ask(request).map_err(unanswered)
        } else {
            self.ask_once(request)
        };
        match answer? {
            Answer::People(told) => Ok(told),
            other => Err(no(&other, "what is asked about people", &[])),
        }
    }

    /// What the keeper says to a question about operators; a refusal is an answer as well.
    ///
    /// # Errors
    /// [`OpenError`] where the keeper does not answer, or is not to be asked this by the process that asks.
    pub fn operators(&self, ask: operators::Ask) -> Result<operators::Told, OpenError> {
        match self.ask(Request::Operators(Box::new(ask)))? {
            Answer::Operators(told) => Ok(told),
            other => Err(no(&other, "what is asked about operators", &[])),
        }
    }

    /// Has the keeper do something about operators, and asks for it once.
    ///
    /// # Errors
    /// [`OpenError`]; all but [`OpenError::Unanswered`] and [`OpenError::Unable`] say that nothing was done.
    pub fn operators_act(&self, ask: operators::Ask) -> Result<operators::Told, OpenError> {
        match self.ask_once(Request::Operators(Box::new(ask)))? {
            Answer::Operators(told) => Ok(told),
            other => Err(no(&other, "what is asked about operators", &[])),
        }
    }

    /// To whom the sites are sealed, in their order, and the server's own mark.
    ///
    /// # Errors
    /// [`OpenError`] where the keeper does not answer or says no.
    pub fn recipients(&self, sites: &[SiteId]) -> Result<(Environment, Vec<Option<Recipient>>), OpenError> {
        let (mut known, mut environment) = (Vec::with_capacity(sites.len()), Environment(0));
        // One question at least, for the server's mark.
        let parts = sites.chunks(SITES_MAX).chain(sites.is_empty().then_some(&[][..]));
        for part in parts {
            match self.ask(Request::Recipients(part.to_vec()))? {
                Answer::Recipients(of, recipients) if recipients.len() == part.len() => {
                    known.extend(recipients);
                    environment = of;
                }
                other => return Err(no(&other, "the sites' public keys", &[])),
            }
        }
        Ok((environment, known))
    }

    /// The sites' public keys, asked for when they are needed and then remembered.
    ///
    /// # Errors
    /// [`OpenError`] where the keeper does not answer.
    pub fn remembered_recipients(&self) -> Result<Arc<Remembered>, OpenError> {
        let (environment, _) = self.recipients(&[])?;
        Ok(Arc::new(Remembered { client: self.clone(), environment, known: Mutex::default() }))
    }

    /// A signed receipt that says these lines.
    ///
    /// # Errors
    /// [`OpenError`] where the keeper does not answer or says no.
    pub fn sign_receipt(&self, lines: String) -> Result<String, OpenError> {
        match self.ask(Request::SignReceipt(lines))? {
            Answer::Receipt(note) => Ok(note),
            other => Err(no(&other, "a receipt", &[])),
        }
    }

    /// How long one of the keeper's files is, if it is there. Its parts are those of this moment until it is asked again.
    ///
    /// # Errors
    /// [`OpenError`] where the keeper does not answer or says no.
    pub fn kept_length(&self, file: KeptFile) -> Result<Option<u64>, OpenError> {
        match self.ask(Request::KeptLength(file))? {
            Answer::KeptLength(length) => Ok(length),
            other => Err(no(&other, file.name(), &[])),
        }
    }

    /// A part of one of the keeper's files, from `from` on; none after its end.
    ///
    /// # Errors
    /// [`OpenError`] where the keeper does not answer or says no.
    pub fn kept_part(&self, file: KeptFile, from: u64) -> Result<Vec<u8>, OpenError> {
        match self.ask(Request::KeptPart(file, from))? {
            Answer::KeptPart(part) => Ok(part),
            other => Err(no(&other, file.name(), &[])),
        }
    }

    /// An opener that says for what it asks.
    pub fn opener(&self, purpose: Purpose) -> Arc<dyn Opener> {
        Arc::new(ClientOpener { client: self.clone(), purpose, environment: OnceLock::new() })
    }

    fn ask(&self, request: Request) -> Result<Answer, OpenError> {
        self.line.ask(request, Again::Yes, self.patience)
    }

    fn ask_once(&self, request: Request) -> Result<Answer, OpenError> {
        self.line.ask(request, Again::Never, self.patience)
    }
}

impl Signer for Client {
    fn last_checkpoint(&self, log: Log) -> Result<LastCheckpoint, OpenError> {
        match self.ask(Request::LastCheckpoint(log))? {
            Answer::LastCheckpoint(last) => Ok(last),
            other => Err(no(&other, &format!("what was signed of audit log {log}"), &[])),
        }
    }

    fn sign_checkpoint(&self, state: LogState) -> Result<Option<String>, OpenError> {
        let what = format!("a checkpoint of audit log {}", state.log);
        match self.ask(Request::SignCheckpoint(state))? {
            Answer::Checkpoint(note) => Ok(Some(note)),
            Answer::No(No::Parted) => Ok(None),
            other => Err(no(&other, &what, &[])),
        }
    }
}

/// Recipients that are asked for once and then remembered.
pub struct Remembered {
    client: Client,
    environment: Environment,
    known: Mutex<BTreeMap<SiteId, Recipient>>,
}

impl Remembered {
    /// Forgets them, since there may be newer ones.
    pub fn forget(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<SiteId, Recipient>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Recipients for Remembered {
    fn environment(&self) -> Environment {
        self.environment
    }

    fn recipient(&self, site: SiteId) -> Option<Recipient> {
        let mut known = self.lock();
        if let Some(recipient) = known.get(&site) {
            return Some(*recipient);
        }
        // Without an answer nothing is sealed for the site, and it is asked again.
        let (_, recipients) = self.client.recipients(&[site]).ok()?;
        let recipient = recipients.into_iter().next().flatten()?;
        known.insert(site, recipient);
        Some(recipient)
    }
}

struct ClientOpener {
    client: Client,
    purpose: Purpose,
    environment: OnceLock<Environment>,
}

impl Opener for ClientOpener {
    fn environment(&self) -> Result<Environment, OpenError> {
        if let Some(environment) = self.environment.get() {
            return Ok(*environment);
        }
        let (environment, _) = self.client.recipients(&[])?;
        Ok(*self.environment.get_or_init(|| environment))
    }

    fn open(&self, wanted: &[Wanted]) -> Result<Vec<Key>, OpenError> {
        let mut keys = Vec::with_capacity(wanted.len());
        for part in wanted.chunks(WANTED_MAX) {
            match self
                .client
                .ask(Request::Open(self.purpose.clone(), part.iter().map(Into::into).collect()))?
            {
                Answer::Keys(handed) if handed.len() == part.len() => {
                    keys.extend(handed.into_iter().map(crate::protocol::Handed::take));
                }
                other => return Err(no(&other, "what was asked", part)),
            }
        }
        Ok(keys)
    }
}

fn no(answer: &Answer, what: &str, wanted: &[Wanted]) -> OpenError {
    let named = |at: u32| wanted.get(at as usize).map_or(what.to_owned(), |wanted| wanted.label.to_string());
    match answer {
        Answer::No(No::Refused(at)) => OpenError::Refused(named(*at), crate::Refused),
        Answer::No(No::Destroyed(at)) => OpenError::Destroyed(named(*at)),
        Answer::No(No::Unable) => OpenError::Unable,
        _ => OpenError::Denied(wanted.first().map_or(what.to_owned(), |wanted| wanted.label.to_string())),
    }
}

#[cfg(test)]
mod tests;
