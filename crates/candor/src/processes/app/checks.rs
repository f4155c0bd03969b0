//! Checks of everything that is kept. The worker reads it, as a duty of its own: `app` may open nothing unasked.

use std::time::Duration;

use tokio::sync::watch;

use super::state::App;
use crate::http::problem::{Kind, Problem};
use crate::processes::checking::Checked;
use crate::processes::messages::FromChild;

/// How long one may take.
const PATIENCE: Duration = Duration::from_secs(600);

/// What the worker found: the number of the check, and what it says.
type Outcome = Option<(u64, Result<Checked, String>)>;

/// The checks that were asked for.
pub(crate) struct Checks {
    asked: watch::Sender<u64>,
    found: watch::Sender<Outcome>,
}

impl Default for Checks {
    fn default() -> Self {
        Self { asked: watch::Sender::new(0), found: watch::Sender::new(None) }
    }
}

impl App {
    /// Has everything read. The problem names the first that cannot be.
    pub(crate) async fn check(&self) -> Result<Checked, Problem> {
        let mut found = self.checks.found.subscribe();
        let mut number = 0;
        self.checks.asked.send_modify(|asked| {
            *asked += 1;
            number = *asked;
        });
        self.voice.say(FromChild::Check(number));
        let mine = |outcome: &Outcome| outcome.as_ref().is_some_and(|(of, _)| *of == number);
        let waited = tokio::time::timeout(PATIENCE, found.wait_for(mine)).await;
        let outcome = match waited {
            Ok(Ok(outcome)) => outcome.clone(),
            _ => None,
        };
        match outcome {
            Some((_, Ok(checked))) => Ok(checked),
            Some((_, Err(sentence))) => Err(Problem::new(Kind::Conflict, sentence)),
            None => Err(Problem::new(Kind::Unavailable, "the worker did not answer; try again")),
        }
    }

    pub(super) fn take_check(&self, number: u64, outcome: Result<Checked, String>) {
        self.checks.found.send_replace(Some((number, outcome)));
    }
}
