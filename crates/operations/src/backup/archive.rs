//! An archive in the target: tar in zstd in age, so that the three programs of those names unpack it.

use std::io::{self, Read, Write};

use domain::Timestamp;
use sha2::{Digest as _, Sha256};

use super::crypt::{Identity, Recipients};
use super::names::Sum;

/// How hard it is tried to make sealed bytes smaller, which cannot be: enough to see that and pass them on.
pub(super) const SEALED: i32 = -5;
/// How hard for everything else.
pub(super) const MIXED: i32 = 1;

/// An archive that is being written.
pub(super) struct Archive<W: Write> {
    tar: tar::Builder<zstd::Encoder<'static, Outer<W>>>,
    made_at: Timestamp,
}

/// What is around the compressed archive.
enum Outer<W: Write> {
    Encrypted(age::stream::StreamWriter<W>),
    /// In the twin alone that leaves encryption out.
    Clear(W),
}

impl<W: Write> Write for Outer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Encrypted(inner) => inner.write(bytes),
            Self::Clear(inner) => inner.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Encrypted(inner) => inner.flush(),
            Self::Clear(inner) => inner.flush(),
        }
    }
}

impl<W: Write> Archive<W> {
    /// Begins one; `None` encrypts to nobody.
    pub(super) fn begin(
        output: W,
        recipients: Option<&Recipients>,
        level: i32,
        made_at: Timestamp,
    ) -> io::Result<Self> {
        let outer = match recipients {
            Some(recipients) => Outer::Encrypted(recipients.encrypt(output)?),
            None => Outer::Clear(output),
        };
        let mut tar = tar::Builder::new(zstd::Encoder::new(outer, level)?);
        tar.mode(tar::HeaderMode::Deterministic);
        Ok(Self { tar, made_at })
    }

    /// Adds a file of exactly so many bytes, and gives their digest.
    pub(super) fn add(&mut self, path: &str, bytes: u64, input: impl Read) -> io::Result<Sum> {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes);
        header.set_mode(0o600);
        header.set_mtime(u64::try_from(self.made_at.0 / 1000).unwrap_or(0));
        let mut input = Summed { input: input.take(bytes), hasher: Sha256::new(), left: bytes };
        self.tar.append_data(&mut header, path, &mut input)?;
        if input.left > 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "it became shorter while it was read"));
        }
        Ok(Sum::finish(input.hasher))
    }

    pub(super) fn finish(self) -> io::Result<W> {
        match self.tar.into_inner()?.finish()? {
            Outer::Encrypted(inner) => inner.finish(),
            Outer::Clear(inner) => Ok(inner),
        }
    }
}

struct Summed<R> {
    input: R,
    hasher: Sha256,
    left: u64,
}

impl<R: Read> Read for Summed<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(room)?;
        self.hasher.update(&room[..count]);
        self.left -= count as u64;
        Ok(count)
    }
}

/// Reads an archive, and hands each file over with its path and its size. The input is read to its end, so that damage at the
/// end shows as well.
pub(super) fn unpack<R: Read, E: From<io::Error>>(
    mut input: R,
    identity: &Identity,
    mut each: impl FnMut(&str, u64, &mut dyn Read) -> Result<(), E>,
) -> Result<(), E> {
    {
        let mut opened = identity.open(&mut input)?;
        {
            let mut tar = tar::Archive::new(zstd::Decoder::new(&mut opened)?);
            for entry in tar.entries()? {
                let mut entry = entry?;
                let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
                let bytes = entry.size();
                each(&path, bytes, &mut entry)?;
            }
        }
        io::copy(&mut opened, &mut io::sink())?;
    }
    io::copy(&mut input, &mut io::sink())?;
    Ok(())
}

/// Copies all of `input`, and gives the digest of what was copied and how much it was.
pub(super) fn copy_summed(input: &mut dyn Read, output: &mut dyn Write) -> io::Result<(Sum, u64)> {
    let (mut hasher, mut room, mut bytes) = (Sha256::new(), vec![0; 256 << 10], 0);
    loop {
        match input.read(&mut room) {
            Ok(0) => return Ok((Sum::finish(hasher), bytes)),
            Ok(count) => {
                hasher.update(&room[..count]);
                output.write_all(&room[..count])?;
                bytes += count as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
