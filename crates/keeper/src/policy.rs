//! Who may ask what: the whole table.

use sealing::protocol::people::Ask;
use sealing::protocol::{Peer, Purpose, Request, operators};

/// Whether a process may ask this at all. What is not here is denied.
pub(crate) fn allows(peer: Peer, request: &Request) -> bool {
    match (peer, request) {
        (Peer::Edge, Request::DaySecrets(_)) | (_, Request::Recipients(_)) => true,
        (Peer::App | Peer::Worker, Request::ControlKey) | (Peer::App, Request::LedgerKey) => true,
        (Peer::App | Peer::Worker, Request::LastCheckpoint(_) | Request::SignCheckpoint(_)) => true,
        // For whom, and whether they may, is looked at next.
        (Peer::App, Request::Open(Purpose::Request(_), _)) => true,
        (Peer::App, Request::Rotate(_) | Request::RotateRoot | Request::Rewrap) => true,
        (Peer::App, Request::List(_) | Request::Overview) => true,
        (Peer::Worker, Request::Open(Purpose::Duty(duty), wanted)) => {
            wanted.iter().all(|(label, _)| duty.opens(label.kind))
        }
        // Who does it says that it was done.
        (Peer::Worker, Request::SignReceipt(_)) => true,
        // It would let `app` choose anybody's password: the token is for the mail alone.
        (Peer::Worker, Request::People(ask)) => matches!(**ask, Ask::ResetToken(..)),
        (Peer::App, Request::People(ask)) => !matches!(**ask, Ask::ResetToken(..)),
        // Sealed all of it, but for its own notes: for backups.
        (Peer::Worker, Request::KeptLength(_) | Request::KeptPart(..)) => true,
        // Removed is by nobody who asks, but by time: `worker` looks whether it is over, and the keeper whether that is so.
        (Peer::App, Request::Operators(ask)) => !of_worker(ask),
        (Peer::Worker, Request::Operators(ask)) => of_worker(ask),
        _ => false,
    }
}

const fn of_worker(ask: &operators::Ask) -> bool {
    matches!(ask, operators::Ask::RemoveEnded(_) | operators::Ask::OwnersOf(_))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::audit;
    use sealing::protocol::{Duty, KeptFile, LogState, SealedBytes};
    use sealing::{Environment, Kind, Label, SEALED_KEY_BYTES, SealedKey, Token};

    fn log_state() -> LogState {
        LogState { log: audit::Log::SERVER, size: 0, root: [0; 32], consistency: vec![] }
    }

    fn token() -> Token {
        Token::random(&domain::Counting::from(1))
    }

    #[test]
    fn each_process_may_ask_for_what_is_its_own_and_nothing_else() {
        let requests = || {
            [
                ("day secrets", Request::DaySecrets(None)),
                ("recipients", Request::Recipients(vec![])),
                ("control key", Request::ControlKey),
                ("ledger key", Request::LedgerKey),
                ("last checkpoint", Request::LastCheckpoint(audit::Log::SERVER)),
                ("sign checkpoint", Request::SignCheckpoint(log_state())),
                ("overview", Request::Overview),
                ("list", Request::List(0)),
                ("rotate", Request::Rotate(None)),
                ("rotate root", Request::RotateRoot),
                ("rewrap", Request::Rewrap),
                ("open for a request", Request::Open(Purpose::Request(token()), vec![])),
                ("who it is", Request::People(Box::new(Ask::Identify(token())))),
                (
                    "a reset for a mail",
                    Request::People(Box::new(Ask::ResetToken(domain::PersonId(1), String::new()))),
                ),
                ("the operators", Request::Operators(Box::new(sealing::protocol::operators::Ask::Roster))),
                (
                    "an end",
                    Request::Operators(Box::new(operators::Ask::RemoveEnded(domain::OrganizationId(2)))),
                ),
                ("owners", Request::Operators(Box::new(operators::Ask::OwnersOf(domain::OrganizationId(2))))),
                ("open to absorb", Request::Open(Purpose::Duty(Duty::Absorb), vec![])),
                ("open to merge", Request::Open(Purpose::Duty(Duty::Merge), vec![])),
                ("open to seal", Request::Open(Purpose::Duty(Duty::SealOld), vec![])),
                ("open to take in", Request::Open(Purpose::Duty(Duty::TakeIn), vec![])),
                ("open to erase", Request::Open(Purpose::Duty(Duty::Erase), vec![])),
                ("open to expire", Request::Open(Purpose::Duty(Duty::Expire), vec![])),
                ("sign a receipt", Request::SignReceipt(String::new())),
                ("open to back up", Request::Open(Purpose::Duty(Duty::BackUp), vec![])),
                ("length of a file", Request::KeptLength(KeptFile::Keys)),
                ("part of a file", Request::KeptPart(KeptFile::Keys, 0)),
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
                "app: ledger key",
                "app: last checkpoint",
                "app: sign checkpoint",
                "app: overview",
                "app: list",
                "app: rotate",
                "app: rotate root",
                "app: rewrap",
                "app: open for a request",
                "app: who it is",
                "app: the operators",
                "worker: recipients",
                "worker: control key",
                "worker: last checkpoint",
                "worker: sign checkpoint",
                "worker: a reset for a mail",
                "worker: an end",
                "worker: owners",
                "worker: open to absorb",
                "worker: open to merge",
                "worker: open to seal",
                "worker: open to take in",
                "worker: open to erase",
                "worker: open to expire",
                "worker: sign a receipt",
                "worker: open to back up",
                "worker: length of a file",
                "worker: part of a file",
            ]
        );
    }

    #[test]
    fn a_duty_opens_the_kinds_that_it_is_done_with_and_no_others() {
        let kinds = [Kind::Journal, Kind::Segment, Kind::Key, Kind::Recording, Kind::Attributes];
        let opened = |duty: Duty| {
            let allowed = kinds.into_iter().filter(|kind| {
                let wanted = vec![(label(*kind), sealed())];
                allows(Peer::Worker, &Request::Open(Purpose::Duty(duty), wanted))
            });
            allowed.map(Kind::as_str).collect::<Vec<_>>().join(" ")
        };
        for duty in [Duty::Absorb, Duty::Merge, Duty::SealOld, Duty::BackUp] {
            assert_eq!(opened(duty), "journal segment", "{duty:?}");
        }
        assert_eq!(opened(Duty::TakeIn), "recording");
        assert_eq!((&*opened(Duty::Erase), &*opened(Duty::Expire)), ("segment", "segment"));
        assert_eq!(opened(Duty::Check), "journal segment recording");
    }

    fn label(kind: Kind) -> Label {
        let (environment, organization) = (Environment(1), domain::OrganizationId::FIRST);
        Label { environment, organization, site: domain::SiteId(1), kind, name: "one".to_owned() }
    }

    fn sealed() -> SealedBytes {
        SealedBytes(SealedKey::read(&[0; SEALED_KEY_BYTES]).expect("so many bytes"))
    }
}
