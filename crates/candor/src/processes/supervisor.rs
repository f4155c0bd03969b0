//! The supervisor: binds the listeners, starts the children, hands them what they need, introduces them to the
//! keeper, and restarts the ones that die. It serves nothing itself and parses nothing that comes from outside.

mod child;
mod dialing;
mod introductions;
mod listeners;
mod notices;

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::ExitStatus;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;
use tokio::time::Instant;

use self::child::Child;
use self::dialing::{Dialing, Places};
use self::introductions::Introductions;
pub(crate) use self::listeners::Listeners;
use self::notices::Notices;
use super::dialer::{Place, Whom};
use super::messages::{Birth, Directory, Doing, FromChild, Passed, Role, Status, ToChild};
use crate::blocks::Block;
use crate::config::{Alerts, BackupOrders, Cidr, Reach, Smtp};
use crate::data_dir::DataDir;
use crate::tls::CertificateFiles;

/// How long children may take to finish what is under way.
const STOP_PATIENCE: Duration = Duration::from_millis(1_500);
/// A child whose heart does not beat this long is called silent.
const SILENT_AFTER: Duration = Duration::from_secs(5);
/// And this long, is ended and started again.
const LOST_AFTER: Duration = Duration::from_secs(30);
/// How often hearts are looked at.
const TICK: Duration = Duration::from_millis(250);
/// With this status the keeper says that its keys cannot be used, which another start does not mend.
pub(crate) const KEYS_UNUSABLE: i32 = 78;
/// With this one any process says that the kernel cannot confine it, which another start does not mend either.
pub(crate) const NOT_CONFINED: i32 = 77;
/// Waiting before another start of a child that died before it served: doubled each time, up to the second.
const BACK_OFF: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));

/// What a supervisor is made of.
pub(crate) struct Plan {
    pub(crate) data: PathBuf,
    pub(crate) keys: PathBuf,
    /// With what the keeper unseals the root key, however often it is started.
    pub(crate) root: keeper::Unsealing,
    pub(crate) public_url: String,
    pub(crate) replay_url: Option<String>,
    pub(crate) trusted_proxies: Vec<Cidr>,
    pub(crate) certificate: Option<CertificateFiles>,
    pub(crate) places: Option<PathBuf>,
    /// The mail server, if mail is sent.
    pub(crate) smtp: Option<Smtp>,
    /// Where backups go, if any are made.
    pub(crate) backups: Option<BackupOrders>,
    /// Whom to tell that a promise is late.
    pub(crate) alerts: Alerts,
    /// Whom people reach about security and privacy.
    pub(crate) reach: Reach,
    /// Whether to serve where the kernel cannot confine the processes.
    pub(crate) allow_unsandboxed: bool,
    /// The children it keeps; a command that works alone needs only `app`.
    pub(crate) roles: &'static [Role],
    /// What comes before `process ROLE` on a child's command line.
    pub(crate) arguments: Vec<String>,
    pub(crate) listeners: Listeners,
}

/// Why a server ended by itself.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SupervisorError {
    #[error(transparent)]
    System(#[from] std::io::Error),
    #[error(
        "what {data} holds is sealed, and its keys are not in {keys}: name the folder they are in with --keys, or \
         restore it there from its copy"
    )]
    KeysElsewhere { data: PathBuf, keys: PathBuf },
    #[error("the keys cannot be used; the keeper's message above says what to do")]
    KeysUnusable,
    #[error(
        "this machine's kernel cannot confine Candor's processes: Landlock and seccomp must be there and turned on, as \
         they are since Linux 5.19; to serve without it, on your own judgement, add --allow-unsandboxed"
    )]
    NotConfined,
}

impl SupervisorError {
    /// The exit status that says it to whoever starts servers.
    pub(crate) const fn exit_code(&self) -> u8 {
        match self {
            Self::System(_) => 1,
            Self::KeysElsewhere { .. } | Self::KeysUnusable => KEYS_UNUSABLE as u8,
            Self::NotConfined => NOT_CONFINED as u8,
        }
    }
}

/// Something a child did. `generation` tells the living child from one that was replaced.
pub(crate) struct Happening {
    role: Role,
    generation: u64,
    what: What,
}

enum What {
    Said(FromChild),
    Ended(Option<ExitStatus>),
}

/// The running supervisor.
pub(crate) struct Supervisor {
    plan: Plan,
    children: HashMap<Role, Child>,
    due: HashMap<Role, (Instant, Duration)>,
    generation: u64,
    happenings: mpsc::UnboundedSender<Happening>,
    status: Status,
    directory: Option<Directory>,
    blocks: Vec<Block>,
    operator_networks: Vec<Cidr>,
    notices: Notices,
    introductions: Introductions,
    dialing: Dialing,
    dialing_for_backups: Dialing,
    /// Whether it was said that processes are not confined, which is said once.
    told_unconfined: bool,
    /// Why no other start would help, once something ended so.
    hopeless: Option<SupervisorError>,
    /// Told once every child serves for the first time.
    whole: Option<Box<dyn FnOnce()>>,
}

