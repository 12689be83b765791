//! The only place where one prompt wins. The order of the checks is fixed, and every loser has its reason.

use super::{Moment, Prompt};
use crate::frequency::{Capped, History, Policy};
use crate::rule::{Truth, Witness, earlier, holds};
use crate::time::Timestamp;

/// The visit to a page, as far as moments depend on it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Page {
    /// When the visitor came to it.
    pub since: Timestamp,
    /// Whether a prompt stands on it already. One at a time.
    pub taken: bool,
}

/// What was chosen, and why not the others.
#[derive(Clone, PartialEq, Debug)]
pub struct Choice<'a> {
    /// The prompt to show.
    pub winner: Option<&'a Prompt>,
    /// All others, each with the first reason that applied.
    pub losers: Vec<(&'a Prompt, Reason)>,
    /// When to ask again though nothing happens.
    pub next: Option<Timestamp>,
}

/// Why a prompt is not shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reason {
    /// What it offers has ended.
    Ended,
    /// Its rule does not hold.
    Rule,
    /// Whether its rule holds is not known here.
    Unknown,
    /// Its moment has not come yet; it comes then if nothing changes.
    Moment(Timestamp),
    /// Its own caps or the site's forbid it.
    Capped(Capped),
    /// A prompt stands on the page already.
    Taken,
    /// Another one had the higher priority.
    Outranked,
}

/// Chooses one of `prompts`. Of those that may be shown now the highest priority wins, then the fewest past exposures, then
/// the key.
pub fn choose<'a>(
    prompts: &'a [Prompt],
    witness: &impl Witness,
    history: &History,
    policy: &Policy,
    page: Page,
    now: Timestamp,
) -> Choice<'a> {
    let mut choice = Choice { winner: None, losers: Vec::new(), next: None };
    for prompt in prompts {
        let mut until = None;
        match obstacle(prompt, witness, history, policy, page, now, &mut until) {
            Some(reason) => choice.losers.push((prompt, reason)),
            None => {
                let rank = |p: &Prompt| (core::cmp::Reverse(p.priority), history.past(&p.key).shown(), p.key.clone());
                match choice.winner {
                    Some(best) if rank(best) <= rank(prompt) => choice.losers.push((prompt, Reason::Outranked)),
                    best => {
                        choice.losers.extend(best.map(|best| (best, Reason::Outranked)));
                        choice.winner = Some(prompt);
                    }
                }
            }
        }
        choice.next = earlier(choice.next, until);
    }
    choice
}

/// The first thing that stands against showing a prompt now; `until` is when that may change by time alone.
fn obstacle(
    prompt: &Prompt,
    witness: &impl Witness,
    history: &History,
    policy: &Policy,
    page: Page,
    now: Timestamp,
    until: &mut Option<Timestamp>,
) -> Option<Reason> {
    if prompt.content.ends().is_some_and(|end| now >= end) {
        return Some(Reason::Ended);
    }
    if let Moment::Dwell(span) = prompt.moment {
        let then = page.since.after(span);
        if now < then {
            *until = Some(then);
            return Some(Reason::Moment(then));
        }
    }
    let answer = holds(&prompt.rule, witness);
    *until = answer.until;
    match answer.truth {
        Truth::Yes => {}
        Truth::No => return Some(Reason::Rule),
        Truth::Unknown => return Some(Reason::Unknown),
    }
    if let Err(capped) = capped(prompt, history, policy, now) {
        *until = capped.until();
        return Some(Reason::Capped(capped));
    }
    page.taken.then_some(Reason::Taken)
}

/// Whether the prompt's own caps and the site's allow it now.
fn capped(prompt: &Prompt, history: &History, policy: &Policy, now: Timestamp) -> Result<(), Capped> {
    prompt.frequency.allows(&history.past(&prompt.key), now)?;
    if prompt.placement.interrupts() && !prompt.mandatory {
        policy.allows(history, now)?;
    }
    Ok(())
}

/// Whether any of these prompts could still be shown on this page: now, when its moment comes, or when what is unknown
/// here turns out well. If not, the page need not load what shows prompts.
pub fn any_candidate(
    prompts: &[Prompt],
    witness: &impl Witness,
    history: &History,
    policy: &Policy,
    now: Timestamp,
) -> bool {
    // Not by asking `choose`: the first reason it gives, such as a moment to come, would hide a cap behind it.
    prompts.iter().any(|prompt| {
        prompt.content.ends().is_none_or(|end| now < end)
            && capped(prompt, history, policy, now).is_ok()
            && holds(&prompt.rule, witness).truth != Truth::No
    })
}
