//! What was taken from where: one line for each list and source.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

const HEADER: &str = "# file\tsource\tversion\tlicence";

/// Where one list came from.
pub(super) struct Provenance {
    pub(super) file: String,
    pub(super) source: String,
    pub(super) version: String,
    pub(super) licence: String,
}

impl Provenance {
    /// Reads it from an unpacked npm package.
    pub(super) fn of_package(file: &str, package: &Path) -> Result<Self> {
        let described: Value = serde_json::from_str(&fs::read_to_string(package.join("package.json"))?)?;
        // Older packages describe their licence as the first of a list.
        let licence =
            [&described["license"], &described["licenses"][0]["type"]].into_iter().find_map(Value::as_str);
        let text = |value: Option<&str>, what| {
            value.map(str::to_owned).with_context(|| format!("package.json names no {what}"))
        };
        Ok(Self {
            file: file.to_owned(),
            source: format!("npm {}", text(described["name"].as_str(), "name")?),
            version: text(described["version"].as_str(), "version")?,
            licence: text(licence, "licence")?,
        })
    }

    fn line(&self) -> String {
        [&*self.file, &self.source, &self.version, &self.licence].join("\t")
    }
}

/// Replaces the lines of the files that `taken` names.
pub(super) fn record(lists: &Path, taken: &[Provenance]) -> Result<()> {
    let path = lists.join("provenance.tsv");
    let before = fs::read_to_string(&path).unwrap_or_default();
    let is_kept = |line: &&str| {
        let file = line.split('\t').next().unwrap_or_default();
        !line.starts_with('#') && taken.iter().all(|provenance| provenance.file != file)
    };
    let mut lines: Vec<String> = before.lines().filter(is_kept).map(str::to_owned).collect();
    lines.extend(taken.iter().map(Provenance::line));
    lines.sort();
    fs::write(&path, format!("{HEADER}\n{}\n", lines.join("\n"))).context("cannot write provenance.tsv")
}