impl Supervisor {
    /// Runs until a signal or `stop` asks it to end; `whole` is called once when every child serves.
    pub(crate) async fn run(
        plan: Plan,
        whole: impl FnOnce() + 'static,
        stop: impl Future<Output = ()>,
    ) -> Result<(), SupervisorError> {
        // A keeper that found nothing there would begin anew, with keys that open nothing.
        let database = DataDir::new(plan.data.clone()).control_database();
        if !keeper::Keeper::has_begun(&plan.keys) && control::Database::is_sealed(&database)? {
            return Err(SupervisorError::KeysElsewhere { data: plan.data, keys: plan.keys });
        }
        let (happenings, mut happened) = mpsc::unbounded_channel();
        let place = plan.smtp.as_ref().map(|smtp| Place {
            host: smtp.server.host.clone(),
            port: smtp.server.port,
            here: smtp.server.must_be_here(),
        });
        let backups = plan.backups.as_ref().and_then(|orders| orders.target.place());
        let webhook = plan.alerts.webhook.as_ref().map(|webhook| Place {
            host: webhook.host.clone(),
            port: webhook.port,
            here: !webhook.tls,
        });
        let dialing = |places| Dialing::new(places, plan.arguments.clone(), plan.allow_unsandboxed);
        let mut supervisor = Self {
            dialing: dialing(Places { mail: place, webhook, backups: None }),
            dialing_for_backups: dialing(Places { backups, ..Places::default() }),
            plan,
            children: HashMap::new(),
            due: HashMap::new(),
            generation: 0,
            happenings,
            status: Status::default(),
            directory: None,
            blocks: Vec::new(),
            operator_networks: Vec::new(),
            notices: Notices::default(),
            introductions: Introductions::default(),
            told_unconfined: false,
            hopeless: None,
            whole: Some(Box::new(whole)),
        };
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut tick = tokio::time::interval(TICK);
        let mut stop = std::pin::pin!(stop);
        for &role in supervisor.plan.roles {
            supervisor.start(role);
        }
        while supervisor.hopeless.is_none() {
            tokio::select! {
                Some(happening) = happened.recv() => supervisor.take_note(happening),
                _ = tick.tick() => supervisor.look_around(),
                _ = terminate.recv() => break,
                _ = interrupt.recv() => break,
                () = &mut stop => break,
            }
        }
        let hopeless = supervisor.hopeless.take();
        supervisor.stop(&mut happened).await;
        hopeless.map_or(Ok(()), Err)
    }

    fn start(&mut self, role: Role) {
        self.due.remove(&role);
        self.generation += 1;
        let birth = Birth {
            role,
            data: self.plan.data.clone(),
            keys: (role == Role::Keeper).then(|| self.plan.keys.clone()),
            public_url: self.plan.public_url.clone(),
            replay_url: self.plan.replay_url.clone(),
            listen: self.plan.listeners.address(),
            trusted_proxies: self.plan.trusted_proxies.clone(),
            certificate: self.plan.certificate.clone().filter(|_| role == Role::Edge),
            places: self.plan.places.clone(),
            allow_unsandboxed: self.plan.allow_unsandboxed,
            threads: std::thread::available_parallelism().map_or(2, std::num::NonZero::get),
            passed: Vec::new(),
            root: (role == Role::Keeper).then(|| self.plan.root.clone()),
            mail: self.plan.smtp.is_some(),
            smtp: self.plan.smtp.clone().filter(|_| role == Role::Worker),
            backups: self.plan.backups.clone().filter(|_| role == Role::Worker),
            alerts: Some(self.plan.alerts.clone()).filter(|_| role == Role::Worker).unwrap_or_default(),
            reach: self.plan.reach.clone(),
        };
        match self.bear(birth) {
            Ok(child) => {
                self.brief(role, &child);
                self.children.insert(role, child);
                self.set(role, Doing::Starting);
            }
            Err(error) => {
                tracing::error!("{} cannot be started: {error}", role.as_str());
                self.set(role, Doing::Ended);
                self.start_later(role);
            }
        }
    }

    /// Starts the child and introduces it to the keeper, or, if it is the keeper, to all others.
    fn bear(&mut self, birth: Birth) -> std::io::Result<Child> {
        let role = birth.role;
        let mut lines = vec![(Passed::Introductions, self.introductions.newborn(role)?)];
        if role == Role::Worker {
            lines.extend(self.dialing.newborn()?.map(|line| (Passed::Dialled, line)));
            let of_backups = self.dialing_for_backups.newborn()?;
            lines.extend(of_backups.map(|line| (Passed::DialledForBackups, line)));
        }
        let child = Child::spawn(birth, &self.plan, &lines, self.generation, &self.happenings)?;
        self.introductions.introduce(role)?;
        Ok(child)
    }

