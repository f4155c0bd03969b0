//! `/api/sites/{domain}/aliases` and `…/visitors/{visitor}/restriction`: which ids are one visitor, and which visitors are in no
//! report. Nothing that is kept changes by either, so that both can be taken back.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use domain::{Object, Verb, VisitorId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::asking::Asking;
use super::input::{Asked, Input, NamedSite, NamedVisitor};
use super::problem::Problem;
use crate::processes::app::state::App;

/// Two ids that are one visitor.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAlias {
    /// The one that is counted as the other from now on, with all that came before.
    from: String,
    /// The one it is counted as.
    to: String,
}

/// Which of two ids.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WhichAlias {
    /// The one that is counted as another.
    #[param(required = true)]
    from: Option<String>,
}

/// Makes two ids one visitor, past events included.
///
/// Saying it again changes nothing. An id leads to one other only, and never back to where a chain of them began.
#[utoipa::path(
    post, path = "/api/sites/{domain}/aliases", params(("domain" = String, Path)), request_body = NewAlias,
    responses(
        (status = 204, description = "They are one"),
        (status = 400, description = "That is no id, or they are the same; field names which", body = Problem),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "No such site", body = Problem),
        (status = 409, description = "It is another visitor's already, or there are too many", body = Problem),
    )
)]
pub(crate) async fn merge_visitors(
    State(app): State<Arc<App>>,
    asking: Asking,
    NamedSite(domain): NamedSite,
    Input(alias): Input<NewAlias>,
) -> Result<StatusCode, Problem> {
    let directory = app
        .off_thread(move |app| {
            let permit = asking.of_site(app, Verb::Change, Object::Attributes, &domain)?;
            let both = (read(&alias.from, "from")?, read(&alias.to, "to")?);
            app.merge_visitors(&permit, both)
        })
        .await?;
    if let Some(directory) = directory {
        app.edge_knows(directory).await;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Makes an id its own visitor's again: every report is what it was before.
#[utoipa::path(
    delete, path = "/api/sites/{domain}/aliases", params(("domain" = String, Path), WhichAlias),
    responses(
        (status = 204, description = "They are two"),
        (status = 400, description = "That is no id", body = Problem),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "No such site, or the id is nobody else's", body = Problem),
    )
)]
pub(crate) async fn unmerge_visitors(
    State(app): State<Arc<App>>,
    asking: Asking,
    NamedSite(domain): NamedSite,
    Asked(which): Asked<WhichAlias>,
) -> Result<StatusCode, Problem> {
    let directory = app
        .off_thread(move |app| {
            let permit = asking.of_site(app, Verb::Change, Object::Attributes, &domain)?;
            app.unmerge_visitors(&permit, read(which.from.as_deref().unwrap_or_default(), "from")?)
        })
        .await?;
    if let Some(directory) = directory {
        app.edge_knows(directory).await;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a visitor, by all ids, out of every report, list and heatmap. Everything is kept, and an export gives it.
#[utoipa::path(
    put, path = "/api/sites/{domain}/visitors/{visitor}/restriction",
    params(("domain" = String, Path), ("visitor" = String, Path)),
    responses(
        (status = 204, description = "The visitor is in no report"),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "No such site", body = Problem),
    )
)]
pub(crate) async fn restrict_visitor(
    State(app): State<Arc<App>>,
    asking: Asking,
    NamedVisitor { domain, visitor }: NamedVisitor,
) -> Result<StatusCode, Problem> {
    app.off_thread(move |app| {
        let permit = asking.of_site(app, Verb::Change, Object::Attributes, &domain)?;
        app.restrict_visitor(&permit, visitor)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lets a visitor, by all ids, be in reports again, past events included.
#[utoipa::path(
    delete, path = "/api/sites/{domain}/visitors/{visitor}/restriction",
    params(("domain" = String, Path), ("visitor" = String, Path)),
    responses(
        (status = 204, description = "The visitor is in reports"),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "No such site, or the visitor is not restricted", body = Problem),
    )
)]
pub(crate) async fn unrestrict_visitor(
    State(app): State<Arc<App>>,
    asking: Asking,
    NamedVisitor { domain, visitor }: NamedVisitor,
) -> Result<StatusCode, Problem> {
    app.off_thread(move |app| {
        let permit = asking.of_site(app, Verb::Change, Object::Attributes, &domain)?;
        app.unrestrict_visitor(&permit, visitor)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

fn read(text: &str, field: &'static str) -> Result<VisitorId, Problem> {
    text.parse().map_err(|_| Problem::invalid(format!("{field} is not a UUID")).of_field(field))
}
