//! `tidy`: the walls of the house, checked by machine because prose drifts.

mod files;
mod layers;
mod paths;

use anyhow::{Result, bail};

use crate::steps::root;

/// Checks every wall and lists each breach.
pub(crate) fn tidy() -> Result<()> {
    let root = root();
    let architecture = std::fs::read_to_string(root.join("ARCHITECTURE.md"))?;
    let mut breaches = layers::breaches(&root, &architecture)?;
    breaches.extend(paths::breaches(&root, &architecture));
    breaches.extend(files::breaches(&root)?);
    if !breaches.is_empty() {
        bail!("{} breaches of the house's walls:\n  {}", breaches.len(), breaches.join("\n  "));
    }
    println!("the walls stand");
    Ok(())
}
