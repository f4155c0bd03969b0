//! `/api/contact`: whom people reach about security and about what is kept of them. Anybody may ask.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::processes::app::state::App;

/// Whom to reach.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct ContactShown {
    /// A `mailto:`, `tel:` or `https:` address; none where whoever runs this server named none.
    contact: Option<String>,
}

/// Whom people reach about security and about what is kept of them.
#[utoipa::path(
    get, path = "/api/contact",
    responses((status = 200, description = "Whom to reach", body = ContactShown))
)]
pub(crate) async fn find_contact(State(app): State<Arc<App>>) -> Json<ContactShown> {
    Json(ContactShown { contact: app.contact.clone().map(String::from) })
}
