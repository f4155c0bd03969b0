//! What is happening on a site now: one watcher for each site that somebody looks at, however many look.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::{Clock, SiteId, Timestamp};
use events::{Store, StoreError};
use tokio::sync::watch;

/// How often new data is looked for.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Visitors leave without an event, so they are counted again this often.
const COUNT_EVERY: Duration = Duration::from_secs(5);

/// What watchers of a site are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pulse {
    /// Visitors with a page view in the last five minutes; `None` until they were counted once.
    pub(crate) current: Option<u64>,
    /// When new data was last seen to be in.
    pub(crate) data_at: Option<Timestamp>,
}

/// The watchers of all sites.
pub(crate) struct LiveHub {
    store: Arc<Store>,
    clock: Arc<dyn Clock>,
    watched: Arc<Mutex<HashMap<SiteId, watch::Sender<Pulse>>>>,
}

impl LiveHub {
    pub(super) fn new(store: Arc<Store>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock, watched: Arc::default() }
    }

    /// Watches `site` until the receiver is dropped. The first to come is told at once what there is: this waits for
    /// the disk, so it must not hold up anybody.
    pub(crate) fn watch(&self, site: SiteId) -> watch::Receiver<Pulse> {
        let (sender, receiver) = watch::channel(Pulse::default());
        {
            let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(sender) = watched.get(&site) {
                return sender.subscribe();
            }
            watched.insert(site, sender.clone());
        }
        let mut watcher = Watcher {
            store: self.store.clone(),
            clock: self.clock.clone(),
            site,
            arrived: None,
            counted: None,
        };
        let mut pulse = Pulse::default();
        // Whoever asks for a report meets the same trouble and is told of it there.
        let _ = watcher.look(&mut pulse);
        sender.send_replace(pulse);
        tokio::spawn(keep_watch(watcher, sender, self.watched.clone()));
        receiver
    }
}

struct Watcher {
    store: Arc<Store>,
    clock: Arc<dyn Clock>,
    site: SiteId,
    arrived: Option<u64>,
    counted: Option<Instant>,
}

async fn keep_watch(
    mut watcher: Watcher,
    sender: watch::Sender<Pulse>,
    watched: Arc<Mutex<HashMap<SiteId, watch::Sender<Pulse>>>>,
) {
    let mut interval = tokio::time::interval_at(tokio::time::Instant::now() + LOOK_EVERY, LOOK_EVERY);
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        interval.tick().await;
        {
            // Under the lock, so that nobody subscribes to a watcher that is about to end.
            let mut watched = watched.lock().unwrap_or_else(PoisonError::into_inner);
            if sender.is_closed() {
                watched.remove(&watcher.site);
                return;
            }
        }
        let mut pulse = *sender.borrow();
        let looked = tokio::task::spawn_blocking(move || {
            let outcome = watcher.look(&mut pulse);
            (watcher, pulse, outcome)
        });
        // Whoever asks for a report meets the same trouble and is told of it there.
        let Ok((after, pulse, _)) = looked.await else { return };
        watcher = after;
        sender.send_if_modified(|known| std::mem::replace(known, pulse) != pulse);
    }
}

impl Watcher {
    fn look(&mut self, pulse: &mut Pulse) -> Result<(), StoreError> {
        let arrived = self.store.arrived(self.site)?;
        let fresh = self.arrived.is_some_and(|before| before != arrived);
        self.arrived = Some(arrived);
        if fresh {
            pulse.data_at = Some(self.clock.now());
        }
        if fresh || self.counted.is_none_or(|at| at.elapsed() >= COUNT_EVERY) {
            pulse.current = Some(self.store.current_visitors(self.site, self.clock.now())?);
            self.counted = Some(Instant::now());
        }
        Ok(())
    }
}
