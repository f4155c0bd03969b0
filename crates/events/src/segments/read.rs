//! A segment file becomes rows: checked first, then decoded straight to the site's codes.

use std::sync::Arc;

use bytes::Bytes;
use domain::Timestamp;
use parquet::column::page::PageReader;
use parquet::column::reader::ColumnReaderImpl;
use parquet::data_type::{ByteArrayType, DataType, Int32Type, Int64Type};
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, ParquetMetaDataReader};
use parquet::file::reader::{ChunkReader, Length};
use parquet::file::serialized_reader::SerializedPageReader;
use sealing::Object;

use super::SegmentError;
use super::layout::{
    BASE_KEY, CHECKSUMS_KEY, CONSTANT_KEY, FORMAT, FORMAT_KEY, Leaf, Table, column_name, is_attribute,
};
use crate::dictionary::{Dictionaries, EMPTY};
use crate::rows::{Codes, Column, Ids, Spine, VisitorKey, latest};
use crate::stretches;

/// Bytes of a Parquet file after its footer's metadata: their length and the magic.
const TAIL_BYTES: u64 = 8;

/// An open segment whose footer has been checked.
pub(crate) struct SegmentReader {
    object: Object,
    metadata: ParquetMetaData,
    /// The CRC-32 of every column chunk, in the order of the file.
    checksums: Vec<u32>,
    base: Timestamp,
}

impl SegmentReader {
    /// Opens an object, which the catalog says has `bytes` bytes and a footer with this CRC-32.
    pub(crate) fn open(object: Object, bytes: u64, footer: u32) -> Result<Self, SegmentError> {
        let name = object.name().to_owned();
        let damaged = |what: &str| SegmentError::Damaged { name: name.clone(), what: what.to_owned() };
        if object.length() != bytes || bytes < TAIL_BYTES {
            return Err(damaged("it is longer or shorter than was written"));
        }
        let tail = object.read(bytes - TAIL_BYTES..bytes)?;
        let length = u64::from(u32::from_le_bytes([tail[0], tail[1], tail[2], tail[3]])) + TAIL_BYTES;
        let start = bytes.checked_sub(length).ok_or_else(|| damaged("its footer does not fit"))?;
        let read = object.read(start..bytes)?;
        if crc32fast::hash(&read) != footer {
            return Err(damaged("the checksum of its footer does not fit"));
        }
        let metadata = ParquetMetaDataReader::decode_metadata(&read[..(length - TAIL_BYTES) as usize])
            .map_err(|error| damaged(&error.to_string()))?;
        let mut reader = Self { object, metadata, checksums: vec![], base: Timestamp(0) };
        reader.read_description()?;
        Ok(reader)
    }

    fn read_description(&mut self) -> Result<(), SegmentError> {
        let number = |key| self.value(key).and_then(|value| value.parse().ok());
        let format: i64 = number(FORMAT_KEY).ok_or_else(|| self.damaged("it tells no format"))?;
        if format > i64::from(FORMAT) {
            return Err(SegmentError::Newer { name: self.object.name().to_owned(), format: format as u32 });
        }
        let base = number(BASE_KEY).ok_or_else(|| self.damaged("it tells no base"))?;
        let hex = self.value(CHECKSUMS_KEY).unwrap_or_default();
        let digits = |at: usize| hex.get(at..at + 8).and_then(|eight| u32::from_str_radix(eight, 16).ok());
        self.checksums = (0..hex.len() / 8).filter_map(|index| digits(index * 8)).collect();
        self.base = Timestamp(base);
        Ok(())
    }

    /// Reads everything and finds every checksum right, or fails.
    pub(crate) fn check(&self) -> Result<(), SegmentError> {
        for (table, group) in self.metadata.row_groups().iter().enumerate() {
            for (index, chunk) in group.columns().iter().enumerate() {
                self.chunk(table, index, chunk)?;
            }
        }
        Ok(())
    }

    /// Reads who did what when.
    pub(crate) fn spine(&self) -> Result<Spine, SegmentError> {
        let visitors = self.visitors()?;
        let stays = self.stays()?;
        let since = self.read::<Int32Type>(Table::Stays, Leaf::StaySince)?.values;
        let mut times = self.read::<Int32Type>(Table::Events, Leaf::EventSince)?.values;
        let mut starts = Vec::with_capacity(visitors.len() + 1);
        let mut row = 0;
        let mut stay = 0;
        for count in &stays.of_visitor {
            starts.push(row as u32);
            let mut time = 0_u32;
            for _ in 0..*count {
                time = time.wrapping_add(since[stay] as u32);
                for gap in &mut times[row..row + stays.rows[stay] as usize] {
                    time = time.wrapping_add(*gap as u32);
                    *gap = time as i32;
                }
                row += stays.rows[stay] as usize;
                stay += 1;
            }
        }
        starts.push(row as u32);
        let times: Vec<u32> = times.into_iter().map(|time| time as u32).collect();
        Ok(Spine { visitors, starts, base: self.base, latest: latest(&times), times, ids: self.ids()? })
    }

