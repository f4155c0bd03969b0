//! Step 10, locate: the country, and with an operator's own database the region and city, of the truncated
//! address. No full address is ever looked up.

use std::net::IpAddr;
use std::path::Path;

use domain::{Location, Text, limits};
use maxminddb::{MaxMindDbError, Reader};
use serde::Deserialize;

/// A part of the executable: its pages are read when they are asked for, and take no heap.
static COUNTRIES: &[u8] = include_bytes!("../../lists/country.mmdb");

/// Why a database of places cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PlacesError {
    /// The operator's file cannot be read.
    #[error("the database of places cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
    /// The file is not in MaxMind's format.
    #[error("the database of places is not a whole MaxMind database: {0}")]
    Damaged(#[from] MaxMindDbError),
}

/// Knows where networks are.
pub(crate) struct Atlas {
    countries: Reader<&'static [u8]>,
    places: Option<Reader<Vec<u8>>>,
}

/// A record of the bundled list.
#[derive(Deserialize)]
struct CountryRecord<'a> {
    country_code: &'a str,
}

/// The part of a city database's record that is looked at.
#[derive(Default, Deserialize)]
#[serde(default)]
struct PlaceRecord<'a> {
    #[serde(borrow)]
    country: Coded<'a>,
    subdivisions: Vec<Coded<'a>>,
    city: City,
    traits: Traits,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Coded<'a> {
    iso_code: &'a str,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct City {
    geoname_id: u32,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Traits {
    is_anonymous_vpn: bool,
}

impl Atlas {
    /// The bundled countries and, if the operator has one, the database at `places`.
    pub(crate) fn open(places: Option<&Path>) -> Result<Self, PlacesError> {
        let places = places.map(|path| Ok::<_, PlacesError>(Reader::from_source(std::fs::read(path)?)?));
        Ok(Self { countries: Reader::from_source(COUNTRIES)?, places: places.transpose()? })
    }

    /// Where `truncated` is, as far as is known; the operator's database is asked first.
    pub(crate) fn locate(&self, truncated: IpAddr) -> Location {
        if is_nowhere(truncated) {
            return Location::default();
        }
        self.place(truncated)
            .unwrap_or_else(|| Location { country: self.country(truncated), ..Location::default() })
    }

    fn place(&self, truncated: IpAddr) -> Option<Location> {
        let record = read::<PlaceRecord<'_>, _>(self.places.as_ref()?, truncated)?;
        if record.traits.is_anonymous_vpn {
            return Some(Location { country: label("A1"), ..Location::default() });
        }
        let country = country_code(record.country.iso_code)?;
        let region = record.subdivisions.first().filter(|region| !region.iso_code.is_empty());
        let city = Some(record.city.geoname_id).filter(|&id| id > 0);
        Some(Location {
            region: region.map(|region| label(&format!("{country}-{}", region.iso_code))).unwrap_or_default(),
            city: city.map(|id| label(&id.to_string())).unwrap_or_default(),
            country,
        })
    }

    fn country(&self, truncated: IpAddr) -> Text {
        read::<CountryRecord<'_>, _>(&self.countries, truncated)
            .and_then(|record| country_code(record.country_code))
            .unwrap_or_default()
    }
}

/// The record of a network; none where it is not in the database or the database is damaged there.
fn read<'a, T: Deserialize<'a>, S: AsRef<[u8]>>(database: &'a Reader<S>, truncated: IpAddr) -> Option<T> {
    match database.lookup(truncated).and_then(|found| found.decode()) {
        Ok(record) => record,
        Err(error) => {
            tracing::debug!(%truncated, %error, "a place could not be looked up");
            None
        }
    }
}

/// Whether an address belongs to no network of the internet; lists made from registries name some of these.
fn is_nowhere(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [first, second, ..] = v4.octets();
            let is_shared = first == 100 && second & 0xc0 == 64;
            let is_special =
                v4.is_loopback() || v4.is_link_local() || v4.is_multicast() || v4.is_documentation();
            v4.is_private() || is_shared || is_special || first == 0 || first >= 240
        }
        IpAddr::V6(v6) => {
            // All that is routed lies in 2000::/3, and 2001:db8::/32 in it is for documents.
            let [first, second, ..] = v6.segments();
            first & 0xe000 != 0x2000 || (first, second) == (0x2001, 0x0db8)
        }
    }
}

fn label(text: &str) -> Text {
    Text::clean(text, limits::TAG_BYTES)
}

/// Two capital letters; `ZZ` and the like mean that nobody knows.
fn country_code(code: &str) -> Option<Text> {
    let known = code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase()) && code != "ZZ";
    known.then(|| label(code))
}

#[cfg(test)]
mod tests;
