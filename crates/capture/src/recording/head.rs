//! What a chunk says of itself: its version, site, page, and place among the others.

use domain::{DomainName, VisitorId};

use super::reader::{Kind, Reader};
use super::{Limit, Place, Refused, address, dialect::DIALECT, limits, number, write};

/// Signs of a recording's id.
const RECORDING_SIGNS: usize = 22;
/// Signs of a page's id.
const PAGE_SIGNS: usize = 11;

/// What a chunk says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The site's domain.
    pub domain: DomainName,
    /// The page's address, cleaned.
    pub address: String,
    /// The visitor, where the recorder may name one.
    pub visitor: Option<VisitorId>,
    /// The tab's recording.
    pub recording: RecordingId,
    /// The page in it.
    pub page: PageId,
    /// The number of the chunk in the page.
    pub number: u32,
    /// Whether it is the page's last.
    pub is_last: bool,
}

/// A tab's recording: 22 signs of base64url.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecordingId([u8; RECORDING_SIGNS]);

/// A page in a recording: 11 signs of base64url.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PageId([u8; PAGE_SIGNS]);

impl RecordingId {
    /// Its signs.
    pub fn as_str(&self) -> &str {
        signs(&self.0)
    }
}

impl PageId {
    /// Its signs.
    pub fn as_str(&self) -> &str {
        signs(&self.0)
    }
}

fn signs(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}

fn id<const SIGNS: usize>(text: &str) -> Result<[u8; SIGNS], Refused> {
    let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let id: Option<[u8; SIGNS]> = text.as_bytes().try_into().ok();
    id.filter(|id| id.iter().all(|&byte| is_sign(byte))).ok_or(Refused::NotDialect { place: Place::Id })
}

/// The keys of a chunk.
const KEYS: [&str; 9] = ["v", "d", "u", "visitor", "r", "p", "n", "z", "e"];

/// Reads what an unpacked chunk says of itself, and looks at no event of it.
///
/// # Errors
/// [`Refused`] where a key is unknown, doubled, missing or wrong.
pub fn read_head(body: &[u8]) -> Result<Head, Refused> {
    if body.len() > limits().chunk_bytes {
        return Err(Refused::TooLarge { limit: Limit::ChunkBytes });
    }
    let mut reader = Reader::new(body)?;
    let key = Refused::NotDialect { place: Place::Key };
    let (mut domain, mut page_address, mut recording, mut page, mut number) = (None, None, None, None, None);
    let (mut visitor, mut is_last, mut seen) = (None, false, 0_u16);
    let mut members = reader.object()?;
    while let Some(name) = reader.key(&mut members)? {
        let at = KEYS.iter().position(|known| *known == name).ok_or(key)?;
        if seen & 1 << at != 0 {
            return Err(key);
        }
        seen |= 1 << at;
        match name {
            "v" => version(&mut reader)?,
            "d" => domain = Some(parsed(&mut reader, Place::Domain, |text| text.parse().ok())?),
            "u" => page_address = Some(parsed(&mut reader, Place::Address, address::clean)?),
            "visitor" => visitor = Some(parsed(&mut reader, Place::Visitor, |text| text.parse().ok())?),
            "r" => recording = Some(RecordingId(id(&reader.text()?)?)),
            "p" => page = Some(PageId(id(&reader.text()?)?)),
            "n" => number = Some(reader.whole(u64::from(u32::MAX))? as u32),
            "z" => is_last = reader.whole(1)? == 1,
            _ => reader.skip()?,
        }
    }
    reader.end()?;
    let all = (1 << KEYS.len()) - 1;
    let optional = 1 << 3 | 1 << 7;
    if seen | optional != all {
        return Err(key);
    }
    Ok(Head {
        domain: domain.ok_or(key)?,
        address: page_address.ok_or(key)?,
        visitor,
        recording: recording.ok_or(key)?,
        page: page.ok_or(key)?,
        number: number.ok_or(key)?,
        is_last,
    })
}

fn version(reader: &mut Reader<'_>) -> Result<(), Refused> {
    let version = reader.decimal()?.whole();
    let is_ours = version == Some(i64::from(DIALECT.version));
    is_ours.then_some(()).ok_or(Refused::NotDialect { place: Place::Version })
}

fn parsed<T>(reader: &mut Reader<'_>, place: Place, parse: impl Fn(&str) -> Option<T>) -> Result<T, Refused> {
    if reader.kind()? != Kind::Text {
        return Err(Refused::NotDialect { place });
    }
    parse(&reader.text()?).ok_or(Refused::NotDialect { place })
}

/// Goes to the events of a chunk whose head was read.
pub(super) fn go_to_events(reader: &mut Reader<'_>) -> Result<(), Refused> {
    let mut members = reader.object()?;
    while let Some(name) = reader.key(&mut members)? {
        if name == "e" {
            return Ok(());
        }
        reader.skip()?;
    }
    Err(Refused::NotDialect { place: Place::Key })
}

impl Head {
    /// Writes the head without the visitor, up to the events.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"v\":");
        number::write_whole(u64::from(DIALECT.version), out);
        let texts = [
            ("d", self.domain.as_str()),
            ("u", &self.address),
            ("r", self.recording.as_str()),
            ("p", self.page.as_str()),
        ];
        for (name, text) in texts {
            write::key(name, out);
            write::text(text, out);
        }
        write::key("n", out);
        number::write_whole(u64::from(self.number), out);
        if self.is_last {
            out.extend_from_slice(b",\"z\":1");
        }
        out.extend_from_slice(b",\"e\":");
    }
}

#[cfg(test)]
mod tests;
