//! What the tests of this crate share.

use domain::{Rng, SiteId};

use crate::{Environment, Kind, Label, Pair, Recipient};

pub(crate) fn label(name: &str) -> Label {
    Label {
        environment: Environment(7),
        organization: domain::OrganizationId::FIRST,
        site: SiteId(3),
        kind: Kind::Segment,
        name: name.to_owned(),
    }
}

pub(crate) fn pair_and_recipient(rng: &dyn Rng) -> (Pair, Recipient) {
    let pair = Pair::random(rng);
    let recipient = Recipient { version: 1, public: pair.public() };
    (pair, recipient)
}
