//! Who is kept out: `edge` is told, and the machine's firewall can be.

use std::fs::File;
use std::io::{self, Write};
use std::sync::PoisonError;

use super::state::App;
use crate::blocks::{Block, as_nftables};
use crate::data_dir::DataDir;
use crate::processes::messages::FromChild;

impl App {
    /// From now on these networks and no others are kept out: by `edge` within a second, and by the machine's firewall
    /// once somebody loads the list that is written for it.
    ///
    /// # Errors
    /// Where the list cannot be written; `edge` keeps them out all the same.
    pub(crate) fn set_blocks(&self, blocks: Vec<Block>) -> io::Result<()> {
        // One after the other, or the list would be one and what `edge` was told another.
        let mut known = self.blocking.lock().unwrap_or_else(PoisonError::into_inner);
        known.clone_from(&blocks);
        let script = as_nftables(&blocks, &self.proxies, self.clock.now());
        self.voice.say(FromChild::Blocks(blocks));
        let data = DataDir::new(self.data.clone());
        let fresh = data.scratch().join("blocked.nft");
        let mut file = File::create(&fresh)?;
        file.write_all(script.as_bytes())?;
        std::fs::rename(fresh, data.blocked_networks())
    }

    /// Goes on with what was blocked before this process began.
    pub(super) fn go_on_blocking(&self, blocks: Vec<Block>) {
        if let Err(error) = self.set_blocks(blocks) {
            tracing::warn!("the list of blocked networks cannot be written for the firewall: {error}");
        }
    }

    /// What is kept out.
    pub(super) fn blocks(&self) -> Vec<Block> {
        self.blocking.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
