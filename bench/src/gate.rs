//! How fast the gate for recordings is: one core, unpacked chunks like those of a busy page, in memory. The same chunks are also
//! only parsed, by serde_json, which keeps nothing and judges nothing: no judge can be faster by much.

use std::fmt::Write;
use std::time::Instant;

use capture::Controls;
use capture::recording::{Gate, Page, Policy, Text};
use serde::Serialize;

use crate::random::Stream;

/// Nodes of the page.
const NODES: u32 = 10_000;
/// Events of the chunks that follow.
const CHANGES: u32 = 5_000;
/// Rules of its style sheet.
const RULES: u32 = 3_000;

/// What the gate takes for one kind of chunk.
#[derive(Serialize)]
pub(crate) struct Measured {
    /// What the chunk holds most of.
    kind: &'static str,
    bytes: usize,
    /// Of each turn.
    gate_mb_per_s: Vec<f64>,
    parse_mb_per_s: Vec<f64>,
}

/// Takes each kind of chunk through the gate `turns` times.
pub(crate) fn measure(turns: usize) -> Result<Vec<Measured>, String> {
    let page = snapshot();
    let kinds = [("snapshot", page.clone()), ("changes", changes()), ("styles", styles())];
    kinds
        .into_iter()
        .map(|(kind, events)| measure_kind(kind, &chunk(&page), &chunk(&events), turns))
        .collect()
}

fn measure_kind(kind: &'static str, before: &str, body: &str, turns: usize) -> Result<Measured, String> {
    let gate = Gate::new(&Controls::default());
    let policy = Policy { text: Text::Clear };
    let mut known = Page::default();
    gate.pass(&mut known, policy, before.as_bytes()).map_err(|refused| refused.to_string())?;
    let (mut gated, mut parsed) = (Vec::with_capacity(turns), Vec::with_capacity(turns));
    for _ in 0..turns {
        let mut page = known.clone();
        let began = Instant::now();
        let passed = gate.pass(&mut page, policy, body.as_bytes()).map_err(|refused| refused.to_string())?;
        gated.push(began.elapsed().as_secs_f64());
        if passed.ask_snapshot || passed.chunk.len() < body.len() / 2 {
            return Err(format!("of {kind} something was lost: {:?}", passed.summary));
        }
        let began = Instant::now();
        serde_json::from_str::<serde::de::IgnoredAny>(body).map_err(|fault| fault.to_string())?;
        parsed.push(began.elapsed().as_secs_f64());
    }
    let rates = |turns: Vec<f64>| turns.iter().map(|seconds| body.len() as f64 / 1e6 / seconds).collect();
    Ok(Measured { kind, bytes: body.len(), gate_mb_per_s: rates(gated), parse_mb_per_s: rates(parsed) })
}

fn chunk(events: &str) -> String {
    format!(
        r#"{{"v":1,"d":"example.com","u":"https://example.com/","r":"AAAAAAAAAAAAAAAAAAAAAA","p":"BBBBBBBBBBB","n":0,"e":[{events}]}}"#
    )
}

const WORDS: [&str; 8] =
    ["report", "visitors", "of", "the", "last", "seven days", "compared", "with those before"];
const CLASSES: [&str; 8] =
    ["flex", "items-center", "md:w-1/2", "text-sm", "css-1x9f3k", "card__title", "is-active", "px-4"];

fn words(random: &mut Stream, list: &[&str]) -> String {
    let count = 1 + random.below(6);
    (0..count).map(|_| list[random.below(8) as usize]).collect::<Vec<_>>().join(" ")
}

