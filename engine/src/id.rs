//! Names and numbers of things. Identifiers are made elsewhere (the widget from the browser's random numbers, the
//! collector from the system's); this module only gives them a form that cannot be wrong.

use core::fmt;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The name of a prompt, journey, stage, transition, segment or page group: 1 to 64 characters of `a-z`, `0-9`, `_`
/// and `-`, chosen by people and never changed once it is in use.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(transparent)]
pub struct Key(String);

impl Key {
    /// Longest key, in bytes.
    pub const MAX: usize = 64;

    /// Reads a key; `None` if a character is not allowed or the length is out of range.
    pub fn parse(text: &str) -> Option<Key> {
        let legal = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-';
        (1..=Self::MAX).contains(&text.len()).then_some(())?;
        text.bytes().all(legal).then(|| Key(text.to_owned()))
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Key::parse(&text)
            .ok_or_else(|| de::Error::custom("a key has 1 to 64 characters: small letters, digits, _ and -"))
    }
}

/// 128 bits written as 8-4-4-4-12 hexadecimal digits (RFC 9562).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uuid(u128);

impl Uuid {
    /// A version 7 identifier: 48 bits of milliseconds, then 74 of the 80 random bits. Identifiers made later sort
    /// later, which is what keeps the log's index warm.
    pub fn v7(ms: i64, random: [u8; 10]) -> Uuid {
        let mut low = 0u128;
        for byte in random {
            low = low << 8 | u128::from(byte);
        }
        let bits = (ms.max(0) as u128) << 80 | low;
        let version = bits & !(0xf << 76) | 7 << 76;
        Uuid(version & !(0b11 << 62) | 0b10 << 62)
    }

    /// An identifier of 16 bytes as they are, most significant first.
    pub fn from_bytes(bytes: [u8; 16]) -> Uuid {
        Uuid(u128::from_be_bytes(bytes))
    }

    /// The 16 bytes, most significant first.
    pub fn to_bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }

    /// Reads the hyphenated form, upper or lower case; `None` for anything else.
    pub fn parse(text: &str) -> Option<Uuid> {
        let bytes = text.as_bytes();
        if bytes.len() != 36 {
            return None;
        }
        let mut bits = 0u128;
        for (at, byte) in bytes.iter().enumerate() {
            if matches!(at, 8 | 13 | 18 | 23) {
                if *byte != b'-' {
                    return None;
                }
                continue;
            }
            let digit = (*byte as char).to_digit(16)?;
            bits = bits << 4 | u128::from(digit);
        }
        Some(Uuid(bits))
    }

    /// The hyphenated form in lower case, without the weight of the formatting machinery.
    pub fn write(self) -> String {
        let mut text = String::with_capacity(36);
        for at in 0..32 {
            if matches!(at, 8 | 12 | 16 | 20) {
                text.push('-');
            }
            let digit = (self.0 >> (124 - 4 * at)) as u8 & 0xf;
            text.push(char::from(if digit < 10 { b'0' + digit } else { b'a' + digit - 10 }));
        }
        text
    }
}

impl fmt::Display for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.write())
    }
}

impl fmt::Debug for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.write())
    }
}

impl Serialize for Uuid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.write())
    }
}

impl<'de> Deserialize<'de> for Uuid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl de::Visitor<'_> for Text {
            type Value = Uuid;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a UUID such as 0193a5c8-1f00-7000-8000-000000000000")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Uuid, E> {
                Uuid::parse(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_survives_writing_and_reading() {
        for text in [
            "00000000-0000-0000-0000-000000000000",
            "0193a5c8-1f00-7abc-9def-0123456789ab",
            "ffffffff-ffff-ffff-ffff-ffffffffffff",
        ] {
            assert_eq!(Uuid::parse(text).unwrap().write(), text);
        }
        for bad in ["", "0193a5c8", "0193a5c8-1f00-7abc-9def-0123456789ag", "0193a5c8x1f00-7abc-9def-0123456789ab"] {
            assert_eq!(Uuid::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn version_7_sorts_by_time_and_carries_its_version() {
        let early = Uuid::v7(1_700_000_000_000, [0xff; 10]);
        let late = Uuid::v7(1_700_000_000_001, [0; 10]);
        assert!(early < late);
        assert_eq!(&late.write()[..15], "018bcfe5-6801-7");
        assert!(matches!(late.write().as_bytes()[19], b'8'..=b'b'));
    }

    #[test]
    fn a_key_has_small_letters_only() {
        for (text, legal) in [("spring_offer", true), ("a", true), ("", false), ("Spring", false), ("a b", false)] {
            assert_eq!(Key::parse(text).is_some(), legal, "{text}");
        }
        assert!(Key::parse(&"x".repeat(64)).is_some() && Key::parse(&"x".repeat(65)).is_none());
    }
}
