//! What only commands of this account may ask about the server itself.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::processes::app::state::App;
use crate::processes::messages::{Confinements, FromChild};

/// The server that answers.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ServerDescription {
    pub(crate) version: String,
    pub(crate) public_url: String,
    /// The address of its main listener; none where a command started it for its duration.
    pub(crate) listen: Option<std::net::SocketAddr>,
    /// What the kernel holds its processes to.
    pub(crate) confinements: Confinements,
}

/// Tells a command which server it speaks to.
pub(crate) async fn describe_server(State(app): State<Arc<App>>) -> Json<ServerDescription> {
    Json(ServerDescription {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        public_url: app.public_url.clone(),
        listen: app.listen,
        confinements: app.confinements().await,
    })
}

/// Lets the worker do every duty now.
pub(crate) async fn tidy(State(app): State<Arc<App>>) -> StatusCode {
    app.voice.say(FromChild::Tidy);
    StatusCode::ACCEPTED
}
