//! Sizes, openings and names of source files, and what must never stand in a tracked file.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

/// Lines of a Rust file without its tests.
const RUST_LINES_MAX: usize = 600;
/// Lines of a TypeScript file.
const TYPESCRIPT_LINES_MAX: usize = 300;
/// Longer files, each with the reason for which it may be.
const LONG_FOR_A_REASON: &[(&str, &str)] = &[("web/api-client/schema.ts", "generated")];
/// Names that say nothing about what a file holds.
const EMPTY_NAMES: &[&str] = &["utils", "util", "common", "manager", "helpers", "helper", "misc", "mod"];
/// A lock file that names hosts ties the project to one registry's address.
const LOCK_WITH_HOSTS: &str = "\"resolved\": \"http";

pub(crate) fn breaches(root: &Path) -> Result<Vec<String>> {
    let listing =
        Command::new("git").args(["ls-files"]).current_dir(root).output().context("git ls-files")?;
    let mut breaches = Vec::new();
    for path in String::from_utf8(listing.stdout)?.lines() {
        if let Ok(text) = std::fs::read_to_string(root.join(path)) {
            breaches.extend(breaches_in(path, &text).into_iter().map(|breach| format!("{path}: {breach}")));
        }
    }
    Ok(breaches)
}

fn breaches_in(path: &str, text: &str) -> Vec<String> {
    let mut breaches = Vec::new();
    let stem = Path::new(path).file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let is_test = path.contains("/tests/") || stem == "tests" || path.contains(".test.");
    let may_be_long = is_test || LONG_FOR_A_REASON.iter().any(|&(long, _)| long == path);
    let is_rust = Path::new(path).extension().is_some_and(|extension| extension == "rs");
    let is_typescript =
        Path::new(path).extension().is_some_and(|extension| extension == "ts" || extension == "tsx");
    if is_rust {
        let lines = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default().lines().count();
        if lines > RUST_LINES_MAX && !may_be_long {
            breaches.push(format!("{lines} lines without tests, more than {RUST_LINES_MAX}"));
        }
        if !text.starts_with("//!") && !is_test {
            breaches.push("does not open with a module doc".to_owned());
        }
    }
    if is_typescript && !may_be_long && text.lines().count() > TYPESCRIPT_LINES_MAX {
        breaches.push(format!("{} lines, more than {TYPESCRIPT_LINES_MAX}", text.lines().count()));
    }
    if (is_rust || is_typescript) && EMPTY_NAMES.contains(&stem) {
        breaches.push("a file is named for the one idea it holds".to_owned());
    }
    if path.ends_with("package-lock.json") && text.contains(LOCK_WITH_HOSTS) {
        breaches.push("names a registry's host".to_owned());
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_at_the_limit_passes_and_one_line_more_does_not() {
        let file = |lines: usize| format!("//! Doc.\n{}", "x\n".repeat(lines - 1));
        assert_eq!(breaches_in("crates/x/src/a.rs", &file(RUST_LINES_MAX)), Vec::<String>::new());
        assert_eq!(breaches_in("crates/x/src/a.rs", &file(RUST_LINES_MAX + 1)).len(), 1);
    }

    #[test]
    fn tests_at_the_end_of_a_file_do_not_count() {
        let text = format!("//! Doc.\n#[cfg(test)]\nmod tests {{\n{}}}\n", "x\n".repeat(RUST_LINES_MAX));
        assert_eq!(breaches_in("crates/x/src/a.rs", &text), Vec::<String>::new());
    }

    #[test]
    fn an_empty_name_a_missing_doc_and_a_host_in_a_lock_file_are_breaches() {
        assert_eq!(breaches_in("crates/x/src/utils.rs", "//! Doc.\n").len(), 1);
        assert_eq!(breaches_in("crates/x/src/a.rs", "fn a() {}\n").len(), 1);
        assert_eq!(breaches_in("web/package-lock.json", "\"resolved\": \"https://x\"").len(), 1);
    }
}
