//! The benchmark's own tools: they make the traffic and send it. What is measured and how it is judged is in
//! `run.py`; nothing here knows a bar.

mod arguments;
mod csv;
mod random;
mod texts;
mod traffic;

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use arguments::Arguments;
use domain::{DAY_MS, Timestamp};
use traffic::{Plan, Traffic};

const USAGE: &str = "usage: bench rows --seed N --start-day DAYS_SINCE_1970 --days N --visitors N,N,N [--daily-ids]";

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let command = words.next().unwrap_or_default();
    let done = Arguments::parse(words).and_then(|arguments| run(&command, &arguments));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("bench {command}: {fault}\n{USAGE}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: &str, arguments: &Arguments) -> Result<(), String> {
    match command {
        "rows" => write_rows(&Traffic::new(plan(arguments)?)).map_err(|fault| fault.to_string()),
        _ => Err("no such command".to_owned()),
    }
}

fn plan(arguments: &Arguments) -> Result<Plan, String> {
    Ok(Plan {
        seed: arguments.number("seed")?,
        start: Timestamp(arguments.number::<i64>("start-day")? * DAY_MS),
        days: arguments.number("days")?,
        visitors: arguments.numbers("visitors")?,
        daily_ids: arguments.has("daily-ids"),
    })
}

fn write_rows(traffic: &Traffic) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 20, io::stdout().lock());
    writeln!(out, "{}", csv::HEADER)?;
    for day in 0..traffic.days() {
        for row in traffic.day(day) {
            csv::write(&mut out, &row)?;
        }
    }
    out.flush()
}
