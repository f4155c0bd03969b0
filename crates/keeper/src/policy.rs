//! Who may ask what: the whole table.

use sealing::protocol::{Peer, Purpose, Request};

/// Whether a process may ask this at all. What is not here is denied.
pub(crate) const fn allows(peer: Peer, request: &Request) -> bool {
    matches!(
        (peer, request),
        (Peer::Edge, Request::DaySecrets(_))
            | (Peer::Edge | Peer::App | Peer::Worker, Request::Recipients(_))
            | (Peer::App | Peer::Worker, Request::ControlKey)
            | (Peer::App, Request::Open(Purpose::Request, _))
            | (Peer::App, Request::Destroy(_) | Request::Rotate(_) | Request::RotateRoot | Request::Rewrap)
            | (Peer::App, Request::List(_) | Request::Overview)
            | (Peer::Worker, Request::Open(Purpose::Duty(_), _))
    )
}

/// Whether asking for a site's public key makes its keys, where it has none.
pub(crate) const fn makes_keys(peer: Peer) -> bool {
    matches!(peer, Peer::App)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sealing::protocol::Duty;

    #[test]
    fn each_process_may_ask_for_what_is_its_own_and_nothing_else() {
        let requests = || {
            [
                ("day secrets", Request::DaySecrets(None)),
                ("recipients", Request::Recipients(vec![])),
                ("control key", Request::ControlKey),
                ("overview", Request::Overview),
                ("list", Request::List(0)),
                ("rotate", Request::Rotate(None)),
                ("rotate root", Request::RotateRoot),
                ("rewrap", Request::Rewrap),
                ("destroy", Request::Destroy(domain::SiteId(1))),
                ("open for a request", Request::Open(Purpose::Request, vec![])),
                ("open to absorb", Request::Open(Purpose::Duty(Duty::Absorb), vec![])),
                ("open to merge", Request::Open(Purpose::Duty(Duty::Merge), vec![])),
                ("open to seal", Request::Open(Purpose::Duty(Duty::SealOld), vec![])),
            ]
        };
        let of_peer = |peer: &Peer| {
            let allowed = requests().into_iter().filter(|(_, request)| allows(*peer, request));
            allowed.map(|(name, _)| format!("{}: {name}", peer.as_str())).collect::<Vec<_>>()
        };
        let allowed: Vec<String> = Peer::ALL.iter().flat_map(of_peer).collect();
        assert_eq!(
            allowed,
            [
                "edge: day secrets",
                "edge: recipients",
                "app: recipients",
                "app: control key",
                "app: overview",
                "app: list",
                "app: rotate",
                "app: rotate root",
                "app: rewrap",
                "app: destroy",
                "app: open for a request",
                "worker: recipients",
                "worker: control key",
                "worker: open to absorb",
                "worker: open to merge",
                "worker: open to seal",
            ]
        );
    }
}
