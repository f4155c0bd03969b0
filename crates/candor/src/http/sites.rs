//! `/api/sites`: which sites are measured, and how.

mod identified;
mod recording;

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use control::SiteChange as Change;
use domain::{DomainName, EventsDays, IdSecret, Object, OrganizationId, TimeZone, Verb, WriteKey};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::asking::Asking;
use super::input::{Input, NamedSite};
use super::problem::Problem;
use crate::processes::app::state::App;
use identified::{IdentifiedChange, IdentifiedSettings};
use recording::{RecordingChange, RecordingSettings};

/// First parts of the UI's own addresses: a site called so could not be looked at, since its pages lie at its domain.
const OF_THE_UI: [&str; 10] =
    ["api", "assets", "commands", "invitation", "privacy", "reset", "settings", "setup", "sign-in", "v1"];

/// How a site knows its visitors.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum IdentityMode {
    /// Daily ids, until the page says that the visitor consented.
    Consent,
    /// Daily ids only.
    Cookieless,
    /// A stored id from the first visit on.
    Always,
}

/// What a site's owner decided.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct SiteSettings {
    identity: IdentityMode,
    /// Whether GPC and DNT are honoured.
    honour_signals: bool,
    /// Whether the fragment of an address is part of the page's path.
    hash_routing: bool,
    /// For how many days events are kept; null where they are kept as long as there is the site.
    events_retention_days: Option<u16>,
    recording: RecordingSettings,
    identified: IdentifiedSettings,
}

/// A site.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Site {
    domain: String,
    /// Whose it is.
    organization: u32,
    /// IANA name of the zone in which its days begin.
    timezone: String,
    #[schema(format = DateTime)]
    created_at: String,
    settings: SiteSettings,
    /// What to put into the pages of the site.
    snippet: String,
    /// Under what servers and apps send its events by the Segment HTTP API. It is no secret.
    write_key: String,
}

/// All sites.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct SiteList {
    sites: Vec<Site>,
}

/// A site to add.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewSite {
    domain: String,
    /// UTC unless said.
    #[serde(default)]
    #[schema(nullable = false)]
    timezone: Option<String>,
    /// Whose it will be; need not be said by who belongs to one organization.
    #[serde(default)]
    #[schema(nullable = false)]
    organization: Option<u32>,
}

/// That a site is to be removed for ever.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Removal {
    /// Its domain once more.
    confirm: String,
}

/// What to change; what is absent stays.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SiteChange {
    #[serde(default)]
    #[schema(nullable = false)]
    timezone: Option<String>,
    #[serde(default)]
    #[schema(nullable = false)]
    identity: Option<IdentityMode>,
    #[serde(default)]
    #[schema(nullable = false)]
    honour_signals: Option<bool>,
    #[serde(default)]
    #[schema(nullable = false)]
    hash_routing: Option<bool>,
    /// For how many days events are kept; null to keep them as long as there is the site.
    #[serde(default, deserialize_with = "said")]
    #[schema(value_type = Option<u16>, minimum = 1, maximum = 3650)]
    events_retention_days: Option<Option<u16>>,
    #[serde(default)]
    #[schema(nullable = false)]
    recording: Option<RecordingChange>,
    #[serde(default)]
    #[schema(nullable = false)]
    identified: Option<IdentifiedChange>,
}

/// What is said is told from what is not, also where it is null.
fn said<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Option<u16>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// The sites that you see.
#[utoipa::path(
    get, path = "/api/sites",
    responses(
        (status = 200, description = "The sites that you see", body = SiteList),
        (status = 401, description = "Sign in first", body = Problem),
    )
)]
pub(crate) async fn list_sites(
    State(app): State<Arc<App>>,
    asking: Asking,
) -> Result<Json<SiteList>, Problem> {
    app.off_thread(move |app| {
        let sites = asking.among(Verb::See, Object::Site, app.control.sites()?);
        Ok(Json(SiteList { sites: sites.iter().map(|site| show(site, &app.public_url)).collect() }))
    })
    .await
}

