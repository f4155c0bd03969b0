//! What the supervisor and its children say to each other over the socket a child is born with.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use domain::{Network, OrganizationId, Site, SiteId, Timestamp, VisitorId};
use sealing::protocol::Peer;
use sealing::{Environment, Recipient};
use serde::{Deserialize, Serialize};

use super::checking::Checked;
use super::dialer::Whom;
use super::edge::NO_SITE;
use super::sandbox::Confinement;
use crate::blocks::Block;
use crate::config::{Alerts, BackupOrders, Cidr, Reach, Smtp};
use crate::tls::CertificateFiles;

/// A child's part in the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum Role {
    Keeper,
    Edge,
    App,
    Worker,
}

impl Role {
    /// What stands before it on a child's command line.
    pub(crate) const WORD: &'static str = "process";

    /// All of them, in the order in which they are started: the others need the keeper.
    pub(crate) const ALL: [Role; 4] = [Role::Keeper, Role::Edge, Role::App, Role::Worker];

    /// Those of a server that a command starts for itself.
    pub(crate) const ALONE: &'static [Role] = &[Role::Keeper, Role::App, Role::Worker];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Role::Keeper => "keeper",
            Role::Edge => "edge",
            Role::App => "app",
            Role::Worker => "worker",
        }
    }

    /// As whom the keeper knows it, if it is one that asks.
    pub(crate) const fn peer(self) -> Option<Peer> {
        match self {
            Role::Keeper => None,
            Role::Edge => Some(Peer::Edge),
            Role::App => Some(Peer::App),
            Role::Worker => Some(Peer::Worker),
        }
    }
}

/// What a descriptor that travels with the birth message is for, in the order they travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Passed {
    /// The lock of the data directory: held as long as any process of the server lives.
    Lock,
    /// A TCP listener for pages and events.
    Http,
    /// The TCP listener for metrics.
    Metrics,
    /// The TCP listener for those who run the server.
    Operators,
    /// The TCP listener for the page in which recordings play.
    Replay,
    /// The TCP listener that only leads to the public URL.
    Redirect,
    /// The line over which `edge` sends its connections to `app`: to either its end.
    Door,
    /// The Unix listener on which `app` answers commands.
    CommandSocket,
    /// Over which processes are introduced to each other: to the keeper those who ask, to those who ask the keeper.
    Introductions,
    /// Over which `worker` is handed connections.
    Dialled,
    /// Over which it is handed connections to the server that backups go to.
    DialledForBackups,
}

/// Everything a child is told at birth; it reads nothing from its environment. It may hold a secret, and is never shown.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Birth {
    pub(crate) role: Role,
    pub(crate) data: PathBuf,
    /// The folder for keys, to `keeper` alone.
    pub(crate) keys: Option<PathBuf>,
    /// Where people reach the server: for links, snippets and the check of the Host header.
    pub(crate) public_url: String,
    /// Where browsers find the page in which recordings play, if anywhere.
    pub(crate) replay_url: Option<String>,
    /// The main listener's address, if there is one.
    pub(crate) listen: Option<SocketAddr>,
    pub(crate) trusted_proxies: Vec<Cidr>,
    /// The certificate that is shown on the network, to `edge` alone.
    pub(crate) certificate: Option<CertificateFiles>,
    /// The operator's own database of places.
    pub(crate) places: Option<PathBuf>,
    /// Whether it may serve where the kernel cannot confine it.
    pub(crate) allow_unsandboxed: bool,
    /// How many threads the machine runs at once, or lets this server run: it cannot be found out once confined.
    pub(crate) threads: usize,
    pub(crate) passed: Vec<Passed>,
    /// With what the root key is unsealed, to `keeper` alone.
    pub(crate) root: Option<keeper::Unsealing>,
    /// Whether mail can be sent.
    pub(crate) mail: bool,
    /// How, to `worker` alone.
    pub(crate) smtp: Option<Smtp>,
    /// Where backups go, to `worker` alone.
    pub(crate) backups: Option<BackupOrders>,
    /// Whom to tell that a promise is late, to `worker` alone.
    pub(crate) alerts: Alerts,
    /// Whom people reach about security and privacy.
    pub(crate) reach: Reach,
}

