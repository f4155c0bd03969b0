//! Asking and answering: a thread for each process that was introduced, and a few for what is slow on purpose.

mod copies;
mod provers;
mod told;

use std::collections::HashMap;
use std::fs::File;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{Clock, DaySecret, DaySecrets, Object, OrganizationId, Place, Rng, SiteId};
use sealing::protocol::operators as of_operators;
use sealing::protocol::people::{self as of_people, Ask, NotDone};
use sealing::protocol::{
    Answer, Handed, MESSAGE_BYTES_MAX, Message, No, Overview, PROOF_MAX, Peer, Purpose, Request, SITES_MAX,
    SealedBytes, WANTED_MAX, decode, encode,
};
use sealing::{Kind, Wanted};
use zeroize::Zeroizing;

use crate::audit::{Audit, AuditError, GIVEN, Line};
use crate::checkpoints::Checkpoints;
use crate::keys::{Closed, Keys, NO_SITE};
use crate::people::{self, Hands, People, Stop};
use crate::root::{Ground, Moment};
use crate::store::{Store, StoreError};
use copies::Copies;
use provers::Provers;
use told::{Told, told};

use crate::{KeeperError, RootNews, RootSource, Unsealing, folder, memory_is_locked, policy, root};

/// What a keeper is made of.
pub struct Parts {
    /// The folder for keys.
    pub keys: PathBuf,
    /// The data directory, which it must lie apart from; nothing of it is read.
    pub data: PathBuf,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub rng: Arc<dyn Rng>,
    /// Where people reach the server: passkeys are made for it.
    pub public_url: String,
    /// With what the root key is unsealed.
    pub root: Unsealing,
    /// Ends this keeper, so that another begins: what replaces the root key happens at a start.
    pub end: fn(),
}

/// The keeper, with its keys open.
#[derive(Clone)]
pub struct Keeper(Arc<Inner>);

struct Inner {
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    folder: PathBuf,
    /// No other keeper works in the folder meanwhile.
    _lock: File,
    /// From what kind of source the root key comes.
    source: &'static str,
    end: fn(),
    state: Mutex<State>,
    /// Started with the first proof, which comes when the process is confined: a thread of before would be free.
    provers: Mutex<Option<Provers>>,
    /// The socket of each process, so that an older one of the same process is hung up on.
    peers: Mutex<HashMap<Peer, Arc<OwnedFd>>>,
}

struct State {
    keys: Keys,
    people: People,
    checkpoints: Checkpoints,
    audit: Audit,
    secrets: Option<DaySecrets>,
    copies: Copies,
}

impl Keeper {
    /// Unseals the root key, made at the first start, and opens the keys and the audit file. The second tells what
    /// became of the root key.
    ///
    /// # Errors
    /// [`KeeperError`] names the file and says what to restore.
    pub fn open(parts: &Parts) -> Result<(Self, Vec<RootNews>), KeeperError> {
        let folder = root::prepare_folder(&parts.keys, &parts.data)?;
        let lock = folder::take(&folder)?;
        let store = folder.join("keys.sealed");
        let mut audit = Audit::open(&folder.join("audit.log"))?;
        if audit.has_entries() && !store.exists() {
            return Err(StoreError::Missing { path: store }.into());
        }
        let ground = &mut Ground {
            folder: &folder,
            store: &store,
            handed: &parts.root,
            rng: &*parts.rng,
            watch: &mut |moment| match moment {
                Moment::Before(source) => Ok(write_turn(&mut audit, &*parts.clock, source, "begun")?),
                Moment::After(step) => {
                    tracing::debug!(?step, "the root key is being replaced");
                    Ok(())
                }
            },
        };
        let (root, news) = root::unseal(ground)?;
        let under = Store::root_of(&store)?;
        let keys = Keys::open(Store::new(store.clone(), &root), &root, &*parts.rng)?;
        if !keys.remembers(audit.destroyed()) {
            return Err(StoreError::Older { path: store }.into());
        }
        let people = People::open(&folder, &keys)?.reached_at(&parts.public_url);
        if people.version() < audit.people() {
            return Err(StoreError::Older { path: folder.join("people.sealed") }.into());
        }
        let checkpoints = folder.join("checkpoints.sealed");
        let checkpoints = Checkpoints::open(checkpoints, keys.checkpoints(), keys.environment(), &audit)?;
        let source = root::source_of(&folder, under, &parts.root)?;
        for done in &news {
            if let Some(word) = done.of_turn() {
                write_turn(&mut audit, &*parts.clock, &source, word)?;
            }
        }
        let inner = Inner {
            clock: parts.clock.clone(),
            rng: parts.rng.clone(),
            source: source.kind(),
            folder,
            _lock: lock,
            end: parts.end,
            state: Mutex::new(State {
                keys,
                people,
                checkpoints,
                audit,
                secrets: None,
                copies: Copies::default(),
            }),
            provers: Mutex::default(),
            peers: Mutex::default(),
        };
        Ok((Self(Arc::new(inner)), news))
    }

