use std::io::{self, ErrorKind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use domain::{Event, ManualClock, Refusal, SiteId, Text};
use sealing::Seals;

use super::committer::COMMIT_EVERY;
use super::files::{Files, OpenFile};
use super::*;
use crate::testing::{START, ring, seals, some_event};

fn limits() -> JournalLimits {
    JournalLimits::default()
}

fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::at(START))
}

/// The event that is told from others by its path.
fn event(path: &str) -> Box<Event> {
    Box::new(Event { path: Text::clean(path, 200), ..some_event() })
}

fn batch(entries: &[(u32, &str)]) -> Batch {
    let mut batch = Batch::default();
    entries.iter().for_each(|(site, path)| batch.add_event(SiteId(*site), event(path)));
    batch
}

/// What a reader is served of a file's bytes: paths by site, and whether there was damage.
fn served(bytes: &[u8], number: u64) -> (Vec<(u32, String)>, bool, bool) {
    let Ok((position, mut payloads)) = read_header(bytes, number) else { return (vec![], true, false) };
    let mut frames = Frames::new(&bytes[position.offset as usize..], position);
    let mut paths = Vec::new();
    let mut altered = false;
    for found in frames.by_ref() {
        match payloads.open(&found, &*ring()).unwrap() {
            (Some(site), Payload::Frame(frame)) => {
                paths.extend(frame.events.iter().map(|event| (site.0, event.path.to_string())));
            }
            _ => altered = true,
        }
    }
    (paths, altered, frames.is_torn())
}

fn served_from(folder: &JournalFolder) -> Vec<(u32, String)> {
    let numbers = folder.numbers().unwrap();
    let file = |number: &u64| served(&std::fs::read(folder.path(*number)).unwrap(), *number).0;
    numbers.iter().flat_map(file).collect()
}

/// Four events in three commits, and the file's bytes.
fn written_file() -> Vec<u8> {
    written_with(seals())
}

fn written_with(seals: Seals) -> Vec<u8> {
    let data = tempfile::tempdir().unwrap();
    let folder = JournalFolder::open(data.path()).unwrap();
    let mut writer = Writer::new(Box::new(folder.clone()), clock(), limits(), seals);
    writer.commit(&batch(&[(1, "/a"), (2, "/b")])).unwrap();
    writer.commit(&batch(&[(1, "/c")])).unwrap();
    writer.commit(&batch(&[(2, "/d")])).unwrap();
    std::fs::read(folder.path(1)).unwrap()
}

fn paths(all: &[(u32, &str)]) -> Vec<(u32, String)> {
    all.iter().map(|(site, path)| (*site, (*path).to_owned())).collect()
}

#[test]
fn what_was_committed_is_served_in_order() {
    let (found, altered, torn) = served(&written_file(), 1);
    assert_eq!(found, paths(&[(1, "/a"), (2, "/b"), (1, "/c"), (2, "/d")]));
    assert!(!altered && !torn);
}

#[test]
fn a_file_that_ends_anywhere_serves_whole_frames_and_only_one_without_a_header_is_damaged() {
    let whole = written_file();
    let all = served(&whole, 1).0;
    for length in 0..whole.len() {
        let (found, altered, _) = served(&whole[..length], 1);
        assert_eq!(found, all[..found.len()], "cut at {length}");
        assert_eq!(altered, length < frame::HEADER_BYTES, "cut at {length}");
    }
}

#[test]
fn any_flipped_bit_is_reported_and_never_served() {
    let whole = written_file();
    let all = served(&whole, 1).0;
    for bit in 0..whole.len() * 8 {
        let mut flipped = whole.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let (found, altered, _) = served(&flipped, 1);
        assert!(altered, "bit {bit} of byte {}", bit / 8);
        assert!(found.len() < all.len(), "bit {bit}");
        assert!(found.iter().all(|path| all.contains(path)), "bit {bit}");
    }
}

#[test]
fn frames_after_an_altered_one_are_served_while_their_own_checksums_hold() {
    for seals in [seals(), Seals::Unsealed] {
        let mut whole = written_with(seals);
        let frames = frames_of(&whole);
        // The last byte of the third frame's payload.
        whole[frames[3] - frame::FOOT_BYTES - 1] ^= 1;
        assert_eq!(served(&whole, 1).0, paths(&[(1, "/a"), (2, "/b"), (2, "/d")]));
    }
}

/// Where the frames of a file begin.
fn frames_of(whole: &[u8]) -> Vec<usize> {
    let (position, _) = read_header(whole, 1).unwrap();
    let mut frames = Frames::new(&whole[position.offset as usize..], position);
    let mut starts = Vec::new();
    while frames.next().is_some() {
        starts.push(frames.found_at() as usize);
    }
    starts
}

