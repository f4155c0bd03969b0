//! `/api/operator/support-grants`: what operators ask owners to be shown, and the masked view of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use control::{GrantText, Letter};
use domain::audit::{Act, Object, ObjectKind};
use domain::{DomainName, OperatorId, OrganizationId, SupportField};
use events::query::Answer;
use sealing::protocol::operators::{Ask, GrantTold, NewGrant, Told};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::super::input::{Input, Numbered};
use super::super::members::number;
use super::super::problem::Problem;
use super::asking::OnDuty;
use crate::processes::app::operators::unexpected;
use crate::processes::app::state::App;
use crate::processes::app::support;

/// Days that a grant looks back where nothing is said.
const DAYS_DEFAULT: u32 = 30;

/// A support grant, as both sides see it.
#[derive(Serialize, ToSchema)]
pub(crate) struct GrantShown {
    id: String,
    /// Who asked.
    operator: String,
    organization: u32,
    /// The site's domain.
    site: String,
    purpose: String,
    ticket: String,
    /// By what numbers are told apart.
    fields: Vec<&'static str>,
    /// For how long it is open, from its approval.
    minutes: u32,
    /// How many days it looks back.
    days: u32,
    /// pending, active, declined, ended or expired.
    state: &'static str,
    #[schema(format = DateTime)]
    asked_at: String,
    #[schema(format = DateTime)]
    approved_at: Option<String>,
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    /// When the operator first looked.
    #[schema(format = DateTime)]
    opened_at: Option<String>,
    #[schema(format = DateTime)]
    ended_at: Option<String>,
}

/// Support grants, the newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct GrantList {
    grants: Vec<GrantShown>,
}

/// What an operator asks to be shown.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GrantWanted {
    /// The site's domain.
    site: String,
    /// Whose it is; need not be said.
    #[serde(default)]
    #[schema(nullable = false)]
    organization: Option<u32>,
    purpose: String,
    /// The number of the ticket in which the customer asked.
    ticket: String,
    /// Of page, source, campaign, country, device, event and property.
    fields: Vec<String>,
    minutes: u32,
    #[serde(default)]
    #[schema(nullable = false)]
    days: Option<u32>,
}

/// The masked view's answer.
#[derive(Serialize, ToSchema)]
pub(crate) struct MaskedResult {
    #[serde(flatten)]
    #[schema(value_type = Object)]
    answer: Answer,
    /// How many rows were left out, of fewer than five visitors each.
    left_out: usize,
}

/// What both sides see of grants.
pub(crate) struct Shelf {
    names: BTreeMap<OperatorId, String>,
    texts: BTreeMap<u64, GrantText>,
}

impl Shelf {
    pub(crate) fn open(app: &App, of: Option<OrganizationId>) -> Result<Self, Problem> {
        Ok(Self { names: app.control.operator_names()?, texts: app.control.grant_texts(of)? })
    }

    pub(crate) fn show(&self, told: &GrantTold) -> GrantShown {
        let text = self.texts.get(&told.id);
        let said = |get: fn(&GrantText) -> &String| text.map(get).cloned().unwrap_or_default();
        let approved = told.until.and(told.decided).map(|(_, at)| at.to_string());
        GrantShown {
            id: number(told.id),
            operator: self.names.get(&told.operator).cloned().unwrap_or_else(|| told.operator.to_string()),
            organization: told.organization.0,
            site: said(|text| &text.site),
            purpose: said(|text| &text.purpose),
            ticket: said(|text| &text.ticket),
            fields: told.fields.iter().map(|field| field.as_str()).collect(),
            minutes: told.minutes,
            days: told.days,
            state: told.state.as_str(),
            asked_at: told.asked_at.to_string(),
            approved_at: approved,
            expires_at: told.until.map(|until| until.to_string()),
            opened_at: told.opened_at.map(|at| at.to_string()),
            ended_at: told.ended_at.map(|at| at.to_string()),
        }
    }

    pub(crate) fn list(&self, told: &[GrantTold]) -> GrantList {
        GrantList { grants: told.iter().map(|one| self.show(one)).collect() }
    }
}

/// The grants that were asked for, of all organizations.
#[utoipa::path(
    get, path = "/api/operator/support-grants",
    responses(
        (status = 200, description = "The newest first", body = GrantList),
        (status = 401, description = "Sign in first", body = Problem),
    )
)]
pub(crate) async fn list_grants(
    State(app): State<Arc<App>>,
    on_duty: OnDuty,
) -> Result<Json<GrantList>, Problem> {
    app.off_thread(move |app| match app.ask_operators(Ask::Grants(on_duty.badge))? {
        Told::Grants(told) => Ok(Json(Shelf::open(app, None)?.list(&told))),
        _ => Err(unexpected()),
    })
    .await
}

