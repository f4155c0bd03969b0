//! What a letter is made of, and the two ways it is written: plain text, and HTML as plain as that. Every text that goes
//! into HTML is escaped here, since there is no other way to put one in.

use std::fmt::Write;

/// Characters of what a person typed that a mail repeats at most.
pub(super) const TYPED_CHARS_MAX: usize = 200;
/// And in a subject.
const SUBJECT_CHARS_MAX: usize = 80;

/// A letter in parts.
pub(super) struct Page {
    subject: String,
    parts: Vec<Part>,
}

enum Part {
    Sentence(String),
    Link { label: &'static str, url: String },
    Fact { name: &'static str, value: String },
}

impl Page {
    /// A letter of which this is the subject.
    pub(super) fn new(subject: impl Into<String>) -> Self {
        Self { subject: subject.into(), parts: Vec::new() }
    }

    /// A paragraph.
    pub(super) fn say(mut self, sentence: impl Into<String>) -> Self {
        self.parts.push(Part::Sentence(sentence.into()));
        self
    }

    /// A link, on a line of its own.
    pub(super) fn link(mut self, label: &'static str, url: String) -> Self {
        self.parts.push(Part::Link { label, url });
        self
    }

    /// A line such as `From: 203.0.113.0`. What was typed by somebody is shown as one line.
    pub(super) fn fact(mut self, name: &'static str, value: &str) -> Self {
        self.parts.push(Part::Fact { name, value: typed(value) });
        self
    }

    pub(super) fn subject(&self) -> &str {
        &self.subject
    }

    /// As plain text.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        let mut parts = self.parts.iter().peekable();
        while let Some(part) = parts.next() {
            match part {
                Part::Sentence(sentence) => text.push_str(sentence),
                Part::Link { label, url } => _ = write!(text, "{label}:\n{url}"),
                Part::Fact { name, value } => _ = write!(text, "{name}: {value}"),
            }
            let together = matches!((part, parts.peek()), (Part::Fact { .. }, Some(Part::Fact { .. })));
            text.push_str(if together { "\n" } else { "\n\n" });
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
        text
    }

    /// As HTML without colours, so that it looks right in the dark as well, and without anything to fetch.
    pub(super) fn html(&self) -> String {
        let mut html = String::from(concat!(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">",
            "<meta name=\"viewport\" content=\"width=device-width\">",
            "<meta name=\"color-scheme\" content=\"light dark\"></head>\n",
            "<body style=\"font-family:system-ui,sans-serif;line-height:1.5;max-width:36em;margin:2em auto;padding:0 1em\">\n",
        ));
        for part in &self.parts {
            let _ = match part {
                Part::Sentence(sentence) => writeln!(html, "<p>{}</p>", escape(sentence)),
                Part::Link { label, url } => {
                    let url = escape(url);
                    writeln!(
                        html,
                        "<p><strong><a href=\"{url}\">{label}</a></strong><br><small>{url}</small></p>"
                    )
                }
                Part::Fact { name, value } => {
                    writeln!(html, "<p style=\"margin:0\">{name}: <strong>{}</strong></p>", escape(value))
                }
            };
        }
        html.push_str("</body></html>\n");
        html
    }
}

/// What somebody typed, as words on one line: without what steers a terminal, breaks a line, or turns the direction of
/// what follows.
pub(super) fn typed(raw: &str) -> String {
    one_line(raw, TYPED_CHARS_MAX)
}

/// The same for a subject.
pub(super) fn typed_in_subject(raw: &str) -> String {
    one_line(raw, SUBJECT_CHARS_MAX)
}

fn one_line(raw: &str, chars_max: usize) -> String {
    let kept =
        raw.chars().map(|c| if c.is_control() || breaks_lines(c) { ' ' } else { c }).filter(|c| !steers(*c));
    let words: String = kept.collect();
    let mut line = String::new();
    for (at, c) in words.split_whitespace().collect::<Vec<_>>().join(" ").chars().enumerate() {
        if at == chars_max {
            line.push('…');
            break;
        }
        line.push(c);
    }
    line
}

const fn breaks_lines(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}')
}

/// Marks that cannot be seen and change how what is around them reads.
const fn steers(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}
