//! What is said of moments and caps: `tests/cases/why/*.json`. What is said of reasons stands with the choices that have them.

use crate::facts::NOW;
use crate::frequency::{Happened, history};
use crate::log::Offset;
use engine::Timestamp;
use engine::frequency::Policy;
use engine::prompt::{Arming, Page, Prompt, Scene};
use engine::why::{Count, arming_in_words, caps_of, caps_of_site, event_in_words, moment_in_words};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MomentCase {
    name: String,
    prompt: Prompt,
    expect: String,
}

#[cfg_attr(test, test)]
pub fn each_moment_is_said_as_its_case_says() {
    let cases: Vec<MomentCase> = crate::file("why/moments");
    let wrong = cases.iter().filter(|case| moment_in_words(&case.prompt, &event_in_words) != case.expect);
    crate::report(
        wrong.map(|case| format!("{}: {}", case.name, moment_in_words(&case.prompt, &event_in_words))).collect(),
    );
}

/// The prompts whose moments are said.
#[cfg(test)]
pub fn said() -> Vec<Prompt> {
    let cases: Vec<MomentCase> = crate::file("why/moments");
    cases.into_iter().map(|case| case.prompt).collect()
}

#[cfg_attr(test, test)]
pub fn how_far_a_moment_is_ends_in_a_length_of_time() {
    let in_ms = |ms| arming_in_words(Arming::Due(Timestamp(NOW.0 + ms)), NOW);
    for (ms, expected) in [
        (0, "in 1 second"),
        (59_999, "in 60 seconds"),
        (60_000, "in 2 minutes"),
        (3_600_000, "in 1 hour"),
        (86_399_999, "in 23 hours"),
        (86_400_000, "in 1 day"),
        (-5, "in 1 second"),
    ] {
        assert_eq!(in_ms(ms), expected, "{ms}");
    }
    let said = [Arming::Armed, Arming::NotYet, Arming::Cancelled].map(|arming| arming_in_words(arming, NOW));
    assert_eq!(said, ["it has come", "it is waited for", "called off on this page"]);
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CapsCase {
    name: String,
    /// All of the site's; the first one's own caps are asked for.
    prompts: Vec<Prompt>,
    #[serde(default)]
    policy: Policy,
    history: Vec<Happened>,
    #[serde(default)]
    shown: u32,
    own: Vec<String>,
    site: Vec<String>,
    /// Asked so long after now.
    #[serde(default)]
    later: Offset,
}

#[cfg_attr(test, test)]
pub fn what_is_left_of_caps_is_said_as_its_case_says() {
    let cases: Vec<CapsCase> = crate::file("why/caps");
    let mut mistakes = Vec::new();
    for case in &cases {
        let (history, now) = (history(&case.history), Timestamp(NOW.0 + case.later.0));
        let scene = Scene {
            history: &history,
            policy: &case.policy,
            unit: &Default::default(),
            zone: None,
            consents: &[],
            spare_offers: false,
            page: Page { shown: case.shown, ..Page::default() },
            now,
        };
        let said = |counts: Vec<Count>| -> Vec<String> {
            let one = |Count { what, used, most, again }: Count| {
                [format!("{what}: {used} of {most}"), again.map(|again| format!(", {again}")).unwrap_or_default()]
                    .concat()
            };
            counts.into_iter().map(one).collect()
        };
        let own = said(caps_of(&case.prompts[0], &history, now));
        let site = said(caps_of_site(&case.prompts, &scene));
        if (&own, &site) != (&case.own, &case.site) {
            mistakes.push(format!("{}: {own:?}, {site:?}", case.name));
        }
    }
    crate::report(mistakes);
}
