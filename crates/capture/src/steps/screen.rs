//! The size of a visitor's screen, `1920x1080`. Anything else is dropped; the event stays.

use domain::Text;

/// Digits of one side; no screen has more.
const DIGITS_MAX: usize = 5;

/// The size, if `claimed` spells one.
pub(crate) fn read(claimed: &str) -> Text {
    let is_side = |side: &str| {
        (1..=DIGITS_MAX).contains(&side.len())
            && !side.starts_with('0')
            && side.bytes().all(|b| b.is_ascii_digit())
    };
    match claimed.split_once('x') {
        Some((width, height)) if is_side(width) && is_side(height) => Text::clean(claimed, claimed.len()),
        _ => Text::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(claimed: &str, kept: bool) {
        assert_eq!(read(claimed).as_str(), if kept { claimed } else { "" }, "{claimed}");
    }

    #[test]
    fn width_and_height_in_pixels_are_kept() {
        for claimed in ["1920x1080", "1x1", "99999x99999", "390x844"] {
            check(claimed, true);
        }
    }

    #[test]
    fn anything_else_is_dropped() {
        for claimed in
            ["", "x", "1920", "1920x", "x1080", "0x0", "0800x600", "1920x1080x2", "1920X1080", "-1x5"]
        {
            check(claimed, false);
        }
        check("100000x1", false);
        check("1920 x 1080", false);
        check("4111111111111111x1", false);
    }
}
