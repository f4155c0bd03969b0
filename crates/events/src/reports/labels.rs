//! Where a dimension's codes come from, and what they are shown as.

use std::borrow::Cow;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::dictionary::Dictionaries;
use crate::query::{Condition, Dimension, EventDimension, VisitDimension, country_name};
use crate::rows::{Column, read_properties};

/// Which row of a visit a code is read at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Place {
    /// Each row: the event itself.
    Row,
    /// The visit's first event.
    First,
    /// Its first page view.
    Entry,
    /// Its last page view.
    Exit,
}

/// A column read at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Source {
    pub(crate) place: Place,
    pub(crate) column: Column,
}

impl Source {
    /// Where the codes of `dimension` come from; time has none.
    pub(crate) fn of(dimension: &Dimension) -> Option<Self> {
        let (place, column) = match dimension {
            Dimension::Event(EventDimension::Page) => (Place::Row, Column::Path),
            Dimension::Event(EventDimension::Hostname) => (Place::Row, Column::Hostname),
            Dimension::Event(EventDimension::Name) => (Place::Row, Column::Name),
            Dimension::Event(EventDimension::Property(_)) => (Place::Row, Column::Properties),
            Dimension::Visit(visit) => source_of_visit(*visit),
            Dimension::Time(_) => return None,
        };
        Some(Self { place, column })
    }
}

const fn source_of_visit(dimension: VisitDimension) -> (Place, Column) {
    let column = match dimension {
        VisitDimension::EntryPage => return (Place::Entry, Column::Path),
        VisitDimension::ExitPage => return (Place::Exit, Column::Path),
        VisitDimension::EntryPageHostname => return (Place::Entry, Column::Hostname),
        VisitDimension::ExitPageHostname => return (Place::Exit, Column::Hostname),
        VisitDimension::Source => Column::Source,
        VisitDimension::Referrer => Column::Referrer,
        VisitDimension::Channel => Column::Channel,
        VisitDimension::UtmMedium => Column::UtmMedium,
        VisitDimension::UtmSource => Column::UtmSource,
        VisitDimension::UtmCampaign => Column::UtmCampaign,
        VisitDimension::UtmContent => Column::UtmContent,
        VisitDimension::UtmTerm => Column::UtmTerm,
        VisitDimension::Device => Column::Device,
        VisitDimension::Browser => Column::Browser,
        VisitDimension::BrowserVersion => Column::BrowserVersion,
        VisitDimension::Os => Column::Os,
        VisitDimension::OsVersion => Column::OsVersion,
        VisitDimension::Country | VisitDimension::CountryName => Column::Country,
        VisitDimension::Region | VisitDimension::RegionName => Column::Region,
        VisitDimension::City | VisitDimension::CityName => Column::City,
        VisitDimension::Language => Column::Language,
        VisitDimension::Screen => Column::Screen,
    };
    (Place::First, column)
}

/// What a stored text of the dimension's column is shown as.
pub(crate) fn shown<'a>(dimension: &'a Dimension, stored: &'a str) -> Cow<'a, str> {
    let text = match dimension {
        Dimension::Event(EventDimension::Property(key)) => {
            read_properties(stored).find(|(name, _)| name == key).map_or("", |(_, value)| value)
        }
        Dimension::Visit(VisitDimension::CountryName) => country_name(stored).unwrap_or(stored),
        _ => stored,
    };
    Cow::Borrowed(if text.is_empty() { dimension.empty_label() } else { text })
}

/// For each code of its column, whether the condition holds.
pub(crate) fn judged(condition: &Condition, column: Column, dictionaries: &Dictionaries) -> Vec<bool> {
    dictionaries.of(column).judge(|stored| condition.holds(&shown(&condition.dimension, stored)))
}

/// The values of one property: what each code of the properties' column says of it, as a code of its own.
#[derive(Clone, Debug)]
pub(crate) struct PropertyValues {
    pub(crate) code_of: Arc<Vec<u32>>,
    pub(crate) values: Arc<Vec<Arc<str>>>,
}

impl PropertyValues {
    pub(crate) fn read(dimension: &Dimension, dictionaries: &Dictionaries) -> Self {
        let mut values: Vec<Arc<str>> = Vec::new();
        let mut codes: FxHashMap<Arc<str>, u32> = FxHashMap::default();
        let code_of = dictionaries.of(Column::Properties).judge(|stored| {
            let value: Arc<str> = shown(dimension, stored).into();
            *codes.entry(value.clone()).or_insert_with(|| {
                values.push(value);
                values.len() as u32 - 1
            })
        });
        Self { code_of: Arc::new(code_of), values: Arc::new(values) }
    }
}
