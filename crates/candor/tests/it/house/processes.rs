//! The processes of a server, as the system shows them.

use std::fs;

use rustix::process::{Pid, Signal, kill_process};

/// The children of a process: their ids and roles.
pub(crate) fn children_of(parent: u32) -> Vec<(u32, String)> {
    let folders = fs::read_dir("/proc").expect("a list of processes").flatten();
    let pids = folders.filter_map(|folder| folder.file_name().to_str()?.parse::<u32>().ok());
    pids.filter(|pid| parent_of(*pid) == Some(parent)).filter_map(|pid| Some((pid, role_of(pid)?))).collect()
}

/// Whether a process is there and has not ended. One whose first thread has ended holds its sockets until the last has.
pub(crate) fn is_alive(pid: u32) -> bool {
    let threads = || fs::read_dir(format!("/proc/{pid}/task")).map_or(0, Iterator::count);
    state_of(pid).is_some_and(|state| state != 'Z' || threads() > 1)
}

/// Whether a process is `candor serve`.
pub(crate) fn is_supervisor(pid: u32) -> bool {
    let line = fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let mut words = line.split('\0');
    words.next().is_some_and(|program| program.contains("candor")) && words.any(|word| word == "serve")
}

pub(crate) fn kill(pid: u32, signal: Signal) {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw).expect("a process id");
    // It may have ended by itself a moment ago.
    let _ = kill_process(pid, signal);
}

fn parent_of(pid: u32) -> Option<u32> {
    after_name(pid)?.split(' ').nth(1)?.parse().ok()
}

fn state_of(pid: u32) -> Option<char> {
    after_name(pid)?.chars().next()
}

/// What `/proc/PID/stat` says after the name, which may hold anything.
fn after_name(pid: u32) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    Some(stat.rsplit_once(") ")?.1.to_owned())
}

/// The last word of its command line: `candor process edge`.
fn role_of(pid: u32) -> Option<String> {
    let line = fs::read_to_string(format!("/proc/{pid}/cmdline")).ok()?;
    line.trim_end_matches('\0').rsplit('\0').next().map(str::to_owned)
}
