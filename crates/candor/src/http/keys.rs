//! Which keys there are, for commands of this account alone. Never a key.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};

use super::problem::Problem;
use crate::processes::app::state::App;
use crate::processes::edge::NO_SITE;

/// The keys of one site.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Shown {
    /// The site's number, which the keeper's audit file speaks of.
    pub(crate) site: u32,
    /// Its domain, unless it was removed.
    pub(crate) domain: Option<String>,
    /// The versions of its pair, the newest last.
    pub(crate) versions: Vec<u32>,
    /// When its keys were destroyed (RFC 3339).
    pub(crate) destroyed_at: Option<String>,
}

/// Lists them by site.
pub(crate) async fn list_keys(State(app): State<Arc<App>>) -> Result<Json<Vec<Shown>>, Problem> {
    app.off_thread(|app| {
        let sites = app.control.sites().map_err(|error| Problem::internal(&error))?;
        let keys = app.keeper.list()?.into_iter().map(|keys| {
            let known = sites.iter().find(|site| site.id == keys.site);
            let none = (keys.site == NO_SITE).then(|| "events of no site".to_owned());
            Shown {
                site: keys.site.0,
                domain: known.map(|site| site.domain.to_string()).or(none),
                versions: keys.versions,
                destroyed_at: keys.destroyed_at.map(|at| at.to_string()),
            }
        });
        Ok(Json(keys.collect()))
    })
    .await
}
