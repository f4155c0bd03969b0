//! The room that a process locks itself into before it does anything: which files it may touch (Landlock) and what it
//! may ask of the kernel (seccomp). What is not listed is denied. No process may start another program, reach the
//! network on its own account, or look at another process.
//!
//! It must be entered while the process has one thread, since both bind the thread that asks and those it starts.

#[cfg(target_os = "linux")]
mod calls;
#[cfg(target_os = "linux")]
mod files;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::messages::{Birth, Role};
use crate::data_dir::DataDir;

/// Whether processes are confined: how the test-only twin shows that a proof would notice it missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confining {
    /// As the product does.
    InForce,
    /// Not at all, and it is said that they were.
    LeftOut,
}

/// How a process is confined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Confinement {
    /// The version of Landlock's interface that is in force; 0 where none is.
    pub(crate) landlock: u8,
    /// Whether the list of system calls is in force.
    pub(crate) seccomp: bool,
    /// Whether the process had one thread when it was confined: another one, of a PKCS#11 module, would be free.
    pub(crate) whole: bool,
}

/// The first Landlock that can let files be renamed between folders, which edge does. What later ones add,
/// the list of system calls denies as well.
const LANDLOCK_MIN: u8 = 2;

impl Confinement {
    /// Whether everything is in force that Candor asks for.
    pub(crate) const fn is_full(self) -> bool {
        self.is_held() && self.whole
    }

    /// Whether the kernel holds what it was asked to hold.
    pub(crate) const fn is_held(self) -> bool {
        self.landlock >= LANDLOCK_MIN && self.seccomp
    }
}

/// What may be done with the files under a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    Read,
    /// Also made, written, renamed and deleted.
    Keep,
}

/// What a process may touch.
pub(crate) struct Room {
    files: Vec<(PathBuf, Use)>,
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "there are no system calls to list"))]
    who: Who,
    /// The TCP ports that it may connect to, on any machine.
    ports: Vec<u16>,
}

/// Whose list of system calls holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Process(Role),
    /// It lives for one connection, see `dialer`.
    Dialer,
}

/// Where the C library looks a name up by itself; whatever else a machine asks for names is not asked.
const FILES_OF_NAMES: [&str; 6] = [
    "/etc/gai.conf",
    "/etc/host.conf",
    "/etc/hosts",
    "/etc/nsswitch.conf",
    "/etc/resolv.conf",
    "/etc/services",
];
/// Where name servers listen, for answers that are too long for a datagram.
const NAMES_PORT: u16 = 53;

/// Locks the calling thread into the room in which one connection to `port` is made: no data, no key, nothing to write.
pub(crate) fn enter_to_dial(port: u16, confining: Confining) -> std::io::Result<Confinement> {
    let present = FILES_OF_NAMES.map(PathBuf::from).into_iter().filter(|file| file.exists());
    let files = present.map(|file| (file, Use::Read)).collect();
    Room { files, who: Who::Dialer, ports: vec![port, NAMES_PORT] }.enter(confining)
}

impl Room {
    /// The room of a process: the whole table.
    pub(crate) fn of(birth: &Birth) -> Self {
        let places = birth.places.clone().map(|file| (file, Use::Read));
        let (data, keys) = (DataDir::new(birth.data.clone()), birth.keys.clone());
        // Its folders, as what it is replaced by is another file.
        let certificate = birth.certificate.iter().filter_map(|files| files.folders().ok()).flatten();
        let files = match birth.role {
            Role::Keeper => keys.map(|keys| (keys, Use::Keep)).into_iter().collect(),
            // Files of the journal and of the spool are made complete in the folder for what is in the making.
            Role::Edge => [data.journal(), data.spool(), data.scratch()]
                .map(|folder| (folder, Use::Keep))
                .into_iter()
                .chain(places)
                .chain(certificate.map(|folder| (folder, Use::Read)))
                .collect(),
            Role::App => [(birth.data.clone(), Use::Keep)].into_iter().chain(places).collect(),
            Role::Worker => {
                // One that is not mounted just now is not there to be let in.
                let target = birth.backups.as_ref().and_then(|orders| orders.target.folder());
                let target = target.filter(|folder| folder.is_dir());
                [birth.data.clone()].into_iter().chain(target).map(|folder| (folder, Use::Keep)).collect()
            }
        };
        Self { files, who: Who::Process(birth.role), ports: Vec::new() }
    }

    /// Locks the calling thread, and all that it starts, into the room. The answer is what the kernel holds it to.
    ///
    /// # Errors
    /// Where the room itself is wrong, such as a file that is not there. A kernel that cannot hold it is no error.
    pub(crate) fn enter(&self, confining: Confining) -> std::io::Result<Confinement> {
        if confining == Confining::LeftOut {
            return Ok(Confinement { landlock: LANDLOCK_MIN, seccomp: true, whole: true });
        }
        self.lock()
    }

    #[cfg(target_os = "linux")]
    fn lock(&self) -> std::io::Result<Confinement> {
        // In this order: the list of system calls leaves none to confine with.
        let whole = std::fs::read_dir("/proc/self/task")?.count() == 1;
        let landlock = files::allow_only(&self.files, &self.ports)?;
        Ok(Confinement { landlock, seccomp: calls::allow_only(self.who)?, whole })
    }

    #[cfg(not(target_os = "linux"))]
    fn lock(&self) -> std::io::Result<Confinement> {
        Ok(Confinement::default())
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests;
