//! With what the keeper unseals its root key: what the operator decided, and the passphrase, asked for at most once.
//!
//! A passphrase is read here and handed on to the keeper alone. It is in no log and in no error.

use std::path::{Path, PathBuf};

use keeper::{Passphrase, PassphraseWanted, RootSource, Unsealing};

use super::terminal::Terminal;
use crate::processes::birth::leave_no_picture;

/// Where the root key comes from.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct RootFlags {
    /// Where the root key comes from: file, passphrase, credential, pkcs11:… or transit:…
    /// [default: as the folder for keys says; at first a file]
    #[arg(long, value_name = "SOURCE")]
    pub(crate) root_key: Option<RootSource>,
    /// File or pipe to read the passphrase of the root key from, instead of asking at the terminal
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
}

impl RootFlags {
    /// Completes the flags with what a file decides.
    pub(crate) fn or(self, source: Option<RootSource>, passphrase_file: Option<PathBuf>) -> Self {
        Self { root_key: self.root_key.or(source), passphrase_file: self.passphrase_file.or(passphrase_file) }
    }

    /// What the keeper of the folder `keys` is handed. Asks a person where a passphrase is needed and no file has it.
    pub(crate) fn unsealing(self, keys: &Path) -> anyhow::Result<Unsealing> {
        let wanted = keeper::passphrase_wanted(keys, self.root_key.as_ref())?;
        if let (PassphraseWanted::No, Some(file), None) = (wanted, &self.passphrase_file, &self.root_key) {
            anyhow::bail!(
                "{} holds a passphrase, and nothing asks for one: to seal the root key with it, add --root-key passphrase",
                file.display()
            );
        }
        if wanted != PassphraseWanted::No {
            leave_no_picture()?;
        }
        let passphrase = match (wanted, &self.passphrase_file) {
            (PassphraseWanted::No, _) => None,
            (_, Some(file)) => Some(Passphrase::read(file)?),
            (PassphraseWanted::Existing, None) => Some(ask_for_existing()?),
            (PassphraseWanted::New, None) => Some(ask_for_new()?),
        };
        Ok(Unsealing { source: self.root_key, passphrase, credentials: credentials() })
    }
}

fn ask_for_existing() -> anyhow::Result<Passphrase> {
    let text = Terminal::open()?.ask("Passphrase of the root key: ")?;
    Ok(Passphrase::new(&text)?)
}

fn ask_for_new() -> anyhow::Result<Passphrase> {
    let mut terminal = Terminal::open()?;
    let first = terminal.ask(&format!(
        "A new passphrase for the root key, of at least {} characters: ",
        keeper::PASSPHRASE_CHARS_MIN
    ))?;
    let passphrase = Passphrase::new(&first)?;
    let second = terminal.ask("The same again: ")?;
    anyhow::ensure!(*first == *second, "the two passphrases differ: nothing was made");
    Ok(passphrase)
}

/// Where systemd put this service's credentials.
#[expect(clippy::disallowed_methods, reason = "systemd tells it in no other way; read once, at start")]
fn credentials() -> Option<PathBuf> {
    std::env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from).filter(|path| path.is_absolute())
}
