//! Prompts as pages get them, and what a page is told of those whose schedule or lots the collector answers for it. So nobody can read
//! off a page when a site plans to show what, nor choose what they draw.

use super::publish::{Here, publish};
use crate::experiment::{Lot, Recorded, Variant};
use crate::frequency::Frequency;
use crate::id::Key;
use crate::prompt::{
    Content, Draws, Happens, Look, Means, Moment, Opening, Prompt, Says, Scene, Schedule, Shape, Teaser, Theme, What,
    Zone,
};
use crate::rule::{Condition, LeafId, Truth, Witness, holds};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// As pages get it.
#[derive(Clone, PartialEq, Debug)]
pub enum Sent {}

impl Shape for Sent {
    type Rule = Condition;
    type Said = Content;
    type Happens = Named;
    /// Whether what is told of it has to be known.
    type Schedule = bool;
    type Experiment = Vec<Version>;
    type Theme = Option<Look>;
    type Teaser = Option<Teaser>;
    /// It says everything in the page's language already.
    type Translations = ();
    type Unit = Terms;
    type Drawn = Key;
}

/// A version of a prompt.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Version {
    /// Its name in reports.
    pub key: Key,
    /// What it says, if it is not what the prompt says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Content>,
}

/// An event by its name alone. One that is asked for with more than that has a name of its own, which
/// [`Bundle::events`](crate::prompt::Bundle::events) explains to whoever can tell.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Named {
    /// The name.
    pub name: String,
    /// Whether it is one that has to be told.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub is_told: bool,
}

impl Means for Named {
    fn means(&self, what: &What) -> bool {
        matches!(what, What::Event(name, _) if *name == self.name)
    }
}

/// What a page is told of one prompt.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Term {
    /// Which prompt.
    pub prompt: Key,
    /// Not before this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// Not from this on, as far as is known now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Timestamp>,
    /// The version that is shown, by its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// Whether it is not shown, to compare with.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub held_out: bool,
    /// Whether this is drawn for the first time.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub is_first: bool,
}

/// What a page is told of prompts, by their keys.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Terms(Vec<Term>);

impl Terms {
    /// Whether nothing is told.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn of(&self, prompt: &Key) -> Option<&Term> {
        let at = self.0.binary_search_by(|term| term.prompt.cmp(prompt)).ok()?;
        self.0.get(at)
    }
}

impl<F: Shape<Schedule = bool, Drawn = Key>> Draws<F> for Terms {
    fn opening(&self, prompt: &Prompt<F>, _: Option<Zone>, now: Timestamp) -> Opening {
        if !prompt.schedule {
            return Opening::Open;
        }
        match self.of(&prompt.key) {
            None => Opening::Unknown,
            Some(Term { from: Some(from), .. }) if now < *from => Opening::From(*from),
            Some(Term { to: Some(to), .. }) if now >= *to => Opening::Over,
            Some(_) => Opening::Open,
        }
    }

    fn draw(&self, prompt: &Prompt<F>, _: f64) -> Lot {
        match self.of(&prompt.key) {
            Some(term) if term.held_out => Lot::HeldOut { by_site: false },
            Some(term) => Lot::In(term.version.map(|version| version as usize)),
            None => Lot::In(None),
        }
    }

    fn first(&self, prompt: &Prompt<F>, _: Lot, _: f64) -> Option<Key> {
        (!self.has_drawn_of(&prompt.key)).then(|| prompt.key.clone())
    }

    fn has_drawn(&self, prompt: &Prompt<F>) -> bool {
        self.has_drawn_of(&prompt.key)
    }

    /// Told with when the prompt itself ends.
    fn ends(&self, _: &Prompt<F>, _: usize) -> Option<Timestamp> {
        None
    }
}

impl Terms {
    fn has_drawn_of(&self, prompt: &Key) -> bool {
        !self.of(prompt).is_some_and(|term| term.is_first)
    }
}

