//! How the other processes ask the keeper: one question at a time, asked again when the keeper was started again
//! meanwhile. Every question may be asked twice without harm. A keeper that is slow is still the keeper: its socket is
//! kept, and an answer that comes too late is passed over.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use domain::{DaySecrets, SiteId};
use zeroize::Zeroizing;

use crate::key::Key;
use crate::label::Environment;
use crate::packets::{introduced, receive_packet, send_packet, set_patience};
use crate::pair::Recipient;
use crate::protocol::{
    Answer, MESSAGE_BYTES_MAX, Message, No, Overview, Purpose, Request, SITES_MAX, SiteKeys, WANTED_MAX,
    decode, encode,
};
use crate::ring::{OpenError, Opener, Recipients, Wanted};

/// How long at a time a keeper is waited for that starts again.
const ASKING_MAX: Duration = Duration::from_secs(1);

/// Asks the keeper. Cheap to share between threads.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    patience: Duration,
}

struct Shared {
    line: Mutex<Line>,
    arrived: Condvar,
    asked: AtomicU64,
}

/// The socket to the keeper that is alive, if one is.
#[derive(Default)]
struct Line {
    socket: Option<OwnedFd>,
    /// Counts keepers.
    generation: u64,
    number: u64,
}

impl Client {
    /// A client that hears of keepers over `introductions`; a question waits `patience` for one and for its answer.
    ///
    /// # Errors
    /// Where the thread that hears cannot be started.
    pub fn start(introductions: OwnedFd, patience: Duration) -> io::Result<Self> {
        let shared =
            Arc::new(Shared { line: Mutex::default(), arrived: Condvar::new(), asked: AtomicU64::new(0) });
        let hearing = shared.clone();
        std::thread::Builder::new().name("keeper-line".to_owned()).spawn(move || {
            while let Ok((_, socket)) = introduced(&introductions) {
                let mut line = hearing.lock();
                line.generation += 1;
                line.socket = Some(socket);
                hearing.arrived.notify_all();
            }
        })?;
        Ok(Self { shared, patience })
    }

    /// The same with another patience.
    #[must_use]
    pub fn with_patience(&self, patience: Duration) -> Self {
        Self { shared: self.shared.clone(), patience }
    }

    /// Counts the keepers that were heard of: another number is another keeper.
    pub fn generation(&self) -> u64 {
        self.shared.lock().generation
    }

    /// How many questions were asked so far, by all that share it.
    pub fn questions(&self) -> u64 {
        self.shared.asked.load(Ordering::Relaxed)
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
            Answer::StartingAgain => self.wait_for_another(generation)?,
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

    /// Destroys the keys of `site`: what they protect can never be opened again, by anybody.
    ///
    /// # Errors
    /// [`OpenError`] where the keeper does not answer or says no.
    pub fn destroy(&self, site: SiteId) -> Result<(), OpenError> {
        match self.ask(Request::Destroy(site))? {
            Answer::Destroyed => Ok(()),
            other => Err(no(&other, &format!("the destruction of the keys of site {site}"), &[])),
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

    /// An opener that says for what it asks.
    pub fn opener(&self, purpose: Purpose) -> Arc<dyn Opener> {
        Arc::new(ClientOpener { client: self.clone(), purpose, environment: OnceLock::new() })
    }

    /// Waits for a keeper that was not heard of at `generation`.
    fn wait_for_another(&self, generation: u64) -> Result<(), OpenError> {
        let same = |line: &mut Line| line.generation == generation;
        let waited = self.shared.arrived.wait_timeout_while(self.shared.lock(), self.patience, same);
        let (line, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        drop(line);
        if waited.timed_out() { Err(OpenError::Away) } else { Ok(()) }
    }

    fn ask(&self, request: Request) -> Result<Answer, OpenError> {
        let deadline = Instant::now() + self.patience;
        self.shared.asked.fetch_add(1, Ordering::Relaxed);
        let mut line = self.shared.lock();
        line.number += 1;
        let question = Message { number: line.number, body: request };
        loop {
            line = self.shared.wait_for_keeper(line, deadline)?;
            let Some(socket) = &line.socket else { continue };
            match converse(socket, &question, deadline) {
                Ok(answer) => return Ok(answer),
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                    return Err(OpenError::Away);
                }
                Err(_) => line.socket = None,
            }
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait_for_keeper<'a>(
        &'a self,
        mut line: MutexGuard<'a, Line>,
        deadline: Instant,
    ) -> Result<MutexGuard<'a, Line>, OpenError> {
        while line.socket.is_none() {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(OpenError::Away);
            }
            line = self.arrived.wait_timeout(line, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        Ok(line)
    }
}

/// Asks and hears. Answers to questions that were given up are passed over.
fn converse(socket: &OwnedFd, question: &Message<Request>, deadline: Instant) -> io::Result<Answer> {
    wait_at_most(socket, deadline)?;
    send_packet(socket, &encode(question))?;
    let mut room = Zeroizing::new(vec![0; MESSAGE_BYTES_MAX]);
    loop {
        wait_at_most(socket, deadline)?;
        let length = receive_packet(socket, &mut room)?;
        let answer = room.get(..length).and_then(decode::<Answer>);
        let answer = answer.ok_or(io::ErrorKind::InvalidData)?;
        if answer.number == question.number {
            return Ok(answer.body);
        }
    }
}

/// Lets nothing that is done with the socket next wait beyond `deadline`.
fn wait_at_most(socket: &OwnedFd, deadline: Instant) -> io::Result<()> {
    match deadline.saturating_duration_since(Instant::now()) {
        Duration::ZERO => Err(ErrorKind::TimedOut.into()),
        left => set_patience(socket, left),
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
            match self.client.ask(Request::Open(self.purpose, part.iter().map(Into::into).collect()))? {
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
