//! What a mail server says before there is TLS: read byte by byte, so that nothing is taken for its words that somebody
//! put behind them on the way. Whatever is left in the socket must be the beginning of TLS.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Bytes of a line, by RFC 5321; and lines of a reply.
const LINE_BYTES_MAX: usize = 512;
const LINES_MAX: usize = 64;

/// One reply, perhaps of several lines.
pub(super) struct Reply {
    pub(super) code: u16,
    lines: Vec<String>,
}

impl Reply {
    /// Whether one of its lines is this word, as a keyword of EHLO is.
    pub(super) fn offers(&self, keyword: &str) -> bool {
        self.lines
            .iter()
            .any(|line| line.split(' ').next().is_some_and(|word| word.eq_ignore_ascii_case(keyword)))
    }
}

/// Says a command and reads the reply.
pub(super) async fn ask(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    command: &str,
) -> io::Result<Reply> {
    stream.write_all(format!("{command}\r\n").as_bytes()).await?;
    read(stream).await
}

/// Reads a reply, and not one byte more.
pub(super) async fn read(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Reply> {
    let mut lines = Vec::new();
    loop {
        let line = read_line(stream).await?;
        let (code, rest) = (line.get(..3), line.get(3..));
        let (Some(Ok(code @ 200..600)), Some(rest)) = (code.map(str::parse), rest) else {
            return Err(garbled());
        };
        if !matches!(rest.as_bytes().first(), None | Some(b' ' | b'-')) {
            return Err(garbled());
        }
        lines.push(rest.get(1..).unwrap_or_default().to_owned());
        if !rest.starts_with('-') {
            return Ok(Reply { code, lines });
        }
        if lines.len() == LINES_MAX {
            return Err(garbled());
        }
    }
}

async fn read_line(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<String> {
    let mut line = Vec::new();
    while line.len() < LINE_BYTES_MAX {
        match stream.read_u8().await? {
            b'\n' => {
                let text = line.strip_suffix(b"\r").unwrap_or(&line);
                return String::from_utf8(text.to_vec()).map_err(|_| garbled());
            }
            byte => line.push(byte),
        }
    }
    Err(garbled())
}

fn garbled() -> io::Error {
    io::ErrorKind::InvalidData.into()
}
