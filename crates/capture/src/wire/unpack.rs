//! Unpacks a gzip body, never past the limit: a bomb costs no more than an honest body.

use std::borrow::Cow;
use std::io::Read;

use domain::limits::BODY_BYTES;
use flate2::read::GzDecoder;

use crate::Malformed;

pub(super) fn unpack<'a>(body: &'a [u8], encoding: &[u8]) -> Result<Cow<'a, [u8]>, Malformed> {
    unpack_within(body, encoding, BODY_BYTES)
}

/// The same of a body that has a limit of its own.
pub(super) fn unpack_within<'a>(
    body: &'a [u8],
    encoding: &[u8],
    bytes_max: usize,
) -> Result<Cow<'a, [u8]>, Malformed> {
    if body.len() > bytes_max {
        return Err(too_large(bytes_max));
    }
    let encoding = encoding.trim_ascii();
    if encoding.is_empty() || encoding.eq_ignore_ascii_case(b"identity") {
        return Ok(Cow::Borrowed(body));
    }
    if !encoding.eq_ignore_ascii_case(b"gzip") && !encoding.eq_ignore_ascii_case(b"x-gzip") {
        return Err(Malformed::new("content-encoding", "must be gzip or absent"));
    }
    let mut unpacked = Vec::new();
    GzDecoder::new(body)
        .take(bytes_max as u64 + 1)
        .read_to_end(&mut unpacked)
        .map_err(|_| Malformed::new("body", "is not whole gzip data, though content-encoding says so"))?;
    if unpacked.len() > bytes_max {
        return Err(too_large(bytes_max));
    }
    Ok(Cow::Owned(unpacked))
}

fn too_large(bytes_max: usize) -> Malformed {
    Malformed::new("body", format!("is larger than {bytes_max} bytes, as sent or as unpacked"))
}
