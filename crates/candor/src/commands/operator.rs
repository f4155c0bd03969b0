//! `candor operator`: for those who run the server. They are enrolled by their SSH key, sign in by it and by a code, and
//! see nothing of what a customer measures unless an owner lets them, once.

mod asking;
mod audit;
mod sign_in;

use std::path::PathBuf;

use hyper::Method;
use serde_json::{Value, json};

use self::asking::{Desk, TokenFile};
use self::audit::Audit;
use super::connection::{Server, Whereabouts, with_server};
use super::output::say;
use crate::Parts;
use crate::http::operators::{Enrolled, NewFirst};
use crate::logging;

const ENROL_EXAMPLES: &str = "Examples:
  candor operator enrol ~/.ssh/id_ed25519.pub
  candor operator enrol olga.pub --name olga --network 203.0.113.0/24 --network 2001:db8:7::/48

The first operator is enrolled so, from the account of the server, while there is none. Later ones are enrolled by one who
is signed in, and once there are two a second one must approve it. Without --network an operator may act from the server's
own machine alone, over SSH for example.";

const LOGIN_EXAMPLES: &str = "Examples:
  candor operator login --key ~/.ssh/id_ed25519
  candor operator login --key ~/.ssh/id_ed25519 --totp 123456

It signs with ssh-keygen, so that keys in an agent and on hardware work. The first time it shows a secret for an app for
codes. The token is kept for the commands that follow, for this account alone; it ends after 15 minutes unused.";

const GRANT_EXAMPLES: &str = "Examples:
  candor operator grant ask example.com --purpose 'visits look doubled' --ticket T-17 --field page --minutes 60
  candor operator grant list
  candor operator grant end 00c0ffee00c0ffee";

/// Where the token of a sign-in is kept.
#[derive(clap::Args)]
pub(crate) struct At {
    #[command(flatten)]
    whereabouts: Whereabouts,
    /// File for the token of the sign-in [default: operator-token in the data directory]
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
}

/// Enrol those who run the server, sign in as one, and ask owners for support grants
#[derive(clap::Subcommand)]
pub(crate) enum Operator {
    /// Enrol an operator by their public key
    #[command(after_help = ENROL_EXAMPLES)]
    Enrol {
        /// File with the public key: the one that ends in .pub
        #[arg(value_name = "KEY.pub")]
        key: PathBuf,
        /// What the operator is called [default: the comment behind the key]
        #[arg(long)]
        name: Option<String>,
        /// From where they may act; may be given several times
        #[arg(long, value_name = "CIDR")]
        network: Vec<String>,
        #[command(flatten)]
        at: At,
    },
    /// Sign in by an SSH key and a code
    #[command(after_help = LOGIN_EXAMPLES)]
    Login {
        /// The key, or its public half where an agent or hardware has the other
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        /// The code of the app for codes; asked for where it is left out
        #[arg(long, value_name = "CODE")]
        totp: Option<String>,
        /// Print the token instead of keeping it
        #[arg(long)]
        print: bool,
        /// Only sign this challenge, as the console of the operators' listener shows it, and print the signature
        #[arg(long, value_name = "CHALLENGE", conflicts_with_all = ["totp", "print"])]
        challenge: Option<String>,
        #[command(flatten)]
        at: At,
    },
    /// Sign out
    Logout {
        #[command(flatten)]
        at: At,
    },
    /// List the operators
    List {
        #[command(flatten)]
        at: At,
    },
    /// Take an operator out; their sign-ins end at once
    Remove {
        /// Their number, as candor operator list shows it
        id: String,
        #[command(flatten)]
        at: At,
    },
    /// List, add, close, open and remove organizations
    #[command(subcommand)]
    Organizations(Organizations),
    /// Say that the subscription of an organization has ended, or goes on
    #[command(subcommand)]
    Subscription(Subscription),
    /// Ask an owner to be shown something of a site, once
    #[command(subcommand, after_help = GRANT_EXAMPLES)]
    Grant(Grant),
    /// Take the server's own log out, or have it signed
    #[command(subcommand)]
    Audit(Audit),
    /// List what waits for a second operator
    Approvals {
        #[command(flatten)]
        at: At,
    },
    /// Approve what another operator asked for, which does it
    Approve {
        /// Its number, as candor operator approvals shows it
        id: String,
        #[command(flatten)]
        at: At,
    },
    /// Decline it, or take back what you asked for
    Decline {
        /// Its number, as candor operator approvals shows it
        id: String,
        #[command(flatten)]
        at: At,
    },
    /// Show which backups there are; once there are two operators, the other approves and sees it
    Backups {
        #[command(flatten)]
        at: At,
    },
    /// Say how the server is, and how large what each organization keeps
    Health {
        #[command(flatten)]
        at: At,
    },
}

