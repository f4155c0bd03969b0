//! Which sites show their recordings to viewers. Whoever may change a site decides it, by their own token, and it is kept here: a
//! process that was taken over lets no viewer see more than that.

use domain::{Object, Place, SiteId, Verb};
use sealing::Token;
use sealing::protocol::people::{NotDone, Told};

use super::{Hands, People, Stop};

impl People {
    /// Lets viewers of a site see its recordings, or not any more.
    pub(super) fn share_recordings(
        &mut self,
        token: &Token,
        site: SiteId,
        shared: bool,
        hands: &Hands<'_>,
    ) -> Result<Told, Stop> {
        let organization = hands.keys.organization_of(site).ok_or(NotDone::NotThere)?;
        self.who_may(token, Verb::Change, Object::Site, Place::site(organization, site), hands.now)?;
        if self.shares_recordings(site) == shared {
            return Ok(Told::Done(Vec::new()));
        }
        self.change(hands, |registry| {
            // Of sites that are gone nothing is remembered.
            registry.sharing.retain(|known| *known != site && hands.keys.organization_of(*known).is_some());
            if shared {
                registry.sharing.insert(site);
            }
            Ok(Told::Done(Vec::new()))
        })
    }

    /// Whether viewers of a site may see its recordings.
    pub(crate) fn shares_recordings(&self, site: SiteId) -> bool {
        self.registry.sharing.contains(&site)
    }
}
