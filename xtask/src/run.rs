//! `run`: Candor with a demo site, from nothing to a screen.

use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::build::build;
use crate::steps::{root, target};

const ADDRESS: &str = "127.0.0.1:7400";
const URL: &str = "http://localhost:7400";
/// The demo's visitors come from this machine and tell in a header where in the world they are made up to be.
const LOOPBACK: &str = "127.0.0.0/8";
/// How long a server may take to listen before it is given up.
const START_MAX: Duration = Duration::from_secs(20);

/// Builds, serves, fills the demo site, opens a browser, and stays until the server ends (Ctrl-C ends all).
pub(crate) fn run() -> Result<()> {
    build()?;
    let binary = target()?.join("release/candor");
    let data = root().join("candor-data");
    let mut server = start(&binary, &["serve", "--behind-proxy", LOOPBACK, "--data"], &data)?;
    wait_until_it_listens(&mut server)?;
    eprintln!(
        "\nCandor is at {URL}\nThe demo site fills while you look. Ctrl-C ends it; the data stays in candor-data.\n"
    );
    open_browser();
    let mut demo = start(&binary, &["demo", "--live", "--data"], &data)?;
    let status = server.wait()?;
    demo.kill().ok();
    demo.wait()?;
    if !status.success() {
        bail!("the server ended with {status}");
    }
    Ok(())
}

fn start(binary: &Path, arguments: &[&str], data: &Path) -> Result<Child> {
    Command::new(binary)
        .args(arguments)
        .arg(data)
        .spawn()
        .with_context(|| format!("{} could not be started", binary.display()))
}

fn wait_until_it_listens(server: &mut Child) -> Result<()> {
    let begun = Instant::now();
    while TcpStream::connect(ADDRESS).is_err() {
        if let Some(status) = server.try_wait()? {
            bail!("the server ended with {status}; what it said stands above");
        }
        if begun.elapsed() > START_MAX {
            server.kill()?;
            bail!("the server did not listen on {ADDRESS} within {} s", START_MAX.as_secs());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

/// Opens the page where there is a desktop to open it on; the address stands on the terminal either way.
fn open_browser() {
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    Command::new(opener).arg(URL).stderr(std::process::Stdio::null()).spawn().ok();
}
