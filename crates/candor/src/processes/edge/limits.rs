//! Every limit of the process that faces the network, by name. Each is tested at its edge.

use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Connections open at once, if the system allows as many descriptors.
const CONNECTIONS_MAX: u64 = 8_192;
/// Descriptors kept for everything that is not a visitor's connection.
const DESCRIPTORS_KEPT: u64 = 64;
/// Bytes of a request's head: its line and all headers.
pub(crate) const HEAD_BYTES_MAX: usize = 16 * 1024;
/// Headers of a request.
pub(crate) const HEADERS_MAX: usize = 64;
/// Connections over TLS that clients may take up again without agreeing on keys anew.
pub(crate) const TLS_SESSIONS_MAX: usize = 4_096;
/// How long a request's head may take from its first byte, and the first request of a connection to begin.
pub(crate) const HEAD_TIME_MAX: Duration = Duration::from_secs(10);
/// How long it may take to agree on how to speak TLS.
pub(crate) const HANDSHAKE_TIME_MAX: Duration = Duration::from_secs(10);
/// Chunks of recordings that are being taken at once, each of a body's length at most.
pub(crate) const CHUNKS_MAX: usize = 96;
/// Of those, so many are unpacked at once, each of eight times that at most.
pub(crate) const UNPACKED_MAX: usize = 24;
/// Of those, so many are judged at once, as that takes a processor for a while.
pub(crate) const JUDGED_MAX: usize = 2;
/// Of those that are unpacked, so many may wait for the chunks before them; what comes early beyond that is judged at once.
pub(crate) const OUT_OF_TURN_MAX: usize = 8;
/// By so many numbers a chunk may be early and wait. One that is further ahead overtook nothing: it comes after a gap, or is of a
/// page of which nothing is known any more, and asks for its snapshot at once.
pub(crate) const EARLY_BY_MAX: u32 = 8;
/// How long such a chunk waits.
pub(crate) const TURN_TIME_MAX: Duration = Duration::from_secs(5);
/// The highest number that a chunk of a page may have.
pub(crate) const CHUNK_NUMBER_MAX: u32 = 20_000;
/// Bytes of what is known of the pages that are being recorded.
pub(crate) const MIRROR_BYTES_MAX: usize = 128 << 20;
/// Bytes that are kept of the recordings of one site of one UTC day.
pub(crate) const RECORDED_A_DAY_MAX: u64 = 8 << 30;
/// Items of the Segment API that may come of a site in a second, for as long as they come.
pub(crate) const SEGMENT_ITEMS_A_SECOND: i64 = 10_000;
/// Items of a site that may come at once, when few came before.
pub(crate) const SEGMENT_ITEMS_AT_ONCE: i64 = 600_000;
/// How long an event's body may take, or a chunk's.
pub(crate) const BODY_TIME_MAX: Duration = Duration::from_secs(10);
/// How long a connection may stay open between two requests. Longer than the 60 s that common reverse proxies
/// keep theirs, so that none sends into a connection that is just being closed.
pub(crate) const IDLE_TIME_MAX: Duration = Duration::from_secs(75);
/// How long a client may take no byte of an answer.
pub(crate) const WRITE_TIME_MAX: Duration = Duration::from_secs(30);
/// How long `app` may take to begin an answer.
pub(crate) const APP_TIME_MAX: Duration = Duration::from_secs(60);
/// How often a connection's deadlines are looked at, and therefore how late one may be noticed.
pub(crate) const DEADLINE_TICK: Duration = Duration::from_secs(2);
/// What a client is asked to wait before it tries again.
pub(crate) const RETRY_AFTER_SECONDS: &str = "2";

/// Connections open at once: each may need two descriptors, its own and one to `app`.
pub(crate) fn connections_max() -> usize {
    let descriptors = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    let fitting = descriptors.saturating_sub(DESCRIPTORS_KEPT) / 2;
    usize::try_from(fitting.clamp(1, CONNECTIONS_MAX)).unwrap_or(1)
}

/// Takes as many descriptors as the system allows this process.
pub(crate) fn raise_descriptors() {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    // Where it is not allowed, the lower limit decides how many connections there can be.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
}