/// List, add, close, open and remove organizations
#[derive(clap::Subcommand)]
pub(crate) enum Organizations {
    /// List them
    List {
        #[command(flatten)]
        at: At,
    },
    /// Add one, and invite its first owner
    Add {
        /// What it is called
        name: String,
        /// E-mail address of its first owner
        #[arg(long, value_name = "EMAIL")]
        owner: Option<String>,
        #[command(flatten)]
        at: At,
    },
    /// Close one to everybody; nothing is lost
    Disable {
        /// Its number
        id: u32,
        #[command(flatten)]
        at: At,
    },
    /// Open one again
    Enable {
        /// Its number
        id: u32,
        #[command(flatten)]
        at: At,
    },
    /// Remove one for ever that measures nothing, or whose subscription ended 60 days ago
    Remove {
        /// Its number
        id: u32,
        #[command(flatten)]
        at: At,
    },
}

/// Say that the subscription of an organization has ended, or goes on
#[derive(clap::Subcommand)]
pub(crate) enum Subscription {
    /// It has ended: nothing more is accepted, and after 60 days everything is removed
    End {
        /// The organization's number
        id: u32,
        #[command(flatten)]
        at: At,
    },
    /// It goes on
    Resume {
        /// The organization's number
        id: u32,
        #[command(flatten)]
        at: At,
    },
}

/// Ask an owner to be shown something of a site, once
#[derive(clap::Subcommand)]
pub(crate) enum Grant {
    /// Ask
    Ask {
        /// Domain of the site
        site: String,
        /// What for
        #[arg(long)]
        purpose: String,
        /// The number of the ticket in which the customer asked
        #[arg(long)]
        ticket: String,
        /// page, source, campaign, country, device, event or property; may be given several times
        #[arg(long, required = true)]
        field: Vec<String>,
        /// For how long, from its approval; 240 at most
        #[arg(long, default_value_t = 60)]
        minutes: u32,
        /// How many days it looks back
        #[arg(long, default_value_t = 30)]
        days: u32,
        #[command(flatten)]
        at: At,
    },
    /// List those that were asked for
    List {
        #[command(flatten)]
        at: At,
    },
    /// End one of yours
    End {
        /// Its number
        id: String,
        #[command(flatten)]
        at: At,
    },
}

impl Operator {
    pub(crate) fn run(self, parts: &Parts) -> anyhow::Result<()> {
        logging::begin("candor");
        let on = |at: &At, method: Method, path: String, body: Option<Value>| {
            desk(parts, at, async |desk| say_what(&desk.ask(method, &path, body).await?))
        };
        match self {
            Self::Enrol { key, name, network, at } => enrol(parts, &at, &key, name, network),
            Self::Login { key, challenge: Some(challenge), .. } => sign_in::sign_only(&key, &challenge),
            Self::Login { key, totp, print, challenge: None, at } => {
                let file = at.token_file();
                with_server(parts, &at.whereabouts, async |server| {
                    sign_in::sign_in(&server, &key, totp, (!print).then_some(&file)).await
                })
            }
            Self::Logout { at } => {
                on(&at, Method::DELETE, "session".to_owned(), None)?;
                at.token_file().forget();
                Ok(())
            }
            Self::List { at } => on(&at, Method::GET, "operators".to_owned(), None),
            Self::Remove { id, at } => on(&at, Method::DELETE, format!("operators/{id}"), None),
            Self::Organizations(of) => of.run(parts),
            Self::Subscription(of) => of.run(parts),
            Self::Grant(of) => of.run(parts),
            Self::Audit(of) => of.run(parts),
            Self::Approvals { at } => on(&at, Method::GET, "approvals".to_owned(), None),
            Self::Approve { id, at } => on(&at, Method::POST, format!("approvals/{id}/approve"), None),
            Self::Decline { id, at } => on(&at, Method::POST, format!("approvals/{id}/decline"), None),
            Self::Backups { at } => on(&at, Method::POST, "backups/list".to_owned(), None),
            Self::Health { at } => on(&at, Method::GET, "health".to_owned(), None),
        }
    }
}