/// All sites. A later one has a higher number, as long as the same `app` publishes them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Directory {
    pub(crate) number: u64,
    pub(crate) environment: Environment,
    /// Each with the public key that its events are sealed to.
    pub(crate) sites: Vec<(Site, Recipient)>,
    /// To whom is sealed what belongs to no site.
    pub(crate) no_site: Option<Recipient>,
    /// Who withdrew the consent by which they were known, as many as the edge is told.
    pub(crate) withdrawn: Vec<(SiteId, VisitorId)>,
    /// Who objected to being measured.
    pub(crate) objected: Vec<(SiteId, VisitorId)>,
    /// What was recorded of them today, for a process that has just begun to count.
    pub(crate) recorded: RecordedToday,
    /// Whose subscription has ended: nothing more of theirs is accepted.
    pub(crate) ended: Vec<OrganizationId>,
}

/// Bytes that are kept of the recordings of one UTC day (days since 1970), by site.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct RecordedToday {
    pub(crate) day: i64,
    pub(crate) bytes: BTreeMap<SiteId, u64>,
}

impl Directory {
    /// To whom is sealed, by site.
    pub(crate) fn recipients(&self) -> BTreeMap<SiteId, Recipient> {
        let of_sites = self.sites.iter().map(|(site, recipient)| (site.id, *recipient));
        of_sites.chain(self.no_site.map(|recipient| (NO_SITE, recipient))).collect()
    }
}

/// From the supervisor to a child.
#[derive(Serialize, Deserialize)]
pub(crate) enum ToChild {
    Birth(Box<Birth>),
    /// All sites, to `edge`.
    Directory(Directory),
    /// Every network that is blocked, to `edge`.
    Blocks(Vec<Block>),
    /// `edge` knows this directory, to `app`.
    Taken(u64),
    /// Do every duty now, to `worker`.
    Tidy,
    /// There are newer keys to seal to, to `worker`.
    Rotated,
    /// Read everything that is kept, to `worker`; the number comes back with what was found.
    Check(u64),
    /// What was found, to `app`.
    Checked(u64, Result<Checked, String>),
    /// There is mail to send, to `worker`.
    Mail,
    /// How the whole server is, to `edge` and `app`.
    Status(Status),
    /// Finish what is under way and end.
    Stop,
    /// From where operators may act, to `edge`.
    OperatorNetworks(Vec<Cidr>),
    /// Something to write down, to `app`, which says when it is [`FromChild::Noted`].
    Notice(Notice),
    /// Close what is being written, to `edge`; the number comes back when it is closed.
    Roll(u64),
    /// It is, to `worker`.
    Rolled(u64),
    /// There are visitors to erase, to `worker`.
    Erase,
    /// A visitor of this site was erased, to `app`.
    Erased(SiteId),
    /// Something about backups, to `worker`; the number comes back with what came of it.
    AboutBackups(u64, BackupWish),
    /// What came of it, to `app`.
    OfBackups(u64, Result<BackupTold, String>),
    /// An organization was removed because its time was over, to `app`.
    Removed,
}

/// Something that `edge` noticed and `app` is to write down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Notice {
    /// Somebody came to the operators' listener from this network, where none may act.
    TurnedAway(Network),
    /// What was to be recorded of this site held what no recording may hold.
    Violation(SiteId),
}

/// From a child to the supervisor.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum FromChild {
    /// What the kernel holds it to.
    Confined(Confinement),
    /// It does its work from now on.
    Serving,
    /// It is alive; and, from `edge`, whether the journal can be written.
    Beat(Storage),
    /// All sites, from `app`, at its start and at every change.
    Directory(Directory),
    /// From `app`: every network that is blocked from now on.
    Blocks(Vec<Block>),
    /// From `edge`: events are admitted by this directory from now on.
    Taken(u64),
    /// From `app`: the worker should do every duty now.
    Tidy,
    /// From `app`: there are newer keys to seal to.
    Rotated,
    /// From `app`: the worker should read everything that is kept.
    Check(u64),
    /// From `worker`: what it found.
    Checked(u64, Result<Checked, String>),
    /// From `app`: there is mail to send.
    Mail,
    /// From `worker`: it wants a connection.
    Dial(Whom),
    /// From `worker`: whether something that is promised is late, at its start and at every change.
    Promises(Promises),
    /// From `app`: from where operators may act, at its start and at every change.
    OperatorNetworks(Vec<Cidr>),
    /// From `edge`: something to write down.
    Notice(Notice),
    /// From `app`: it is written down.
    Noted(Notice),
    /// From `worker`: `edge` should close the files that it writes.
    Roll(u64),
    /// From `edge`: they are closed.
    Rolled(u64),
    /// From `app`: there are visitors to erase.
    Erase,
    /// From `worker`: a visitor of this site was erased.
    Erased(SiteId),
    /// From `app`: something about backups.
    AboutBackups(u64, BackupWish),
    /// From `worker`: what came of it.
    OfBackups(u64, Result<BackupTold, String>),
    /// From `worker`: whether backups are made as they should be.
    Backups(BackupState),
    /// From `worker`: an organization was removed because its time was over.
    Removed,
}

