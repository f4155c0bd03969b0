//! A page's path as a report shows it, as recordings of that page have it: encoded as in an address, and with a star for what
//! may name somebody. The gate itself says which that is, by the head of a chunk.

use std::fmt::Write as _;

use capture::recording::read_head;

/// The path as it is kept; none where no page has it.
pub(super) fn as_recorded(path: &str) -> Option<String> {
    let mut address = "https://example.com".to_owned();
    for byte in path.bytes() {
        // What an address may hold as it is; the gate looks at the rest again.
        if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@%/".contains(&byte) {
            address.push(char::from(byte));
        } else {
            let _ = write!(address, "%{byte:02X}");
        }
    }
    let (recording, page) = ("A".repeat(22), "A".repeat(11));
    let chunk = serde_json::json!({
        "v": 1, "d": "example.com", "u": address, "r": recording, "p": page, "n": 0, "e": [],
    });
    let head = read_head(chunk.to_string().as_bytes()).ok()?;
    head.address.strip_prefix("https://example.com").map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_a_report_finds_the_heatmap_of_its_page() {
        for (path, recorded) in [
            ("/", "/"),
            ("/cart", "/cart"),
            ("/orders/123456/items", "/orders/*/items"),
            ("/of/ada@example.com", "/of/*"),
            ("/straße", "/stra%C3%9Fe"),
            ("/a b?c", "/a%20b%3Fc"),
            ("/blog/*/page/**", "/blog/*/page/**"),
        ] {
            assert_eq!(as_recorded(path).as_deref(), Some(recorded), "{path}");
        }
    }
}
