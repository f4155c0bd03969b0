//! `/api/audit`: who did what to what, from where and when; and the log as a file that anybody can check.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use control::{AuditExport, AuditFilter, CheckpointError, Database, PAGE_MAX, Person};
use domain::audit::{Act, ActorKind, Entry, Log, NewEntry, Object as Audited, ObjectKind};
use domain::{Object, OperatorId, PersonId, Verb};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use utoipa::{IntoParams, ToSchema};

use super::asking::Asking;
use super::input::Asked;
use super::members::InOrganization;
use super::problem::{Kind, Problem};
use super::stream::Stream;
use crate::processes::app::state::App;

type Export = AuditExport<Arc<Database>>;

/// Entries of an answer unless it is said.
const COUNT_DEFAULT: usize = 50;
/// Parts that wait for a slow reader.
const WAITING_MAX: usize = 4;

/// Which entries of which log.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    organization: Option<u32>,
    /// Those before this number.
    before: Option<u64>,
    /// Those by whoever has this number.
    actor: Option<String>,
    /// Those about this act.
    act: Option<String>,
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<usize>,
}

/// Which entries of the server's own log.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct WantedActs {
    /// Those before this number.
    pub(super) before: Option<u64>,
    /// Those by whoever has this number.
    pub(super) actor: Option<String>,
    /// Those about this act.
    pub(super) act: Option<String>,
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub(super) limit: Option<usize>,
}

/// Somebody or something by its number, and its name while it has one.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Named {
    kind: String,
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    name: Option<String>,
}

/// One act.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct EntryShown {
    /// Its place in the log, counted from 1.
    number: u64,
    #[schema(format = DateTime)]
    at: String,
    actor: Named,
    /// From where: the truncated address.
    network: Option<String>,
    act: String,
    object: Named,
    details: BTreeMap<String, String>,
}

/// A part of a log, the newest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct AuditPage {
    entries: Vec<EntryShown>,
    /// How many entries the log has.
    size: u64,
    /// Whether there are earlier ones.
    earlier: bool,
}

/// What those are called whom a log knows by their numbers.
#[derive(Default)]
pub(super) struct Names {
    pub(super) people: BTreeMap<PersonId, Person>,
    pub(super) keys: BTreeMap<u64, String>,
    pub(super) operators: BTreeMap<OperatorId, String>,
}

impl Names {
    fn show(&self, entry: Entry) -> EntryShown {
        let Entry { number, at, actor, network, act, object, details } = entry;
        let actor_name = match actor.kind {
            ActorKind::Person => self.of_person(&actor.id),
            ActorKind::Key => self.of_key(&actor.id),
            ActorKind::Operator => self.of_operator(&actor.id),
            ActorKind::System | ActorKind::Nobody => None,
        };
        let object_name = match object.kind {
            ObjectKind::Person => self.of_person(&object.id),
            ObjectKind::Key => self.of_key(&object.id),
            ObjectKind::Operator => self.of_operator(&object.id),
            _ => None,
        };
        EntryShown {
            number,
            at: at.to_string(),
            actor: Named { kind: actor.kind.to_string(), id: actor.id, name: actor_name },
            network,
            act: act.to_string(),
            object: Named { kind: object.kind.to_string(), id: object.id, name: object_name },
            details,
        }
    }

    fn of_person(&self, id: &str) -> Option<String> {
        let person = self.people.get(&id.parse().ok()?)?;
        Some(if person.name.is_empty() { person.email.clone() } else { person.name.clone() })
    }

    fn of_key(&self, id: &str) -> Option<String> {
        self.keys.get(&u64::from_str_radix(id, 16).ok()?).cloned()
    }

    fn of_operator(&self, id: &str) -> Option<String> {
        self.operators.get(&id.parse().ok()?).cloned()
    }
}

/// Who did what.
#[utoipa::path(
    get, path = "/api/audit", params(Wanted),
    responses(
        (status = 200, description = "The entries, the newest first", body = AuditPage),
        (status = 400, description = "There is no such act, or the limit is not allowed", body = Problem),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
    )
)]
pub(crate) async fn list_acts(
    State(app): State<Arc<App>>,
    asking: Asking,
    Asked(wanted): Asked<Wanted>,
) -> Result<Json<AuditPage>, Problem> {
    app.off_thread(move |app| {
        let of = wanted.organization.map(domain::OrganizationId);
        let permit = asking.of_organization(Verb::See, Object::AuditLog, of)?;
        let names = Names {
            people: app.control.people(permit.organization)?,
            keys: app.control.key_names(permit.organization)?,
            operators: app.control.operator_names()?,
        };
        let Wanted { before, actor, act, limit, .. } = wanted;
        page(app, permit.log(), WantedActs { before, actor, act, limit }, &names).map(Json)
    })
    .await
}

