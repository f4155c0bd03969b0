//! The one-time setup token, while nobody owns anything: written to a file for this account alone, and gone once used.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use sealing::Token;
use sealing::protocol::people::{Ask, Told};

use super::state::App;
use crate::data_dir::DataDir;
use crate::processes::keeper::KEEPER_START_PATIENCE;

/// Whether there is anything to set up, and where its token lies.
pub(crate) struct Setup {
    path: PathBuf,
    needed: AtomicBool,
}

impl Setup {
    pub(super) fn new(data: &Path) -> Self {
        Self { path: DataDir::new(data.to_owned()).setup_token(), needed: AtomicBool::new(false) }
    }

    /// Whether the first owner is still to be made.
    pub(crate) fn is_needed(&self) -> bool {
        self.needed.load(Ordering::Relaxed)
    }

    /// It was used: its file goes.
    pub(super) fn forget(&self) {
        self.needed.store(false, Ordering::Relaxed);
        if let Err(error) = fs::remove_file(&self.path)
            && error.kind() != ErrorKind::NotFound
        {
            tracing::warn!(
                "{} could not be deleted, and is of no use any more: {error}",
                self.path.display()
            );
        }
    }

    fn held(&self) -> Option<Token> {
        Token::read(fs::read_to_string(&self.path).ok()?.trim())
    }

    fn write(&self, token: &Token) -> io::Result<()> {
        // Beside it first, so that nobody reads a part of it.
        let beside = self.path.with_extension("new");
        let mut file =
            fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&beside)?;
        file.write_all(token.text().as_bytes())?;
        file.sync_data()?;
        fs::rename(&beside, &self.path)
    }
}

impl App {
    /// Writes the setup token where there is one to be used, before anything is served.
    pub(super) fn write_setup_token(&self) -> anyhow::Result<()> {
        let held = self.setup.held();
        let ask = Ask::SetupToken(held.clone());
        match self.keeper.with_patience(KEEPER_START_PATIENCE).people(ask)? {
            Told::Setup(Some(token)) => {
                if held.is_none_or(|held| held.hash() != token.hash()) {
                    self.setup.write(&token)?;
                }
                self.setup.needed.store(true, Ordering::Relaxed);
            }
            _ => self.setup.forget(),
        }
        Ok(())
    }
}
