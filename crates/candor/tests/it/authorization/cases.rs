//! How each operation is asked so that whoever may do it does no harm: about things that are made for it.

use serde_json::{Value, json};

use super::world::{HERE, Operation, World};
use crate::house::PASSWORD;

/// A visitor of whom there is nothing.
pub(super) const VISITOR: &str = "00000002-0000-4000-8000-000000000000";

/// What fills a path and a body.
#[derive(Default)]
pub(super) struct Filled {
    pub(super) id: String,
    pub(super) domain: Option<String>,
    pub(super) body: Option<Value>,
}

/// One way of asking an operation.
pub(super) struct Case {
    operation: &'static str,
    /// What is particular about it, where an operation is asked in several ways.
    pub(super) note: &'static str,
    pub(super) fill: fn(&mut World) -> Filled,
}

fn body(body: Value) -> Filled {
    Filled { body: Some(body), ..Filled::default() }
}

fn of(id: impl Into<String>) -> Filled {
    Filled { id: id.into(), ..Filled::default() }
}

impl Filled {
    fn with(self, body: Value) -> Self {
        Self { body: Some(body), ..self }
    }
}

/// A visitor who never was here.
const NOBODY: &str = "3f1c0f4e-5b0a-4e0e-9d50-1f2e3d4c5b6a";

/// A token of nothing.
fn no_token() -> String {
    "A".repeat(43)
}

/// A ticket of nothing.
fn no_ticket() -> String {
    "0".repeat(32)
}

/// A UUID of nobody.
const NO_VISITOR: &str = "00000000-0000-4000-8000-000000000000";

fn no_passkey() -> Value {
    json!({ "id": no_ticket(), "credential": {} })
}

fn query() -> Value {
    json!({ "site_id": HERE, "date_range": "7d", "metrics": ["visitors"] })
}

/// The ways of asking an operation. One without a body and without an id needs none named here.
pub(super) fn of_operation(operation: &Operation) -> Vec<Case> {
    let name = operation.name();
    let named: Vec<Case> = all().into_iter().filter(|case| case.operation == name).collect();
    if !named.is_empty() {
        return named;
    }
    assert!(
        !operation.takes_body() && !operation.path.contains("{id}"),
        "{name} is asked by nobody: say in tests/it/authorization/cases.rs what to ask so that it does no harm"
    );
    vec![Case { operation: "", note: "", fill: |_| Filled::default() }]
}

fn all() -> Vec<Case> {
    [of_signing_in(), of_oneself(), of_people(), of_keys(), of_sites(), of_grants()]
        .into_iter()
        .flatten()
        .collect()
}

fn case(operation: &'static str, note: &'static str, fill: fn(&mut World) -> Filled) -> Case {
    Case { operation, note, fill }
}

fn of_signing_in() -> Vec<Case> {
    vec![
        case("POST /api/setup", "no token", |_| {
            body(
                json!({ "token": no_token(), "email": "a@example.com", "password": PASSWORD, "organization": "Other" }),
            )
        }),
        case("POST /api/setup/passkey", "no token", |_| {
            body(json!({ "token": no_token(), "email": "a@example.com" }))
        }),
        case("POST /api/session", "", |_| {
            body(json!({ "email": "viewer@example.com", "password": PASSWORD }))
        }),
        case("POST /api/session/second-factor", "no ticket", |_| {
            body(json!({ "ticket": no_ticket(), "totp": "000000" }))
        }),
        case("POST /api/session/second-factor/passkey", "no ticket", |_| {
            body(json!({ "ticket": no_ticket() }))
        }),
        case("POST /api/session/passkey", "no ticket", |_| body(no_passkey())),
        case("POST /api/session/one-time", "no token", |_| body(json!({ "token": no_token() }))),
        case("POST /api/session/confirm", "", |_| body(json!({ "password": PASSWORD }))),
        case("POST /api/password", "no token", |_| {
            body(json!({ "token": no_token(), "password": PASSWORD }))
        }),
        case("POST /api/password/reset", "", |_| body(json!({ "email": "unknown@example.com" }))),
    ]
}

