//! A data directory of one site, with the keys in memory and the product's tables.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use candor::ControlLedger;
use control::{Database, NewSite, SiteError};
use domain::audit::{Act, Actor, Log, NewEntry, Object, ObjectKind};
use domain::{ManualClock, OrganizationId, SiteId, Timestamp};
use recordings::{Chunk, Recordings, Spool, SpoolFolder, SpoolLimits, Upkeep};
use sealing::{Environment, Key, Pair, Ring, Seals};

use super::Failed;
use crate::keeper::KernelRng;

pub(super) struct House {
    data: PathBuf,
    /// Where recordings lie.
    pub(super) objects: PathBuf,
    /// Where their indexes lie.
    pub(super) database: PathBuf,
    pub(super) clock: Arc<ManualClock>,
    pub(super) upkeep: Upkeep,
    seals: Seals,
    site: SiteId,
}

impl House {
    pub(super) fn new(data: &Path) -> Result<Self, Failed> {
        fs::create_dir_all(data)?;
        let path = data.join("control.db");
        let database = Database::open(&path, &Key::take(&mut [7; 32]))?;
        let site = add_site(&database)?;
        let (clock, rng) = (Arc::new(ManualClock::at(Timestamp(0))), Arc::new(KernelRng));
        let mut ring = Ring::new(Environment(1));
        ring.add(site, 1, Pair::random(&*rng));
        let ring = Arc::new(ring);
        let seals = Seals::Sealed { recipients: ring.clone(), rng: rng.clone() };
        let upkeep = Upkeep::new(
            SpoolFolder::open(data)?,
            Recordings::open(data, ring)?,
            seals.clone(),
            Arc::new(ControlLedger(Arc::new(database))),
            (clock.clone(), rng),
            || false,
        );
        let objects = data.join("recordings");
        Ok(Self { data: data.to_owned(), objects, database: path, clock, upkeep, seals, site })
    }

    /// Spools these chunks, and closes the file.
    pub(super) fn spool(&self, chunks: &[Chunk]) -> Result<(), Failed> {
        // Closed by being done with it, not by its age: this clock stands.
        let limits = SpoolLimits { age: Duration::from_secs(60), ..SpoolLimits::default() };
        let folder = SpoolFolder::open(&self.data)?;
        let spool = Spool::start(folder, self.clock.clone(), Arc::new(KernelRng), limits)?;
        let (tell, told) = mpsc::channel();
        for chunk in chunks {
            let tell = tell.clone();
            let done = Box::new(move |outcome| drop(tell.send(outcome)));
            spool.submit(chunk.seal(self.site, &self.seals)?, done).map_err(|_| "the spool is busy")?;
            told.recv()??;
        }
        Ok(())
    }
}

fn add_site(database: &Database) -> Result<SiteId, Failed> {
    let (domain, timezone) = ("shop.example".parse()?, "UTC".parse()?);
    let write_key = "0123456789abcdef0123456789abcdef".parse()?;
    let ids = domain::IdSecret::new([0; 32]);
    let site = NewSite { organization: OrganizationId::FIRST, domain, timezone, write_key, ids };
    let object = Object::new(ObjectKind::Site, &site.domain);
    let entry = NewEntry::new(Timestamp(0), Actor::system(), Act::SiteAdd, object);
    let added: Result<_, SiteError> = database.act(Log(1), &entry, |work| work.add_site(&site, Timestamp(0)));
    Ok(added?.id)
}
