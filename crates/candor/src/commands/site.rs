//! `candor site`: which sites are measured.

mod export;

use std::io::Write;
use std::path::PathBuf;

use hyper::Method;
use serde::Deserialize;
use serde_json::json;

use super::connection::{Whereabouts, with_server};
use super::credentials::KeyFlags;
use super::output::say;
use crate::Parts;
use crate::logging;

const ADD_EXAMPLES: &str = "Examples:
  CANDOR_KEY=candor_… candor site add example.com
  candor site add example.com --key-file key.txt
  candor site add shop.example.com --timezone Europe/Berlin
  candor site add example.com --data /var/lib/candor";

const LIST_EXAMPLES: &str = "Examples:
  candor site list
  candor site list --data /var/lib/candor";

const REMOVE_EXAMPLES: &str = "Examples:
  candor site remove example.com
  candor site remove example.com --confirm example.com

The keys of the site are destroyed, so that nothing of it can be read again: not here, and not in any backup.";

/// Add sites, list them, export one, or remove one for ever
#[derive(clap::Subcommand)]
pub(crate) enum Site {
    /// Begin to measure a site; prints what to put into its pages
    #[command(after_help = ADD_EXAMPLES)]
    Add {
        /// Domain of the site, such as example.com
        domain: String,
        /// Time zone in which its days begin
        #[arg(long, value_name = "TZ", default_value = "UTC")]
        timezone: String,
        #[command(flatten)]
        key: KeyFlags,
        #[command(flatten)]
        whereabouts: Whereabouts,
    },
    /// Remove a site and everything it ever sent, for ever
    #[command(after_help = REMOVE_EXAMPLES)]
    Remove {
        #[command(flatten)]
        removal: Removal,
    },
    /// Write every event of a site as JSON, one a line
    #[command(after_help = export::EXAMPLES)]
    Export {
        /// Domain of the site
        domain: String,
        /// File to write, which must not exist yet, instead of standard output
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
        #[command(flatten)]
        key: KeyFlags,
        #[command(flatten)]
        whereabouts: Whereabouts,
    },
    /// List the sites that the key may see
    #[command(after_help = LIST_EXAMPLES)]
    List {
        #[command(flatten)]
        key: KeyFlags,
        #[command(flatten)]
        whereabouts: Whereabouts,
    },
}

#[derive(Deserialize)]
struct Shown {
    domain: String,
    timezone: String,
    created_at: String,
    snippet: String,
}

#[derive(Deserialize)]
struct All {
    sites: Vec<Shown>,
}

impl Site {
    pub(crate) fn run(self, parts: &Parts) -> anyhow::Result<()> {
        logging::begin("candor");
        match self {
            Self::Add { domain, timezone, key, whereabouts } => {
                let key = key.require()?;
                with_server(parts, &whereabouts, async |server| {
                    let body = json!({ "domain": domain, "timezone": timezone });
                    let site: Shown =
                        server.with_key(&key).ask(Method::POST, "/api/sites", Some(body)).await?;
                    say(format_args!(
                        "{} is measured. Put this into its pages:\n\n  {}\n",
                        site.domain, site.snippet
                    ));
                    Ok(())
                })
            }
            Self::Remove { removal } => removal.run(parts),
            Self::Export { domain, output, key, whereabouts } => {
                let key = key.require()?;
                with_server(parts, &whereabouts, async |server| {
                    export::export(&server.with_key(&key), &domain, output.as_deref()).await
                })
            }
            Self::List { key, whereabouts } => {
                let key = key.require()?;
                with_server(parts, &whereabouts, async |server| {
                    let All { sites } = server.with_key(&key).ask(Method::GET, "/api/sites", None).await?;
                    print_table(&sites);
                    Ok(())
                })
            }
        }
    }
}

/// What is removed for ever: a site, its keys first.
#[derive(clap::Args)]
pub(super) struct Removal {
    /// Domain of the site
    domain: String,
    /// The domain once more, instead of being asked to type it
    #[arg(long, value_name = "DOMAIN")]
    confirm: Option<String>,
    #[command(flatten)]
    key: KeyFlags,
    #[command(flatten)]
    whereabouts: Whereabouts,
}

impl Removal {
    pub(super) fn run(self, parts: &Parts) -> anyhow::Result<()> {
        let Self { domain, confirm, key, whereabouts } = self;
        let key = key.require()?;
        let confirmed = confirm.map_or_else(|| ask_to_type(&domain), Ok)?;
        anyhow::ensure!(confirmed.trim() == domain, "that is not {domain}: nothing was removed");
        with_server(parts, &whereabouts, async |server| {
            let body = json!({ "confirm": domain });
            let path = format!("/api/sites/{domain}");
            let () = server.with_key(&key).ask(Method::DELETE, &path, Some(body)).await?;
            say(format_args!("{domain} is removed: its keys are destroyed and its data is deleted."));
            Ok(())
        })
    }
}

/// Asks for the domain to be typed, since nothing can undo what follows.
fn ask_to_type(domain: &str) -> anyhow::Result<String> {
    let mut out = std::io::stdout();
    write!(
        out,
        "Everything that {domain} ever sent will be gone for ever, in every backup too.\nType {domain} to remove it: "
    )?;
    out.flush()?;
    let mut typed = String::new();
    std::io::stdin().read_line(&mut typed)?;
    Ok(typed)
}

fn print_table(sites: &[Shown]) {
    if sites.is_empty() {
        say("There is no site yet: candor site add example.com");
        return;
    }
    let wide = |text: fn(&Shown) -> &str| sites.iter().map(|site| text(site).len()).max().unwrap_or(0);
    let (domain, zone) = (wide(|site| &site.domain), wide(|site| &site.timezone));
    for site in sites {
        let since = site.created_at.split('T').next().unwrap_or_default();
        say(format_args!("{:domain$}  {:zone$}  since {since}", site.domain, site.timezone));
    }
}
