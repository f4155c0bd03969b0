//! Names of bots: `isbot` and `crawler-user-agents`, sorted by how they are matched (`cargo xtask lists`).

use regex::bytes::{Regex, RegexBuilder};

static LIST: &str = include_str!("../../lists/bots.tsv");

/// The list by how its lines are matched.
#[derive(Default)]
pub(crate) struct Bots {
    pub(crate) words: Vec<&'static str>,
    pub(crate) words_in_any_case: Vec<&'static str>,
    pub(crate) patterns: Vec<&'static str>,
    pub(crate) guarded: Vec<GuardedLine>,
}

/// A pattern with neighbours that excuse it.
pub(crate) struct GuardedLine {
    pub(crate) pattern: &'static str,
    pub(crate) not_before: &'static str,
    pub(crate) not_after: &'static str,
}

/// Reads the bundled list. White space within a line is part of a name.
pub(crate) fn read() -> Bots {
    let mut bots = Bots::default();
    for line in LIST.lines().filter(|line| !line.starts_with('#')) {
        let columns: Vec<&'static str> = line.split('\t').collect();
        match columns[..] {
            ["word", word] => bots.words.push(word),
            ["word-any-case", word] => bots.words_in_any_case.push(word),
            ["pattern", pattern] => bots.patterns.push(pattern),
            ["guarded", not_before, pattern, not_after] => {
                bots.guarded.push(GuardedLine { pattern, not_before, not_after });
            }
            _ => {}
        }
    }
    bots
}

/// Compiles one pattern over bytes: no name of a bot needs Unicode's tables, which are large.
pub(crate) fn compile(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern).unicode(false).build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_list_is_of_a_known_kind() {
        let bots = read();
        let read = bots.words.len() + bots.words_in_any_case.len() + bots.patterns.len() + bots.guarded.len();
        assert_eq!(read, LIST.lines().filter(|line| !line.starts_with('#')).count());
    }
}
