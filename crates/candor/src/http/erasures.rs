//! `/api/sites/{domain}/visitors/{visitor}/erasure` and `/api/sites/{domain}/erasures`: what erasing a visitor would take
//! out, erasing them, the receipts, and whether a receipt is still true. Visitors are named by digests in what is listed.

use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use control::{ERASURES_PAGE_MAX, ErasureRow};
use domain::{Erased, Object, Verb};
use sealing::visitor_digest;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::asking::Asking;
use super::input::{Asked, NamedSite, NamedVisitor};
use super::problem::Problem;
use crate::processes::app::backups::BackupsOfErasure;
use crate::processes::app::erasures::{Check, Preview};
use crate::processes::app::state::App;
use crate::processes::receipt::day;

/// The erasure in a request's path.
pub(crate) struct NamedErasure {
    domain: String,
    number: u64,
}

impl<S: Send + Sync> FromRequestParts<S> for NamedErasure {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let unknown = |_| Problem::not_found("there is no such erasure");
        let Path((domain, number)) =
            Path::<(String, u64)>::from_request_parts(parts, state).await.map_err(unknown)?;
        Ok(Self { domain, number })
    }
}

/// Which part of the list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedErasures {
    /// Those with numbers below this one, as the page before said as its `next`.
    below: Option<u64>,
}

/// What of an erasure.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedErasure {
    /// Whether to look again at every store if what the receipt says is still true.
    check: Option<bool>,
}

/// What there is of a visitor, or was.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Found {
    /// Events that reports count.
    events: u64,
    /// Events that were set aside.
    set_aside: u64,
    visits: u64,
    recordings: u64,
    recording_bytes: u64,
    /// The UTC day of the first of it, where there is any.
    #[schema(format = Date)]
    first_day: Option<String>,
    #[schema(format = Date)]
    last_day: Option<String>,
}

/// What erasing a visitor would take out now.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ErasurePreview {
    found: Found,
    /// Files that would be written anew without them.
    files: usize,
    /// Bytes of these that are theirs, by their share of the rows.
    event_bytes_about: u64,
    /// Until when a backup that was made before may hold it.
    #[schema(format = DateTime)]
    backups_until: String,
}

/// A visitor who was erased, or is about to be.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Erasure {
    number: u64,
    /// The SHA-256 of the visitor's id as it is written.
    visitor: String,
    #[schema(format = DateTime)]
    asked_at: String,
    /// Null until it is done.
    #[schema(format = DateTime)]
    done_at: Option<String>,
    /// What was taken out.
    found: Found,
    /// Files that held it and were deleted.
    files: Vec<String>,
    /// The signed receipt; null until it is done.
    receipt: Option<String>,
    /// Numbers of the erasures of further ids that were this visitor's; told once, when it is asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    also: Vec<u64>,
    /// What was found when it was looked again; absent where nobody asked for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    check: Option<ErasureCheck>,
}

/// Whether a receipt is still true.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ErasureCheck {
    /// Whether nothing is there again of what was taken out, and a restore of any backup from before would take it out again.
    still_true: bool,
    /// Whether a backup could bring it back.
    backups: BackupsOfErasure,
    /// What there is of the visitor now. Where the receipt is true it is of later visits.
    found: Found,
    /// Files that were deleted and are there again.
    files: Vec<String>,
    #[schema(format = DateTime)]
    checked_at: String,
}

/// A page of the list, the newest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ErasureList {
    erasures: Vec<Erasure>,
    /// What to ask for `below` to get more; absent where these were all.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    next: Option<u64>,
}

/// What erasing a visitor would take out.
#[utoipa::path(
    get, path = "/api/sites/{domain}/visitors/{visitor}/erasure",
    params(("domain" = String, Path), ("visitor" = String, Path)),
    responses(
        (status = 200, description = "What would go", body = ErasurePreview),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "No such site, or no UUID", body = Problem),
        (status = 503, description = "As many visitors are being counted as may be; try again", body = Problem),
    )
)]
pub(crate) async fn preview_erasure(
    State(app): State<Arc<App>>,
    asking: Asking,
    NamedVisitor { domain, visitor }: NamedVisitor,
) -> Result<Json<ErasurePreview>, Problem> {
    app.counting(move |app| {
        let permit = asking.of_site(app, Verb::Remove, Object::Events, &domain)?;
        let Preview { found, bytes_about, backups_until } = app.preview_erasure(&permit, visitor)?;
        Ok(Json(ErasurePreview {
            files: found.files.len(),
            found: (&found).into(),
            event_bytes_about: bytes_about,
            backups_until: backups_until.to_string(),
        }))
    })
    .await
}

