//! The fields of an event's JSON object, each under its long or its short key.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};

use super::loose::{Key, Loose};

/// Every field that is looked at, of whatever type it came; an absent one is null.
#[derive(Default)]
pub(super) struct Fields<'a> {
    pub(super) name: Loose<'a>,
    pub(super) url: Loose<'a>,
    pub(super) domain: Loose<'a>,
    pub(super) referrer: Loose<'a>,
    pub(super) properties: Loose<'a>,
    pub(super) interactive: Loose<'a>,
    pub(super) revenue: Loose<'a>,
    pub(super) hash_mode: Loose<'a>,
    pub(super) scroll_depth: Loose<'a>,
    pub(super) engaged: Loose<'a>,
    pub(super) visitor: Loose<'a>,
    pub(super) id: Loose<'a>,
    pub(super) timestamp: Loose<'a>,
    pub(super) screen: Loose<'a>,
}

/// Whether a key is the field's own name or its abbreviation, which yields to the name where both are sent.
#[derive(Clone, Copy, PartialEq)]
enum Spelling {
    Long,
    Short,
}

impl<'a> Fields<'a> {
    /// The field that `key` names.
    fn named(&mut self, key: &str) -> Option<(&mut Loose<'a>, Spelling)> {
        use Spelling::{Long, Short};
        Some(match key {
            "name" => (&mut self.name, Long),
            "n" => (&mut self.name, Short),
            "url" => (&mut self.url, Long),
            "u" => (&mut self.url, Short),
            "domain" => (&mut self.domain, Long),
            "d" => (&mut self.domain, Short),
            "referrer" => (&mut self.referrer, Long),
            "r" => (&mut self.referrer, Short),
            "props" => (&mut self.properties, Long),
            "p" | "meta" | "m" => (&mut self.properties, Short),
            "interactive" => (&mut self.interactive, Long),
            "i" => (&mut self.interactive, Short),
            "revenue" => (&mut self.revenue, Long),
            "$" => (&mut self.revenue, Short),
            "hashMode" => (&mut self.hash_mode, Long),
            "h" => (&mut self.hash_mode, Short),
            "sd" => (&mut self.scroll_depth, Long),
            "e" => (&mut self.engaged, Long),
            "visitor" => (&mut self.visitor, Long),
            "id" => (&mut self.id, Long),
            "timestamp" => (&mut self.timestamp, Long),
            "t" => (&mut self.timestamp, Short),
            "screen" => (&mut self.screen, Long),
            "s" => (&mut self.screen, Short),
            _ => return None,
        })
    }
}

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FieldMap)
    }
}

struct FieldMap;

impl<'de> Visitor<'de> for FieldMap {
    type Value = Fields<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Fields::default();
        while let Some(key) = map.next_key::<Key<'de>>()? {
            match fields.named(&key.0) {
                Some((field, Spelling::Long)) => *field = map.next_value()?,
                Some((field, Spelling::Short)) if *field == Loose::Null => *field = map.next_value()?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(fields)
    }
}
