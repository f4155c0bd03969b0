//! `build`: the scripts of measured pages, the player and the UI first, for the binary carries them inside.

use anyhow::Result;

use crate::requirements;
use crate::steps::{Step, run_all};

/// The steps that make the files the binary carries inside.
pub(crate) fn web_steps() -> Vec<Step> {
    vec![
        Step::new("Fetch the web packages", "npm", &["ci", "--no-audit", "--no-fund"]).within("web"),
        Step::new("Build the tracker", "npm", &["run", "build", "-w", "tracker"]).within("web"),
        Step::new("Build the recorder", "npm", &["run", "build", "-w", "recorder"]).within("web"),
        Step::new("Build the player", "npm", &["run", "build", "-w", "player"]).within("web"),
        Step::new("Build the UI", "npm", &["run", "build", "-w", "app"]).within("web"),
    ]
}

/// Builds what the binary carries inside, for whoever builds that themselves.
pub(crate) fn build_web() -> Result<()> {
    requirements::for_building()?;
    run_all(&web_steps())
}

/// Builds everything; the binary lands in the target folder's `release`.
pub(crate) fn build() -> Result<()> {
    requirements::for_building()?;
    let mut steps = web_steps();
    steps.push(Step::new("Build the server", "cargo", &["build", "--release", "-p", "candor"]));
    run_all(&steps)
}
