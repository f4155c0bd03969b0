//! Every path that ARCHITECTURE.md names must exist, so that the map cannot drift from the house.

use std::path::Path;

/// What a path named in prose begins with.
const ROOTS: &[&str] =
    &["crates/", "web/", "docs/", "xtask/", "fixtures/", "bench/", "oracle/", "fuzz/", ".ci/"];

pub(crate) fn breaches(root: &Path, architecture: &str) -> Vec<String> {
    named_paths(architecture)
        .filter(|path| !root.join(path).exists())
        .map(|path| format!("ARCHITECTURE.md names `{path}`, which does not exist"))
        .collect()
}

/// Words in backticks that read as a path of the checkout.
fn named_paths(architecture: &str) -> impl Iterator<Item = &str> {
    architecture.split('`').skip(1).step_by(2).filter(|word| {
        ROOTS.iter().any(|start| word.starts_with(start)) && !word.contains(['*', '<', '{', ' '])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_in_backticks_that_read_as_paths_are_taken() {
        let found: Vec<&str> =
            named_paths("see `crates/domain` and `web/*/x`, not crates/none nor `Clock`").collect();
        assert_eq!(found, ["crates/domain"]);
    }
}
