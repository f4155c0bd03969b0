//! Looks for a secret in everything a server wrote: its files, its log, and the bytes of every write it made. It also
//! looks into what is packed there.

mod unpack;

use std::fs;
use std::io::Read as _;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A thing that must not be found, in every form it might hide in.
pub(crate) struct Needle {
    pub(crate) name: String,
    forms: Vec<(&'static str, Vec<u8>)>,
}

impl Needle {
    /// An address: as text, as bytes in either order, as hexadecimal digits and in base64.
    pub(crate) fn address(address: IpAddr) -> Self {
        let mut needle = Self::text(&address.to_string());
        let bytes = match address {
            IpAddr::V4(v4) => v4.octets().to_vec(),
            IpAddr::V6(v6) => {
                let groups: Vec<String> = v6.segments().iter().map(|group| format!("{group:04x}")).collect();
                needle.add_text("written out", &groups.join(":"));
                v6.octets().to_vec()
            }
        };
        needle.add_bytes(&bytes);
        needle
    }

    /// A number such as a card's: as text, with its usual separators, and as a number in memory.
    pub(crate) fn number(digits: &str) -> Self {
        let mut needle = Self::text(digits);
        for separator in [" ", "-"] {
            let groups: Vec<String> = digits
                .as_bytes()
                .chunks(4)
                .map(|group| String::from_utf8_lossy(group).into_owned())
                .collect();
            needle.add_text("in groups", &groups.join(separator));
        }
        let value: u64 = digits.parse().expect("digits");
        needle.forms.push(("bytes", value.to_be_bytes().to_vec()));
        needle.forms.push(("bytes, little end first", value.to_le_bytes().to_vec()));
        needle
    }

    /// A word, plain or packed.
    pub(crate) fn text(text: &str) -> Self {
        let mut needle = Self { name: text.to_owned(), forms: Vec::new() };
        needle.add_text("text", text);
        needle
    }

    fn add_text(&mut self, form: &'static str, text: &str) {
        self.forms.push((form, text.as_bytes().to_vec()));
        self.forms.push(("text in hexadecimal", hexadecimal(text.as_bytes()).into_bytes()));
        self.forms.push(("text in hexadecimal", hexadecimal(text.as_bytes()).to_uppercase().into_bytes()));
        let wide = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
        self.forms.push(("text in UTF-16", wide(u16::to_le_bytes)));
        self.forms.push(("text in UTF-16, big end first", wide(u16::to_be_bytes)));
        for digits in [|byte| format!("%{byte:02X}"), |byte: u8| format!("%{byte:02x}")] {
            let escaped: String = text.bytes().map(|byte| escape(byte, digits)).collect();
            for form in [escaped.replace("%20", "+"), escaped] {
                self.forms.push(("text, escaped as in a URL", form.into_bytes()));
            }
        }
        self.add_base64("text in base64", text.as_bytes());
    }

    /// An id: as it is written, and as its sixteen bytes.
    pub(crate) fn id(id: &str) -> Self {
        let mut needle = Self::text(id);
        let digits = id.replace('-', "");
        let byte = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).expect("hexadecimal digits");
        let bytes: Vec<u8> = (0..digits.len()).step_by(2).map(byte).collect();
        needle.add_bytes(&bytes);
        needle
    }

    fn add_bytes(&mut self, bytes: &[u8]) {
        self.forms.push(("bytes", bytes.to_vec()));
        self.forms.push(("bytes, little end first", bytes.iter().rev().copied().collect()));
        self.forms.push(("bytes in hexadecimal", hexadecimal(bytes).into_bytes()));
        self.forms.push(("bytes in hexadecimal", hexadecimal(bytes).to_uppercase().into_bytes()));
        // Of four bytes, base64 keeps too few characters that do not depend on their neighbours.
        if bytes.len() >= 8 {
            self.add_base64("bytes in base64", bytes);
        }
    }