    /// Tells a newborn what was said before it was born.
    fn brief(&self, role: Role, child: &Child) {
        if matches!(role, Role::Edge | Role::App) {
            child.tell(&ToChild::Blocks(self.blocks.clone()));
        }
        if role == Role::Edge
            && let Some(directory) = &self.directory
        {
            child.tell(&ToChild::Directory(directory.clone()));
        }
        if role == Role::Edge {
            child.tell(&ToChild::OperatorNetworks(self.operator_networks.clone()));
        }
        child.tell(&ToChild::Status(self.status));
        if role == Role::App {
            self.notices.waiting().for_each(|notice| child.tell(&ToChild::Notice(notice)));
        }
    }

    fn take_note(&mut self, happening: Happening) {
        let Happening { role, generation, what } = happening;
        let Some(child) = self.children.get_mut(&role).filter(|child| child.generation == generation) else {
            return;
        };
        child.last_beat = Instant::now();
        match what {
            What::Said(FromChild::Confined(confinement)) => {
                *self.status.confinements.of(role) = Some(confinement);
                self.relay_status();
                if !confinement.is_full() && !std::mem::replace(&mut self.told_unconfined, true) {
                    tracing::warn!(
                        "the kernel does not confine the processes of this server; candor doctor says more"
                    );
                }
            }
            What::Said(FromChild::Serving) => {
                child.served = true;
                self.set(role, Doing::Serving);
                if self.plan.roles.iter().all(|&role| *self.status.of(role) == Doing::Serving)
                    && let Some(whole) = self.whole.take()
                {
                    whole();
                }
            }
            What::Said(FromChild::Beat(storage)) => {
                if role == Role::Edge && self.status.storage != storage {
                    self.status.storage = storage;
                    self.relay_status();
                }
                if *self.status.of(role) == Doing::Silent {
                    self.set(role, Doing::Serving);
                }
            }
            // Each says what is its own to say: one that was taken over speaks for no other.
            What::Said(FromChild::Directory(directory)) if role == Role::App => {
                self.tell(Role::Edge, &ToChild::Directory(directory.clone()));
                self.directory = Some(directory);
            }
            What::Said(FromChild::Blocks(blocks)) if role == Role::App => {
                self.tell(Role::Edge, &ToChild::Blocks(blocks.clone()));
                self.blocks = blocks;
            }
            What::Said(FromChild::OperatorNetworks(networks)) if role == Role::App => {
                self.tell(Role::Edge, &ToChild::OperatorNetworks(networks.clone()));
                self.operator_networks = networks;
            }
            What::Said(FromChild::Taken(number)) if role == Role::Edge => {
                self.tell(Role::App, &ToChild::Taken(number));
            }
            What::Said(FromChild::Notice(notice)) if role == Role::Edge => {
                if self.notices.keep(notice) {
                    self.tell(Role::App, &ToChild::Notice(notice));
                }
            }
            What::Said(FromChild::Noted(notice)) if role == Role::App => self.notices.forget(&notice),
            What::Said(FromChild::Tidy) if role == Role::App => self.tell(Role::Worker, &ToChild::Tidy),
            What::Said(FromChild::Rotated) if role == Role::App => self.tell(Role::Worker, &ToChild::Rotated),
            What::Said(FromChild::Check(number)) if role == Role::App => {
                self.tell(Role::Worker, &ToChild::Check(number));
            }
            What::Said(FromChild::Checked(number, found)) if role == Role::Worker => {
                self.tell(Role::App, &ToChild::Checked(number, found));
            }
            What::Said(FromChild::Removed) if role == Role::Worker => {
                self.tell(Role::App, &ToChild::Removed);
                self.tell(Role::Worker, &ToChild::Tidy);
            }
            What::Said(FromChild::Mail) if role == Role::App => self.tell(Role::Worker, &ToChild::Mail),
            What::Said(FromChild::Erase) if role == Role::App => self.tell(Role::Worker, &ToChild::Erase),
            What::Said(FromChild::Erased(site)) if role == Role::Worker => {
                self.tell(Role::App, &ToChild::Erased(site));
            }
            What::Said(FromChild::Roll(number)) if role == Role::Worker => self.roll(number),
            What::Said(FromChild::Rolled(number)) if role == Role::Edge => {
                self.tell(Role::Worker, &ToChild::Rolled(number));
            }
            What::Said(FromChild::AboutBackups(number, wish)) if role == Role::App => {
                self.tell(Role::Worker, &ToChild::AboutBackups(number, wish));
            }
            What::Said(FromChild::OfBackups(number, told)) if role == Role::Worker => {
                self.tell(Role::App, &ToChild::OfBackups(number, told));
            }
            What::Said(FromChild::Backups(state)) if role == Role::Worker => {
                if std::mem::replace(&mut self.status.backups, state) != state {
                    self.relay_status();
                }
            }
            What::Said(FromChild::Dial(Whom::Backups)) if role == Role::Worker => {
                self.dialing_for_backups.dial(Whom::Backups);
            }
            What::Said(FromChild::Dial(whom)) if role == Role::Worker => self.dialing.dial(whom),
            What::Said(FromChild::Promises(promises)) if role == Role::Worker => {
                self.status.promises = promises;
                self.relay_status();
            }
            What::Said(_) => {}
            What::Ended(status) => self.replace(role, status),
        }
    }

