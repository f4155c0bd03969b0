//! Finds payment card numbers in text (promises W41, D53): digits in the lengths and prefixes that networks
//! issue, with a right Luhn digit. A long number that is no card is left alone.

#[cfg(debug_assertions)]
use std::sync::atomic::{AtomicBool, Ordering};

#[cfg(debug_assertions)]
static LEFT_IN: AtomicBool = AtomicBool::new(false);

/// Leaves card numbers in every text of this process from now on: how the test-only twin shows that a proof would
/// notice. It exists in debug builds alone, and `clippy.toml` forbids calling it anywhere else.
#[cfg(debug_assertions)]
pub fn leave_cards_in() {
    LEFT_IN.store(true, Ordering::Relaxed);
}

/// The shortest card number.
const DIGITS_MIN: usize = 13;
/// The longest card number.
const DIGITS_MAX: usize = 19;

/// The byte positions of all digits that belong to card numbers in `text`, ascending; empty for most texts.
///
/// A card is a sequence of whole digit groups, each pair parted by one space, no-break space, hyphen, dot,
/// plus or underscore: `4111111111111111`, `4111-1111 1111-1111`.
pub(crate) fn card_digit_positions(text: &str) -> Vec<usize> {
    #[cfg(debug_assertions)]
    if LEFT_IN.load(Ordering::Relaxed) {
        return Vec::new();
    }
    if text.bytes().filter(u8::is_ascii_digit).count() < DIGITS_MIN {
        return Vec::new();
    }
    let mut found = Vec::new();
    for chain in digit_chains(text) {
        star_chain(text.as_bytes(), &chain, &mut found);
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Groups of adjacent digits, chained while a single separator parts them. A group is (first, past last).
fn digit_chains(text: &str) -> Vec<Vec<(usize, usize)>> {
    let bytes = text.as_bytes();
    let mut chains: Vec<Vec<(usize, usize)>> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let end = bytes[at..].iter().position(|byte| !byte.is_ascii_digit()).map_or(bytes.len(), |n| at + n);
        let chained = chains.last().and_then(|chain| chain.last()).is_some_and(|&(_, last_end)| {
            matches!(&text[last_end..at], " " | "\u{a0}" | "-" | "." | "+" | "_")
        });
        match chains.last_mut() {
            Some(chain) if chained => chain.push((at, end)),
            _ => chains.push(vec![(at, end)]),
        }
        at = end;
    }
    chains
}

fn star_chain(bytes: &[u8], chain: &[(usize, usize)], found: &mut Vec<usize>) {
    for first in 0..chain.len() {
        let mut digits: Vec<u8> = Vec::with_capacity(DIGITS_MAX);
        for last in first..chain.len() {
            let (start, end) = chain[last];
            if digits.len() + (end - start) > DIGITS_MAX {
                break;
            }
            digits.extend(bytes[start..end].iter().map(|byte| byte - b'0'));
            if digits.len() >= DIGITS_MIN && has_card_prefix(&digits) && has_luhn_digit(&digits) {
                found.extend(chain[first..=last].iter().flat_map(|&(start, end)| start..end));
            }
        }
    }
}

/// Prefixes and lengths of the networks, after ISO/IEC 7812 and their published ranges.
fn has_card_prefix(digits: &[u8]) -> bool {
    let prefix = |count: usize| digits[..count].iter().fold(0_u32, |sum, &digit| sum * 10 + u32::from(digit));
    let long = matches!(digits.len(), 16..=19);
    match prefix(2) {
        40..=49 => matches!(digits.len(), 13 | 16..=19),
        51..=55 => digits.len() == 16,
        22..=27 => digits.len() == 16 && (2221..=2720).contains(&prefix(4)),
        34 | 37 => digits.len() == 15,
        35 => long && (3528..=3589).contains(&prefix(4)),
        36 | 38 | 39 => matches!(digits.len(), 14 | 16..=19),
        30 => matches!(digits.len(), 14 | 16..=19) && (300..=305).contains(&prefix(3)),
        60 | 62 | 64 | 65 => long,
        50 | 56..=58 | 63 | 67 => digits.len() >= DIGITS_MIN,
        _ => false,
    }
}

fn has_luhn_digit(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, &digit)| {
            let weighed = u32::from(digit) << (place % 2);
            if weighed > 9 { weighed - 9 } else { weighed }
        })
        .sum();
    sum.is_multiple_of(10)
}