#[test]
fn without_the_frame_that_holds_its_key_nothing_more_of_a_site_is_served() {
    let mut whole = written_file();
    let frames = frames_of(&whole);
    whole[frames[1] - frame::FOOT_BYTES - 1] ^= 1;
    let (found, altered, _) = served(&whole, 1);
    assert_eq!((found, altered), (paths(&[(2, "/b"), (2, "/d")]), true), "the first frame was altered");
}

#[test]
fn a_file_of_the_first_format_is_served_as_it_is() {
    let whole = written_with(Seals::Unsealed);
    assert_eq!(whole[8], 1);
    assert_eq!(served(&whole, 1).0, served(&written_file(), 1).0);
}

#[test]
fn nothing_in_a_sealed_file_is_readable_and_in_an_open_one_everything_is() {
    let shows = |whole: &[u8], text: &str| whole.windows(text.len()).any(|window| window == text.as_bytes());
    for text in ["/a", "example.com", "pageview"] {
        assert!(shows(&written_with(Seals::Unsealed), text), "{text}");
    }
    let sealed = written_file();
    assert!(!shows(&sealed, "example.com") && !shows(&sealed, "pageview"));
}

#[test]
fn a_frame_of_one_site_does_not_open_as_anothers() {
    let whole = written_file();
    let (position, mut payloads) = read_header(&whole, 1).unwrap();
    let first = Frames::new(&whole[position.offset as usize..], position).next();
    let Some(Found::Frame(SiteId(1), payload)) = first else { panic!("a frame of site 1") };
    let moved = Found::Frame(SiteId(2), payload);
    assert_eq!(payloads.open(&moved, &*ring()).unwrap(), (Some(SiteId(2)), Payload::Altered));
}

#[test]
fn a_frame_that_was_put_in_once_more_is_not_served_twice() {
    let whole = written_file();
    let (position, mut payloads) = read_header(&whole, 1).unwrap();
    let frames: Vec<Found> = Frames::new(&whole[position.offset as usize..], position).collect();
    for found in &frames {
        assert!(matches!(payloads.open(found, &*ring()).unwrap(), (_, Payload::Frame(_))));
    }
    for found in &frames {
        assert!(matches!(payloads.open(found, &*ring()).unwrap(), (_, Payload::Altered)), "{found:?}");
    }
}

#[test]
fn a_site_without_a_key_takes_no_events() {
    let data = tempfile::tempdir().unwrap();
    let folder = JournalFolder::open(data.path()).unwrap();
    let mut writer = Writer::new(Box::new(folder.clone()), clock(), limits(), seals());
    let refused = writer.commit(&batch(&[(99, "/a")])).unwrap_err();
    assert!(format!("{refused}").contains("site 99 has no key"), "{refused}");
    assert_eq!(served_from(&folder), []);
}

#[test]
fn a_frame_moved_to_another_place_is_not_served() {
    let whole = written_file();
    let (_, first) = frame::write_header(1, frame::SEALED);
    let mut frames = Frames::new(&whole[24..], first);
    frames.next();
    let cut = frames.position().offset as usize;
    let without_first: Vec<u8> = [&whole[..24], &whole[cut..]].concat();
    assert_eq!(served(&without_first, 1), (vec![], true, false));
}

#[test]
fn zeros_after_the_last_commit_are_a_torn_tail() {
    let mut whole = written_file();
    whole.extend([0; 300]);
    let (found, altered, torn) = served(&whole, 1);
    assert_eq!((found.len(), altered, torn), (4, false, true));
}

#[test]
fn a_newer_format_is_refused() {
    let mut whole = written_file();
    whole[8] = 3;
    let chain = frame::checksum(0, &whole[..20]);
    whole[20..24].copy_from_slice(&chain.to_le_bytes());
    assert_eq!(read_header(&whole, 1).unwrap_err(), HeaderFault::Newer(3));
}

#[test]
fn a_file_is_closed_only_when_its_writer_let_go_of_it() {
    let data = tempfile::tempdir().unwrap();
    let folder = JournalFolder::open(data.path()).unwrap();
    let mut writer = Writer::new(Box::new(folder.clone()), clock(), limits(), seals());
    writer.commit(&batch(&[(1, "/a")])).unwrap();
    assert!(closed_files(&folder, &[1]).unwrap().is_empty());
    drop(writer);
    assert_eq!(closed_files(&folder, &[1, 2]).unwrap().len(), 1);
}

