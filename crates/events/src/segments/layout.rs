//! What stands where in a segment file.
//!
//! Four tables, one row group each, so that what is true of many rows is written once:
//! - *texts*: row n holds, for each text column, the text of code n; codes are in order of frequency.
//! - *visitors*: one row each, ascending by key, with the attributes of the visitor's first row.
//! - *stays*: one row for each stretch of a visitor's rows without a gap of 30 minutes or a change of attributes;
//!   an attribute is null where it is as in the visitor's row before.
//! - *events*: one row each.
//!
//! All share one schema, as Parquet wants it; a column is null throughout the tables it has no part in. A text
//! column in which every row is equal has no codes, and one that is empty throughout has no texts either.

use std::borrow::Cow;
use std::sync::Arc;

use parquet::basic::{Compression, Encoding, Repetition, Type as Physical, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesPtr};
use parquet::schema::types::{ColumnPath, Type, TypePtr};

use crate::rows::Column;

/// The format written here. Newer ones are refused.
pub(super) const FORMAT: u32 = 2;

/// The key under which the footer tells the format.
pub(super) const FORMAT_KEY: &str = "candor.format";
/// The key under which the footer tells what times count from, in milliseconds since 1970.
pub(super) const BASE_KEY: &str = "candor.base";
/// The key under which the footer holds the CRC-32 of every column chunk, in the order of the file.
pub(super) const CHECKSUMS_KEY: &str = "candor.checksums";
/// What the key of a number column begins with whose rows are all equal.
pub(super) const CONSTANT_KEY: &str = "candor.constant.";

/// The tables, in the order of their row groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Table {
    Texts,
    Visitors,
    Stays,
    Events,
}

impl Table {
    pub(super) const ALL: [Table; 4] = [Self::Texts, Self::Visitors, Self::Stays, Self::Events];
}

/// A column of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leaf {
    /// The texts of a text column.
    Text(Column),
    /// The upper half of a visitor's key.
    VisitorHigh,
    /// The lower half of a visitor's key.
    VisitorLow,
    /// How many stays a visitor has.
    VisitorStays,
    /// Milliseconds from the visitor's row before, or from the base, to the stay's first row.
    StaySince,
    /// How many rows a stay has.
    StayRows,
    /// Milliseconds from the row before of the same stay; 0 for its first.
    EventSince,
    /// The upper half of the event's id; null where it has none.
    IdHigh,
    /// The lower half of the event's id; null where it has none.
    IdLow,
    /// The codes, or numbers, of a column.
    Code(Column),
}

impl Leaf {
    /// Those that every file has.
    pub(super) const SPINE: [Leaf; 6] = [
        Self::VisitorHigh,
        Self::VisitorLow,
        Self::VisitorStays,
        Self::StaySince,
        Self::StayRows,
        Self::EventSince,
    ];

    pub(super) fn name(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Text(column) => return Cow::Owned(format!("{}_text", column_name(column))),
            Self::Code(column) => column_name(column),
            Self::VisitorHigh => "visitor_high",
            Self::VisitorLow => "visitor_low",
            Self::VisitorStays => "visitor_stays",
            Self::StaySince => "stay_since",
            Self::StayRows => "stay_rows",
            Self::EventSince => "event_since",
            Self::IdHigh => "event_id_high",
            Self::IdLow => "event_id_low",
        })
    }

    fn physical(self) -> Physical {
        match self {
            Self::Text(_) => Physical::BYTE_ARRAY,
            Self::VisitorHigh | Self::VisitorLow | Self::IdHigh | Self::IdLow => Physical::INT64,
            _ => Physical::INT32,
        }
    }

    /// Random bits are stored as they are; sorted ones as differences; numbers byte by byte, so that the
    /// compressor meets their even upper bytes apart from their uneven lower ones.
    fn encoding(self) -> Encoding {
        match self {
            Self::Text(_) => Encoding::DELTA_LENGTH_BYTE_ARRAY,
            Self::VisitorHigh => Encoding::DELTA_BINARY_PACKED,
            Self::VisitorLow | Self::IdHigh | Self::IdLow => Encoding::PLAIN,
            _ => Encoding::BYTE_STREAM_SPLIT,
        }
    }

    fn compression(self) -> Compression {
        let level = match self {
            Self::VisitorHigh | Self::VisitorLow | Self::IdHigh | Self::IdLow => {
                return Compression::UNCOMPRESSED;
            }
            Self::Text(_) => 12,
            _ => 5,
        };
        Compression::ZSTD(ZstdLevel::try_new(level).expect("a level zstd knows"))
    }
}

/// The schema of a file with these columns.
pub(super) fn schema(leaves: &[Leaf]) -> TypePtr {
    let field = |leaf: &Leaf| {
        Type::primitive_type_builder(&leaf.name(), leaf.physical())
            .with_repetition(Repetition::OPTIONAL)
            .build()
            .map(Arc::new)
            .expect("a primitive column needs nothing more")
    };
    let fields = leaves.iter().map(field).collect();
    Arc::new(Type::group_type_builder("candor").with_fields(fields).build().expect("fields make a schema"))
}

/// How a file with these columns is written: one page to a column, since a column is always read whole.
pub(super) fn properties(leaves: &[Leaf]) -> WriterPropertiesPtr {
    let mut builder = WriterProperties::builder()
        .set_dictionary_enabled(false)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_offset_index_disabled(true)
        .set_data_page_size_limit(1 << 30)
        .set_data_page_row_count_limit(1 << 30)
        .set_max_row_group_row_count(None)
        .set_write_batch_size(1 << 16)
        .set_created_by("candor".to_owned());
    for leaf in leaves {
        let path = ColumnPath::from(leaf.name().into_owned());
        builder = builder
            .set_column_encoding(path.clone(), leaf.encoding())
            .set_column_compression(path, leaf.compression());
    }
    Arc::new(builder.build())
}

/// Whether the column belongs to a stay, and not to each event.
pub(super) fn is_attribute(column: Column) -> bool {
    !matches!(
        column,
        Column::Name
            | Column::Hostname
            | Column::Path
            | Column::Properties
            | Column::Revenue
            | Column::Interactive
            | Column::ScrollDepth
            | Column::EngagedMs
            | Column::Suspicion
    )
}

/// The column's name in files.
pub(super) fn column_name(column: Column) -> &'static str {
    match column {
        Column::Name => "name",
        Column::Hostname => "hostname",
        Column::Path => "path",
        Column::Properties => "properties",
        Column::Revenue => "revenue",
        Column::Interactive => "interactive",
        Column::ScrollDepth => "scroll_depth",
        Column::EngagedMs => "engaged_ms",
        Column::Referrer => "referrer",
        Column::Source => "source",
        Column::Channel => "channel",
        Column::UtmMedium => "utm_medium",
        Column::UtmSource => "utm_source",
        Column::UtmCampaign => "utm_campaign",
        Column::UtmContent => "utm_content",
        Column::UtmTerm => "utm_term",
        Column::Country => "country",
        Column::Region => "region",
        Column::City => "city",
        Column::Browser => "browser",
        Column::BrowserVersion => "browser_version",
        Column::Os => "os",
        Column::OsVersion => "os_version",
        Column::Device => "device",
        Column::Screen => "screen",
        Column::Language => "language",
        Column::Suspicion => "suspicion",
    }
}
