//! Sign-ins: minted by what was shown, looked up at every request, shown again before what is sensitive, and ended.

use domain::{PersonId, Rng, Timestamp};
use sealing::Token;
use sealing::protocol::people::{Device, Factor, NotDone, Proof, SignedIn, Told, Which};

use super::passkeys::Purpose;
use super::registry::Totp;
use super::registry::limits::{NAME_CHARS_MAX, ONE_TIME_MS, SEEN_KEPT_MS, SIGN_IN_MS, SIGN_INS_MAX};
use super::registry::{Bearer, Kind, Minted, Registry, SignIn};
use super::tickets::{Held, Proven};
use super::{Hands, People, Stop};
use crate::proofs::totp;

/// When something was last asked is noted again after so long.
const NOTED_AFTER_MS: i64 = 60_000;

impl People {
    /// Whoever bears a sign-in, which no API key is.
    pub(super) fn signed_in(&self, token: &Token, now: Timestamp) -> Result<Bearer, NotDone> {
        let bearer = self.bearer(token, now)?;
        if bearer.signed_in { Ok(bearer) } else { Err(NotDone::Denied) }
    }

    /// The same where they showed a short while ago that it is they.
    pub(super) fn confirmed(&self, token: &Token, now: Timestamp) -> Result<Bearer, NotDone> {
        let bearer = self.signed_in(token, now)?;
        if bearer.is_confirmed(now) { Ok(bearer) } else { Err(NotDone::Confirm) }
    }

    /// Who bears this. It is noted that they were there.
    pub(super) fn identify(&mut self, token: &Token, hands: &Hands<'_>) -> Result<Told, Stop> {
        let bearer = self.bearer(token, hands.now)?;
        if bearer.identity.memberships.is_empty() && !bearer.signed_in {
            return Err(NotDone::Unknown.into());
        }
        self.note_seen(&bearer, hands)?;
        Ok(Told::Identity(Box::new(bearer.identity)))
    }

    /// In memory at once, on disk now and then.
    fn note_seen(&mut self, bearer: &Bearer, hands: &Hands<'_>) -> Result<(), Stop> {
        let now = hands.now;
        let seen_at = match self.registry.tokens.get(&bearer.hash).map(|minted| &minted.of) {
            Some(Kind::SignIn(sign_in)) => Some(sign_in.seen_at),
            Some(Kind::Key(key)) => key.seen_at,
            _ => return Ok(()),
        };
        let before = seen_at.map_or(i64::MIN, |at| at.0);
        if now.0.saturating_sub(before) < NOTED_AFTER_MS {
            return Ok(());
        }
        let note =
            |registry: &mut Registry| match registry.tokens.get_mut(&bearer.hash).map(|one| &mut one.of) {
                Some(Kind::SignIn(sign_in)) => sign_in.seen_at = now,
                Some(Kind::Key(key)) => key.seen_at = Some(now),
                _ => {}
            };
        if now.0.saturating_sub(self.registry.kept_at.0) < SEEN_KEPT_MS {
            note(&mut self.registry);
            return Ok(());
        }
        self.change(hands, |registry| {
            note(registry);
            Ok(())
        })
    }

    /// Signs in by what was shown, once nothing more is wanted.
    pub(super) fn sign_in(
        &mut self,
        proven: &Proven,
        device: Device,
        hands: &Hands<'_>,
    ) -> Result<Told, Stop> {
        if !proven.wanted.is_empty() {
            return Err(NotDone::Unknown.into());
        }
        let token = self.change(hands, |registry| {
            let known = registry.people.get(&proven.person).ok_or(NotDone::Unknown)?;
            if known.memberships().is_empty() {
                return Err(NotDone::Unknown.into());
            }
            Ok(registry.sign_in(proven.person, proven.second_factor, device, hands.now, hands.rng))
        })?;
        Ok(Told::SignedIn(token, proven.person))
    }

    /// What a ticket of a proof stands for, which is good no more.
    pub(super) fn take_proven(
        &mut self,
        ticket: sealing::protocol::people::Ticket,
        now: Timestamp,
    ) -> Result<Proven, NotDone> {
        match self.tickets.take(ticket, now)? {
            Held::Proven(proven) => Ok(proven),
            _ => Err(NotDone::Unknown),
        }
    }

    /// Shows a second factor beside what was shown: by a ticket that is good for several tries.
    pub(super) fn prove_more(
        &mut self,
        ticket: sealing::protocol::people::Ticket,
        proof: &Proof,
        network: &str,
        hands: &Hands<'_>,
    ) -> Result<Told, Stop> {
        let proven = self.tickets.proven(ticket, hands.now)?;
        self.check_second(proven.person, proof, &Purpose::SecondFactor(ticket), network, hands)?;
        self.tickets.take(ticket, hands.now)?;
        let proven = Proven { second_factor: true, wanted: Vec::new(), ..proven };
        let person = proven.person;
        let ticket = self.tickets.give(Held::Proven(proven), hands.now, hands.rng)?;
        Ok(Told::Proven(ticket, person, Vec::new()))
    }

