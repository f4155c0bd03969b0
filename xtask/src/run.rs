//! `run`: Candor with a demo site, from nothing to a screen.

use std::io::{Read, Write};
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
/// How long a server may take to serve before it is given up.
const START_MAX: Duration = Duration::from_secs(20);
/// How often it is looked whether something has begun or ended.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Builds, serves, has the demo fill its site and open an address that signs in, and stays until the server ends (Ctrl-C
/// ends all).
pub(crate) fn run() -> Result<()> {
    build()?;
    let binary = target()?.join("release/candor");
    let data = root().join("candor-data");
    let mut server = start(&binary, &["serve", "--behind-proxy", LOOPBACK, "--data"], &data)?;
    wait_until_it_serves(&mut server)?;
    eprintln!("The demo's site fills while you look. Ctrl-C ends it; the data stays in candor-data.\n");
    let mut demo = start(&binary, &["demo", "--live", "--open", "--data"], &data)?;
    let status = loop {
        if let Some(status) = server.try_wait()? {
            break status;
        }
        if demo.try_wait()?.is_some() {
            // It said why it ended; the server is there all the same.
            eprintln!("\nCandor is at {URL}: sign in there.");
            break server.wait()?;
        }
        std::thread::sleep(LOOK_EVERY);
    };
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

fn wait_until_it_serves(server: &mut Child) -> Result<()> {
    let begun = Instant::now();
    while !is_healthy() {
        if let Some(status) = server.try_wait()? {
            bail!("the server ended with {status}; what it said stands above");
        }
        if begun.elapsed() > START_MAX {
            server.kill()?;
            bail!("the server did not serve on {ADDRESS} within {} s", START_MAX.as_secs());
        }
        std::thread::sleep(LOOK_EVERY);
    }
    Ok(())
}

/// Whether every process serves.
fn is_healthy() -> bool {
    let Ok(mut stream) = TcpStream::connect(ADDRESS) else { return false };
    let asking = format!("GET /api/health HTTP/1.1\r\nHost: {ADDRESS}\r\nConnection: close\r\n\r\n");
    let mut answer = String::new();
    let heard = stream.set_read_timeout(Some(START_MAX)).and_then(|()| stream.write_all(asking.as_bytes()));
    heard.is_ok() && stream.read_to_string(&mut answer).is_ok() && answer.starts_with("HTTP/1.1 200")
}
