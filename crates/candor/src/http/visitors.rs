//! `/api/sites/{domain}/visitors`: who a site knows beside what they did, and how that is corrected. Who looks is written down
//! before anything is shown.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use domain::{AttributeName, AttributeValue, Erased, Object, ReceiptId, Timestamp, Verb, VisitorId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::asking::Asking;
use super::consents::Consent;
use super::input::{Asked, Input, NamedSite, NamedVisitor};
use super::problem::Problem;
use crate::processes::app::state::App;
use crate::processes::app::visitors::{Known, Seen, refused_before};

/// Whom to find.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Meant {
    /// What the site calls them, or their UUID.
    id: Option<String>,
}

/// Somebody who may be meant.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct FoundVisitor {
    visitor: String,
    /// Whether anything is kept of them beside what they did.
    identified: bool,
}

/// Whoever may be meant by an id.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct FoundVisitors {
    visitors: Vec<FoundVisitor>,
}

/// What a visitor is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Attribute {
    name: String,
    /// Of which type: `text`, `number`, `boolean`, `date` or `address`.
    kind: &'static str,
    #[schema(value_type = Value)]
    value: Value,
    /// When it was said last.
    #[schema(format = DateTime)]
    at: String,
}

/// An id that is a visitor's.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct IdOfVisitor {
    visitor: String,
    /// The id as which it is counted, where that is another.
    leads_to: Option<String>,
}

/// What there is of a visitor, in numbers.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct SeenVisitor {
    /// Events that reports count.
    events: u64,
    /// Events that were set aside.
    set_aside: u64,
    /// Visits, counted by each id.
    visits: u64,
    recordings: u64,
    /// When the first of it happened, where there is any.
    #[schema(format = DateTime)]
    first_at: Option<String>,
    #[schema(format = DateTime)]
    last_at: Option<String>,
}

/// A visitor.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Visitor {
    visitor: String,
    /// What the site calls them, where it gave them an id.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    id: Option<String>,
    attributes: Vec<Attribute>,
    consents: Vec<Consent>,
    /// Whether they withdrew, so that they are measured without an id.
    withdrawn: bool,
    /// Whether they are in no report.
    restricted: bool,
    /// Whether they objected: what they did after that was not kept.
    objected: bool,
    /// Every id that is theirs.
    ids: Vec<IdOfVisitor>,
    /// Absent after a correction where it cannot be counted just now: the correction is made all the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    seen: Option<SeenVisitor>,
}

/// What to correct. An attribute that is null is not kept any longer; those that are absent stay.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Correction {
    #[schema(value_type = BTreeMap<String, Value>)]
    attributes: BTreeMap<String, Value>,
    /// The receipt of their consent, which an address needs.
    #[serde(default)]
    #[schema(nullable = false)]
    receipt: Option<String>,
}

/// A name that came and is not kept.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct LeftOut {
    name: String,
    /// How often.
    count: u64,
    #[schema(format = DateTime)]
    last_at: String,
}

/// What senders say of visitors and the site does not declare, or declares as another type.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct LeftOutAttributes {
    attributes: Vec<LeftOut>,
}

/// Whoever is meant by an id that the site gave, or by a UUID.
#[utoipa::path(
    get, path = "/api/sites/{domain}/visitors", params(("domain" = String, Path), Meant),
    responses(
        (status = 200, description = "Whoever may be meant", body = FoundVisitors),
        (status = 400, description = "No id is named", body = Problem),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "No such site", body = Problem),
    )
)]
pub(crate) async fn find_visitors(
    State(app): State<Arc<App>>,
    asking: Asking,
    NamedSite(domain): NamedSite,
    Asked(meant): Asked<Meant>,
) -> Result<Json<FoundVisitors>, Problem> {
    app.off_thread(move |app| {
        let permit = asking.of_site(app, Verb::See, Object::Attributes, &domain)?;
        let id = meant.id.filter(|id| !id.is_empty());
        let id = id
            .ok_or_else(|| Problem::invalid("say who: what the site calls them, or a UUID").of_field("id"))?;
        let found = permit.visitors_meant(&id).into_iter().map(|visitor| {
            let identified = app.is_identified(permit.site.id, visitor)?;
            Ok(FoundVisitor { visitor: visitor.to_string(), identified })
        });
        Ok(Json(FoundVisitors { visitors: found.collect::<Result<_, Problem>>()? }))
    })
    .await
}

/// What is kept of a visitor beside what they did.
#[utoipa::path(
    get, path = "/api/sites/{domain}/visitors/{visitor}",
    params(("domain" = String, Path), ("visitor" = String, Path)),
    responses(
        (status = 200, description = "What is kept of them", body = Visitor),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "No such site, or no UUID", body = Problem),
        (status = 503, description = "As many visitors are being counted as may be; try again", body = Problem),
    )
)]
pub(crate) async fn show_visitor(
    State(app): State<Arc<App>>,
    asking: Asking,
    NamedVisitor { domain, visitor }: NamedVisitor,
) -> Result<Json<Visitor>, Problem> {
    app.counting(move |app| {
        let permit = asking.of_site(app, Verb::See, Object::Attributes, &domain)?;
        let known = app.look_at_visitor(&permit, visitor)?;
        let seen = app.standing_of_visitor(&permit, visitor)?;
        Ok(Json(shown(visitor, known, app.count_seen(&permit, seen)?)))
    })
    .await
}

