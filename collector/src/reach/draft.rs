//! A draft as it is tried on the past: among what is published, without what the past cannot answer.

use std::sync::Arc;

use engine::prompt::{Moment, Placement, Prompt};
use engine::rule::{Condition, Need};
use engine::{Key, Span};

use crate::prompts::Ruleset;

/// What was taken to have been well, since nobody recorded it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Assumed {
    /// Its moment: that somebody scrolled so far, turned to leave, clicked, was idle.
    Moment,
    /// That they stayed on the last page of a visit for long enough.
    Stay,
    /// What its rule asks of the page alone: what stands in it, how wide it is, a cookie.
    Page,
    /// That the element it stands in was there, and none that it keeps clear of.
    Element,
    /// What they had agreed to.
    Consent,
    /// That its schedule had begun and not ended.
    Schedule,
}

/// How the past is gone through.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Past {
    /// As if it had been live all the time: what it did when it was stands not against it, nor does its schedule.
    Tried,
    /// As it was: whoever had seen it had seen it, and nothing is shown that was not.
    Lived,
}

/// A draft among what is published.
#[derive(Debug)]
pub struct Draft {
    /// Its name.
    pub key: Key,
    /// What is published, with it.
    pub ruleset: Arc<Ruleset>,
    /// The published prompts and it.
    pub prompts: Vec<Prompt>,
    /// The same, with its rule held: for where that is not known.
    pub granted: Vec<Prompt>,
    /// Its rule.
    pub rule: Condition,
    /// Whether it comes between visitors and pages.
    pub interrupts: bool,
    /// Whether its moment is one that nobody records.
    pub is_unseen: bool,
    /// What was taken to have been well.
    pub assumed: Vec<Assumed>,
    /// The name of the site's time zone.
    pub timezone: String,
    /// How the past is gone through.
    pub past: Past,
}

impl Draft {
    /// `ruleset` has the draft in it.
    pub fn new(ruleset: Arc<Ruleset>, draft: Prompt, timezone: &str, past: Past) -> Draft {
        let is_unseen = is_unseen(&draft.moment);
        let assumed = assumed(&draft, is_unseen);
        let (key, rule, interrupts) = (draft.key.clone(), draft.rule.clone(), draft.placement.interrupts());
        let tried = without_unknowns(draft, is_unseen, past);
        let others = ruleset.prompts.iter().filter(|prompt| prompt.key != key).cloned();
        let prompts: Vec<Prompt> = others.chain([tried]).collect();
        let mut granted = prompts.clone();
        if let Some(last) = granted.last_mut() {
            last.rule = Condition::default();
        }
        let timezone = timezone.to_owned();
        Draft { key, ruleset, prompts, granted, rule, interrupts, is_unseen, assumed, timezone, past }
    }
}

/// Whether nobody records that the moment comes.
fn is_unseen(moment: &Moment) -> bool {
    match moment {
        Moment::AtOnce | Moment::Dwell(_) | Moment::TimeOnSite(_) | Moment::PagesViewed(_) | Moment::Event(_) => false,
        Moment::Scroll(_)
        | Moment::Inactivity(_)
        | Moment::ExitIntent
        | Moment::Click(_)
        | Moment::ElementVisible(_)
        | Moment::Call
        | Moment::Push => true,
    }
}

fn without_unknowns(mut draft: Prompt, is_unseen: bool, past: Past) -> Prompt {
    if is_unseen {
        let least = if let Moment::Inactivity(span) = draft.moment { span } else { Span(0) };
        draft.moment = Moment::Dwell(least);
    }
    if past == Past::Tried {
        draft.schedule.start = None;
        draft.schedule.end = None;
    }
    draft.hold_while.clear();
    if let Placement::Inline(_) = draft.placement {
        draft.placement = Placement::Bar(engine::prompt::Edge::Bottom);
    }
    draft
}

fn assumed(draft: &Prompt, is_unseen: bool) -> Vec<Assumed> {
    let mut asks_page = false;
    draft.rule.each_leaf(&mut |leaf| {
        let is_known = matches!(leaf, Condition::Now(_) | Condition::Session(_) | Condition::Consent(_));
        asks_page |= leaf.need() == Some(Need::Page) && !is_known;
    });
    let waits = match draft.moment {
        Moment::Dwell(span) | Moment::TimeOnSite(span) => span.0 > 0,
        _ => draft.delay.0 > 0,
    };
    let in_page = matches!(draft.placement, Placement::Inline(_)) || !draft.hold_while.is_empty();
    let has_dates = draft.schedule.start.is_some() || draft.schedule.end.is_some();
    [
        (Assumed::Moment, is_unseen),
        (Assumed::Stay, waits && !is_unseen),
        (Assumed::Page, asks_page),
        (Assumed::Element, in_page),
        (Assumed::Consent, !draft.consent.is_empty()),
        (Assumed::Schedule, has_dates),
    ]
    .into_iter()
    .filter_map(|(assumed, is_so)| is_so.then_some(assumed))
    .collect()
}