/// Erases a visitor for ever: everything that is kept of them, wherever it is. Answers when it is done. Asked again it answers
/// the same, as long as nothing new came of them.
#[utoipa::path(
    post, path = "/api/sites/{domain}/visitors/{visitor}/erasure",
    params(("domain" = String, Path), ("visitor" = String, Path)),
    responses(
        (status = 200, description = "It is done; with the receipt", body = Erasure),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "No such site, or no UUID", body = Problem),
        (status = 503, description = "It is not done yet, and will be; ask again", body = Problem),
    )
)]
pub(crate) async fn erase_visitor(
    State(app): State<Arc<App>>,
    asking: Asking,
    NamedVisitor { domain, visitor }: NamedVisitor,
) -> Result<Json<Erasure>, Problem> {
    let (site, (number, also)) = app
        .off_thread(move |app| {
            let permit = asking.of_site(app, Verb::Remove, Object::Events, &domain)?;
            Ok((permit.site.id, app.ask_erasure(&permit, visitor)?))
        })
        .await?;
    for number in &also {
        app.erased(site, *number).await?;
    }
    let erasure = app.erased(site, number).await?;
    Ok(Json(Erasure { also, ..show(&erasure, None) }))
}

/// Visitors of a site who were erased or are about to be, with their receipts.
#[utoipa::path(
    get, path = "/api/sites/{domain}/erasures", params(("domain" = String, Path), WantedErasures),
    responses(
        (status = 200, description = "A page of the list", body = ErasureList),
        (status = 400, description = "What is asked for is nothing", body = Problem),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "No such site", body = Problem),
    )
)]
pub(crate) async fn list_erasures(
    State(app): State<Arc<App>>,
    asking: Asking,
    NamedSite(domain): NamedSite,
    Asked(wanted): Asked<WantedErasures>,
) -> Result<Json<ErasureList>, Problem> {
    app.off_thread(move |app| {
        let permit = asking.of_site(app, Verb::Remove, Object::Events, &domain)?;
        let rows = app.control.erasures(permit.site.id, wanted.below)?;
        let next = rows.last().filter(|_| rows.len() == ERASURES_PAGE_MAX as usize).map(|row| row.number);
        Ok(Json(ErasureList { erasures: rows.iter().map(|row| show(row, None)).collect(), next }))
    })
    .await
}

/// One of them, and whether what its receipt says is still true.
#[utoipa::path(
    get, path = "/api/sites/{domain}/erasures/{id}",
    params(("domain" = String, Path), ("id" = u64, Path), WantedErasure),
    responses(
        (status = 200, description = "The erasure", body = Erasure),
        (status = 400, description = "What is asked for is nothing", body = Problem),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "No such site or erasure", body = Problem),
        (status = 503, description = "As many visitors are being counted as may be; try again", body = Problem),
    )
)]
pub(crate) async fn find_erasure(
    State(app): State<Arc<App>>,
    asking: Asking,
    NamedErasure { domain, number }: NamedErasure,
    Asked(wanted): Asked<WantedErasure>,
) -> Result<Json<Erasure>, Problem> {
    let counts = wanted.check == Some(true);
    let work = move |app: &App| {
        let permit = asking.of_site(app, Verb::Remove, Object::Events, &domain)?;
        let unknown = || Problem::not_found("there is no such erasure");
        let row = app.control.erasure(permit.site.id, number)?.ok_or_else(unknown)?;
        let check = counts.then(|| app.check_erasure(&permit, &row)).transpose()?;
        Ok::<_, Problem>((row, check))
    };
    let (row, check) = if counts { app.counting(work).await? } else { app.off_thread(work).await? };
    let check = match check {
        Some(check) => Some((check, app.backups_of(&row).await)),
        None => None,
    };
    Ok(Json(show(&row, check)))
}

fn show(row: &ErasureRow, check: Option<(Check, BackupsOfErasure)>) -> Erasure {
    let (done_at, receipt) = row.done.clone().unzip();
    Erasure {
        number: row.number,
        visitor: visitor_digest(row.visitor),
        asked_at: row.asked_at.to_string(),
        done_at: done_at.map(|at| at.to_string()),
        found: (&row.found).into(),
        files: row.found.files.clone(),
        receipt,
        also: Vec::new(),
        check: check.map(|(check, backups)| ErasureCheck {
            still_true: check.still_true && backups != BackupsOfErasure::NotListed,
            backups,
            found: (&check.found).into(),
            files: check.files,
            checked_at: check.at.to_string(),
        }),
    }
}

impl From<&Erased> for Found {
    fn from(found: &Erased) -> Self {
        let (first, last) = found.span.unzip();
        Self {
            events: found.events,
            set_aside: found.set_aside,
            visits: found.visits,
            recordings: found.recordings,
            recording_bytes: found.recording_bytes,
            first_day: first.map(day),
            last_day: last.map(day),
        }
    }
}
