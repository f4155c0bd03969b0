//! The texts of one column of one site in memory, each text once: what a run's codes stand for.
//!
//! It only grows while any run of the site is loaded, and is dropped with the last of them. When a visitor was erased, another
//! takes its place that lacks the texts which no run has any more.

use std::sync::{Arc, PoisonError, RwLock};

use rustc_hash::FxHashMap;

use crate::rows::Column;

/// The code of the empty text in every dictionary.
pub(crate) const EMPTY: u32 = 0;

/// The dictionaries of one site.
#[derive(Debug)]
pub(crate) struct Dictionaries([Dictionary; Column::ALL.len()]);

impl Dictionaries {
    /// One for each column, holding the empty text alone.
    pub(crate) fn new() -> Self {
        Self(std::array::from_fn(|_| Dictionary::new()))
    }

    /// The texts behind the codes of `column`.
    pub(crate) fn of(&self, column: Column) -> &Dictionary {
        &self.0[column as usize]
    }

    /// The same, in which of each column only those codes have texts that are `used`.
    pub(crate) fn keeping<'a>(&self, used: impl Fn(Column) -> &'a Vec<bool>) -> Self {
        Self(Column::ALL.map(|column| self.of(column).keeping(used(column))))
    }

    /// Bytes they occupy, for the cache's budget.
    pub(crate) fn bytes(&self) -> usize {
        self.0.iter().map(Dictionary::bytes).sum()
    }
}

/// The texts of one column. A text never changes its code, and a code its text, but that it may lose it for good.
#[derive(Debug)]
pub(crate) struct Dictionary(RwLock<Texts>);

#[derive(Debug)]
struct Texts {
    by_code: Vec<Arc<str>>,
    by_text: FxHashMap<Arc<str>, u32>,
    bytes: usize,
}

impl Dictionary {
    /// A dictionary that holds the empty text alone.
    pub(crate) fn new() -> Self {
        let empty: Arc<str> = Arc::from("");
        let by_text = std::iter::once((empty.clone(), EMPTY)).collect();
        Self(RwLock::new(Texts { by_code: vec![empty], by_text, bytes: 0 }))
    }

    /// The same, in which only those codes have texts that are `used`; no other code is used again.
    fn keeping(&self, used: &[bool]) -> Self {
        let kept = Self::new();
        let mut inner = kept.0.write().unwrap_or_else(PoisonError::into_inner);
        let before = self.0.read().unwrap_or_else(PoisonError::into_inner);
        for (code, text) in before.by_code.iter().enumerate().skip(1) {
            match used.get(code) {
                Some(true) => inner.add(text.clone()),
                _ => {
                    let empty = inner.by_code[EMPTY as usize].clone();
                    inner.by_code.push(empty);
                }
            }
        }
        drop(inner);
        kept
    }

    /// The codes of `texts`, in their order; texts not met before are added.
    pub(crate) fn intern(&self, texts: impl IntoIterator<Item = impl AsRef<str>>) -> Vec<u32> {
        let mut inner = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let mut last = EMPTY;
        let mut code = |text: &str| {
            // Neighbours are often equal, which is cheaper to see than to look up.
            if *inner.by_code[last as usize] != *text {
                last = inner.intern(text);
            }
            last
        };
        texts.into_iter().map(|text| code(text.as_ref())).collect()
    }

    /// The code of `text`, if any loaded row ever had it.
    pub(crate) fn find(&self, text: &str) -> Option<u32> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).by_text.get(text).copied()
    }

    /// The text behind `code`.
    pub(crate) fn text(&self, code: u32) -> Arc<str> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).by_code[code as usize].clone()
    }

    /// The texts behind `codes`, in their order.
    pub(crate) fn texts(&self, codes: &[u32]) -> Vec<Arc<str>> {
        let inner = self.0.read().unwrap_or_else(PoisonError::into_inner);
        codes.iter().map(|code| inner.by_code[*code as usize].clone()).collect()
    }

    /// How many codes are in use: every code is below it.
    pub(crate) fn len(&self) -> usize {
        self.0.read().unwrap_or_else(PoisonError::into_inner).by_code.len()
    }

    /// For each code in turn, what `judge` says of its text: how a filter becomes a set of codes.
    pub(crate) fn judge<T>(&self, judge: impl FnMut(&str) -> T) -> Vec<T> {
        let inner = self.0.read().unwrap_or_else(PoisonError::into_inner);
        inner.by_code.iter().map(AsRef::as_ref).map(judge).collect()
    }

    /// Bytes it occupies, for the cache's budget.
    pub(crate) fn bytes(&self) -> usize {
        self.0.read().unwrap_or_else(PoisonError::into_inner).bytes
    }
}

impl Texts {
    fn intern(&mut self, text: &str) -> u32 {
        if let Some(&code) = self.by_text.get(text) {
            return code;
        }
        let code = self.by_code.len() as u32;
        self.add(Arc::from(text));
        code
    }

    /// Gives a text that has none the next code.
    fn add(&mut self, text: Arc<str>) {
        let code = u32::try_from(self.by_code.len()).expect("fewer than 2^32 texts in a column");
        // The text and its two counters, two fat pointers to it, its code and the map's control byte.
        self.bytes += text.len() + 16 + 2 * 16 + 4 + 1;
        self.by_code.push(text.clone());
        self.by_text.insert(text, code);
    }
}