/// Begins to measure a site.
#[utoipa::path(
    post, path = "/api/sites", request_body = NewSite,
    responses(
        (status = 201, description = "The new site", body = Site),
        (status = 400, description = "The domain or the time zone is not one", body = Problem),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "There is no such organization", body = Problem),
        (status = 409, description = "There is such a site", body = Problem),
    )
)]
pub(crate) async fn add_site(
    State(app): State<Arc<App>>,
    asking: Asking,
    Input(new): Input<NewSite>,
) -> Result<(StatusCode, Json<Site>), Problem> {
    let domain: DomainName =
        new.domain.parse().map_err(|error: domain::DomainError| at_fault(&error, "domain"))?;
    if OF_THE_UI.contains(&domain.as_str()) {
        let sentence = format!("{domain} is an address of Candor's own pages: a site needs another name");
        return Err(Problem::invalid(sentence).of_field("domain"));
    }
    let timezone = new.timezone.map_or(Ok(TimeZone::utc()), |zone| parse_zone(&zone))?;
    let (site, directory) = app
        .off_thread(move |app| {
            let permit =
                asking.of_organization(Verb::Add, Object::Site, new.organization.map(OrganizationId))?;
            let (write_key, ids) = (WriteKey::random(&*app.rng), IdSecret::random(&*app.rng));
            let new =
                control::NewSite { organization: permit.organization, domain, timezone, write_key, ids };
            app.add_site(&permit, &new)
        })
        .await?;
    app.edge_knows(directory).await;
    Ok((StatusCode::CREATED, Json(show(&site, &app.public_url))))
}

/// One site.
#[utoipa::path(
    get, path = "/api/sites/{domain}", params(("domain" = String, Path)),
    responses(
        (status = 200, description = "The site", body = Site),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 404, description = "No such site", body = Problem),
    )
)]
pub(crate) async fn find_site(
    State(app): State<Arc<App>>,
    asking: Asking,
    NamedSite(domain): NamedSite,
) -> Result<Json<Site>, Problem> {
    app.off_thread(move |app| {
        let permit = asking.of_site(app, Verb::See, Object::Site, &domain)?;
        Ok(Json(show(&permit.site, &app.public_url)))
    })
    .await
}

/// Changes what the owner decided.
#[utoipa::path(
    patch, path = "/api/sites/{domain}", params(("domain" = String, Path)), request_body = SiteChange,
    responses(
        (status = 200, description = "The site as it is now", body = Site),
        (status = 400, description = "A value is not allowed", body = Problem),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "No such site", body = Problem),
    )
)]
pub(crate) async fn change_site(
    State(app): State<Arc<App>>,
    asking: Asking,
    NamedSite(domain): NamedSite,
    Input(change): Input<SiteChange>,
) -> Result<Json<Site>, Problem> {
    let identified = change.identified.unwrap_or_default();
    let replace_key = identified.replaces_key();
    let mut change = Change {
        timezone: change.timezone.map(|zone| parse_zone(&zone)).transpose()?,
        identity: change.identity.map(Into::into),
        honour_signals: change.honour_signals,
        hash_routing: change.hash_routing,
        events_retention: change.events_retention_days.map(read_days).transpose()?,
        recording: change.recording.unwrap_or_default().checked()?,
        ..identified.checked()?
    };
    let (site, directory) = app
        .off_thread(move |app| {
            change.write_key = replace_key.then(|| WriteKey::random(&*app.rng));
            let permit = asking.of_site(app, Verb::Change, Object::Site, &domain)?;
            app.change_site(&permit, &change)
        })
        .await?;
    app.edge_knows(directory).await;
    Ok(Json(show(&site, &app.public_url)))
}

