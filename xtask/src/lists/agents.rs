//! uap-core's `regexes.yaml` as JSON, less its device models. The product then needs no YAML reader.

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value};

/// The two sections that are used.
const SECTIONS: [&str; 2] = ["user_agent_parsers", "os_parsers"];

/// Converts the one shape of YAML that the file is written in, and fails on any other.
pub(super) fn convert(yaml: &str) -> Result<String> {
    let mut sections: Map<String, Value> = Map::new();
    let mut section = String::new();
    for (number, line) in yaml.lines().enumerate() {
        let text = line.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        if let Some(name) = line.strip_suffix(':').filter(|name| !name.starts_with([' ', '-'])) {
            section = name.to_owned();
            continue;
        }
        let (is_first, pair) = text.strip_prefix("- ").map_or((false, text), |pair| (true, pair));
        let (key, value) =
            read_pair(pair).with_context(|| format!("line {} is of an unknown form", number + 1))?;
        let entries = sections.entry(&*section).or_insert_with(|| Value::Array(Vec::new()));
        let Value::Array(entries) = entries else { bail!("a section is a list") };
        if is_first {
            entries.push(Value::Object(Map::new()));
        }
        let entry = entries.last_mut().and_then(Value::as_object_mut).context("a list begins with a dash")?;
        entry.insert(key.to_owned(), Value::String(value));
    }
    sections.retain(|name, _| SECTIONS.contains(&&**name));
    if sections.len() != SECTIONS.len() {
        bail!("regexes.yaml lacks one of {SECTIONS:?}");
    }
    Ok(serde_json::to_string_pretty(&sections)? + "\n")
}

/// `key: 'value'`, in which a quote is written twice.
fn read_pair(pair: &str) -> Option<(&str, String)> {
    let (key, value) = pair.split_once(": ")?;
    let value = value.trim();
    let inner = ['\'', '"'].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote))?;
    Some((key, inner.replace("''", "'")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const YAML: &str = "user_agent_parsers:\n  # a comment\n  - regex: '(It''s)/(\\d+)'\n    family_replacement: 'It'\n\
        \nos_parsers:\n  - regex: 'Linux'\ndevice_parsers:\n  - regex: 'Phone'\n";

    #[test]
    fn browsers_and_systems_are_kept_and_devices_left_out() {
        let json: Value = serde_json::from_str(&convert(YAML).unwrap()).unwrap();
        assert_eq!(json["user_agent_parsers"][0]["regex"], "(It's)/(\\d+)");
        assert_eq!(json["user_agent_parsers"][0]["family_replacement"], "It");
        assert_eq!(json["os_parsers"][0]["regex"], "Linux");
        assert!(json.get("device_parsers").is_none());
    }

    #[test]
    fn a_line_of_another_form_is_named() {
        let error = convert("user_agent_parsers:\n  - regex: |\n").unwrap_err();
        assert_eq!(error.to_string(), "line 2 is of an unknown form");
    }
}
