//! The process that faces the network: limits, events, the tracker script, and a proxy to `app` for the rest.
//!
//! It appends to the journal and reads nothing back. It never opens the control database, and it goes on
//! accepting events while every other process is down.

mod accept;
mod answer;
mod blocks;
mod certificate;
mod client_address;
mod cors;
mod entrance;
mod event;
mod guard;
mod health;
pub(crate) mod limits;
mod metrics;
pub(crate) mod operators;
mod pace;
mod proxy;
mod recording;
mod replay;
mod route;
pub(crate) mod said;
mod script;
mod secrets;
mod security_txt;
mod segment;
mod telling;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use domain::Clock;
pub(crate) use event::NO_SITE;
pub(crate) use proxy::forget_addresses;
use sealing::Client;
use tokio::sync::{mpsc, watch};

use self::blocks::Blocks;
use self::certificate::Certificate;
pub(crate) use self::entrance::is_local_name;
use self::entrance::{Door, Entrance};
use self::metrics::Metrics;
use super::birth::{self, Handed, Settled, Voice};
use super::door::ToApp;
use super::keeper::KEEPER_PATIENCE;
use super::messages::{Birth, FromChild, Status, ToChild};
use crate::Parts;

#[cfg(test)]
mod tests;

/// Threads that serve connections.
const THREADS: usize = 2;
/// How long connections may take to finish when the server ends.
const DRAIN_PATIENCE: Duration = Duration::from_millis(1_200);

/// Everything a request may need. One for the process.
pub(crate) struct Edge {
    pub(crate) birth: Birth,
    pub(crate) doorway: event::Doorway,
    recorder: recording::Recorder,
    /// How fast calls of the Segment API come.
    pace: pace::Pace,
    pub(crate) metrics: Metrics,
    pub(crate) to_app: ToApp,
    blocks: Blocks,
    /// The page in which recordings play.
    replay: replay::Page,
    /// Whether the server is known by a name that every machine has for itself.
    is_local_name: bool,
    /// From where operators may act.
    pub(crate) operators: operators::Networks,
    forget_addresses: fn(&mut hyper::HeaderMap),
    clock: Arc<dyn Clock>,
    /// Whether what other machines send in the clear is heard.
    hears_clear: bool,
    status: RwLock<Status>,
    stopping: AtomicBool,
}

impl Edge {
    /// How the whole server is, as the supervisor last said.
    pub(crate) fn status(&self) -> Status {
        *self.status.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether whoever connects may be an operator, or a proxy that says for whom it asks.
    fn may_be_operators(&self, peer: std::net::IpAddr) -> bool {
        let is_proxy = self.birth.trusted_proxies.iter().any(|proxy| proxy.contains(peer));
        is_proxy || self.operators.around(peer).is_some()
    }

    fn turn_operator_away(&self, client: std::net::IpAddr) {
        self.operators.turn_away(client, self.clock.now());
    }

    /// Whether the process was asked to end: answers close their connections.
    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }
}

/// Runs the process until its supervisor ends or asks it to.
pub(crate) fn run(parts: &Parts) -> anyhow::Result<()> {
    let settled = birth::receive()?.settle(parts)?;
    limits::raise_descriptors();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(THREADS)
        .thread_name("edge")
        .enable_all()
        .build()?;
    runtime.block_on(serve(settled, parts))?;
    runtime.shutdown_background();
    Ok(())
}

