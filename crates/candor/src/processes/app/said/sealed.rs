//! A visitor's key, and what is sealed under it. It is a pair: the public half lies in the clear, so that whoever keeps an
//! attribute can seal it and open none; the private half is sealed to the site's public key, and the keeper alone opens it.
//!
//! A wrapped key is a mark of 16 random bytes (what the keeper calls it by, which says nothing of whose it is), the public half
//! (32), and the private half as a sealed key.

use domain::{AttributeName, AttributeValue, OrganizationId, Rng, SiteId, VisitorId};
use sealing::{
    Environment, Kind, Label, Pair, PublicKey, Recipient, Recipients, Refused, SEALED_KEY_BYTES, SealedKey,
    Wanted, seal_bytes, unseal_bytes,
};

use crate::http::problem::Problem;

const MARK_BYTES: usize = 16;
const PUBLIC_BYTES: usize = 32;

/// What seals for one visitor.
pub(crate) struct VisitorSeal {
    site: SiteId,
    visitor: VisitorId,
    recipient: Recipient,
}

/// What opens for one visitor.
pub(crate) struct VisitorKey {
    site: SiteId,
    visitor: VisitorId,
    pair: Pair,
}

impl VisitorSeal {
    /// A visitor's, by the key they have.
    pub(crate) fn of(site: SiteId, visitor: VisitorId, wrapped: &[u8]) -> Result<Self, Problem> {
        let (_, public, _) = parts(wrapped)?;
        Ok(Self { site, visitor, recipient: Recipient { version: 0, public } })
    }

    /// A fresh one, and the key as it is kept. Its private half is sealed at once, and known to nobody after that.
    pub(crate) fn fresh(
        site: SiteId,
        visitor: VisitorId,
        recipients: &dyn Recipients,
        rng: &dyn Rng,
    ) -> Result<(Self, Vec<u8>), Problem> {
        let mut mark = [0; MARK_BYTES];
        rng.fill(&mut mark);
        let of_site = recipients.recipient(site).ok_or_else(|| failed(Refused))?;
        let label = label(recipients.environment(), site, &mark);
        let (private, sealed) = of_site.fresh_key(&label.to_bytes(), rng).map_err(failed)?;
        let public = Pair::of_private(private).public();
        let wrapped = [&mark[..], &public.0, sealed.bytes()].concat();
        Ok((Self { site, visitor, recipient: Recipient { version: 0, public } }, wrapped))
    }

    /// A value, sealed as this attribute of this visitor.
    pub(crate) fn seal(
        &self,
        name: &AttributeName,
        value: &AttributeValue,
        rng: &dyn Rng,
    ) -> Result<Vec<u8>, Problem> {
        let bound = bound(self.site, self.visitor, name);
        let (key, sealed) = self.recipient.fresh_key(&bound, rng).map_err(failed)?;
        let plain = zeroize::Zeroizing::new(postcard::to_stdvec(value).expect("a value can be serialized"));
        Ok([&sealed.bytes()[..], &seal_bytes(&plain, &key, &bound, rng)].concat())
    }
}

impl VisitorKey {
    /// What the keeper is asked to open, to have a visitor's key.
    pub(crate) fn wanted(environment: Environment, site: SiteId, wrapped: &[u8]) -> Result<Wanted, Problem> {
        let (mark, _, sealed) = parts(wrapped)?;
        Ok(Wanted { label: label(environment, site, mark), sealed })
    }

    /// A visitor's, with the private half that the keeper gave.
    pub(crate) fn of(site: SiteId, visitor: VisitorId, private: sealing::Key) -> Self {
        Self { site, visitor, pair: Pair::of_private(private) }
    }

    /// What an attribute says.
    pub(crate) fn open(&self, name: &AttributeName, sealed: &[u8]) -> Result<AttributeValue, Problem> {
        let bound = bound(self.site, self.visitor, name);
        let (key, rest) = sealed.split_at_checked(SEALED_KEY_BYTES).ok_or_else(|| failed(Refused))?;
        let key = SealedKey::read(key).ok_or_else(|| failed(Refused))?;
        let key = self.pair.open(&key, &bound).map_err(failed)?;
        let plain = unseal_bytes(rest, &key, &bound).map_err(failed)?;
        postcard::from_bytes(&plain).map_err(|error| Problem::internal(&error))
    }
}

