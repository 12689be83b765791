//! The only place where one prompt wins. The order of the checks is fixed: schedule, moment, rule, consent, guards, frequency, page,
//! lot; of those that pass, the one that was begun wins, then the highest priority, the fewest past exposures, the key. Every loser has its reason, but only
//! whoever asks pays for it: [`choose`] keeps none.

use super::{Arming, Category, Content, Draws, Opening, Placement, Prompt, Says, Shape, Signals, Written, Zone};
use crate::experiment::{Lot, Variant};
use crate::frequency::{Capped, Clocks, History, Policy};
use crate::id::Key;
use crate::rule::{Consent, Inside, Truth, Witness, earlier, holds};
use crate::time::Timestamp;
use core::cmp::Reverse;

/// Everything a choice depends on, beside the prompts and what rules ask.
#[derive(Debug)]
pub struct Scene<'a, F: Shape = Written> {
    /// What happened before between the person and the site's prompts.
    pub history: &'a History,
    /// The site's caps.
    pub policy: &'a Policy,
    /// Who draws lots.
    pub unit: &'a F::Unit,
    /// The site's clocks, if they are known.
    pub zone: Option<Zone>,
    /// What the visitor has agreed to.
    pub consents: &'a [Consent],
    /// The account is unhealthy, stuck or delayed: no time to sell.
    pub spare_offers: bool,
    /// The page.
    pub page: Page<'a>,
    /// The site's time.
    pub now: Timestamp,
}

impl<F: Shape> Clone for Scene<'_, F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<F: Shape> Copy for Scene<'_, F> {}

/// The page that asks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Page<'a> {
    /// What happened on it.
    pub signals: Signals<'a>,
    /// What stands in it, of which some prompts keep clear. Nobody who does not see the page knows.
    pub inside: Option<&'a dyn Inside>,
    /// Whether a prompt stands on it already. One at a time.
    pub taken: bool,
    /// How many prompts were shown on it.
    pub shown: u32,
}

/// What was chosen.
#[derive(Clone, PartialEq, Debug)]
pub struct Choice<'a, F: Shape = Written> {
    /// The prompt to show.
    pub winner: Option<&'a Prompt<F>>,
    /// In which version, by its place, if it has several.
    pub version: Option<usize>,
    /// What lots were drawn for the first time, of those that nothing else stands against: to be recorded, so that they stay.
    pub drawn: Vec<F::Drawn>,
    /// When to ask again though nothing happens.
    pub next: Option<Timestamp>,
}

impl<F: Shape> Scene<'_, F> {
    /// Whether somebody is in the middle of it, so that its moment has come and no cap stands against it. Once a page: what went from
    /// this one could not go on here.
    fn goes_on(&self, prompt: &Key) -> bool {
        self.page.shown == 0 && self.history.goes_on(prompt, self.now)
    }
}

impl<'a> Choice<'a> {
    /// The version of the winner, if it has several.
    pub fn variant(&self) -> Option<&'a Variant> {
        self.winner?.experiment.variants.get(self.version?)
    }

    /// What the winner says in its version.
    pub fn content(&self) -> Option<&'a Content> {
        self.variant().and_then(|variant| variant.content.as_ref()).or(self.winner.map(|winner| &winner.content))
    }
}

/// Why a prompt is not shown: the first thing that stands against it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reason {
    /// Its schedule or what it offers has ended.
    Ended,
    /// Its schedule begins then.
    NotBefore(Timestamp),
    /// It has hours, and this is none of them; ask again then.
    Hours(Timestamp),
    /// Its moment has not come yet; it comes then if nothing changes.
    Moment(Timestamp),
    /// Its moment comes when something happens.
    Waiting,
    /// Something happened on the page that it does not want to follow.
    Cancelled,
    /// Its rule does not hold.
    Rule,
    /// An element is on the page beside which it does not stand, such as a cookie banner.
    Held,
    /// The element that it stands in is not on the page.
    Absent,
    /// Something is not known here that must be.
    Unknown(Missing),
    /// The visitor has not agreed to this.
    Consent(Consent),
    /// It sells, and the account is not well.
    Guarded,
    /// Its own caps or the site's forbid it.
    Capped(Capped),
    /// A prompt stands on the page already.
    Taken,
    /// It is meant for a share of people that this one is not of.
    Uncovered,
    /// By lot this one sees nothing, to compare with; whether by the site's holdout.
    HeldOut {
        /// The site's, not the prompt's own.
        by_site: bool,
    },
    /// Another one had the higher priority, was seen less often, or comes first by its key.
    Outranked,
}

