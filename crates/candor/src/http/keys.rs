//! Which keys there are, and newer ones, for commands of this account alone. Never a key.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use domain::{DomainName, SiteId};
use serde::{Deserialize, Serialize};

use super::problem::Problem;
use crate::processes::app::state::App;
use crate::processes::edge::NO_SITE;

/// The keys there are.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Shown {
    /// The version of the root key.
    pub(crate) root: u32,
    /// From what kind of source it comes.
    pub(crate) source: String,
    /// Whether it is kept out of swap space.
    pub(crate) locked: bool,
    /// The newest version of the organization's key.
    pub(crate) organization: u32,
    /// The version of the control database's key.
    pub(crate) control: u32,
    /// How many keys are wrapped under an older version of the key above them.
    pub(crate) outdated: u32,
    /// Those of each site.
    pub(crate) sites: Vec<OfSite>,
}

/// The keys of one site.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct OfSite {
    /// The site's number, which the keeper's audit file speaks of.
    pub(crate) site: u32,
    /// Its domain, unless it was removed.
    pub(crate) domain: Option<String>,
    /// The version of its own key, which wraps its pairs.
    pub(crate) key: u32,
    /// The newest version of its pair.
    pub(crate) pair: u32,
    /// How many older pairs are kept.
    pub(crate) older_pairs: u32,
    /// When its keys were destroyed (RFC 3339).
    pub(crate) destroyed_at: Option<String>,
}

/// What is rotated.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Rotate {
    /// One site; without it the organization and all its sites.
    pub(crate) domain: Option<String>,
    /// The root key instead.
    pub(crate) root: bool,
}

/// What was wrapped anew.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Rewrapped {
    /// How many keys.
    pub(crate) keys: u32,
}

/// Lists them by site.
pub(crate) async fn list_keys(State(app): State<Arc<App>>) -> Result<Json<Shown>, Problem> {
    app.off_thread(|app| shown(app).map(Json)).await
}

/// Makes newer keys, to which is sealed from then on.
pub(crate) async fn rotate_keys(
    State(app): State<Arc<App>>,
    Json(rotate): Json<Rotate>,
) -> Result<Json<Shown>, Problem> {
    if rotate.root {
        return app.off_thread(|app| app.rotate_root().and_then(|()| shown(app)).map(Json)).await;
    }
    let known_by = app
        .off_thread(move |app| {
            let site = rotate.domain.as_deref().map(|domain| find(app, domain)).transpose()?;
            app.rotate_keys(site)
        })
        .await?;
    app.edge_knows(known_by).await;
    app.off_thread(|app| shown(app).map(Json)).await
}

/// Wraps every key under the newest version of the key above it.
pub(crate) async fn rewrap_keys(State(app): State<Arc<App>>) -> Result<Json<Rewrapped>, Problem> {
    app.off_thread(|app| Ok(Json(Rewrapped { keys: app.keeper.rewrap()? }))).await
}

fn find(app: &App, domain: &str) -> Result<SiteId, Problem> {
    let unknown = || Problem::not_found("there is no site of that name");
    let name: DomainName = domain.parse().map_err(|_| unknown())?;
    Ok(app.control.site(&name)?.ok_or_else(unknown)?.id)
}

fn shown(app: &App) -> Result<Shown, Problem> {
    let overview = app.keeper.overview()?;
    let domains = app.control.sites().map_err(|error| Problem::internal(&error))?;
    let domain = |site: SiteId| {
        let known = domains.iter().find(|known| known.id == site).map(|known| known.domain.to_string());
        known.or((site == NO_SITE).then(|| "events of no site".to_owned()))
    };
    let sites = app.keeper.list()?.into_iter().map(|keys| OfSite {
        site: keys.site.0,
        domain: domain(keys.site),
        key: keys.key,
        pair: keys.pair,
        older_pairs: keys.older_pairs,
        destroyed_at: keys.destroyed_at.map(|at| at.to_string()),
    });
    Ok(Shown {
        root: overview.root,
        source: overview.source,
        locked: overview.locked,
        organization: overview.organization,
        control: overview.control,
        outdated: overview.outdated,
        sites: sites.collect(),
    })
}
