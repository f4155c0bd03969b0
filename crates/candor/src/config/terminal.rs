//! Asking the person at the terminal for something that nobody else shall see.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};

use keeper::PASSPHRASE_BYTES_MAX;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use zeroize::Zeroizing;

/// The terminal of this process, whatever its standard streams are. What is typed is not shown as long as it lives.
pub(crate) struct Terminal {
    file: File,
    before: Termios,
}

impl Terminal {
    /// The terminal, silenced.
    pub(crate) fn open() -> anyhow::Result<Self> {
        let file = OpenOptions::new().read(true).write(true).open("/dev/tty").map_err(|_| {
            anyhow::anyhow!(
                "the root key is sealed with a passphrase, and there is no terminal to ask for it at: name a file \
                 with --passphrase-file"
            )
        })?;
        let before = tcgetattr(&file)?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        silent.local_modes.insert(LocalModes::ECHONL | LocalModes::ICANON);
        tcsetattr(&file, OptionalActions::Flush, &silent)?;
        Ok(Self { file, before })
    }

    /// Asks, and returns the line that was typed.
    pub(crate) fn ask(&mut self, question: &str) -> anyhow::Result<Zeroizing<String>> {
        self.file.write_all(question.as_bytes())?;
        let mut line = Zeroizing::new(Vec::with_capacity(PASSPHRASE_BYTES_MAX + 1));
        let mut byte = Zeroizing::new([0]);
        // Byte by byte, so that nothing of it stays in a buffer that nobody wipes.
        while self.read(&mut byte)? && byte[0] != b'\n' {
            anyhow::ensure!(line.len() <= PASSPHRASE_BYTES_MAX, "the passphrase is too long");
            line.push(byte[0]);
        }
        let text = std::str::from_utf8(&line).map_err(|_| anyhow::anyhow!("what was typed is no text"))?;
        Ok(Zeroizing::new(text.to_owned()))
    }

    fn read(&mut self, byte: &mut [u8; 1]) -> io::Result<bool> {
        loop {
            match self.file.read(byte) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => return read.map(|length| length > 0),
            }
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // A terminal that is gone needs nothing.
        let _ = tcsetattr(&self.file, OptionalActions::Now, &self.before);
    }
}