/// The mark, the public half and the sealed private half of a wrapped key.
fn parts(wrapped: &[u8]) -> Result<(&[u8], PublicKey, SealedKey), Problem> {
    let read = || {
        let (mark, rest) = wrapped.split_at_checked(MARK_BYTES)?;
        let (public, sealed) = rest.split_at_checked(PUBLIC_BYTES)?;
        Some((mark, PublicKey(public.try_into().ok()?), SealedKey::read(sealed)?))
    };
    read().ok_or_else(|| failed(Refused))
}

fn label(environment: Environment, site: SiteId, mark: &[u8]) -> Label {
    let name = mark.iter().map(|byte| format!("{byte:02x}")).collect();
    Label { environment, organization: OrganizationId::FIRST, site, kind: Kind::Attributes, name }
}

/// What a value is bound to. The name comes last, so that its length need not be told.
fn bound(site: SiteId, visitor: VisitorId, name: &AttributeName) -> Vec<u8> {
    let (site, visitor) = (site.0.to_be_bytes(), visitor.as_u128().to_be_bytes());
    [b"candor attribute 1", &site[..], &visitor[..], name.as_str().as_bytes()].concat()
}

fn failed(refused: Refused) -> Problem {
    Problem::internal(&refused)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use domain::{KeptAddress, Text};
    use sealing::{Opener, Published, Ring};

    use super::*;
    use crate::outside::SystemRng;

    const SITE: SiteId = SiteId(3);
    const ADA: VisitorId = VisitorId::from_u128(1);
    const BOB: VisitorId = VisitorId::from_u128(2);

    #[test]
    fn what_is_sealed_for_a_visitor_opens_with_their_key_as_what_it_is_and_as_nothing_else() {
        let (environment, pair) = (Environment(9), Pair::random(&SystemRng));
        let recipient = Recipient { version: 1, public: pair.public() };
        let mut ring = Ring::new(environment);
        ring.add(SITE, 1, pair);
        let published = Published::default();
        published.publish(environment, BTreeMap::from([(SITE, recipient)]));
        let (seal, wrapped) = VisitorSeal::fresh(SITE, ADA, &published, &SystemRng).unwrap();
        let [plan, ip]: [AttributeName; 2] = ["plan", "ip"].map(|name| name.parse().unwrap());
        let value = AttributeValue::Text(Text::clean("pro", 9));
        let sealed = seal.seal(&plan, &value, &SystemRng).unwrap();
        // Whoever knows the key as it is kept seals as well.
        let address = AttributeValue::Address(KeptAddress::read("203.0.113.7").unwrap());
        let again = VisitorSeal::of(SITE, ADA, &wrapped).unwrap().seal(&ip, &address, &SystemRng).unwrap();

        let wanted = VisitorKey::wanted(environment, SITE, &wrapped).unwrap();
        assert!(
            !wanted.label.to_string().contains(&ADA.to_string()),
            "its label says nothing of whose it is"
        );
        let key_of = |visitor| {
            VisitorKey::of(SITE, visitor, ring.open(std::slice::from_ref(&wanted)).unwrap().remove(0))
        };
        let key = key_of(ADA);
        assert!(key.open(&plan, &sealed).unwrap() == value && key.open(&ip, &again).unwrap() == address);
        assert!(key.open(&ip, &sealed).is_err(), "another attribute");
        assert!(key_of(BOB).open(&plan, &sealed).is_err(), "another visitor's");
        let mut altered = sealed.clone();
        *altered.last_mut().unwrap() ^= 1;
        assert!(key.open(&plan, &altered).is_err(), "altered");
        assert!(VisitorKey::wanted(environment, SITE, &wrapped[1..]).is_err(), "cut");
    }
}
