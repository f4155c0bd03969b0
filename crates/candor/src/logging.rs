//! The log: one calm line per thing worth telling, on standard error. It never holds a request's body, an
//! address of a visitor, or a token.

use std::fmt;
use std::io::IsTerminal;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::Clock;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::fmt::FmtContext;
use tracing_subscriber::fmt::format::{FormatEvent, FormatFields, Writer};
use tracing_subscriber::registry::LookupSpan;

use crate::outside::SystemClock;

/// Errors that were told since the process began.
static ERRORS: AtomicU64 = AtomicU64::new(0);

/// How many errors were told: `candor doctor` takes each for something that is wrong.
pub(crate) fn errors_told() -> u64 {
    ERRORS.load(Ordering::Relaxed)
}

/// An error's sentence with those of everything that caused it.
pub(crate) fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let sentence = error.to_string();
        // Some errors repeat their cause in their own sentence.
        if !text.contains(&sentence) {
            text.push_str(": ");
            text.push_str(&sentence);
        }
        cause = error.source();
    }
    text
}

/// How much is told where nobody said otherwise.
static LOUDEST: OnceLock<Level> = OnceLock::new();

/// What is told from now on goes up to `level`. Call it once, before anything begins to log.
pub(crate) fn tell_up_to(level: Level) {
    let _ = LOUDEST.set(level);
}

/// Begins logging in the name of `process`. Call it once, first thing.
pub(crate) fn begin(process: &'static str) {
    // The message of a panic may hold what a client sent; where it happened cannot.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
        tracing::error!("there is a bug at {place}; what was being done there was given up");
    }));
    tracing_subscriber::fmt()
        .with_max_level(LOUDEST.get().copied().unwrap_or(Level::INFO))
        // The only escapes are our own: the library brings its colours, and a crate for them, or refuses to.
        .with_ansi(false)
        .with_writer(std::io::stderr)
        .event_format(Line { process, on_terminal: std::io::stderr().is_terminal() })
        .init();
}

/// `2026-11-22 14:02:11  edge        warning  the journal cannot be written: …`
struct Line {
    process: &'static str,
    on_terminal: bool,
}

impl<S, N> FormatEvent<S, N> for Line
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let level = match *event.metadata().level() {
            Level::ERROR => {
                ERRORS.fetch_add(1, Ordering::Relaxed);
                "error    "
            }
            Level::WARN => "warning  ",
            _ => "",
        };
        let time = SystemClock.now().to_string();
        let (date, clock) = time.split_once('T').unwrap_or((&time, ""));
        let clock = clock.get(..8).unwrap_or(clock);
        let (dim, plain) = if self.on_terminal { ("\x1b[2m", "\x1b[0m") } else { ("", "") };
        write!(writer, "{dim}{date} {clock}  {:<10}{plain}  {level}", self.process)?;
        context.field_format().format_fields(writer.by_ref(), event)?;
        writeln!(writer)
    }
}
