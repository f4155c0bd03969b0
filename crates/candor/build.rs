//! Embeds the built web assets: one table of files, each with its compressed forms and its entity tag.
//!
//! A release build without them fails and says what to run; a debug build without them answers 503 there.

use std::collections::hash_map::DefaultHasher;
use std::fmt::Write as _;
use std::fs;
use std::hash::Hasher;
use std::path::{Path, PathBuf};

fn main() {
    let web =
        PathBuf::from(setting("CARGO_MANIFEST_DIR").expect("cargo says where it builds")).join("../../web");
    let out = PathBuf::from(setting("OUT_DIR").expect("cargo says where generated code goes"));
    let ui = web.join("app/dist");
    let player = web.join("player/dist");
    let (script, recorder) = (web.join("tracker/dist/c.js"), web.join("recorder/dist/r.js"));
    let known = web.join("tracker/dist/i.js");
    let mut table = String::new();
    let ui_files = ui.join("index.html").is_file().then(|| files_under(&ui));
    declare(&mut table, &out, "UI", ui_files, &ui);
    let player_files = player.join("index.html").is_file().then(|| files_under(&player));
    declare(&mut table, &out, "PLAYER", player_files, &player);
    for (name, file) in [("SCRIPT", &script), ("KNOWN_SCRIPT", &known), ("RECORDER", &recorder)] {
        let files = file.is_file().then(|| vec![file.clone()]);
        declare(&mut table, &out, name, files, file.parent().expect("a file has a folder"));
    }
    fs::write(out.join("assets.rs"), table).expect("the table of assets can be written");
    for path in [&ui, &player, &script, &known, &recorder] {
        println!("cargo::rerun-if-changed={}", path.display());
    }
}

/// Writes the table of one folder; an absent one is an empty table in debug builds and the end of a release build.
///
/// The table names copies, so that a build of the UI meanwhile cannot take a file away.
fn declare(table: &mut String, out: &Path, name: &str, files: Option<Vec<PathBuf>>, root: &Path) {
    if files.is_none() && setting("PROFILE").as_deref() == Some("release") {
        println!(
            "cargo::error={} is missing: run `make build`, which builds the web assets first",
            root.display()
        );
    }
    writeln!(table, "pub(crate) static {name}: &[Asset] = &[").expect("text takes text");
    for (number, file) in files.unwrap_or_default().iter().enumerate() {
        let path = file.strip_prefix(root).expect("a file lies under its root").display().to_string();
        let bytes = fs::read(file).expect("an asset can be read");
        let mut hasher = DefaultHasher::new();
        hasher.write(&bytes);
        let tag = hasher.finish();
        let plain = keep(out, &format!("{name}-{number}"), &bytes);
        let form = |extension: &str| {
            let packed = fs::read(format!("{}.{extension}", file.display())).ok();
            packed.map_or("None".to_owned(), |bytes| {
                format!("Some({})", keep(out, &format!("{name}-{number}.{extension}"), &bytes))
            })
        };
        let (br, gz) = (form("br"), form("gz"));
        writeln!(
            table,
            "    Asset {{ path: {path:?}, tag: \"\\\"{tag:016x}\\\"\", plain: {plain}, br: {br}, gz: {gz} }},",
        )
        .expect("text takes text");
    }
    table.push_str("];\n");
}

/// Copies an asset to where the table finds it; the expression that includes it.
fn keep(out: &Path, name: &str, bytes: &[u8]) -> String {
    fs::write(out.join(name), bytes).expect("an asset can be copied");
    format!("include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}\"))")
}

/// All files under `folder` but the compressed forms, in order of their paths.
fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of assets can be read").flatten() {
            let path = entry.path();
            let packed = path.extension().is_some_and(|extension| extension == "br" || extension == "gz");
            if path.is_dir() {
                folders.push(path);
            } else if !packed {
                files.push(path);
            }
        }
    }
    // By the text of the path, which is how they are looked up.
    files.sort_by_key(|path| path.display().to_string());
    files
}

#[expect(clippy::disallowed_methods, reason = "cargo speaks to build scripts through the environment")]
fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
