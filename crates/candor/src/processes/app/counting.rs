//! Counting what there is of a visitor: each count has who did what when of a whole segment in memory, one after the other,
//! however little of it is the visitor's.

use std::sync::Arc;
use std::time::Duration;

use super::places::Places;
use super::state::App;
use crate::http::problem::Problem;

/// So many counts are under way at once.
const COUNTED_AT_ONCE_MAX: usize = 4;
/// How long one more waits for a place.
const PATIENCE: Duration = Duration::from_secs(10);

/// The places for counts.
pub(super) fn places() -> Places {
    Places::new(
        COUNTED_AT_ONCE_MAX,
        format!("what there is of {COUNTED_AT_ONCE_MAX} visitors is being counted; try again"),
    )
}

impl App {
    /// Does something that counts what there is of a visitor, when there is a place for it.
    pub(crate) async fn counting<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let place = self.counts.wait(PATIENCE).await?;
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
    use crate::http::problem::Kind;

    #[tokio::test]
    async fn as_many_are_counted_at_once_as_there_are_places_and_one_more_when_one_is_free() {
        let places = places();
        let mut taken = Vec::new();
        for _ in 0..COUNTED_AT_ONCE_MAX {
            taken.push(places.wait(Duration::ZERO).await.unwrap());
        }
        let refused = places.wait(Duration::ZERO).await.unwrap_err();
        assert!(refused.is(Kind::Unavailable));
        taken.pop();
        assert!(places.wait(Duration::ZERO).await.is_ok());
    }
}
