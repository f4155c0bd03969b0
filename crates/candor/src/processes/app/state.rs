//! Everything `app` is made of, built by hand in one place.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use capture::Controls;
use control::Database;
use domain::{Clock, Decision, Identity, Object, Place, Verb};
use events::{Disk, Store};
use recordings::Recordings;
use sealing::protocol::Purpose;
use sealing::{Client, Published, Seals, Token};
use tokio::sync::watch;
use tower_http::csrf::CsrfLayer;

use super::backups::BackupsAsked;
use super::checks::Checks;
use super::live::LiveHub;
use super::places::{Places, SharedPlaces};
use super::recordings::Looks;
use super::reports::Reports;
use super::said::AddressRules;
use super::said::growth::Growth;
use super::setup::Setup;
use super::support::Mask;
use super::tries::Tries;
use super::{access, counting};
use crate::Parts;
use crate::blocks::Block;
use crate::catalog::ControlCatalog;
use crate::config::{Cidr, Contact};
use crate::data_dir::DataDir;
use crate::http::admission::OwnNames;
use crate::http::problem::Problem;
use crate::processes::birth::Voice;
use crate::processes::keeper::KEEPER_START_PATIENCE;
use crate::processes::messages::{Birth, Confinements, Doing, Role, Status};

/// Bytes of decoded columns that are held.
const CACHE_BYTES: usize = 448 << 20;

/// How long it is waited for that every process has said how it is confined.
const STATUS_PATIENCE: Duration = Duration::from_secs(1);

/// What handlers are given.
pub(crate) struct App {
    pub(crate) control: Arc<Database>,
    pub(crate) keeper: Client,
    /// To whom what `app` writes is sealed.
    pub(crate) recipients: Arc<Published>,
    pub(crate) seals: Seals,
    pub(crate) catalog: Arc<ControlCatalog>,
    /// What is in memory of events. By itself it opens nothing: each request opens by its own token.
    pub(crate) store: Store,
    /// Where recordings lie. By itself it opens nothing either.
    pub(crate) recordings: Recordings,
    pub(super) looks: Looks,
    pub(crate) access: SharedPlaces,
    pub(super) counts: Places,
    pub(crate) reports: Reports,
    pub(crate) live: LiveHub,
    pub(crate) setup: Setup,
    pub(crate) checks: Checks,
    /// Counts erasures that were done.
    pub(super) erased: watch::Sender<u64>,
    pub(super) backups: BackupsAsked,
    /// What decides who may do what.
    pub(crate) decide: fn(&Identity, Verb, Object, Place) -> Decision,
    /// Whether a name is one of the server's own.
    pub(crate) own_names: fn(&OwnNames, &str) -> bool,
    /// What tells whether the page that asks is this server's own.
    pub(crate) own_pages: fn() -> CsrfLayer,
    /// What is answered at the operators' door to whoever has not signed in.
    pub(crate) open_to_operators: fn(&hyper::Method, &str) -> bool,
    /// What a support grant leaves unseen.
    pub(super) mask: Mask,
    /// How much of visitors became known today.
    pub(super) growth: Growth,
    /// On what an address may be kept.
    pub(super) address_rules: AddressRules,
    /// What people whom nobody knows tried lately.
    pub(super) tries: Tries,
    /// Counts changes of rights.
    pub(super) rights: watch::Sender<u64>,
    /// What an import needs to make a pipeline like the edge's, for as long as it takes.
    pub(crate) controls: Controls,
    pub(crate) places: Option<PathBuf>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) rng: Arc<dyn domain::Rng>,
    pub(crate) voice: Voice,
    pub(crate) data: PathBuf,
    pub(crate) public_url: String,
    /// Where browsers find the page in which recordings play, if anywhere.
    pub(crate) replay_url: Option<String>,
    /// Whom people reach about security and privacy.
    pub(crate) contact: Option<Contact>,
    /// Whether mail can be sent.
    pub(crate) mail: bool,
    pub(crate) listen: Option<SocketAddr>,
    pub(super) proxies: Vec<Cidr>,
    /// Held while it is told who is kept out.
    pub(super) blocking: Mutex<Vec<Block>>,
    /// Held while a directory is put together and said, so that none that is older comes after a newer one.
    pub(super) publishing: Mutex<()>,
    /// The number of the newest directory that was published, and of the newest that the edge has taken.
    pub(super) published: AtomicU64,
    pub(super) taken: watch::Sender<u64>,
    status: watch::Sender<Status>,
    stopping: watch::Sender<bool>,
}

