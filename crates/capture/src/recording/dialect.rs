//! The dialect as tables, made once from the file that the recorder is built with too. What is not in it is not let in.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::grammar::Grammar;

static FILE: &str = include_str!("../../../../fixtures/recording/dialect.json");

/// The dialect of this build.
pub(super) static DIALECT: LazyLock<Dialect> =
    LazyLock::new(|| Dialect::read(FILE).expect("a test reads the dialect"));

/// The limits of the dialect, by their names in it.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Bytes of a chunk as sent.
    pub request_bytes: usize,
    /// Bytes of a chunk unpacked.
    pub chunk_bytes: usize,
    /// Events in a chunk.
    pub events: u32,
    /// Depth of a page's tree.
    pub depth: u8,
    /// Nodes in a snapshot, and numbers of nodes known after one.
    pub nodes: u32,
    /// Bytes of one text; a longer one is starred.
    pub text_bytes: usize,
    /// Bytes of an attribute; a longer one is dropped.
    pub attribute_bytes: usize,
    /// Bytes of a style sheet; a longer one is dropped.
    pub sheet_bytes: usize,
    /// Input events of one field in a second; more are dropped.
    pub input_events_per_field_per_second: u32,
}

/// The limits of the dialect.
pub fn limits() -> &'static Limits {
    &DIALECT.limits
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u8,
    mask: String,
    form_tags: Vec<String>,
    form_roles: Vec<String>,
    dropped_tags: Vec<String>,
    boxed_tags: Vec<String>,
    boxed_attributes: Vec<String>,
    scopes: String,
    input_types: Vec<String>,
    attributes: BTreeMap<String, BTreeMap<String, String>>,
    svg_attributes: BTreeMap<String, String>,
    custom: Vec<String>,
    limits: Limits,
}

/// Hexadecimal digits of the mark by which a component's styles know its elements.
const SCOPE_DIGITS: usize = 8;

type Grammars = FxHashMap<String, Grammar>;

/// What the dialect says, for looking up.
pub(super) struct Dialect {
    pub(super) version: u8,
    pub(super) mask: String,
    pub(super) form_roles: Vec<String>,
    pub(super) input_types: Vec<String>,
    pub(super) custom: Vec<String>,
    pub(super) limits: Limits,
    /// How the marks begin by which components' styles know their elements.
    scopes: String,
    tags: FxHashMap<String, Tag>,
    boxed_attributes: Vec<String>,
    anywhere: Grammars,
    svg: Grammars,
    /// By a tag's code.
    particular: Vec<Grammars>,
}

/// What is known of elements with one name.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Tag {
    /// Which attributes of its own it has: 0 for none.
    pub(super) code: u8,
    pub(super) form: bool,
    pub(super) dropped: bool,
    pub(super) boxed: bool,
    pub(super) style: bool,
    pub(super) svg: SvgRole,
}

impl Tag {
    /// Whether an element of that name is part of an SVG image, standing in one or not.
    pub(super) fn in_svg(self, around: bool) -> bool {
        around || self.svg == SvgRole::Begins
    }

    /// Whether what is in it is.
    pub(super) fn holds_svg(self, around: bool) -> bool {
        self.in_svg(around) && self.svg != SvgRole::Ends
    }
}

/// What an element's name says of SVG.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum SvgRole {
    /// Nothing: it is of what it stands in.
    #[default]
    OfParent,
    /// It begins an image.
    Begins,
    /// What is in it is HTML again.
    Ends,
}

