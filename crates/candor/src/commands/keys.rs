//! `candor keys`: which keys the keeper holds, newer ones, and destroying them. It never shows one.

use std::io::Write;

use hyper::Method;
use serde_json::json;

use super::connection::{Whereabouts, with_server};
use super::output::say;
use super::site;
use crate::Parts;
use crate::http::keys::{OfSite, Rewrapped, Shown};
use crate::logging;

const LIST_EXAMPLES: &str = "Examples:
  candor keys list
  candor keys list --data /var/lib/candor

A site's number is what the keeper's audit file calls it by.";

const ROTATE_EXAMPLES: &str = "Examples:
  candor keys rotate
  candor keys rotate --site example.com
  candor keys rotate --root

What is written from then on is sealed to the new keys. What is there already stays sealed to the older ones, which are
kept for it, and goes over to the new ones where it is merged. A new root key wraps the same keys: make a new copy of the
folder for keys afterwards.";

const REWRAP_EXAMPLES: &str = "Examples:
  candor keys rewrap

Keys that wrap other keys are let go of in their older versions. No data is written again.";

const DESTROY_EXAMPLES: &str = "Examples:
  candor keys destroy example.com
  candor keys destroy example.com --confirm example.com

Nothing of the site can be read again after it, in any copy. It is removed with them, as by candor site remove.";

const NEW_ROOT_EXAMPLES: &str = "Examples:
  candor keys new-root | systemd-creds encrypt --name=candor-root-key - /etc/candor/root-key.cred

and in the service:
  LoadCredentialEncrypted=candor-root-key:/etc/candor/root-key.cred
  ExecStart=candor serve --root-key credential";

const ROTATED: &str = "There are newer keys. What is written from now on is sealed to them.";
const ROOT_ROTATED: &str =
    "There is another root key. Make a new copy of the folder for keys, and delete the old ones.";

/// See which keys there are, make newer ones, or destroy a site's
#[derive(clap::Subcommand)]
pub(crate) enum Keys {
    /// List the keys by site: their versions, and when they were destroyed
    #[command(after_help = LIST_EXAMPLES)]
    List {
        #[command(flatten)]
        whereabouts: Whereabouts,
    },
    /// Make newer keys, for everything or for one site
    #[command(after_help = ROTATE_EXAMPLES)]
    Rotate {
        /// Domain of the one site whose keys are rotated
        #[arg(long, value_name = "DOMAIN")]
        site: Option<String>,
        /// Replace the root key instead, where its source is one that Candor can write to
        #[arg(long, conflicts_with = "site")]
        root: bool,
        #[command(flatten)]
        whereabouts: Whereabouts,
    },
    /// Wrap every key under the newest key above it, and let go of the older
    #[command(after_help = REWRAP_EXAMPLES)]
    Rewrap {
        #[command(flatten)]
        whereabouts: Whereabouts,
    },
    /// Destroy the keys of a site, and with them all that it ever sent, for ever
    #[command(after_help = DESTROY_EXAMPLES)]
    Destroy {
        #[command(flatten)]
        removal: site::Removal,
    },
    /// Print a fresh root key, for a credential of systemd
    #[command(after_help = NEW_ROOT_EXAMPLES)]
    NewRoot,
}

impl Keys {
    pub(crate) fn run(self, parts: &Parts) -> anyhow::Result<()> {
        logging::begin("candor");
        match self {
            Self::List { whereabouts } => with_server(parts, &whereabouts, async |server| {
                let shown: Shown = server.ask(Method::GET, "/commands/keys", None).await?;
                print(&shown);
                Ok(())
            }),
            Self::Rotate { site, root, whereabouts } => with_server(parts, &whereabouts, async |server| {
                let body = json!({ "domain": site, "root": root });
                let shown: Shown = server.ask(Method::POST, "/commands/keys/rotate", Some(body)).await?;
                say(format_args!("{}\n", if root { ROOT_ROTATED } else { ROTATED }));
                print(&shown);
                Ok(())
            }),
            Self::Rewrap { whereabouts } => with_server(parts, &whereabouts, async |server| {
                let path = "/commands/keys/rewrap";
                let Rewrapped { keys } = server.ask(Method::POST, path, Some(json!({}))).await?;
                say(format_args!("{}", rewrapped(keys)));
                Ok(())
            }),
            Self::Destroy { removal } => removal.run(parts),
            Self::NewRoot => new_root(parts),
        }
    }
}

fn new_root(parts: &Parts) -> anyhow::Result<()> {
    eprintln!("This is a root key, and kept nowhere else: whoever sees it can open what is sealed under it.");
    let mut out = std::io::stdout();
    out.write_all(keeper::new_root_line(&*parts.rng).as_bytes())?;
    Ok(out.flush()?)
}

fn rewrapped(keys: u32) -> String {
    match keys {
        0 => "Every key is under the newest key above it already.".to_owned(),
        1 => "1 key was wrapped anew; no older key wraps any.".to_owned(),
        many => format!("{many} keys were wrapped anew; no older key wraps any."),
    }
}

fn print(shown: &Shown) {
    say(format_args!("root key           version {}, from: {}", shown.root, shown.source));
    say(format_args!("organization       version {}", shown.organization));
    say(format_args!("control database   version {}", shown.control));
    let wide = shown.sites.iter().map(|keys| name(keys).len()).max().unwrap_or(0);
    shown.sites.iter().for_each(|keys| say(format_args!("{}", line(keys, wide))));
    if shown.outdated > 0 {
        say(format_args!(
            "\n{} still wrapped under an older key: candor keys rewrap, or the next change of keys, mends it.",
            if shown.outdated == 1 { "1 key is".to_owned() } else { format!("{} keys are", shown.outdated) }
        ));
    }
}

fn name(keys: &OfSite) -> &str {
    keys.domain.as_deref().unwrap_or("removed")
}

fn line(keys: &OfSite, wide: usize) -> String {
    let (number, domain) = (keys.site, name(keys));
    match (&keys.destroyed_at, keys.older_pairs) {
        (Some(at), _) => format!("site {number:<4} {domain:wide$}  destroyed {at}"),
        (None, older) => {
            let kept = match older {
                0 => String::new(),
                older => format!(", {older} older kept for what is sealed to it"),
            };
            let (key, pair) = (keys.key, keys.pair);
            format!("site {number:<4} {domain:wide$}  version {key}, sealed to version {pair}{kept}")
        }
    }
}
