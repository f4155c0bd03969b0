//! To whom it is told that a promise is late: by mail, and by a call to an address of the operator's. Where neither is said,
//! nothing is told and nothing dials out for it.

use std::fmt;
use std::str::FromStr;

use rustls::pki_types::ServerName;
use serde::{Deserialize, Serialize};

use super::mail::{MailFrom, is_loopback};

/// Whom to tell.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct AlertFlags {
    /// Address that is told by mail when something that is promised is late, and when it no longer is
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) alert_mail: Option<MailFrom>,
    /// Address to which the same is sent as JSON, such as https://alerts.example.com/candor
    #[arg(long, value_name = "URL")]
    pub(crate) alert_webhook: Option<Webhook>,
}

/// The decisions, complete; to `worker` alone.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Alerts {
    /// To whom by mail.
    pub(crate) mail: Option<String>,
    /// Where by a call.
    pub(crate) webhook: Option<Webhook>,
}

/// Where a call goes. What follows the host may be a secret, and is not shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Webhook {
    /// Whether under TLS; a call in the clear stays on this machine.
    pub(crate) tls: bool,
    /// A name or an address, without brackets.
    pub(crate) host: String,
    pub(crate) port: u16,
    /// As it stands in the Host header.
    pub(crate) authority: String,
    pub(crate) path: String,
}

/// Why a text is no address to call.
#[derive(Clone, Debug, thiserror::Error)]
#[error(
    "is no address to call: write it like https://alerts.example.com/candor; without TLS it must be on this machine"
)]
pub(crate) struct WebhookError;

impl AlertFlags {
    /// Completes the flags with what a file decides.
    pub(crate) fn or(self, file: Self) -> Self {
        Self {
            alert_mail: self.alert_mail.or(file.alert_mail),
            alert_webhook: self.alert_webhook.or(file.alert_webhook),
        }
    }

    /// What follows of them.
    pub(super) fn decide(self) -> Alerts {
        Alerts { mail: self.alert_mail.map(|address| address.0), webhook: self.alert_webhook }
    }
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Webhook({})", self.authority)
    }
}

impl FromStr for Webhook {
    type Err = WebhookError;

    fn from_str(text: &str) -> Result<Self, WebhookError> {
        let uri: hyper::Uri = text.parse().map_err(|_| WebhookError)?;
        let authority = uri.authority().ok_or(WebhookError)?;
        let tls = uri.scheme_str() == Some("https");
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        let nameable = ServerName::try_from(host.as_str()).is_ok();
        let stays = tls || (uri.scheme_str() == Some("http") && is_loopback(&host));
        if !nameable || !stays || authority.as_str().contains('@') {
            return Err(WebhookError);
        }
        Ok(Self {
            tls,
            port: authority.port_u16().unwrap_or(if tls { 443 } else { 80 }),
            authority: authority.to_string(),
            path: uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
            host,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_to_call_is_https_or_on_this_machine() {
        let read: Webhook = "https://alerts.example.com/candor?key=1".parse().unwrap();
        assert_eq!(
            (read.tls, &*read.host, read.port, &*read.path),
            (true, "alerts.example.com", 443, "/candor?key=1")
        );
        let read: Webhook = "http://127.0.0.1:8080".parse().unwrap();
        assert_eq!((read.tls, &*read.host, read.port, &*read.path), (false, "127.0.0.1", 8080, "/"));
        for text in
            ["http://alerts.example.com/", "ftp://localhost/", "alerts", "https://name@example.com/", "/a"]
        {
            assert!(text.parse::<Webhook>().is_err(), "{text}");
        }
    }

    #[test]
    fn what_may_be_a_secret_in_it_is_not_shown() {
        let read: Webhook = "https://alerts.example.com/secret".parse().unwrap();
        assert!(!format!("{read:?}").contains("secret"));
    }
}
