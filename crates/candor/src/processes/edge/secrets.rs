//! The day's secrets: asked of the keeper, held in memory, and given back to a keeper that was started again.

use std::sync::Arc;
use std::time::Duration;

use domain::DaySecrets;
use sealing::Client;

use super::Edge;
use crate::processes::birth::Voice;
use crate::processes::messages::FromChild;

/// How often it is looked whether a day has begun or another keeper has come.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// Keeps the edge's secrets right, on a thread of its own. The edge serves once it has some.
pub(super) fn keep(edge: Arc<Edge>, keeper: Client, voice: Voice) -> std::io::Result<()> {
    let look = move || {
        let mut held: Option<DaySecrets> = None;
        let mut told_by = None;
        loop {
            let which = keeper.generation();
            let today = edge.doorway.today();
            if told_by != Some(which) || held.as_ref().is_none_or(|held| held.today.day < today) {
                match keeper.day_secrets(held.clone()) {
                    Ok(secrets) => {
                        edge.doorway.take_secrets(secrets.clone());
                        if held.replace(secrets).is_none() {
                            voice.say(FromChild::Serving);
                        }
                        told_by = Some(which);
                    }
                    Err(error) => tracing::warn!("the day's secret is not renewed: {error}"),
                }
            }
            std::thread::sleep(LOOK_EVERY);
        }
    };
    std::thread::Builder::new().name("secrets".to_owned()).spawn(look).map(drop)
}
