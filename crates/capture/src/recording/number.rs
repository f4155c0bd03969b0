//! Numbers as they may stand in a recording: bounded, and no finer than a hundredth.

/// Integer digits of a number. A moment in milliseconds has 13.
const INTEGER_DIGITS: usize = 15;
/// Fraction digits that are read over; two are kept.
const FRACTION_DIGITS: usize = 20;

/// A number in hundredths.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub(super) struct Decimal(i64);

impl Decimal {
    /// Reads a JSON number; none where it is out of bounds or no number. What is finer than a hundredth is cut off.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, ""));
        let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "00"));
        let is_digits = |part: &str, most: usize| {
            (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        if !is_digits(integer, INTEGER_DIGITS) || !is_digits(fraction, FRACTION_DIGITS) {
            return None;
        }
        if digits.len() != mantissa.len() {
            // Scripts write an exponent only for what is next to nothing, or beyond every bound.
            let power = exponent.strip_prefix('-')?.parse::<u16>().ok()?;
            return (integer.len() == 1 && power >= 3).then_some(Self(0));
        }
        let whole = integer.bytes().fold(0_i64, |sum, digit| sum * 10 + i64::from(digit - b'0'));
        let mut cents = fraction.bytes().chain([b'0']).map(|digit| i64::from(digit - b'0'));
        let hundredths = whole * 100 + cents.next()? * 10 + cents.next()?;
        Some(Self(if negative { -hundredths } else { hundredths }))
    }

    /// The whole number that it is.
    pub(super) fn whole(self) -> Option<i64> {
        (self.0 % 100 == 0).then_some(self.0 / 100)
    }

    /// Whether it lies within `most` of zero.
    pub(super) fn is_within(self, most: i64) -> bool {
        self.0.abs() <= most * 100
    }

    /// Appends it as JSON.
    pub(super) fn write(self, out: &mut Vec<u8>) {
        if self.0 < 0 {
            out.push(b'-');
        }
        let (whole, hundredths) = (self.0.unsigned_abs() / 100, (self.0.unsigned_abs() % 100) as u8);
        write_whole(whole, out);
        if hundredths > 0 {
            out.extend([b'.', b'0' + hundredths / 10]);
            if hundredths % 10 > 0 {
                out.push(b'0' + hundredths % 10);
            }
        }
    }
}

/// Appends a whole number as JSON.
pub(super) fn write_whole(mut number: u64, out: &mut Vec<u8>) {
    let mut digits = [0_u8; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, written: Option<&str>) {
        let mut out = Vec::new();
        let read = Decimal::parse(text).map(|number| number.write(&mut out));
        assert_eq!(read.map(|()| String::from_utf8(out).unwrap()).as_deref(), written, "{text}");
    }

    #[test]
    fn numbers_are_written_anew_and_no_finer_than_a_hundredth() {
        check("0", Some("0"));
        check("-0.001", Some("0"));
        check("12.5", Some("12.5"));
        check("-12.059", Some("-12.05"));
        check("1795348800000", Some("1795348800000"));
        check("1.2e-7", Some("0"));
    }

    #[test]
    fn a_number_is_taken_to_its_bounds() {
        check(&"9".repeat(INTEGER_DIGITS), Some(&"9".repeat(INTEGER_DIGITS)));
        check(&"9".repeat(INTEGER_DIGITS + 1), None);
        check(&format!("0.{}", "1".repeat(FRACTION_DIGITS)), Some("0.11"));
        check(&format!("0.{}", "1".repeat(FRACTION_DIGITS + 1)), None);
        for text in ["", "-", ".5", "5.", "1e21", "1E5", "0x10", "--1", "1-1", "Infinity", "12e-1"] {
            check(text, None);
        }
    }
}
