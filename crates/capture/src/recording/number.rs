//! Numbers as they may stand in a recording: bounded, and no finer than a hundredth.

/// Integer digits of a number. A moment in milliseconds has 13.
const INTEGER_DIGITS: usize = 15;
/// Fraction digits that are read over; two are kept.
const FRACTION_DIGITS: usize = 20;

/// Digits of an exponent.
const POWER_DIGITS: usize = 4;
/// By how many powers of ten a number with an exponent is smaller at least: it is none in hundredths.
const POWER_MIN: i64 = 3;

/// A number in hundredths.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub(super) struct Decimal(i64);

impl Decimal {
    /// Reads the JSON number that `bytes` begins with, and tells its length; none where it is out of bounds or no number. What is
    /// finer than a hundredth is cut off.
    pub(super) fn read(bytes: &[u8]) -> Option<(Self, usize)> {
        let negative = bytes.first() == Some(&b'-');
        let mut at = usize::from(negative);
        let (whole, digits) = digits(&bytes[at..], INTEGER_DIGITS)?;
        at += digits;
        let mut hundredths = whole * 100;
        if bytes.get(at) == Some(&b'.') {
            let fraction = &bytes[at + 1..];
            let (_, length) = self::digits(fraction, FRACTION_DIGITS)?;
            let place = |at: usize| if at < length { i64::from(fraction[at] - b'0') } else { 0 };
            hundredths += place(0) * 10 + place(1);
            at += 1 + length;
        }
        if matches!(bytes.get(at), Some(b'e' | b'E')) {
            // Scripts write an exponent only for what is next to nothing, or beyond every bound.
            let power = bytes[at + 1..].strip_prefix(b"-")?;
            let (power, length) = self::digits(power, POWER_DIGITS)?;
            if digits > 1 || power < POWER_MIN {
                return None;
            }
            hundredths = 0;
            at += 2 + length;
        }
        let goes_on = matches!(bytes.get(at), Some(b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E'));
        (!goes_on).then_some((Self(if negative { -hundredths } else { hundredths }), at))
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

/// The digits that `bytes` begins with, from one to `most`, as a number, and how many they are. Beyond the digits that it can hold
/// the number is any.
fn digits(bytes: &[u8], most: usize) -> Option<(i64, usize)> {
    let mut number = 0_i64;
    let mut count = 0;
    while let Some(digit) = bytes.get(count).map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit < 10) {
        if count == most {
            return None;
        }
        number = number.wrapping_mul(10).wrapping_add(i64::from(digit));
        count += 1;
    }
    (count > 0).then_some((number, count))
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
        // What comes behind a number is for whoever reads it to judge.
        let whole = Decimal::read(text.as_bytes()).filter(|(_, length)| *length == text.len());
        let read = whole.map(|(number, _)| number.write(&mut out));
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
        check(&format!("1e-{POWER_MIN}"), Some("0"));
        check(&format!("1e-{}", POWER_MIN - 1), None);
        check(&format!("-1.5E-{}", "9".repeat(POWER_DIGITS)), Some("0"));
        check(&format!("1e-{}", "9".repeat(POWER_DIGITS + 1)), None);
        for text in [
            "", "-", ".5", "5.", "1e21", "1E5", "0x10", "--1", "1-1", "Infinity", "12e-1", "1e-", "1.5.5",
            "5e-3.5", "5-",
        ] {
            check(text, None);
        }
    }
}