    /// Where the folder for keys is unless somebody says otherwise: beside the data directory, never inside.
    pub fn folder_beside(data: &Path) -> PathBuf {
        let mut name = data.file_name().unwrap_or_default().to_owned();
        name.push(".keys");
        data.with_file_name(name)
    }

    /// Whether a folder for keys holds anything: a keeper that opens another one begins anew.
    pub fn has_begun(keys: &Path) -> bool {
        let files = std::fs::read_dir(keys).into_iter().flatten().flatten();
        files.into_iter().any(|file| file.file_name() != folder::LOCK)
    }

    /// Serves a process that was introduced, on a thread of its own, until it hangs up. An older socket of the same
    /// process is hung up on.
    pub fn welcome(&self, peer: Peer, socket: OwnedFd) -> std::io::Result<()> {
        let socket = Arc::new(socket);
        let before = self.lock_peers().insert(peer, socket.clone());
        if let Some(before) = before {
            let _ = rustix::net::shutdown(&*before, rustix::net::Shutdown::Both);
        }
        let keeper = self.clone();
        let name = format!("keeper-{}", peer.as_str());
        std::thread::Builder::new().name(name).spawn(move || keeper.converse(peer, &socket)).map(drop)
    }

    /// Answers until the peer hangs up, and then hangs up on it: nobody waits at a line that is not listened to. What is
    /// slow is answered when it is done, and holds up nothing meanwhile.
    fn converse(&self, peer: Peer, socket: &Arc<OwnedFd>) {
        let mut room = Zeroizing::new(vec![0; MESSAGE_BYTES_MAX]);
        while let Ok(length) = sealing::receive_packet(socket.as_fd(), &mut room) {
            let message = room.get(..length).and_then(decode::<Request>);
            let (number, request) = message.map_or((0, None), |message| (message.number, Some(message.body)));
            let slow = request.as_ref().is_some_and(is_slow)
                && request.as_ref().is_some_and(|one| policy::allows(peer, one));
            if slow {
                let (keeper, to) = (self.clone(), socket.clone());
                let job = Box::new(move || {
                    let _ = send(&to, peer, number, keeper.answer(peer, request));
                });
                let answered = match self.prove(job) {
                    Ok(()) => true,
                    Err(_) => send(socket, peer, number, Answer::People(of_people::Told::No(NotDone::Busy))),
                };
                if answered { continue } else { break }
            }
            let answer = self.answer(peer, request);
            let ends = matches!(answer, Answer::StartingAgain);
            if !send(socket, peer, number, answer) {
                break;
            }
            if ends {
                (self.0.end)();
            }
        }
        let _ = rustix::net::shutdown(socket, rustix::net::Shutdown::Both);
    }

    /// Has something slow done, if there is room for it.
    fn prove(&self, job: provers::Job) -> Result<(), provers::Job> {
        let mut provers = self.0.provers.lock().unwrap_or_else(PoisonError::into_inner);
        match &*provers {
            Some(known) => known.submit(job),
            None => match Provers::start() {
                Ok(started) => provers.insert(started).submit(job),
                Err(error) => {
                    tracing::error!(%error, "no thread can be started for proofs");
                    Err(job)
                }
            },
        }
    }

