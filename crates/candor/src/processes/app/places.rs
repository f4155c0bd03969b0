//! Places for what may be done only a few times at once, as each has much in memory or files open for as long as it lasts. No
//! organization may hold all of them for itself where that lasts long.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::OrganizationId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::http::problem::{Kind, Problem};

/// So many places, for whoever comes.
pub(crate) struct Places {
    free: Arc<Semaphore>,
    /// What is said when all are taken.
    full: String,
}

impl Places {
    pub(super) fn new(most: usize, full: impl Into<String>) -> Self {
        Self { free: Arc::new(Semaphore::new(most)), full: full.into() }
    }

    /// A place, as long as it is held, if there is one now.
    fn take(&self) -> Result<OwnedSemaphorePermit, Problem> {
        self.free.clone().try_acquire_owned().map_err(|_| self.refuse())
    }

    /// A place, if there is one before so much time has passed.
    pub(super) async fn wait(&self, patience: Duration) -> Result<OwnedSemaphorePermit, Problem> {
        match tokio::time::timeout(patience, self.free.clone().acquire_owned()).await {
            Ok(Ok(place)) => Ok(place),
            _ => Err(self.refuse()),
        }
    }

    fn refuse(&self) -> Problem {
        Problem::new(Kind::Unavailable, self.full.clone())
    }
}

/// How many places each organization holds; of none that holds none.
type Held = Arc<Mutex<HashMap<OrganizationId, usize>>>;

/// So many places, of which one organization may hold only its share.
pub(crate) struct SharedPlaces {
    places: Places,
    share: usize,
    held: Held,
    /// What is said to an organization that holds its share.
    full: String,
}

/// A place, as long as it is held.
pub(crate) struct HeldPlace {
    of: OrganizationId,
    held: Held,
    _place: OwnedSemaphorePermit,
}

impl SharedPlaces {
    pub(super) fn new(places: Places, share: usize, full: impl Into<String>) -> Self {
        Self { places, share, held: Held::default(), full: full.into() }
    }

    /// A place for an organization, if there is one for it now.
    pub(crate) fn take(&self, of: OrganizationId) -> Result<HeldPlace, Problem> {
        let mut held = lock(&self.held);
        let before = held.get(&of).copied().unwrap_or_default();
        if before >= self.share {
            return Err(Problem::new(Kind::Unavailable, self.full.clone()));
        }
        let place = self.places.take()?;
        held.insert(of, before + 1);
        Ok(HeldPlace { of, held: self.held.clone(), _place: place })
    }
}

impl Drop for HeldPlace {
    fn drop(&mut self) {
        let mut held = lock(&self.held);
        match held.get_mut(&self.of) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(held.remove(&self.of)),
        }
    }
}

fn lock(held: &Held) -> std::sync::MutexGuard<'_, HashMap<OrganizationId, usize>> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: OrganizationId = OrganizationId(1);
    const THEIRS: OrganizationId = OrganizationId(2);
    const OTHERS: OrganizationId = OrganizationId(3);

    #[tokio::test]
    async fn as_many_places_are_given_as_there_are_and_one_more_when_one_is_free() {
        let places = Places::new(2, "full");
        let first = places.wait(Duration::ZERO).await.unwrap();
        let _second = places.take().unwrap();
        assert!(places.wait(Duration::ZERO).await.unwrap_err().is(Kind::Unavailable));
        assert!(places.take().unwrap_err().is(Kind::Unavailable));
        drop(first);
        assert!(places.wait(Duration::ZERO).await.is_ok());
    }

    #[test]
    fn an_organization_holds_no_more_than_its_share_while_another_finds_a_place() {
        let shared = SharedPlaces::new(Places::new(3, "full"), 2, "your share");
        let mut ours = vec![shared.take(OURS).unwrap(), shared.take(OURS).unwrap()];
        assert!(shared.take(OURS).is_err());
        let theirs = shared.take(THEIRS).unwrap();
        assert!(shared.take(OTHERS).is_err(), "all are taken");
        ours.pop();
        ours.push(shared.take(OURS).unwrap());
        drop(theirs);
        assert!(shared.take(OURS).is_err(), "it holds its share again");
        assert!(shared.take(OTHERS).is_ok());
        ours.clear();
        assert!(shared.held.lock().unwrap().is_empty(), "nothing is kept of who holds none");
    }
}
