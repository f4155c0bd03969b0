//! `/api/keys`: API keys, each for a site or an organization and for named uses, shown once.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::audit::{Act, Object as Audited, ObjectKind};
use domain::{DAY_MS, Object, OrganizationId, Scope, Timestamp, Verb};
use sealing::SecretText;
use sealing::protocol::people::{ApiKey, Ask, Told};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::asking::{Asking, KEY_PREFIX, unexpected};
use super::input::{Asked, Input, Numbered};
use super::members::{InOrganization, number};
use super::problem::Problem;
use super::secret::Secret;
use crate::processes::app::people;
use crate::processes::app::state::App;

/// Days that a key may be good for, where it is not good until it is ended.
const DAYS_MAX: u32 = 3_650;

/// A key to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewKey {
    /// Domain of the site that it is for; all sites of the organization where it is absent.
    #[serde(default)]
    #[schema(nullable = false)]
    site: Option<String>,
    #[serde(default)]
    #[schema(nullable = false)]
    organization: Option<u32>,
    #[serde(default)]
    #[schema(nullable = false)]
    name: Option<String>,
    /// `read`, `write`, `manage`, `export`, `audit`.
    #[schema(min_items = 1)]
    scopes: Vec<String>,
    #[serde(default)]
    #[schema(nullable = false, minimum = 1, maximum = 3650)]
    expires_in_days: Option<u32>,
}

/// A key that was made now.
#[derive(Serialize, ToSchema)]
pub(crate) struct KeyMade {
    id: String,
    /// To be sent as `Authorization: Bearer`; shown once.
    #[schema(value_type = String)]
    key: Secret,
    name: String,
    site: Option<String>,
    scopes: Vec<&'static str>,
    #[schema(format = DateTime)]
    expires_at: Option<String>,
}

/// A key, without the key.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct KeyShown {
    id: String,
    name: String,
    site: Option<String>,
    scopes: Vec<&'static str>,
    /// Who made it: it may no more than they, and ends with them.
    made_by: String,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    #[schema(format = DateTime)]
    last_used: Option<String>,
}

/// The keys of an organization.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct KeyList {
    keys: Vec<KeyShown>,
}

/// The API keys of an organization.
#[utoipa::path(
    get, path = "/api/keys", params(InOrganization),
    responses(
        (status = 200, description = "Its keys", body = KeyList),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
    )
)]
pub(crate) async fn list_keys(
    State(app): State<Arc<App>>,
    asking: Asking,
    Asked(of): Asked<InOrganization>,
) -> Result<Json<KeyList>, Problem> {
    app.off_thread(move |app| {
        let permit = asking.of_organization(Verb::See, Object::Keys, of.id())?;
        let mut keys = match app.ask(Ask::Keys(asking.token.clone(), permit.organization))? {
            Told::Keys(keys) => keys,
            other => return Err(unexpected(&other)),
        };
        keys.sort_by_key(|key| key.created_at);
        let names = app.control.key_names(permit.organization)?;
        let sites = app.control.sites()?;
        let shown = |key: &ApiKey| KeyShown {
            id: number(key.id),
            name: names.get(&key.id).cloned().unwrap_or_default(),
            site: key
                .site
                .and_then(|id| sites.iter().find(|site| site.id == id))
                .map(|site| site.domain.to_string()),
            scopes: key.scopes.iter().map(|scope| scope.as_str()).collect(),
            made_by: key.by.to_string(),
            created_at: key.created_at.to_string(),
            expires_at: key.expires_at.map(|at| at.to_string()),
            last_used: key.seen_at.map(|at| at.to_string()),
        };
        Ok(Json(KeyList { keys: keys.iter().map(shown).collect() }))
    })
    .await
}

