//! `/api/sites/{domain}/consents`: receipts of visitors' consent, given and withdrawn. A withdrawal is answered once the next
//! event is taken without the visitor's id.

use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use capture::ConsentError;
use control::{ConsentRow, Way};
use domain::{Object, ReceiptId, Verb, VisitorId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::asking::Asking;
use super::input::{Asked, Input, NamedSite};
use super::problem::Problem;
use crate::processes::app::permits::SitePermit;
use crate::processes::app::state::App;

/// Whose.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Whose {
    /// Their UUID.
    visitor: Option<String>,
    /// What the site calls them.
    id: Option<String>,
}

/// A receipt.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Consent {
    /// By what it is named.
    receipt: String,
    visitor: String,
    purposes: Vec<String>,
    /// Which text they were shown.
    version: String,
    #[schema(format = DateTime)]
    given_at: String,
    /// `page`, `api` or `ui`.
    way: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = DateTime)]
    withdrawn_at: Option<String>,
}

/// A visitor's receipts.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Consents {
    consents: Vec<Consent>,
}

/// A consent to write down.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewConsent {
    /// Their UUID; or `id`.
    #[serde(default)]
    #[schema(nullable = false)]
    visitor: Option<String>,
    /// What the site calls them.
    #[serde(default)]
    #[schema(nullable = false)]
    id: Option<String>,
    purposes: Vec<String>,
    /// Which text they were shown.
    version: String,
}

/// What is offered with a withdrawal.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ErasureOffer {
    visitor: String,
    /// Where everything that is kept of them can be erased.
    path: String,
}

/// A consent that was withdrawn.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Withdrawal {
    consent: Consent,
    erasure: ErasureOffer,
}

/// A receipt in a request's path.
pub(crate) struct NamedReceipt {
    domain: String,
    receipt: ReceiptId,
}

impl<S: Send + Sync> FromRequestParts<S> for NamedReceipt {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let unknown = || Problem::not_found("there is no such receipt");
        let Path((domain, receipt)) =
            Path::<(String, String)>::from_request_parts(parts, state).await.map_err(|_| unknown())?;
        Ok(Self { domain, receipt: receipt.parse().map_err(|_| unknown())? })
    }
}

/// The receipts of a visitor, newest first.
#[utoipa::path(
    get, path = "/api/sites/{domain}/consents", params(("domain" = String, Path), Whose),
    responses(
        (status = 200, description = "Their receipts", body = Consents),
        (status = 400, description = "It is not said whose", body = Problem),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "No such site", body = Problem),
    )
)]
pub(crate) async fn list_consents(
    State(app): State<Arc<App>>,
    asking: Asking,
    NamedSite(domain): NamedSite,
    Asked(whose): Asked<Whose>,
) -> Result<Json<Consents>, Problem> {
    app.off_thread(move |app| {
        let permit = asking.of_site(app, Verb::See, Object::Attributes, &domain)?;
        let visitor = named(&permit, whose.visitor.as_deref(), whose.id.as_deref())?;
        let known = app.look_at_visitor(&permit, visitor)?;
        Ok(Json(Consents { consents: known.consents.into_iter().map(Consent::of).collect() }))
    })
    .await
}

/// Writes down that a visitor consented.
#[utoipa::path(
    post, path = "/api/sites/{domain}/consents", params(("domain" = String, Path)), request_body = NewConsent,
    responses(
        (status = 201, description = "The receipt", body = Consent),
        (status = 400, description = "It is not said whose, or to what; field names it", body = Problem),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "No such site", body = Problem),
    )
)]
pub(crate) async fn add_consent(
    State(app): State<Arc<App>>,
    asking: Asking,
    NamedSite(domain): NamedSite,
    Input(new): Input<NewConsent>,
) -> Result<(StatusCode, Json<Consent>), Problem> {
    let NewConsent { visitor, id, purposes, version } = new;
    let given = capture::Consent::new(purposes, version).map_err(|error| {
        let field = match error {
            ConsentError::Purposes => "purposes",
            ConsentError::Version => "version",
        };
        Problem::invalid(error.to_string()).of_field(field)
    })?;
    let (row, directory) = app
        .off_thread(move |app| {
            let permit = asking.of_site(app, Verb::Add, Object::Attributes, &domain)?;
            let row = ConsentRow {
                id: app.rng.receipt_id(),
                visitor: named(&permit, visitor.as_deref(), id.as_deref())?,
                purposes: given.purposes,
                text_version: given.text_version,
                given_at: app.clock.now(),
                way: if permit.asking.identity.key.is_some() { Way::Api } else { Way::Ui },
                withdrawn_at: None,
            };
            let directory = app.add_consent(&permit, &row)?;
            Ok((row, directory))
        })
        .await?;
    if let Some(directory) = directory {
        app.edge_knows(directory).await;
    }
    Ok((StatusCode::CREATED, Json(Consent::of(row))))
}

/// Withdraws a consent. What the visitor does from then on is not tied to their id, and erasure of what there is is offered.
#[utoipa::path(
    post, path = "/api/sites/{domain}/consents/{id}/withdrawal",
    params(("domain" = String, Path), ("id" = String, Path)),
    responses(
        (status = 200, description = "The receipt as it is now, and where to erase", body = Withdrawal),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "No such site or receipt", body = Problem),
    )
)]
pub(crate) async fn withdraw_consent(
    State(app): State<Arc<App>>,
    asking: Asking,
    NamedReceipt { domain, receipt }: NamedReceipt,
) -> Result<Json<Withdrawal>, Problem> {
    let (row, domain, directory) = app
        .off_thread(move |app| {
            let permit = asking.of_site(app, Verb::Add, Object::Attributes, &domain)?;
            let (row, directory) = app.withdraw_consent(&permit, receipt)?;
            Ok((row, permit.site.domain, directory))
        })
        .await?;
    app.edge_knows(directory).await;
    let visitor = row.visitor.to_string();
    let path = format!("/api/sites/{domain}/visitors/{visitor}/erasure");
    Ok(Json(Withdrawal { consent: Consent::of(row), erasure: ErasureOffer { visitor, path } }))
}

/// Who is meant: by their UUID, or by what the site calls them.
fn named(permit: &SitePermit, visitor: Option<&str>, id: Option<&str>) -> Result<VisitorId, Problem> {
    match (visitor, id) {
        (Some(visitor), None) => {
            visitor.parse().map_err(|_| Problem::invalid("visitor is a UUID").of_field("visitor"))
        }
        (None, Some(id)) => Ok(capture::known_visitor(&permit.site.ids, id)),
        _ => Err(Problem::invalid("say who: either visitor, a UUID, or id, what the site calls them")
            .of_field("visitor")),
    }
}

impl Consent {
    pub(super) fn of(row: ConsentRow) -> Self {
        Self {
            receipt: row.id.to_string(),
            visitor: row.visitor.to_string(),
            purposes: row.purposes,
            version: row.text_version,
            given_at: row.given_at.to_string(),
            way: row.way.as_str(),
            withdrawn_at: row.withdrawn_at.map(|at| at.to_string()),
        }
    }
}
