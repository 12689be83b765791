//! Caps and cooldowns: `tests/cases/frequency/*.json`.

use crate::facts::NOW;
use crate::log::Offset;
use engine::event::Action;
use engine::frequency::{Capped, Exposure, Frequency, History, Policy};
use engine::{Key, Timestamp};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    /// Asked of the prompt `p`; without it the policy is asked.
    #[serde(default)]
    frequency: Option<Frequency>,
    #[serde(default)]
    policy: Option<Policy>,
    history: Vec<Happened>,
    expect: Expected,
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
    AtMost,
    Gap(Offset),
    Dismissed(Offset),
    Done(Option<Offset>),
    Interruptions,
    InterruptionGap(Offset),
}

impl Expected {
    /// The same as the engine says it.
    pub fn capped(&self) -> Option<Capped> {
        let then = |from_now: &Offset| Timestamp(NOW.0 + from_now.0);
        Some(match self {
            Expected::Allowed => return None,
            Expected::PerSession => Capped::PerSession,
            Expected::AtMost => Capped::AtMost,
            Expected::Gap(end) => Capped::Gap(then(end)),
            Expected::Dismissed(end) => Capped::Dismissed(then(end)),
            Expected::Done(end) => Capped::Done(end.as_ref().map(then)),
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
        });
    }
    history
}

#[test]
fn caps_and_cooldowns_hold_as_their_cases_say() {
    let mut mistakes = Vec::new();
    for (file, cases) in crate::files::<Vec<Case>>("frequency") {
        for case in cases {
            let forwards = history(&case.history);
            let backwards = history(case.history.iter().rev());
            for history in [forwards, backwards] {
                let result = match (&case.frequency, &case.policy) {
                    (Some(frequency), None) => frequency.allows(&history.past(&p()), NOW),
                    (None, Some(policy)) => policy.allows(&history, NOW),
                    _ => panic!("{file}: {}: give a frequency or a policy", case.name),
                };
                if result.err() != case.expect.capped() {
                    let (name, expected) = (&case.name, &case.expect);
                    mistakes.push(format!("{file}: {name}: {result:?}, not {expected:?}"));
                }
                let end = result.err().and_then(Capped::until);
                if let (Some(end), Some(frequency)) = (end, &case.frequency) {
                    let past = history.past(&p());
                    let just_before = frequency.allows(&past, Timestamp(end.0 - 1));
                    if just_before != result || frequency.allows(&past, end) == result {
                        mistakes.push(format!("{file}: {}: its end is not its end", case.name));
                    }
                }
            }
        }
    }
    crate::report(mistakes);
}
