//! What the tests of this crate share.

use domain::audit::{Act, Actor, Log, NewEntry, Object, ObjectKind};
use domain::{Counting, IdSecret, OrganizationId, Site, Timestamp, WriteKey};
use sealing::Key;

use crate::{Database, NewSite, SiteError};

static RNG: Counting = Counting::from(1);

/// A key that is told from others by its number.
pub(crate) fn key(number: u8) -> Key {
    Key::take(&mut [number; 32])
}

/// Adds a site of the first organization, and writes it down.
pub(crate) fn add_site(database: &Database, domain: &str, timezone: &str) -> Result<Site, SiteError> {
    let (domain, timezone) = (domain.parse().unwrap(), timezone.parse().unwrap());
    let (write_key, ids) = (WriteKey::random(&RNG), IdSecret::random(&RNG));
    let site = NewSite { organization: OrganizationId::FIRST, domain, timezone, write_key, ids };
    let entry = NewEntry::new(
        Timestamp(7),
        Actor::system(),
        Act::SiteAdd,
        Object::new(ObjectKind::Site, &site.domain),
    );
    database.act(Log(1), &entry, |work| work.add_site(&site, Timestamp(7)))
}
