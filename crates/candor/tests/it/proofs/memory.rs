//! Looks for bytes in the memory of a process that lives.

use std::fs::{self, File};
use std::ops::Range;
use std::os::unix::fs::FileExt;

use aho_corasick::AhoCorasick;

const PAGE_BYTES: u64 = 4096;
/// Bits of `/proc/PID/pagemap` for a page that is in memory or swapped out.
const PRESENT: u64 = 1 << 63 | 1 << 62;

/// Something to look for, and what it is called.
pub(super) type Sought = (String, Vec<u8>);

/// Which of `sought` stand in the memory of process `pid`, at whatever place; all that it can read is looked through.
pub(super) fn find_in_memory(pid: u32, sought: &[Sought]) -> Vec<String> {
    let forms = AhoCorasick::new(sought.iter().map(|(_, bytes)| bytes)).expect("bytes to look for");
    let memory = open(pid, "mem");
    let pages = open(pid, "pagemap");
    let mut found = Vec::new();
    let mut looked_through = 0;
    for range in mappings(pid).iter().flat_map(|mapping| present(&pages, mapping)) {
        let mut bytes = vec![0; usize::try_from(range.end - range.start).expect("a range of memory")];
        // What was unmapped meanwhile is memory no more.
        if memory.read_exact_at(&mut bytes, range.start).is_err() {
            continue;
        }
        looked_through += bytes.len();
        found.extend(forms.find_overlapping_iter(&bytes[..]).map(|hit| sought[hit.pattern()].0.clone()));
    }
    assert!(looked_through > 1 << 20, "only {looked_through} bytes of memory could be read");
    found.sort();
    found.dedup();
    found
}

fn open(pid: u32, what: &str) -> File {
    File::open(format!("/proc/{pid}/{what}")).unwrap_or_else(|error| {
        panic!("the memory of another process cannot be read here ({error}): run this test as root")
    })
}

/// What a process has mapped and can read.
fn mappings(pid: u32) -> Vec<Range<u64>> {
    let maps = fs::read_to_string(format!("/proc/{pid}/maps")).expect("its mappings");
    let readable = |line: &&str| !line.ends_with("[vvar]") && !line.ends_with("[vsyscall]");
    let range = |line: &str| {
        let mut words = line.split(' ');
        let (start, end) = words.next()?.split_once('-')?;
        let number = |digits| u64::from_str_radix(digits, 16).ok();
        words.next()?.starts_with('r').then_some(number(start)?..number(end)?)
    };
    maps.lines().filter(readable).filter_map(range).collect()
}

/// The parts of a mapping that were ever used, neighbours together, so that a key across pages is seen.
fn present(pages: &File, mapping: &Range<u64>) -> Vec<Range<u64>> {
    let count = usize::try_from((mapping.end - mapping.start) / PAGE_BYTES).expect("a number of pages");
    let mut entries = vec![0; count * 8];
    pages.read_exact_at(&mut entries, mapping.start / PAGE_BYTES * 8).expect("its pages");
    let mut found: Vec<Range<u64>> = Vec::new();
    for (entry, start) in entries.chunks_exact(8).zip((mapping.start..).step_by(PAGE_BYTES as usize)) {
        let entry = u64::from_le_bytes(entry.try_into().expect("eight bytes"));
        if entry & PRESENT == 0 {
            continue;
        }
        match found.last_mut() {
            Some(last) if last.end == start => last.end += PAGE_BYTES,
            _ => found.push(start..start + PAGE_BYTES),
        }
    }
    found
}
