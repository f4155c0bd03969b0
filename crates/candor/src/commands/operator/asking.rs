//! How commands of an operator ask: at the operators' door, with the token of a sign-in that is kept in a file for this
//! account alone.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use anyhow::Context;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, HeaderValue, SET_COOKIE};
use hyper::{Method, Response, StatusCode};
use sealing::SecretText;
use serde_json::Value;

use crate::commands::connection::{Server, understand};
use crate::http::operators::asking::PREFIX;
use crate::http::operators::{DOOR, OPERATORS};

/// The server, as an operator asks it.
pub(super) struct Desk {
    server: Server,
    token: Option<SecretText>,
}

/// An answer.
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) body: Value,
    /// The token of a sign-in that came with it, as its bearer sends it.
    pub(super) token: Option<SecretText>,
}

impl Desk {
    pub(super) const fn of(server: Server, token: Option<SecretText>) -> Self {
        Self { server, token }
    }

    /// Asks for JSON; a refusal is an error with the server's own sentence.
    pub(super) async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> anyhow::Result<Value> {
        let Reply { status, body, .. } = self.send(method, path, body).await?;
        if status.is_success() {
            return Ok(body);
        }
        let again = body["field"] == "confirm";
        let sentence = body["error"].as_str().unwrap_or("the server said no").to_owned();
        anyhow::bail!(if again { "sign in again first: candor operator login".to_owned() } else { sentence })
    }

    /// The same, whatever the answer.
    pub(super) async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> anyhow::Result<Reply> {
        let response = self.exchange(method, path, body).await?;
        let status = response.status();
        let token = response.headers().get(SET_COOKIE).and_then(token_in);
        let bytes = response.into_body().collect().await?.to_bytes();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Ok(Reply { status, body, token })
    }

    /// Asks for a file; a refusal is an error with the server's own sentence.
    pub(super) async fn download(&self, path: &str) -> anyhow::Result<Incoming> {
        let response = self.exchange(Method::GET, path, None).await?;
        if response.status().is_success() {
            return Ok(response.into_body());
        }
        let refusal = understand::<Value>(response).await.err();
        Err(refusal.unwrap_or_else(|| anyhow::anyhow!("the server said no")))
    }

    async fn exchange(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> anyhow::Result<Response<Incoming>> {
        let mut request = self.server.request(method, &format!("/api/operator/{path}"), body.as_ref())?;
        request.headers_mut().insert(DOOR, HeaderValue::from_static(OPERATORS));
        if let Some(token) = &self.token {
            let mut value = HeaderValue::from_str(&format!("Bearer {}", token.reveal()))?;
            value.set_sensitive(true);
            request.headers_mut().insert(AUTHORIZATION, value);
        }
        self.server.send(request).await
    }
}

fn token_in(cookie: &HeaderValue) -> Option<SecretText> {
    let (_, rest) = cookie.to_str().ok()?.split_once('=')?;
    let (token, _) = rest.split_once(';')?;
    Some(SecretText::new(format!("{PREFIX}{token}")))
}

/// Where the token of a sign-in is kept.
pub(super) struct TokenFile(pub(super) PathBuf);

impl TokenFile {
    pub(super) fn read(&self) -> anyhow::Result<SecretText> {
        let nobody = || "nobody is signed in here: candor operator login --key FILE";
        let text = SecretText::new(fs::read_to_string(&self.0).with_context(nobody)?);
        Ok(SecretText::new(text.reveal().trim().to_owned()))
    }

    pub(super) fn write(&self, token: &SecretText) -> anyhow::Result<()> {
        let beside = self.0.with_extension("new");
        let failed = || format!("{} cannot be written", self.0.display());
        // One of another account's making is not written to.
        let _ = fs::remove_file(&beside);
        let mut file =
            OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside).with_context(failed)?;
        file.write_all(token.reveal().as_bytes()).with_context(failed)?;
        fs::rename(&beside, &self.0).with_context(failed)
    }

    pub(super) fn forget(&self) {
        let _ = fs::remove_file(&self.0);
    }

    pub(super) fn shown(&self) -> String {
        self.0.display().to_string()
    }
}
