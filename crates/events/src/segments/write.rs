//! A run becomes the bytes of a segment file.

use std::sync::Arc;

use parquet::data_type::{ByteArray, ByteArrayType, Int32Type, Int64Type};
use parquet::errors::Result;
use parquet::file::metadata::KeyValue;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};

use super::layout::{
    BASE_KEY, CHECKSUMS_KEY, CONSTANT_KEY, FORMAT, FORMAT_KEY, Leaf, Table, column_name, is_attribute,
    properties, schema,
};
use super::stays::Stays;
use crate::dictionary::Dictionaries;
use crate::rows::{Codes, Column, Run};

/// A segment file that is not on disk yet.
pub(crate) struct Encoded {
    pub(crate) bytes: Vec<u8>,
    /// The CRC-32 of the footer, which in turn holds those of everything before it.
    pub(crate) footer: u32,
    /// Bytes of all texts, which is what they take in memory.
    pub(crate) text_bytes: u64,
}

/// Encodes `run`, which has every column, with its texts.
pub(crate) fn encode(run: &Run, texts: &Dictionaries) -> Encoded {
    let columns =
        run.columns.iter().map(|(column, codes)| Local::new(*column, codes.clone(), texts)).collect();
    let source = Source { run, stays: Stays::cut(run), columns };
    // Parquet fails only where its sink does, and memory does not.
    source.write().expect("memory takes every segment")
}

/// One column with codes of its own, in order of frequency.
struct Local {
    column: Column,
    codes: Arc<Codes>,
    /// The file's code for each of the dictionary's; empty for numbers.
    of_code: Vec<u32>,
    texts: Vec<Arc<str>>,
}

impl Local {
    fn new(column: Column, codes: Arc<Codes>, dictionaries: &Dictionaries) -> Self {
        if column.is_number() {
            return Self { column, codes, of_code: vec![], texts: vec![] };
        }
        let dictionary = dictionaries.of(column);
        let mut counts = vec![0_u32; dictionary.len()];
        match &*codes {
            Codes::Constant(code) => counts[*code as usize] = 1,
            Codes::U8(codes) => codes.iter().for_each(|code| counts[*code as usize] += 1),
            Codes::U16(codes) => codes.iter().for_each(|code| counts[*code as usize] += 1),
            Codes::U32(codes) => codes.iter().for_each(|code| counts[*code as usize] += 1),
        }
        let mut by_frequency: Vec<u32> =
            (0..counts.len() as u32).filter(|code| counts[*code as usize] > 0).collect();
        by_frequency.sort_by_key(|code| std::cmp::Reverse(counts[*code as usize]));
        let mut of_code = vec![0; counts.len()];
        for (local, code) in (0..).zip(&by_frequency) {
            of_code[*code as usize] = local;
        }
        Self { column, codes, of_code, texts: dictionary.texts(&by_frequency) }
    }

    fn is_constant(&self) -> bool {
        matches!(*self.codes, Codes::Constant(_))
    }

    fn at(&self, row: usize) -> i32 {
        let code = self.codes.at(row);
        self.of_code.get(code as usize).copied().unwrap_or(code) as i32
    }

    fn leaves(&self) -> impl Iterator<Item = Leaf> {
        let empty = self.texts.iter().all(|text| text.is_empty());
        let text = (!empty).then_some(Leaf::Text(self.column));
        text.into_iter().chain((!self.is_constant()).then_some(Leaf::Code(self.column)))
    }
}

/// The values of one column in one table: those that are not null, and which rows they stand in.
struct Cells {
    values: Values,
    place: Place,
}

enum Values {
    Narrow(Vec<i32>),
    Wide(Vec<i64>),
    Texts(Vec<ByteArray>),
}

enum Place {
    /// From the first row on, one after another; null from there to the table's end.
    Front,
    /// Where a one stands, a row each.
    Rows(Vec<i16>),
}

struct Source<'a> {
    run: &'a Run,
    stays: Stays,
    columns: Vec<Local>,
}

