//! Step 3, honour the opt-out: a browser that says GPC or DNT is not measured, where the site honours it.

use domain::{Refusal, SiteSettings};

use crate::Headers;

pub(crate) fn honour(settings: &SiteSettings, headers: &Headers<'_>) -> Result<(), Refusal> {
    let says_no = |value: &[u8]| value.trim_ascii() == b"1";
    if settings.honour_signals && (says_no(headers.sec_gpc) || says_no(headers.dnt)) {
        return Err(Refusal::OptOut);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
