//! Chunks that overtake those before them, as the last ones of a page do that is left.

use super::*;

const SNAPSHOT: &str = r#"{"type":4,"data":{"href":"https://example.com/","width":800,"height":600},"timestamp":1700000000000},{"type":2,"data":{"node":{"type":0,"id":1,"childNodes":[{"type":2,"tagName":"html","attributes":{},"childNodes":[],"id":2}]},"initialOffset":{"top":0,"left":0}},"timestamp":1700000000000}"#;
const CLICK: &str = r#"{"type":3,"data":{"source":2,"type":2,"id":2,"x":1,"y":1},"timestamp":1700000000100}"#;
/// The tree was known when the chunk was judged, and was not.
const KEPT: &str = "{}";
const ASKED: &str = r#"{"ask":"snapshot"}"#;

async fn body(mut stream: TcpStream) -> String {
    let answer = read_to_end(&mut stream).await;
    answer.split_once("\r\n\r\n").map_or(answer.clone(), |(_, body)| body.to_owned())
}

fn house() -> House {
    house_with(Controls::default())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn chunks_that_come_in_another_order_are_judged_in_their_own() {
    let house = house();
    let waiting = || house.edge.recorder.pages.waiting();
    let third = send_chunk(&house, 0, 2, CLICK).await;
    until("the third chunk waits", || waiting() == 1).await;
    let second = send_chunk(&house, 0, 1, CLICK).await;
    until("the second chunk waits", || waiting() == 2).await;
    assert_eq!(body(send_chunk(&house, 0, 0, SNAPSHOT).await).await, KEPT);
    assert_eq!((body(second).await.as_str(), body(third).await.as_str()), (KEPT, KEPT));
    assert_eq!(waiting(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_chunk_waits_for_in_vain_is_asked_for_as_a_snapshot() {
    let house = house();
    assert_eq!(body(send_chunk(&house, 0, 1, CLICK).await).await, ASKED);
    let next = format!("{SNAPSHOT},{CLICK}");
    assert_eq!(body(send_chunk(&house, 0, 2, &next).await).await, KEPT, "it goes on after the gap");
}
