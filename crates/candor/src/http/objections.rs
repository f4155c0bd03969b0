//! `/api/sites/{domain}/visitors/{visitor}/objection`: a visitor who objects is neither measured nor recorded, from the next event
//! on, by none of their ids. What is kept of them stays until it is erased.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use domain::{Object, Verb};

use super::asking::Asking;
use super::input::NamedVisitor;
use super::problem::Problem;
use crate::processes::app::state::App;

/// Has a visitor, by all ids, neither measured nor recorded from the next event on. What is kept stays until it is erased, and
/// in reports unless the visitor is restricted.
#[utoipa::path(
    put, path = "/api/sites/{domain}/visitors/{visitor}/objection",
    params(("domain" = String, Path), ("visitor" = String, Path)),
    responses(
        (status = 204, description = "What they do after that is not kept"),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "No such site, or no UUID", body = Problem),
        (status = 409, description = "As many ids of visitors object as may", body = Problem),
    )
)]
pub(crate) async fn add_objection(
    State(app): State<Arc<App>>,
    asking: Asking,
    NamedVisitor { domain, visitor }: NamedVisitor,
) -> Result<StatusCode, Problem> {
    let directory = app
        .off_thread(move |app| {
            let permit = asking.of_site(app, Verb::Change, Object::Attributes, &domain)?;
            app.add_objection(&permit, visitor)
        })
        .await?;
    app.edge_knows(directory).await;
    Ok(StatusCode::NO_CONTENT)
}

/// Lets a visitor, by all ids, be measured again.
#[utoipa::path(
    delete, path = "/api/sites/{domain}/visitors/{visitor}/objection",
    params(("domain" = String, Path), ("visitor" = String, Path)),
    responses(
        (status = 204, description = "The visitor is measured"),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "No such site, or the visitor did not object", body = Problem),
    )
)]
pub(crate) async fn end_objection(
    State(app): State<Arc<App>>,
    asking: Asking,
    NamedVisitor { domain, visitor }: NamedVisitor,
) -> Result<StatusCode, Problem> {
    let directory = app
        .off_thread(move |app| {
            let permit = asking.of_site(app, Verb::Change, Object::Attributes, &domain)?;
            app.end_objection(&permit, visitor)
        })
        .await?;
    app.edge_knows(directory).await;
    Ok(StatusCode::NO_CONTENT)
}
