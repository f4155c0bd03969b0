//! By which doors people come from elsewhere. None of them is opened to other machines without https: either the server
//! has a certificate, or a proxy in front of it does.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{PathBuf, absolute};

use serde::Deserialize;

use super::{Cidr, LISTEN_DEFAULT, PublicUrl};
use crate::tls::CertificateFiles;

/// What may be decided about doors.
#[derive(Clone, Debug, Default, clap::Args, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub(crate) struct DoorFlags {
    /// Certificate and its chain, in PEM, for serving https; read again whenever it is replaced
    #[arg(long, value_name = "FILE")]
    pub(crate) tls_cert: Option<PathBuf>,
    /// Its private key, in PEM
    #[arg(long, value_name = "FILE")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Reverse proxy that serves https in front of this server: its X-Forwarded-For and X-Forwarded-Proto are
    /// believed; may be given several times
    #[arg(long, value_name = "CIDR", alias = "trusted-proxy")]
    #[serde(alias = "trusted-proxy")]
    pub(crate) behind_proxy: Vec<Cidr>,
    /// Second address and port to listen on, which only leads browsers from http to the public URL
    #[arg(long, value_name = "ADDR")]
    pub(crate) redirect_from: Option<SocketAddr>,
    /// Address and port for those who run the server [default: this machine alone, two ports after --listen]
    #[arg(long, value_name = "ADDR")]
    pub(crate) operators_listen: Option<SocketAddr>,
    /// Address and port for the page in which recordings play [default: this machine alone, three ports after --listen]
    #[arg(long, value_name = "ADDR")]
    pub(crate) replay_listen: Option<SocketAddr>,
    /// Address under which people's browsers reach that page: another host or port than the public URL
    #[arg(long, value_name = "URL")]
    pub(crate) replay_url: Option<PublicUrl>,
}

/// The decisions about doors, complete.
#[derive(Clone, Debug, Default)]
pub(crate) struct Doors {
    pub(crate) certificate: Option<CertificateFiles>,
    pub(crate) proxies: Vec<Cidr>,
    pub(crate) redirect_from: Option<SocketAddr>,
    pub(crate) operators: Option<SocketAddr>,
    pub(crate) replay: Option<SocketAddr>,
    pub(crate) replay_url: Option<PublicUrl>,
}

/// Why doors cannot be opened as it was said.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DoorsError {
    #[error(
        "{0} can be reached from other machines, and what they send must not go over the network in the clear: give \
         --tls-cert FILE and --tls-key FILE, so that Candor serves https itself, or --behind-proxy CIDR with the address \
         of the reverse proxy that does; without either, listen on an address of this machine alone, such as \
         {LISTEN_DEFAULT}"
    )]
    Open(SocketAddr),
    #[error("--tls-cert and --tls-key go together: {0} is missing")]
    Half(&'static str),
    #[error(
        "people reach this server from other machines: say by which address with --public-url, such as \
         https://stats.example.com"
    )]
    Nameless,
    #[error("{0} is no https address, and people reach this server by https alone: write it https://…")]
    InTheClear(String),
    #[error(
        "recordings play in a page that others reach at {0}: say by which address with --replay-url, such as \
         https://replay.example.com"
    )]
    ReplayNameless(SocketAddr),
    #[error(
        "--replay-url is the public URL itself, and nothing in a recording may reach that: give it another host or port"
    )]
    ReplayAtHome,
    #[error(transparent)]
    Path(#[from] std::io::Error),
}

impl DoorFlags {
    /// Completes the flags with what a file decides.
    pub(super) fn or(self, file: Self) -> Self {
        Self {
            tls_cert: self.tls_cert.or(file.tls_cert),
            tls_key: self.tls_key.or(file.tls_key),
            behind_proxy: if self.behind_proxy.is_empty() { file.behind_proxy } else { self.behind_proxy },
            redirect_from: self.redirect_from.or(file.redirect_from),
            operators_listen: self.operators_listen.or(file.operators_listen),
            replay_listen: self.replay_listen.or(file.replay_listen),
            replay_url: self.replay_url.or(file.replay_url),
        }
    }

    /// Refuses what would let anything go over the network in the clear.
    pub(super) fn decide(
        self,
        listen: SocketAddr,
        public_url: Option<&PublicUrl>,
    ) -> Result<Doors, DoorsError> {
        let certificate = match (self.tls_cert, self.tls_key) {
            (Some(certificate), Some(key)) => {
                let (certificate, key) = (absolute(certificate)?, absolute(key)?);
                Some(CertificateFiles { certificate, key })
            }
            (None, None) => None,
            (None, Some(_)) => return Err(DoorsError::Half("--tls-cert")),
            (Some(_), None) => return Err(DoorsError::Half("--tls-key")),
        };
        let protected = certificate.is_some() || !self.behind_proxy.is_empty();
        let listeners = [Some(listen), self.operators_listen, self.replay_listen];
        let open = listeners.into_iter().flatten().find(|at| is_open(*at));
        match (open, public_url) {
            (Some(address), _) if !protected => return Err(DoorsError::Open(address)),
            (_, Some(url)) if protected && !url.is_secure() => {
                return Err(DoorsError::InTheClear(url.as_str().to_owned()));
            }
            (Some(_), None) => return Err(DoorsError::Nameless),
            _ => {}
        }
        if self.redirect_from.is_some()
            && certificate.is_none()
            && !public_url.is_some_and(PublicUrl::is_secure)
        {
            return Err(DoorsError::Nameless);
        }
        check_replay(self.replay_listen, self.replay_url.as_ref(), public_url)?;
        Ok(Doors {
            certificate,
            proxies: self.behind_proxy,
            redirect_from: self.redirect_from,
            operators: self.operators_listen,
            replay: self.replay_listen,
            replay_url: self.replay_url,
        })
    }
}

/// Refuses a page for recordings that nobody could find, that could be looked into on the way, or that were no other origin.
fn check_replay(
    listen: Option<SocketAddr>,
    url: Option<&PublicUrl>,
    public_url: Option<&PublicUrl>,
) -> Result<(), DoorsError> {
    match (listen, url, public_url) {
        (Some(address), None, _) if is_open(address) => Err(DoorsError::ReplayNameless(address)),
        (_, Some(url), Some(public)) if url.origin() == public.origin() => Err(DoorsError::ReplayAtHome),
        (_, Some(url), Some(public)) if public.is_secure() && !url.is_secure() => {
            Err(DoorsError::InTheClear(url.as_str().to_owned()))
        }
        _ => Ok(()),
    }
}

/// The address of a door for this machine alone, so many ports after the main one; none beyond the last port.
pub(crate) fn beside(main: SocketAddr, ports: u16) -> Option<SocketAddr> {
    let host = if is_open(main) { Ipv4Addr::LOCALHOST.into() } else { main.ip() };
    Some(SocketAddr::new(host, main.port().checked_add(ports)?))
}

/// Whether other machines reach it.
pub(crate) fn is_open(address: SocketAddr) -> bool {
    !address.ip().to_canonical().is_loopback()
}
