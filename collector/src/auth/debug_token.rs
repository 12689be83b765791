//! Tokens that let the site's own people see on a page why a prompt shows or does not, and try a draft there. Signed with the site's
//! secret, good for an hour, and for nothing else.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use engine::{Key, Span, Timestamp};

use super::secret;

/// So long a token is good.
pub const LASTING: Span = Span::hours(1);

/// A draft that is tried on the site's own pages.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trial {
    /// Which prompt's.
    pub prompt: Key,
    /// Whether it shows at once, wherever and to whom it may be; if not, as its rule, its moment and its caps have it.
    pub at_once: bool,
}

/// What a token is worth.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pass {
    /// Whether its time is over.
    pub standing: Standing,
    /// The draft that is among the published prompts for whoever has it.
    pub trial: Option<Trial>,
}

/// Whether the time of a token that was made for a site is over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// It opens what the site's own people may see.
    Good,
    /// Its time is over. Whoever has it is still none of the site's visitors, and counts nowhere.
    Over,
}

/// A token for a site, good from `now` on. `salt` is the site's secret.
pub fn make(salt: &str, site_id: &str, now: Timestamp, trial: Option<&Trial>) -> String {
    let until = now.after(LASTING).0;
    let trial = trial.map(|trial| format!(".{}{}", trial.prompt, if trial.at_once { ".now" } else { "" }));
    let trial = trial.unwrap_or_default();
    let tag = secret::keyed(salt, &said(site_id, until, &trial));
    format!("{until}.{}{trial}", BASE64_URL_SAFE_NO_PAD.encode(tag))
}

/// What a token is worth; none if it was not made for this site. Without a secret none is.
pub fn read(token: &str, salt: &str, site_id: &str, now: Timestamp) -> Option<Pass> {
    let (until, rest) = token.split_once('.').filter(|_| !salt.is_empty())?;
    let (tag, trial) = rest.split_at(rest.find('.').unwrap_or(rest.len()));
    let (until, tag) = (until.parse::<i64>().ok()?, BASE64_URL_SAFE_NO_PAD.decode(tag).ok()?);
    if !secret::is_keyed(salt, &said(site_id, until, trial), &tag) {
        return None;
    }
    let is_in_time = now.0 < until && until <= now.after(LASTING).0;
    let standing = if is_in_time { Standing::Good } else { Standing::Over };
    Some(Pass { standing, trial: trial_of(trial) })
}

fn trial_of(text: &str) -> Option<Trial> {
    let text = text.strip_prefix('.')?;
    let prompt = text.strip_suffix(".now");
    Some(Trial { prompt: Key::parse(prompt.unwrap_or(text))?, at_once: prompt.is_some() })
}

fn said(site_id: &str, until: i64, trial: &str) -> String {
    ["debug", site_id, &[&until.to_string(), trial].concat()].join("\u{1f}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_for_its_site_and_its_hour() {
        let (now, hour) = (Timestamp(1_000_000), LASTING.0);
        let token = make("salt", "site", now, None);
        let longer = format!("{}.{}", now.0 + 2 * hour, token.split_once('.').unwrap().1);
        let (good, over) = (Some(Standing::Good), Some(Standing::Over));
        for (token, salt, site, at, expected) in [
            (token.as_str(), "salt", "site", 0, good),
            (&token, "salt", "site", hour - 1, good),
            (&token, "salt", "site", hour, over),
            (&token, "salt", "other", 0, None),
            (&token, "other", "site", 0, None),
            (&token[..token.len() - 1], "salt", "site", 0, None),
            (&format!("{token}.nps"), "salt", "site", 0, None),
            (&longer, "salt", "site", hour, None),
            (&make("", "site", now, None), "", "site", 0, None),
            ("", "salt", "site", 0, None),
            ("x.y", "salt", "site", 0, None),
        ] {
            let standing = read(token, salt, site, Timestamp(now.0 + at)).map(|pass| pass.standing);
            assert_eq!(standing, expected, "{token} {salt} {site} {at}");
        }
    }

    #[test]
    fn a_token_names_the_draft_that_is_tried() {
        let now = Timestamp(1_000_000);
        for at_once in [false, true] {
            let trial = Trial { prompt: Key::parse("spring_offer").unwrap(), at_once };
            let token = make("salt", "site", now, Some(&trial));
            assert_eq!(read(&token, "salt", "site", now).and_then(|pass| pass.trial), Some(trial));
            let other = token.replace("spring", "summer");
            assert_eq!(read(&other, "salt", "site", now), None, "nobody makes another draft of it");
        }
    }
}
