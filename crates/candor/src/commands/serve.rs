//! `candor serve`: the server.

use std::io::{IsTerminal, Write};
use std::net::SocketAddr;
use std::path::Path;

use domain::Timestamp;

use crate::Parts;
use crate::assets::UI;
use crate::config::{Doors, MailConfig, ServeFlags, is_open};
use crate::data_dir::DataDir;
use crate::logging;
use crate::processes::edge::is_local_name;
use crate::processes::messages::Role;
use crate::processes::supervisor::{Listeners, Plan, Supervisor};
use crate::tls::{CertificateFiles, CertificateProblem};

const EXAMPLES: &str = "Examples:
  candor serve
  candor serve --data /var/lib/candor --listen 127.0.0.1:7400
  candor serve --public-url https://stats.example.com --behind-proxy 127.0.0.1
  candor serve --public-url https://stats.example.com --listen 0.0.0.0:443 --redirect-from 0.0.0.0:80 \
    --tls-cert /etc/candor/tls/fullchain.pem --tls-key /etc/candor/tls/privkey.pem
  candor serve --config /etc/candor.toml
  candor serve --root-key passphrase
  candor serve --public-url https://stats.example.com --smtp smtps://candor@mail.example.com \
    --smtp-password-file /etc/candor/smtp-password --mail-from candor@example.com
  candor serve --backup-to /mnt/backups --backup-recipient age1…

A configuration file has the same settings:
  data = \"/var/lib/candor\"
  public-url = \"https://stats.example.com\"
  behind-proxy = [\"127.0.0.1\", \"::1\"]";

/// Serve: accept events, answer reports, show the dashboard
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Serve {
    #[command(flatten)]
    flags: ServeFlags,
}

impl Serve {
    pub(crate) fn run(self, parts: &Parts) -> anyhow::Result<()> {
        logging::begin("candor");
        let config = self.flags.decide()?;
        let data = DataDir::ready(&config.data)?;
        let lock = data.take()?;
        let keys = config.keys.clone().unwrap_or_else(|| keeper::Keeper::folder_beside(data.path()));
        let root = config.root.clone().unsealing(&keys)?;
        if let Some(files) = &config.doors.certificate {
            check_certificate(files, [data.path(), &keys], parts.clock.now())?;
        }
        let smtp = config.mail.clone().map(MailConfig::read).transpose()?;
        let backups = config.backup.clone().map(|backup| backup.read(data.path())).transpose()?;
        let reach = config.contact.clone().read(parts.clock.now())?;
        let listeners = Listeners::bind(&data, lock, &config)?;
        let address = listeners.address().unwrap_or(config.listen);
        let public_url = config.public_url.as_ref().map_or_else(
            || {
                let scheme = if config.doors.certificate.is_some() { "https" } else { "http" };
                format!("{scheme}://localhost:{}", address.port())
            },
            |url| url.as_str().to_owned(),
        );
        let replay_url = replay_url(&config.doors, &public_url, listeners.replay_address());
        let welcome = Welcome {
            url: public_url.clone(),
            data: data.clone(),
            metrics: listeners.metrics_address().map(|address| format!("http://{address}/metrics")),
            operators: listeners.operators_address(),
        };
        if UI.is_empty() {
            tracing::warn!("this build has no UI: run `make build`");
        }
        let plan = Plan {
            data: data.path().to_owned(),
            keys,
            root,
            public_url,
            replay_url,
            trusted_proxies: config.doors.proxies,
            certificate: config.doors.certificate,
            places: config.places.map(std::fs::canonicalize).transpose()?,
            smtp,
            backups,
            alerts: config.alerts,
            reach,
            allow_unsandboxed: config.allow_unsandboxed,
            roles: &Role::ALL,
            arguments: parts.child_arguments.clone(),
            listeners,
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(Supervisor::run(plan, move || welcome.print(), std::future::pending()))?;
        tracing::info!("ended");
        Ok(())
    }
}

/// Where browsers find the page in which recordings play: as was said, or on this machine where the server is known to
/// nobody else. Nowhere where neither holds, and nowhere without a listener.
fn replay_url(doors: &Doors, public_url: &str, at: Option<SocketAddr>) -> Option<String> {
    let at = at?;
    match &doors.replay_url {
        Some(url) => Some(url.as_str().to_owned()),
        None => is_local_name(public_url).then(|| format!("http://{at}")),
    }
}

/// Refuses a certificate that nobody would believe before anything is started.
fn check_certificate(
    files: &CertificateFiles,
    secrets: [&Path; 2],
    now: Timestamp,
) -> Result<(), CertificateProblem> {
    files.check_folders(&secrets)?;
    files.check_time(&files.read()?, now)?;
    if files.key_is_open_to_all() {
        let key = files.key.display();
        tracing::warn!("every account of this machine can read the private key in {key}: chmod 600 it");
    }
    Ok(())
}

/// What a person needs to know once the server serves.
struct Welcome {
    url: String,
    data: DataDir,
    metrics: Option<String>,
    operators: Option<SocketAddr>,
}

impl Welcome {
    fn print(self) {
        let metrics = self.metrics.map(|url| format!("\n  Metrics    {url}")).unwrap_or_default();
        // There is a token until the first owner is made.
        let setup = std::fs::read_to_string(self.data.setup_token());
        // On a terminal it is a person who reads it; elsewhere it would be a log that keeps it.
        let shown = |token: String| match std::io::stderr().is_terminal() {
            true => format!("\n  Set up     {}/setup#{}", self.url, token.trim()),
            false => {
                let place = self.data.setup_token();
                format!("\n  Set up     {}/setup# and what is in {}", self.url, place.display())
            }
        };
        let setup = setup.map(shown).unwrap_or_default();
        let operators = self.operators.map(|address| {
            let scheme = if is_open(address) { "https" } else { "http" };
            format!("\n  Operators  {scheme}://{address}")
        });
        let operators = operators.unwrap_or_default();
        // A closed standard error is no reason to stop serving.
        let _ = writeln!(
            std::io::stderr(),
            "\n  Candor     {}{setup}\n  Data       {}{metrics}{operators}\n  Stop       Ctrl-C\n",
            self.url,
            self.data.path().display()
        );
    }
}
