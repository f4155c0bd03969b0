//! The keys in memory, in their hierarchy: the root key wraps an organization's, that a site's, that the private
//! halves of the site's pairs. A change is on disk before anybody hears of it.

use std::collections::BTreeMap;

use domain::{Rng, SiteId, Timestamp};
use sealing::protocol::SiteKeys;
use sealing::{
    Environment, Key, Kind, Label, OrganizationId, Pair, Recipient, Recipients as _, Refused, Ring, Wanted,
};

use crate::store::{Store, StoreError, Stored, StoredOrganization, StoredPair, StoredSite};

/// Every key that may be used.
pub(crate) struct Keys {
    store: Store,
    stored: Stored,
    control: Key,
    organizations: BTreeMap<OrganizationId, Key>,
    ring: Ring,
}

/// Why a key is not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Closed {
    /// It does not open.
    Refused,
    /// What would open it was destroyed.
    Destroyed,
}

impl Keys {
    /// The keys in `store`, unwrapped; begun anew where nothing is stored.
    pub(crate) fn open(store: Store, root: &Key, rng: &dyn Rng) -> Result<Self, StoreError> {
        let wrapping = root.derive(b"candor wrapping");
        let (stored, fresh) = match store.load()? {
            Some(stored) => (stored, false),
            None => (begin(&wrapping, rng), true),
        };
        let damaged = |_: Refused| StoreError::Damaged { path: store.path().to_owned() };
        let label_of_control = label(stored.environment, OrganizationId(0), SiteId(0), "control");
        let control = sealing::unwrap(&stored.control, &wrapping, &label_of_control).map_err(damaged)?;
        let mut organizations = BTreeMap::new();
        for organization in &stored.organizations {
            let label = label(stored.environment, organization.id, SiteId(0), "organization");
            organizations.insert(
                organization.id,
                sealing::unwrap(&organization.wrapped, &wrapping, &label).map_err(damaged)?,
            );
        }
        let mut ring = Ring::new(stored.environment);
        for site in &stored.sites {
            let above = organizations.get(&site.organization).ok_or(Refused).map_err(damaged)?;
            let of = |name: &str| label(stored.environment, site.organization, site.id, name);
            let key = sealing::unwrap(&site.wrapped, above, &of("site")).map_err(damaged)?;
            for pair in &site.pairs {
                let private = sealing::unwrap(&pair.wrapped, &key, &of(&pair_name(pair.version)));
                ring.add(site.id, pair.version, Pair::of_private(private.map_err(damaged)?));
            }
        }
        let keys = Self { store, stored, control, organizations, ring };
        if fresh {
            keys.store.save(&keys.stored, rng)?;
        }
        Ok(keys)
    }

    /// The server's own mark.
    pub(crate) fn environment(&self) -> Environment {
        self.stored.environment
    }

    /// The key of the control database.
    pub(crate) fn control(&self) -> &Key {
        &self.control
    }

    /// To whom `site` is sealed.
    pub(crate) fn recipient(&self, site: SiteId) -> Option<Recipient> {
        self.ring.recipient(site)
    }

    /// Whether one of `sites` has no keys and never had.
    pub(crate) fn would_make(&self, sites: &[SiteId]) -> bool {
        sites.iter().any(|site| self.ring.recipient(*site).is_none() && !self.is_destroyed(*site))
    }

    /// Makes keys for those of `sites` that have none and never had.
    pub(crate) fn make(&mut self, sites: &[SiteId], rng: &dyn Rng) -> Result<(), StoreError> {
        let mut changed = self.stored.clone();
        let mut made = Vec::new();
        for &site in sites {
            let known = changed.sites.iter().any(|known| known.id == site);
            if known || changed.destroyed.iter().any(|(gone, _)| *gone == site) {
                continue;
            }
            let organization = OrganizationId::SOLE;
            let above = &self.organizations[&organization];
            let of = |name: &str| label(changed.environment, organization, site, name);
            let (key, pair) = (Key::random(rng), Pair::random(rng));
            let wrapped = sealing::wrap(pair.private(), &key, &of(&pair_name(1)), rng).to_vec();
            changed.sites.push(StoredSite {
                id: site,
                organization,
                wrapped: sealing::wrap(&key, above, &of("site"), rng).to_vec(),
                pairs: vec![StoredPair { version: 1, wrapped }],
            });
            made.push((site, pair));
        }
        if made.is_empty() {
            return Ok(());
        }
        self.store.save(&changed, rng)?;
        self.stored = changed;
        made.into_iter().for_each(|(site, pair)| self.ring.add(site, 1, pair));
        Ok(())
    }

    /// What is known of the keys of each site, those that were destroyed last: `count` of them after the first `from`.
    pub(crate) fn list(&self, from: usize, count: usize) -> Vec<SiteKeys> {
        let held = self.stored.sites.iter().map(|site| SiteKeys {
            site: site.id,
            versions: site.pairs.iter().map(|pair| pair.version).collect(),
            destroyed_at: None,
        });
        let destroyed = self.stored.destroyed.iter().map(|(site, at)| SiteKeys {
            site: *site,
            versions: Vec::new(),
            destroyed_at: Some(*at),
        });
        held.chain(destroyed).skip(from).take(count).collect()
    }

    /// Destroys the keys of a site, and remembers that they were. Durable when it returns; again changes nothing.
    pub(crate) fn destroy(&mut self, site: SiteId, at: Timestamp, rng: &dyn Rng) -> Result<(), StoreError> {
        if self.is_destroyed(site) {
            return Ok(());
        }
        let mut changed = self.stored.clone();
        changed.sites.retain(|known| known.id != site);
        changed.destroyed.push((site, at));
        self.store.save(&changed, rng)?;
        self.stored = changed;
        self.ring.remove(site);
        Ok(())
    }

    fn is_destroyed(&self, site: SiteId) -> bool {
        self.stored.destroyed.iter().any(|(gone, _)| *gone == site)
    }

    /// The key wanted.
    pub(crate) fn open_one(&self, wanted: &Wanted) -> Result<Key, Closed> {
        if self.is_destroyed(wanted.label.site) {
            return Err(Closed::Destroyed);
        }
        self.ring.open_one(wanted).map_err(|Refused| Closed::Refused)
    }
}

fn begin(wrapping: &Key, rng: &dyn Rng) -> Stored {
    let environment = Environment(rng.next_u128());
    let id = OrganizationId::SOLE;
    let fresh = |organization, name: &str| {
        let label = label(environment, organization, SiteId(0), name);
        sealing::wrap(&Key::random(rng), wrapping, &label, rng).to_vec()
    };
    let wrapped = fresh(id, "organization");
    Stored {
        environment,
        control: fresh(OrganizationId(0), "control"),
        organizations: vec![StoredOrganization { id, wrapped }],
        sites: Vec::new(),
        destroyed: Vec::new(),
    }
}

fn pair_name(version: u32) -> String {
    format!("pair {version}")
}

fn label(environment: Environment, organization: OrganizationId, site: SiteId, name: &str) -> Vec<u8> {
    Label { environment, organization, site, kind: Kind::Key, name: name.to_owned() }.to_bytes()
}

#[cfg(test)]
mod tests;
