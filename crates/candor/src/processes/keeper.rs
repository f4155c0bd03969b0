//! The process that guards the keys. What it does is in the crate of that name; this hands it what it needs.

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
    #[cfg(target_os = "linux")]
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)?;
    let newborn = birth::receive()?;
    let keys = newborn.birth.keys.clone().context("a keeper needs a folder for keys")?;
    // Before it is confined: the folder may have to be made first.
    let keeper = match open(keys, &newborn.birth, parts) {
        Ok(keeper) => keeper,
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

fn open(keys: PathBuf, birth: &Birth, parts: &Parts) -> Result<Keeper, KeeperError> {
    let data = birth.data.clone();
    let parts = keeper::Parts { keys, data, clock: parts.clock.clone(), rng: parts.rng.clone() };
    let (keeper, made) = Keeper::open(&parts)?;
    if let Some(made) = made {
        // A closed standard error is no reason to stop.
        let _ = writeln!(
            std::io::stderr(),
            "\n  The root key was made: {}\n  \
             Without it nothing that Candor keeps can be opened again. Keep a copy of its folder, apart from the data\n  \
             and from the data's backups: whoever has both can read everything.\n",
            made.display()
        );
    }
    Ok(keeper)
}
