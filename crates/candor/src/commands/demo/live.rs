//! Visitors that keep coming: each event is sent over HTTP to the address that pages use, when it happens.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use domain::{Clock, Timestamp};
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::dice::Dice;
use super::visits::{Happening, Visits};

/// Visits that begin in a minute, on average.
const VISITS_PER_MINUTE: f64 = 14.0;
/// How much faster than life a visit goes, so that a dashboard has something to show.
const HASTE: i64 = 3;
/// How often what is due is sent.
const TICK: Duration = Duration::from_millis(250);
/// Waiting before the server is tried again after it did not take an event.
const RETRY: Duration = Duration::from_secs(1);

/// Sends visitors until Ctrl-C.
pub(super) async fn keep_coming(
    address: SocketAddr,
    domain: &str,
    seed: u64,
    clock: Arc<dyn Clock>,
) -> anyhow::Result<()> {
    // Others than those of the history, though they may come from the same seed.
    let mut visits = Visits::new(domain, seed ^ clock.now().0.cast_unsigned());
    let mut agenda: Vec<Happening> = Vec::new();
    let mut sender = None;
    let mut stopped = std::pin::pin!(tokio::signal::ctrl_c());
    let mut interval = tokio::time::interval(TICK);
    loop {
        tokio::select! {
            _ = interval.tick() => {}
            _ = &mut stopped => return Ok(()),
        }
        let now = clock.now();
        if visits.dice.chance(VISITS_PER_MINUTE * TICK.as_secs_f64() / 60.0) {
            agenda.extend(begin_visit(&mut visits, now));
        }
        let (due, later): (Vec<_>, Vec<_>) = agenda.into_iter().partition(|happening| happening.at <= now);
        agenda = later;
        for happening in due {
            while let Err(error) = send(&mut sender, address, domain, &happening).await {
                tracing::warn!("the server did not take an event and is tried again: {error:#}");
                sender = None;
                tokio::select! {
                    () = tokio::time::sleep(RETRY) => {}
                    _ = &mut stopped => return Ok(()),
                }
            }
        }
    }
}

fn begin_visit(visits: &mut Visits, now: Timestamp) -> Vec<Happening> {
    let source = visits.choose_source(None, 0.0);
    let mut happenings = visits.invent(|_: &mut Dice, _| now, source);
    for happening in &mut happenings {
        happening.at = Timestamp(now.0 + (happening.at.0 - now.0) / HASTE);
        // The server's own clock says when it happened.
        if let Some(body) = happening.body.as_object_mut() {
            body.remove("t");
        }
    }
    happenings
}

async fn send(
    sender: &mut Option<SendRequest<Full<Bytes>>>,
    address: SocketAddr,
    domain: &str,
    happening: &Happening,
) -> anyhow::Result<()> {
    let open = match sender.as_mut().filter(|sender| !sender.is_closed()) {
        Some(open) => open,
        None => sender.insert(connect(address).await?),
    };
    let request = Request::post("/api/event")
        .header("host", address.to_string())
        .header("origin", format!("https://{domain}"))
        .header("content-type", "text/plain")
        .header("user-agent", happening.user_agent)
        .header("accept-language", happening.language)
        // Believed only by a server that trusts a proxy on this machine; elsewhere the visitors have no country.
        .header("x-forwarded-for", happening.address.to_string())
        .header("x-forwarded-proto", "https")
        .body(Full::new(Bytes::from(happening.body.to_string())))?;
    open.ready().await?;
    let response = open.send_request(request).await?;
    let status = response.status();
    response.into_body().collect().await?;
    anyhow::ensure!(status == hyper::StatusCode::ACCEPTED, "it answered {status}");
    Ok(())
}

async fn connect(address: SocketAddr) -> anyhow::Result<SendRequest<Full<Bytes>>> {
    let stream = TcpStream::connect(address).await?;
    let (sender, connection) = handshake(TokioIo::new(stream)).await?;
    tokio::spawn(async move {
        // Its end is seen by the next event.
        let _ = connection.await;
    });
    Ok(sender)
}
