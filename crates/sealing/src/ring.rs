//! What stores are handed: to whom they seal, and by whom their objects are opened.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use domain::{Rng, SiteId};

use crate::Refused;
use crate::key::Key;
use crate::label::{Environment, Label};
use crate::pair::{Pair, Recipient, SealedKey};

/// To whom a site's objects are sealed.
pub trait Recipients: Send + Sync {
    /// The server's own mark.
    fn environment(&self) -> Environment;

    /// The newest pair of the site; `None` where it has none, so that nothing can be sealed for it.
    fn recipient(&self, site: SiteId) -> Option<Recipient>;
}

/// How what is written is sealed.
#[derive(Clone)]
pub enum Seals {
    /// To each site's public key, as the product does.
    Sealed {
        /// Who they are.
        recipients: Arc<dyn Recipients>,
        /// Where keys come from.
        rng: Arc<dyn Rng>,
    },
    /// Not at all: how the test-only twin shows that a proof would notice, and `make bench` what sealing costs.
    Unsealed,
}

/// Recipients as they were made known. None is ever forgotten: what was admitted for a site a moment before it was
/// removed is still sealed, to a key that nobody has, and holds up nothing that is committed with it.
#[derive(Default)]
pub struct Published(RwLock<Option<Known>>);

struct Known {
    environment: Environment,
    recipients: BTreeMap<SiteId, Recipient>,
}

impl Published {
    /// Makes known whose they are; of a site that is known already, the newer.
    pub fn publish(&self, environment: Environment, recipients: BTreeMap<SiteId, Recipient>) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let known = known.get_or_insert_with(|| Known { environment, recipients: BTreeMap::new() });
        known.environment = environment;
        known.recipients.extend(recipients);
    }
}

impl Recipients for Published {
    fn environment(&self) -> Environment {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.as_ref().map_or(Environment(0), |known| known.environment)
    }

    fn recipient(&self, site: SiteId) -> Option<Recipient> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.as_ref()?.recipients.get(&site).copied()
    }
}

/// A key that is wanted: what it opens, and how it is sealed.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// What it opens.
    pub label: Label,
    /// The key, sealed.
    pub sealed: SealedKey,
}

/// Why keys were not given.
#[derive(Clone, Debug, thiserror::Error)]
pub enum OpenError {
    /// The keeper does not answer; it is being started again.
    #[error("the keeper does not answer, so nothing sealed can be opened")]
    Away,
    /// The keeper was asked to do something, and did not answer: whether it was done is not known.
    #[error("the keeper did not answer, so it is not known whether it was done")]
    Unanswered,
    /// The keeper says no.
    #[error("the keeper does not open {0}")]
    Denied(String),
    /// The keeper cannot write down what it does, and so does nothing.
    #[error("the keeper cannot write its audit file or its keys, and so opens nothing")]
    Unable,
    /// The site's key was destroyed.
    #[error("the key of {0} was destroyed")]
    Destroyed(String),
    /// It does not open.
    #[error("{0} {1}")]
    Refused(String, Refused),
}

impl OpenError {
    /// Whether what bears this label is why.
    pub fn is_about(&self, label: &Label) -> bool {
        match self {
            Self::Away | Self::Unanswered | Self::Unable => false,
            Self::Denied(named) | Self::Destroyed(named) | Self::Refused(named, _) => {
                *named == label.to_string()
            }
        }
    }
}

/// Opens what was sealed.
pub trait Opener: Send + Sync {
    /// The server's own mark.
    ///
    /// # Errors
    /// [`OpenError`] where it is not known.
    fn environment(&self) -> Result<Environment, OpenError>;

    /// The keys wanted, in their order; all or none.
    ///
    /// # Errors
    /// [`OpenError`] for the first that is not given.
    fn open(&self, wanted: &[Wanted]) -> Result<Vec<Key>, OpenError>;
}

/// Pairs in memory, each version of each site: what the keeper has behind its policy, and tests without one.
pub struct Ring {
    environment: Environment,
    pairs: BTreeMap<(SiteId, u32), Pair>,
}

impl Ring {
    /// An empty one.
    pub fn new(environment: Environment) -> Self {
        Self { environment, pairs: BTreeMap::new() }
    }

    /// Adds a pair, or puts it in the place of another.
    pub fn add(&mut self, site: SiteId, version: u32, pair: Pair) {
        self.pairs.insert((site, version), pair);
    }

    /// Lets go of all pairs of a site.
    pub fn remove(&mut self, site: SiteId) {
        self.pairs.retain(|(of, _), _| *of != site);
    }

    /// The key wanted.
    ///
    /// # Errors
    /// [`Refused`] where there is no such pair, or it does not open.
    pub fn open_one(&self, wanted: &Wanted) -> Result<Key, Refused> {
        let pair = self.pairs.get(&(wanted.label.site, wanted.sealed.version())).ok_or(Refused)?;
        pair.open(&wanted.sealed, &wanted.label.to_bytes())
    }
}

impl Recipients for Ring {
    fn environment(&self) -> Environment {
        self.environment
    }

    fn recipient(&self, site: SiteId) -> Option<Recipient> {
        let newest = self.pairs.range((site, 0)..=(site, u32::MAX)).next_back();
        newest.map(|((_, version), pair)| Recipient { version: *version, public: pair.public() })
    }
}

impl Opener for Ring {
    fn environment(&self) -> Result<Environment, OpenError> {
        Ok(self.environment)
    }

    fn open(&self, wanted: &[Wanted]) -> Result<Vec<Key>, OpenError> {
        let open = |wanted: &Wanted| {
            self.open_one(wanted).map_err(|refused| OpenError::Refused(wanted.label.to_string(), refused))
        };
        wanted.iter().map(open).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::pair_and_recipient;
    use domain::Counting;

    #[test]
    fn a_site_that_is_no_longer_named_is_still_sealed_to_and_the_newer_recipient_takes_the_place_of_the_older()
     {
        let rng = Counting::from(1);
        let [(_, one), (_, other), (_, newer)] = [(); 3].map(|()| pair_and_recipient(&rng));
        let published = Published::default();
        assert_eq!(published.recipient(SiteId(1)), None);
        published.publish(Environment(7), BTreeMap::from([(SiteId(1), one), (SiteId(2), other)]));
        published.publish(Environment(7), BTreeMap::from([(SiteId(2), newer)]));
        assert_eq!(published.recipient(SiteId(1)), Some(one));
        assert_eq!(published.recipient(SiteId(2)), Some(newer));
    }
}
