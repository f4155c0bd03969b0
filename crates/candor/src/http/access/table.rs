//! The same as tables, for programs that calculate. Such a program takes a cell that begins with certain signs for a formula, and
//! what is in a cell a visitor may have written: so such a cell begins with an apostrophe here (OWASP, "CSV Injection"). Which sign
//! parts cells the reader's program decides, not this one, so whatever could be the beginning of a cell is guarded as one.

use std::io::{self, Write};

use control::ConsentRow;
use csv::{Terminator, Writer, WriterBuilder};
use domain::{Event, VisitorId};
use serde_json::Value;

use crate::http::consents::Consent;
use crate::http::export::line;

/// By what a formula begins, in one program or another.
const FORMULA_SIGNS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// What parts cells in one program or another, besides the comma, for which cells are quoted here: where another sign does, the
/// quotes around a cell stand in the midst of one, and hold nothing together.
const SEPARATORS: [char; 4] = [';', '\t', '\r', '\n'];

/// What may stand before a formula at the beginning of a cell: quotes are taken off, and spaces may be.
const BEFORE_A_FORMULA: [char; 2] = ['"', ' '];

/// The columns of events, under the names of the public API. Money takes two.
const OF_EVENTS: [&str; 32] = [
    "visitor",
    "counted_as",
    "id",
    "timestamp",
    "name",
    "hostname",
    "page",
    "props",
    "revenue_amount",
    "revenue_currency",
    "interactive",
    "scroll_depth",
    "engaged_ms",
    "referrer",
    "source",
    "channel",
    "utm_medium",
    "utm_source",
    "utm_campaign",
    "utm_content",
    "utm_term",
    "country",
    "region",
    "city",
    "browser",
    "browser_version",
    "os",
    "os_version",
    "device",
    "screen",
    "language",
    "set_aside",
];

const OF_CONSENTS: [&str; 7] =
    ["receipt", "visitor", "purposes", "version", "given_at", "way", "withdrawn_at"];

/// A table of events, as it is written.
pub(super) struct Events<W: Write>(Writer<W>);

impl<W: Write> Events<W> {
    pub(super) fn begin(to: W) -> io::Result<Self> {
        let mut table = table(to);
        table.write_record(OF_EVENTS)?;
        Ok(Self(table))
    }

    pub(super) fn add(&mut self, event: &Event, counted_as: Option<VisitorId>) -> io::Result<()> {
        let line = line::value_of(event, counted_as);
        let cell = |column: &str| match column.strip_prefix("revenue_") {
            Some(part) => cell(&line["revenue"][part]),
            None => cell(&line[column]),
        };
        Ok(self.0.write_record(OF_EVENTS.map(cell))?)
    }

    pub(super) fn end(mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Writes the table of these consents.
pub(super) fn consents<'a>(to: impl Write, rows: impl Iterator<Item = &'a ConsentRow>) -> io::Result<()> {
    let mut table = table(to);
    table.write_record(OF_CONSENTS)?;
    for row in rows {
        let consent = serde_json::to_value(Consent::of(row.clone()))?;
        let purposes = Value::from(row.purposes.join(" "));
        let cell = |column: &str| if column == "purposes" { cell(&purposes) } else { cell(&consent[column]) };
        table.write_record(OF_CONSENTS.map(cell))?;
    }
    table.flush()
}

/// As RFC 4180 has it.
fn table<W: Write>(to: W) -> Writer<W> {
    WriterBuilder::new().terminator(Terminator::CRLF).from_writer(to)
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        // A number is no formula.
        Value::String(text) if text.parse::<f64>().is_ok_and(f64::is_finite) => text.clone(),
        Value::String(text) => guarded(text),
        Value::Number(number) => number.to_string(),
        Value::Object(members) if members.is_empty() => String::new(),
        // In JSON a separator stands within a text alone, so that it stays JSON.
        other => guarded(&other.to_string()),
    }
}

/// The same with an apostrophe before every formula that could be at the beginning of a cell.
fn guarded(text: &str) -> String {
    let mut guarded = String::with_capacity(text.len() + 1);
    let mut begins = true;
    for (at, sign) in text.char_indices() {
        if begins && text[at..].trim_start_matches(BEFORE_A_FORMULA).starts_with(FORMULA_SIGNS) {
            guarded.push('\'');
        }
        guarded.push(sign);
        begins = SEPARATORS.contains(&sign);
    }
    guarded
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use domain::{Campaign, Location, Referral, Software, Text, Timestamp};

    use super::*;

    #[test]
    fn a_cell_that_a_program_would_calculate_begins_with_an_apostrophe_and_no_other_does() {
        let said = |text: &str| cell(&Value::from(text));
        for formula in [
            "=1+1",
            "+cmd|' /C calc'!A0",
            "-1+1",
            "@SUM(1)",
            "\tx",
            "\rx",
            "\nx",
            "＝1+1",
            "＋1",
            "－x",
            "＠x",
        ] {
            assert_eq!(said(formula), format!("'{formula}"));
        }
        for text in ["", "a=b", "-9.99", "+4", "1e5", "12:30", "'=1", "\"a\" = b", "a;b = c", "a; ", "a, =b"]
        {
            assert_eq!(said(text), text);
        }
        assert_eq!(said("-inf"), "'-inf");
    }

    #[test]
    fn whatever_a_program_takes_for_a_separator_no_formula_begins_behind_it_in_json_neither() {
        let said = |text: &str| cell(&Value::from(text));
        for (text, given) in [
            ("/x;=1+1;", "/x;'=1+1;"),
            ("/x;;@y;-1", "/x;;'@y;'-1"),
            ("/x; =1", "/x;' =1"),
            ("/x;\"=1\"", "/x;'\"=1\""),
            ("\"=1\"", "'\"=1\""),
            ("a\t+1", "a\t'+1"),
            ("a\r\n=1", "a\r'\n'=1"),
            (";＝1", ";'＝1"),
        ] {
            assert_eq!(said(text), given);
        }
        let properties = serde_json::json!({ "a;": -5, "sum": "x;=1+1", "b;=c": "=1", "d\t=": "\n=1" });
        let given = cell(&properties);
        assert!(given.contains("x;'=1+1") && given.contains("b;'=c"), "{given}");
        serde_json::from_str::<Value>(&given).expect("it is JSON still");
    }

    #[test]
    fn every_name_of_an_event_is_a_column() {
        let columns: BTreeSet<&str> = OF_EVENTS
            .into_iter()
            .map(|column| if column.starts_with("revenue_") { "revenue" } else { column })
            .collect();
        let event = Event {
            visitor: VisitorId::from_u128(1),
            id: None,
            at: Timestamp(0),
            name: Text::default(),
            hostname: Text::default(),
            path: Text::default(),
            referral: Referral::default(),
            campaign: Campaign::default(),
            location: Location::default(),
            software: Software::default(),
            interactive: true,
            scroll_depth: None,
            engaged_ms: None,
            properties: Vec::new(),
            revenue: None,
            suspicion: None,
        };
        let names = line::value_of(&event, None);
        assert_eq!(names.as_object().unwrap().keys().map(String::as_str).collect::<BTreeSet<_>>(), columns);
    }
}
