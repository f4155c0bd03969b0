//! `/api/sites/{domain}/heatmap`: where pages are clicked, pointed at, scrolled to and looked at, made of recordings and for those
//! who may see them. Who looks is written down before anything is shown.

mod paths;
mod shapes;

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use domain::{Object, Verb};
use recordings::{ClickKind, Pattern, Screen};
use serde::Deserialize;
use utoipa::IntoParams;

use super::asking::Asking;
use super::input::{Asked, NamedSite};
use super::problem::Problem;
use super::recordings::wanted::WantedRecordings;
use crate::processes::app::heatmaps;
use crate::processes::app::reports::in_turn;
use crate::processes::app::state::App;
use paths::as_recorded;
use shapes::{Heatmap, HeatmapPage, HeatmapPages, HeatmapRecording, HeatmapRecordings};

/// Pages that are listed.
const PAGES_MAX: usize = 500;
/// Recordings that are listed in which something was clicked.
const CLICKED_MAX: usize = 100;

/// Of which pages.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedHeatmap {
    /// A path, or a pattern of paths: `*` stands for anything within a segment, `**` for anything.
    #[param(required = true)]
    page: Option<String>,
    /// `phone`, `tablet` or `desktop`.
    #[param(required = true)]
    screen: Option<String>,
}

/// What was clicked, and how.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedClicks {
    /// The element's number.
    #[param(required = true)]
    element: Option<u32>,
    /// `clicks`, `rage` or `dead`.
    #[param(required = true)]
    kind: Option<String>,
}

/// The heatmap of pages.
#[utoipa::path(
    get, path = "/api/sites/{domain}/heatmap", params(("domain" = String, Path), WantedHeatmap, WantedRecordings),
    responses(
        (status = 200, description = "What was done where", body = Heatmap),
        (status = 400, description = "What is asked for is nothing; field names what", body = Problem),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "No such site", body = Problem),
        (status = 503, description = "Too much is being asked; try again", body = Problem),
    )
)]
pub(crate) async fn show_heatmap(
    State(app): State<Arc<App>>,
    asking: Asking,
    NamedSite(domain): NamedSite,
    Asked(of): Asked<WantedHeatmap>,
    Asked(wanted): Asked<WantedRecordings>,
) -> Result<Json<Heatmap>, Problem> {
    in_turn(&app, move |app| {
        let permit = asking.of_site(app, Verb::See, Object::Recordings, &domain)?;
        let (page, pattern, screen) = of.read()?;
        let wanted = wanted.read(app, &permit)?;
        app.note_heatmap_once(&permit, &page)?;
        let summed = heatmaps::sum(app, &permit, wanted, pattern, screen)?;
        Ok(Json(Heatmap::of(&summed, screen)))
    })
    .await
}

/// The pages that were recorded, those in most recordings first.
#[utoipa::path(
    get, path = "/api/sites/{domain}/heatmap/pages", params(("domain" = String, Path), WantedRecordings),
    responses(
        (status = 200, description = "The pages", body = HeatmapPages),
        (status = 400, description = "What is asked for is nothing; field names what", body = Problem),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "No such site", body = Problem),
        (status = 503, description = "Too much is being asked; try again", body = Problem),
    )
)]
pub(crate) async fn list_heatmap_pages(
    State(app): State<Arc<App>>,
    asking: Asking,
    NamedSite(domain): NamedSite,
    Asked(wanted): Asked<WantedRecordings>,
) -> Result<Json<HeatmapPages>, Problem> {
    in_turn(&app, move |app| {
        let permit = asking.of_site(app, Verb::See, Object::Recordings, &domain)?;
        let wanted = wanted.read(app, &permit)?;
        let pages = heatmaps::pages(app, &permit, &wanted)?.into_iter().take(PAGES_MAX);
        let pages = pages.map(|(path, recordings)| HeatmapPage { path, recordings });
        Ok(Json(HeatmapPages { pages: pages.collect() }))
    })
    .await
}

/// The recordings in which something was clicked, the newest first.
#[utoipa::path(
    get, path = "/api/sites/{domain}/heatmap/recordings",
    params(("domain" = String, Path), WantedHeatmap, WantedClicks, WantedRecordings),
    responses(
        (status = 200, description = "The recordings, each with the moment of its first click there", body = HeatmapRecordings),
        (status = 400, description = "What is asked for is nothing; field names what", body = Problem),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "No such site", body = Problem),
        (status = 503, description = "Too much is being asked; try again", body = Problem),
    )
)]
pub(crate) async fn list_heatmap_recordings(
    State(app): State<Arc<App>>,
    asking: Asking,
    NamedSite(domain): NamedSite,
    Asked(of): Asked<WantedHeatmap>,
    Asked(clicks): Asked<WantedClicks>,
    Asked(wanted): Asked<WantedRecordings>,
) -> Result<Json<HeatmapRecordings>, Problem> {
    in_turn(&app, move |app| {
        let permit = asking.of_site(app, Verb::See, Object::Recordings, &domain)?;
        let (page, pattern, screen) = of.read()?;
        let (element, kind) = clicks.read()?;
        let wanted = wanted.read(app, &permit)?;
        app.note_heatmap_once(&permit, &page)?;
        let mut found = Vec::new();
        heatmaps::each(app, &permit, wanted, &pattern, &mut |row, trace| {
            if let Some(at) = trace.first_click(&pattern, screen, element, kind) {
                found.push((row.started_at, row.id, HeatmapRecording::of(row, at)));
            }
        })?;
        found.sort_by_key(|(started_at, id, _)| std::cmp::Reverse((*started_at, *id)));
        let newest = found.into_iter().take(CLICKED_MAX);
        Ok(Json(HeatmapRecordings { recordings: newest.map(|(_, _, told)| told).collect() }))
    })
    .await
}

impl WantedHeatmap {
    /// Pages as recordings have them, the pattern of them, and the screen class.
    fn read(&self) -> Result<(String, Pattern, Screen), Problem> {
        let page = self.page.as_deref().unwrap_or_default();
        let page = as_recorded(page).filter(|_| page.starts_with('/')).unwrap_or_else(|| page.to_owned());
        let pattern =
            Pattern::parse(&page).map_err(|error| Problem::invalid(error.to_string()).of_field("page"))?;
        let screen = self
            .screen
            .as_deref()
            .unwrap_or_default()
            .parse()
            .map_err(|()| Problem::invalid("screen is phone, tablet or desktop").of_field("screen"))?;
        Ok((page, pattern, screen))
    }
}

impl WantedClicks {
    /// The element, and how it was clicked: in any way where there is no kind.
    fn read(&self) -> Result<(u32, Option<ClickKind>), Problem> {
        let element =
            self.element.ok_or_else(|| Problem::invalid("element is a number").of_field("element"))?;
        let kind = match self.kind.as_deref() {
            Some("clicks") => None,
            Some("rage") => Some(ClickKind::Rage),
            Some("dead") => Some(ClickKind::Dead),
            _ => return Err(Problem::invalid("kind is clicks, rage or dead").of_field("kind")),
        };
        Ok((element, kind))
    }
}
