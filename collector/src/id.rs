//! The only place that makes identifiers.

use engine::{Timestamp, Uuid};

/// Ours for identifiers that follow from what they name (RFC 9562, version 5).
const NAMESPACE: uuid::Uuid = uuid::uuid!("5b1e8f60-6f0a-4c0e-9d5b-2f6d1a7c3e42");

/// A new id, in the order of time: of an event whose sender gave none, of a member, of a line that is written down.
pub fn new(now: Timestamp) -> Uuid {
    let random = random();
    let mut tail = [0u8; 10];
    // The first six and last four bytes: those between carry version and variant, which are no randomness.
    tail[..6].copy_from_slice(&random[..6]);
    tail[6..].copy_from_slice(&random[12..]);
    Uuid::v7(now.0, tail)
}

/// A random byte, for what must not happen to all at once.
pub fn chance() -> u8 {
    random()[0]
}

#[expect(clippy::disallowed_methods, reason = "here it is made")]
fn random() -> [u8; 16] {
    uuid::Uuid::new_v4().into_bytes()
}

/// The id of an event that follows from another one of that instant: always the same, and in the order of ids after the one that it
/// follows from, if that is of version 7 or less.
pub fn following(event: Uuid, name: &str) -> Uuid {
    let name = [&event.write(), "\u{1f}", name].concat();
    let mut bytes = uuid::Uuid::new_v5(&NAMESPACE, name.as_bytes()).into_bytes();
    // Its instant is that of the other one; version 8 (RFC 9562) is what everybody may make as they like.
    bytes[..6].copy_from_slice(&event.to_bytes()[..6]);
    bytes[6] = 0x80 | bytes[6] & 0x0f;
    Uuid::from_bytes(bytes)
}

/// The id of the event that somebody's link has brought a visitor: one for each visitor.
pub fn of_referral(site_id: &str, visitor: &str) -> Uuid {
    let name = [site_id, "referral", visitor].join("\u{1f}");
    Uuid::from_bytes(uuid::Uuid::new_v5(&NAMESPACE, name.as_bytes()).into_bytes())
}

/// The id of a move: of what caused it, and not of the subject, so that it stays the same when subjects turn out to be one.
pub fn of_move(site_id: &str, kind: &str, journey: &str, cause: &str, transition: &str) -> String {
    let name = [site_id, kind, journey, cause, transition].join("\u{1f}");
    uuid::Uuid::new_v5(&NAMESPACE, name.as_bytes()).to_string()
}
