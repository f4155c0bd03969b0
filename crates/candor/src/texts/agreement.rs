//! The data-processing agreement between an organization and whoever runs the server.

use std::sync::LazyLock;

use super::version_of;

/// Its words, as Markdown.
pub(crate) const TEXT: &str = include_str!("agreement.md");

static VERSION: LazyLock<String> = LazyLock::new(|| version_of(TEXT));

/// The version in force.
pub(crate) fn version() -> &'static str {
    &VERSION
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_a_digest_of_the_words() {
        assert_eq!(version(), version_of(TEXT));
        assert_ne!(version_of("one"), version_of("one."));
        assert_eq!(version().len(), 32);
    }
}
