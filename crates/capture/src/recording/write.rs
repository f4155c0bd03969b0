//! Writes JSON.

/// Appends `text` as a JSON string.
pub(super) fn text(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    let bytes = text.as_bytes();
    let mut plain = 0;
    while let Some(at) = escaped(bytes, plain) {
        let byte = bytes[at];
        out.extend_from_slice(&bytes[plain..at]);
        plain = at + 1;
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\r' => out.extend_from_slice(b"\\r"),
            _ => {
                let digit = |nibble: u8| if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 };
                out.extend_from_slice(&[b'\\', b'u', b'0', b'0', digit(byte >> 4), digit(byte & 15)]);
            }
        }
    }
    out.extend_from_slice(&bytes[plain..]);
    out.push(b'"');
}

/// The first byte from `from` on that is escaped. Sixteen are looked at together, which one processor instruction can.
fn escaped(bytes: &[u8], from: usize) -> Option<usize> {
    let is_escaped = |byte: u8| (byte < 0x20) | (byte == b'"') | (byte == b'\\');
    let (many, _) = bytes[from..].as_chunks::<16>();
    let clear =
        many.iter().take_while(|some| !some.iter().fold(false, |any, byte| any | is_escaped(*byte))).count();
    let from = from + 16 * clear;
    bytes[from..].iter().position(|byte| is_escaped(*byte)).map(|at| from + at)
}

/// Appends a key with its colon, and a comma before it unless it is the first after a bracket.
pub(super) fn key(name: &str, out: &mut Vec<u8>) {
    comma(out);
    text(name, out);
    out.push(b':');
}

/// Appends a comma unless a bracket was just opened or a key was just written.
pub(super) fn comma(out: &mut Vec<u8>) {
    if !matches!(out.last(), Some(b'{' | b'[' | b':') | None) {
        out.push(b',');
    }
}
