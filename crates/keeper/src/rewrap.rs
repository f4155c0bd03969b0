//! The stored keys under another root key. What the root key wraps is wrapped anew; everything below stays as it is.

use std::path::Path;

use domain::Rng;
use sealing::{Key, Refused};

use crate::store::{Store, StoreError};

/// Stores what the file at `path` holds under `root` in the place of `before`. Durable when it returns; after an error
/// the file is under the one or the other, whole.
pub(crate) fn rewrap(path: &Path, before: &Key, root: &Key, rng: &dyn Rng) -> Result<(), StoreError> {
    let missing = || StoreError::Missing { path: path.to_owned() };
    let damaged = |_: Refused| StoreError::Damaged { path: path.to_owned() };
    let mut stored = Store::new(path.to_owned(), before).load()?.ok_or_else(missing)?;
    stored.turn(before, root, rng).map_err(damaged)?;
    Store::new(path.to_owned(), root).save(&stored, rng)
}
