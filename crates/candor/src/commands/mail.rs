//! `candor mail`: whether mail goes out.

use hyper::Method;
use serde_json::json;

use super::connection::Server;
use super::output::say;
use crate::Parts;
use crate::config::DATA_DEFAULT;
use crate::data_dir::DataDir;
use crate::http::mail::Tested;
use crate::logging;

const TEST_EXAMPLES: &str = "Examples:
  candor mail test ada@example.com
  candor mail test ada@example.com --data /var/lib/candor

It goes the way all mail goes. If the mail server cannot take it now, it is tried again for an hour.";

/// See whether mail goes out
#[derive(clap::Subcommand)]
pub(crate) enum Mail {
    /// Send a mail through the running server and say what came of it
    #[command(after_help = TEST_EXAMPLES)]
    Test {
        /// To whom
        address: String,
        /// Data directory of the server
        #[arg(long, value_name = "DIR", default_value = DATA_DEFAULT)]
        data: std::path::PathBuf,
    },
}

impl Mail {
    pub(crate) fn run(self, _: &Parts) -> anyhow::Result<()> {
        logging::begin("candor");
        let Self::Test { address, data } = self;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let server = Server::running(&DataDir::new(data.clone())).await;
            // One started for this would not know the mail server.
            let server = server.ok_or_else(|| {
                anyhow::anyhow!("no server runs on {}, which would send it", data.display())
            })?;
            let body = json!({ "address": address });
            let tested: Tested = server.ask(Method::POST, "/commands/mail/test", Some(body)).await?;
            report(&tested)
        })
    }
}

fn report(tested: &Tested) -> anyhow::Result<()> {
    match (&tested.trouble, &tested.next_attempt_at) {
        (None, _) => {
            say("The mail server took it.");
            Ok(())
        }
        (Some(trouble), Some(at)) => anyhow::bail!("{trouble}; it is tried again at {at}"),
        (Some(trouble), None) => anyhow::bail!("{trouble}; it is not tried again"),
    }
}