    /// A child is gone. One that had served is started again at once, however often that happens.
    fn replace(&mut self, role: Role, status: Option<ExitStatus>) {
        let Some(gone) = self.children.remove(&role) else { return };
        self.introductions.forget(role);
        self.set(role, Doing::Ended);
        *self.status.confinements.of(role) = None;
        // Only of one that never served is it believed that no other start would help.
        match status.filter(|_| !gone.served).and_then(|status| status.code()) {
            Some(KEYS_UNUSABLE) if role == Role::Keeper => {
                self.hopeless = Some(SupervisorError::KeysUnusable);
            }
            Some(NOT_CONFINED) => self.hopeless = Some(SupervisorError::NotConfined),
            _ => {}
        }
        if self.hopeless.is_some() {
            return;
        }
        let how = status.map_or_else(|| "ended".to_owned(), |status| status.to_string());
        if gone.served {
            tracing::warn!("{} is gone ({how}) and is started again", role.as_str());
            self.due.remove(&role);
            self.start(role);
        } else {
            tracing::warn!("{} ended before it served ({how})", role.as_str());
            self.start_later(role);
        }
    }

    fn start_later(&mut self, role: Role) {
        let wait = self.due.get(&role).map_or(BACK_OFF.0, |(_, wait)| (*wait * 2).min(BACK_OFF.1));
        self.due.insert(role, (Instant::now() + wait, wait));
    }

    fn look_around(&mut self) {
        let now = Instant::now();
        let mut silent = Vec::new();
        for (role, child) in &mut self.children {
            let still = now.duration_since(child.last_beat);
            if child.served && still > SILENT_AFTER {
                silent.push(*role);
            }
            if child.served && still > LOST_AFTER {
                tracing::error!("{} has been silent for {} s and is ended", role.as_str(), still.as_secs());
                child.kill();
            }
        }
        for role in silent {
            self.set(role, Doing::Silent);
        }
        let due: Vec<Role> =
            self.due.iter().filter(|(_, (at, _))| *at <= now).map(|(role, _)| *role).collect();
        for role in due {
            let wait = self.due[&role].1;
            self.start(role);
            // Kept until it serves, so that the next wait is longer.
            self.due.entry(role).or_insert((now + Duration::from_secs(86_400), wait));
        }
    }

    fn set(&mut self, role: Role, doing: Doing) {
        if std::mem::replace(self.status.of(role), doing) != doing {
            if doing == Doing::Serving {
                self.due.remove(&role);
            }
            self.relay_status();
        }
    }

    fn relay_status(&self) {
        for role in [Role::Edge, Role::App] {
            self.tell(role, &ToChild::Status(self.status));
        }
    }

    /// Tells the child of this role, if there is one.
    fn tell(&self, role: Role, message: &ToChild) {
        if let Some(child) = self.children.get(&role) {
            child.tell(message);
        }
    }

    /// Has `edge` close what it writes. Where there is none nothing is being written.
    fn roll(&self, number: u64) {
        match self.children.contains_key(&Role::Edge) {
            true => self.tell(Role::Edge, &ToChild::Roll(number)),
            false => self.tell(Role::Worker, &ToChild::Rolled(number)),
        }
    }

    /// Asks every child that serves to finish and end, and ends whichever does not in time.
    async fn stop(mut self, happened: &mut mpsc::UnboundedReceiver<Happening>) {
        for child in self.children.values_mut() {
            // One that never served has nothing under way, and may be waiting for what will not come.
            if child.served {
                child.tell(&ToChild::Stop);
            } else {
                child.kill();
            }
        }
        let deadline = Instant::now() + STOP_PATIENCE;
        while !self.children.is_empty() {
            match tokio::time::timeout_at(deadline, happened.recv()).await {
                Ok(Some(Happening { role, what: What::Ended(_), .. })) => {
                    self.children.remove(&role);
                }
                Ok(Some(_)) => {}
                Ok(None) | Err(_) => break,
            }
        }
        for (role, child) in &mut self.children {
            tracing::warn!("{} did not end in time and is killed", role.as_str());
            child.kill();
        }
    }
}
