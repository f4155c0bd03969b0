//! `candor demo`: a site with believable history, and visitors that keep coming. Everything goes through the same
//! pipeline as real traffic, and everything is invented.

mod dice;
mod history;
mod live;
mod visits;
mod world;

use hyper::{Method, StatusCode};
use serde_json::json;

use super::connection::{Server, Whereabouts, with_server};
use super::output::say;
use crate::Parts;
use crate::http::server::ServerDescription;
use crate::logging;

/// The site that is filled unless another is named; nobody can own it.
const DOMAIN: &str = "demo.candor.example";

const EXAMPLES: &str = "Examples:
  candor demo                         90 days of history, about 200,000 events
  candor demo --live                  the same, then visitors that keep coming until Ctrl-C
  candor demo --days 7 --events 5000 --seed 42

Live visitors come from all over the world only where the server trusts a proxy on this machine:
  candor serve --trusted-proxy 127.0.0.0/8";

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
    #[command(flatten)]
    whereabouts: Whereabouts,
}

impl Demo {
    pub(crate) fn run(self, parts: &Parts) -> anyhow::Result<()> {
        logging::begin("candor");
        let now = parts.clock.now();
        with_server(parts, &self.whereabouts, async |server| {
            let description: ServerDescription = server.ask(Method::GET, "/commands/server", None).await?;
            self.make_site(&server).await?;
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

    async fn make_site(&self, server: &Server) -> anyhow::Result<()> {
        let body = json!({ "domain": self.domain, "timezone": "Europe/Berlin" });
        let request = hyper::Request::post("/api/sites")
            .header("host", "localhost")
            .header("content-type", "application/json")
            .body(http_body_util::Full::new(bytes::Bytes::from(body.to_string())))?;
        let response = server.send(request).await?;
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