impl Source<'_> {
    fn write(&self) -> Result<Encoded> {
        let mut leaves: Vec<Leaf> = Leaf::SPINE.to_vec();
        if !self.run.spine.ids.is_empty() {
            leaves.extend([Leaf::IdHigh, Leaf::IdLow]);
        }
        leaves.extend(self.columns.iter().flat_map(Local::leaves));
        let mut file = SerializedFileWriter::new(Vec::new(), schema(&leaves), properties(&leaves))?;
        for table in Table::ALL {
            let rows = self.rows(table);
            let mut group = file.next_row_group()?;
            for leaf in &leaves {
                let column = group.next_column()?.expect("a column for each leaf of the schema");
                write_cells(column, self.cells(table, *leaf), *leaf, rows)?;
            }
            group.close()?;
        }
        file.flush()?;
        let chunks = file.flushed_row_groups().iter().flat_map(|group| group.columns());
        let checksums: String = chunks
            .map(|chunk| {
                let (start, length) = chunk.byte_range();
                format!("{:08x}", crc32fast::hash(&file.inner()[start as usize..(start + length) as usize]))
            })
            .collect();
        self.describe(checksums).into_iter().for_each(|pair| file.append_key_value_metadata(pair));
        let data_end = file.bytes_written();
        let bytes = file.into_inner()?;
        Ok(Encoded {
            footer: crc32fast::hash(&bytes[data_end..]),
            bytes,
            text_bytes: self
                .columns
                .iter()
                .flat_map(|column| &column.texts)
                .map(|text| text.len() as u64)
                .sum(),
        })
    }

    fn describe(&self, checksums: String) -> Vec<KeyValue> {
        let pair = |key: &str, value: String| KeyValue::new(key.to_owned(), value);
        let mut pairs = vec![
            pair(FORMAT_KEY, FORMAT.to_string()),
            pair(BASE_KEY, self.run.spine.base.0.to_string()),
            pair(CHECKSUMS_KEY, checksums),
        ];
        for column in self.columns.iter().filter(|column| column.column.is_number() && column.is_constant()) {
            pairs.push(pair(
                &format!("{CONSTANT_KEY}{}", column_name(column.column)),
                column.codes.at(0).to_string(),
            ));
        }
        pairs
    }

    fn rows(&self, table: Table) -> usize {
        match table {
            Table::Texts => self.columns.iter().map(|column| column.texts.len()).max().unwrap_or_default(),
            Table::Visitors => self.run.spine.visitors.len(),
            Table::Stays => self.stays.count(),
            Table::Events => self.run.spine.rows(),
        }
    }

    /// The cells of `leaf` in `table`; `None` where it has no part in it.
    fn cells(&self, table: Table, leaf: Leaf) -> Option<Cells> {
        let spine = &self.run.spine;
        let column = |column| self.columns.iter().find(|local| local.column == column);
        let values = match (table, leaf) {
            (Table::Texts, Leaf::Text(of)) => Values::Texts(
                column(of)?.texts.iter().map(|text| ByteArray::from(text.as_bytes().to_vec())).collect(),
            ),
            (Table::Visitors, Leaf::VisitorHigh) => {
                Values::Wide(spine.visitors.iter().map(|visitor| (visitor.0 >> 64) as i64).collect())
            }
            (Table::Visitors, Leaf::VisitorLow) => {
                Values::Wide(spine.visitors.iter().map(|visitor| visitor.0 as i64).collect())
            }
            (Table::Visitors, Leaf::VisitorStays) => lengths(&self.stays.of_visitor),
            (Table::Visitors, Leaf::Code(of)) if is_attribute(of) => {
                let column = column(of)?;
                let first_row = |stay: &u32| self.stays.starts[*stay as usize] as usize;
                let firsts = &self.stays.of_visitor[..spine.visitors.len()];
                Values::Narrow(firsts.iter().map(|stay| column.at(first_row(stay))).collect())
            }
            (Table::Stays, Leaf::StaySince) => self.stay_gaps(),
            (Table::Stays, Leaf::StayRows) => lengths(&self.stays.starts),
            (Table::Stays, Leaf::Code(of)) if is_attribute(of) => return Some(self.changes(column(of)?)),
            (Table::Events, Leaf::EventSince) => self.event_gaps(),
            (Table::Events, Leaf::IdHigh) => return Some(self.ids(|id| (id >> 64) as i64)),
            (Table::Events, Leaf::IdLow) => return Some(self.ids(|id| id as i64)),
            (Table::Events, Leaf::Code(of)) if !is_attribute(of) => {
                let column = column(of)?;
                Values::Narrow((0..spine.rows()).map(|row| column.at(row)).collect())
            }
            _ => return None,
        };
        Some(Cells { values, place: Place::Front })
    }

    /// The values of an attribute in the stays that differ from the visitor's stay before.
    fn changes(&self, column: &Local) -> Cells {
        let mut values = Vec::new();
        let mut present = vec![0; self.stays.count()];
        for stays in self.stays.of_visitor.windows(2) {
            let mut before = column.at(self.stays.starts[stays[0] as usize] as usize);
            let later = stays[0] as usize + 1..stays[1] as usize;
            for (present, start) in present[later.clone()].iter_mut().zip(&self.stays.starts[later]) {
                let now = column.at(*start as usize);
                if now != before {
                    *present = 1;
                    values.push(now);
                    before = now;
                }
            }
        }
        Cells { values: Values::Narrow(values), place: Place::Rows(present) }
    }

    /// One half of each id, in the rows that have one.
    fn ids(&self, half: fn(u128) -> i64) -> Cells {
        let mut present = vec![0; self.run.spine.rows()];
        let mut values = Vec::new();
        for (row, id) in self.run.spine.ids.iter() {
            present[row as usize] = 1;
            values.push(half(id));
        }
        Cells { values: Values::Wide(values), place: Place::Rows(present) }
    }

    fn stay_gaps(&self) -> Values {
        let times = &self.run.spine.times;
        let mut gaps = Vec::with_capacity(self.stays.count());
        for stays in self.stays.of_visitor.windows(2) {
            let mut before = 0;
            for stay in stays[0] as usize..stays[1] as usize {
                gaps.push((times[self.stays.starts[stay] as usize] - before) as i32);
                before = times[self.stays.starts[stay + 1] as usize - 1];
            }
        }
        Values::Narrow(gaps)
    }

    fn event_gaps(&self) -> Values {
        let times = &self.run.spine.times;
        let mut gaps = vec![0; times.len()];
        for stay in self.stays.starts.windows(2) {
            for row in stay[0] as usize + 1..stay[1] as usize {
                gaps[row] = (times[row] - times[row - 1]) as i32;
            }
        }
        Values::Narrow(gaps)
    }
}