    /// Reads whose rows it holds, in ascending order.
    pub(crate) fn visitors(&self) -> Result<Vec<VisitorKey>, SegmentError> {
        let high = self.read::<Int64Type>(Table::Visitors, Leaf::VisitorHigh)?.values;
        let low = self.read::<Int64Type>(Table::Visitors, Leaf::VisitorLow)?.values;
        Ok(high.into_iter().zip(low).map(joined).map(VisitorKey).collect())
    }

    /// In format 1 a row without an id has 0 instead of null.
    fn ids(&self) -> Result<Ids, SegmentError> {
        if self.leaf(Leaf::IdHigh).is_none() {
            return Ok(Ids::default());
        }
        let high = self.read::<Int64Type>(Table::Events, Leaf::IdHigh)?;
        let low = self.read::<Int64Type>(Table::Events, Leaf::IdLow)?.values;
        let rows = (0..).zip(&high.present).filter(|(_, present)| **present == 1).map(|(row, _)| row);
        let ids = high.values.into_iter().zip(low).map(joined);
        Ok(rows.zip(ids).filter(|(_, id)| *id != 0).collect())
    }

    /// Reads `columns`, as codes of `dictionaries`.
    pub(crate) fn columns(
        &self,
        columns: &[Column],
        dictionaries: &Dictionaries,
    ) -> Result<Vec<(Column, Arc<Codes>)>, SegmentError> {
        let varies = |column: &&Column| self.leaf(Leaf::Code(**column)).is_some();
        let stays = match columns.iter().filter(varies).any(|column| is_attribute(*column)) {
            true => Some(self.stays()?),
            false => None,
        };
        let read = |column: &Column| {
            let codes = self.column(*column, dictionaries, stays.as_ref())?;
            Ok((*column, Arc::new(codes)))
        };
        columns.iter().map(read).collect()
    }

    fn column(
        &self,
        column: Column,
        dictionaries: &Dictionaries,
        stays: Option<&StayRows>,
    ) -> Result<Codes, SegmentError> {
        let map = self.codes_of_texts(column, dictionaries)?;
        if self.leaf(Leaf::Code(column)).is_none() {
            return Ok(Codes::Constant(match map.first() {
                Some(code) => *code,
                None => self.constant(column),
            }));
        }
        match stays.filter(|_| is_attribute(column)) {
            None => {
                let codes = self.read::<Int32Type>(Table::Events, Leaf::Code(column))?.values;
                Ok(Codes::narrow(self.mapped(column, codes, &map)?))
            }
            Some(stays) => {
                let firsts = self.read::<Int32Type>(Table::Visitors, Leaf::Code(column))?.values;
                let changes = self.read::<Int32Type>(Table::Stays, Leaf::Code(column))?;
                let firsts = self.mapped(column, firsts, &map)?;
                let values = self.mapped(column, changes.values, &map)?;
                Ok(stays.spread(&firsts, &values, &changes.present))
            }
        }
    }

    /// The site's code for each of the file's; empty for numbers.
    fn codes_of_texts(&self, column: Column, dictionaries: &Dictionaries) -> Result<Vec<u32>, SegmentError> {
        if column.is_number() || self.leaf(Leaf::Text(column)).is_none() {
            return Ok(vec![]);
        }
        let texts = self.read::<ByteArrayType>(Table::Texts, Leaf::Text(column))?.values;
        let texts: Result<Vec<&str>, _> = texts.iter().map(|text| std::str::from_utf8(text.data())).collect();
        let texts = texts.map_err(|_| self.damaged("a text is not UTF-8"))?;
        Ok(dictionaries.of(column).intern(texts))
    }

    fn mapped(&self, column: Column, codes: Vec<i32>, map: &[u32]) -> Result<Vec<u32>, SegmentError> {
        if column.is_number() {
            return Ok(codes.into_iter().map(|code| code as u32).collect());
        }
        if codes.iter().any(|code| *code as u32 as usize >= map.len()) {
            return Err(self.damaged("a code has no text"));
        }
        Ok(codes.into_iter().map(|code| map[code as usize]).collect())
    }

    fn constant(&self, column: Column) -> u32 {
        let key = format!("{CONSTANT_KEY}{}", column_name(column));
        self.value(&key).and_then(|value| value.parse().ok()).unwrap_or(EMPTY)
    }

    fn stays(&self) -> Result<StayRows, SegmentError> {
        let of_visitor = self.read::<Int32Type>(Table::Visitors, Leaf::VisitorStays)?.values;
        let rows = self.read::<Int32Type>(Table::Stays, Leaf::StayRows)?.values;
        let count = |lengths: &[i32]| lengths.iter().map(|length| i64::from(*length)).sum::<i64>();
        let events = self.metadata.row_group(Table::Events as usize).num_rows();
        if count(&of_visitor) != rows.len() as i64 || count(&rows) != events {
            return Err(self.damaged("its tables do not fit each other"));
        }
        Ok(StayRows { of_visitor, rows })
    }

