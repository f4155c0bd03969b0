//! `candor site`: which sites are measured.

use hyper::Method;
use serde::Deserialize;
use serde_json::json;

use super::connection::{Whereabouts, with_server};
use crate::Parts;
use crate::logging;

const ADD_EXAMPLES: &str = "Examples:
  candor site add example.com
  candor site add shop.example.com --timezone Europe/Berlin
  candor site add example.com --data /var/lib/candor";

const LIST_EXAMPLES: &str = "Examples:
  candor site list
  candor site list --data /var/lib/candor";

/// Add sites, or list them
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
        whereabouts: Whereabouts,
    },
    /// List the sites that are measured
    #[command(after_help = LIST_EXAMPLES)]
    List {
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
            Self::Add { domain, timezone, whereabouts } => with_server(parts, &whereabouts, async |server| {
                let body = json!({ "domain": domain, "timezone": timezone });
                let site: Shown = server.ask(Method::POST, "/api/sites", Some(body)).await?;
                println!("{} is measured. Put this into its pages:\n\n  {}\n", site.domain, site.snippet);
                Ok(())
            }),
            Self::List { whereabouts } => with_server(parts, &whereabouts, async |server| {
                let All { sites } = server.ask(Method::GET, "/api/sites", None).await?;
                print_table(&sites);
                Ok(())
            }),
        }
    }
}

fn print_table(sites: &[Shown]) {
    if sites.is_empty() {
        println!("There is no site yet: candor site add example.com");
        return;
    }
    let wide = |text: fn(&Shown) -> &str| sites.iter().map(|site| text(site).len()).max().unwrap_or(0);
    let (domain, zone) = (wide(|site| &site.domain), wide(|site| &site.timezone));
    for site in sites {
        let since = site.created_at.split('T').next().unwrap_or_default();
        println!("{:domain$}  {:zone$}  since {since}", site.domain, site.timezone);
    }
}