fn lengths(starts: &[u32]) -> Values {
    Values::Narrow(starts.windows(2).map(|pair| (pair[1] - pair[0]) as i32).collect())
}

fn write_cells(
    mut column: SerializedColumnWriter<'_>,
    cells: Option<Cells>,
    leaf: Leaf,
    rows: usize,
) -> Result<()> {
    let cells = cells.unwrap_or_else(|| Cells { values: leaf_nothing(leaf), place: Place::Front });
    let present = |count: usize| {
        let mut present = vec![1; count];
        present.resize(rows, 0);
        present
    };
    let levels = match (cells.place, &cells.values) {
        (Place::Rows(levels), _) => levels,
        (Place::Front, Values::Narrow(values)) => present(values.len()),
        (Place::Front, Values::Wide(values)) => present(values.len()),
        (Place::Front, Values::Texts(values)) => present(values.len()),
    };
    match &cells.values {
        Values::Narrow(values) => column.typed::<Int32Type>().write_batch(values, Some(&levels), None)?,
        Values::Wide(values) => column.typed::<Int64Type>().write_batch(values, Some(&levels), None)?,
        Values::Texts(values) => column.typed::<ByteArrayType>().write_batch(values, Some(&levels), None)?,
    };
    column.close()
}

/// No values, of the type that `leaf` has.
fn leaf_nothing(leaf: Leaf) -> Values {
    match leaf {
        Leaf::Text(_) => Values::Texts(vec![]),
        Leaf::VisitorHigh | Leaf::VisitorLow | Leaf::IdHigh | Leaf::IdLow => Values::Wide(vec![]),
        _ => Values::Narrow(vec![]),
    }
}
