//! The process that tidies: absorbs closed journal files into segments, merges them, collects garbage.
//! It faces nothing and listens on nothing.

use super::birth::{self, Newborn};
use super::messages::{FromChild, Storage, ToChild};
use crate::Parts;

/// Runs the process until its supervisor ends or asks it to.
pub(crate) fn run(_parts: &Parts) -> anyhow::Result<()> {
    let newborn = birth::receive()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(serve(newborn))?;
    runtime.shutdown_background();
    Ok(())
}

async fn serve(newborn: Newborn) -> anyhow::Result<()> {
    let Newborn { mut heard, voice, .. } = newborn;
    tokio::spawn(voice.clone().beat(|| Storage::Ok));
    voice.say(FromChild::Serving);
    while let Some(message) = heard.recv().await {
        if matches!(message, ToChild::Stop) {
            break;
        }
    }
    Ok(())
}