    fn value(&self, key: &str) -> Option<&str> {
        let pairs = self.metadata.file_metadata().key_value_metadata()?;
        pairs.iter().find(|pair| pair.key == key)?.value.as_deref()
    }

    fn leaf(&self, leaf: Leaf) -> Option<usize> {
        let name = leaf.name();
        self.metadata.file_metadata().schema_descr().columns().iter().position(|column| column.name() == name)
    }

    fn damaged(&self, what: &str) -> SegmentError {
        SegmentError::Damaged { name: self.object.name().to_owned(), what: what.to_owned() }
    }

    /// Reads one column of one table whole, after its checksum was found right.
    fn read<T: DataType>(&self, table: Table, leaf: Leaf) -> Result<Cells<T::T>, SegmentError> {
        let index = self.leaf(leaf).ok_or_else(|| self.damaged("a column is missing"))?;
        let group = self.metadata.row_group(table as usize);
        let bytes = self.chunk(table as usize, index, group.column(index))?;
        let rows = group.num_rows() as usize;
        let decode = || {
            let chunk = group.column(index);
            let pages: Box<dyn PageReader> =
                Box::new(SerializedPageReader::new(Arc::new(bytes), chunk, rows, None)?);
            let mut reader = ColumnReaderImpl::<T>::new(chunk.column_descr_ptr(), pages);
            let mut cells = Cells { values: Vec::with_capacity(rows), present: Vec::with_capacity(rows) };
            reader.read_records(rows, Some(&mut cells.present), None, &mut cells.values)?;
            Ok(cells)
        };
        decode().map_err(|error: parquet::errors::ParquetError| self.damaged(&error.to_string()))
    }

    fn chunk(&self, table: usize, index: usize, chunk: &ColumnChunkMetaData) -> Result<Chunk, SegmentError> {
        let (start, length) = chunk.byte_range();
        let bytes = self.object.read(start..start + length)?;
        let columns = self.metadata.row_group(0).num_columns();
        if self.checksums.get(table * columns + index) != Some(&crc32fast::hash(&bytes)) {
            return Err(self
                .damaged(&format!("the checksum of column `{}` does not fit", chunk.column_descr().name())));
        }
        Ok(Chunk { start, bytes: bytes.into() })
    }
}

/// A number from its halves.
fn joined((high, low): (i64, i64)) -> u128 {
    u128::from(high as u64) << 64 | u128::from(low as u64)
}

/// The values of a column that are not null, and for each row whether it has one.
struct Cells<T> {
    values: Vec<T>,
    present: Vec<i16>,
}

/// How many stays each visitor has, and how many rows each stay.
struct StayRows {
    of_visitor: Vec<i32>,
    rows: Vec<i32>,
}

impl StayRows {
    /// An attribute's code for every row, from each visitor's first and the stays where it changes.
    fn spread(&self, firsts: &[u32], values: &[u32], present: &[i16]) -> Codes {
        let rows = self.rows.iter().map(|rows| *rows as usize).sum();
        let mut changes = values.iter();
        let mut stay = 0;
        let mut of_stay = Vec::with_capacity(self.rows.len());
        for (count, first) in self.of_visitor.iter().zip(firsts) {
            let mut code = *first;
            for _ in 0..*count {
                if present[stay] == 1 {
                    code = changes.next().copied().unwrap_or(code);
                }
                of_stay.push(code);
                stay += 1;
            }
        }
        match of_stay.iter().max() {
            None | Some(0..=0xff) => Codes::U8(spread_rows(&of_stay, |code| code as u8, &self.rows, rows)),
            Some(0x100..=0xffff) => Codes::U16(spread_rows(&of_stay, |code| code as u16, &self.rows, rows)),
            Some(_) => Codes::U32(spread_rows(&of_stay, |code| code, &self.rows, rows)),
        }
    }
}

fn spread_rows<T: Copy + Default>(
    of_stay: &[u32],
    narrow: fn(u32) -> T,
    lengths: &[i32],
    rows: usize,
) -> Vec<T> {
    let mut codes = Vec::new();
    stretches::make_room(&mut codes, rows);
    let mut row = 0;
    for (code, length) in of_stay.iter().zip(lengths) {
        let end = row + *length as usize;
        stretches::fill(&mut codes, row..end, narrow(*code));
        row = end;
    }
    codes.truncate(rows);
    codes
}

/// The bytes of one column chunk, addressed as in the file.
struct Chunk {
    start: u64,
    bytes: Bytes,
}

impl Length for Chunk {
    fn len(&self) -> u64 {
        self.start + self.bytes.len() as u64
    }
}

impl ChunkReader for Chunk {
    type T = <Bytes as ChunkReader>::T;

    fn get_read(&self, start: u64) -> parquet::errors::Result<Self::T> {
        self.bytes.get_read(start - self.start)
    }

    fn get_bytes(&self, start: u64, length: usize) -> parquet::errors::Result<Bytes> {
        self.bytes.get_bytes(start - self.start, length)
    }
}
