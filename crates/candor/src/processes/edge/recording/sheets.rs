//! Style sheets that pages of a site are shown under, kept once in memory, so that a recorder names them instead of sending them
//! again. What a name stands for is put in before the gate looks: it judges a sheet that was named as it judges one
//! that was sent. Nothing of it is written down, and what is not known any more costs a snapshot.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use base64ct::{Base64UrlUnpadded, Encoding};
use domain::SiteId;
use recordings::TabId;
use sha2::{Digest, Sha256};

/// A smaller one is always sent.
const BYTES_MIN: usize = 4_096;
/// What is kept of a site, and of all of them together.
const SHEETS_MAX: usize = 32;
const BYTES_MAX: usize = 16 << 20;
/// It is told of once so many recordings had it: what one visitor's pages alone are under is nobody else's business.
const RECORDINGS_MIN: usize = 3;
/// Bytes of a digest that make a name.
const NAME_BYTES: usize = 16;
/// What stands before a sheet; inside a string its quotes would be escaped. And what a name begins with, which no sheet does.
const KEY: &[u8] = b"\"_cssText\":\"";
const NAMED: &[u8] = b"@sheet ";

/// The sheets of all sites.
#[derive(Default)]
pub(super) struct Sheets(Mutex<Known>);

#[derive(Default)]
struct Known {
    of_sites: HashMap<SiteId, Vec<Sheet>>,
    bytes: usize,
    /// Grows with every use, so that the longest unused is known.
    turn: u64,
}

struct Sheet {
    name: String,
    /// As it stands in JSON.
    text: Arc<[u8]>,
    /// Some recordings that had it.
    tabs: Vec<TabId>,
    used: u64,
}

/// A chunk with its sheets in it.
pub(super) struct Whole<'a> {
    pub(super) body: Cow<'a, [u8]>,
    /// Whether one was named that is not known: a snapshot is wanted, with it.
    pub(super) lacks: bool,
}

impl Sheets {
    /// Puts in what is named; `None` where the chunk then has more than `most` bytes.
    pub(super) fn put_in<'a>(&self, site: SiteId, body: &'a [u8], most: usize) -> Option<Whole<'a>> {
        let (mut whole, mut lacks, mut done) = (Vec::new(), false, 0);
        for (from, text) in sheets(body) {
            let Some(name) = text.strip_prefix(NAMED) else { continue };
            let known = self.find(site, name);
            lacks |= known.is_none();
            whole.extend_from_slice(&body[done..from]);
            whole.extend_from_slice(known.as_deref().unwrap_or_default());
            if whole.len() > most {
                return None;
            }
            done = from + text.len();
        }
        if done == 0 {
            return Some(Whole { body: Cow::Borrowed(body), lacks });
        }
        whole.extend_from_slice(&body[done..]);
        (whole.len() <= most).then_some(Whole { body: Cow::Owned(whole), lacks })
    }

    /// Learns from a chunk that passed the gate.
    pub(super) fn learn(&self, site: SiteId, tab: TabId, body: &[u8]) {
        for (_, text) in sheets(body).filter(|(_, text)| text.len() >= BYTES_MIN) {
            let name = name_of(text);
            let mut known = self.lock();
            known.turn += 1;
            let used = known.turn;
            let of_site = known.of_sites.entry(site).or_default();
            if let Some(sheet) = of_site.iter_mut().find(|sheet| sheet.name == name) {
                sheet.used = used;
                if sheet.tabs.len() < RECORDINGS_MIN && !sheet.tabs.contains(&tab) {
                    sheet.tabs.push(tab);
                }
                continue;
            }
            of_site.push(Sheet { name, text: text.into(), tabs: vec![tab], used });
            known.bytes += text.len();
            known.keep_within_limits(site);
        }
    }

    /// The names of a site's sheets.
    pub(super) fn names(&self, site: SiteId) -> Vec<String> {
        let known = self.lock();
        let of_site = known.of_sites.get(&site).into_iter().flatten();
        of_site.filter(|sheet| sheet.is_common()).map(|sheet| sheet.name.clone()).collect()
    }

    fn find(&self, site: SiteId, name: &[u8]) -> Option<Arc<[u8]>> {
        let known = self.lock();
        let mut of_site = known.of_sites.get(&site)?.iter();
        of_site
            .find(|sheet| sheet.is_common() && sheet.name.as_bytes() == name)
            .map(|sheet| sheet.text.clone())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sheet {
    fn is_common(&self) -> bool {
        self.tabs.len() >= RECORDINGS_MIN
    }
}

impl Known {
    /// Lets go of the site's longest unused, then of anybody's.
    fn keep_within_limits(&mut self, site: SiteId) {
        if self.of_sites.get(&site).is_some_and(|sheets| sheets.len() > SHEETS_MAX) {
            self.let_go(site);
        }
        while self.bytes > BYTES_MAX {
            let oldest = |(site, sheets): (&SiteId, &Vec<Sheet>)| {
                Some((sheets.iter().map(|sheet| sheet.used).min()?, *site))
            };
            let Some((_, site)) = self.of_sites.iter().filter_map(oldest).min() else { return };
            self.let_go(site);
        }
    }

    fn let_go(&mut self, site: SiteId) {
        let Some(sheets) = self.of_sites.get_mut(&site) else { return };
        let Some((at, _)) = sheets.iter().enumerate().min_by_key(|(_, sheet)| sheet.used) else { return };
        self.bytes -= sheets.swap_remove(at).text.len();
    }
}

/// By its digest: who sends another sheet under the same name has broken SHA-256.
fn name_of(text: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(&Sha256::digest(text)[..NAME_BYTES])
}

/// The sheets in a chunk as they stand there, and where.
fn sheets(body: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let from = at + find(&body[at..], KEY)? + KEY.len();
        let mut end = from;
        while *body.get(end)? != b'"' {
            end += if body[end] == b'\\' { 2 } else { 1 };
        }
        at = end;
        Some((from, &body[from..end]))
    })
}

fn find(bytes: &[u8], mark: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, mark)
}

#[cfg(test)]
mod tests;