/// Removes a site for ever: its keys are destroyed, so that nothing of it can be read again, in no backup either.
#[utoipa::path(
    delete, path = "/api/sites/{domain}", params(("domain" = String, Path)), request_body = Removal,
    responses(
        (status = 204, description = "It is gone"),
        (status = 400, description = "The domain was not repeated", body = Problem),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that, or show again first that it is you", body = Problem),
        (status = 404, description = "No such site", body = Problem),
    )
)]
pub(crate) async fn remove_site(
    State(app): State<Arc<App>>,
    asking: Asking,
    NamedSite(domain): NamedSite,
    Input(removal): Input<Removal>,
) -> Result<StatusCode, Problem> {
    let directory = app
        .off_thread(move |app| {
            let permit = asking.of_site(app, Verb::Remove, Object::Site, &domain)?;
            if removal.confirm != permit.site.domain.as_str() {
                let sentence =
                    format!("to remove it for ever, repeat its domain, {}, as confirm", permit.site.domain);
                return Err(Problem::invalid(sentence).of_field("confirm"));
            }
            app.remove_site(&permit)
        })
        .await?;
    app.edge_knows(directory).await;
    Ok(StatusCode::NO_CONTENT)
}

fn read_days(days: Option<u16>) -> Result<Option<EventsDays>, Problem> {
    let read = |days| EventsDays::try_from(days).map_err(|error| at_fault(&error, "events_retention_days"));
    days.map(read).transpose()
}

fn parse_zone(text: &str) -> Result<TimeZone, Problem> {
    text.parse().map_err(|error: domain::TimeZoneError| at_fault(&error, "timezone"))
}

fn at_fault(error: &impl ToString, field: &'static str) -> Problem {
    Problem::invalid(error.to_string()).of_field(field)
}

fn show(site: &domain::Site, public_url: &str) -> Site {
    let domain::SiteSettings {
        identity,
        honour_signals,
        hash_routing,
        events_retention,
        recording,
        attributes,
        addresses,
    } = site.settings.clone();
    Site {
        domain: site.domain.to_string(),
        organization: site.organization.0,
        timezone: site.timezone.name().to_owned(),
        created_at: site.created_at.to_string(),
        settings: SiteSettings {
            identity: identity.into(),
            honour_signals,
            hash_routing,
            events_retention_days: events_retention.map(EventsDays::get),
            recording: recording.into(),
            identified: IdentifiedSettings::of(&attributes, addresses),
        },
        snippet: snippet(site, public_url),
        write_key: site.write_key.as_str().to_owned(),
    }
}

/// The script cannot know the site's settings, so they travel as attributes; the server enforces them anyway.
fn snippet(site: &domain::Site, public_url: &str) -> String {
    let identity = match site.settings.identity {
        domain::IdentityMode::Consent => "",
        domain::IdentityMode::Cookieless => " data-identity=\"cookieless\"",
        domain::IdentityMode::Always => " data-identity=\"always\"",
    };
    let signals = if site.settings.honour_signals { "" } else { " data-signals=\"ignore\"" };
    let hash = if site.settings.hash_routing { " data-hash" } else { "" };
    let recording = if site.settings.recording.on { " data-recording" } else { "" };
    let attributes = format!("data-site=\"{}\"{identity}{signals}{hash}", site.domain);
    // Only pages of a site that keeps anything of its visitors load what says it.
    let known = match site.settings.attributes.is_empty() {
        true => String::new(),
        false => format!("<script defer {attributes} src=\"{public_url}/i.js\"></script>\n"),
    };
    format!("{known}<script defer {attributes}{recording} src=\"{public_url}/c.js\"></script>")
}

impl From<IdentityMode> for domain::IdentityMode {
    fn from(mode: IdentityMode) -> Self {
        match mode {
            IdentityMode::Consent => Self::Consent,
            IdentityMode::Cookieless => Self::Cookieless,
            IdentityMode::Always => Self::Always,
        }
    }
}

impl From<domain::IdentityMode> for IdentityMode {
    fn from(mode: domain::IdentityMode) -> Self {
        match mode {
            domain::IdentityMode::Consent => Self::Consent,
            domain::IdentityMode::Cookieless => Self::Cookieless,
            domain::IdentityMode::Always => Self::Always,
        }
    }
}