    /// The answer to what `peer` asks, written down before it is given. `None` is something that is no question. What is
    /// slow is done with nothing locked.
    pub fn answer(&self, peer: Peer, request: Option<Request>) -> Answer {
        let mut state = self.lock();
        let Some(request) = request.filter(within_limits) else {
            return self.give(&mut state, peer, &Told::malformed(), Answer::No(No::Malformed));
        };
        let told = told(&state.people, &state.keys, &request, self.0.clock.now());
        if !policy::allows(peer, &request) {
            return self.give(&mut state, peer, &told, Answer::No(No::Denied));
        }
        if let Request::People(ask) = request {
            return self.answer_about_people(state, peer, *ask, told);
        }
        if let Request::Operators(ask) = request {
            return self.answer_about_operators(&mut state, peer, *ask, told);
        }
        // The file was written down when its length was asked for; there are many parts of it.
        if let Request::KeptPart(file, from) = request {
            return state.copies.part(file, from);
        }
        // What changes keys is written down before it is done, too: afterwards nothing could take it back.
        if changes_keys(&request) && !self.write_down(&mut state, peer, &told, "begun") {
            return Answer::No(No::Unable);
        }
        let answer = self.do_what_is_asked(&mut state, request);
        let starts_again = matches!(answer, Answer::StartingAgain);
        let given = self.give(&mut state, peer, &told, answer);
        if starts_again && !matches!(given, Answer::StartingAgain) {
            // It was not told, so that no later start may do it unasked.
            root::unmark(&self.0.folder);
        }
        given
    }

