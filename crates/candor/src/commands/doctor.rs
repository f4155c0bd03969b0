//! `candor doctor`: says what is wrong, and changes nothing.

mod checks;
mod health;

use std::net::SocketAddr;

use self::checks::{Check, Examination};
use crate::Parts;
use crate::commands::connection::Whereabouts;
use crate::commands::output::say;
use crate::config::LISTEN_DEFAULT;
use crate::logging;

const EXAMPLES: &str = "Examples:
  candor doctor
  candor doctor --data /var/lib/candor --listen 127.0.0.1:7400

It exits with 1 when something is wrong.";

/// Say what is wrong with the data, the ports, the disk and the server
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Doctor {
    #[command(flatten)]
    whereabouts: Whereabouts,
    /// Address the server listens on, or would
    #[arg(long, value_name = "ADDR", default_value = LISTEN_DEFAULT)]
    listen: SocketAddr,
}

impl Doctor {
    pub(crate) fn run(self, parts: &Parts) -> anyhow::Result<()> {
        logging::begin("doctor");
        let examination = Examination::of(self.whereabouts, self.listen, parts.clone());
        let mut wrong = 0;
        for Check { what, found } in examination.run()? {
            match found {
                Ok(sentence) => say(format_args!("  fine   {what:<12} {sentence}")),
                Err(sentence) => {
                    wrong += 1;
                    say(format_args!("  WRONG  {what:<12} {sentence}"));
                }
            }
        }
        match wrong {
            0 => Ok(()),
            1 => anyhow::bail!("one thing is wrong"),
            many => anyhow::bail!("{many} things are wrong"),
        }
    }
}