    /// In both alphabets.
    fn add_base64(&mut self, form: &'static str, bytes: &[u8]) {
        for inner in base64_inners(bytes) {
            let of_urls = inner.iter().map(|character| match character {
                b'+' => b'-',
                b'/' => b'_',
                other => *other,
            });
            self.forms.push((form, of_urls.collect()));
            self.forms.push((form, inner));
        }
    }

    /// An id of a visitor: as any id, and as the half of it that segments hold plainly.
    pub(crate) fn visitor(id: &str) -> Self {
        let mut needle = Self::id(id);
        let number = u128::from_str_radix(&id.replace('-', ""), 16).expect("hexadecimal digits");
        let place = scrambled(number) as u64;
        needle.forms.push(("its place in the order of rows", place.to_le_bytes().to_vec()));
        needle
    }

    /// In which form it is in `hay`, if it is.
    pub(crate) fn find(&self, hay: &[u8]) -> Option<&'static str> {
        let holds = |form: &[u8]| hay.windows(form.len()).any(|window| window == form);
        self.forms.iter().find(|(_, form)| holds(form)).map(|(name, _)| *name)
    }
}

/// A byte as URLs write it where it may not stand for itself.
fn escape(byte: u8, digits: fn(u8) -> String) -> String {
    let stands = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    if stands { char::from(byte).to_string() } else { digits(byte) }
}

/// The place of a visitor among the rows of a segment: a one-to-one scrambling that hides nothing, written a second
/// time here from its definition in `events`.
fn scrambled(visitor: u128) -> u128 {
    const SCRAMBLE: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;
    let mixed = (visitor ^ (visitor >> 64)).wrapping_mul(SCRAMBLE);
    (mixed ^ (mixed >> 64)).wrapping_mul(SCRAMBLE)
}

/// The same and all that is packed in it.
pub(crate) fn with_packed(written: Vec<(String, Vec<u8>)>) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::with_capacity(written.len());
    for (place, bytes) in written {
        let packed = unpack::unpack(&bytes).into_iter().map(|inner| (format!("{place}, packed"), inner));
        all.extend(packed);
        all.push((place, bytes));
    }
    all
}

/// Where `needle` was found among everything that was written.
pub(crate) fn search(needle: &Needle, written: &[(String, Vec<u8>)]) -> Vec<String> {
    let hit = |(place, bytes): &(String, Vec<u8>)| {
        needle.find(bytes).map(|form| format!("{} as {form} in {place}", needle.name))
    };
    written.iter().filter_map(hit).collect()
}

/// A command that runs what follows it and adds every buffer of every write of every process to `trace`.
pub(crate) fn traced(trace: &Path, program: &std::ffi::OsStr) -> Command {
    let seen = Command::new("strace").arg("-V").output();
    assert!(seen.is_ok(), "strace is needed to see what the server writes: apt-get install strace");
    let mut strace = Command::new("strace");
    strace
        .args(["-f", "-qq", "--seccomp-bpf", "-y", "-xx", "-s", "65535", "-A"])
        .args(["-e", "trace=write,writev,pwrite64,pwritev,pwritev2,sendto,sendmsg,sendmmsg"])
        .arg("-o")
        .arg(trace)
        .arg(program);
    strace
}

/// The buffers in a trace, those of one call joined.
pub(crate) fn read_trace(trace: &Path) -> Vec<(String, Vec<u8>)> {
    let text = fs::read_to_string(trace).expect("a trace");
    text.lines()
        .map(|line| {
            let call = line.split('(').next().unwrap_or_default().to_owned();
            let bytes: Vec<u8> = line.split('"').skip(1).step_by(2).flat_map(unescape).collect();
            (format!("a call of {call}"), bytes)
        })
        .collect()
}

/// Those of writes to files under `folder`, which may be gone by now.
pub(crate) fn read_trace_of_files(trace: &Path, folder: &Path) -> Vec<(String, Vec<u8>)> {
    let text = fs::read_to_string(trace).expect("a trace");
    let mut found = Vec::new();
    for line in text.lines() {
        let written_to =
            line.split_once('<').and_then(|(_, rest)| rest.split_once('>')).unwrap_or_default().0;
        let path = String::from_utf8_lossy(&unescape(written_to)).into_owned();
        if Path::new(&path).starts_with(folder) {
            let bytes = line.split('"').skip(1).step_by(2).flat_map(unescape).collect();
            found.push((format!("a write to {path}"), bytes));
        }
    }
    found
}

