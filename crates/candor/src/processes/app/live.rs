//! What is happening on a site now: one watcher for each site that somebody looks at, however many look.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use domain::{Clock, SiteId, Timestamp};
use events::{Store, StoreError};
use sealing::OpenError;
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

/// Those who look at a site, by what each may have opened. Whoever is gone is let go of.
type Askers = Arc<Mutex<Vec<Weak<Store>>>>;

/// A site that is watched.
struct Watched {
    pulse: watch::Sender<Pulse>,
    askers: Askers,
}

/// What somebody who looks holds for as long as they do.
pub(crate) struct Watching {
    pub(crate) pulse: watch::Receiver<Pulse>,
    _store: Arc<Store>,
}

/// The watchers of all sites.
pub(crate) struct LiveHub {
    clock: Arc<dyn Clock>,
    watched: Arc<Mutex<HashMap<SiteId, Watched>>>,
}

impl LiveHub {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, watched: Arc::default() }
    }

    /// Watches `site` until what is returned is dropped, by what somebody who may see it may have opened. The first to
    /// come is told at once what there is: this waits for the disk, so it must not hold up anybody.
    pub(crate) fn watch(&self, site: SiteId, store: Store) -> Watching {
        let store = Arc::new(store);
        let (pulse, receiver) = watch::channel(Pulse::default());
        let askers = Askers::default();
        {
            let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(known) = watched.get(&site) {
                lock(&known.askers).push(Arc::downgrade(&store));
                return Watching { pulse: known.pulse.subscribe(), _store: store };
            }
            lock(&askers).push(Arc::downgrade(&store));
            watched.insert(site, Watched { pulse: pulse.clone(), askers: askers.clone() });
        }
        let mut watcher = Watcher { askers, clock: self.clock.clone(), site, arrived: None, counted: None };
        let mut first = Pulse::default();
        // Whoever asks for a report meets the same trouble and is told of it there.
        let _ = watcher.look(&mut first);
        pulse.send_replace(first);
        tokio::spawn(keep_watch(watcher, pulse, self.watched.clone()));
        Watching { pulse: receiver, _store: store }
    }
}

fn lock(askers: &Askers) -> MutexGuard<'_, Vec<Weak<Store>>> {
    askers.lock().unwrap_or_else(PoisonError::into_inner)
}

struct Watcher {
    askers: Askers,
    clock: Arc<dyn Clock>,
    site: SiteId,
    arrived: Option<u64>,
    counted: Option<Instant>,
}

async fn keep_watch(
    mut watcher: Watcher,
    sender: watch::Sender<Pulse>,
    watched: Arc<Mutex<HashMap<SiteId, Watched>>>,
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
    /// Looks by what the first of those who look may have opened; one whose rights ended is passed over.
    fn look(&mut self, pulse: &mut Pulse) -> Result<(), StoreError> {
        let stores: Vec<Arc<Store>> = {
            let mut askers = lock(&self.askers);
            askers.retain(|asker| asker.strong_count() > 0);
            askers.iter().filter_map(Weak::upgrade).collect()
        };
        let mut outcome = Ok(());
        for store in stores {
            outcome = self.look_by(&store, pulse);
            match &outcome {
                Err(error) if matches!(error.closed(), Some(OpenError::Denied(_))) => {}
                _ => break,
            }
        }
        outcome
    }

    fn look_by(&mut self, store: &Store, pulse: &mut Pulse) -> Result<(), StoreError> {
        let arrived = store.arrived(self.site)?;
        let fresh = self.arrived.is_some_and(|before| before != arrived);
        self.arrived = Some(arrived);
        if fresh {
            pulse.data_at = Some(self.clock.now());
        }
        if fresh || self.counted.is_none_or(|at| at.elapsed() >= COUNT_EVERY) {
            pulse.current = Some(store.current_visitors(self.site, self.clock.now())?);
            self.counted = Some(Instant::now());
        }
        Ok(())
    }
}