/// What is not known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Missing {
    /// Something that its rule asks for.
    Fact,
    /// What time it is on the site.
    Zone,
    /// What stands in the page.
    Page,
    /// Who draws the lot.
    Unit,
}

/// Chooses one of `prompts`.
pub fn choose<'a, F: Shape>(prompts: &'a [Prompt<F>], witness: &impl Witness, scene: &Scene<'_, F>) -> Choice<'a, F> {
    choose_telling(prompts, witness, scene, &mut |_, _| {})
}

/// Chooses one of `prompts` and tells of each other one why not.
pub fn choose_telling<'a, F: Shape>(
    prompts: &'a [Prompt<F>],
    witness: &impl Witness,
    scene: &Scene<'_, F>,
    tell: &mut dyn FnMut(&'a Prompt<F>, Reason),
) -> Choice<'a, F> {
    let clocks = scene.policy.clocks(prompts, scene.history, scene.now);
    let rank = |prompt: &'a Prompt<F>| {
        (!scene.goes_on(&prompt.key), Reverse(prompt.priority), scene.history.past(&prompt.key).shown(), &prompt.key)
    };
    let mut choice = Choice { winner: None, version: None, drawn: Vec::new(), next: None };
    for prompt in prompts {
        let mut until = None;
        match pass(prompt, witness, scene, &clocks, &mut until, &mut choice.drawn) {
            Err(reason) => tell(prompt, reason),
            Ok(version) => match choice.winner {
                Some(best) if rank(best) <= rank(prompt) => tell(prompt, Reason::Outranked),
                best => {
                    if let Some(best) = best {
                        tell(best, Reason::Outranked);
                    }
                    choice.winner = Some(prompt);
                    choice.version = version;
                }
            },
        }
        choice.next = earlier(choice.next, until);
    }
    choice
}

/// The version to show, or the first thing that stands against showing a prompt now; `until` is when that may change by time
/// alone. A lot that it draws for the first time goes to `drawn`.
fn pass<F: Shape>(
    prompt: &Prompt<F>,
    witness: &impl Witness,
    scene: &Scene<'_, F>,
    clocks: &Clocks,
    until: &mut Option<Timestamp>,
    drawn: &mut Vec<F::Drawn>,
) -> Result<Option<usize>, Reason> {
    let now = scene.now;
    open(prompt, scene).inspect_err(|reason| *until = reason.until())?;
    let arming = prompt.moment.arming(&prompt.key, prompt.delay, &prompt.cancel_on, scene.page.signals, now);
    match arming {
        _ if scene.goes_on(&prompt.key) => {}
        Arming::Armed => {}
        Arming::NotYet => return Err(Reason::Waiting),
        Arming::Cancelled => return Err(Reason::Cancelled),
        Arming::Due(then) => {
            *until = Some(then);
            return Err(Reason::Moment(then));
        }
    }
    let answer = holds(&prompt.rule, witness);
    *until = answer.until;
    match answer.truth {
        Truth::Yes => {}
        Truth::No => return Err(Reason::Rule),
        Truth::Unknown => return Err(Reason::Unknown(Missing::Fact)),
    }
    admitted(prompt, scene)?;
    capped(prompt, scene, clocks).map_err(Reason::Capped).inspect_err(|reason| *until = reason.until())?;
    if !prompt.hold_while.is_empty() {
        let page = scene.page.inside.ok_or(Reason::Unknown(Missing::Page))?;
        if prompt.hold_while.iter().any(|selector| page.has_element(selector)) {
            return Err(Reason::Held);
        }
    }
    if let Placement::Inline(selector) = &prompt.placement {
        let page = scene.page.inside.ok_or(Reason::Unknown(Missing::Page))?;
        if !page.has_element(selector) {
            return Err(Reason::Absent);
        }
    }
    if scene.page.taken {
        return Err(Reason::Taken);
    }
    let lot = lot(prompt, scene);
    drawn.extend(scene.unit.first(prompt, lot, site_holdout(prompt, scene)));
    match lot {
        Lot::In(version) => {
            let ends = version.and_then(|version| scene.unit.ends(prompt, version));
            if ends.is_some_and(|end| now >= end) { Err(Reason::Ended) } else { Ok(version) }
        }
        Lot::Uncovered => Err(Reason::Uncovered),
        Lot::HeldOut { by_site } => Err(Reason::HeldOut { by_site }),
        Lot::Unknown => Err(Reason::Unknown(Missing::Unit)),
    }
}

