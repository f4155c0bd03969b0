//! Step 5, check the scheme: what has no host is no page of a site (`data:`, `file:`, `blob:`, `about:`, …).
//!
//! Apps name their screens in schemes of their own (`app://localhost/start`), so any scheme with a host is
//! measured. A bare path is measured too; its host is shown as `(none)`.

use domain::Refusal;

use crate::wire::Address;

/// Schemes that are measured nowhere, host or not: they show a file of the visitor's or the browser's own.
const NEVER: [&str; 6] = ["data", "file", "blob", "javascript", "about", "view-source"];

pub(crate) fn check(page: &Address<'_>) -> Result<(), Refusal> {
    let hostless = !page.scheme.is_empty() && page.host.is_empty();
    if hostless || NEVER.contains(&&*page.scheme) { Err(Refusal::Scheme) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
