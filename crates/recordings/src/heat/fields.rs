//! Which nodes of a page are fields of forms: there nothing need follow a click. Read off the text of a snapshot or a change,
//! however deep, without building its tree.

/// What these are, and what is in them, is a field.
const FIELDS: [&[u8]; 5] = [b"input", b"textarea", b"select", b"option", b"label"];

/// An object that is not closed yet.
#[derive(Clone, Copy, Default)]
struct Open {
    /// Whether it is a field or in one.
    is_field: bool,
    id: Option<i64>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    Tag,
    Id,
    Other,
}

/// Gives the numbers of all fields in `json`, which is written as the gate writes: without white space, and what a node is before
/// what is in it.
pub(super) fn find(json: &[u8], found: &mut dyn FnMut(i64)) {
    let (mut open, mut key, mut at): (Vec<Open>, Key, usize) = (Vec::new(), Key::Other, 0);
    while let Some(byte) = json.get(at) {
        match byte {
            b'"' => {
                let end = end_of_text(json, at + 1);
                let text = &json[at + 1..end];
                at = end + 1;
                if json.get(at) == Some(&b':') {
                    key = match text {
                        b"tagName" => Key::Tag,
                        b"id" => Key::Id,
                        _ => Key::Other,
                    };
                } else if let (Key::Tag, Some(node)) = (key, open.last_mut()) {
                    node.is_field |= FIELDS.contains(&text);
                }
                continue;
            }
            b'{' => {
                let is_field = open.last().is_some_and(|around| around.is_field);
                open.push(Open { is_field, id: None });
                key = Key::Other;
            }
            b'}' => {
                if let Some(Open { is_field: true, id: Some(id) }) = open.pop() {
                    found(id);
                }
            }
            b'0'..=b'9' if key == Key::Id => {
                let digits = json[at..].iter().take_while(|byte| byte.is_ascii_digit());
                let (mut id, mut length) = (0_i64, 0);
                for digit in digits {
                    id = id.saturating_mul(10).saturating_add(i64::from(digit - b'0'));
                    length += 1;
                }
                if let Some(node) = open.last_mut() {
                    node.id = Some(id);
                }
                (at, key) = (at + length, Key::Other);
                continue;
            }
            _ => {}
        }
        at += 1;
    }
}

/// Where the text ends that begins there: at its quotation mark, or where all ends.
fn end_of_text(json: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(byte) = json.get(at) {
        match byte {
            b'"' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    json.len()
}

#[cfg(test)]
mod tests {
    use super::find;

    fn found(json: &str) -> Vec<i64> {
        let mut ids = Vec::new();
        find(json.as_bytes(), &mut |id| ids.push(id));
        ids.sort_unstable();
        ids
    }

    #[test]
    fn a_field_and_everything_in_it_are_fields_and_nothing_beside_it_is() {
        let text = r#"{"type":3,"textContent":"a \"tagName\":\"input\" {","id":6}"#;
        let input = r#"{"type":2,"tagName":"input","attributes":{"id":"f7"},"childNodes":[],"id":7}"#;
        let label = format!(
            r#"{{"type":2,"tagName":"label","attributes":{{}},"childNodes":[{text},{input}],"id":5}}"#
        );
        let p = r#"{"type":2,"tagName":"p","attributes":{"id":"input"},"childNodes":[],"id":8}"#;
        let body =
            format!(r#"{{"type":2,"tagName":"body","attributes":{{}},"childNodes":[{label},{p}],"id":4}}"#);
        assert_eq!(found(&format!(r#"{{"node":{body}}}"#)), [5, 6, 7]);
    }

    #[test]
    fn a_number_may_stand_before_what_is_in_a_node_and_a_tree_may_be_deep() {
        let mut tree = r#"{"type":3,"id":1}"#.to_owned();
        for id in 2..2_000 {
            tree = format!(r#"{{"type":2,"id":{id},"tagName":"select","childNodes":[{tree}]}}"#);
        }
        assert_eq!(found(&tree).len(), 1_999);
    }

    #[test]
    fn what_breaks_off_ends_the_search() {
        for json in [
            "",
            "\"",
            "\"\\",
            "{\"id\":",
            "{\"tagName\":\"input\",\"id\":7",
            "}}}",
            "{\"id\":99999999999999999999",
        ] {
            assert!(found(json).is_empty(), "{json}");
        }
    }
}
