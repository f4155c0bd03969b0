//! The stored keys as the first format had them: one version of every key that wraps others.

use domain::OrganizationId;
use domain::{SiteId, Timestamp};
use sealing::Environment;
use serde::Deserialize;

use super::{Name, Wrapped};

/// Everything stored.
#[derive(Deserialize)]
#[cfg_attr(test, derive(serde::Serialize))]
pub(crate) struct Stored {
    pub(crate) environment: Environment,
    pub(crate) control: Vec<u8>,
    pub(crate) organizations: Vec<Organization>,
    pub(crate) sites: Vec<Site>,
    pub(crate) destroyed: Vec<(SiteId, Timestamp)>,
}

/// An organization's key, under the root key.
#[derive(Deserialize)]
#[cfg_attr(test, derive(serde::Serialize))]
pub(crate) struct Organization {
    pub(crate) id: OrganizationId,
    pub(crate) wrapped: Vec<u8>,
}

/// A site's key, under its organization's, and the private halves of its pairs, under the site's key.
#[derive(Deserialize)]
#[cfg_attr(test, derive(serde::Serialize))]
pub(crate) struct Site {
    pub(crate) id: SiteId,
    pub(crate) organization: OrganizationId,
    pub(crate) wrapped: Vec<u8>,
    pub(crate) pairs: Vec<Pair>,
}

/// One version of a site's pair.
#[derive(Deserialize)]
#[cfg_attr(test, derive(serde::Serialize))]
pub(crate) struct Pair {
    pub(crate) version: u32,
    pub(crate) wrapped: Vec<u8>,
}

impl Stored {
    /// The same as it is held now.
    pub(crate) fn stepped_up(self) -> super::Stored {
        let first = |name: Name, bytes: Vec<u8>| ((name, 1), Wrapped { under: 1, bytes });
        let mut keys = std::collections::BTreeMap::from([first(Name::Control, self.control)]);
        for Organization { id, wrapped } in self.organizations {
            keys.extend([first(Name::Organization(id), wrapped)]);
        }
        for Site { id, organization, wrapped, pairs } in self.sites {
            keys.extend([first(Name::Site(organization, id), wrapped)]);
            for Pair { version, wrapped } in pairs {
                let place = (Name::Pair(organization, id), version);
                keys.insert(place, Wrapped { under: 1, bytes: wrapped });
            }
        }
        super::Stored { environment: self.environment, root: 1, keys, destroyed: self.destroyed }
    }
}