/// Something about backups.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum BackupWish {
    /// Make one.
    Make,
    /// Which there are.
    List,
    /// Hold what somebody restored to the folder for what is in the making against what it should be.
    Drill,
    /// Write down that what somebody restored there did not restore, and why; whether that is the backup's fault.
    DrillFailed { why: String, is_wrong: bool },
    /// Look whether the target's list of what was destroyed names this erasure, which was done then.
    LookForErasure { number: u64, done_at: Timestamp },
}

/// What came of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum BackupTold {
    /// One was made.
    Made(BackupMade),
    /// These are there, oldest first.
    Listed(Vec<BackupListed>),
    /// What was restored is what it should be: so many questions were answered as before.
    Drilled { backup: String, questions: usize },
    /// It is written down that a drill failed.
    DrillNoted,
    /// Whether a backup from before the erasure is there, and whether the list names it.
    LookedForErasure { older: bool, listed: bool },
}

/// A backup that was made.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub(crate) struct BackupMade {
    pub(crate) backup: String,
    pub(crate) files: usize,
    pub(crate) reused: usize,
    pub(crate) bytes: u64,
    pub(crate) sent: u64,
}

/// A backup that is there.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub(crate) struct BackupListed {
    pub(crate) backup: String,
    pub(crate) made_at: String,
    pub(crate) bytes: u64,
}

/// Whether backups are made as they should be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum BackupState {
    /// None are made: nobody said where to.
    #[default]
    Off,
    /// As they should be.
    Ok,
    /// The last good one is too old.
    BackupLate,
    /// It is too long ago that one was restored to see that it can be.
    DrillLate,
    /// What was restored last to see that it can be, or looked at, is not what it should be.
    DrillFailed,
}

impl BackupState {
    pub(crate) const fn is_late(self) -> bool {
        self.late().is_some()
    }

    /// What of backups is late, by name.
    pub(crate) const fn late(self) -> Option<&'static str> {
        match self {
            Self::Off | Self::Ok => None,
            Self::BackupLate => Some("backup"),
            Self::DrillLate | Self::DrillFailed => Some("drill"),
        }
    }
}

/// Whether there is room for events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Storage {
    #[default]
    Ok,
    Full,
}

/// Whether what is promised to be done again and again is done in time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Promises {
    #[default]
    Kept,
    Late,
}

/// What one process is doing, as far as the supervisor knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Doing {
    /// Born, not ready yet.
    #[default]
    Starting,
    Serving,
    /// Its heart stopped beating.
    Silent,
    /// Ended; it is about to be started again.
    Ended,
}

/// How the whole server is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Status {
    pub(crate) keeper: Doing,
    pub(crate) edge: Doing,
    pub(crate) app: Doing,
    pub(crate) worker: Doing,
    pub(crate) storage: Storage,
    pub(crate) backups: BackupState,
    pub(crate) promises: Promises,
    pub(crate) confinements: Confinements,
}

/// What the kernel holds each process to; none for one that does not run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Confinements {
    pub(crate) keeper: Option<Confinement>,
    pub(crate) edge: Option<Confinement>,
    pub(crate) app: Option<Confinement>,
    pub(crate) worker: Option<Confinement>,
}

impl Confinements {
    pub(crate) fn of(&mut self, role: Role) -> &mut Option<Confinement> {
        match role {
            Role::Keeper => &mut self.keeper,
            Role::Edge => &mut self.edge,
            Role::App => &mut self.app,
            Role::Worker => &mut self.worker,
        }
    }
}

impl Status {
    pub(crate) fn of(&mut self, role: Role) -> &mut Doing {
        match role {
            Role::Keeper => &mut self.keeper,
            Role::Edge => &mut self.edge,
            Role::App => &mut self.app,
            Role::Worker => &mut self.worker,
        }
    }

    /// Whether every process serves.
    pub(crate) fn is_whole(&self) -> bool {
        [self.keeper, self.edge, self.app, self.worker].iter().all(|doing| *doing == Doing::Serving)
    }
}
