//! The compact mirror of one page's tree: what each node is and where it stands, and nothing of what it holds.
//!
//! Twelve bytes a node, and no more nodes than the dialect allows, whatever numbers a forger gives them.

use domain::Timestamp;
use rustc_hash::FxHashMap;

use super::dialect::DIALECT;

/// Fields that may be written in within one second; what more are written in is dropped.
const FIELDS: usize = 64;

/// How a node stands in the tree.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
struct Node {
    /// Its parent's number; its own for the root.
    parent: u32,
    tag: u8,
    marks: u8,
    kind: Kind,
}

/// What a node is.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    #[default]
    Document,
    Element,
    Text,
}

/// Marks of an element, and of what is in it.
pub(super) mod marks {
    /// A form control by its name.
    pub(crate) const FORM: u8 = 1;
    /// A form control by its role.
    pub(crate) const ROLE: u8 = 2;
    /// An editable region.
    pub(crate) const EDITABLE: u8 = 4;
    /// A style sheet.
    pub(crate) const STYLE: u8 = 8;
    /// A box.
    pub(crate) const BOXED: u8 = 16;
    /// What is in it is part of an SVG image.
    pub(crate) const SVG: u8 = 32;
    /// What makes a form position.
    pub(crate) const ANY_FORM: u8 = FORM | ROLE | EDITABLE;
}

/// Where something stands: what all that is around it makes of it.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(super) struct Surroundings {
    pub(super) form: bool,
    pub(super) boxed: bool,
    pub(super) style: bool,
    pub(super) svg: bool,
    pub(super) depth: u8,
}

impl Surroundings {
    /// What is around the content of an element with `marks` that stands here.
    pub(super) fn inside(self, marks: u8) -> Self {
        Self {
            form: self.form || marks & marks::ANY_FORM != 0,
            boxed: self.boxed || marks & marks::BOXED != 0,
            style: marks & marks::STYLE != 0,
            svg: marks & marks::SVG != 0,
            depth: self.depth.saturating_add(1),
        }
    }
}

/// A node as it is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) kind: Kind,
    pub(super) tag: u8,
    pub(super) marks: u8,
    /// What is around it, itself left out.
    pub(super) around: Surroundings,
}

/// Which nodes a page has, and when its fields were last written in. Whoever keeps it hands it in with each chunk of
/// the page, in their order. Losing it costs a snapshot and never lets anything through.
#[derive(Clone, Debug, Default)]
pub struct Page {
    nodes: FxHashMap<u32, Node>,
    /// Fields that were written in lately, and when.
    inputs: Vec<(u32, Timestamp)>,
    latest: Option<Timestamp>,
}

impl Page {
    /// Bytes that it takes in memory, for whoever keeps many within a budget.
    pub fn bytes(&self) -> usize {
        size_of::<Self>()
            + self.nodes.capacity() * (size_of::<(u32, Node)>() + 1)
            + self.inputs.capacity() * size_of::<(u32, Timestamp)>()
    }

    /// Whether a full snapshot was seen.
    pub fn is_known(&self) -> bool {
        !self.nodes.is_empty()
    }

    /// Forgets the tree, so that nothing is let through before the next full snapshot.
    pub(super) fn forget(&mut self) {
        self.nodes.clear();
    }

    /// Makes room for so many nodes at once.
    pub(super) fn reserve(&mut self, nodes: usize) {
        self.nodes.reserve(nodes);
    }

    /// Puts a node in its place; without a parent it is the root. Whether there was room for it.
    pub(super) fn put(&mut self, id: u32, parent: Option<u32>, kind: Kind, tag: u8, marks: u8) -> bool {
        if self.nodes.len() >= DIALECT.limits.nodes as usize && !self.has(id) {
            return false;
        }
        self.nodes.insert(id, Node { parent: parent.unwrap_or(id), tag, marks, kind });
        true
    }

    /// Takes a node out, if it is there. What stood in it hangs on nothing from now on, and is not known.
    pub(super) fn remove(&mut self, id: u32) -> bool {
        self.nodes.remove(&id).is_some()
    }

    /// The node and what is around it; none where it, or anything that it stands in, is not known.
    pub(super) fn find(&self, id: u32) -> Option<Known> {
        let node = self.nodes.get(&id)?;
        let mut above = [0_u8; u8::MAX as usize];
        let mut depth = 0;
        let (mut at, mut number) = (node, id);
        while at.parent != number {
            number = at.parent;
            at = self.nodes.get(&number)?;
            *above.get_mut(depth).filter(|_| depth < usize::from(DIALECT.limits.depth))? = at.marks;
            depth += 1;
        }
        let outermost_first = above[..depth].iter().rev();
        let around = outermost_first.fold(Surroundings::default(), |around, &marks| around.inside(marks));
        Some(Known { kind: node.kind, tag: node.tag, marks: node.marks, around })
    }

    /// Whether it is there at all.
    pub(super) fn has(&self, id: u32) -> bool {
        self.nodes.contains_key(&id)
    }

    /// Whether it is the document itself.
    pub(super) fn is_root(&self, id: u32) -> bool {
        self.nodes.get(&id).is_some_and(|node| node.parent == id)
    }

    /// Says what a node is from now on.
    pub(super) fn set_marks(&mut self, id: u32, marks: u8) {
        if let Some(node) = self.nodes.get_mut(&id) {
            node.marks = marks;
        }
    }

    /// Whether a field may be written in at `at`, no sooner than its last time allows; remembers that it was.
    pub(super) fn may_input(&mut self, id: u32, at: Timestamp) -> bool {
        let apart = 1_000 / i64::from(DIALECT.limits.input_events_per_field_per_second.max(1));
        self.inputs.retain(|&(_, last)| (at.0 - last.0).abs() < apart);
        if self.inputs.len() >= FIELDS || self.inputs.iter().any(|&(field, _)| field == id) {
            return false;
        }
        self.inputs.push((id, at));
        true
    }

    /// The latest moment of any event so far.
    pub(super) fn latest(&self) -> Option<Timestamp> {
        self.latest
    }

    /// Remembers a moment, if it is the latest.
    pub(super) fn reach(&mut self, at: Timestamp) {
        self.latest = self.latest.max(Some(at));
    }
}

#[cfg(test)]
mod tests;
