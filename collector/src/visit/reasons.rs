//! Why a prompt shows or does not, in words that a marketer understands.

use engine::Timestamp;
use engine::frequency::{Capped, History};
use engine::prompt::{Page, Prompt, Reason, choose};
use engine::rule::{Condition, Explanation, Truth, eval, holds, words};

use super::witness::Seen;
use super::{Outcome, Why};
use crate::prompts::Ruleset;

/// Each prompt with the reason why it does not show now, or that it would.
pub fn reasons(ruleset: &Ruleset, seen: &Seen<'_>, history: &History, now: Timestamp) -> Vec<Why> {
    let page = Page { since: now, taken: false };
    let choice = choose(&ruleset.prompts, seen, history, &ruleset.settings.policy, page, now);
    let why = |prompt: &Prompt, outcome, words| Why { prompt: prompt.key.as_str().to_owned(), outcome, words };
    let winner = choice.winner.map(|prompt| why(prompt, Outcome::Shows, "It shows on this page.".to_owned()));
    let losers = choice.losers.iter().map(|(prompt, reason)| match reason {
        Reason::Rule | Reason::Unknown => why(prompt, Outcome::NotMeant, blame(&prompt.rule, seen)),
        Reason::Moment(_) if holds(&prompt.rule, seen).truth == Truth::No => {
            why(prompt, Outcome::NotMeant, blame(&prompt.rule, seen))
        }
        Reason::Moment(_) => why(prompt, Outcome::Waits, in_words(*reason, now)),
        _ => why(prompt, Outcome::Held, in_words(*reason, now)),
    });
    winner.into_iter().chain(losers).collect()
}

/// The parts of a rule that do not hold, in words.
fn blame(rule: &Condition, seen: &Seen<'_>) -> String {
    let (_, explanation): (_, Explanation) = eval(rule, seen);
    let parts = explanation.to_blame().into_iter().map(|part| {
        let wanted = words(&part.condition);
        match (part.truth, part.actual.as_str()) {
            (Truth::Unknown, _) => format!("only the page knows whether {wanted}"),
            (_, "") => format!("it is not so that {wanted}"),
            (_, actual) => format!("{wanted} is asked for, but it is {actual}"),
        }
    });
    let parts: Vec<String> = parts.collect();
    format!("Its rule does not hold: {}.", parts.join("; "))
}

fn in_words(reason: Reason, now: Timestamp) -> String {
    let wait = |until: Timestamp| {
        let minutes = until.since(now).0.max(0) / 60_000;
        match (minutes / 1440, minutes / 60) {
            (0, 0) => format!("{} minutes", minutes + 1),
            (0, hours) => format!("{hours} hours"),
            (days, _) => format!("{days} days"),
        }
    };
    match reason {
        Reason::Ended => "Its offer has ended.".to_owned(),
        Reason::Rule | Reason::Unknown => "Its rule does not hold.".to_owned(),
        Reason::Moment(_) => "It would show: it waits for its moment on the page.".to_owned(),
        Reason::Taken => "Another prompt stands on the page.".to_owned(),
        Reason::Outranked => "Another prompt goes first.".to_owned(),
        Reason::Capped(capped) => match capped {
            Capped::PerSession => "It was shown in this session already.".to_owned(),
            Capped::AtMost => "It was shown as often as it may ever be.".to_owned(),
            Capped::Gap(until) => format!("It was shown a short while ago; again in {}.", wait(until)),
            Capped::Dismissed(until) => format!("It was dismissed; again in {}.", wait(until)),
            Capped::Done(None) => "It has done what it is for.".to_owned(),
            Capped::Done(Some(until)) => format!("It was answered; again in {}.", wait(until)),
            Capped::Interruptions => "Another prompt has interrupted this session already.".to_owned(),
            Capped::InterruptionGap(until) => {
                format!("Another prompt has interrupted lately; again in {}.", wait(until))
            }
        },
    }
}