    /// What is asked about people: what only looks is not written down, what changes anything is before it is done, too.
    fn answer_about_people<'a>(
        &'a self,
        mut state: MutexGuard<'a, State>,
        peer: Peer,
        ask: Ask,
        mut told: Told,
    ) -> Answer {
        let now = self.0.clock.now();
        if people::is_slow(&ask) {
            let work = state.people.prepare(ask, now);
            drop(state);
            let finding = work.map(|work| work.run(&*self.0.rng));
            state = self.lock();
            let outcome = match finding {
                Ok(finding) => self.with_hands(&mut state, |people, hands| people.conclude(finding, hands)),
                Err(no) => Err(Stop::No(no)),
            };
            return self.give_about_people(&mut state, peer, &mut told, outcome);
        }
        let quiet = people::is_quiet(&ask);
        if !quiet && !self.write_down(&mut state, peer, &told, "begun") {
            return Answer::No(No::Unable);
        }
        let outcome = self.with_hands(&mut state, |people, hands| people.act(ask, hands));
        match (quiet, outcome) {
            (true, Ok(answer)) => Answer::People(answer),
            (true, Err(Stop::No(no))) => Answer::People(of_people::Told::No(no)),
            (_, outcome) => self.give_about_people(&mut state, peer, &mut told, outcome),
        }
    }

    fn give_about_people(
        &self,
        state: &mut State,
        peer: Peer,
        told: &mut Told,
        outcome: Result<of_people::Told, Stop>,
    ) -> Answer {
        told.version(state.people.version());
        let answer = match outcome {
            Ok(answer) => Answer::People(answer),
            Err(Stop::No(no)) => Answer::People(of_people::Told::No(no)),
            Err(Stop::Store(error)) => {
                tracing::error!(%error, "what is known of people cannot be kept");
                Answer::No(No::Unable)
            }
        };
        self.give(state, peer, told, answer)
    }

    /// What is asked about operators: written down as what is asked about people is. That keys were destroyed shows when
    /// it was done.
    fn answer_about_operators(
        &self,
        state: &mut State,
        peer: Peer,
        ask: of_operators::Ask,
        mut told: Told,
    ) -> Answer {
        let quiet = people::of_operators::is_quiet(&ask);
        if !quiet && !self.write_down(state, peer, &told, "begun") {
            return Answer::No(No::Unable);
        }
        let outcome = self.with_hands(state, |people, hands| people.act_on_operators(ask, hands));
        let answer = match outcome {
            Ok(answer) => answer,
            Err(Stop::No(no)) => of_operators::Told::No(no),
            Err(Stop::Store(error)) => {
                tracing::error!(%error, "what is known of operators cannot be kept");
                return self.give(state, peer, &told, Answer::No(No::Unable));
            }
        };
        if quiet {
            return Answer::Operators(answer);
        }
        told.version(state.people.version());
        if let Some(sites) = people::of_operators::destroyed(&answer) {
            told.destroyed(sites);
        }
        self.give(state, peer, &told, Answer::Operators(answer))
    }

    fn with_hands<T>(&self, state: &mut State, act: impl FnOnce(&mut People, &mut Hands<'_>) -> T) -> T {
        let State { keys, people, .. } = state;
        act(people, &mut Hands { now: self.0.clock.now(), rng: &*self.0.rng, keys })
    }

    fn do_what_is_asked(&self, state: &mut State, request: Request) -> Answer {
        match request {
            Request::DaySecrets(held) => Answer::DaySecrets(self.day_secrets(state, held)),
            Request::Recipients(sites) => recipients(&state.keys, &sites),
            Request::Open(purpose, wanted) => self.open_keys(state, &purpose, wanted),
            Request::Overview => Answer::Overview(self.overview(&state.keys)),
            Request::List(from) => Answer::Listed(state.keys.list(from as usize, SITES_MAX)),
            Request::Rotate(site) => stored(state.keys.rotate(site, &*self.0.rng), |()| Answer::Rotated),
            Request::RotateRoot if self.0.source == RootSource::Credential.kind() => {
                tracing::error!("the root key comes from a credential, which is not Candor's to replace");
                Answer::No(No::Unable)
            }
            Request::RotateRoot => match root::mark_for_rotation(&self.0.folder) {
                Ok(()) => Answer::StartingAgain,
                Err(error) => {
                    tracing::error!(%error, "the root key cannot be replaced");
                    Answer::No(No::Unable)
                }
            },
            Request::Rewrap => stored(state.keys.rewrap(&*self.0.rng), Answer::Rewrapped),
            Request::ControlKey => Answer::Keys(vec![Handed::new(state.keys.control())]),
            Request::KeptLength(file) => state.copies.open(&self.0.folder, file),
            Request::LedgerKey => Answer::Keys(vec![Handed::new(state.keys.ledger())]),
            // Answered elsewhere.
            Request::People(_) | Request::Operators(_) | Request::KeptPart(..) => Answer::No(No::Malformed),
            Request::LastCheckpoint(log) => Answer::LastCheckpoint(state.checkpoints.last(log)),
            Request::SignCheckpoint(log) => stored(state.checkpoints.sign(&log, &*self.0.rng), |note| {
                note.map_or(Answer::No(No::Parted), Answer::Checkpoint)
            }),
            Request::SignReceipt(said) => {
                state.checkpoints.sign_receipt(&said).map_or(Answer::No(No::Malformed), Answer::Receipt)
            }
        }
    }

    fn overview(&self, keys: &Keys) -> Overview {
        let [root, organization, control] = keys.versions();
        let (source, locked) = (self.0.source.to_owned(), memory_is_locked());
        Overview { root, source, locked, organization, control, outdated: keys.outdated() as u32 }
    }

    /// All keys wanted, or none: for a named duty, or for the token of one who may see what they open.
    fn open_keys(
        &self,
        state: &mut State,
        purpose: &Purpose,
        wanted: Vec<(sealing::Label, SealedBytes)>,
    ) -> Answer {
        if let Purpose::Request(token) = purpose {
            let State { keys, people, .. } = state;
            for (label, _) in &wanted {
                let organization = keys.organization_of(label.site).unwrap_or(OrganizationId(0));
                let shared = people.shares_recordings(label.site);
                let place = Place { shared, ..Place::site(organization, label.site) };
                // What was destroyed is said to be, to whoever could know of it.
                let destroyed = keys.is_destroyed(label.site);
                let now = self.0.clock.now();
                // What belongs to no site is counts of what was refused, and nobody's.
                let opens = match label.site {
                    NO_SITE => people.opens_what_is_nobodys(token, now),
                    // No support grant reaches them.
                    _ if label.kind == Kind::Recording => {
                        people.opens(token, Object::Recordings, place, now).is_ok()
                    }
                    _ if label.kind == Kind::Attributes => {
                        people.opens(token, Object::Attributes, place, now).is_ok()
                    }
                    _ => {
                        people.opens(token, Object::Events, place, now).is_ok()
                            || people.opens_by_grant(token, place, now).is_some()
                    }
                };
                if !destroyed && !opens {
                    return Answer::No(No::Denied);
                }
            }
        }
        let mut opened = Vec::with_capacity(wanted.len());
        for (place, (label, sealed)) in (0..).zip(wanted) {
            match state.keys.open_one(&Wanted { label, sealed: sealed.0 }) {
                Ok(key) => opened.push(Handed::new(&key)),
                Err(Closed::Refused) => return Answer::No(No::Refused(place)),
                Err(Closed::Destroyed) => return Answer::No(No::Destroyed(place)),
            }
        }
        Answer::Keys(opened)
    }

    /// Today's secret and yesterday's. Those that `edge` held through a restart of the keeper go on.
    fn day_secrets(&self, state: &mut State, held: Option<DaySecrets>) -> DaySecrets {
        let day = self.0.clock.now().utc_day();
        let fresh = || {
            let mut bytes = [0; 32];
            self.0.rng.fill(&mut bytes);
            bytes
        };
        let held = held.filter(|held| held.today.day <= day);
        let known = state.secrets.take().or(held);
        let known =
            known.unwrap_or_else(|| DaySecrets { today: DaySecret::new(day, fresh()), yesterday: None });
        let secrets = known.turned_to(day, fresh());
        state.secrets = Some(secrets.clone());
        secrets
    }

    /// Writes the answer down and gives it; what cannot be written down is not given.
    fn give(&self, state: &mut State, peer: Peer, told: &Told, answer: Answer) -> Answer {
        let word = match &answer {
            Answer::No(no) => no.to_string(),
            Answer::People(of_people::Told::No(no)) | Answer::Operators(of_operators::Told::No(no)) => {
                no.as_str().to_owned()
            }
            _ => GIVEN.to_owned(),
        };
        if self.write_down(state, peer, told, &word) { answer } else { Answer::No(No::Unable) }
    }

    /// Whether a line could be written of what is asked and what becomes of it.
    fn write_down(&self, state: &mut State, peer: Peer, told: &Told, word: &str) -> bool {
        let Told { asks, about, .. } = told;
        let who = told
            .who
            .as_ref()
            .map_or_else(|| peer.as_str().to_owned(), |who| format!("{} for {who}", peer.as_str()));
        let line =
            Line { at: self.0.clock.now(), peer: &who, asks, about, answer: word, people: told.people };
        let written = state.audit.append(&line);
        if let Err(error) = &written {
            tracing::error!(%error, "nothing is opened until the audit file can be written");
        }
        written.is_ok()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock_peers(&self) -> MutexGuard<'_, HashMap<Peer, Arc<OwnedFd>>> {
        self.0.peers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The answer to what changes keys, once the change is on disk.
fn stored<T>(changed: Result<T, StoreError>, answer: impl FnOnce(T) -> Answer) -> Answer {
    match changed {
        Ok(done) => answer(done),
        Err(error) => {
            tracing::error!(%error, "keys cannot be stored");
            Answer::No(No::Unable)
        }
    }
}

/// Writes down that the root key is replaced, by one from `source`.
fn write_turn(
    audit: &mut Audit,
    clock: &dyn Clock,
    source: &RootSource,
    answer: &str,
) -> Result<(), AuditError> {
    let about = [format!("from {}", source.kind())];
    audit.append(&Line {
        at: clock.now(),
        peer: "keeper",
        asks: "replace-root",
        about: &about,
        answer,
        people: None,
    })
}

fn within_limits(request: &Request) -> bool {
    match request {
        Request::SignCheckpoint(log) => log.consistency.len() <= PROOF_MAX,
        Request::Recipients(sites) => sites.len() <= SITES_MAX,
        Request::Open(_, wanted) => (1..=WANTED_MAX).contains(&wanted.len()),
        _ => true,
    }
}

/// Whether a request that is allowed leads to keys being made or destroyed.
const fn changes_keys(request: &Request) -> bool {
    matches!(request, Request::Rotate(_) | Request::RotateRoot | Request::Rewrap)
}

fn is_slow(request: &Request) -> bool {
    matches!(request, Request::People(ask) if people::is_slow(ask))
}

fn recipients(keys: &Keys, sites: &[SiteId]) -> Answer {
    let recipients = sites.iter().map(|site| keys.recipient(*site)).collect();
    Answer::Recipients(keys.environment(), recipients)
}

/// Whether the answer went out.
fn send(socket: &OwnedFd, peer: Peer, number: u64, answer: Answer) -> bool {
    let mut packet = encode(&Message { number, body: answer });
    if packet.len() > MESSAGE_BYTES_MAX {
        tracing::error!("an answer to {} is longer than a message may be", peer.as_str());
        packet = encode(&Message { number, body: Answer::No(No::Unable) });
    }
    sealing::send_packet(socket.as_fd(), &packet).is_ok()
}

#[cfg(test)]
mod tests;
