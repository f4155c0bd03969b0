//! By what a command shows who it is: an API key, from a file or from the environment, never from the command line, where
//! every account of the machine could read it.

use std::path::{Path, PathBuf};

use anyhow::Context;
use sealing::SecretText;

use crate::outside;

/// The environment variable that holds a key.
const VARIABLE: &str = "CANDOR_KEY";

/// Where the API key is.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct KeyFlags {
    /// File that holds the API key [default: the key in the environment variable CANDOR_KEY]
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
}

impl KeyFlags {
    /// The key, if there is one.
    pub(crate) fn find(&self) -> anyhow::Result<Option<SecretText>> {
        match &self.key_file {
            Some(path) => read(path).map(Some),
            None => Ok(outside::from_environment(VARIABLE).map(SecretText::new)),
        }
    }

    /// The key, without which the command can do nothing.
    pub(crate) fn require(&self) -> anyhow::Result<SecretText> {
        self.find()?.with_context(|| {
            format!(
                "this needs an API key: make one under Settings, API keys, and give it in {VARIABLE} or with --key-file"
            )
        })
    }
}

fn read(path: &Path) -> anyhow::Result<SecretText> {
    let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let text = SecretText::new(text);
    Ok(SecretText::new(text.reveal().trim().to_owned()))
}
