//! `/api/operator/ledger`: payments and invoices, which are kept when everything else of an organization is removed.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use control::{LedgerEntry, LedgerError, LedgerKind};
use domain::audit::{Act, Log, Object, ObjectKind};
use domain::{OrganizationId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::input::Input;
use super::super::problem::Problem;
use super::asking::OnDuty;
use crate::processes::app::state::App;

/// Characters of a number in the books.
const REFERENCE_CHARS_MAX: usize = 100;

/// What an entry is of.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PaymentKind {
    Invoice,
    Payment,
}

/// A payment or an invoice to write down.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewLedgerEntry {
    kind: PaymentKind,
    /// Whose.
    organization: u32,
    /// Its number in the books.
    reference: String,
    /// How much, in the smallest unit of the currency.
    amount: i64,
    /// In which, by its three letters.
    currency: String,
}

/// A payment or an invoice.
#[derive(Serialize, ToSchema)]
pub(crate) struct LedgerEntryShown {
    number: i64,
    kind: PaymentKind,
    organization: u32,
    reference: String,
    amount: i64,
    currency: String,
    #[schema(format = DateTime)]
    at: String,
}

/// All of them.
#[derive(Serialize, ToSchema)]
pub(crate) struct Ledger {
    entries: Vec<LedgerEntryShown>,
}

impl LedgerEntryShown {
    fn of((number, entry): (i64, LedgerEntry)) -> Self {
        Self {
            number,
            kind: match entry.kind {
                LedgerKind::Invoice => PaymentKind::Invoice,
                LedgerKind::Payment => PaymentKind::Payment,
            },
            organization: entry.organization.0,
            reference: entry.reference,
            amount: entry.amount,
            currency: entry.currency,
            at: entry.at.to_string(),
        }
    }
}

/// Every payment and invoice, those of organizations that were removed among them.
#[utoipa::path(
    get, path = "/api/operator/ledger",
    responses(
        (status = 200, description = "All of them", body = Ledger),
        (status = 401, description = "Sign in first", body = Problem),
    )
)]
pub(crate) async fn read_ledger(State(app): State<Arc<App>>, _: OnDuty) -> Result<Json<Ledger>, Problem> {
    app.off_thread(move |app| {
        let entries = app.control.ledger(&app.keeper.ledger_key()?)?;
        Ok(Json(Ledger { entries: entries.into_iter().map(LedgerEntryShown::of).collect() }))
    })
    .await
}

/// Writes a payment or an invoice down. It is never altered and never taken away.
#[utoipa::path(
    post, path = "/api/operator/ledger", request_body = NewLedgerEntry,
    responses(
        (status = 201, description = "It is written down", body = LedgerEntryShown),
        (status = 400, description = "Something is not allowed; field says what", body = Problem),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 404, description = "There is no such organization", body = Problem),
    )
)]
pub(crate) async fn add_to_ledger(
    State(app): State<Arc<App>>,
    on_duty: OnDuty,
    Input(new): Input<NewLedgerEntry>,
) -> Result<(StatusCode, Json<LedgerEntryShown>), Problem> {
    app.off_thread(move |app| {
        let entry = read(new, app.clock.now())?;
        let known = app.control.organizations()?.into_iter().any(|one| one.id == entry.organization);
        if !known {
            return Err(Problem::not_found("there is no such organization"));
        }
        let object = Object::new(ObjectKind::Organization, entry.organization.0);
        let told = app.entry_on_duty(&on_duty, Act::LedgerAdd, object);
        let key = app.keeper.ledger_key()?;
        let number = app
            .control
            .act(Log::SERVER, &told, |work| Ok::<_, Problem>(work.add_to_ledger(&key, &entry, &*app.rng)?))?;
        Ok((StatusCode::CREATED, Json(LedgerEntryShown::of((number, entry)))))
    })
    .await
}

fn read(new: NewLedgerEntry, at: Timestamp) -> Result<LedgerEntry, Problem> {
    let length = new.reference.chars().count();
    if length == 0 || length > REFERENCE_CHARS_MAX || new.reference.chars().any(char::is_control) {
        let sentence = format!("a number in the books has 1 to {REFERENCE_CHARS_MAX} characters on one line");
        return Err(Problem::invalid(sentence).of_field("reference"));
    }
    if new.currency.len() != 3 || !new.currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Err(Problem::invalid("a currency has three capital letters").of_field("currency"));
    }
    Ok(LedgerEntry {
        kind: match new.kind {
            PaymentKind::Invoice => LedgerKind::Invoice,
            PaymentKind::Payment => LedgerKind::Payment,
        },
        organization: OrganizationId(new.organization),
        reference: new.reference,
        amount: new.amount,
        currency: new.currency,
        at,
    })
}

impl From<LedgerError> for Problem {
    fn from(error: LedgerError) -> Self {
        Self::internal(&error)
    }
}
