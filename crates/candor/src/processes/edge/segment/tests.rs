//! How fast calls may come, as a sender sees it.

use domain::{SiteId, SiteSettings};
use sealing::Seals;
use tokio::io::AsyncWriteExt;

use super::super::entrance::Door;
use super::super::tests::{House, WRITE_KEY, read_to_end};
use super::*;
use crate::Parts;

/// Sends a call; the answer.
async fn track(house: &House) -> String {
    let body = format!(r#"{{"writeKey":"{WRITE_KEY}","userId":"u1","event":"Paid"}}"#);
    let head = format!(
        "POST /v1/track HTTP/1.1\r\nhost: stats.example\r\ncontent-type: application/json\r\nconnection: close\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    let mut stream = house.connect(Door::Pages, "203.0.113.7").await;
    stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
    read_to_end(&mut stream).await.to_lowercase()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_call_that_may_come_is_taken_and_the_next_is_to_come_again_in_a_second() {
    let house = House::of(Parts { seals: |_, _| Seals::Unsealed, ..Parts::product() }, &[]);
    house.measures(SiteSettings::default());
    let but_one = limits::SEGMENT_ITEMS_AT_ONCE as usize - 1;
    let doorway = &house.edge.doorway;
    assert_eq!(house.edge.pace.take(SiteId(1), but_one, doorway.now()), Ok(()));
    let last = track(&house).await;
    assert!(last.starts_with("http/1.1 200 "), "{last}");
    let beyond = track(&house).await;
    assert!(beyond.starts_with("http/1.1 429 "), "{beyond}");
    assert!(beyond.contains("\r\nretry-after: 1\r\n"), "{beyond}");
    assert!(
        beyond.contains("\r\naccess-control-expose-headers: retry-after, "),
        "a page may read it: {beyond}"
    );
    assert!(beyond.contains("\r\naccess-control-allow-origin: *\r\n"), "{beyond}");
}
