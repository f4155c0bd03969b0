//! What the doctor looks at, one function each.

use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::MetadataExt;

use hyper::Method;

use super::health;
use crate::Parts;
use crate::commands::connection::{Server, Whereabouts, with_server};
use crate::config::beside;
use crate::data_dir::DataDir;
use crate::http::keys::Shown;
use crate::http::operators::Counted;
use crate::http::server::ServerDescription;
use crate::processes::checking::{Checked, Rests};
use crate::processes::messages::{Confinements, Role};
use crate::processes::sandbox::Confinement;

/// Room on the disk below which the doctor warns.
const ROOM_BYTES_MIN: u64 = 512 << 20;

/// One thing that was looked at: a sentence on why it is fine, or on what is wrong.
pub(super) struct Check {
    pub(super) what: &'static str,
    pub(super) found: Result<String, String>,
}

/// What is examined.
pub(super) struct Examination {
    data: DataDir,
    whereabouts: Whereabouts,
    listen: SocketAddr,
    parts: Parts,
}

impl Examination {
    pub(super) fn of(whereabouts: Whereabouts, listen: SocketAddr, parts: Parts) -> Self {
        Self { data: DataDir::new(whereabouts.data.clone()), whereabouts, listen, parts }
    }

    /// Looks at everything that can be looked at.
    pub(super) fn run(&self) -> anyhow::Result<Vec<Check>> {
        let mut checks = vec![];
        if !self.data.path().exists() {
            let sentence = format!("{} is not there yet; candor serve makes it", self.data.path().display());
            checks.push(Check { what: "data", found: Ok(sentence) });
            checks.push(Check { what: "ports", found: self.ports() });
            return Ok(checks);
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let server = runtime.block_on(self.server());
        checks.push(Check { what: "data", found: self.permissions() });
        checks.push(Check { what: "format", found: self.format() });
        checks.push(Check { what: "room", found: self.room() });
        match server {
            Some(told) => checks.extend(told),
            None => {
                checks.push(Check { what: "server", found: Ok("it does not run".to_owned()) });
                checks.push(Check { what: "ports", found: self.ports() });
            }
        }
        checks.push(Check { what: "damage", found: self.damaged_files() });
        checks.extend(self.events_and_sealing());
        Ok(checks)
    }

    fn permissions(&self) -> Result<String, String> {
        let path = self.data.path();
        let metadata = std::fs::metadata(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let own = rustix::process::geteuid().as_raw();
        if metadata.uid() != own && own != 0 {
            return Err(format!("{} belongs to another account", path.display()));
        }
        if metadata.mode() & 0o077 != 0 {
            return Err(format!("{0} can be read by others: chmod 700 {0}", path.display()));
        }
        Ok(format!("{} is this account's alone", path.display()))
    }

    fn format(&self) -> Result<String, String> {
        match self.data.read_format() {
            Ok(Some(format)) => Ok(format!("the data has format {format}, which this version knows")),
            Ok(None) => Err(format!("{} is missing", self.data.format_file().display())),
            Err(error) => Err(error.to_string()),
        }
    }

    fn room(&self) -> Result<String, String> {
        let disk = rustix::fs::statvfs(self.data.path()).map_err(|error| error.to_string())?;
        let free = disk.f_bavail.saturating_mul(disk.f_frsize);
        let sentence = format!("{} MB are free", free >> 20);
        if free < ROOM_BYTES_MIN { Err(format!("only {sentence}")) } else { Ok(sentence) }
    }

    /// What a server tells of itself, where one runs.
    async fn server(&self) -> Option<Vec<Check>> {
        Some(health::of(&Server::running(&self.data).await?).await)
    }

    fn ports(&self) -> Result<String, String> {
        let doors = [Some(self.listen), beside(self.listen, 1), beside(self.listen, 2)];
        let mut free = Vec::new();
        for address in doors.into_iter().flatten() {
            TcpListener::bind(address)
                .map_err(|error| format!("{address} cannot be listened on: {error}"))?;
            free.push(address.to_string());
        }
        Ok(format!("{} are free", free.join(", ")))
    }

    /// What the worker found damaged and put aside.
    fn damaged_files(&self) -> Result<String, String> {
        let files = std::fs::read_dir(self.data.journal()).map_err(|error| error.to_string())?;
        let damaged = files.flatten().filter(|file| file.path().extension().is_some_and(|e| e == "damaged"));
        match damaged.count() {
            0 => Ok("no journal file was put aside as damaged".to_owned()),
            count => {
                Err(format!("{count} damaged journal files are kept in {}", self.data.journal().display()))
            }
        }
    }

    /// Lets the server read every segment and the journal; one is started for it where none runs.
    fn events_and_sealing(&self) -> Vec<Check> {
        let checked = match self.data.control_database().exists() {
            true => self.ask_to_read().map(Some),
            false => Ok(None),
        };
        let events = checked.clone().map(|checked| match checked {
            Some(seen) => {
                format!("all {} can be opened and read, and their checksums fit", seen.checked.events)
            }
            None => "there are none yet".to_owned(),
        });
        let mut checks = vec![Check { what: "events", found: events }];
        if let Ok(Some(Seen { checked, keys, operators, confined })) = checked {
            let Checked { segments, journal, recordings, .. } = checked;
            checks.push(Check { what: "sandbox", found: confined });
            checks.push(Check { what: "journal", found: resting("part", &journal) });
            checks.push(Check { what: "segments", found: resting("segment", &segments) });
            checks.push(Check { what: "recordings", found: resting("part", &recordings) });
            checks.push(Check { what: "keys", found: kept(&keys) });
            let database = format!("sealed under version {} of its key", keys.control);
            checks.push(Check { what: "database", found: Ok(database) });
            checks.push(Check { what: "operators", found: Ok(enrolled(&operators)) });
        }
        checks
    }

    fn ask_to_read(&self) -> Result<Seen, String> {
        with_server(&self.parts, &self.whereabouts, async |server| {
            let description: ServerDescription = server.ask(Method::GET, "/commands/server", None).await?;
            let keys: Shown = server.ask(Method::GET, "/commands/keys", None).await?;
            let operators: Counted = server.ask(Method::GET, "/commands/operators", None).await?;
            let checked = server.ask(Method::POST, "/commands/check", None).await?;
            let roles = if description.listen.is_some() { &Role::ALL[..] } else { Role::ALONE };
            Ok(Seen { checked, keys, operators, confined: confined(description.confinements, roles) })
        })
        .map_err(|error| error.to_string())
    }
}

/// What a server tells of itself.
#[derive(Clone)]
struct Seen {
    checked: Checked,
    keys: Shown,
    operators: Counted,
    confined: Result<String, String>,
}

/// How many operators there are, and what follows from it.
fn enrolled(operators: &Counted) -> String {
    match (operators.count, &operators.held_until) {
        (0, _) => "there are none: candor operator enrol KEY.pub makes the first".to_owned(),
        (1, Some(until)) => {
            format!("there is one, and until {until} what is grave needs a second, since another was removed")
        }
        (1, None) => "a solo installation: there is one, who does what is grave alone".to_owned(),
        (count, _) => format!("there are {count}, and what is grave needs two of them"),
    }
}

/// How the keys themselves rest.
fn kept(keys: &Shown) -> Result<String, String> {
    let Shown { root, source, .. } = keys;
    if !keys.locked {
        return Err(
            "the root key may be written to swap space: allow memory to be locked (LimitMEMLOCK=)".to_owned()
        );
    }
    Ok(format!(
        "sealed under version {root} of the root key, which comes from: {source}; it stays out of swap space"
    ))
}

/// What the kernel holds the processes to, and whether that is all that was asked of it.
fn confined(mut confinements: Confinements, roles: &[Role]) -> Result<String, String> {
    let known = roles.iter().map(|role| (role.as_str(), (*confinements.of(*role)).unwrap_or_default()));
    let (full, lacking): (Vec<_>, Vec<_>) = known.partition(|(_, confinement)| confinement.is_full());
    let names =
        |some: &[(&str, Confinement)]| some.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    let landlock = full.iter().map(|(_, confinement)| confinement.landlock).min().unwrap_or_default();
    match lacking.is_empty() {
        true => Ok(format!("{} are held by Landlock {landlock} and seccomp", names(&full))),
        false => {
            let all_held = lacking.iter().all(|(_, confinement)| confinement.is_held());
            let why = if all_held {
                "a PKCS#11 module left threads"
            } else {
                "this kernel lacks Landlock or seccomp"
            };
            Err(format!("{} are not confined: {why}", names(&lacking)))
        }
    }
}

/// How many of a store's files are sealed to which version of the sites' keys.
fn resting(one: &str, rests: &[Rests]) -> Result<String, String> {
    let all: usize = rests.iter().map(|rests| rests.count).sum();
    let sealed =
        rests.iter().filter_map(|rests| Some(format!("{} to version {}", rests.count, rests.version?)));
    let sealed: Vec<String> = sealed.collect();
    let unsealed = rests.iter().find(|rests| rests.version.is_none());
    match (all, unsealed) {
        (0, _) => Ok("nothing is kept in it".to_owned()),
        (_, None) => Ok(format!("{} sealed: {}", counted(all, one), sealed.join(", "))),
        (_, Some(Rests { count, .. })) => Err(format!(
            "{count} of {} of an older Candor are not sealed yet; candor serve seals them",
            counted(all, one)
        )),
    }
}

fn counted(count: usize, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}
