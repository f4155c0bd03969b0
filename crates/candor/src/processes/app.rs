//! The process that answers questions: the API, the UI and commands, over Unix sockets only.

use tokio::sync::mpsc;

use super::birth::{self, Newborn};
use super::messages::{FromChild, Storage, ToChild};
use crate::Parts;

/// Runs the process until its supervisor ends or asks it to.
pub(crate) fn run(parts: &Parts) -> anyhow::Result<()> {
    let newborn = birth::receive()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(serve(newborn, parts))?;
    runtime.shutdown_background();
    Ok(())
}

async fn serve(newborn: Newborn, _parts: &Parts) -> anyhow::Result<()> {
    let Newborn { app_socket, heard, voice, .. } = newborn;
    if let Some(socket) = app_socket {
        let router = axum::Router::new();
        tokio::spawn(async move { axum::serve(tokio::net::UnixListener::from_std(socket)?, router).await });
    }
    tokio::spawn(voice.clone().beat(|| Storage::Ok));
    voice.say(FromChild::Directory(Vec::new()));
    voice.say(FromChild::Serving);
    listen(heard).await;
    Ok(())
}

async fn listen(mut heard: mpsc::UnboundedReceiver<ToChild>) {
    while let Some(message) = heard.recv().await {
        if matches!(message, ToChild::Stop) {
            return;
        }
    }
}