/// Asks an owner to be shown something of one site, once.
#[utoipa::path(
    post, path = "/api/operator/support-grants", request_body = GrantWanted,
    responses(
        (status = 201, description = "It waits for an owner", body = GrantShown),
        (status = 400, description = "Something is missing or not allowed", body = Problem),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 404, description = "There is no such site", body = Problem),
    )
)]
pub(crate) async fn ask_grant(
    State(app): State<Arc<App>>,
    on_duty: OnDuty,
    Input(wanted): Input<GrantWanted>,
) -> Result<(StatusCode, Json<GrantShown>), Problem> {
    let read = |word: &String| {
        let words = SupportField::ALL.map(SupportField::as_str).join(", ");
        let unknown = |_| Problem::invalid(format!("a field is one of {words}")).of_field("fields");
        word.parse::<SupportField>().map_err(unknown)
    };
    let fields = wanted.fields.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    app.off_thread(move |app| {
        let unknown = || Problem::not_found("there is no such site");
        let name: DomainName = wanted.site.parse().map_err(|_| unknown())?;
        let site = app.control.site(&name).map_err(|error| Problem::internal(&error))?.ok_or_else(unknown)?;
        if wanted.organization.is_some_and(|id| id != site.organization.0) {
            return Err(unknown());
        }
        let new = NewGrant {
            organization: site.organization,
            site: site.id,
            purpose: plain(&wanted.purpose),
            ticket: plain(&wanted.ticket),
            fields,
            minutes: wanted.minutes,
            days: wanted.days.unwrap_or(DAYS_DEFAULT),
        };
        ask(app, &on_duty, &site.domain, new).map(|shown| (StatusCode::CREATED, Json(shown)))
    })
    .await
}

fn ask(app: &App, on_duty: &OnDuty, domain: &DomainName, new: NewGrant) -> Result<GrantShown, Problem> {
    let words: Vec<&str> = new.fields.iter().map(|field| field.as_str()).collect();
    let entry = app
        .entry_on_duty(on_duty, Act::SupportAsk, Object::new(ObjectKind::Site, domain))
        .with("ticket", &new.ticket)
        .with("fields", words.join(" "))
        .with("minutes", new.minutes)
        .with("days", new.days);
    let (organization, purpose, ticket) = (new.organization, new.purpose.clone(), new.ticket.clone());
    let ask = Ask::AskGrant(on_duty.badge.clone(), new);
    let told = app.act_as_operator(Some(organization), &entry, ask, |work, told| {
        let Told::Grant(told) = told else { return Err(unexpected()) };
        let text = GrantText { id: told.id, organization, site: domain.to_string(), purpose, ticket };
        work.add_grant_text(&text)?;
        let letter = support::letter_of(app, work, &told, &text, &on_duty.told.name)?;
        app.mail_grant(work, &told.owners, organization, &Letter::GrantAsked(letter))?;
        Ok(told)
    })?;
    app.mail_waits();
    Ok(Shelf::open(app, Some(organization))?.show(&told))
}

/// Ends a grant of yours.
#[utoipa::path(
    post, path = "/api/operator/support-grants/{id}/end", params(("id" = String, Path)),
    responses(
        (status = 204, description = "It is over"),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 404, description = "There is no such grant of yours", body = Problem),
        (status = 410, description = "It was over already", body = Problem),
    )
)]
pub(crate) async fn end_grant(
    State(app): State<Arc<App>>,
    on_duty: OnDuty,
    Numbered(id): Numbered,
) -> Result<StatusCode, Problem> {
    let id = grant_id(&id)?;
    app.off_thread(move |app| {
        let unknown = || Problem::not_found("there is no such support grant");
        let text = app.control.grant_texts(None)?.remove(&id).ok_or_else(unknown)?;
        let object = Object::new(ObjectKind::SupportGrant, number(id));
        let entry = app.entry_on_duty(&on_duty, Act::SupportEnd, object);
        let ask = Ask::EndGrant(on_duty.badge.clone(), id);
        app.act_as_operator(Some(text.organization), &entry, ask, |work, told| {
            let Told::Grant(told) = told else { return Err(unexpected()) };
            let letter = support::letter_of(app, work, &told, &text, &on_duty.told.name)?;
            app.mail_grant(work, &told.owners, text.organization, &Letter::GrantEnded(letter))
        })?;
        app.mail_waits();
        Ok(())
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Answers a question under an approved grant: the first one puts it to its one use.
#[utoipa::path(
    post, path = "/api/operator/support-grants/{id}/query", params(("id" = String, Path)), request_body = Object,
    responses(
        (status = 200, description = "The answer, masked", body = MaskedResult),
        (status = 400, description = "The question cannot be answered as it is", body = Problem),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "It is not within what was granted", body = Problem),
        (status = 404, description = "There is no such grant of yours", body = Problem),
        (status = 410, description = "The grant is not open", body = Problem),
    )
)]
pub(crate) async fn query_grant(
    State(app): State<Arc<App>>,
    on_duty: OnDuty,
    Numbered(id): Numbered,
    Input(query): Input<Value>,
) -> Result<Json<MaskedResult>, Problem> {
    let masked = support::answer(&app, on_duty, grant_id(&id)?, query).await?;
    Ok(Json(MaskedResult { answer: masked.answer, left_out: masked.left_out }))
}

/// The number of a grant.
pub(crate) fn grant_id(text: &str) -> Result<u64, Problem> {
    let unknown = || Problem::not_found("there is no such support grant");
    let well_formed = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    well_formed.then(|| u64::from_str_radix(text, 16).ok()).flatten().ok_or_else(unknown)
}

/// A text as it is kept: without control characters.
fn plain(text: &str) -> String {
    text.trim().chars().filter(|c| !c.is_control()).collect()
}
