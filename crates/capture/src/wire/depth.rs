//! Refuses JSON that is nested too deep before anything recursive reads it.

use domain::limits::JSON_DEPTH;

use crate::Malformed;

/// Counts open brackets outside strings; what is not JSON at all is left to the parser to say.
pub(super) fn check(json: &str) -> Result<(), Malformed> {
    let mut depth = 0_usize;
    let mut in_text = false;
    let mut escaped = false;
    for byte in json.bytes() {
        if in_text {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_text = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_text = true,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > JSON_DEPTH {
            return Err(Malformed::new("body", format!("is nested deeper than {JSON_DEPTH} levels")));
        }
    }
    Ok(())
}
