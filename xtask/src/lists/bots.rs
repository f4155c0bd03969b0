//! `isbot` and `crawler-user-agents` as one list, sorted by how a line is matched.
//!
//! Most names are plain words, which one automaton finds together at almost no cost. Patterns that look
//! around themselves are split into the pattern and the neighbours that excuse it, since the product's
//! expressions take time linear in the text and therefore cannot look around.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

const HEADER: &str = "\
# isbot (Unlicense) and crawler-user-agents (MIT, (c) 2017 Martin Monperrus), by how a line is matched:
# word, word-any-case: as it stands, white space included; pattern: an expression;
# guarded: neighbour before, expression, neighbour after, where a neighbour excuses.
";

/// Converts the list in `isbot`'s module and the objects of `crawler-user-agents`.
pub(super) fn convert(isbot_module: &str, crawlers_json: &str) -> Result<String> {
    let start = isbot_module.find('[').context("isbot's module holds no list")?;
    let end = isbot_module.find("];").context("isbot's list has no end")?;
    let isbot: Vec<String> =
        serde_json::from_str(&isbot_module[start..=end]).context("isbot's list is no JSON")?;
    let crawlers: Vec<Value> = serde_json::from_str(crawlers_json)?;
    ensure!(isbot.len() > 100 && crawlers.len() > 500, "a list of bots is suspiciously short");

    let mut lines: BTreeSet<String> = isbot.iter().map(|pattern| any_case(pattern)).collect();
    for crawler in &crawlers {
        lines.insert(as_written(crawler["pattern"].as_str().context("a crawler has no pattern")?));
    }
    ensure!(lines.iter().all(|line| !line.contains('\n')), "a pattern has a line break");
    let lines: Vec<String> = lines.into_iter().collect();
    Ok(format!("{HEADER}{}\n", lines.join("\n")))
}

fn any_case(pattern: &str) -> String {
    if let Some(word) = plain(pattern) {
        return format!("word-any-case\t{word}");
    }
    let (before, rest) = split_before(pattern);
    let (core, after) = split_after(rest);
    let core = escape_hyphens(core);
    if before.is_empty() && after.is_empty() {
        return format!("pattern\t(?i){core}");
    }
    let any_case = |part: &str| if part.is_empty() { String::new() } else { format!("(?i){part}") };
    format!("guarded\t{}\t(?i){core}\t{}", any_case(before), any_case(after))
}

fn as_written(pattern: &str) -> String {
    plain(pattern).map_or_else(|| format!("pattern\t{pattern}"), |word| format!("word\t{word}"))
}

/// The word that a pattern spells, if it is nothing but a word.
fn plain(pattern: &str) -> Option<String> {
    let mut word = String::new();
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => word.push(characters.next().filter(char::is_ascii_punctuation)?),
            '^' | '$' | '.' | '|' | '?' | '*' | '+' | '(' | ')' | '[' | ']' | '{' | '}' => return None,
            other => word.push(other),
        }
    }
    Some(word)
}

/// `(?<!x)y` as `x` and `y`.
fn split_before(pattern: &str) -> (&str, &str) {
    pattern.strip_prefix("(?<!").and_then(|rest| rest.split_once(')')).unwrap_or(("", pattern))
}

/// `y(?!x)` as `y` and `x`.
fn split_after(pattern: &str) -> (&str, &str) {
    let split = pattern.rsplit_once("(?!").and_then(|(core, rest)| Some((core, rest.strip_suffix(')')?)));
    split.unwrap_or((pattern, ""))
}

/// A hyphen after a class of characters stands for itself, and here must say so.
fn escape_hyphens(pattern: &str) -> String {
    ["\\d", "\\w", "\\s"].iter().fold(pattern.to_owned(), |pattern, class| {
        pattern.replace(&format!("{class}-"), &format!("{class}\\-"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_name_is_a_word_and_its_escapes_are_read() {
        assert_eq!(as_written("Googlebot\\/"), "word\tGooglebot/");
        assert_eq!(any_case("mail\\.ru/"), "word-any-case\tmail.ru/");
    }

    #[test]
    fn an_expression_stays_one() {
        assert_eq!(as_written("^curl"), "pattern\t^curl");
        assert_eq!(any_case("^[\\w\\d-.]+$"), "pattern\t(?i)^[\\w\\d\\-.]+$");
    }

    #[test]
    fn a_pattern_that_looks_around_is_split_from_its_neighbours() {
        assert_eq!(any_case("(?<! cu)bots?(?:\\b|_)"), "guarded\t(?i) cu\t(?i)bots?(?:\\b|_)\t");
        assert_eq!(
            any_case("(?<! channel/|google/)google(?!(?:wv|app))"),
            "guarded\t(?i) channel/|google/\t(?i)google\t(?i)(?:wv|app)"
        );
    }
}
