//! `candor break-glass`: an owner whom nobody else can let in gets in again, in sight of all.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use anyhow::Context;
use hyper::Method;
use serde::Deserialize;
use serde_json::json;

use super::connection::Server;
use super::output::say;
use crate::Parts;
use crate::config::DATA_DEFAULT;
use crate::data_dir::DataDir;
use crate::logging;

const EXAMPLES: &str = "Examples:
  candor break-glass ada@example.com
  candor break-glass ada@example.com --data /var/lib/candor

It is for an owner who is locked out and whom no other owner can let in. Everybody of their organizations is told.";

/// Let in an owner who is locked out; all owners are told, and for a day nothing is open to that account
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct BreakGlass {
    /// E-mail address of the owner
    email: String,
    /// Data directory of the server
    #[arg(long, value_name = "DIR", default_value = DATA_DEFAULT)]
    data: PathBuf,
    /// Folder for the keys of the server [default: the data directory's name with `.keys` after it]
    #[arg(long, value_name = "DIR")]
    keys: Option<PathBuf>,
}

#[derive(Deserialize)]
struct WayIn {
    url: String,
    mailed: bool,
}

impl BreakGlass {
    pub(crate) fn run(self, _: &Parts) -> anyhow::Result<()> {
        logging::begin("candor");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let server = Server::running(&DataDir::new(self.data.clone())).await;
            // One started for this would know neither its public address nor the mail server.
            let server = server.ok_or_else(|| {
                anyhow::anyhow!("no server runs on {}: start it first", self.data.display())
            })?;
            let wish = self.ask_the_keeper()?;
            let body = json!({ "email": self.email });
            let asked = server.ask(Method::POST, "/commands/break-glass", Some(body)).await;
            // The keeper takes it; where it was not even asked, nobody is to make use of it later.
            let _ = fs::remove_file(wish);
            let way_in: WayIn = asked?;
            report(&self.email, &way_in);
            Ok(())
        })
    }

    /// Writes where no process of the server but the keeper can that this is asked from the shell.
    fn ask_the_keeper(&self) -> anyhow::Result<PathBuf> {
        let data = DataDir::ready(&self.data)?;
        let keys = self.keys.clone().unwrap_or_else(|| keeper::Keeper::folder_beside(data.path()));
        let wish = keys.join(keeper::BREAK_GLASS_WISH);
        let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&wish);
        let written = file.and_then(|mut file| file.write_all(self.email.as_bytes()));
        written
            .with_context(|| format!("{} cannot be written: name the folder with --keys", wish.display()))?;
        Ok(wish)
    }
}

fn report(email: &str, way_in: &WayIn) {
    let told = if way_in.mailed {
        "All owners are told: by mail, on every screen for 30 days, and in the audit log."
    } else {
        "All owners are told: on every screen for 30 days, and in the audit log; by mail nobody is, as none is set up."
    };
    say(format_args!(
        "To let {email} in, open this address within an hour and choose another password. It is good once:\n\n  {}\n\n\
         With that, every sign-in, passkey, authenticator app and recovery code of the account is gone, and for 24 hours\n\
         nothing can be opened or changed with it, nor with API keys that it made.\n{told}",
        way_in.url
    ));
}
