//! `test`, `chaos`, `timing` and `bless`: every check of the house, cheapest first.

use anyhow::Result;

use crate::build::web_steps;
use crate::requirements;
use crate::steps::{Step, cache, run_all, target};

/// How much of the suite to run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// No browser, no kill rounds, no oracle.
    Quick,
    /// Everything but `chaos`.
    Whole,
}

/// Runs the suite.
pub(crate) fn test(extent: Extent) -> Result<()> {
    match extent {
        Extent::Quick => requirements::for_building()?,
        Extent::Whole => requirements::for_testing()?,
    }
    let mut steps = vec![
        Step::new("Format", "cargo", &["fmt", "--all", "--check"]),
        Step::new("Walls", "cargo", &["xtask", "tidy"]),
    ];
    steps.extend(web_steps());
    steps.push(Step::new("Check and test the web packages", "npm", &["run", "check"]).within("web"));
    steps.push(Step::new(
        "Lint",
        "cargo",
        &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"],
    ));
    match extent {
        Extent::Quick => steps.push(Step::new(
            "Test the inner crates",
            "cargo",
            &["test", "-p", "domain", "-p", "capture", "-p", "control", "-p", "xtask"],
        )),
        Extent::Whole => steps.extend(whole()?),
    }
    run_all(&steps)
}

fn whole() -> Result<Vec<Step>> {
    let python = cache()?.join("oracle");
    Ok(vec![
        Step::new("Prepare the oracle", "sh", &["oracle/prepare.sh"]).with("ORACLE_VENV", &python),
        Step::new("Test every crate", "cargo", &["test", "--workspace"]).with("ORACLE_VENV", &python),
        // Its library is left out of the step above, so that nobody who works inside links it twice.
        Step::new("Test the server's own parts", "cargo", &["test", "-p", "candor", "--lib"]),
        Step::new("Attack the API", "python3", &["attacks/run.py"])
            .with("ATTACKS_BIN", target()?.join("debug/candor-twin"))
            .with("ATTACKS_CACHE", cache()?),
        Step::new("Test in a real browser", "npm", &["test", "-w", "e2e"])
            .within("web")
            .with("CANDOR_BIN", target()?.join("debug/candor"))
            .with("CANDOR_CACHE", cache()?),
    ])
}

/// Long rounds of killing every process under load.
pub(crate) fn chaos() -> Result<()> {
    requirements::for_testing()?;
    let arguments = ["test", "-p", "candor", "--test", "it", "--", "kill::", "--nocapture"];
    run_all(&[Step::new("Kill and count", "cargo", &arguments).with("CANDOR_KILL_ROUNDS", "200")])
}

/// Whether the time of an answer tells who is known: minutes on a machine that does nothing else.
pub(crate) fn timing() -> Result<()> {
    requirements::for_testing()?;
    let arguments = ["build", "-p", "candor", "--bins"];
    run_all(&[
        Step::new("Build the server and its twin", "cargo", &arguments),
        Step::new("Measure how long a wrong password takes", "python3", &["attacks/timing.py"])
            .with("ATTACKS_BIN", target()?.join("debug/candor-twin")),
    ])
}

/// Writes generated files anew.
pub(crate) fn bless() -> Result<()> {
    run_all(&[
        Step::new(
            "Write the OpenAPI document",
            "cargo",
            &["test", "-p", "candor", "--test", "it", "openapi"],
        )
        .with("UPDATE", "1"),
        Step::new(
            "Write the table of who may what",
            "cargo",
            &["test", "-p", "candor", "--test", "it", "authorization::everybody"],
        )
        .with("UPDATE", "1"),
        Step::new("Write the API client", "npm", &["run", "generate", "-w", "api-client"]).within("web"),
    ])
}