fn of_grants() -> Vec<Case> {
    vec![
        case("POST /api/support-grants/{id}/approve", "of nobody", |_| of("0000000000000001")),
        case("POST /api/support-grants/{id}/decline", "of nobody", |_| of("0000000000000001")),
        case("POST /api/support-grants/{id}/end", "of nobody", |_| of("0000000000000001")),
    ]
}

fn of_oneself() -> Vec<Case> {
    vec![
        case("PATCH /api/me", "the name", |_| body(json!({ "name": "Somebody" }))),
        case("PATCH /api/me", "the address", |_| body(json!({ "email": "bystander@example.com" }))),
        case("PUT /api/me/password", "", |_| body(json!({ "password": PASSWORD }))),
        case("PUT /api/me/totp", "a wrong code", |_| body(json!({ "code": "000000" }))),
        case("POST /api/me/passkeys", "no ticket", |_| {
            body(json!({ "id": no_ticket(), "credential": {}, "name": "one" }))
        }),
        case("DELETE /api/me/passkeys/{id}", "of nobody", |_| of("0000000000000001")),
        case("DELETE /api/me/devices/{id}", "of the owner", |world| of(world.device_of_owner())),
    ]
}

fn of_people() -> Vec<Case> {
    vec![
        case("PATCH /api/organizations/{id}", "the name", |_| of("1").with(json!({ "name": "Example" }))),
        case("PATCH /api/organizations/{id}", "what it requires", |_| {
            of("1").with(json!({ "require_second_factor": false }))
        }),
        case("PATCH /api/organizations/{id}", "another", |_| of("2").with(json!({ "name": "Bakery" }))),
        case("GET /api/organizations/{id}/agreement", "", |_| of("1")),
        case("GET /api/organizations/{id}/agreement", "another", |_| of("2")),
        case("POST /api/organizations/{id}/agreement", "another version", |_| {
            of("1").with(json!({ "version": "none" }))
        }),
        case("PATCH /api/people/{id}", "a viewer", |world| {
            of(world.bystander()).with(json!({ "role": "organization_viewer" }))
        }),
        case("PATCH /api/people/{id}", "to be an owner", |world| {
            of(world.bystander()).with(json!({ "role": "owner" }))
        }),
        case("PATCH /api/people/{id}", "an owner", |world| {
            of(world.owner_id()).with(json!({ "disabled": false }))
        }),
        case("DELETE /api/people/{id}", "a viewer", |world| of(world.bystander())),
        case("DELETE /api/people/{id}", "the only owner", |world| of(world.owner_id())),
        case("POST /api/people/{id}/reset-link", "a viewer", |world| of(world.bystander()).with(json!({}))),
        case("POST /api/people/{id}/reset-link", "an owner", |world| of(world.owner_id()).with(json!({}))),
        case("POST /api/invitations", "a viewer", |world| invited_as("organization_viewer", world)),
        case("POST /api/invitations", "an admin", |world| invited_as("admin", world)),
        case("POST /api/invitations", "an owner", |world| invited_as("owner", world)),
        case("DELETE /api/invitations/{id}", "a viewer", |world| {
            of(world.invitation("organization_viewer", None, &fresh_email(world)).0)
        }),
        case("DELETE /api/invitations/{id}", "an owner", |world| {
            of(world.invitation("owner", None, &fresh_email(world)).0)
        }),
        case("POST /api/invitations/look", "", |world| token_of_invitation(world)),
        case("POST /api/invitations/passkey", "", |world| token_of_invitation(world)),
        case("POST /api/invitations/accept", "of somebody else", |world| token_of_invitation(world)),
    ]
}