/// Corrects what is kept of a visitor.
#[utoipa::path(
    patch, path = "/api/sites/{domain}/visitors/{visitor}/attributes",
    params(("domain" = String, Path), ("visitor" = String, Path)), request_body = Correction,
    responses(
        (status = 200, description = "What is kept of them now", body = Visitor),
        (status = 400, description = "An attribute is not declared, or of another type", body = Problem),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "No such site, or no UUID", body = Problem),
        (status = 422, description = "It may not be kept; error says why", body = Problem),
    )
)]
pub(crate) async fn correct_visitor(
    State(app): State<Arc<App>>,
    asking: Asking,
    NamedVisitor { domain, visitor }: NamedVisitor,
    Input(correction): Input<Correction>,
) -> Result<Json<Visitor>, Problem> {
    let receipt: Option<ReceiptId> = correction
        .receipt
        .map(|receipt| {
            receipt.parse().map_err(|_| Problem::invalid("a receipt is a UUID").of_field("receipt"))
        })
        .transpose()?;
    let attributes =
        serde_json::to_string(&correction.attributes).map_err(|error| Problem::internal(&error))?;
    let corrected = move |app: &App| {
        let permit = asking.of_site(app, Verb::Change, Object::Attributes, &domain)?;
        let said = capture::said_of(&permit.site, visitor, &attributes, app.clock.now(), &app.controls);
        let said =
            said.map_err(|malformed| Problem::invalid(malformed.to_string()).of_field("attributes"))?;
        let said = capture::Said { receipt, ..said.map_err(refused_before)? };
        if let Some(name) = said.left_out.first() {
            let sentence = format!("{name} is not declared at this site, or its value is of another type");
            return Err(Problem::invalid(sentence).of_field("attributes"));
        }
        app.correct_visitor(&permit, said)?;
        let known = app.look_at_visitor(&permit, visitor)?;
        let seen = app.standing_of_visitor(&permit, visitor)?;
        Ok((permit, known, seen))
    };
    let (permit, known, seen) = app.off_thread(corrected).await?;
    let uncounted = seen.clone();
    // What cannot be counted makes no error of what is corrected.
    let counted = app.counting(move |app| app.count_seen(&permit, seen)).await;
    Ok(Json(shown(visitor, known, counted.unwrap_or(uncounted))))
}

/// Names that senders use for what a visitor is and that are not kept: not declared, or of another type.
#[utoipa::path(
    get, path = "/api/sites/{domain}/attributes/left-out", params(("domain" = String, Path)),
    responses(
        (status = 200, description = "The names, most frequent first", body = LeftOutAttributes),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "No such site", body = Problem),
    )
)]
pub(crate) async fn list_left_out(
    State(app): State<Arc<App>>,
    asking: Asking,
    NamedSite(domain): NamedSite,
) -> Result<Json<LeftOutAttributes>, Problem> {
    app.off_thread(move |app| {
        let permit = asking.of_site(app, Verb::See, Object::Site, &domain)?;
        let rows = app.control.left_out_attributes(permit.site.id)?.into_iter();
        let attributes =
            rows.map(|row| LeftOut { name: row.name, count: row.count, last_at: row.last_at.to_string() });
        Ok(Json(LeftOutAttributes { attributes: attributes.collect() }))
    })
    .await
}

fn shown(visitor: VisitorId, known: Known, seen: Seen) -> Visitor {
    let Seen { ids, restricted, objected, found } = seen;
    let (id, attributes) = attributes_of(&known.attributes);
    Visitor {
        visitor: visitor.to_string(),
        id,
        attributes,
        consents: known.consents.into_iter().map(Consent::of).collect(),
        withdrawn: known.withdrawn,
        restricted,
        objected,
        ids: ids.into_iter().map(IdOfVisitor::from).collect(),
        seen: found.map(SeenVisitor::from),
    }
}

impl From<Erased> for SeenVisitor {
    fn from(found: Erased) -> Self {
        let (first, last) = found.span.unzip();
        Self {
            events: found.events,
            set_aside: found.set_aside,
            visits: found.visits,
            recordings: found.recordings,
            first_at: first.map(|at| at.to_string()),
            last_at: last.map(|at| at.to_string()),
        }
    }
}

impl From<(VisitorId, Option<VisitorId>)> for IdOfVisitor {
    fn from((id, leads_to): (VisitorId, Option<VisitorId>)) -> Self {
        Self { visitor: id.to_string(), leads_to: leads_to.map(|to| to.to_string()) }
    }
}

/// What the site calls somebody, where it does, and what else they are.
pub(super) fn attributes_of(
    known: &[(AttributeName, AttributeValue, Timestamp)],
) -> (Option<String>, Vec<Attribute>) {
    let (ids, attributes): (Vec<_>, Vec<_>) =
        known.iter().partition(|(name, ..)| name.as_str() == AttributeName::ID);
    let id = ids.first().and_then(|(_, value, _)| value_of(value).as_str().map(ToOwned::to_owned));
    let attribute = |(name, value, at): &(AttributeName, AttributeValue, Timestamp)| Attribute {
        name: name.as_str().to_owned(),
        kind: value.kind().as_str(),
        value: value_of(value),
        at: at.to_string(),
    };
    (id, attributes.into_iter().map(attribute).collect())
}

fn value_of(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::Text(text) | AttributeValue::Date(text) => Value::from(text.as_str()),
        AttributeValue::Number(number) => Value::from(*number),
        AttributeValue::Boolean(truth) => Value::from(*truth),
        AttributeValue::Address(address) => Value::from(address.shown()),
    }
}
