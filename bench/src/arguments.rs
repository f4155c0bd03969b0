//! `--name value` and `--name`, no more.

use std::collections::HashMap;
use std::ops::Range;
use std::str::FromStr;

/// What was given after the command's name.
pub(crate) struct Arguments(HashMap<String, String>);

impl Arguments {
    /// Reads `--name value` pairs; a name without a value is a switch.
    pub(crate) fn parse(words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut words = words.peekable();
        let mut given = HashMap::new();
        while let Some(word) = words.next() {
            let name = word.strip_prefix("--").ok_or(format!("`{word}` is no --name"))?;
            let value = words.next_if(|next| !next.starts_with("--")).unwrap_or_default();
            given.insert(name.to_owned(), value);
        }
        Ok(Self(given))
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub(crate) fn text(&self, name: &str) -> Result<&str, String> {
        self.0.get(name).map(String::as_str).ok_or(format!("--{name} is missing"))
    }

    pub(crate) fn number<T: FromStr>(&self, name: &str) -> Result<T, String> {
        let text = self.text(name)?;
        text.parse().map_err(|_| format!("--{name} {text} is no number"))
    }

    pub(crate) fn range(&self, name: &str) -> Result<Range<u32>, String> {
        match self.numbers(name)?[..] {
            [from, to] => Ok(from..to),
            _ => Err(format!("--{name} is FROM,TO")),
        }
    }

    pub(crate) fn numbers<T: FromStr>(&self, name: &str) -> Result<Vec<T>, String> {
        let text = self.text(name)?;
        text.split(',').map(|part| part.parse().map_err(|_| format!("--{name} {text} is no list"))).collect()
    }
}