/// The signed checkpoint of the log as it is now: keep it elsewhere, and no later change of what it covers goes unnoticed.
#[utoipa::path(
    get, path = "/api/audit/checkpoint", params(InOrganization),
    responses(
        (status = 200, description = "A signed note", content_type = "text/plain", body = String),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 409, description = "The log is not a continuation of what was signed before", body = Problem),
    )
)]
pub(crate) async fn read_checkpoint(
    State(app): State<Arc<App>>,
    asking: Asking,
    Asked(of): Asked<InOrganization>,
) -> Result<String, Problem> {
    app.off_thread(move |app| {
        let permit = asking.of_organization(Verb::See, Object::AuditLog, of.id())?;
        checkpoint(app, permit.log())
    })
    .await
}

/// The whole log as the file that `candor audit verify` checks.
#[utoipa::path(
    get, path = "/api/audit/export", params(InOrganization),
    responses(
        (status = 200, description = "The file", content_type = "application/x-ndjson", body = String),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
    )
)]
pub(crate) async fn export_acts(
    State(app): State<Arc<App>>,
    asking: Asking,
    Asked(of): Asked<InOrganization>,
) -> Result<Response, Problem> {
    let export = app
        .off_thread(move |app| {
            let permit = asking.of_organization(Verb::Export, Object::AuditLog, of.id())?;
            let entry = app.entry(&asking, Act::AuditExport, Audited::sole(ObjectKind::AuditLog));
            begin_export(app, permit.log(), &entry)
        })
        .await?;
    Ok(as_file(export))
}

/// A part of a log.
pub(super) fn page(app: &App, log: Log, wanted: WantedActs, names: &Names) -> Result<AuditPage, Problem> {
    let unknown = |_| Problem::invalid("there is no such act").of_field("act");
    let act = wanted.act.as_deref().map(|word| word.parse::<Act>().map_err(unknown)).transpose()?;
    let limit = wanted.limit.unwrap_or(COUNT_DEFAULT);
    if !(1..=PAGE_MAX).contains(&limit) {
        let sentence = format!("limit is a whole number from 1 to {PAGE_MAX}");
        return Err(Problem::invalid(sentence).of_field("limit"));
    }
    let filter = AuditFilter { before: wanted.before, actor: wanted.actor, act };
    let page = app.control.audit_entries(log, &filter, limit)?;
    let entries = page.entries.into_iter().map(|entry| names.show(entry));
    Ok(AuditPage { entries: entries.collect(), size: page.size, earlier: page.earlier })
}

/// The signed checkpoint of a log as it is now.
pub(super) fn checkpoint(app: &App, log: Log) -> Result<String, Problem> {
    Ok(app.control.audit_checkpoint(&app.keeper, log).map_err(failed)?.note)
}

/// A log as the file that anybody can check, after `entry` was written into it about that.
pub(super) fn begin_export(app: &App, log: Log, entry: &NewEntry) -> Result<Export, Problem> {
    app.control.note(log, entry)?;
    AuditExport::begin(app.control.clone(), &app.keeper, log).map_err(failed)
}

/// The file, as it is sent.
pub(super) fn as_file(export: Export) -> Response {
    let (sender, receiver) = mpsc::channel(WAITING_MAX);
    tokio::task::spawn_blocking(move || {
        for part in export {
            match part {
                Ok(part) => {
                    if sender.blocking_send(part.into()).is_err() {
                        return;
                    }
                }
                // Its last line is missing then, by which whoever checks it knows.
                Err(error) => return tracing::error!("an audit log is not exported whole: {error}"),
            }
        }
    });
    let headers = [
        (header::CONTENT_TYPE, "application/x-ndjson"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"audit.jsonl\""),
    ];
    (headers, Body::new(Stream(receiver))).into_response()
}

fn failed(error: CheckpointError) -> Problem {
    match error {
        CheckpointError::Keeper(error) => error.into(),
        CheckpointError::Database(error) => error.into(),
        parted => {
            tracing::error!("{parted}");
            Problem::new(Kind::Conflict, parted.to_string())
        }
    }
}