#[test]
fn a_file_is_closed_by_size_and_by_age() {
    let data = tempfile::tempdir().unwrap();
    let folder = JournalFolder::open(data.path()).unwrap();
    let clock = clock();
    let small = JournalLimits { bytes: 400, age: Duration::from_secs(300) };
    let mut writer = Writer::new(Box::new(folder.clone()), clock.clone(), small, seals());
    writer.commit(&batch(&[(1, &"/long".repeat(40)), (1, &"/long".repeat(40)), (1, "/c")])).unwrap();
    assert_eq!(closed_files(&folder, &[1]).unwrap().len(), 1);
    writer.commit(&batch(&[(1, "/d")])).unwrap();
    clock.advance(Duration::from_secs(300));
    writer.close_when_due();
    assert_eq!(closed_files(&folder, &[1, 2]).unwrap().len(), 2);
}

#[test]
fn two_writers_at_once_take_different_files() {
    let data = tempfile::tempdir().unwrap();
    let folder = JournalFolder::open(data.path()).unwrap();
    let mut writers = [0, 1].map(|_| Writer::new(Box::new(folder.clone()), clock(), limits(), seals()));
    for (writer, path) in writers.iter_mut().zip(["/a", "/b"]) {
        writer.commit(&batch(&[(1, path)])).unwrap();
    }
    assert_eq!(served_from(&folder), paths(&[(1, "/a"), (1, "/b")]));
}

/// A disk on which the n-th operation fails, the way `fault` says, and all before and after it succeed.
struct Faulty {
    folder: JournalFolder,
    countdown: Arc<AtomicUsize>,
    fault: Fault,
}

#[derive(Clone, Copy)]
enum Fault {
    Full,
    /// Half of the bytes are written, then the disk is full.
    Short,
    Unreadable,
}

impl Fault {
    fn error(self) -> io::Error {
        match self {
            Self::Full | Self::Short => ErrorKind::StorageFull.into(),
            Self::Unreadable => io::Error::from_raw_os_error(5),
        }
    }
}

fn strikes(countdown: &AtomicUsize) -> bool {
    countdown.fetch_sub(1, Ordering::SeqCst) == 1
}

impl Files for Faulty {
    fn create(&self, number: u64, header: &[u8]) -> io::Result<Box<dyn OpenFile>> {
        if strikes(&self.countdown) {
            return Err(self.fault.error());
        }
        let file = self.folder.create(number, header)?;
        Ok(Box::new(FaultyFile { file, countdown: self.countdown.clone(), fault: self.fault }))
    }

    fn highest(&self) -> io::Result<u64> {
        self.folder.highest()
    }

    fn probe(&self) -> io::Result<()> {
        self.folder.probe()
    }
}

struct FaultyFile {
    file: Box<dyn OpenFile>,
    countdown: Arc<AtomicUsize>,
    fault: Fault,
}

impl OpenFile for FaultyFile {
    fn write_at(&mut self, bytes: &[u8], offset: u64) -> io::Result<usize> {
        if !strikes(&self.countdown) {
            return self.file.write_at(bytes, offset);
        }
        if matches!(self.fault, Fault::Short) {
            self.countdown.store(1, Ordering::SeqCst);
            self.fault = Fault::Full;
            return self.file.write_at(&bytes[..bytes.len() / 2], offset);
        }
        Err(self.fault.error())
    }

    fn sync(&mut self) -> io::Result<()> {
        if strikes(&self.countdown) { Err(self.fault.error()) } else { self.file.sync() }
    }

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        self.file.truncate(length)
    }
}

#[test]
fn whichever_operation_fails_exactly_what_was_acknowledged_is_served() {
    for fault in [Fault::Full, Fault::Short, Fault::Unreadable] {
        for strike in 1..14 {
            let data = tempfile::tempdir().unwrap();
            let folder = JournalFolder::open(data.path()).unwrap();
            let countdown = Arc::new(AtomicUsize::new(strike));
            let faulty = Faulty { folder: folder.clone(), countdown, fault };
            let mut writer = Writer::new(Box::new(faulty), clock(), limits(), seals());
            let mut acknowledged = Vec::new();
            for path in ["/a", "/b", "/c", "/d", "/e"] {
                if writer.commit(&batch(&[(1, path), (2, path)])).is_ok() {
                    acknowledged.extend([(1, path.to_owned()), (2, path.to_owned())]);
                }
            }
            assert_eq!(served_from(&folder), acknowledged, "operation {strike}");
            assert!(acknowledged.len() >= 8, "only the struck commit fails: operation {strike}");
        }
    }
}

