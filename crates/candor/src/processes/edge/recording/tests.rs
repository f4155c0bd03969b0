//! How much is done at once with what recorders send.

mod early;

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use capture::Controls;
use capture::recording::Judgement;
use domain::{RecordingSettings, SiteSettings};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::super::entrance::Door;
use super::super::tests::{House, read_to_end};
use super::*;

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const PATIENCE: Duration = Duration::from_secs(10);

/// Who judges now: all of them wait until they may go on.
struct Bench {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    judging: usize,
    most: usize,
    may_go_on: bool,
}

static BENCH: Bench =
    Bench { state: Mutex::new(State { judging: 0, most: 0, may_go_on: false }), changed: Condvar::new() };

impl Bench {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Judges as the gate does, once it may go on.
    fn judge(judgement: Judgement) -> Judgement {
        let mut state = BENCH.lock();
        state.judging += 1;
        state.most = state.most.max(state.judging);
        while !state.may_go_on {
            state = BENCH.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.judging -= 1;
        judgement
    }
}

/// Lets all go on, also where a test fails: what waits would hold up its end.
struct Release;

impl Drop for Release {
    fn drop(&mut self) {
        BENCH.lock().may_go_on = true;
        BENCH.changed.notify_all();
    }
}

/// An edge that records one site, whose gate waits.
fn house() -> House {
    house_with(Controls { heed: Bench::judge, ..Controls::default() })
}

fn house_with(controls: Controls) -> House {
    let house = House::of(Parts { controls, seals: |_, _| Seals::Unsealed, ..Parts::product() }, &[]);
    let recording = RecordingSettings { on: true, ..RecordingSettings::default() };
    house.measures(SiteSettings { recording, ..SiteSettings::default() });
    house
}

/// Sends the first chunk of a page of its own.
async fn send(house: &House, page: usize) -> TcpStream {
    let meta = r#"{"type":4,"data":{"href":"https://example.com/","width":800,"height":600},"timestamp":1700000000000}"#;
    send_chunk(house, page, 0, meta).await
}

/// Sends a chunk of a page with these events.
async fn send_chunk(house: &House, page: usize, number: u32, events: &str) -> TcpStream {
    let body = format!(
        r#"{{"v":1,"d":"example.com","u":"https://example.com/","r":"{page:022}","p":"{page:011}","n":{number},"e":[{events}]}}"#
    );
    let head = format!(
        "POST /api/recording HTTP/1.1\r\nhost: stats.example\r\nuser-agent: {FIREFOX}\r\ncontent-type: text/plain\r\n\
         connection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let mut stream = house.connect(Door::Pages, "203.0.113.7").await;
    stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
    stream
}

async fn status(mut stream: TcpStream) -> String {
    let answer = read_to_end(&mut stream).await;
    answer.split(' ').nth(1).unwrap_or(&answer).to_owned()
}

async fn until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "waited in vain until {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn so_many_chunks_are_taken_at_once_of_which_so_many_are_unpacked_and_so_many_judged() {
    let house = house();
    let release = Release;
    let recorder = &house.edge.recorder;
    let places = || recorder.places.available_permits();
    let unpacked = || recorder.unpacked.available_permits();
    let mut taken = Vec::new();
    for page in 0..limits::UNPACKED_MAX {
        taken.push(send(&house, page).await);
    }
    until("two are judged", || BENCH.lock().judging == limits::JUDGED_MAX).await;
    until("all places for unpacked ones are taken", || unpacked() == 0).await;
    assert_eq!(places(), limits::CHUNKS_MAX - limits::UNPACKED_MAX);
    for page in limits::UNPACKED_MAX..limits::CHUNKS_MAX {
        taken.push(send(&house, page).await);
    }
    until("all places are taken", || places() == 0).await;
    assert_eq!(status(send(&house, limits::CHUNKS_MAX).await).await, "503", "one more is to come again");
    assert_eq!(BENCH.lock().judging, limits::JUDGED_MAX);
    drop(release);
    for stream in taken {
        assert_eq!(status(stream).await, "202");
    }
    assert_eq!(BENCH.lock().most, limits::JUDGED_MAX, "never more");
    assert_eq!(status(send(&house, limits::CHUNKS_MAX).await).await, "202", "there is room again");
}
