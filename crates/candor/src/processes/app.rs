//! The process that answers questions: the API, the UI and commands, over Unix sockets only.

pub(crate) mod access;
mod aliases;
pub(crate) mod backups;
mod blocks;
pub(crate) mod checks;
mod counting;
pub(crate) mod erasures;
pub(crate) mod heatmaps;
pub(crate) mod letters;
pub(crate) mod live;
mod objections;
pub(crate) mod operators;
pub(crate) mod peers;
pub(crate) mod people;
pub(crate) mod permits;
mod places;
pub(crate) mod recordings;
pub(crate) mod reports;
mod requests;
pub(crate) mod rights;
pub(crate) mod said;
pub(crate) mod setup;
pub(crate) mod sites;
pub(crate) mod state;
mod subscriptions;
pub(crate) mod support;
pub(crate) mod tries;
pub(crate) mod visitors;

use std::sync::Arc;
use std::time::Duration;

use sealing::Client;
use tokio::net::UnixListener;
use tokio::sync::{mpsc, watch};

use self::operators::Stranger;
use self::peers::OwnAccount;
use self::state::App;
use super::birth::{self, Settled};
use super::door::FromEdge;
use super::keeper::KEEPER_PATIENCE;
use super::messages::{Doing, FromChild, Notice, Storage, ToChild};
use crate::Parts;
use crate::http::router;
use crate::processes::edge::limits::raise_descriptors;

/// Threads that read and write requests; reports are answered on threads of their own.
const THREADS: usize = 2;
/// How long requests may take to finish when the server ends.
const DRAIN_PATIENCE: Duration = Duration::from_millis(1_200);

/// Runs the process until its supervisor ends or asks it to.
pub(crate) fn run(parts: &Parts) -> anyhow::Result<()> {
    let settled = birth::receive()?.settle(parts)?;
    raise_descriptors();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(THREADS).enable_all().build()?;
    runtime.block_on(serve(settled, parts))?;
    runtime.shutdown_background();
    Ok(())
}

async fn serve(settled: Settled, parts: &Parts) -> anyhow::Result<()> {
    let Settled { birth, mut handed, heard, voice } = settled;
    let keeper = Client::start(handed.introductions()?, KEEPER_PATIENCE)?;
    let app = Arc::new(App::open(&birth, parts, voice.clone(), keeper)?);
    app.take_in_restored().await?;
    // First of all: what is left of a site whose keys were destroyed is deleted by it.
    app.publish_directory_at_start()?;
    app.write_setup_token()?;
    app.publish_operators_at_start()?;
    let (stop, stopped) = watch::channel(false);
    let mut serving = Vec::new();
    {
        let listener = FromEdge::new(handed.door()?)?;
        let router = router::for_pages(app.clone());
        let stopped = stopped.clone();
        serving.push(tokio::spawn(async move {
            axum::serve(listener, router).with_graceful_shutdown(wait(stopped)).await
        }));
    }
    if let Some(socket) = handed.command_socket.take() {
        let listener = OwnAccount::new(UnixListener::from_std(socket)?, app.clone());
        let router = router::for_commands(app.clone());
        serving.push(tokio::spawn(async move {
            axum::serve(listener, router).with_graceful_shutdown(wait(stopped)).await
        }));
    }
    tokio::spawn(voice.clone().beat(|| Storage::Ok));
    tokio::spawn(rights::let_go(app.clone()));
    voice.say(FromChild::Serving);
    listen(&app, heard).await;
    app.stop();
    let _ = stop.send(true);
    let drained = async {
        for task in serving {
            let _ = task.await;
        }
    };
    let _ = tokio::time::timeout(DRAIN_PATIENCE, drained).await;
    Ok(())
}

async fn wait(mut stopped: watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

impl App {
    /// Writes down what `edge` noticed, and says so: what cannot be written is told of again to the next `app`.
    fn write_down(&self, notice: Notice) {
        let is_written = match notice {
            Notice::TurnedAway(network) => self.note_turned_away(Stranger::At(network)),
            Notice::Violation(site) => self.raise_alarm(site),
        };
        if is_written {
            self.voice.say(FromChild::Noted(notice));
        }
    }
}

async fn listen(app: &Arc<App>, mut heard: mpsc::UnboundedReceiver<ToChild>) {
    while let Some(message) = heard.recv().await {
        match message {
            ToChild::Status(status) => {
                if status.worker == Doing::Ended {
                    app.give_up_on_backups();
                }
                let app = app.clone();
                let is_newborn = app.take_status(status);
                is_newborn.then(|| tokio::task::spawn_blocking(move || app.tell_newborn_edge()));
            }
            ToChild::Taken(number) => app.take_note_of_edge(number),
            // What one before it had blocked, when it is newborn.
            ToChild::Blocks(blocks) if app.listen.is_some() => app.go_on_blocking(blocks),
            ToChild::Checked(number, outcome) => app.take_check(number, outcome),
            ToChild::Erased(site) => {
                let app = app.clone();
                tokio::task::spawn_blocking(move || app.take_erased(site));
            }
            ToChild::OfBackups(number, answer) => app.take_backup_answer(number, answer),
            ToChild::Notice(notice) => {
                let app = app.clone();
                tokio::task::spawn_blocking(move || app.write_down(notice));
            }
            ToChild::Removed => {
                let app = app.clone();
                tokio::task::spawn_blocking(move || app.forget_removed());
            }
            ToChild::Stop => return,
            _ => {}
        }
    }
}
