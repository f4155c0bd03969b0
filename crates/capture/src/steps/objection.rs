//! With step 8, let be whoever objected: nothing of them is measured or recorded, by none of their ids.

use domain::{Refusal, SiteId, VisitorId};

use crate::{Controls, SiteDirectory};

/// Refuses what is of somebody who objected, by any of these ids.
pub(crate) fn heed(
    site: SiteId,
    ids: impl IntoIterator<Item = VisitorId>,
    sites: &SiteDirectory,
    controls: &Controls,
) -> Result<(), Refusal> {
    let has_objected = ids.into_iter().any(|id| sites.has_objected(site, id));
    if (controls.heeds_objection)(has_objected) { Err(Refusal::Objected) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADA: VisitorId = VisitorId::from_u128(1);
    const BOB: VisitorId = VisitorId::from_u128(2);

    #[test]
    fn whoever_objected_at_a_site_is_let_be_there_by_any_id_and_nobody_else_is() {
        let sites = SiteDirectory::default().objecting([(SiteId(1), ADA)]);
        let heed = |site, ids: &[VisitorId]| heed(SiteId(site), ids.to_vec(), &sites, &Controls::default());
        assert_eq!(heed(1, &[ADA]), Err(Refusal::Objected));
        assert_eq!(heed(1, &[BOB, ADA]), Err(Refusal::Objected));
        assert_eq!(heed(1, &[BOB]), Ok(()));
        assert_eq!(heed(2, &[ADA]), Ok(()), "at another site they did not object");
        assert_eq!(heed(1, &[]), Ok(()));
    }
}
