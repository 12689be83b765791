//! Numbers as people read and write them, in addresses, links and texts. The standard library does more, and its tables would cost
//! every visitor 10 KB.

/// Reads `7`, `-2`, `19.90`; at most 15 digits, so that it is exact.
pub fn read(text: &str) -> Option<f64> {
    let (digits, sign) = match text.strip_prefix('-') {
        Some(rest) => (rest, -1.0),
        None => (text, 1.0),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    if whole.is_empty() || part.is_empty() || whole.len() + part.len() > 16 {
        return None;
    }
    let (mut number, mut scale) = (0u64, 1u64);
    for byte in whole.bytes().chain(part.bytes()) {
        number = number * 10 + u64::from(char::from(byte).to_digit(10)?);
    }
    for _ in part.bytes() {
        scale *= 10;
    }
    Some(sign * number as f64 / scale as f64)
}

/// Writes a number with at most six decimals. Beyond 10^12 it says that the number is large, which no text needs to know better.
pub fn write(number: f64) -> String {
    let micros = (number.abs() * 1e6).round();
    if !number.is_finite() || micros >= 1e18 {
        return "…".to_owned();
    }
    let micros = micros as u64;
    let mut text = (micros / 1_000_000).to_string();
    let part = micros % 1_000_000;
    if part > 0 {
        // A leading 1 keeps the zeros after the point.
        let digits = (part + 1_000_000).to_string();
        text.push('.');
        text.push_str(digits[1..].trim_end_matches('0'));
    }
    if number < 0.0 && micros > 0 {
        text.insert(0, '-');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_exact_or_nothing() {
        for text in ["0", "7", "-2", "19.90", "0.1", "-0.5", "007", "123456789012345", "99999999.9999999"] {
            assert_eq!(read(text), text.parse().ok(), "{text}");
        }
        for text in ["", "-", ".5", "5.", "1e3", "+1", " 7", "7 ", "inf", "NaN", "0x10", "1.2.3", "12345678901234567"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_written_reads_the_same() {
        for (number, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (7.0, "7"),
            (-2.5, "-2.5"),
            (19.9, "19.9"),
            (0.05, "0.05"),
            (1e11, "100000000000"),
        ] {
            assert_eq!(write(number), text);
            assert_eq!(read(text), Some(number));
        }
        for huge in [f64::INFINITY, f64::NAN, 1e300] {
            assert_eq!(write(huge), "…");
        }
    }
}