fn of_keys() -> Vec<Case> {
    vec![
        case("POST /api/keys", "of the site", |_| body(json!({ "site": HERE, "scopes": ["read"] }))),
        case("POST /api/keys", "of all sites", |_| body(json!({ "scopes": ["read"] }))),
        case("POST /api/keys", "of the site, for the audit log", |_| {
            body(json!({ "site": HERE, "scopes": ["audit"] }))
        }),
        case("POST /api/keys", "to export", |_| body(json!({ "scopes": ["export"] }))),
        case("DELETE /api/keys/{id}", "", |world| of(world.key(Some(HERE), &["read"]).0)),
    ]
}

fn of_sites() -> Vec<Case> {
    vec![
        case("POST /api/sites", "", |world| {
            body(json!({ "domain": format!("{}.example", world.fresh("site")) }))
        }),
        case("PATCH /api/sites/{domain}", "", |_| body(json!({ "honour_signals": true }))),
        case("DELETE /api/sites/{domain}", "not repeated", |_| body(json!({ "confirm": "" }))),
        case("DELETE /api/sites/{domain}", "a third one", |world| {
            let domain = format!("{}.example", world.fresh("third"));
            world.by_owner("POST", "/api/sites", &json!({ "domain": domain }));
            Filled { domain: Some(domain.clone()), ..body(json!({ "confirm": domain })) }
        }),
        case("GET /api/sites/{domain}/recordings/{id}", "of nobody", |_| of("0000000000000001")),
        case("GET /api/sites/{domain}/recordings/{id}/events", "of nobody", |_| of("0000000000000001")),
        case("DELETE /api/sites/{domain}/recordings", "nobody named", |_| Filled::default()),
        case("DELETE /api/sites/{domain}/recordings/{id}", "of nobody", |_| of("0000000000000001")),
        case("POST /api/privacy/{domain}/requests", "", |_| {
            body(json!({ "kind": "access", "email": "ann@example.com", "known_as": "customer 12" }))
        }),
        case("POST /api/sites/{domain}/requests/{id}/answer", "of nobody", |_| {
            of("999").with(json!({ "answer": "done" }))
        }),
        case("POST /api/sites/{domain}/aliases", "", |_| {
            body(json!({ "from": "00000001-0000-4000-8000-000000000000", "to": VISITOR }))
        }),
        case("DELETE /api/sites/{domain}/aliases", "nobody named", |_| Filled::default()),
        case("GET /api/sites/{domain}/visitors/{visitor}/erasure", "of nobody", |_| of(NOBODY)),
        case("POST /api/sites/{domain}/visitors/{visitor}/erasure", "of nobody", |_| of(NOBODY)),
        case("GET /api/sites/{domain}/erasures/{id}", "of nobody", |_| of("999999")),
        case("GET /api/sites/{domain}/visitors", "nobody named", |_| Filled::default()),
        case("GET /api/sites/{domain}/visitors/{visitor}", "of nobody", |_| of(NO_VISITOR)),
        case("PATCH /api/sites/{domain}/visitors/{visitor}/attributes", "of nobody, nothing", |_| {
            of(NO_VISITOR).with(json!({ "attributes": {} }))
        }),
        case("GET /api/sites/{domain}/consents", "nobody named", |_| Filled::default()),
        case("POST /api/sites/{domain}/consents", "", |_| {
            body(json!({ "visitor": NO_VISITOR, "purposes": ["analytics"], "version": "1" }))
        }),
        case("POST /api/sites/{domain}/consents/{id}/withdrawal", "of nobody", |_| of(NO_VISITOR)),
        case("POST /api/v2/query", "", |_| body(query())),
        case("POST /api/v2/queries", "", |_| body(json!([query()]))),
    ]
}

fn fresh_email(world: &World) -> String {
    format!("{}@example.com", world.fresh("invited"))
}

fn invited_as(role: &str, world: &World) -> Filled {
    body(json!({ "email": fresh_email(world), "role": role }))
}

fn token_of_invitation(world: &World) -> Filled {
    body(json!({ "token": world.invitation("organization_viewer", None, &fresh_email(world)).1 }))
}
