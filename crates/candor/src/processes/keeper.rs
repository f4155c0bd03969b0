//! The process that guards the keys. What it does is in the crate of that name; this hands it what it needs.

mod news;

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use keeper::{Keeper, KeeperError};
use sealing::protocol::Peer;

use super::birth::{self, BEAT_EVERY, Settled};
use super::messages::{Birth, FromChild, Storage, ToChild};
use super::supervisor::KEYS_UNUSABLE;
use crate::Parts;
use crate::logging::with_causes;

/// How long a question of another process waits for the keeper, which may be being started again.
pub(crate) const KEEPER_PATIENCE: Duration = Duration::from_secs(3);
/// How long the first question waits, while the whole server is being started.
pub(crate) const KEEPER_START_PATIENCE: Duration = Duration::from_secs(20);

/// Runs the process until its supervisor ends or asks it to.
pub(crate) fn run(parts: &Parts) -> anyhow::Result<()> {
    birth::leave_no_picture()?;
    let mut newborn = birth::receive()?;
    let keys = newborn.birth.keys.clone().context("a keeper needs a folder for keys")?;
    // Before it is confined: the folder may have to be made first, and a root key be had from elsewhere.
    let keeper = match open(keys, &mut newborn.birth, parts) {
        Ok(keeper) => keeper,
        // The next start may find what unseals the root key: this process is started again, a little later each time.
        Err(error) if error.is_passing() => anyhow::bail!(error),
        Err(error) => {
            tracing::error!("{}", with_causes(&error));
            std::process::exit(KEYS_UNUSABLE);
        }
    };
    let Settled { mut handed, mut heard, voice, .. } = newborn.settle(parts)?;
    let introductions = handed.introductions()?;
    std::thread::Builder::new().name("introductions".to_owned()).spawn(move || {
        while let Ok((who, socket)) = sealing::introduced(&introductions) {
            if let Some(peer) = Peer::of_byte(who)
                && let Err(error) = keeper.welcome(peer, socket)
            {
                tracing::error!("{} cannot be served: {error}", peer.as_str());
            }
        }
    })?;
    voice.say(FromChild::Serving);
    std::thread::Builder::new().name("heart".to_owned()).spawn(move || {
        loop {
            voice.say(FromChild::Beat(Storage::Ok));
            std::thread::sleep(BEAT_EVERY);
        }
    })?;
    while let Some(message) = heard.blocking_recv() {
        if matches!(message, ToChild::Stop) {
            break;
        }
    }
    Ok(())
}

fn open(keys: PathBuf, birth: &mut Birth, parts: &Parts) -> Result<Keeper, KeeperError> {
    let data = birth.data.clone();
    let root = birth.root.take().unwrap_or_default();
    let shown = std::fs::canonicalize(&keys).unwrap_or_else(|_| keys.clone());
    let parts = keeper::Parts {
        keys,
        data,
        clock: parts.clock.clone(),
        rng: parts.rng.clone(),
        public_url: birth.public_url.clone(),
        root,
        end: || std::process::exit(0),
    };
    let (keeper, news) = Keeper::open(&parts)?;
    for news in &news {
        // A closed standard error is no reason to stop.
        let _ = writeln!(std::io::stderr(), "\n  {}\n", news::told(news, &shown));
    }
    Ok(keeper)
}
