//! Tokens that let the site's own people see on a page why a prompt shows or does not. Signed with the site's secret, good for an
//! hour, and for nothing else.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use engine::{Span, Timestamp};

use super::secret;

/// So long a token is good.
pub const LASTING: Span = Span::hours(1);

/// A token for a site, good from `now` on. `salt` is the site's secret.
pub fn make(salt: &str, site_id: &str, now: Timestamp) -> String {
    let until = now.after(LASTING).0;
    let tag = secret::keyed(salt, &said(site_id, until));
    format!("{until}.{}", BASE64_URL_SAFE_NO_PAD.encode(tag))
}

/// Whether a token was made for this site and is still good. Without a secret none is.
pub fn is_good(token: &str, salt: &str, site_id: &str, now: Timestamp) -> bool {
    let read = || {
        let (until, tag) = token.split_once('.')?;
        Some((until.parse::<i64>().ok()?, BASE64_URL_SAFE_NO_PAD.decode(tag).ok()?))
    };
    let Some((until, tag)) = read().filter(|_| !salt.is_empty()) else { return false };
    let is_in_time = now.0 < until && until <= now.after(LASTING).0;
    secret::is_keyed(salt, &said(site_id, until), &tag) && is_in_time
}

fn said(site_id: &str, until: i64) -> String {
    ["debug", site_id, &until.to_string()].join("\u{1f}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_for_its_site_and_its_hour() {
        let (now, hour) = (Timestamp(1_000_000), LASTING.0);
        let token = make("salt", "site", now);
        let longer = format!("{}.{}", now.0 + 2 * hour, token.split_once('.').unwrap().1);
        for (token, salt, site, at, expected) in [
            (token.as_str(), "salt", "site", 0, true),
            (&token, "salt", "site", hour - 1, true),
            (&token, "salt", "site", hour, false),
            (&token, "salt", "other", 0, false),
            (&token, "other", "site", 0, false),
            (&token[..token.len() - 1], "salt", "site", 0, false),
            (&longer, "salt", "site", hour, false),
            (&make("", "site", now), "", "site", 0, false),
            ("", "salt", "site", 0, false),
            ("x.y", "salt", "site", 0, false),
        ] {
            assert_eq!(is_good(token, salt, site, Timestamp(now.0 + at)), expected, "{token} {salt} {site} {at}");
        }
    }
}