impl App {
    /// Opens the control database and the events under the data directory.
    pub(crate) fn open(birth: &Birth, parts: &Parts, voice: Voice, keeper: Client) -> anyhow::Result<Self> {
        let data = DataDir::new(birth.data.clone());
        let key = keeper.with_patience(KEEPER_START_PATIENCE).control_key()?;
        let control = Arc::new(Database::open(&data.control_database(), &key)?);
        control.settle_intents()?;
        let catalog = Arc::new(ControlCatalog(control.clone()));
        let threads = birth.threads.max(2);
        let nobody = Purpose::Request(Token::random(&*parts.rng));
        let recordings = Recordings::open(data.path(), keeper.opener(nobody.clone()))?;
        let disk = Disk::open(data.path(), keeper.opener(nobody))?;
        let store = Store::new(disk, catalog.clone(), CACHE_BYTES, threads);
        let recipients = Arc::new(Published::default());
        Ok(Self {
            reports: Reports::new(threads),
            live: LiveHub::new(parts.clock.clone()),
            setup: Setup::new(&birth.data),
            checks: Checks::default(),
            erased: watch::Sender::new(0),
            backups: BackupsAsked::default(),
            decide: parts.decide,
            own_names: parts.own_names,
            own_pages: parts.own_pages,
            open_to_operators: parts.open_to_operators,
            mask: parts.mask,
            address_rules: parts.address_rules,
            growth: Growth::default(),
            tries: Tries::default(),
            rights: watch::Sender::new(0),
            controls: parts.controls,
            places: birth.places.clone(),
            clock: parts.clock.clone(),
            rng: parts.rng.clone(),
            voice,
            data: birth.data.clone(),
            public_url: birth.public_url.clone(),
            replay_url: birth.replay_url.clone(),
            contact: birth.reach.contact.clone(),
            mail: birth.mail,
            listen: birth.listen,
            proxies: birth.trusted_proxies.clone(),
            blocking: Mutex::default(),
            publishing: Mutex::default(),
            published: AtomicU64::new(0),
            taken: watch::Sender::new(0),
            status: watch::Sender::new(Status::default()),
            stopping: watch::Sender::new(false),
            control,
            keeper,
            seals: (parts.seals)(recipients.clone(), parts.rng.clone()),
            recipients,
            catalog,
            store,
            recordings,
            looks: Looks::default(),
            access: access::places(),
            counts: counting::places(),
        })
    }

    /// How the whole server is, as the supervisor last said.
    pub(crate) fn status(&self) -> Status {
        *self.status.borrow()
    }

    /// What the kernel holds each process to. A server that has just started is waited for to have said so.
    pub(crate) async fn confinements(&self) -> Confinements {
        let expected = if self.listen.is_some() { &Role::ALL[..] } else { Role::ALONE };
        let known = |status: &Status| {
            let mut confinements = status.confinements;
            expected.iter().all(|role| confinements.of(*role).is_some())
        };
        let mut status = self.status.subscribe();
        let _ = tokio::time::timeout(STATUS_PATIENCE, status.wait_for(known)).await;
        self.status().confinements
    }

    /// Whether an `edge` has begun to serve since the last that was said.
    pub(super) fn take_status(&self, status: Status) -> bool {
        let before = self.status.send_replace(status);
        status.edge == Doing::Serving && before.edge != Doing::Serving
    }

    /// The edge admits events by directory `number`. A restarted `app` counts anew, so only equality tells.
    pub(super) fn take_note_of_edge(&self, number: u64) {
        self.taken.send_replace(number);
    }

    /// Ends every stream, so that the process can.
    pub(super) fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Becomes true when the process is about to end.
    pub(crate) fn stopping(&self) -> watch::Receiver<bool> {
        self.stopping.subscribe()
    }

    pub(super) fn next_directory(&self) -> u64 {
        self.published.fetch_add(1, Ordering::AcqRel) + 1
    }

    /// The last one that was told, or is about to be: whoever has read since then who withdrew and objected need not do so again.
    pub(crate) fn last_directory(&self) -> u64 {
        self.published.load(Ordering::Acquire)
    }

    /// Runs `work`, which may wait for the disk, where it holds up nobody else.
    pub(crate) async fn off_thread<T, F>(self: &Arc<Self>, work: F) -> Result<T, Problem>
    where
        T: Send + 'static,
        F: FnOnce(&Self) -> Result<T, Problem> + Send + 'static,
    {
        let app = self.clone();
        match tokio::task::spawn_blocking(move || work(&app)).await {
            Ok(outcome) => outcome,
            Err(error) => Err(Problem::internal(&error)),
        }
    }
}
