//! `candor keys`: which keys the keeper holds. It never shows one.

use hyper::Method;

use super::connection::{Whereabouts, with_server};
use crate::Parts;
use crate::http::keys::Shown;

const LIST_EXAMPLES: &str = "Examples:
  candor keys list
  candor keys list --data /var/lib/candor

A site's number is what the keeper's audit file calls it by.";

/// See which keys there are
#[derive(clap::Subcommand)]
pub(crate) enum Keys {
    /// List the keys by site: their versions, and when they were destroyed
    #[command(after_help = LIST_EXAMPLES)]
    List {
        #[command(flatten)]
        whereabouts: Whereabouts,
    },
}

impl Keys {
    pub(crate) fn run(self, parts: &Parts) -> anyhow::Result<()> {
        let Self::List { whereabouts } = self;
        with_server(parts, &whereabouts, async |server| {
            let keys: Vec<Shown> = server.ask(Method::GET, "/commands/keys", None).await?;
            keys.iter().for_each(|keys| println!("{}", line(keys)));
            Ok(())
        })
    }
}

fn line(keys: &Shown) -> String {
    let domain = keys.domain.as_deref().unwrap_or("removed");
    match &keys.destroyed_at {
        Some(at) => format!("site {:<4} {domain}  destroyed {at}", keys.site),
        None => {
            let newest = keys.versions.last().copied().unwrap_or_default();
            format!("site {:<4} {domain}  version {newest} of {}", keys.site, keys.versions.len())
        }
    }
}
