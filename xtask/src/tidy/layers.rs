//! The layer table of ARCHITECTURE.md against what cargo knows: dependencies point down, never sideways, and a
//! heavy or dangerous library is named in its one room only.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use cargo_metadata::{DependencyKind, MetadataCommand};

/// Libraries that only some crates may name.
const ROOMS: &[(&[&str], &[&str])] = &[
    (
        &["candor"],
        &[
            "keeper",
            "axum",
            "hyper",
            "hyper-util",
            "tower",
            "tower-http",
            "rustls",
            "utoipa",
            "utoipa-axum",
            "clap",
            "tokio",
        ],
    ),
    (&["events"], &["arrow", "parquet"]),
    (&["sealing", "operations"], &["object_store"]),
    (&["operations"], &["age", "tar"]),
    (&["control"], &["rusqlite"]),
    (&["keeper"], &["argon2", "cryptoki", "region"]),
    (&["sealing", "keeper"], &["aws-lc-rs", "aes-gcm", "hpke", "rand_core"]),
];

/// Crates that stand beside the house: they may use any room and nothing may use them.
const BESIDE: &[&str] = &["xtask", "bench"];

pub(crate) fn breaches(root: &Path, architecture: &str) -> Result<Vec<String>> {
    let metadata = MetadataCommand::new().current_dir(root).no_deps().exec()?;
    let drawn = drawn_layers(architecture);
    let mut breaches = Vec::new();
    for package in metadata.workspace_packages() {
        let name = package.name.as_str();
        if BESIDE.contains(&name) {
            continue;
        }
        let Some(&layer) = drawn.get(name) else {
            breaches.push(format!("crate `{name}` is not in ARCHITECTURE.md's layer table"));
            continue;
        };
        for dependency in &package.dependencies {
            let below = drawn.get(dependency.name.as_str());
            if below.is_some_and(|&below| below >= layer) {
                breaches.push(format!(
                    "`{name}` (layer {layer}) depends on `{}`, which is not below it",
                    dependency.name
                ));
            }
            if BESIDE.contains(&dependency.name.as_str()) {
                breaches.push(format!(
                    "`{name}` depends on `{}`, which stands beside the house",
                    dependency.name
                ));
            }
            let room = ROOMS.iter().find(|(_, libraries)| libraries.contains(&dependency.name.as_str()));
            if let Some((rooms, _)) = room
                && !rooms.contains(&name)
                && dependency.kind == DependencyKind::Normal
            {
                let rooms = rooms.join("` and `");
                breaches.push(format!("`{name}` names `{}`; only `{rooms}` may", dependency.name));
            }
        }
    }
    for name in drawn.keys() {
        if !metadata.workspace_packages().iter().any(|package| package.name.as_str() == name) {
            breaches.push(format!("ARCHITECTURE.md's layer table lists `{name}`, which does not exist"));
        }
    }
    Ok(breaches)
}

/// Rows of the table headed `| layer | crate |`: a number, then a crate's name in backticks.
fn drawn_layers(architecture: &str) -> BTreeMap<String, u32> {
    architecture
        .lines()
        .filter_map(|line| {
            let mut cells = line.trim().strip_prefix('|')?.split('|').map(str::trim);
            let layer = cells.next()?.parse().ok()?;
            let name = cells.next()?.strip_prefix('`')?.strip_suffix('`')?;
            Some((name.to_owned(), layer))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read_and_other_tables_are_not() {
        let page =
            "| layer | crate | holds |\n|---|---|---|\n| 0 | `domain` | words |\n| store | `x` | y |\n";
        assert_eq!(drawn_layers(page), BTreeMap::from([("domain".to_owned(), 0)]));
    }
}
