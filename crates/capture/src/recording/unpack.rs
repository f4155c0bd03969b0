//! Unpacks a chunk, never past its limit: a bomb costs no more than an honest chunk.

use std::borrow::Cow;
use std::io::Read;

use flate2::bufread::GzDecoder;

use super::{Limit, Place, Refused};

/// How a gzip stream begins. No JSON begins so.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// What `body` holds, at most `limit` bytes: a gzip stream by its first bytes, else as it is.
///
/// # Errors
/// [`Refused::TooLarge`] past the limit; [`Refused::NotDialect`] where a stream is not whole, or has something behind it.
pub fn unpack(body: &[u8], limit: usize) -> Result<Cow<'_, [u8]>, Refused> {
    let too_large = Refused::TooLarge { limit: Limit::ChunkBytes };
    if !body.starts_with(&GZIP) {
        return if body.len() > limit { Err(too_large) } else { Ok(Cow::Borrowed(body)) };
    }
    let mut rest = body;
    let mut unpacked = Vec::with_capacity(body.len().saturating_mul(6).min(limit));
    let read = GzDecoder::new(&mut rest).take(limit as u64 + 1).read_to_end(&mut unpacked);
    if unpacked.len() > limit {
        return Err(too_large);
    }
    if read.is_err() || !rest.is_empty() {
        return Err(Refused::NotDialect { place: Place::Packing });
    }
    Ok(Cow::Owned(unpacked))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn packed(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn a_packed_and_a_plain_chunk_are_the_same() {
        assert_eq!(&*unpack(b"{}", 2).unwrap(), b"{}");
        assert_eq!(&*unpack(&packed(b"{}"), 2).unwrap(), b"{}");
    }

    #[test]
    fn a_chunk_is_taken_to_its_limit_packed_or_plain() {
        let limit = 1 << 16;
        let too_large = Err(Refused::TooLarge { limit: Limit::ChunkBytes });
        let zeros = vec![b'0'; limit + 1];
        assert_eq!(unpack(&zeros[1..], limit).map(|it| it.len()), Ok(limit));
        assert_eq!(unpack(&packed(&zeros[1..]), limit).map(|it| it.len()), Ok(limit));
        assert_eq!(unpack(&zeros, limit), too_large);
        assert_eq!(unpack(&packed(&zeros), limit), too_large);
    }

    #[test]
    fn a_bomb_costs_no_more_than_an_honest_chunk() {
        let bomb = packed(&vec![b' '; 64 << 20]);
        assert_eq!(unpack(&bomb, 1 << 10), Err(Refused::TooLarge { limit: Limit::ChunkBytes }));
    }

    #[test]
    fn a_stream_that_is_cut_or_has_something_behind_it_is_refused() {
        let whole = packed(b"{\"v\":1}");
        let refused = Err(Refused::NotDialect { place: Place::Packing });
        for length in 2..whole.len() {
            assert_eq!(unpack(&whole[..length], 100), refused, "{length}");
        }
        assert_eq!(unpack(&[&whole[..], b"x"].concat(), 100), refused);
        assert_eq!(unpack(&[&whole[..], &whole[..]].concat(), 100), refused);
    }
}