/// `\x41\x42` is `AB`.
fn unescape(quoted: &str) -> Vec<u8> {
    quoted.split("\\x").filter_map(|digits| u8::from_str_radix(digits, 16).ok()).collect()
}

/// Every file under `folder`.
pub(crate) fn read_files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder").flatten() {
            let kind = entry.file_type().expect("a kind");
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                found.push((entry.path().display().to_string(), fs::read(entry.path()).unwrap_or_default()));
            }
        }
    }
    found
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The characters of `bytes` in base64 that do not depend on what stands before or after, for each of the three
/// places at which they can begin.
fn base64_inners(bytes: &[u8]) -> Vec<Vec<u8>> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    (0..3)
        .map(|shift| {
            let padded: Vec<u8> = std::iter::repeat_n(0, shift).chain(bytes.iter().copied()).collect();
            let bits: Vec<bool> =
                padded.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1)).collect();
            let sextets = bits
                .chunks_exact(6)
                .map(|six| six.iter().fold(0_usize, |sum, bit| sum << 1 | usize::from(*bit)));
            sextets.map(|sextet| ALPHABET[sextet]).skip((shift * 8).div_ceil(6)).collect()
        })
        .collect()
}

#[test]
fn the_scanner_sees_every_form_it_names() {
    let address = Needle::address("198.51.100.23".parse().expect("an address"));
    for hay in [
        &b"from 198.51.100.23:99"[..],
        &[0, 198, 51, 100, 23, 0],
        &[23, 100, 51, 198],
        b"c6336417",
        b"C6336417",
        // base64 of "x198.51.100.23" and of "198.51.100.23"
        b"eDE5OC41MS4xMDAuMjM=",
        b"MTk4LjUxLjEwMC4yMw==",
    ] {
        assert!(address.find(hay).is_some(), "{hay:?}");
    }
    let word = Needle::text("what? no/r~~~");
    for hay in [
        &b"776861743f206e6f2f727e7e7e"[..],
        b"776861743F206E6F2F727E7E7E",
        b"what%3F%20no%2Fr~~~",
        b"what%3f+no%2fr~~~",
        b"d2hhdD8gbm8vcn5+fg==",
        b"d2hhdD8gbm8vcn5-fg==",
        b"w\0h\0a\0t\0?\0 \0n\0o\0/\0r\0~\0~\0~\0",
        b"\0w\0h\0a\0t\0?\0 \0n\0o\0/\0r\0~\0~\0~",
    ] {
        assert!(word.find(hay).is_some(), "{}", String::from_utf8_lossy(hay));
    }
    assert_eq!(address.find(b"198.51.100.0 and 198.51.100.2"), None);
}

#[test]
fn the_scanner_looks_into_what_is_packed_however_deep() {
    let word = Needle::text("canary in a mine");
    let plain = "so it goes, and goes on ".repeat(20) + "canary in a mine";
    let gzip = |bytes: &[u8]| {
        let mut packed = Vec::new();
        flate2::bufread::GzEncoder::new(bytes, flate2::Compression::best())
            .read_to_end(&mut packed)
            .expect("gzip");
        packed
    };
    let zlib = |bytes: &[u8]| {
        let mut packed = Vec::new();
        flate2::bufread::ZlibEncoder::new(bytes, flate2::Compression::fast())
            .read_to_end(&mut packed)
            .expect("zlib");
        packed
    };
    let zstd = |bytes: &[u8]| zstd::bulk::compress(bytes, 3).expect("zstd");
    for packed in [
        zstd(plain.as_bytes()),
        gzip(plain.as_bytes()),
        zlib(plain.as_bytes()),
        gzip(&zstd(plain.as_bytes())),
    ] {
        let hay = [b"before", &packed[..], b"after"].concat();
        assert!(!search(&word, &with_packed(vec![("here".to_owned(), hay)])).is_empty());
    }
}
