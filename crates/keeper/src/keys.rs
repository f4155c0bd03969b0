//! The keys that are in use: pairs, open, and what opens the rest. A change is on disk before anybody hears of it.

use std::collections::BTreeSet;

use domain::{OrganizationId, Rng, SiteId, Timestamp};
use sealing::protocol::SiteKeys;
use sealing::{Environment, Key, Pair, Recipient, Recipients as _, Refused, Ring, Wanted};

use crate::hierarchy::{Name, Roots, Stored, wrapping};
use crate::store::{Store, StoreError};

/// The site that what belongs to no site is sealed to.
pub(crate) const NO_SITE: SiteId = SiteId(0);
/// The keys that a server has whatever it measures.
const OWN: [Name; 6] = [
    Name::Control,
    Name::Organization(OrganizationId::FIRST),
    Name::People,
    Name::Pepper,
    Name::Checkpoints,
    Name::Ledger,
];

/// Every key that may be used.
pub(crate) struct Keys {
    store: Store,
    stored: Stored,
    roots: Roots,
    control: Key,
    people: Key,
    /// Its version, and itself.
    pepper: (u32, Key),
    checkpoints: Key,
    ledger: Key,
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
        let damaged = |_: Refused| StoreError::Damaged { path: store.path().to_owned() };
        let wrapping = wrapping(root);
        let (mut stored, roots, begun) = match store.load()? {
            Some(stored) => {
                let roots = Roots::from([(stored.root, wrapping)]);
                (stored, roots, false)
            }
            None => {
                let roots = Roots::from([(1, wrapping)]);
                (Stored::begin(rng), roots, true)
            }
        };
        if complete(&mut stored, &roots, rng).map_err(damaged)? || begun {
            store.save(&stored, rng)?;
        }
        let newest = |name| {
            let version = stored.newest(name).ok_or(Refused)?;
            Ok((version, stored.open(&roots, name, version)?))
        };
        let (_, control) = newest(Name::Control).map_err(damaged)?;
        let (_, people) = newest(Name::People).map_err(damaged)?;
        let pepper = newest(Name::Pepper).map_err(damaged)?;
        let (_, checkpoints) = newest(Name::Checkpoints).map_err(damaged)?;
        let (_, ledger) = newest(Name::Ledger).map_err(damaged)?;
        let mut ring = Ring::new(stored.environment);
        for (name, version) in stored.all() {
            // Each is opened, so that damage to any of them shows at the start.
            let key = stored.open(&roots, name, version).map_err(damaged)?;
            if let Name::Pair(_, site) = name {
                ring.add(site, version, Pair::of_private(key));
            }
        }
        Ok(Self { store, stored, roots, control, people, pepper, checkpoints, ledger, ring })
    }

    /// The server's own mark.
    pub(crate) fn environment(&self) -> Environment {
        self.stored.environment
    }

    /// The key of the control database.
    pub(crate) fn control(&self) -> &Key {
        &self.control
    }

    /// The key of the checkpoints of audit logs.
    pub(crate) fn checkpoints(&self) -> &Key {
        &self.checkpoints
    }

    /// The key of the ledger.
    pub(crate) fn ledger(&self) -> &Key {
        &self.ledger
    }

    /// To whom `site` is sealed.
    pub(crate) fn recipient(&self, site: SiteId) -> Option<Recipient> {
        self.ring.recipient(site)
    }

    /// What seals what is known of people.
    pub(crate) fn people(&self) -> &Key {
        &self.people
    }

    /// What is mixed into every password, and which one it is.
    pub(crate) fn pepper(&self) -> (u32, &Key) {
        (self.pepper.0, &self.pepper.1)
    }

    /// The sites that have keys, and whose they are; but for what belongs to no site.
    pub(crate) fn sites(&self) -> impl Iterator<Item = (OrganizationId, SiteId)> {
        self.stored.sites().filter(|(_, site)| *site != NO_SITE)
    }

    /// Whose a site is, as its keys say.
    pub(crate) fn organization_of(&self, site: SiteId) -> Option<OrganizationId> {
        self.sites().find(|(_, known)| *known == site).map(|(organization, _)| organization)
    }

    /// Makes keys for a site that has none and never had; for others nothing is made.
    pub(crate) fn make(
        &mut self,
        organization: OrganizationId,
        site: SiteId,
        rng: &dyn Rng,
    ) -> Result<(), StoreError> {
        if self.ring.recipient(site).is_some() || self.is_destroyed(site) {
            return Ok(());
        }
        self.change(rng, |changed, roots| {
            if changed.newest(Name::Organization(organization)).is_none() {
                changed.add(roots, Name::Organization(organization), &Key::random(rng), rng)?;
            }
            Ok(vec![renew(changed, roots, organization, site, rng)?])
        })
    }

    /// Makes the key of an organization that has none.
    pub(crate) fn make_organization(
        &mut self,
        organization: OrganizationId,
        rng: &dyn Rng,
    ) -> Result<(), StoreError> {
        if self.stored.newest(Name::Organization(organization)).is_some() {
            return Ok(());
        }
        self.change(rng, |changed, roots| {
            changed.add(roots, Name::Organization(organization), &Key::random(rng), rng)?;
            Ok(Vec::new())
        })
    }

    /// The organizations that ever had a key.
    pub(crate) fn organizations(&self) -> Vec<OrganizationId> {
        self.stored.organizations()
    }

    /// Gives one site, or all organizations and their sites, keys of a newer version; what is sealed from then on is
    /// sealed to the newer pair. A site without keys gets none.
    pub(crate) fn rotate(&mut self, site: Option<SiteId>, rng: &dyn Rng) -> Result<(), StoreError> {
        self.change(rng, |changed, roots| {
            if site.is_none() {
                for organization in changed.organizations() {
                    changed.add(roots, Name::Organization(organization), &Key::random(rng), rng)?;
                }
            }
            let sites: Vec<_> =
                changed.sites().filter(|(_, of)| site.is_none_or(|site| site == *of)).collect();
            sites
                .into_iter()
                .map(|(organization, site)| renew(changed, roots, organization, site, rng))
                .collect()
        })
    }

    /// Wraps every key under the newest version of the key above it. The answer is how many were wrapped anew.
    pub(crate) fn rewrap(&mut self, rng: &dyn Rng) -> Result<u32, StoreError> {
        let count = self.stored.outdated().len();
        if count > 0 {
            self.change(rng, |_, _| Ok(Vec::new()))?;
        }
        Ok(count as u32)
    }

    /// Whether it is known of all these sites that their keys were destroyed.
    pub(crate) fn remembers(&self, destroyed: &BTreeSet<String>) -> bool {
        let known: BTreeSet<String> =
            self.stored.destroyed.iter().map(|(site, _)| format!("site {site}")).collect();
        destroyed.is_subset(&known)
    }

    /// The version of the root key, and the newest of the first organization's and of the control database's.
    pub(crate) fn versions(&self) -> [u32; 3] {
        let newest = |name| self.stored.newest(name).unwrap_or(0);
        [self.stored.root, newest(Name::Organization(OrganizationId::FIRST)), newest(Name::Control)]
    }

    /// How many keys are still wrapped under an older version of the key above.
    pub(crate) fn outdated(&self) -> usize {
        self.stored.outdated().len()
    }

    /// What is known of the keys of each site, those that were destroyed last: `count` of them after the first `from`.
    pub(crate) fn list(&self, from: usize, count: usize) -> Vec<SiteKeys> {
        let held = self.stored.sites().map(|(of, site)| SiteKeys {
            site,
            key: self.stored.newest(Name::Site(of, site)).unwrap_or(0),
            pair: self.stored.newest(Name::Pair(of, site)).unwrap_or(0),
            older_pairs: (self.stored.versions(Name::Pair(of, site)).count() as u32).saturating_sub(1),
            destroyed_at: None,
        });
        let destroyed = self.stored.destroyed.iter().map(|(site, at)| SiteKeys {
            site: *site,
            key: 0,
            pair: 0,
            older_pairs: 0,
            destroyed_at: Some(*at),
        });
        held.chain(destroyed).skip(from).take(count).collect()
    }

    /// Destroys the keys of a site, and remembers that they were. Durable when it returns; again changes nothing.
    pub(crate) fn destroy(&mut self, site: SiteId, at: Timestamp, rng: &dyn Rng) -> Result<(), StoreError> {
        if self.is_destroyed(site) {
            return Ok(());
        }
        self.change(rng, |changed, _| {
            changed.remove(site);
            changed.destroyed.push((site, at));
            Ok(Vec::new())
        })?;
        self.ring.remove(site);
        Ok(())
    }

    /// Destroys the key of an organization that has no sites any more. What belongs to no site is under the first one's, which
    /// has another from then on. Durable when it returns; again changes nothing that matters.
    pub(crate) fn destroy_organization(
        &mut self,
        organization: OrganizationId,
        rng: &dyn Rng,
    ) -> Result<(), StoreError> {
        self.change(rng, |changed, roots| {
            if organization == OrganizationId::FIRST {
                changed.add(roots, Name::Organization(organization), &Key::random(rng), rng)?;
                changed.rewrap(roots, rng)?;
            } else {
                changed.remove_organization(organization);
            }
            Ok(Vec::new())
        })
    }

    /// The key wanted.
    pub(crate) fn open_one(&self, wanted: &Wanted) -> Result<Key, Closed> {
        if self.is_destroyed(wanted.label.site) {
            return Err(Closed::Destroyed);
        }
        self.ring.open_one(wanted).map_err(|Refused| Closed::Refused)
    }

    /// Whether the keys of a site were destroyed.
    pub(crate) fn is_destroyed(&self, site: SiteId) -> bool {
        self.stored.is_destroyed(site)
    }

    /// Changes what is stored, and puts to use the pairs that were made. Whatever is changed, keys that are still under
    /// an older version are wrapped anew with it.
    fn change(
        &mut self,
        rng: &dyn Rng,
        change: impl FnOnce(&mut Stored, &Roots) -> Result<Vec<(SiteId, u32, Pair)>, Refused>,
    ) -> Result<(), StoreError> {
        let damaged = |_: Refused| StoreError::Damaged { path: self.store.path().to_owned() };
        let mut changed = self.stored.clone();
        changed.rewrap(&self.roots, rng).map_err(damaged)?;
        let made = change(&mut changed, &self.roots).map_err(damaged)?;
        self.store.save(&changed, rng)?;
        self.stored = changed;
        made.into_iter().for_each(|(site, version, pair)| self.ring.add(site, version, pair));
        Ok(())
    }
}

/// Makes what is missing of the keys that a server has whatever it measures; whether anything was.
fn complete(stored: &mut Stored, roots: &Roots, rng: &dyn Rng) -> Result<bool, Refused> {
    let missing: Vec<Name> = OWN.into_iter().filter(|name| stored.newest(*name).is_none()).collect();
    for name in &missing {
        stored.add(roots, *name, &Key::random(rng), rng)?;
    }
    let first = OrganizationId::FIRST;
    let no_site = stored.newest(Name::Pair(first, NO_SITE)).is_none();
    if no_site {
        renew(stored, roots, first, NO_SITE, rng)?;
    }
    Ok(no_site || !missing.is_empty())
}

/// Adds a newer key of a site, and a newer pair under it.
fn renew(
    changed: &mut Stored,
    roots: &Roots,
    organization: OrganizationId,
    site: SiteId,
    rng: &dyn Rng,
) -> Result<(SiteId, u32, Pair), Refused> {
    let pair = Pair::random(rng);
    changed.add(roots, Name::Site(organization, site), &Key::random(rng), rng)?;
    let version = changed.add(roots, Name::Pair(organization, site), pair.private(), rng)?;
    Ok((site, version, pair))
}

#[cfg(test)]
mod tests;