async fn serve(settled: Settled, parts: &Parts) -> anyhow::Result<()> {
    let Settled { birth, mut handed, heard, voice } = settled;
    let keeper = Client::start(handed.introductions()?, KEEPER_PATIENCE)?;
    let doorway = event::Doorway::open(&birth, parts)?;
    let recorder = recording::Recorder::open(&birth, parts, &doorway, voice.clone())?;
    let edge = Arc::new(Edge {
        doorway,
        recorder,
        pace: pace::Pace::default(),
        metrics: Metrics::default(),
        to_app: ToApp::new(handed.door()?),
        blocks: Blocks::new(birth.trusted_proxies.clone(), parts),
        replay: replay::Page::of(&birth),
        is_local_name: is_local_name(&birth.public_url),
        operators: operators::Networks::new(parts, voice.clone()),
        forget_addresses: parts.forget_addresses,
        clock: parts.clock.clone(),
        hears_clear: parts.hears_clear,
        status: RwLock::default(),
        stopping: AtomicBool::new(false),
        birth,
    });
    let certificate = edge.birth.certificate.clone();
    let certificate = certificate.map(|files| Certificate::keep(files, parts)).transpose()?;
    let certificate = certificate.map(Arc::new);
    let (stop, stopped) = watch::channel(false);
    let mut accepting = Vec::new();
    let connections = accept::Connections::new();
    for (door, listener) in doors(&mut handed) {
        let porter = accept::Porter {
            edge: edge.clone(),
            entrance: Entrance::of(door, &listener, certificate.as_ref()),
            connections: connections.clone(),
            stopped: stopped.clone(),
        };
        accepting.push(tokio::spawn(porter.keep(tokio::net::TcpListener::from_std(listener)?)));
    }
    if let Some(listener) = handed.metrics.take() {
        tokio::spawn(metrics::serve(edge.clone(), tokio::net::TcpListener::from_std(listener)?));
    }
    secrets::keep(edge.clone(), keeper, voice.clone())?;
    let teller = edge.clone();
    tokio::spawn(voice.clone().beat(move || teller.doorway.storage()));
    listen(&edge, heard, &voice).await;
    edge.stopping.store(true, Ordering::Relaxed);
    let _ = stop.send(true);
    for task in accepting {
        let _ = task.await;
    }
    if tokio::time::timeout(DRAIN_PATIENCE, connections.gone()).await.is_err() {
        tracing::warn!("connections were still open at the end");
    }
    Ok(())
}

/// The listeners at which connections come, and what each is for.
fn doors(handed: &mut Handed) -> Vec<(Door, std::net::TcpListener)> {
    let pages = std::mem::take(&mut handed.http).into_iter().map(|listener| (Door::Pages, listener));
    let operators = handed.operators.take().map(|listener| (Door::Operators, listener));
    let redirect = handed.redirect.take().map(|listener| (Door::Redirect, listener));
    let replay = handed.replay.take().map(|listener| (Door::Replay, listener));
    pages.chain(operators).chain(replay).chain(redirect).collect()
}

/// Hears the supervisor until it says stop.
async fn listen(edge: &Edge, mut heard: mpsc::UnboundedReceiver<ToChild>, voice: &Voice) {
    while let Some(message) = heard.recv().await {
        match message {
            ToChild::Directory(directory) => {
                let number = directory.number;
                edge.recorder.take_recorded(&directory.recorded);
                edge.doorway.take_directory(directory);
                voice.say(FromChild::Taken(number));
            }
            ToChild::Blocks(blocks) => edge.blocks.take(&blocks),
            ToChild::Status(status) => {
                *edge.status.write().unwrap_or_else(PoisonError::into_inner) = status;
            }
            ToChild::OperatorNetworks(networks) => edge.operators.take(networks),
            ToChild::Roll(number) => roll(edge, number, voice),
            ToChild::Stop => return,
            _ => {}
        }
    }
}

/// Closes the files that are being written, and says so when both are: what is acknowledged after it is in others.
fn roll(edge: &Edge, number: u64, voice: &Voice) {
    // The last to be closed lets go of it.
    let said = Arc::new(Saying { number, voice: voice.clone() });
    let of_journal = said.clone();
    edge.doorway.roll(Box::new(move || drop(of_journal)));
    edge.recorder.roll(Box::new(move || drop(said)));
}

/// Says that files were closed, once nobody holds it any more.
struct Saying {
    number: u64,
    voice: Voice,
}

impl Drop for Saying {
    fn drop(&mut self) {
        self.voice.say(FromChild::Rolled(self.number));
    }
}
