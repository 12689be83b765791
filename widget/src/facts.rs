//! What this page knows: its address, the device, the language, and the verdicts it was told. Everything else is unknown here.

use engine::Timestamp;
use engine::facts::Facts;
use engine::page::{PageGroups, Url};
use engine::rule::{Answer, Condition, Device, Witness};

/// The page as a witness.
pub struct Seen<'a> {
    /// Its address.
    pub url: Url<'a>,
    /// What the collector said.
    pub facts: &'a Facts,
    /// The site's named pages.
    pub groups: &'a PageGroups,
    /// The site's time.
    pub now: Timestamp,
    /// What it runs on.
    pub browser: &'a Browser,
}

impl Witness for Seen<'_> {
    fn answer(&self, leaf: &Condition) -> Answer {
        let holds = match leaf {
            Condition::Path(pattern) => pattern.matches(self.url.path),
            Condition::Query(query) => self
                .url
                .param(&query.param)
                .is_some_and(|value| query.test.passes_param(&value)),
            Condition::PageGroup(group) => self.groups.contains(group, self.url.path),
            Condition::Device(devices) => devices.contains(&self.browser.device),
            Condition::Language(languages) => languages
                .iter()
                .any(|wanted| speaks(wanted, &self.browser.language)),
            Condition::Verdict(id) => return self.facts.verdict(*id, self.now),
            _ => return Answer::UNKNOWN,
        };
        Answer::of(holds)
    }
}

/// Whether `language` is `wanted` or a regional form of it.
fn speaks(wanted: &str, language: &str) -> bool {
    let (Some(start), rest) = (
        language.get(..wanted.len()),
        language.as_bytes().get(wanted.len()),
    ) else {
        return false;
    };
    start.eq_ignore_ascii_case(wanted) && matches!(rest, None | Some(b'-' | b'_'))
}

/// What a page runs on.
pub struct Browser {
    device: Device,
    language: String,
}

impl Browser {
    /// Of what a browser says of itself. `touches` is how many fingers it can tell apart, `language` the one that the page
    /// says it is in.
    pub fn new(agent: &str, touches: i32, language: String) -> Browser {
        Browser {
            device: device(agent, touches),
            language,
        }
    }
}

/// An iPad says that it is a Mac; no Mac has a touch screen. Android says `Mobile` on phones only.
fn device(agent: &str, touches: i32) -> Device {
    let says = |word| contains(agent, word);
    if says("iPad") || says("Macintosh") && touches > 1 || says("Android") && !says("Mobile") {
        Device::Tablet
    } else if says("Mobi") {
        Device::Phone
    } else {
        Device::Desktop
    }
}

/// As `str::contains`, whose search for long texts every visitor would pay for.
pub fn contains(text: &str, word: &str) -> bool {
    text.as_bytes()
        .windows(word.len())
        .any(|part| part == word.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_told_apart() {
        for (agent, touches, expected) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0.0.0 Safari/537.36",
                10,
                Device::Desktop,
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15",
                0,
                Device::Desktop,
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15",
                5,
                Device::Tablet,
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148 Safari/604.1",
                5,
                Device::Phone,
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) Chrome/140.0.0.0 Mobile Safari/537.36",
                5,
                Device::Phone,
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) Chrome/140.0.0.0 Safari/537.36",
                5,
                Device::Tablet,
            ),
            (
                "Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0",
                5,
                Device::Phone,
            ),
        ] {
            assert_eq!(device(agent, touches), expected, "{agent}");
        }
    }

    #[test]
    fn a_language_stands_for_its_regions() {
        for (wanted, language, expected) in [
            ("de", "de", true),
            ("de", "de-AT", true),
            ("DE", "de_CH", true),
            ("de-AT", "de", false),
            ("de", "den", false),
            ("de", "", false),
            ("d", "ü", false),
        ] {
            assert_eq!(speaks(wanted, language), expected, "{wanted} {language}");
        }
    }
}
