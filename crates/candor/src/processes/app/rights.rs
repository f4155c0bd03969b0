//! What follows when rights change: streams ask again whether they may go on, and what nobody may see any more is let go
//! of, within a second.

use std::sync::Arc;
use std::time::Duration;

use domain::audit::{Act, Actor, Log, NewEntry, Object, ObjectKind};
use domain::{Network, SiteId, Timestamp};
use sealing::protocol::people::{Ask, Told};
use tokio::sync::watch;

use super::state::App;
use crate::blocks::Block;
use crate::http::problem::Problem;
use crate::processes::edge::NO_SITE;

/// Rights also end by themselves, as a sign-in does that was not used: so often it is looked.
const LOOK_EVERY: Duration = Duration::from_secs(60);

impl App {
    /// Somebody's rights may be others than they were.
    pub(crate) fn rights_changed(&self) {
        self.rights.send_modify(|count| *count += 1);
    }

    /// Changes whenever somebody's rights may have.
    pub(crate) fn rights(&self) -> watch::Receiver<u64> {
        self.rights.subscribe()
    }

    /// Keeps a network out until then, and writes it down; those whose time is over are let in again.
    pub(crate) fn block(&self, network: Network, until: Timestamp) -> Result<(), Problem> {
        tracing::warn!("network {network} tries one account after the other: it is kept out until {until}");
        let now = self.clock.now();
        let object = Object::new(ObjectKind::Network, network);
        let entry = NewEntry::new(now, Actor::system(), Act::Block, object).with("until", until);
        self.control.note(Log::SERVER, &entry)?;
        let mut blocks = self.blocks();
        blocks.retain(|block| now < block.until && block.network != network);
        blocks.push(Block { network, until });
        // The edge was told in any case.
        if let Err(error) = self.set_blocks(blocks) {
            tracing::warn!("the list of blocked networks cannot be written for the firewall: {error}");
        }
        Ok(())
    }
}

/// Lets go of what nobody may see any more, whenever rights change.
pub(super) async fn let_go(app: Arc<App>) {
    let mut rights = app.rights.subscribe();
    let mut stopping = app.stopping();
    loop {
        tokio::select! {
            _ = rights.changed() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
            _ = stopping.changed() => return,
        }
        let looked = app.off_thread(|app| {
            let Told::Sites(seen) = app.ask(Ask::SitesSeen)? else { return Ok(()) };
            app.store.keep_only_sites(|site: SiteId| site == NO_SITE || seen.contains(&site));
            Ok(())
        });
        // Without the keeper nobody is let in either; what is in memory is looked at again with the next change.
        let _ = looked.await;
    }
}
