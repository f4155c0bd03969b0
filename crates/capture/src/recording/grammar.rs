//! The grammars of attributes' values. Each reads a value and writes it anew, or finds that it does not fit.
//!
//! They know nothing of what a text means: a value fits by its signs and its length alone. No grammar lets a run of
//! digits pass that could be a number of a telephone or of a card.

pub(super) mod numeric;
mod word;

use super::dialect::DIALECT;
use super::style;
pub(super) use word::{
    DIGITS_IN_A_ROW, Signs, WORD_BYTES, fragment_fits, is_colour, is_hex_colour, signs, word_fits,
};

/// A grammar that the dialect can name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Grammar {
    /// Words parted by white space; those that do not fit go.
    Class,
    /// One word.
    Token,
    /// Declarations of a style.
    Declarations,
    /// A style sheet.
    Sheet,
    /// A list of media.
    Media,
    /// One of these.
    OneOf(Vec<String>),
    /// A type of input.
    InputType,
    /// The mask.
    Mask,
    /// A language's tag.
    Language,
    /// There or not.
    Flag,
    /// A number.
    Number,
    /// Numbers.
    Numbers,
    /// A number with a unit.
    Length,
    /// Several of them.
    Lengths,
    /// A number of pixels.
    Pixels,
    /// A colour.
    Color,
    /// What a shape is filled with.
    Paint,
    /// The outline of a shape.
    Path,
    /// A transformation.
    Transform,
    /// A reference within the page.
    Fragment,
    /// The same, as styles write it.
    FragmentUrl,
    /// A namespace of XML that browsers know.
    Namespace,
}

impl Grammar {
    /// The grammar of that name.
    pub(super) fn of(name: &str) -> Option<Self> {
        Some(match name {
            "class" => Self::Class,
            "token" => Self::Token,
            "declarations" => Self::Declarations,
            "sheet" => Self::Sheet,
            "media" => Self::Media,
            "input_type" => Self::InputType,
            "mask" => Self::Mask,
            "language" => Self::Language,
            "flag" => Self::Flag,
            "number" => Self::Number,
            "numbers" => Self::Numbers,
            "length" => Self::Length,
            "lengths" => Self::Lengths,
            "pixels" => Self::Pixels,
            "color" => Self::Color,
            "paint" => Self::Paint,
            "path" => Self::Path,
            "transform" => Self::Transform,
            "fragment" => Self::Fragment,
            "fragment_url" => Self::FragmentUrl,
            "namespace" => Self::Namespace,
            _ => Self::OneOf(name.strip_prefix("enum:")?.split('|').map(str::to_owned).collect()),
        })
    }

    /// Whether a JSON number may stand for its value.
    pub(super) fn takes_numbers(&self) -> bool {
        matches!(self, Self::Number | Self::Length | Self::Pixels)
    }

    /// Writes `value` anew to `out`, with what of it fits. How much went: none where nothing is left to write.
    pub(super) fn write(&self, value: &str, out: &mut String) -> Option<u32> {
        let whole = |fits: bool| fits.then_some(0);
        match self {
            Self::Class => Some(word::class(value, out)),
            Self::Token => whole(word::token(value, out)),
            Self::Declarations => Some(style::write_declarations(value, out)),
            Self::Sheet => Some(style::write_sheet(value, out)),
            Self::Media => whole(style::write_media(value, out)),
            Self::OneOf(list) => whole(word::one_of(list, value, out)),
            Self::InputType => whole(word::one_of(&DIALECT.input_types, value, out)),
            Self::Mask => whole(value == DIALECT.mask && word::put(&DIALECT.mask, out)),
            Self::Language => whole(word::language(value, out)),
            // What a flag says beyond being there is nothing.
            Self::Flag => Some(0),
            Self::Number => whole(numeric::number(value, out)),
            Self::Numbers => whole(numeric::numbers(value, out)),
            Self::Length => whole(numeric::length(value, out)),
            Self::Lengths => whole(numeric::lengths(value, out)),
            Self::Pixels => whole(numeric::pixels(value, out)),
            Self::Color => whole(word::colour(value, out)),
            Self::Paint => whole(word::paint(value, out)),
            Self::Path => whole(numeric::path(value, out)),
            Self::Transform => whole(numeric::transform(value, out)),
            Self::Fragment => whole(word::fragment(value, out)),
            Self::FragmentUrl => whole(word::fragment_url(value, out)),
            Self::Namespace => whole(word::namespace(value, out)),
        }
    }
}

#[cfg(test)]
mod tests;
