//! Asking and answering: a thread for each process that was introduced.

use std::collections::HashMap;
use std::fs::File;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{Clock, DaySecret, DaySecrets, Rng, SiteId};
use sealing::Wanted;
use sealing::protocol::{
    Answer, Handed, MESSAGE_BYTES_MAX, Message, No, Overview, Peer, Request, SITES_MAX, WANTED_MAX, decode,
    encode,
};
use zeroize::Zeroizing;

use crate::audit::{Audit, AuditError, DESTROY, GIVEN, Line};
use crate::keys::{Closed, Keys};
use crate::root::{Ground, Moment};
use crate::store::{Store, StoreError};
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
    /// The socket of each process, so that an older one of the same process is hung up on.
    peers: Mutex<HashMap<Peer, Arc<OwnedFd>>>,
}

struct State {
    keys: Keys,
    audit: Audit,
    secrets: Option<DaySecrets>,
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
            state: Mutex::new(State { keys, audit, secrets: None }),
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

    /// Answers until the peer hangs up, and then hangs up on it: nobody waits at a line that is not listened to.
    fn converse(&self, peer: Peer, socket: &OwnedFd) {
        let mut room = Zeroizing::new(vec![0; MESSAGE_BYTES_MAX]);
        while let Ok(length) = sealing::receive_packet(socket.as_fd(), &mut room) {
            let message = room.get(..length).and_then(decode::<Request>);
            let (number, answer) = match message {
                Some(message) => (message.number, self.answer(peer, Some(message.body))),
                None => (0, self.answer(peer, None)),
            };
            let ends = matches!(answer, Answer::StartingAgain);
            let mut packet = encode(&Message { number, body: answer });
            if packet.len() > MESSAGE_BYTES_MAX {
                tracing::error!("an answer to {} is longer than a message may be", peer.as_str());
                packet = encode(&Message { number, body: Answer::No(No::Unable) });
            }
            if sealing::send_packet(socket.as_fd(), &packet).is_err() {
                break;
            }
            if ends {
                (self.0.end)();
            }
        }
        let _ = rustix::net::shutdown(socket, rustix::net::Shutdown::Both);
    }

    /// The answer to what `peer` asks, written down before it is given. `None` is something that is no question.
    pub fn answer(&self, peer: Peer, request: Option<Request>) -> Answer {
        let mut state = self.lock();
        let Some(request) = request.filter(within_limits) else {
            return self.give(&mut state, peer, &("?", vec![]), Answer::No(No::Malformed));
        };
        let told = told(&request);
        if !policy::allows(peer, &request) {
            return self.give(&mut state, peer, &told, Answer::No(No::Denied));
        }
        // What changes keys is written down before it is done, too: afterwards nothing could take it back.
        if changes_keys(&state.keys, peer, &request) && !self.write_down(&mut state, peer, &told, "begun") {
            return Answer::No(No::Unable);
        }
        let answer = self.do_what_is_asked(&mut state, peer, request);
        let starts_again = matches!(answer, Answer::StartingAgain);
        let given = self.give(&mut state, peer, &told, answer);
        if starts_again && !matches!(given, Answer::StartingAgain) {
            // It was not told, so that no later start may do it unasked.
            root::unmark(&self.0.folder);
        }
        given
    }

    fn do_what_is_asked(&self, state: &mut State, peer: Peer, request: Request) -> Answer {
        match request {
            Request::DaySecrets(held) => Answer::DaySecrets(self.day_secrets(state, held)),
            Request::Recipients(sites) => self.recipients(state, peer, &sites),
            Request::Open(_, wanted) => open(&state.keys, wanted),
            Request::Overview => Answer::Overview(self.overview(&state.keys)),
            Request::List(from) => Answer::Listed(state.keys.list(from as usize, SITES_MAX)),
            Request::Destroy(site) => {
                stored(state.keys.destroy(site, self.0.clock.now(), &*self.0.rng), |()| Answer::Destroyed)
            }
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
        }
    }