impl Organizations {
    fn run(self, parts: &Parts) -> anyhow::Result<()> {
        let (at, method, path, body) = match self {
            Self::List { at } => (at, Method::GET, "organizations".to_owned(), None),
            Self::Add { name, owner, at } => {
                let body = match owner {
                    Some(owner) => json!({ "name": name, "owner_email": owner }),
                    None => json!({ "name": name }),
                };
                (at, Method::POST, "organizations".to_owned(), Some(body))
            }
            Self::Disable { id, at } => {
                (at, Method::PATCH, format!("organizations/{id}"), Some(json!({ "disabled": true })))
            }
            Self::Enable { id, at } => {
                (at, Method::PATCH, format!("organizations/{id}"), Some(json!({ "disabled": false })))
            }
            Self::Remove { id, at } => (at, Method::DELETE, format!("organizations/{id}"), None),
        };
        desk(parts, &at, async |desk| say_what(&desk.ask(method, &path, body).await?))
    }
}

impl Subscription {
    fn run(self, parts: &Parts) -> anyhow::Result<()> {
        let (id, at, ended) = match self {
            Self::End { id, at } => (id, at, true),
            Self::Resume { id, at } => (id, at, false),
        };
        let (path, body) = (format!("organizations/{id}/subscription"), json!({ "ended": ended }));
        desk(parts, &at, async |desk| say_what(&desk.ask(Method::PUT, &path, Some(body)).await?))
    }
}

impl Grant {
    fn run(self, parts: &Parts) -> anyhow::Result<()> {
        let (at, method, path, body) = match self {
            Self::Ask { site, purpose, ticket, field, minutes, days, at } => {
                let body = json!({
                    "site": site, "purpose": purpose, "ticket": ticket,
                    "fields": field, "minutes": minutes, "days": days,
                });
                (at, Method::POST, "support-grants".to_owned(), Some(body))
            }
            Self::List { at } => (at, Method::GET, "support-grants".to_owned(), None),
            Self::End { id, at } => (at, Method::POST, format!("support-grants/{id}/end"), None),
        };
        desk(parts, &at, async |desk| say_what(&desk.ask(method, &path, body).await?))
    }
}

impl At {
    fn token_file(&self) -> TokenFile {
        TokenFile(self.token_file.clone().unwrap_or_else(|| self.whereabouts.data.join("operator-token")))
    }
}

/// Does `work` as whoever is signed in.
fn desk(parts: &Parts, at: &At, work: impl AsyncFnOnce(Desk) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let token = at.token_file().read()?;
    with_server(parts, &at.whereabouts, async |server: Server| work(Desk::of(server, Some(token))).await)
}

fn enrol(
    parts: &Parts,
    at: &At,
    key: &std::path::Path,
    name: Option<String>,
    networks: Vec<String>,
) -> anyhow::Result<()> {
    let line = std::fs::read_to_string(key).map_err(|error| anyhow::anyhow!("{}: {error}", key.display()))?;
    let line = line.trim().to_owned();
    with_server(parts, &at.whereabouts, async |server| {
        let counted: Value = server.ask(Method::GET, "/commands/operators", None).await?;
        if counted["count"] != json!(0) {
            let desk = Desk::of(server, Some(at.token_file().read()?));
            let mut body = json!({ "key": line, "networks": networks });
            if let Some(name) = name {
                body["name"] = json!(name);
            }
            return say_what(&desk.ask(Method::POST, "operators", Some(body)).await?);
        }
        let new = NewFirst { key: line, name: name.unwrap_or_default(), networks };
        let body = serde_json::to_value(new)?;
        let Enrolled { id, name, fingerprint, networks } =
            server.ask(Method::POST, "/commands/operators", Some(body)).await?;
        say(format_args!("{name} is the first operator: {id}, {fingerprint}, from {}.", networks.join(", ")));
        say(format_args!("Next: candor operator login --key the other half of {}", key.display()));
        Ok(())
    })
}

/// Shows an answer: JSON, as the API gives it.
fn say_what(answer: &Value) -> anyhow::Result<()> {
    match answer {
        Value::Null => say(format_args!("Done.")),
        Value::Object(answer) if answer.contains_key("approval") => {
            let id = answer["approval"]["id"].as_str().unwrap_or_default();
            say(format_args!("It waits for a second operator: candor operator approve {id}"));
        }
        other => say(format_args!("{}", serde_json::to_string_pretty(other)?)),
    }
    Ok(())
}