fn node(id: u32, random: &mut Stream) -> String {
    if random.happens(0.4) {
        return format!(r#"{{"type":3,"id":{id},"textContent":"{}"}}"#, words(random, &WORDS));
    }
    let (tag, more) = match random.below(12) {
        0 => ("input", r#","type":"text","value":"***""#),
        1 => ("a", r#","tabindex":"0""#),
        2 => ("td", r#","colspan":"2""#),
        3 => ("span", r#","style":"width: 12.5%; color: rgb(12, 34, 56); transform: translateX(4px)""#),
        _ => ("div", r#","id":"row-12","aria-hidden":"true""#),
    };
    format!(
        r#"{{"type":2,"id":{id},"tagName":"{tag}","attributes":{{"class":"{}"{more}}},"childNodes":[]}}"#,
        words(random, &CLASSES)
    )
}

fn snapshot() -> String {
    let mut random = Stream::of(&[1]);
    let mut rows = String::new();
    let mut id = 4;
    while id < NODES {
        let children: Vec<String> = (1..20).map(|n| node(id + n, &mut random)).collect();
        let comma = if rows.is_empty() { "" } else { "," };
        let _ = write!(
            rows,
            r#"{comma}{{"type":2,"id":{id},"tagName":"section","attributes":{{"class":"row"}},"childNodes":[{}]}}"#,
            children.join(",")
        );
        id += 20;
    }
    format!(
        r#"{{"type":2,"data":{{"node":{{"type":0,"id":1,"childNodes":[{{"type":2,"id":2,"tagName":"html","attributes":{{}},"childNodes":[{{"type":2,"id":3,"tagName":"body","attributes":{{}},"childNodes":[{rows}]}}]}}]}},"initialOffset":{{"top":0,"left":0}}}},"timestamp":1795348800000}}"#
    )
}

/// Moves, texts, attributes, and nodes that come and go, as a page with live numbers has them.
fn changes() -> String {
    let mut random = Stream::of(&[2]);
    let mut events = Vec::new();
    for at in 0..CHANGES {
        let row = 4 + 20 * random.below((NODES - 40) / 20);
        let new = NODES + 1_000 + at;
        let data = match random.below(4) {
            0 => {
                let position = |n: u32| {
                    format!(r#"{{"x":{},"y":{n},"id":{row},"timeOffset":-{n}}}"#, random.below(1_000))
                };
                format!(r#""source":1,"positions":[{}]"#, (0..10).map(position).collect::<Vec<_>>().join(","))
            }
            1 => format!(
                r#""source":0,"texts":[],"attributes":[{{"id":{row},"attributes":{{"class":"{}","style":"top: {}px"}}}}],"removes":[],"adds":[]"#,
                words(&mut random, &CLASSES),
                random.below(900)
            ),
            2 => format!(
                r#""source":0,"texts":[],"attributes":[],"removes":[],"adds":[{{"parentId":{row},"nextId":null,"node":{}}}]"#,
                node(new, &mut random)
            ),
            _ => format!(r#""source":3,"id":{row},"x":0,"y":{}"#, random.below(5_000)),
        };
        events.push(format!(
            r#"{{"type":3,"data":{{{data}}},"timestamp":{}}}"#,
            1_795_348_800_000_u64 + u64::from(at)
        ));
    }
    events.join(",")
}

/// Style sheets as browsers write them out.
fn styles() -> String {
    let mut random = Stream::of(&[3]);
    let mut sheet = String::new();
    for rule in 0..RULES {
        let class = CLASSES[random.below(8) as usize].replace([':', '/'], "-");
        let _ = match random.below(4) {
            0 => write!(
                sheet,
                "@media (min-width: {rule}px) {{ .{class}-{rule} {{ display: flex; gap: 0.5rem; }} }}"
            ),
            1 => write!(
                sheet,
                ".{class}-{rule}:hover > a, .{class} + p::before {{ color: rgb({}, 2, 3); }}",
                rule % 256
            ),
            2 => write!(sheet, ":root {{ --a-{rule}: 0 0% {}%; --b: calc(var(--c) * 2); }}", rule % 100),
            _ => write!(
                sheet,
                ".{class}-{rule} {{ margin: 0px auto; padding: {}px; font-family: -apple-system, sans-serif; background: linear-gradient(90deg, #fff, #000 50%); }}",
                rule % 50
            ),
        };
    }
    format!(
        r#"{{"type":3,"data":{{"source":8,"styleId":1,"replaceSync":"{sheet}"}},"timestamp":1795348800000}}"#
    )
}