/// Makes an API key, which may no more than you.
#[utoipa::path(
    post, path = "/api/keys", request_body = NewKey,
    responses(
        (status = 201, description = "The key, shown once", body = KeyMade),
        (status = 400, description = "Something is not allowed; field says what", body = Problem),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that, or show again first that it is you", body = Problem),
        (status = 404, description = "There is no such site", body = Problem),
    )
)]
pub(crate) async fn make_key(
    State(app): State<Arc<App>>,
    asking: Asking,
    Input(new): Input<NewKey>,
) -> Result<(StatusCode, Json<KeyMade>), Problem> {
    let scopes = read_scopes(&new.scopes)?;
    let name = people::name(new.name.as_deref().unwrap_or_default(), "name")?;
    if new.expires_in_days.is_some_and(|days| !(1..=DAYS_MAX).contains(&days)) {
        let sentence = format!("expires_in_days is a whole number from 1 to {DAYS_MAX}");
        return Err(Problem::invalid(sentence).of_field("expires_in_days"));
    }
    app.off_thread(move |app| {
        // A key is a matter of the organization, also where it is for one site.
        let site = new
            .site
            .as_deref()
            .map(|domain| asking.of_site(app, Verb::See, Object::Site, domain))
            .transpose()?;
        let of_site = site.as_ref().map(|permit| permit.site.organization);
        let permit = asking.of_organization(
            Verb::Add,
            Object::Keys,
            of_site.or(new.organization.map(OrganizationId)),
        )?;
        let expires_at =
            new.expires_in_days.map(|days| Timestamp(app.clock.now().0 + i64::from(days) * DAY_MS));
        let words = || scopes.iter().map(|scope| scope.as_str());
        let entry = app.entry(&asking, Act::KeyMake, Audited::sole(ObjectKind::Key));
        let mut entry = entry.with("scopes", words().collect::<Vec<_>>().join(" "));
        if let Some(site) = &site {
            entry = entry.with("site", &site.site.domain);
        }
        let site_id = site.as_ref().map(|permit| permit.site.id);
        let ask =
            Ask::MakeKey(asking.token.clone(), permit.organization, site_id, scopes.clone(), expires_at);
        let (id, key) = app.act_in(permit.log(), &entry, ask, |work, told| match told {
            Told::Key(id, key) => {
                work.name_key(id, permit.organization, &name)?;
                Ok((id, key))
            }
            other => Err(unexpected(&other)),
        })?;
        let text = SecretText::new(format!("{KEY_PREFIX}{}", *key.text()));
        let made = KeyMade {
            id: number(id),
            key: Secret::of(text),
            name: name.clone(),
            site: site.map(|permit| permit.site.domain.to_string()),
            scopes: words().collect(),
            expires_at: expires_at.map(|at| at.to_string()),
        };
        Ok((StatusCode::CREATED, Json(made)))
    })
    .await
}

/// Ends an API key.
#[utoipa::path(
    delete, path = "/api/keys/{id}", params(("id" = String, Path), InOrganization),
    responses(
        (status = 204, description = "It is good no more"),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "There is no such key", body = Problem),
    )
)]
pub(crate) async fn end_key(
    State(app): State<Arc<App>>,
    asking: Asking,
    Numbered(id): Numbered,
    Asked(of): Asked<InOrganization>,
) -> Result<StatusCode, Problem> {
    let id = u64::from_str_radix(&id, 16).map_err(|_| Problem::not_found("there is no such key"))?;
    app.off_thread(move |app| {
        let permit = asking.of_organization(Verb::Remove, Object::Keys, of.id())?;
        let entry = app.entry(&asking, Act::KeyEnd, Audited::new(ObjectKind::Key, number(id)));
        let ask = Ask::EndKey(asking.token.clone(), permit.organization, id);
        app.act_in(permit.log(), &entry, ask, |work, _| Ok(work.forget_key(id)?))
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

fn read_scopes(words: &[String]) -> Result<Vec<Scope>, Problem> {
    let wrong = || {
        let words = Scope::ALL.map(Scope::as_str).join(", ");
        Problem::invalid(format!("scopes are some of {words}")).of_field("scopes")
    };
    let mut scopes =
        words.iter().map(|word| word.parse().map_err(|_| wrong())).collect::<Result<Vec<Scope>, _>>()?;
    scopes.sort_unstable();
    scopes.dedup();
    if scopes.is_empty() { Err(wrong()) } else { Ok(scopes) }
}