/// What stands against a prompt whoever comes to whatever page: its schedule, or the lot.
pub fn barred<F: Shape>(prompt: &Prompt<F>, scene: &Scene<'_, F>) -> Option<Reason> {
    let by_lot = || match lot(prompt, scene) {
        Lot::Uncovered => Some(Reason::Uncovered),
        Lot::HeldOut { by_site } => Some(Reason::HeldOut { by_site }),
        Lot::Unknown => Some(Reason::Unknown(Missing::Unit)),
        Lot::In(_) => None,
    };
    open(prompt, scene).err().or_else(by_lot)
}

/// Whether its schedule and its offer allow it now.
fn open<F: Shape>(prompt: &Prompt<F>, scene: &Scene<'_, F>) -> Result<(), Reason> {
    if prompt.content.ends().is_some_and(|end| scene.now >= end) {
        return Err(Reason::Ended);
    }
    match scene.unit.opening(prompt, scene.zone, scene.now) {
        Opening::Open => Ok(()),
        Opening::From(start) => Err(Reason::NotBefore(start)),
        Opening::Closed(until) => Err(Reason::Hours(until)),
        Opening::Over => Err(Reason::Ended),
        Opening::Unknown => Err(Reason::Unknown(Missing::Zone)),
    }
}

/// Whether the visitor has agreed to all it needs, and it does not sell to somebody who has other worries.
fn admitted<F: Shape>(prompt: &Prompt<F>, scene: &Scene<'_, F>) -> Result<(), Reason> {
    if let Some(missing) = prompt.consent.iter().find(|needed| !scene.consents.contains(needed)) {
        return Err(Reason::Consent(*missing));
    }
    let sells = prompt.content.category() == Category::Offer && prompt.offer_anyway.is_none();
    if sells && scene.spare_offers { Err(Reason::Guarded) } else { Ok(()) }
}

/// Whether the prompt's own caps and the site's allow it now.
fn capped<F: Shape>(prompt: &Prompt<F>, scene: &Scene<'_, F>, clocks: &Clocks) -> Result<(), Capped> {
    let past = scene.history.past(&prompt.key);
    if scene.goes_on(&prompt.key) {
        return Ok(());
    }
    prompt.frequency.allows(past, prompt.content.usual_gap(), scene.now)?;
    if prompt.mandatory {
        return Ok(());
    }
    scene.policy.allows(prompt, scene.history, clocks, scene.page.shown, scene.now)
}

fn lot<F: Shape>(prompt: &Prompt<F>, scene: &Scene<'_, F>) -> Lot {
    scene.unit.draw(prompt, site_holdout(prompt, scene))
}

/// The share of units that see no prompt at all, of which what must be seen is none.
fn site_holdout<F: Shape>(prompt: &Prompt<F>, scene: &Scene<'_, F>) -> f64 {
    if prompt.mandatory { 0.0 } else { scene.policy.holdout }
}

/// Whether any of these prompts could still be shown on this page: now, when its moment comes, or when what is unknown
/// here turns out well. If not, the page need not load what shows prompts. Who sees nothing by lot is among them until that is
/// recorded ([`Unit::assigned`]): they are compared with those who see something, and so must be counted by the same rules.
pub fn any_candidate<F: Shape>(prompts: &[Prompt<F>], witness: &impl Witness, scene: &Scene<'_, F>) -> bool {
    let clocks = scene.policy.clocks(prompts, scene.history, scene.now);
    prompts.iter().any(|prompt| is_candidate(prompt, witness, scene, &clocks))
}

/// Whether this one of them could. `clocks` are those of the policy for all of them.
pub fn is_candidate<F: Shape>(
    prompt: &Prompt<F>,
    witness: &impl Witness,
    scene: &Scene<'_, F>,
    clocks: &Clocks,
) -> bool {
    // Not by asking `choose`: the first reason it gives, such as a moment to come, would hide a cap behind it.
    let is_open = matches!(open(prompt, scene), Ok(()) | Err(Reason::Unknown(_)));
    let is_drawn = match lot(prompt, scene) {
        Lot::In(_) | Lot::Unknown => true,
        Lot::Uncovered => false,
        Lot::HeldOut { .. } => !scene.unit.has_drawn(prompt),
    };
    // Consent may come on the page, without another visit.
    let is_admitted = matches!(admitted(prompt, scene), Ok(()) | Err(Reason::Consent(_)));
    is_open
        && is_drawn
        && is_admitted
        && capped(prompt, scene, clocks).is_ok()
        && holds(&prompt.rule, witness).truth != Truth::No
}

impl Reason {
    /// When it ends by time alone. Of a rule only its answer knows.
    pub fn until(self) -> Option<Timestamp> {
        match self {
            Reason::NotBefore(then) | Reason::Hours(then) | Reason::Moment(then) => Some(then),
            Reason::Capped(capped) => capped.until(),
            _ => None,
        }
    }
}
