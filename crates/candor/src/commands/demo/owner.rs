//! The owner of a demo: on a server that nobody owns yet one is made, and remembered beside the data. Everything about
//! them is invented, and whoever can read the file can be them.

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::Context;
use domain::Rng;
use hyper::{Method, StatusCode};
use sealing::{SecretText, Token};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::commands::connection::{Server, understand};
use crate::commands::output::say;
use crate::data_dir::DataDir;

const EMAIL: &str = "owner@candor.example";
const ORGANIZATION: &str = "Demo";

/// Somebody who owns a demo.
#[derive(Serialize, Deserialize)]
pub(super) struct Owner {
    email: String,
    password: String,
    key: String,
}

#[derive(Deserialize)]
struct KeyMade {
    key: String,
}

#[derive(Deserialize)]
struct Link {
    url: String,
}

impl Owner {
    /// The owner that was made before, or one who is made now; `None` where somebody else owns the server.
    pub(super) async fn find(server: &Server, data: &Path, rng: &dyn Rng) -> anyhow::Result<Option<Self>> {
        let remembered = file_of(data);
        if let Ok(text) = fs::read_to_string(&remembered) {
            let wrong = || format!("{} is damaged: delete it", remembered.display());
            return serde_json::from_str(&text).map(Some).with_context(wrong);
        }
        let Ok(token) = fs::read_to_string(DataDir::new(data.to_owned()).setup_token()) else {
            return Ok(None);
        };
        Self::make(server, token.trim(), &remembered, rng).await.map(Some)
    }

    async fn make(server: &Server, token: &str, remembered: &Path, rng: &dyn Rng) -> anyhow::Result<Self> {
        let password = Token::random(rng).text().to_string();
        let body =
            json!({ "token": token, "email": EMAIL, "password": password, "organization": ORGANIZATION });
        let signed_in = server.sign_in("/api/setup", &body).await?;
        let scopes = json!({ "name": "The demo", "scopes": ["read", "write", "manage"] });
        let KeyMade { key } = signed_in.ask(Method::POST, "/api/keys", Some(scopes)).await?;
        let owner = Self { email: EMAIL.to_owned(), password, key };
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(remembered)?;
        file.write_all(&serde_json::to_vec(&owner)?)?;
        say(format_args!(
            "{EMAIL} owns this server now, so that its address for setting up is good no more. To have it for yourself, \
             start with an empty data directory."
        ));
        Ok(owner)
    }

    /// The API key of the demo.
    pub(super) fn key(&self) -> SecretText {
        SecretText::new(self.key.clone())
    }

    /// An address that signs in as the owner, once and soon.
    pub(super) async fn address(&self, server: &Server) -> anyhow::Result<String> {
        let body = json!({ "email": self.email, "password": self.password });
        let signed_in = server.sign_in("/api/session", &body).await?;
        let Link { url } = signed_in.ask(Method::POST, "/api/session/link", None).await?;
        let _: Option<()> = signed_in.ask(Method::DELETE, "/api/session", None).await?;
        Ok(url)
    }
}

/// Beside the data directory, as the keys are: what lies inside is the server's.
fn file_of(data: &Path) -> PathBuf {
    let mut name = data.file_name().unwrap_or_default().to_owned();
    name.push(".demo");
    data.with_file_name(name)
}

impl Server {
    /// The same server, asked as whoever `body` signs in at `path`.
    async fn sign_in(&self, path: &str, body: &serde_json::Value) -> anyhow::Result<Self> {
        let response = self.send(self.request(Method::POST, path, Some(body))?).await?;
        let cookie = response.headers().get("set-cookie").and_then(|value| value.to_str().ok());
        let cookie = cookie.and_then(|value| value.split(';').next()).map(str::to_owned);
        let status = response.status();
        let _: serde_json::Value = understand(response).await?;
        match cookie {
            Some(cookie) if matches!(status, StatusCode::OK | StatusCode::CREATED) => {
                Ok(self.with_cookie(&SecretText::new(cookie)))
            }
            _ => anyhow::bail!("the demo's owner wants a second factor now"),
        }
    }
}
