//! Domains that send visits only to be seen in somebody's report.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

static LIST: &str = include_str!("../../lists/referrer-spam.txt");
static DOMAINS: LazyLock<FxHashSet<&'static str>> = LazyLock::new(|| {
    LIST.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
});

/// Whether `domain` itself is on the list.
pub(crate) fn contains(domain: &str) -> bool {
    DOMAINS.contains(domain)
}
