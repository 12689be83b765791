//! What this page knows: what it runs on, and the verdicts it was told. What it can say of its own address, the engine knows.

use engine::Timestamp;
use engine::facts::Facts;
use engine::rule::{Answer, Condition, Device, Witness};

/// What the collector said, as a witness of all that only the log knows.
#[derive(Clone, Copy)]
pub struct Told<'a> {
    /// What it said.
    pub facts: &'a Facts,
    /// The site's time.
    pub now: Timestamp,
}

impl Witness for Told<'_> {
    fn answer(&self, leaf: &Condition) -> Answer {
        match leaf {
            Condition::Verdict(id) => self.facts.verdict(*id, self.now),
            _ => Answer::UNKNOWN,
        }
    }
}

/// What a page runs on.
pub struct Browser {
    /// The class of the device.
    pub device: Device,
    /// The language that the page says it is in, else the browser's.
    pub language: String,
}

impl Browser {
    /// Of what a browser says of itself. `touches` is how many fingers it can tell apart, `language` the one that the page
    /// says it is in.
    pub fn new(agent: &str, touches: i32, language: String) -> Browser {
        Browser { device: device(agent, touches), language }
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
    text.as_bytes().windows(word.len()).any(|part| part == word.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_told_apart() {
        for (agent, touches, expected) in [
            ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0.0.0 Safari/537.36", 10, Device::Desktop),
            ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15", 0, Device::Desktop),
            ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15", 5, Device::Tablet),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile/15E148 Safari/604.1", 5, Device::Phone),
            ("Mozilla/5.0 (Linux; Android 10; K) Chrome/140.0.0.0 Mobile Safari/537.36", 5, Device::Phone),
            ("Mozilla/5.0 (Linux; Android 10; K) Chrome/140.0.0.0 Safari/537.36", 5, Device::Tablet),
            ("Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0", 5, Device::Phone),
        ] {
            assert_eq!(device(agent, touches), expected, "{agent}");
        }
    }
}