impl Prompt<Sent> {
    /// A prompt as pages get it: with verdicts in place of what the collector knows, and without what was written for colleagues. What only
    /// a page can answer goes to `here`, and events that are asked for with more than their name to `events`. `by_lot`: the site holds
    /// some visitors out.
    pub fn of(
        prompt: &Prompt,
        site: &Theme,
        by_lot: bool,
        here: &mut Here,
        events: &mut Vec<(String, Happens)>,
    ) -> Prompt<Sent> {
        // How long its content rests is said, so that a page need not know the custom of each.
        let gap = prompt.frequency.gap.unwrap_or(prompt.content.usual_gap());
        let version = |variant: &Variant| Version {
            key: variant.key.clone(),
            // Said once is enough.
            content: variant.content.clone().filter(|content| *content != prompt.content).map(marked),
        };
        let cancel_on = prompt.cancel_on.iter().map(|happens| named(happens, events)).collect();
        Prompt {
            key: prompt.key.clone(),
            name: String::new(),
            content: marked(prompt.content.clone()),
            placement: prompt.placement.clone(),
            schedule: is_told(prompt, by_lot),
            moment: match &prompt.moment {
                Moment::AtOnce => Moment::AtOnce,
                Moment::Dwell(span) => Moment::Dwell(*span),
                Moment::TimeOnSite(span) => Moment::TimeOnSite(*span),
                Moment::Scroll(depth) => Moment::Scroll(*depth),
                Moment::PagesViewed(pages) => Moment::PagesViewed(*pages),
                Moment::Inactivity(span) => Moment::Inactivity(*span),
                Moment::ExitIntent => Moment::ExitIntent,
                Moment::Click(selector) => Moment::Click(selector.clone()),
                Moment::ElementVisible(selector) => Moment::ElementVisible(selector.clone()),
                Moment::Event(happens) => Moment::Event(named(happens, events)),
                Moment::Call => Moment::Call,
                Moment::Push => Moment::Push,
            },
            delay: prompt.delay,
            cancel_on,
            rule: publish(&prompt.rule, here),
            priority: prompt.priority,
            frequency: Frequency { gap: Some(gap), ..prompt.frequency.clone() },
            mandatory: prompt.mandatory,
            tags: prompt.tags.clone(),
            consent: prompt.consent.clone(),
            // That there is a reason is enough.
            offer_anyway: prompt.offer_anyway.as_ref().map(|_| String::new()),
            experiment: prompt.experiment.variants.iter().map(version).collect(),
            hold_while: prompt.hold_while.clone(),
            teaser: prompt.teaser.clone(),
            later: prompt.later,
            theme: prompt.theme.as_ref().map(|theme| theme.look(site)),
            translations: (),
        }
    }
}

/// Says of a recommendation question whether it says something of the person.
fn marked(mut content: Content) -> Content {
    if let Content::Nps(nps) = &mut content {
        nps.piped = nps.says_something_of_the_person();
    }
    content
}

/// An event by its name; one with tests by a name of its own.
fn named(happens: &Happens, events: &mut Vec<(String, Happens)>) -> Named {
    if happens.filter.is_empty() {
        return Named { name: happens.name.clone(), is_told: false };
    }
    // No page can say it: names of events have no line breaks.
    let name = format!("{}\n{}", happens.name, LeafId::of(happens).number());
    if !events.iter().any(|(known, _)| *known == name) {
        events.push((name.clone(), happens.clone()));
    }
    Named { name, is_told: true }
}

/// Whether a page has to be told of it when it is shown, or to whom.
fn is_told(prompt: &Prompt, by_lot: bool) -> bool {
    let is_drawn = !prompt.experiment.is_none() || by_lot && !prompt.mandatory;
    is_drawn || prompt.schedule != Schedule::default() || ends(prompt, None).is_some()
}

/// From when on it would be untrue what a prompt says in a version.
fn ends(prompt: &Prompt, version: Option<usize>) -> Option<Timestamp> {
    let own = version.and_then(|version| prompt.experiment.variants.get(version)?.content.as_ref());
    own.unwrap_or(&prompt.content).ends()
}

/// What a page is told of these prompts, and what is recorded of those that are drawn for the first time. Of a prompt that cannot show
/// there it is told nothing.
pub fn terms(prompts: &[Prompt], witness: &impl Witness, scene: &Scene<'_>) -> (Terms, Vec<(Key, Recorded)>) {
    let (mut terms, mut drawn) = (Vec::new(), Vec::new());
    for prompt in prompts.iter().filter(|prompt| is_told(prompt, scene.policy.holdout > 0.0)) {
        let site_holdout = if prompt.mandatory { 0.0 } else { scene.policy.holdout };
        let lot = Draws::draw(scene.unit, prompt, site_holdout);
        let version = match lot {
            Lot::In(version) => version,
            Lot::HeldOut { .. } => None,
            Lot::Uncovered | Lot::Unknown => continue,
        };
        let Some((from, to)) = prompt.schedule.window(scene.zone, scene.now) else { continue };
        if holds(&prompt.rule, witness).truth == Truth::No {
            continue;
        }
        let first = Draws::first(scene.unit, prompt, lot, site_holdout);
        let ends = [to, ends(prompt, version), prompt.content.ends()];
        terms.push(Term {
            prompt: prompt.key.clone(),
            from,
            to: ends.into_iter().flatten().min(),
            version: version.and_then(|version| u32::try_from(version).ok()),
            held_out: matches!(lot, Lot::HeldOut { .. }),
            is_first: first.is_some(),
        });
        drawn.extend(first.map(|first| (prompt.key.clone(), first.into())));
    }
    terms.sort_by(|one, other| one.prompt.cmp(&other.prompt));
    (Terms(terms), drawn)
}
