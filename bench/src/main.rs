//! The benchmark's own tools: they make the traffic and send it. What is measured and how it is judged is in
//! `run.py`; nothing here knows a bar.

mod arguments;
mod bare;
mod csv;
mod fill;
mod gate;
mod keeper;
mod load;
mod random;
mod requests;
mod stored;
mod texts;
mod traffic;

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use arguments::Arguments;
use domain::{DAY_MS, Timestamp};
use load::Load;
use traffic::{Plan, Traffic};

const USAGE: &str = "usage:
  bench rows --seed N --start-day DAYS_SINCE_1970 --days N --visitors N,N,N [--daily-ids]
  bench fill --data DIR and what `rows` takes
  bench load --target ADDRESS --domain DOMAIN --connections N --variants FROM,TO --events N --first N
  bench bare --listen ADDRESS
  bench keeper --folder DIR --turns N --calls N
  bench gate --turns N
  bench stored --visits DIR --data DIR [--clear]";

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
        "fill" => fill(arguments),
        "load" => send(arguments),
        "bare" => bare::serve(arguments.number("listen")?).map_err(|fault| fault.to_string()),
        "keeper" => ask_keeper(arguments),
        "gate" => pass_gate(arguments),
        "stored" => store(arguments),
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

fn fill(arguments: &Arguments) -> Result<(), String> {
    let traffic = Traffic::new(plan(arguments)?);
    let written =
        fill::fill(arguments.text("data")?.as_ref(), &traffic).map_err(|fault| fault.to_string())?;
    println!("{written}");
    Ok(())
}

fn send(arguments: &Arguments) -> Result<(), String> {
    let load = Load {
        target: arguments.number("target")?,
        domain: arguments.text("domain")?.to_owned(),
        connections: arguments.number("connections")?,
        variants: arguments.range("variants")?,
        events: arguments.number("events")?,
        first: arguments.number("first")?,
    };
    let outcome = load.run().map_err(|fault| fault.to_string())?;
    println!("{}", serde_json::to_string(&outcome).map_err(|fault| fault.to_string())?);
    Ok(())
}

fn ask_keeper(arguments: &Arguments) -> Result<(), String> {
    let (turns, calls) = (arguments.number("turns")?, arguments.number("calls")?);
    let measured = keeper::measure(arguments.text("folder")?.as_ref(), turns, calls)?;
    println!("{}", serde_json::to_string(&measured).map_err(|fault| fault.to_string())?);
    Ok(())
}

fn pass_gate(arguments: &Arguments) -> Result<(), String> {
    let measured = gate::measure(arguments.number("turns")?)?;
    println!("{}", serde_json::to_string(&measured).map_err(|fault| fault.to_string())?);
    Ok(())
}

fn store(arguments: &Arguments) -> Result<(), String> {
    let (visits, data) = (arguments.text("visits")?, arguments.text("data")?);
    let kept = stored::measure(visits.as_ref(), data.as_ref(), arguments.has("clear"))
        .map_err(|fault| fault.to_string())?;
    println!("{}", serde_json::to_string(&kept).map_err(|fault| fault.to_string())?);
    Ok(())
}
