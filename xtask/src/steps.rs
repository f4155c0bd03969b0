//! Running tools one after another, saying what is being done and how far it is.

use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

/// The root of the checkout that cargo was called in. Where checkouts share a target folder, this program may have been
/// built from another one.
#[expect(
    clippy::disallowed_methods,
    reason = "no process of the product: cargo tells by it where it was called"
)]
pub(crate) fn root() -> PathBuf {
    let called = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let package = called.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
    package.parent().unwrap_or(&package).to_path_buf()
}

/// Where cargo puts what it builds.
pub(crate) fn target() -> Result<PathBuf> {
    let metadata = cargo_metadata::MetadataCommand::new().current_dir(root()).no_deps().exec()?;
    Ok(metadata.target_directory.into())
}

/// A folder outside the checkout's tracked files for what tests download: packages of documentation, the oracle's Python.
pub(crate) fn cache() -> Result<PathBuf> {
    let folder = target()?.join("cache");
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// One tool to run.
pub(crate) struct Step {
    title: &'static str,
    program: String,
    arguments: Vec<String>,
    folder: PathBuf,
    settings: Vec<(&'static str, PathBuf)>,
}

impl Step {
    /// Runs `program` with `arguments` in the root of the checkout.
    pub(crate) fn new(title: &'static str, program: &str, arguments: &[&str]) -> Self {
        Self {
            title,
            program: program.to_owned(),
            arguments: arguments.iter().map(|&argument| argument.to_owned()).collect(),
            folder: root(),
            settings: Vec::new(),
        }
    }

    /// The same in `folder` below the root.
    pub(crate) fn within(mut self, folder: &str) -> Self {
        self.folder = root().join(folder);
        self
    }

    /// The same with `name` set in the tool's environment.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<PathBuf>) -> Self {
        self.settings.push((name, value.into()));
        self
    }

    fn run(&self) -> Result<()> {
        let status = Command::new(&self.program)
            .args(&self.arguments)
            .current_dir(&self.folder)
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .status()
            .with_context(|| format!("`{}` could not be started", self.program))?;
        if !status.success() {
            bail!("failed: {}\n  {} {}", self.title, self.program, self.arguments.join(" "));
        }
        Ok(())
    }
}

/// Runs `steps` in order and stops at the first that fails.
pub(crate) fn run_all(steps: &[Step]) -> Result<()> {
    for (number, step) in steps.iter().enumerate() {
        let begun = Instant::now();
        eprintln!("\n[{}/{}] {}", number + 1, steps.len(), step.title);
        step.run()?;
        eprintln!(
            "[{}/{}] {}: done in {:.0} s",
            number + 1,
            steps.len(),
            step.title,
            begun.elapsed().as_secs_f64()
        );
    }
    Ok(())
}
