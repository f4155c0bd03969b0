//! `candor demo`: a site with believable history, and visitors that keep coming. Everything goes through the same
//! pipeline as real traffic, and everything is invented. On a server that nobody owns yet it makes an owner, and says
//! how to sign in as them.

mod dice;
mod history;
mod live;
mod owner;
mod visits;
mod world;

use hyper::{Method, StatusCode};
use owner::Owner;
use serde_json::json;

use super::connection::{Server, Whereabouts, with_server};
use super::credentials::KeyFlags;
use super::output::say;
use crate::Parts;
use crate::data_dir::DataDir;
use crate::http::server::ServerDescription;
use crate::logging;

/// The site that is filled unless another is named; nobody can own it.
const DOMAIN: &str = "demo.candor.example";

const EXAMPLES: &str = "Examples:
  candor demo                         90 days of history, about 200,000 events
  candor demo --live                  the same, then visitors that keep coming until Ctrl-C
  candor demo --days 7 --events 5000 --seed 42

Live visitors come from all over the world only where the server trusts a proxy on this machine:
  candor serve --behind-proxy 127.0.0.0/8";

/// Fill a site with believable history, and keep visitors coming
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Demo {
    /// Days of history
    #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=1000))]
    days: u32,
    /// Events in it, roughly
    #[arg(long, default_value_t = 200_000)]
    events: u64,
    /// The same seed on the same day makes the same history
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Then keep visitors coming until stopped; needs a running server
    #[arg(long)]
    live: bool,
    /// Site to fill
    #[arg(long, default_value = DOMAIN)]
    domain: String,
    /// Open the address that signs in in a browser
    #[arg(long)]
    open: bool,
    #[command(flatten)]
    key: KeyFlags,
    #[command(flatten)]
    whereabouts: Whereabouts,
}

impl Demo {
    pub(crate) fn run(self, parts: &Parts) -> anyhow::Result<()> {
        logging::begin("candor");
        let now = parts.clock.now();
        let given = self.key.find()?;
        let data = DataDir::ready(&self.whereabouts.data)?;
        with_server(parts, &self.whereabouts, async |server| {
            let description: ServerDescription = server.ask(Method::GET, "/commands/server", None).await?;
            let owner = match given {
                Some(_) => None,
                None => Owner::find(&server, data.path(), &*parts.rng).await?,
            };
            let key = owner.as_ref().map(Owner::key).or(given).map_or_else(|| self.key.require(), Ok)?;
            let of_nobody = server.clone();
            let server = server.with_key(&key);
            self.make_site(&server).await?;
            // Whoever follows the address finds the site there, and sees it fill.
            if let (Some(owner), Some(_)) = (owner, description.listen) {
                match owner.address(&of_nobody).await {
                    Ok(address) => self.show_in(&address),
                    Err(error) => {
                        say(format_args!("Sign in at {} as you do: {error}.", description.public_url));
                    }
                }
            }
            if self.is_filled(&server).await? {
                say(format_args!("{} has its history already.", self.domain));
            } else {
                history::fill(&server, &self.domain, self.days, self.events, self.seed, now).await?;
                say(format_args!("{} is filled: {}/{}", self.domain, description.public_url, self.domain));
            }
            if !self.live {
                return Ok(());
            }
            let Some(address) = description.listen else {
                anyhow::bail!("live visitors need a running server: start candor serve first");
            };
            say("Visitors keep coming until Ctrl-C.");
            live::keep_coming(address, &self.domain, self.seed, parts.clock.clone()).await
        })
    }

    /// Says how to sign in as the demo's owner.
    fn show_in(&self, address: &str) {
        say(format_args!(
            "Sign in as the demo's owner, once and within five minutes (the demo, begun again, makes another address):\n\n  {address}\n"
        ));
        if self.open {
            open_browser(address);
        }
    }

    async fn make_site(&self, server: &Server) -> anyhow::Result<()> {
        let body = json!({ "domain": self.domain, "timezone": "Europe/Berlin" });
        let response = server.send(server.request(Method::POST, "/api/sites", Some(&body))?).await?;
        if response.status() == StatusCode::CONFLICT {
            return Ok(());
        }
        super::connection::understand::<serde_json::Value>(response).await.map(drop)
    }

    async fn is_filled(&self, server: &Server) -> anyhow::Result<bool> {
        let query = json!({ "site_id": self.domain, "date_range": "all", "metrics": ["events"] });
        let answer: serde_json::Value = server.ask(Method::POST, "/api/v2/query", Some(query)).await?;
        Ok(answer["results"][0]["metrics"][0].as_u64().unwrap_or(0) > 1_000)
    }
}

/// Opens an address where there is a desktop to open it on; it stands on the terminal either way.
fn open_browser(address: &str) {
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let quiet = std::process::Stdio::null;
    let _ = std::process::Command::new(opener).arg(address).stdout(quiet()).stderr(quiet()).spawn();
}
