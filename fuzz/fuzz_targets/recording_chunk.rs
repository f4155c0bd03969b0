//! Any chunk of a recording, packed or plain, through the whole gate: an answer within the limits, never a panic, and what
//! comes out passes again unchanged.
#![no_main]

use capture::Controls;
use capture::recording::{Gate, Page, Policy, Text, limits, unpack};
use libfuzzer_sys::fuzz_target;

/// A page on which a text, a field and a style sheet are known, so that changes find something.
const PAGE: &str = r#"{"v":1,"d":"example.com","u":"https://example.com/","r":"AAAAAAAAAAAAAAAAAAAAAA","p":"BBBBBBBBBBB","n":0,"e":[{"type":2,"data":{"node":{"type":0,"childNodes":[{"type":2,"tagName":"html","attributes":{},"childNodes":[{"type":3,"textContent":"","id":3},{"type":2,"tagName":"input","attributes":{},"childNodes":[],"id":4},{"type":2,"tagName":"style","attributes":{},"childNodes":[],"id":5},{"type":2,"tagName":"svg","attributes":{},"childNodes":[],"id":6}],"id":2}],"id":1},"initialOffset":{"top":0,"left":0}},"timestamp":1}]}"#;

fuzz_target!(|input: &[u8]| {
    // The first byte chooses the policy and whether only the events are given.
    let (choice, rest) = input.split_first().unwrap_or((&0, &[]));
    let policy = Policy { text: if choice & 1 == 0 { Text::Starred } else { Text::Clear } };
    let framed;
    let body = if choice & 2 == 0 {
        rest
    } else {
        let empty = PAGE.find("\"e\":[").expect("events") + 5;
        framed = [&PAGE.as_bytes()[..empty], rest, b"]}"].concat();
        &framed
    };
    let Ok(body) = unpack(body, limits().chunk_bytes) else { return };
    let gate = Gate::new(&Controls::default());
    let mut page = Page::default();
    gate.pass(&mut page, policy, PAGE.as_bytes()).expect("the page passes");
    let mut same_page = page.clone();
    let Ok(gated) = gate.pass(&mut page, policy, &body) else { return };
    let again = gate.pass(&mut same_page, policy, &gated.chunk).expect("what comes out passes again");
    assert_eq!(String::from_utf8_lossy(&again.chunk), String::from_utf8_lossy(&gated.chunk));
});