impl Dialect {
    fn read(file: &str) -> Result<Self, String> {
        let file: File = serde_json::from_str(file).map_err(|error| error.to_string())?;
        let grammars = |table: &BTreeMap<String, String>| -> Result<Grammars, String> {
            let read = table.iter().map(|(name, grammar)| match Grammar::of(grammar) {
                Some(grammar) => Ok((name.clone(), grammar)),
                None => Err(format!("{name} has no grammar {grammar}")),
            });
            read.collect()
        };
        let mut tags: FxHashMap<String, Tag> = FxHashMap::default();
        let mut particular = vec![Grammars::default()];
        for (tag, table) in file.attributes.iter().filter(|(tag, _)| *tag != "*") {
            tags.entry(tag.clone()).or_default().code =
                u8::try_from(particular.len()).map_err(|e| e.to_string())?;
            particular.push(grammars(table)?);
        }
        let mut mark = |names: &[String], mark: fn(&mut Tag)| {
            names.iter().for_each(|name| mark(tags.entry(name.clone()).or_default()));
        };
        mark(&file.form_tags, |tag| tag.form = true);
        mark(&file.dropped_tags, |tag| tag.dropped = true);
        mark(&file.boxed_tags, |tag| tag.boxed = true);
        mark(&["style".to_owned()], |tag| tag.style = true);
        mark(&["svg".to_owned()], |tag| tag.svg = SvgRole::Begins);
        mark(&["foreignobject".to_owned()], |tag| tag.svg = SvgRole::Ends);
        Ok(Self {
            version: file.version,
            mask: file.mask,
            form_roles: file.form_roles,
            input_types: file.input_types,
            custom: file.custom,
            limits: file.limits,
            scopes: file.scopes,
            tags,
            boxed_attributes: file.boxed_attributes,
            anywhere: grammars(file.attributes.get("*").ok_or("no attributes for all")?)?,
            svg: grammars(&file.svg_attributes)?,
            particular,
        })
    }

    /// What is known of elements named `name`. A prefix says nothing: `x:script` is a script to an SVG image.
    pub(super) fn tag(&self, name: &str) -> Tag {
        let local = name.rsplit_once(':').map_or(name, |(_, local)| local);
        self.tags.get(local).copied().unwrap_or_default()
    }

    /// The grammar of an attribute; none where it is not let in.
    pub(super) fn attribute(&self, code: u8, svg: bool, boxed: bool, name: &str) -> Option<&Grammar> {
        if boxed && !self.boxed_attributes.iter().any(|listed| listed == name) {
            return None;
        }
        let particular = self.particular.get(usize::from(code)).and_then(|table| table.get(name));
        let drawn = || self.svg.get(name).filter(|_| svg || boxed);
        let scope = || self.is_scope(name).then_some(&Grammar::Flag);
        particular.or_else(|| self.anywhere.get(name)).or_else(drawn).or_else(scope)
    }

    fn is_scope(&self, name: &str) -> bool {
        name.strip_prefix(&*self.scopes).is_some_and(|digits| {
            digits.len() == SCOPE_DIGITS
                && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        })
    }

    /// Whether a `role` makes its element a form control.
    pub(super) fn is_form_role(&self, role: &str) -> bool {
        let named = |token: &str| self.form_roles.iter().any(|form| token.eq_ignore_ascii_case(form));
        role.split_ascii_whitespace().any(named)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_grammar_that_the_dialect_names_is_there() {
        let dialect = Dialect::read(FILE).unwrap();
        assert_eq!((dialect.version, &*dialect.mask), (1, "***"));
        let unknown = FILE.replace("\"class\": \"class\"", "\"class\": \"anything\"");
        assert_eq!(Dialect::read(&unknown).err().as_deref(), Some("class has no grammar anything"));
    }

    #[test]
    fn a_prefix_hides_no_element() {
        assert!(
            DIALECT.tag("script").dropped
                && DIALECT.tag("x:script").dropped
                && DIALECT.tag("a:b:script").dropped
        );
        assert!(DIALECT.tag("x:input").form && DIALECT.tag("svg:image").boxed);
        assert_eq!(DIALECT.tag("o:p"), Tag::default());
    }

    #[test]
    fn an_element_has_its_own_attributes_and_those_of_all() {
        let code = |tag: &str| DIALECT.tag(tag).code;
        assert!(DIALECT.attribute(code("td"), false, false, "colspan").is_some());
        assert!(DIALECT.attribute(code("td"), false, false, "class").is_some());
        assert!(DIALECT.attribute(code("div"), false, false, "colspan").is_none());
        assert!(DIALECT.attribute(code("path"), true, false, "d").is_some());
        assert!(DIALECT.attribute(code("div"), false, false, "d").is_none());
        assert!(DIALECT.attribute(code("img"), false, true, "x").is_some());
        assert!(DIALECT.attribute(code("img"), false, true, "lang").is_none());
        assert!(DIALECT.attribute(code("div"), false, false, "data-v-0a1b2c3d").is_some());
        for name in ["data-v-typed", "data-v-0a1b2c3", "data-v-0a1b2c3d4", "data-v-0A1B2C3D", "data-v-"] {
            assert!(DIALECT.attribute(code("div"), false, false, name).is_none(), "{name}");
        }
    }
}
