//! How a command reaches a server: the one that runs on the data directory, or one that it starts for its
//! duration.

use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::http::request;
use hyper::{Method, Request, Response, StatusCode};
use sealing::SecretText;
use serde::de::DeserializeOwned;
use tokio::net::UnixStream;
use tokio::sync::oneshot;

use crate::Parts;
use crate::config::{Alerts, DATA_DEFAULT, Reach, RootFlags};
use crate::data_dir::DataDir;
use crate::http::client;
use crate::processes::messages::Role;
use crate::processes::supervisor::{Listeners, Plan, Supervisor};

/// How long a server that was started for a command may take to answer.
const START_PATIENCE: Duration = Duration::from_secs(30);

/// A server that answers this account's commands.
#[derive(Clone)]
pub(crate) struct Server {
    socket: PathBuf,
    /// By what it is shown who asks: a header.
    shown: Option<(HeaderName, HeaderValue)>,
}

impl Server {
    /// The server that runs on `data`, if one does.
    pub(crate) async fn running(data: &DataDir) -> Option<Self> {
        let socket = data.command_socket();
        UnixStream::connect(&socket).await.ok()?;
        Some(Self { socket, shown: None })
    }

    /// Sends `request` and returns the answer, whatever its status.
    pub(crate) async fn send<B>(&self, request: Request<B>) -> anyhow::Result<Response<Incoming>>
    where
        B: Body + Send + 'static,
        B::Data: Send,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        Ok(client::connect(&self.socket).await?.send_request(request).await?)
    }

    /// The same server, asked by an API key.
    pub(crate) fn with_key(&self, key: &SecretText) -> Self {
        self.showing(header::AUTHORIZATION, &format!("Bearer {}", key.reveal()))
    }

    /// The same server, asked by the cookie of a sign-in.
    pub(crate) fn with_cookie(&self, cookie: &SecretText) -> Self {
        self.showing(header::COOKIE, cookie.reveal())
    }

    fn showing(&self, name: HeaderName, text: &str) -> Self {
        // What no header can hold is no key; the server says so to what is sent in its place.
        let mut value = HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("-"));
        value.set_sensitive(true);
        Self { socket: self.socket.clone(), shown: Some((name, value)) }
    }

    /// A request of whoever asks.
    pub(crate) fn request(
        &self,
        method: Method,
        path: &str,
        body: Option<&serde_json::Value>,
    ) -> anyhow::Result<Request<Full<Bytes>>> {
        let body = body.map(ToString::to_string).unwrap_or_default();
        let head = self.head(method, path).header("content-type", "application/json");
        Ok(head.body(Full::new(Bytes::from(body)))?)
    }

    /// The head of a request of whoever asks.
    pub(crate) fn head(&self, method: Method, path: &str) -> request::Builder {
        let head = Request::builder().method(method).uri(path).header("host", "localhost");
        match &self.shown {
            Some((name, value)) => head.header(name, value),
            None => head,
        }
    }

    /// Asks for JSON; a refusal is an error with the server's own sentence.
    pub(crate) async fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<serde_json::Value>,
    ) -> anyhow::Result<T> {
        understand(self.send(self.request(method, path, body.as_ref())?).await?).await
    }
}

/// The JSON of an answer, or the sentence of a refusal.
pub(crate) async fn understand<T: DeserializeOwned>(response: Response<Incoming>) -> anyhow::Result<T> {
    #[derive(serde::Deserialize)]
    struct Refused {
        error: String,
    }
    let status = response.status();
    let bytes = response.into_body().collect().await?.to_bytes();
    if status == StatusCode::NO_CONTENT {
        return Ok(serde_json::from_slice(b"null")?);
    }
    if status.is_success() {
        return Ok(serde_json::from_slice(&bytes)?);
    }
    let sentence =
        serde_json::from_slice(&bytes).map_or_else(|_| status.to_string(), |Refused { error }| error);
    anyhow::bail!(sentence)
}

/// Where a command finds its server, or what it starts one on.
#[derive(clap::Args)]
pub(crate) struct Whereabouts {
    /// Data directory of the server
    #[arg(long, value_name = "DIR", default_value = DATA_DEFAULT)]
    pub(crate) data: PathBuf,
    /// Folder for the keys, if no server runs [default: the data directory's name with `.keys` after it]
    #[arg(long, value_name = "DIR")]
    pub(crate) keys: Option<PathBuf>,
    /// If no server runs, start one although this machine's kernel cannot confine it
    #[arg(long)]
    pub(crate) allow_unsandboxed: bool,
    #[command(flatten)]
    pub(crate) root: RootFlags,
}

/// Does `work` with the server there; with none running, starts one for as long as the work takes.
pub(crate) fn with_server<T>(
    parts: &Parts,
    whereabouts: &Whereabouts,
    work: impl AsyncFnOnce(Server) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let data = DataDir::ready(&whereabouts.data)?;
    runtime.block_on(async {
        match Server::running(&data).await {
            Some(server) => work(server).await,
            None => alone(parts, &data, whereabouts, work).await,
        }
    })
}

async fn alone<T>(
    parts: &Parts,
    data: &DataDir,
    whereabouts: &Whereabouts,
    work: impl AsyncFnOnce(Server) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let lock = data.take()?;
    let keys = whereabouts.keys.clone().unwrap_or_else(|| keeper::Keeper::folder_beside(data.path()));
    let root = whereabouts.root.clone().unsealing(&keys)?;
    let plan = Plan {
        data: data.path().to_owned(),
        keys,
        root,
        public_url: "http://localhost:7400".to_owned(),
        replay_url: None,
        trusted_proxies: Vec::new(),
        certificate: None,
        places: None,
        smtp: None,
        backups: None,
        alerts: Alerts::default(),
        reach: Reach::default(),
        allow_unsandboxed: whereabouts.allow_unsandboxed,
        roles: Role::ALONE,
        arguments: parts.child_arguments.clone(),
        listeners: Listeners::without_network(data, lock)?,
    };
    let (tell, whole) = oneshot::channel();
    let (finished, finish) = oneshot::channel::<()>();
    let supervisor = Supervisor::run(
        plan,
        move || {
            let _ = tell.send(());
        },
        async {
            let _ = finish.await;
        },
    );
    let work = async {
        // Dropped at the end of this block, which tells the supervisor that nothing more is wanted.
        let _finished = finished;
        tokio::time::timeout(START_PATIENCE, whole)
            .await
            .map_err(|_| anyhow::anyhow!("the server did not start; its log above says why"))??;
        work(Server { socket: data.command_socket(), shown: None }).await
    };
    let (ended, done) = tokio::join!(supervisor, work);
    ended?;
    done
}
