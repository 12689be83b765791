//! Caps and cooldowns: `tests/cases/frequency/*.json`.

use crate::facts::NOW;
use crate::log::Offset;
use engine::event::Action;
use engine::frequency::{Capped, Exposure, Frequency, History, KEPT, Policy, Stop};
use engine::prompt::Prompt;
use engine::{Key, Span, Timestamp};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    name: String,
    /// Asked of the prompt `p`; without it the policy is asked.
    #[serde(default)]
    frequency: Option<Frequency>,
    #[serde(default)]
    policy: Option<Policy>,
    /// What the content rests for, if the frequency says no gap.
    #[serde(default)]
    usual_gap: Option<Span>,
    /// The site's prompts, of which the policy is asked about `p`. Left out: `p` alone, a dialog with a link.
    #[serde(default = "dialog")]
    prompts: Vec<Prompt>,
    /// How many prompts were shown on the page.
    #[serde(default)]
    on_page: u32,
    history: Vec<Happened>,
    expect: Expected,
}

fn dialog() -> Vec<Prompt> {
    let prompt = r#"[{"key": "p", "placement": "modal",
        "content": {"community": {"heading": "Meet", "links": [{"label": "Forum", "url": "/forum"}]}}}]"#;
    serde_json::from_str(prompt).unwrap()
}

/// Every case.
pub fn all() -> Vec<Case> {
    crate::files::<Vec<Case>>("frequency").into_iter().flat_map(|(_, cases)| cases).collect()
}

impl Case {
    /// The site's caps, if they are asked.
    pub fn policy(&self) -> Option<&Policy> {
        self.policy.as_ref()
    }

    /// What happened.
    pub fn actions(&self) -> impl Iterator<Item = Action> {
        self.history.iter().map(|one| one.did)
    }

    /// The cap that is expected.
    pub fn cap(&self) -> Option<Capped> {
        self.expect.capped()
    }

    fn ask(&self, history: &History, now: Timestamp) -> Result<(), Capped> {
        match (&self.frequency, &self.policy) {
            (Some(frequency), None) => frequency.allows(history.past(&p()), self.usual_gap.unwrap_or_default(), now),
            (None, Some(policy)) => {
                let prompt = self.prompts.iter().find(|prompt| prompt.key == p()).expect("the prompt p");
                policy.allows(prompt, history, &policy.clocks(&self.prompts, history, now), self.on_page, now)
            }
            _ => panic!("{}: give a frequency or a policy", self.name),
        }
    }
}

/// Something that happened with a prompt.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Happened {
    #[serde(default = "p")]
    prompt: Key,
    did: Action,
    ago: Offset,
    #[serde(default)]
    in_session: bool,
    #[serde(default)]
    interrupts: bool,
    #[serde(default)]
    partial: bool,
}

fn p() -> Key {
    Key::parse("p").unwrap()
}

/// What is expected; times count from now.
#[derive(Deserialize, Debug)]
#[serde(rename_all = "snake_case")]
pub enum Expected {
    Allowed,
    PerSession,
    AtMost(Option<Offset>),
    Window(Offset),
    Gap(Offset),
    Dismissed(Offset),
    Snoozed(Offset),
    Stopped(Stop, Option<Offset>),
    Muted,
    Interruptions,
    InterruptionGap(Offset),
    SitePerPage,
    SitePerSession,
    Group(usize, Offset),
}

impl Expected {
    /// The same as the engine says it.
    pub fn capped(&self) -> Option<Capped> {
        let then = |from_now: &Offset| Timestamp(NOW.0 + from_now.0);
        Some(match self {
            Expected::Allowed => return None,
            Expected::PerSession => Capped::PerSession,
            Expected::AtMost(end) => Capped::AtMost(end.as_ref().map(then)),
            Expected::Window(end) => Capped::Window(then(end)),
            Expected::Snoozed(end) => Capped::Snoozed(then(end)),
            Expected::Muted => Capped::Muted,
            Expected::SitePerPage => Capped::SitePerPage,
            Expected::SitePerSession => Capped::SitePerSession,
            Expected::Group(place, end) => Capped::Group(*place, then(end)),
            Expected::Gap(end) => Capped::Gap(then(end)),
            Expected::Dismissed(end) => Capped::Dismissed(then(end)),
            Expected::Stopped(stop, end) => Capped::Stopped(*stop, end.as_ref().map(then)),
            Expected::Interruptions => Capped::Interruptions,
            Expected::InterruptionGap(end) => Capped::InterruptionGap(then(end)),
        })
    }
}

/// The history that these leave, whatever their order.
pub fn history<'a>(happened: impl IntoIterator<Item = &'a Happened>) -> History {
    let mut history = History::default();
    for one in happened {
        history.observe(&Exposure {
            prompt: &one.prompt,
            action: one.did,
            at: Timestamp(NOW.0 - one.ago.0),
            in_session: one.in_session,
            interrupts: one.interrupts,
            partial: one.partial,
        });
    }
    history
}

#[cfg_attr(test, test)]
pub fn the_last_times_are_kept_and_all_are_counted() {
    let mut history = History::default();
    let (prompt, count) = (&p(), KEPT as i64 + 6);
    // 37 has no divisor in common with 70: each instant once, in no order.
    for at in (0..count).map(|n| Timestamp(n * 37 % count)) {
        let action = Action::Shown;
        history.observe(&Exposure { prompt, action, at, in_session: false, interrupts: false, partial: false });
    }
    let past = history.past(prompt);
    assert_eq!(i64::from(past.shown()), count);
    assert_eq!(past.times(), (6..count).map(Timestamp).collect::<Vec<_>>());
    let once_more = Frequency { at_most: 1 + count as u32, ..Frequency::default() };
    assert_eq!(once_more.allows(past, Span(0), Timestamp(count)), Ok(()));
    let no_more = Frequency { at_most: count as u32, ..Frequency::default() };
    assert_eq!(no_more.allows(past, Span(0), Timestamp(count)), Err(Capped::AtMost(None)));
}

#[cfg_attr(test, test)]
pub fn caps_and_cooldowns_hold_as_their_cases_say() {
    let mut mistakes = Vec::new();
    for (file, cases) in crate::files::<Vec<Case>>("frequency") {
        for case in cases {
            let forwards = history(&case.history);
            let backwards = history(case.history.iter().rev());
            for history in [forwards, backwards] {
                let result = case.ask(&history, NOW);
                if result.err() != case.expect.capped() {
                    let (name, expected) = (&case.name, &case.expect);
                    mistakes.push(format!("{file}: {name}: {result:?}, not {expected:?}"));
                }
                if let Some(end) = result.err().and_then(Capped::until) {
                    let just_before = case.ask(&history, Timestamp(end.0 - 1));
                    if just_before != result || case.ask(&history, end) == result {
                        mistakes.push(format!("{file}: {}: its end is not its end", case.name));
                    }
                }
            }
        }
    }
    crate::report(mistakes);
}
