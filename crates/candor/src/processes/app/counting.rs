//! Places for counting what there is of a visitor: each count has who did what when of a whole segment in memory, one after the
//! other, however little of it is the visitor's.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::state::App;
use crate::http::problem::{Kind, Problem};

/// So many counts are under way at once.
const COUNTED_AT_ONCE_MAX: usize = 4;
/// How long one more waits for a place.
const PATIENCE: Duration = Duration::from_secs(10);

/// The places.
pub(crate) struct CountPlaces(Arc<Semaphore>);

impl Default for CountPlaces {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(COUNTED_AT_ONCE_MAX)))
    }
}

impl CountPlaces {
    /// A place, as long as it is held.
    async fn take(&self, patience: Duration) -> Result<OwnedSemaphorePermit, Problem> {
        match tokio::time::timeout(patience, self.0.clone().acquire_owned()).await {
            Ok(Ok(place)) => Ok(place),
            _ => {
                let sentence =
                    format!("what there is of {COUNTED_AT_ONCE_MAX} visitors is being counted; try again");
                Err(Problem::new(Kind::Unavailable, sentence))
            }
        }
    }
}

impl App {
    /// Does something that counts what there is of a visitor, when there is a place for it.
    pub(crate) async fn counting<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let place = self.counts.take(PATIENCE).await?;
        // It is given back when the count has ended, even if nobody waits for it any more.
        self.off_thread(move |app| {
            let _place = place;
            work(app)
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn as_many_are_counted_at_once_as_there_are_places_and_one_more_when_one_is_free() {
        let places = CountPlaces::default();
        let mut taken = Vec::new();
        for _ in 0..COUNTED_AT_ONCE_MAX {
            taken.push(places.take(Duration::ZERO).await.unwrap());
        }
        let refused = places.take(Duration::ZERO).await.unwrap_err();
        assert!(refused.is(Kind::Unavailable));
        taken.pop();
        assert!(places.take(Duration::ZERO).await.is_ok());
    }
}
