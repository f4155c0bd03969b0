//! The mail server, from the URL that names it.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use rustls::pki_types::ServerName;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::MailError;

/// The URL as it was written. It may hold a password, which is refused, and is therefore never shown.
#[derive(Clone, Deserialize)]
#[serde(from = "String")]
pub(crate) struct SmtpUrl(Zeroizing<String>);

impl From<String> for SmtpUrl {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl FromStr for SmtpUrl {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(text.to_owned().into())
    }
}

impl fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SmtpUrl")
    }
}

/// The mail server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SmtpServer {
    pub(crate) security: SmtpSecurity,
    /// A name or an address, without brackets.
    pub(crate) host: String,
    pub(crate) port: u16,
    /// As whom it is signed in to.
    pub(crate) user: Option<String>,
}

/// How what is said to it is kept from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum SmtpSecurity {
    /// TLS from the first byte.
    Tls,
    /// TLS after a greeting, or nothing is sent.
    StartTls,
    /// None: it is on this machine.
    Plain,
}

impl SmtpUrl {
    /// What it names.
    pub(super) fn server(&self) -> Result<SmtpServer, MailError> {
        let (scheme, rest) = self.0.split_once("://").ok_or(MailError::NoServer)?;
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        // Many user names are addresses, with an @ of their own.
        let (user, place) = match rest.rsplit_once('@') {
            Some((user, _)) if user.contains(':') => return Err(MailError::PasswordInUrl),
            Some((user, place)) => (Some(unescape(user).ok_or(MailError::NoServer)?), place),
            None => (None, rest),
        };
        let place: hyper::http::uri::Authority = place.parse().map_err(|_| MailError::NoServer)?;
        let host = place.host().trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        ServerName::try_from(host.as_str()).map_err(|_| MailError::NoServer)?;
        let (security, usual_port) = match scheme.to_ascii_lowercase().as_str() {
            "smtps" => (SmtpSecurity::Tls, 465),
            "smtp" if is_loopback(&host) => (SmtpSecurity::Plain, 25),
            "smtp" => (SmtpSecurity::StartTls, 587),
            _ => return Err(MailError::NoServer),
        };
        let port = match place.as_str().strip_prefix(place.host()).unwrap_or_default() {
            "" => usual_port,
            port => port.strip_prefix(':').and_then(|port| port.parse().ok()).ok_or(MailError::NoServer)?,
        };
        if port == 0 {
            return Err(MailError::NoServer);
        }
        Ok(SmtpServer { security, host, port, user })
    }
}

impl SmtpServer {
    /// Whether it must be on this machine, as nothing that is said to it is encrypted.
    pub(crate) fn must_be_here(&self) -> bool {
        self.security == SmtpSecurity::Plain
    }
}

/// Whether a name is this machine's.
pub(in crate::config) fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.to_canonical().is_loopback())
}

/// `%40` and its like as the characters they stand for; none that no user name has.
fn unescape(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let escaped = if *first == b'%' { Some(after.split_at_checked(2)?) } else { None };
        let (byte, left) = match escaped {
            Some((digits, left)) => (u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?, left),
            None => (*first, after),
        };
        bytes.push(byte);
        rest = left;
    }
    let text = String::from_utf8(bytes).ok()?;
    (!text.is_empty() && !text.contains(char::is_control)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(text: &str) -> Result<SmtpServer, String> {
        SmtpUrl::from(text.to_owned()).server().map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_encrypted_and_how_follows_from_the_scheme_and_the_place() {
        for (text, security, host, port) in [
            ("smtps://mail.example.com", SmtpSecurity::Tls, "mail.example.com", 465),
            ("smtps://mail.example.com:4465/", SmtpSecurity::Tls, "mail.example.com", 4465),
            ("smtp://Mail.example.com", SmtpSecurity::StartTls, "mail.example.com", 587),
            ("smtp://mail.example.com:25", SmtpSecurity::StartTls, "mail.example.com", 25),
            ("smtp://192.0.2.7", SmtpSecurity::StartTls, "192.0.2.7", 587),
            ("smtp://localhost", SmtpSecurity::Plain, "localhost", 25),
            ("smtp://127.0.0.1:2525", SmtpSecurity::Plain, "127.0.0.1", 2525),
            ("smtp://[::1]", SmtpSecurity::Plain, "::1", 25),
            ("smtps://localhost", SmtpSecurity::Tls, "localhost", 465),
            ("smtp://localhost.example.com", SmtpSecurity::StartTls, "localhost.example.com", 587),
        ] {
            let expected = SmtpServer { security, host: host.to_owned(), port, user: None };
            assert_eq!(server(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn a_user_name_may_be_an_address() {
        for text in ["smtps://ada@example.com@mail.example.com", "smtps://ada%40example.com@mail.example.com"]
        {
            assert_eq!(server(text).unwrap().user.as_deref(), Some("ada@example.com"), "{text}");
        }
    }

    #[test]
    fn a_password_in_the_url_is_refused_and_not_repeated() {
        let said = server("smtps://ada:canary@mail.example.com").unwrap_err();
        assert!(said.contains("--smtp-password-file") && !said.contains("canary"), "{said}");
        assert_eq!(format!("{:?}", SmtpUrl::from("smtps://ada:canary@x".to_owned())), "SmtpUrl");
    }

    #[test]
    fn what_is_no_mail_server_is_refused() {
        for text in [
            "",
            "mail.example.com",
            "http://mail.example.com",
            "smtp://",
            "smtps://mail.example.com:0",
            "smtps://mail.example.com:70000",
            "smtps://mail.example.com/path",
            "smtps://a b",
            "smtps://@mail.example.com",
            "smtps://ada%0aeve@mail.example.com",
            "smtps://ada%4@mail.example.com",
            "smtps://x_y z.example",
        ] {
            assert!(server(text).is_err(), "{text}");
        }
    }
}