#[test]
fn a_full_disk_refuses_events_until_there_is_room() {
    let data = tempfile::tempdir().unwrap();
    let folder = JournalFolder::open(data.path()).unwrap();
    let faulty = Faulty { folder, countdown: Arc::new(AtomicUsize::new(1)), fault: Fault::Full };
    let committer = Committer::start_on(Box::new(faulty), clock(), limits(), seals()).unwrap();
    let commit = |path| {
        let (sender, receiver) = mpsc::channel();
        let done: Done = Box::new(move |outcome| sender.send(outcome.is_ok()).unwrap());
        committer.submit(vec![(SiteId(1), Entry::Event(event(path)))], done).unwrap();
        receiver.recv().unwrap()
    };
    assert!(!commit("/a"));
    assert_eq!(committer.storage(), Storage::Full);
    assert!(commit("/b"));
    assert_eq!(committer.storage(), Storage::Ok);
}

#[test]
fn commits_follow_each_other_no_sooner_than_they_may() {
    let data = tempfile::tempdir().unwrap();
    let folder = JournalFolder::open(data.path()).unwrap();
    let committer = Committer::start(folder.clone(), clock(), limits(), seals()).unwrap();
    let begun = Instant::now();
    for _ in 0..20 {
        let (sender, receiver) = mpsc::channel();
        let done: Done = Box::new(move |outcome| sender.send(outcome.is_ok()).unwrap());
        committer.submit(vec![(SiteId(1), Entry::Event(event("/")))], done).unwrap();
        assert!(receiver.recv().unwrap());
    }
    assert!(begun.elapsed() >= 19 * COMMIT_EVERY, "all but the first wait for their turn");
    assert_eq!(served_from(&folder).len(), 20);
}

#[test]
fn events_of_many_threads_are_each_acknowledged_once_and_served_once() {
    let data = tempfile::tempdir().unwrap();
    let folder = JournalFolder::open(data.path()).unwrap();
    let committer = Committer::start(folder.clone(), clock(), limits(), seals()).unwrap();
    let acknowledged = Arc::new(Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let (committer, acknowledged) = (&committer, &acknowledged);
            scope.spawn(move || {
                for number in 0..50 {
                    let path = format!("/{thread}/{number}");
                    let seen = acknowledged.clone();
                    let entries = vec![(SiteId(1), Entry::Event(event(&path)))];
                    let done: Done = Box::new(move |outcome| {
                        outcome.unwrap();
                        seen.lock().unwrap().push((1, path));
                    });
                    committer.submit(entries, done).unwrap();
                }
            });
        }
    });
    drop(committer);
    let mut acknowledged = acknowledged.lock().unwrap().clone();
    let mut found = served_from(&folder);
    acknowledged.sort();
    found.sort();
    assert_eq!(found.len(), 200);
    assert_eq!(found, acknowledged);
}

#[test]
fn refused_events_are_counted_by_site_day_and_reason() {
    let data = tempfile::tempdir().unwrap();
    let folder = JournalFolder::open(data.path()).unwrap();
    let committer = Committer::start(folder.clone(), clock(), limits(), seals()).unwrap();
    let refused = || (SiteId(3), Entry::Refused(Refusal::Date, START));
    committer.submit(vec![refused(), refused()], Box::new(|outcome| outcome.unwrap())).unwrap();
    drop(committer);
    let bytes = std::fs::read(folder.path(1)).unwrap();
    let (position, mut payloads) = read_header(&bytes, 1).unwrap();
    let frame = Frame {
        events: vec![],
        refused: vec![RefusedCount { refusal: Refusal::Date, utc_day: START.utc_day(), count: 2 }],
    };
    let found: Vec<Found> = Frames::new(&bytes[position.offset as usize..], position).collect();
    let [found] = &found[..] else { panic!("one frame") };
    assert_eq!(payloads.open(found, &*ring()).unwrap(), (Some(SiteId(3)), Payload::Frame(frame)));
}

#[test]
fn a_file_that_is_rolled_is_closed_and_what_comes_after_is_in_another() {
    let data = tempfile::tempdir().unwrap();
    let folder = JournalFolder::open(data.path()).unwrap();
    let committer = Committer::start(folder.clone(), clock(), limits(), seals()).unwrap();
    let commit = |path| {
        let (sender, receiver) = mpsc::channel();
        let done: Done = Box::new(move |outcome| sender.send(outcome.is_ok()).unwrap());
        committer.submit(vec![(SiteId(1), Entry::Event(event(path)))], done).unwrap();
        assert!(receiver.recv().unwrap());
    };
    let roll = || {
        let (sender, receiver) = mpsc::channel();
        committer.roll(Box::new(move || sender.send(()).unwrap()));
        receiver.recv().unwrap();
    };
    roll();
    commit("/a");
    assert!(closed_files(&folder, &[1]).unwrap().is_empty(), "it is still written to");
    roll();
    assert_eq!(closed_files(&folder, &[1]).unwrap().len(), 1);
    commit("/b");
    assert_eq!(folder.numbers().unwrap(), [1, 2]);
}
