//! Why a chunk is refused. A refusal never repeats anything that was sent.

use serde::{Deserialize, Serialize};

/// The chunk is refused as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is not our dialect. Our recorder never sends it: somebody else's does, or it is damaged.
    #[error("not the dialect of Candor's recorder: {place}")]
    NotDialect {
        /// What was wrong.
        place: Place,
    },
    /// A form position holds something other than the mask. The recorder must stop, and somebody must be told.
    #[error("a form position holds something other than the mask: {position}")]
    Violation {
        /// Which.
        position: Position,
    },
    /// It is over a limit.
    #[error("over the limit of {limit}")]
    TooLarge {
        /// Which.
        limit: Limit,
    },
}

/// What of a chunk is not our dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// It is not packed as it says.
    Packing,
    /// It is no JSON in UTF-8.
    Json,
    /// A key is unknown, doubled or missing.
    Key,
    /// A number is out of bounds.
    Number,
    /// Something other than true or false.
    Truth,
    /// A version other than 1.
    Version,
    /// The site's domain.
    Domain,
    /// The page's address.
    Address,
    /// The visitor's id.
    Visitor,
    /// The recording's or the page's id.
    Id,
    /// An event of a type that is not recorded.
    EventType,
    /// A change of a source that is not recorded.
    Source,
    /// A node of a type that is not recorded, or an element without a proper name.
    Node,
    /// An attribute's value of a wrong type.
    Attribute,
    /// Time that runs backwards.
    Time,
    /// An event of the list `custom` that is not in it.
    Custom,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Packing => "it is not whole gzip data",
            Self::Json => "it is not JSON",
            Self::Key => "a key is unknown, doubled or missing",
            Self::Number => "a number is out of bounds",
            Self::Truth => "true or false is missing",
            Self::Version => "the version is not 1",
            Self::Domain => "d is no domain",
            Self::Address => "u is no address",
            Self::Visitor => "visitor is no UUID",
            Self::Id => "r or p is no id",
            Self::EventType => "a type of event is not recorded",
            Self::Source => "a source of change is not recorded",
            Self::Node => "a node is none that is recorded",
            Self::Attribute => "an attribute is of a wrong type",
            Self::Time => "time runs backwards",
            Self::Custom => "a custom event is not on the list",
        })
    }
}

/// The limits that refuse a whole chunk, by their names in the dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Bytes of a chunk as sent.
    RequestBytes,
    /// Bytes of a chunk unpacked.
    ChunkBytes,
    /// Events in a chunk.
    Events,
    /// Depth of a page's tree.
    Depth,
    /// Nodes in a snapshot.
    Nodes,
}

impl std::fmt::Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::RequestBytes => "request_bytes",
            Self::ChunkBytes => "chunk_bytes",
            Self::Events => "events",
            Self::Depth => "depth",
            Self::Nodes => "nodes",
        })
    }
}

/// The positions of a recording that can hold a string. Every string is counted at one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Position {
    /// Text of a page.
    Text,
    /// Text in a form position.
    FormText,
    /// A form control's `value`.
    FormValue,
    /// Whether a form control is checked or chosen.
    FormState,
    /// What an input event says.
    Input,
    /// An element that is never recorded.
    DroppedElement,
    /// What is inside a box.
    BoxContent,
    /// Content of a node that is not known.
    Unknown,
    /// An attribute.
    Attribute,
    /// A style, or one declaration of it.
    Declaration,
    /// A style sheet, or one rule of it.
    Sheet,
    /// An address.
    Address,
    /// What a document says of its own kind.
    DocumentType,
    /// The name of an event.
    EventName,
}

impl Position {
    /// All positions, in their order.
    pub const ALL: [Self; 14] = [
        Self::Text,
        Self::FormText,
        Self::FormValue,
        Self::FormState,
        Self::Input,
        Self::DroppedElement,
        Self::BoxContent,
        Self::Unknown,
        Self::Attribute,
        Self::Declaration,
        Self::Sheet,
        Self::Address,
        Self::DocumentType,
        Self::EventName,
    ];

    /// Its name in summaries and alerts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::FormText => "form_text",
            Self::FormValue => "form_value",
            Self::FormState => "form_state",
            Self::Input => "input",
            Self::DroppedElement => "dropped_element",
            Self::BoxContent => "box_content",
            Self::Unknown => "unknown",
            Self::Attribute => "attribute",
            Self::Declaration => "declaration",
            Self::Sheet => "sheet",
            Self::Address => "address",
            Self::DocumentType => "document_type",
            Self::EventName => "event_name",
        }
    }
}

impl std::fmt::Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
