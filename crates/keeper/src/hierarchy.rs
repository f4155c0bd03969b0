//! Which key wraps which, and in which version: the root key that of the control database, that of checkpoints and an organization's, an
//! organization's those of its sites, a site's the private halves of its pairs. Only wrapped keys are held here: one is
//! open for as long as it is put to use.
//!
//! Rotating gives a key a newer version: what is wrapped or sealed from then on is under the newest. Re-wrapping puts
//! what an older version wraps under the newest, and lets go of the older; data is never written again for it. So older
//! pairs stay, since data is sealed to them.

pub(crate) mod first_format;

use std::collections::BTreeMap;

use domain::{OrganizationId, Rng, SiteId, Timestamp};
use sealing::{Environment, Key, Kind, Label, Refused};
use serde::{Deserialize, Serialize};

use crate::locked::LockedKey;

/// The keys that follow from the root key and wrap what is below it, by version: one, or two while the root key is
/// being replaced.
pub(crate) type Roots = BTreeMap<u32, LockedKey>;

/// The key that follows from a root key and wraps what is below it.
pub(crate) fn wrapping(root: &Key) -> LockedKey {
    LockedKey::of(root.derive(b"candor wrapping"))
}

/// A key, whatever its version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Name {
    /// That of the control database.
    Control,
    /// An organization's.
    Organization(OrganizationId),
    /// A site's.
    Site(OrganizationId, SiteId),
    /// The private half of a pair of a site.
    Pair(OrganizationId, SiteId),
    /// What seals what the keeper knows of people.
    People,
    /// What is mixed into every password.
    Pepper,
    /// That of the checkpoints of audit logs.
    Checkpoints,
    /// That of the ledger of payments and invoices, which outlives the organizations that it tells of.
    Ledger,
}

impl Name {
    /// The key that wraps it; `None` where that is the root key.
    const fn above(self) -> Option<Self> {
        match self {
            Self::Control | Self::Checkpoints | Self::Ledger => None,
            Self::Organization(_) | Self::People | Self::Pepper => None,
            Self::Site(organization, _) => Some(Self::Organization(organization)),
            Self::Pair(organization, site) => Some(Self::Site(organization, site)),
        }
    }

    /// Whose it is.
    pub(crate) const fn site(self) -> Option<SiteId> {
        match self {
            Self::Control | Self::Checkpoints | Self::Ledger => None,
            Self::Organization(_) | Self::People | Self::Pepper => None,
            Self::Site(_, site) | Self::Pair(_, site) => Some(site),
        }
    }

    /// What a version of it is bound to where it is wrapped.
    fn label(self, environment: Environment, version: u32) -> Vec<u8> {
        let (organization, site, name) = match self {
            Self::Control => (OrganizationId(0), SiteId(0), "control"),
            Self::People => (OrganizationId(0), SiteId(0), "people"),
            Self::Pepper => (OrganizationId(0), SiteId(0), "pepper"),
            Self::Organization(organization) => (organization, SiteId(0), "organization"),
            Self::Site(organization, site) => (organization, site, "site"),
            Self::Pair(organization, site) => (organization, site, "pair"),
            Self::Checkpoints => (OrganizationId(0), SiteId(0), "checkpoints"),
            Self::Ledger => (OrganizationId(0), SiteId(0), "ledger"),
        };
        let name = match (self, version) {
            // As the first format had it, which knew one version of them.
            (Self::Control | Self::Organization(_) | Self::Site(..), 1) => name.to_owned(),
            _ => format!("{name} {version}"),
        };
        Label { environment, organization, site, kind: Kind::Key, name }.to_bytes()
    }
}

/// One version of a key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Wrapped {
    /// The version of the key above that it is wrapped under.
    under: u32,
    bytes: Vec<u8>,
}

/// Everything stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Stored {
    pub(crate) environment: Environment,
    /// The version of the root key.
    pub(crate) root: u32,
    keys: BTreeMap<(Name, u32), Wrapped>,
    /// Sites whose keys were destroyed: they never get others.
    pub(crate) destroyed: Vec<(SiteId, Timestamp)>,
}

impl Stored {
    /// Nothing yet, on a server with a fresh mark of its own.
    pub(crate) fn begin(rng: &dyn Rng) -> Self {
        let environment = Environment(rng.next_u128());
        Self { environment, root: 1, keys: BTreeMap::new(), destroyed: Vec::new() }
    }

    /// The organizations that have keys.
    pub(crate) fn organizations(&self) -> Vec<OrganizationId> {
        let newest = self.all().filter_map(|(name, version)| match name {
            Name::Organization(organization) => (self.newest(name) == Some(version)).then_some(organization),
            _ => None,
        });
        newest.collect()
    }

    /// Opens one version of a key, through the keys above it.
    pub(crate) fn open(&self, roots: &Roots, name: Name, version: u32) -> Result<Key, Refused> {
        let wrapped = self.keys.get(&(name, version)).ok_or(Refused)?;
        let label = name.label(self.environment, version);
        match name.above() {
            None => sealing::unwrap(&wrapped.bytes, roots.get(&wrapped.under).ok_or(Refused)?, &label),
            Some(above) => sealing::unwrap(&wrapped.bytes, &self.open(roots, above, wrapped.under)?, &label),
        }
    }