    /// Shows again that it is the bearer, by something that takes no time.
    pub(super) fn confirm_by(
        &mut self,
        token: &Token,
        proof: &Proof,
        hands: &Hands<'_>,
    ) -> Result<Told, Stop> {
        let bearer = self.signed_in(token, hands.now)?;
        let factor = matches!(proof, Proof::Totp(_) | Proof::Passkey(..));
        if !factor {
            return Err(NotDone::Wrong(None).into());
        }
        self.check_second(bearer.identity.person, proof, &Purpose::Confirming(bearer.id), "", hands)?;
        self.confirm(token, true, hands)
    }

    /// It was shown again that it is the bearer; their token is replaced.
    pub(super) fn confirm(
        &mut self,
        token: &Token,
        by_second: bool,
        hands: &Hands<'_>,
    ) -> Result<Told, Stop> {
        let bearer = self.signed_in(token, hands.now)?;
        let fresh = self.change(hands, |registry| {
            registry.replace(bearer.hash, hands.rng, |sign_in| {
                sign_in.confirmed_at = hands.now;
                sign_in.second_factor |= by_second;
            })
        })?;
        Ok(Told::SignedIn(fresh, bearer.identity.person))
    }

    /// Whether a second factor of somebody's is right. What was wrong delays the next try, but for passkeys.
    fn check_second(
        &mut self,
        id: PersonId,
        proof: &Proof,
        purpose: &Purpose,
        network: &str,
        hands: &Hands<'_>,
    ) -> Result<(), Stop> {
        let now = hands.now;
        if let Proof::Passkey(options, credential) = proof {
            return self.check_passkey(*options, credential, purpose, Some(id), hands).map(drop);
        }
        let account = self.registry.people.get(&id).ok_or(NotDone::Unknown)?.email;
        self.delays.check(account, network, now)?;
        let mut person = self.registry.people.get(&id).ok_or(NotDone::Unknown)?.clone();
        // A code to be kept stands in for a factor, and is none of its own.
        let stands_in = person.second_factors().contains(&Factor::RecoveryCode);
        let right = match proof {
            Proof::Totp(code) => person.totp.as_mut().is_some_and(|app| app.take(code.reveal(), now)),
            Proof::RecoveryCode(code) => stands_in && person.recovery_codes.take(code.reveal()),
            Proof::Password(_) | Proof::Passkey(..) => false,
        };
        if !right {
            return Err(NotDone::Wrong(self.delays.wrong(account, network, now)).into());
        }
        self.delays.right(account);
        // Kept before it counts: a code is good once.
        self.change(hands, |registry| {
            registry.people.insert(id, person);
            Ok(())
        })
    }

    /// Ends sign-ins of the bearer's.
    pub(super) fn end(&mut self, token: &Token, which: Which, hands: &Hands<'_>) -> Result<Told, Stop> {
        let bearer = self.signed_in(token, hands.now)?;
        let person = bearer.identity.person;
        let mine = |minted: &Minted| matches!(&minted.of, Kind::SignIn(sign_in) if sign_in.person == person);
        let address =
            |minted: &Minted| matches!(&minted.of, Kind::Once { person: whose, .. } if *whose == person);
        let ended = |hash: &sealing::TokenHash, minted: &Minted| match which {
            Which::This => *hash == bearer.hash,
            Which::Device(id) => mine(minted) && minted.id == id,
            // An address that was made elsewhere would let somebody in again.
            Which::Others => (mine(minted) || address(minted)) && *hash != bearer.hash,
        };
        let tokens = &self.registry.tokens;
        let ids: Vec<u64> =
            tokens.iter().filter(|(hash, minted)| ended(hash, minted)).map(|(_, minted)| minted.id).collect();
        if ids.is_empty() && matches!(which, Which::Device(_)) {
            return Err(NotDone::NotThere.into());
        }
        self.change(hands, |registry| {
            registry.end(hands.now, ended);
            Ok(())
        })?;
        Ok(Told::Done(ids))
    }

