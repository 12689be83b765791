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

/// What a token that was made for a site is worth.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// It opens what the site's own people may see.
    Good,
    /// Its time is over. Whoever has it is still none of the site's visitors, and counts nowhere.
    Over,
}

/// What a token is worth; none if it was not made for this site. Without a secret none is.
pub fn standing(token: &str, salt: &str, site_id: &str, now: Timestamp) -> Option<Standing> {
    let read = || {
        let (until, tag) = token.split_once('.')?;
        Some((until.parse::<i64>().ok()?, BASE64_URL_SAFE_NO_PAD.decode(tag).ok()?))
    };
    let (until, tag) = read().filter(|_| !salt.is_empty())?;
    let is_in_time = now.0 < until && until <= now.after(LASTING).0;
    let standing = if is_in_time { Standing::Good } else { Standing::Over };
    secret::is_keyed(salt, &said(site_id, until), &tag).then_some(standing)
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
        let (good, over) = (Some(Standing::Good), Some(Standing::Over));
        for (token, salt, site, at, expected) in [
            (token.as_str(), "salt", "site", 0, good),
            (&token, "salt", "site", hour - 1, good),
            (&token, "salt", "site", hour, over),
            (&token, "salt", "other", 0, None),
            (&token, "other", "site", 0, None),
            (&token[..token.len() - 1], "salt", "site", 0, None),
            (&longer, "salt", "site", hour, None),
            (&make("", "site", now), "", "site", 0, None),
            ("", "salt", "site", 0, None),
            ("x.y", "salt", "site", 0, None),
        ] {
            assert_eq!(standing(token, salt, site, Timestamp(now.0 + at)), expected, "{token} {salt} {site} {at}");
        }
    }
}