    fn overview(&self, keys: &Keys) -> Overview {
        let [root, organization, control] = keys.versions();
        let (source, locked) = (self.0.source.to_owned(), memory_is_locked());
        Overview { root, source, locked, organization, control, outdated: keys.outdated() as u32 }
    }

    fn recipients(&self, state: &mut State, peer: Peer, sites: &[SiteId]) -> Answer {
        let made = if policy::makes_keys(peer) { state.keys.make(sites, &*self.0.rng) } else { Ok(()) };
        stored(made, |()| {
            let recipients = sites.iter().map(|site| state.keys.recipient(*site)).collect();
            Answer::Recipients(state.keys.environment(), recipients)
        })
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
            _ => GIVEN.to_owned(),
        };
        if self.write_down(state, peer, told, &word) { answer } else { Answer::No(No::Unable) }
    }

    /// Whether a line could be written of what is asked and what becomes of it.
    fn write_down(&self, state: &mut State, peer: Peer, told: &Told, word: &str) -> bool {
        let (asks, about) = told;
        let line = Line { at: self.0.clock.now(), peer: peer.as_str(), asks, about, answer: word };
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
    audit.append(&Line { at: clock.now(), peer: "keeper", asks: "replace-root", about: &about, answer })
}

fn within_limits(request: &Request) -> bool {
    match request {
        Request::DaySecrets(_) | Request::ControlKey | Request::Overview | Request::List(_) => true,
        Request::Destroy(_) | Request::Rotate(_) | Request::RotateRoot | Request::Rewrap => true,
        Request::Recipients(sites) => sites.len() <= SITES_MAX,
        Request::Open(_, wanted) => (1..=WANTED_MAX).contains(&wanted.len()),
    }
}

/// Whether a request that is allowed leads to keys being made or destroyed.
fn changes_keys(keys: &Keys, peer: Peer, request: &Request) -> bool {
    match request {
        Request::Destroy(_) | Request::Rotate(_) | Request::RotateRoot | Request::Rewrap => true,
        Request::Recipients(sites) => policy::makes_keys(peer) && keys.would_make(sites),
        Request::DaySecrets(_) | Request::ControlKey => false,
        Request::Overview | Request::List(_) | Request::Open(..) => false,
    }
}

/// What the audit file says of a question: what is asked, and about what.
type Told = (&'static str, Vec<String>);

fn told(request: &Request) -> Told {
    match request {
        Request::DaySecrets(_) => ("day-secrets", vec![]),
        Request::ControlKey => ("control-key", vec![]),
        Request::Overview => ("overview", vec![]),
        Request::List(_) => ("list", vec![]),
        Request::Rotate(None) => ("rotate", vec!["all keys".to_owned()]),
        Request::Rotate(Some(site)) => ("rotate", vec![format!("site {site}")]),
        Request::RotateRoot => ("rotate-root", vec![]),
        Request::Rewrap => ("rewrap", vec![]),
        Request::Destroy(site) => (DESTROY, vec![format!("site {site}")]),
        Request::Recipients(sites) => {
            ("recipients", sites.iter().map(|site| format!("site {site}")).collect())
        }
        Request::Open(purpose, wanted) => {
            (purpose.as_str(), wanted.iter().map(|(label, _)| label.to_string()).collect())
        }
    }
}

/// All keys wanted, or none.
fn open(keys: &Keys, wanted: Vec<(sealing::Label, sealing::protocol::SealedBytes)>) -> Answer {
    let mut opened = Vec::with_capacity(wanted.len());
    for (place, (label, sealed)) in (0..).zip(wanted) {
        match keys.open_one(&Wanted { label, sealed: sealed.0 }) {
            Ok(key) => opened.push(Handed::new(&key)),
            Err(Closed::Refused) => return Answer::No(No::Refused(place)),
            Err(Closed::Destroyed) => return Answer::No(No::Destroyed(place)),
        }
    }
    Answer::Keys(opened)
}

#[cfg(test)]
mod tests;