    /// Where the bearer is signed in, the last to be seen first.
    pub(super) fn devices(&self, token: &Token, now: Timestamp) -> Result<Told, Stop> {
        let bearer = self.signed_in(token, now)?;
        let tokens = self.registry.tokens.iter().filter(|(_, minted)| minted.is_good(now));
        let mut devices: Vec<SignedIn> = tokens
            .filter_map(|(hash, minted)| match &minted.of {
                Kind::SignIn(sign_in) if sign_in.person == bearer.identity.person => Some(SignedIn {
                    id: minted.id,
                    current: *hash == bearer.hash,
                    device: sign_in.device.clone(),
                    created_at: minted.at,
                    seen_at: sign_in.seen_at,
                }),
                _ => None,
            })
            .collect();
        devices.sort_by_key(|device| std::cmp::Reverse(device.seen_at));
        Ok(Told::Devices(devices))
    }

    /// A token for a one-time address, by which another device signs in as the bearer did.
    pub(super) fn one_time(&mut self, token: &Token, hands: &Hands<'_>) -> Result<Told, Stop> {
        let bearer = self.confirmed(token, hands.now)?;
        let (person, second_factor) = (bearer.identity.person, bearer.identity.second_factor);
        let of = Kind::Once { person, second_factor };
        let token = self.change(hands, |registry| {
            // There is one at a time.
            registry.end(hands.now, |_, minted| {
                matches!(minted.of, Kind::Once { .. }) && minted.of.person() == Some(person)
            });
            Ok(registry.mint(of, ONE_TIME_MS, hands.now, hands.rng).1)
        })?;
        Ok(Told::Link(token))
    }

    /// Signs in by a one-time address, which is good no more.
    pub(super) fn sign_in_once(
        &mut self,
        token: &Token,
        device: Device,
        hands: &Hands<'_>,
    ) -> Result<Told, Stop> {
        let minted = self.registry.tokens.get(&token.hash()).filter(|minted| minted.is_good(hands.now));
        let Some(&Kind::Once { person, second_factor }) = minted.map(|minted| &minted.of) else {
            return Err(NotDone::Unknown.into());
        };
        let fresh = self.change(hands, |registry| {
            registry.tokens.remove(&token.hash());
            Ok(registry.sign_in(person, second_factor, device, hands.now, hands.rng))
        })?;
        Ok(Told::SignedIn(fresh, person))
    }
}

impl Registry {
    /// Mints a token that is good for so long; its number, and itself.
    pub(super) fn mint(&mut self, of: Kind, good_for: i64, now: Timestamp, rng: &dyn Rng) -> (u64, Token) {
        let token = Token::random(rng);
        let minted = Minted {
            id: rng.next_u128() as u64,
            at: now,
            until: Timestamp(now.0.saturating_add(good_for)),
            of,
        };
        let id = minted.id;
        self.tokens.insert(token.hash(), minted);
        (id, token)
    }

    /// Mints a sign-in. Of too many the one that was longest unused ends.
    pub(super) fn sign_in(
        &mut self,
        person: PersonId,
        second_factor: bool,
        device: Device,
        now: Timestamp,
        rng: &dyn Rng,
    ) -> Token {
        self.end(now, |_, _| false);
        let mut held: Vec<_> = self
            .tokens
            .iter()
            .filter_map(|(hash, minted)| match &minted.of {
                Kind::SignIn(sign_in) if sign_in.person == person => Some((sign_in.seen_at, *hash)),
                _ => None,
            })
            .collect();
        held.sort_unstable();
        for (_, hash) in held.iter().take((held.len() + 1).saturating_sub(SIGN_INS_MAX)) {
            self.tokens.remove(hash);
        }
        let short = |text: String| text.chars().filter(|c| !c.is_control()).take(NAME_CHARS_MAX).collect();
        let device = Device { agent: short(device.agent), network: short(device.network) };
        let sign_in = SignIn { person, second_factor, confirmed_at: now, seen_at: now, device };
        self.mint(Kind::SignIn(sign_in), SIGN_IN_MS, now, rng).1
    }

    /// Puts another token in the place of a sign-in's, and changes what it says.
    pub(super) fn replace(
        &mut self,
        hash: sealing::TokenHash,
        rng: &dyn Rng,
        change: impl FnOnce(&mut SignIn),
    ) -> Result<Token, Stop> {
        let mut minted = self.tokens.remove(&hash).ok_or(NotDone::Unknown)?;
        if let Kind::SignIn(sign_in) = &mut minted.of {
            change(sign_in);
        }
        let token = Token::random(rng);
        self.tokens.insert(token.hash(), minted);
        Ok(token)
    }
}

impl Totp {
    /// Whether a code is right now; it is good no more then.
    pub(super) fn take(&mut self, code: &str, now: Timestamp) -> bool {
        let step = totp::check(&self.secret, code, now, Some(self.last_step));
        self.last_step = step.unwrap_or(self.last_step);
        step.is_some()
    }
}
