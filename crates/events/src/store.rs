//! The events of every site: committed, absorbed, merged, and read as one consistent view.
//!
//! What the walk may rely on: `Store::view(&self, site: SiteId, range: Range<Timestamp>, columns: &[Column],
//! kept: Kept) -> Result<View, StoreError>` answers whole runs that overlap `range`, of one moment.

mod view;

pub(crate) use view::View;
