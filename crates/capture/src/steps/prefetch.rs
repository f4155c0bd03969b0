//! Step 4, refuse prefetches: a page fetched ahead was not seen by anybody.

use domain::Refusal;

use crate::Headers;

/// The words by which browsers mark a page fetched ahead, in `Purpose`, `Sec-Purpose` and `X-Moz`.
const WORDS: [&[u8]; 3] = [b"prefetch", b"prerender", b"preview"];

pub(crate) fn refuse(headers: &Headers<'_>) -> Result<(), Refusal> {
    let marked = [headers.purpose, headers.sec_purpose, headers.x_moz].into_iter().any(is_fetched_ahead);
    if marked { Err(Refusal::Prefetch) } else { Ok(()) }
}

/// The first item of a header such as `prefetch;prerender` or `prefetch;anonymous-client-ip`.
fn is_fetched_ahead(header: &[u8]) -> bool {
    header
        .split(|byte| matches!(byte, b';' | b','))
        .any(|item| WORDS.iter().any(|word| item.trim_ascii().eq_ignore_ascii_case(word)))
}

#[cfg(test)]
mod tests;
