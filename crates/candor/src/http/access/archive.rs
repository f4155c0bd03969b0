//! The ZIP itself, file by file, as it goes out. No more of it is in memory than an event, or a stretch of a recording, and the
//! list of its files.

use std::io::{self, Write};
use std::ops::ControlFlow;

use domain::{Event, Timestamp, VisitorId};
use serde::Serialize;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::outlet::{Outlet, Stopped, Valve};
use super::{readme, table};
use crate::http::consents::Consent;
use crate::http::export::line;
use crate::http::recordings::shapes::{Recording, RecordingIndex};
use crate::http::visitors::attributes_of;
use crate::processes::app::access::{Access, AccessError, OfId};

/// Who the visitor is.
#[derive(Serialize)]
struct WhoItIs<'a> {
    site: &'a str,
    /// Who was asked for.
    visitor: String,
    taken_at: String,
    restricted: bool,
    withdrawn: bool,
    objected: bool,
    ids: Vec<Id>,
}

/// One id, and what is known by it.
#[derive(Serialize)]
struct Id {
    visitor: String,
    /// As whose it is counted, where that is another.
    leads_to: Option<String>,
    /// What the site calls them.
    id: Option<String>,
    attributes: Vec<crate::http::visitors::Attribute>,
}

/// Packs everything into `outlet`, which stays shut after what failed.
pub(super) fn pack<F: Fn() -> bool>(
    access: &Access,
    outlet: Outlet<'_, AccessError, F>,
    valve: &Valve,
) -> Result<(), AccessError> {
    let mut packer = Packer { zip: ZipWriter::new_stream(outlet), options: options(access.at) };
    let packed = packer.pack(access);
    if packed.is_err() {
        valve.shut(Stopped::Failed);
    }
    packed?;
    let outlet = packer.zip.finish().map_err(io::Error::from)?;
    Ok(outlet.into_inner().finish()?)
}

/// Every file may be larger than what a ZIP once could hold: how large it becomes is not known before.
fn options(at: Timestamp) -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .large_file(true)
        .last_modified_time(moment(at))
}

/// The moment as a ZIP has it, in UTC; the first that it can have where it cannot have this one.
fn moment(at: Timestamp) -> DateTime {
    let text = at.to_string();
    let number = |from: usize, to: usize| text.get(from..to).and_then(|part| part.parse::<u16>().ok());
    let parts = [(0, 4), (5, 7), (8, 10), (11, 13), (14, 16), (17, 19)].map(|(from, to)| number(from, to));
    let [Some(year), rest @ ..] = parts else { return DateTime::default() };
    let [month, day, hour, minute, second] = rest.map(|part| part.unwrap_or_default() as u8);
    DateTime::from_date_and_time(year, month, day, hour, minute, second).unwrap_or_default()
}

struct Packer<W: Write> {
    zip: ZipWriter<StreamWriter<W>>,
    options: SimpleFileOptions,
}

impl<W: Write> Packer<W> {
    fn pack(&mut self, access: &Access) -> Result<(), AccessError> {
        self.begin("README.txt")?;
        self.zip.write_all(readme::of(access).as_bytes())?;
        self.begin("visitor.json")?;
        self.json(&who_it_is(access))?;
        self.consents(access)?;
        self.events(access)?;
        self.recordings(access)
    }

    fn begin(&mut self, name: &str) -> io::Result<()> {
        Ok(self.zip.start_file(name, self.options)?)
    }

    fn json(&mut self, value: &impl Serialize) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut self.zip, value)?;
        self.zip.write_all(b"\n")
    }

    fn consents(&mut self, access: &Access) -> io::Result<()> {
        let rows = || access.ids.iter().flat_map(|id| &id.consents);
        self.begin("consents.json")?;
        self.json(&rows().cloned().map(Consent::of).collect::<Vec<_>>())?;
        self.begin("consents.csv")?;
        table::consents(&mut self.zip, rows())
    }

    fn events(&mut self, access: &Access) -> Result<(), AccessError> {
        let whose = access.ids.iter().find(|id| id.leads_to.is_none()).map(|id| id.visitor);
        self.begin("events.json")?;
        let (zip, mut lines) = (&mut self.zip, Lines::default());
        each_event(access, whose, &mut |event, counted_as| {
            lines.next(zip, |line| line::write_line(line, event, counted_as))
        })?;
        lines.end(zip)?;
        self.begin("events.csv")?;
        let mut rows = table::Events::begin(&mut self.zip)?;
        each_event(access, whose, &mut |event, counted_as| rows.add(event, counted_as))?;
        Ok(rows.end()?)
    }

    fn recordings(&mut self, access: &Access) -> Result<(), AccessError> {
        let mut given: Vec<Recording> = Vec::new();
        for row in &access.recordings {
            let Some((row, index, scenes)) = access.shelf.open(row.id)? else { continue };
            self.begin(&format!("recordings/{:016x}.json", row.id))?;
            let told =
                serde_json::to_string(&RecordingIndex::of(row.clone(), index)).map_err(io::Error::from)?;
            let told = told.strip_suffix('}').unwrap_or(&told);
            self.zip.write_all(format!("{told},\"events\":").as_bytes())?;
            let (zip, mut lines, mut written) = (&mut self.zip, Lines::default(), Ok(()));
            scenes.give(&mut |events| {
                let each = |line: &[u8]| lines.next(zip, |text| text.extend_from_slice(line));
                written =
                    events.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).try_for_each(each);
                written.is_ok()
            })?;
            written?;
            lines.end(zip)?;
            self.zip.write_all(b"}\n")?;
            given.push(Recording::of(row));
        }
        self.begin("recordings.json")?;
        Ok(self.json(&given)?)
    }
}

/// A list in JSON, each member on a line of its own.
#[derive(Default)]
struct Lines {
    line: Vec<u8>,
    has_some: bool,
}

impl Lines {
    fn next(&mut self, to: &mut impl Write, write: impl FnOnce(&mut Vec<u8>)) -> io::Result<()> {
        self.line.clear();
        self.line.extend_from_slice(if self.has_some { b",\n" } else { b"[\n" });
        self.has_some = true;
        write(&mut self.line);
        to.write_all(self.line.trim_ascii_end())
    }

    fn end(self, to: &mut impl Write) -> io::Result<()> {
        to.write_all(if self.has_some { b"\n]\n" } else { b"[]\n" })
    }
}

/// Calls `write` with every event, and as whose it is counted where that is another's.
fn each_event(
    access: &Access,
    whose: Option<VisitorId>,
    write: &mut dyn FnMut(&Event, Option<VisitorId>) -> io::Result<()>,
) -> Result<(), AccessError> {
    let mut written = Ok(());
    let given = access.events.give(&mut |event| {
        written = write(&event, whose.filter(|whose| *whose != event.visitor));
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    written?;
    given?;
    Ok(())
}

fn who_it_is(access: &Access) -> WhoItIs<'_> {
    let id = |id: &OfId| {
        let (called, attributes) = attributes_of(&id.attributes);
        let leads_to = id.leads_to.map(|to| to.to_string());
        Id { visitor: id.visitor.to_string(), leads_to, id: called, attributes }
    };
    WhoItIs {
        site: &access.domain,
        visitor: access.visitor.to_string(),
        taken_at: access.at.to_string(),
        restricted: access.restricted,
        withdrawn: access.withdrawn,
        objected: access.objected,
        ids: access.ids.iter().map(id).collect(),
    }
}
