//! `/api/operator/health`: how the server is, and how large what each organization keeps. Sizes are all that is told of
//! what they measured.

use std::fs;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use control::DutyRow;
use domain::{SiteId, Timestamp};
use sealing::protocol::operators::{Ask, Told};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::health::Health;
use super::super::problem::Problem;
use super::asking::OnDuty;
use crate::data_dir::DataDir;
use crate::processes::app::operators::unexpected;
use crate::processes::app::state::App;

/// How large what an organization keeps is.
#[derive(Serialize, ToSchema)]
pub(crate) struct OrganizationSize {
    id: u32,
    name: String,
    sites: usize,
    /// Bytes of its segments.
    bytes: u64,
}

/// How the server is.
#[derive(Serialize, ToSchema)]
pub(crate) struct OperatorHealth {
    #[serde(flatten)]
    health: Health,
    version: &'static str,
    organizations: Vec<OrganizationSize>,
    /// Bytes of the journal, which belongs to all of them.
    journal_bytes: u64,
    /// What is promised to be done again and again.
    duties: Vec<DutyShown>,
}

/// Something that is promised to be done again and again, and how that went.
#[derive(Serialize, ToSchema)]
pub(crate) struct DutyShown {
    name: String,
    late: bool,
    /// From when on it is late.
    #[schema(format = DateTime)]
    due_at: Option<String>,
    /// When it was last done.
    #[schema(format = DateTime)]
    last_ok: Option<String>,
    /// When it was last tried.
    #[schema(format = DateTime)]
    last_try: Option<String>,
    /// Why the last try failed, if it did.
    error: Option<String>,
}

impl DutyShown {
    fn of(row: DutyRow, now: Timestamp) -> Self {
        let shown = |at: Option<Timestamp>| at.map(|at| at.to_string());
        Self {
            late: row.is_late(now),
            due_at: shown(row.due_at()),
            last_ok: shown(row.last_ok),
            last_try: shown(row.last_try),
            error: row.error,
            name: row.duty,
        }
    }
}

/// How the server is.
#[utoipa::path(
    get, path = "/api/operator/health",
    responses(
        (status = 200, description = "How it is", body = OperatorHealth),
        (status = 401, description = "Sign in first", body = Problem),
    )
)]
pub(crate) async fn read_health(
    State(app): State<Arc<App>>,
    on_duty: OnDuty,
) -> Result<Json<OperatorHealth>, Problem> {
    app.off_thread(move |app| {
        let Told::Organizations(told) = app.ask_operators(Ask::Organizations(on_duty.badge))? else {
            return Err(unexpected());
        };
        let names = app.control.organizations()?;
        let now = app.clock.now();
        let duties = app.control.duties()?.into_iter().map(|row| DutyShown::of(row, now));
        let sized = told.iter().map(|one| OrganizationSize {
            id: one.id.0,
            name: names
                .iter()
                .find(|known| known.id == one.id)
                .map(|known| known.name.clone())
                .unwrap_or_default(),
            sites: one.sites.len(),
            bytes: bytes_of(app, &one.sites),
        });
        Ok(Json(OperatorHealth {
            health: Health::of(app.status()),
            version: env!("CARGO_PKG_VERSION"),
            organizations: sized.collect(),
            journal_bytes: bytes_in(&DataDir::new(app.data.clone()).journal()),
            duties: duties.collect(),
        }))
    })
    .await
}

/// Bytes of the segments of these sites.
pub(super) fn bytes_of(app: &App, sites: &[SiteId]) -> u64 {
    let segments = DataDir::new(app.data.clone()).segments();
    sites.iter().map(|site| bytes_in(&segments.join(site.to_string()))).sum()
}

/// Bytes of the files of a folder; of one that is not there yet, none.
fn bytes_in(folder: &std::path::Path) -> u64 {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    files.filter_map(|file| file.metadata().ok()).filter(fs::Metadata::is_file).map(|file| file.len()).sum()
}
