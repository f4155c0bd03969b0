//! `/api/sites/{domain}/privacy-text`: what the site can say of Candor in its own privacy policy, as its settings are now.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use domain::{Object, Verb};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::asking::Asking;
use super::input::{Asked, NamedSite};
use super::problem::Problem;
use crate::processes::app::state::App;
use crate::texts::privacy::{self, Facts, Language};
use crate::texts::version_of;

/// In which language.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// `en` or `de`; English unless it is said.
    language: Option<String>,
}

/// Wording for a privacy policy.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct PrivacyText {
    /// By what its words are known: where a setting changes them, this changes.
    version: String,
    language: &'static str,
    /// Markdown.
    markdown: String,
    /// The same as HTML.
    html: String,
}

/// Wording for the site's privacy policy, put together from its settings.
#[utoipa::path(
    get, path = "/api/sites/{domain}/privacy-text", params(("domain" = String, Path), Wanted),
    responses(
        (status = 200, description = "The wording", body = PrivacyText),
        (status = 400, description = "There is none in that language", body = Problem),
        (status = 401, description = "Sign in first", body = Problem),
        (status = 403, description = "Your role does not allow that", body = Problem),
        (status = 404, description = "No such site", body = Problem),
    )
)]
pub(crate) async fn read_privacy_text(
    State(app): State<Arc<App>>,
    asking: Asking,
    NamedSite(domain): NamedSite,
    Asked(wanted): Asked<Wanted>,
) -> Result<Json<PrivacyText>, Problem> {
    let language = wanted.language.as_deref().map_or(Some(Language::English), Language::of_tag);
    let language =
        language.ok_or_else(|| Problem::invalid("there is wording in en and de").of_field("language"))?;
    app.off_thread(move |app| {
        let permit = asking.of_site(app, Verb::See, Object::Site, &domain)?;
        let organizations = app.control.organizations()?;
        let controller = organizations.into_iter().find(|one| one.id == permit.site.organization);
        let facts = Facts {
            site: &permit.site,
            controller: controller.map(|one| one.name).unwrap_or_default(),
            server: app.public_url.clone(),
        };
        let paragraphs = privacy::text(&facts, language);
        let markdown = privacy::markdown(&paragraphs);
        Ok(Json(PrivacyText {
            version: version_of(&markdown),
            language: language.tag(),
            html: privacy::html(&paragraphs),
            markdown,
        }))
    })
    .await
}
