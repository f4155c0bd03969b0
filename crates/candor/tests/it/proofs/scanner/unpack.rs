//! What is packed inside other bytes: zstd frames (of which the pages of a segment are made), gzip members and zlib
//! streams, wherever they begin. Snappy and LZ4 need no unpacking: they leave what occurs once as it is.

use std::io::{self, Read};

/// Bytes that are unpacked of one stream at most.
const UNPACKED_MAX: u64 = 16 << 20;
/// How deep packed things may lie in packed things.
const DEPTH_MAX: usize = 3;

/// How streams of one kind begin, and what unpacks them.
type Kind = (&'static [u8], fn(&[u8]) -> io::Result<Vec<u8>>);

const KINDS: [Kind; 6] = [
    (b"\x28\xb5\x2f\xfd", zstd),
    (b"\x1f\x8b\x08", gzip),
    (b"\x78\x01", zlib),
    (b"\x78\x5e", zlib),
    (b"\x78\x9c", zlib),
    (b"\x78\xda", zlib),
];

/// Everything that is packed in `bytes`, unpacked as far as it is whole.
pub(super) fn unpack(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    add(bytes, DEPTH_MAX, &mut found);
    found
}

fn add(bytes: &[u8], depth: usize, found: &mut Vec<Vec<u8>>) {
    for at in 0..bytes.len() {
        let rest = &bytes[at..];
        for (_, unpack) in KINDS.iter().filter(|(begins, _)| rest.starts_with(begins)) {
            let unpacked = unpack(rest).unwrap_or_default();
            if depth > 1 {
                add(&unpacked, depth - 1, found);
            }
            found.extend((!unpacked.is_empty()).then_some(unpacked));
        }
    }
}

fn zstd(bytes: &[u8]) -> io::Result<Vec<u8>> {
    read(zstd::stream::read::Decoder::with_buffer(bytes)?.single_frame())
}

fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    read(flate2::bufread::GzDecoder::new(bytes))
}

fn zlib(bytes: &[u8]) -> io::Result<Vec<u8>> {
    read(flate2::bufread::ZlibDecoder::new(bytes))
}

/// What comes before it breaks off counts: random bytes begin like a stream now and then.
fn read(from: impl Read) -> io::Result<Vec<u8>> {
    let mut unpacked = Vec::new();
    let _ = from.take(UNPACKED_MAX).read_to_end(&mut unpacked);
    Ok(unpacked)
}
