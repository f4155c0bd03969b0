//! Which pages a heatmap is of: a pattern of their paths as recordings have them. `*` stands for anything within a segment, `**`
//! for anything; every other sign for itself. What may name somebody is a star in a recorded path, and `*` fits it.

/// Bytes of a pattern.
pub const PATTERN_BYTES_MAX: usize = 2_048;
/// Stars of a pattern: what a path is tried against grows with each.
const STARS_MAX: usize = 16;

/// A text is no pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// It is not a path.
    #[error("page is a path or a pattern of paths, and begins with a slash or a star")]
    NotAPath,
    /// It is longer than it may be.
    #[error("page has at most {PATTERN_BYTES_MAX} bytes and {STARS_MAX} groups of stars")]
    TooLong,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    /// This text.
    Text(String),
    /// Anything without a slash.
    Segment,
    /// Anything.
    Anything,
}

/// A pattern of paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(Vec<Piece>);

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// [`PatternError`].
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        if !text.starts_with(['/', '*']) {
            return Err(PatternError::NotAPath);
        }
        let mut pieces = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let plain = rest.find('*').unwrap_or(rest.len());
            if plain > 0 {
                pieces.push(Piece::Text(rest[..plain].to_owned()));
            }
            let stars = rest[plain..].bytes().take_while(|byte| *byte == b'*').count();
            match stars {
                0 => {}
                1 => pieces.push(Piece::Segment),
                _ => pieces.push(Piece::Anything),
            }
            rest = &rest[plain + stars..];
        }
        let stars = pieces.iter().filter(|piece| !matches!(piece, Piece::Text(_))).count();
        if text.len() > PATTERN_BYTES_MAX || stars > STARS_MAX {
            return Err(PatternError::TooLong);
        }
        Ok(Self(pieces))
    }

    /// Whether a path is one of these.
    pub fn fits(&self, path: &str) -> bool {
        // Which beginnings of the path what came before fits, by where they end: never more work than places times pieces.
        let path = path.as_bytes();
        let mut ends = vec![false; path.len() + 1];
        ends[0] = true;
        for piece in &self.0 {
            let mut next = vec![false; path.len() + 1];
            match piece {
                Piece::Text(text) => {
                    for (at, _) in ends.iter().enumerate().filter(|(_, end)| **end) {
                        if path[at..].starts_with(text.as_bytes()) {
                            next[at + text.len()] = true;
                        }
                    }
                }
                Piece::Segment | Piece::Anything => {
                    let mut open = false;
                    for at in 0..=path.len() {
                        let ends_segment = at > 0 && path[at - 1] == b'/' && *piece == Piece::Segment;
                        open = (open && !ends_segment) || ends[at];
                        next[at] = open;
                    }
                }
            }
            ends = next;
        }
        ends[path.len()]
    }

    /// A pattern of SQLite's GLOB that fits every path which this fits, and perhaps more.
    pub fn as_glob(&self) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => text.replace('[', "[[]").replace('?', "[?]"),
            Piece::Segment | Piece::Anything => "*".to_owned(),
        };
        self.0.iter().map(piece).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fits(pattern: &str, path: &str) -> bool {
        Pattern::parse(pattern).unwrap().fits(path)
    }

    #[test]
    fn one_star_stays_in_its_segment_and_two_go_anywhere() {
        for (pattern, path, expected) in [
            ("/", "/", true),
            ("/cart", "/cart", true),
            ("/cart", "/cart/", false),
            ("/blog/*", "/blog/first", true),
            ("/blog/*", "/blog/", true),
            ("/blog/*", "/blog/first/page", false),
            ("/blog/*/page", "/blog/*/page", true),
            ("/blog/**", "/blog/first/page", true),
            ("/blog/**/page", "/blog/a/b/page", true),
            ("/blog/**/page", "/blog/page", false),
            ("**", "/any/thing", true),
            ("*", "/any", false),
            ("/a*c", "/abbc", true),
            ("/a*c", "/ab/c", false),
            ("/[x]?", "/[x]?", true),
            ("/[x]?", "/x1", false),
            ("/*.html", "/a.b.html", true),
        ] {
            assert_eq!(fits(pattern, path), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn a_pattern_has_its_bytes_and_stars_and_not_one_more() {
        let long = |bytes: usize| Pattern::parse(&format!("/{}", "a".repeat(bytes - 1))).map(drop);
        assert_eq!(long(PATTERN_BYTES_MAX), Ok(()));
        assert_eq!(long(PATTERN_BYTES_MAX + 1), Err(PatternError::TooLong));
        let starred = |stars: usize| Pattern::parse(&"/*".repeat(stars)).map(drop);
        assert_eq!(starred(STARS_MAX), Ok(()));
        assert_eq!(starred(STARS_MAX + 1), Err(PatternError::TooLong));
        for wrong in ["", "cart", "https://example.com/"] {
            assert_eq!(Pattern::parse(wrong), Err(PatternError::NotAPath), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn every_path_fits_itself_its_stars_and_two_stars(path in "/[a-c/*]{0,12}") {
            prop_assume!(Pattern::parse(&path).is_ok());
            prop_assert!(fits(&path, &path));
            prop_assert!(fits("/**", &path));
            let starred = path.split('/').map(|segment| if segment.is_empty() { "" } else { "*" });
            prop_assert!(fits(&starred.collect::<Vec<_>>().join("/"), &path));
        }
    }
}
