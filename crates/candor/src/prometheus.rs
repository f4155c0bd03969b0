//! Numbers for Prometheus: counters that cost an addition, and the text format that shows them.
//!
//! Labels come from fixed sets of words, never from what a client sent.

use std::fmt::Write;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// A number that is added to.
#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn add(&self, count: u64) {
        self.0.fetch_add(count, Ordering::Relaxed);
    }

    pub(crate) fn subtract(&self, count: u64) {
        self.0.fetch_sub(count, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Numbers by a word. For what is rare: it takes a lock.
#[derive(Debug, Default)]
pub(crate) struct Labelled(Mutex<Vec<(&'static str, u64)>>);

impl Labelled {
    pub(crate) fn add(&self, word: &'static str) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match counts.iter_mut().find(|(known, _)| *known == word) {
            Some((_, count)) => *count += 1,
            None => counts.push((word, 1)),
        }
    }

    fn counts(&self) -> Vec<(&'static str, u64)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Upper bounds of a histogram's buckets, in microseconds.
const BOUNDS_US: [u64; 12] =
    [100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 500_000, 2_000_000];

/// How long things took.
#[derive(Debug, Default)]
pub(crate) struct Histogram {
    buckets: [AtomicU64; BOUNDS_US.len() + 1],
    sum_us: AtomicU64,
}

impl Histogram {
    pub(crate) fn observe(&self, span: Duration) {
        let us = u64::try_from(span.as_micros()).unwrap_or(u64::MAX);
        let bucket = BOUNDS_US.partition_point(|bound| *bound < us);
        self.buckets[bucket].fetch_add(1, Ordering::Relaxed);
        self.sum_us.fetch_add(us, Ordering::Relaxed);
    }
}

/// A page of metrics in the making.
#[derive(Default)]
pub(crate) struct Page(String);

impl Page {
    pub(crate) fn counter(&mut self, name: &str, help: &str, counter: &Counter) {
        self.total(name, help, counter.get());
    }

    /// A number that only grows and is counted elsewhere.
    pub(crate) fn total(&mut self, name: &str, help: &str, value: u64) {
        self.head(name, help, "counter");
        self.line(&format!("{name} {value}"));
    }

    pub(crate) fn gauge(&mut self, name: &str, help: &str, value: u64) {
        self.head(name, help, "gauge");
        self.line(&format!("{name} {value}"));
    }

    pub(crate) fn gauges(&mut self, name: &str, help: &str, label: &str, values: &[(&str, u64)]) {
        self.head(name, help, "gauge");
        for (word, value) in values {
            self.line(&format!("{name}{{{label}=\"{word}\"}} {value}"));
        }
    }

    pub(crate) fn labelled(&mut self, name: &str, help: &str, label: &str, counts: &Labelled) {
        self.head(name, help, "counter");
        for (word, count) in counts.counts() {
            self.line(&format!("{name}{{{label}=\"{word}\"}} {count}"));
        }
    }

    pub(crate) fn histogram(&mut self, name: &str, help: &str, histogram: &Histogram) {
        self.head(name, help, "histogram");
        let mut count = 0;
        for (bound, bucket) in BOUNDS_US.iter().zip(&histogram.buckets) {
            count += bucket.load(Ordering::Relaxed);
            let seconds = Duration::from_micros(*bound).as_secs_f64();
            self.line(&format!("{name}_bucket{{le=\"{seconds}\"}} {count}"));
        }
        count += histogram.buckets[BOUNDS_US.len()].load(Ordering::Relaxed);
        let sum = Duration::from_micros(histogram.sum_us.load(Ordering::Relaxed)).as_secs_f64();
        self.line(&format!("{name}_bucket{{le=\"+Inf\"}} {count}"));
        self.line(&format!("{name}_sum {sum}"));
        self.line(&format!("{name}_count {count}"));
    }

    pub(crate) fn into_text(self) -> String {
        self.0
    }

    fn head(&mut self, name: &str, help: &str, kind: &str) {
        self.line(&format!("# HELP {name} {help}\n# TYPE {name} {kind}"));
    }

    fn line(&mut self, text: &str) {
        writeln!(self.0, "{text}").expect("text takes text");
    }
}
