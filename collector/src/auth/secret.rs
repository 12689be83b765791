//! Random texts that open doors, and the hashes that we keep of them.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// `length` random letters and digits (5.95 bits each). `Err` when the operating system has no randomness to give.
pub fn random(length: usize) -> Result<String, getrandom::Error> {
    let mut text = String::with_capacity(length);
    let mut bytes = [0u8; 64];
    while text.len() < length {
        getrandom::fill(&mut bytes)?;
        // 248 is the largest multiple of 62 in a byte: what lies above would make some letters likelier.
        let even = bytes.iter().filter(|byte| **byte < 248);
        text.extend(even.map(|byte| char::from(LETTERS[usize::from(*byte) % 62])).take(length - text.len()));
    }
    Ok(text)
}

/// SHA-256 in hex. For secrets that are random themselves; a password needs argon2.
pub fn hash(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// What nobody can make of a text who has not the key: HMAC-SHA-256.
pub fn keyed(key: &str, text: &str) -> [u8; 32] {
    mac(key, text).finalize().into_bytes().into()
}

/// Whether it was made of this text with this key. How long that takes tells nothing.
pub fn is_keyed(key: &str, text: &str, tag: &[u8]) -> bool {
    mac(key, text).verify_slice(tag).is_ok()
}

fn mac(key: &str, text: &str) -> Hmac<Sha256> {
    // A longer key counts by its hash (RFC 2104), so none is refused; the fixed length saves us from saying what would happen then.
    let mut block = [0; 64];
    match block.get_mut(..key.len()) {
        Some(start) => start.copy_from_slice(key.as_bytes()),
        None => block[..32].copy_from_slice(&Sha256::digest(key.as_bytes())),
    }
    let mut mac = Hmac::<Sha256>::new(&block.into());
    mac.update(text.as_bytes());
    mac
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|b| [b >> 4, b & 15]).map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_texts_have_their_length_and_differ() {
        let (a, b) = (random(32).unwrap(), random(32).unwrap());
        assert_eq!((a.len(), b.len()), (32, 32));
        assert_ne!(a, b);
        assert!(a.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    }

    #[test]
    fn a_keyed_hash_is_known_by_its_key() {
        // RFC 4231, test case 2.
        let tag = keyed("Jefe", "what do ya want for nothing?");
        assert_eq!(hex(&tag), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        assert!(is_keyed("Jefe", "what do ya want for nothing?", &tag));
        assert!(!is_keyed("Jefe", "what do ya want for nothing", &tag));
        assert!(!is_keyed("jefe", "what do ya want for nothing?", &tag));
        assert!(!is_keyed("Jefe", "what do ya want for nothing?", &tag[..31]));
    }

    #[test]
    fn the_hash_is_sha_256() {
        assert_eq!(hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