    /// Adds a newer version of a key, under the newest of the key above it; the answer is which.
    pub(crate) fn add(
        &mut self,
        roots: &Roots,
        name: Name,
        key: &Key,
        rng: &dyn Rng,
    ) -> Result<u32, Refused> {
        let version = self.newest(name).unwrap_or(0) + 1;
        let wrapped = self.wrap(roots, (name, version), key, rng)?;
        self.keys.insert((name, version), wrapped);
        Ok(version)
    }

    /// Every version of every key, in ascending order of both.
    pub(crate) fn all(&self) -> impl Iterator<Item = (Name, u32)> {
        self.keys.keys().copied()
    }

    /// The sites that have keys, and whose they are.
    pub(crate) fn sites(&self) -> impl Iterator<Item = (OrganizationId, SiteId)> {
        self.all().filter_map(|(name, version)| match name {
            Name::Pair(organization, site) => {
                (self.newest(name) == Some(version)).then_some((organization, site))
            }
            _ => None,
        })
    }

    /// Whether the keys of a site were destroyed.
    pub(crate) fn is_destroyed(&self, site: SiteId) -> bool {
        self.destroyed.iter().any(|(gone, _)| *gone == site)
    }

    /// The versions of a key that are held, the newest last.
    pub(crate) fn versions(&self, name: Name) -> impl DoubleEndedIterator<Item = u32> {
        self.keys.range((name, 0)..=(name, u32::MAX)).map(|((_, version), _)| *version)
    }

    /// The newest version of a key.
    pub(crate) fn newest(&self, name: Name) -> Option<u32> {
        self.versions(name).next_back()
    }

    /// Which keys are wrapped under a version that is not the newest; but for those that are let go of.
    pub(crate) fn outdated(&self) -> Vec<(Name, u32)> {
        let outdated = self
            .keys
            .iter()
            .filter(|(key, wrapped)| wrapped.under < self.newest_above(key.0) && !self.is_let_go_of(**key));
        outdated.map(|(key, _)| *key).collect()
    }

    /// Whether it is an older version of a key that wraps nothing but keys, on which no data depends.
    fn is_let_go_of(&self, (name, version): (Name, u32)) -> bool {
        matches!(name, Name::Organization(_) | Name::Site(..)) && self.newest(name) != Some(version)
    }

    /// Wraps every key under the newest version of the key above it, and lets go of what then wraps nothing. The answer
    /// is how many keys were wrapped anew.
    pub(crate) fn rewrap(&mut self, roots: &Roots, rng: &dyn Rng) -> Result<usize, Refused> {
        // Unwrapped first, all of them: an older version is still needed by those below it.
        let mut anew = Vec::new();
        for key in self.outdated() {
            let open = self.open(roots, key.0, key.1)?;
            anew.push((key, self.wrap(roots, key, &open, rng)?));
        }
        let count = anew.len();
        self.keys.extend(anew);
        let idle: Vec<_> = self.all().filter(|key| self.is_let_go_of(*key)).collect();
        idle.iter().for_each(|key| drop(self.keys.remove(key)));
        Ok(count)
    }

    /// Wraps under another root key what the root key wraps; everything below stays as it is. It is a newer version of
    /// the root key.
    pub(crate) fn turn(&mut self, before: &Key, root: &Key, rng: &dyn Rng) -> Result<(), Refused> {
        let roots = Roots::from([(self.root, wrapping(before)), (self.root + 1, wrapping(root))]);
        self.root += 1;
        self.rewrap(&roots, rng).map(drop)
    }

    /// Lets go of every key of a site.
    pub(crate) fn remove(&mut self, site: SiteId) {
        self.keys.retain(|(name, _), _| name.site() != Some(site));
    }

    /// Lets go of every key of an organization.
    pub(crate) fn remove_organization(&mut self, organization: OrganizationId) {
        self.keys.retain(|(name, _), _| match name {
            Name::Organization(of) | Name::Site(of, _) | Name::Pair(of, _) => *of != organization,
            _ => true,
        });
    }

    fn newest_above(&self, name: Name) -> u32 {
        name.above().map_or(self.root, |above| self.newest(above).unwrap_or(0))
    }

    fn wrap(
        &self,
        roots: &Roots,
        (name, version): (Name, u32),
        key: &Key,
        rng: &dyn Rng,
    ) -> Result<Wrapped, Refused> {
        let under = self.newest_above(name);
        let label = name.label(self.environment, version);
        let bytes = match name.above() {
            None => sealing::wrap(key, roots.get(&under).ok_or(Refused)?, &label, rng),
            Some(above) => sealing::wrap(key, &self.open(roots, above, under)?, &label, rng),
        };
        Ok(Wrapped { under, bytes: bytes.to_vec() })
    }
}
