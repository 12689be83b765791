//! In what shape a prompt stands before whoever chooses. As a marketer writes it ([`Written`]) it says all by itself. As pages get it,
//! whatever the collector can answer for them is a question to what they are told; see [`crate::facts`].

use super::{Content, Happens, Means, Opening, Prompt, Says, Schedule, Teaser, Theme, Translations, Zone};
use crate::experiment::{Assigned, Experiment, Lot, Unit};
use crate::rule::{Condition, Rule};
use crate::time::Timestamp;
use core::fmt::Debug;

/// A shape of prompts: of what their parts are.
pub trait Shape: Clone + PartialEq + Debug {
    /// Who sees it, and where.
    type Rule: Rule + Part;
    /// What it says and asks.
    type Said: Says + Part;
    /// An event that is its moment or that it does not want to follow.
    type Happens: Means + Part;
    /// On which days and hours.
    type Schedule: Part;
    /// How it is tried out.
    type Experiment: Part;
    /// How it looks.
    type Theme: Part;
    /// A tab that opens it.
    type Teaser: Part;
    /// What it says in other languages.
    type Translations: Part;
    /// Who draws lots, and what is known of them.
    type Unit: Draws<Self> + Debug;
    /// What there is to record of a lot that is drawn for the first time.
    type Drawn: Part;
}

/// What each part of a prompt can do.
pub trait Part: Clone + PartialEq + Debug {}

impl<T: Clone + PartialEq + Debug> Part for T {}

/// Whom prompts are shown to at certain times only, or by lot.
pub trait Draws<F: Shape> {
    /// What the schedule of a prompt says of an instant.
    fn opening(&self, prompt: &Prompt<F>, zone: Option<Zone>, now: Timestamp) -> Opening;

    /// What by lot is shown of it. `site_holdout` is the site's own share; 0 for what must be seen.
    fn draw(&self, prompt: &Prompt<F>, site_holdout: f64) -> Lot;

    /// What to record of a lot that is drawn for the first time.
    fn first(&self, prompt: &Prompt<F>, lot: Lot, site_holdout: f64) -> Option<F::Drawn>;

    /// Whether it was decided before what it sees.
    fn has_drawn(&self, prompt: &Prompt<F>) -> bool;

    /// From when on it would be untrue what a version of it says.
    fn ends(&self, prompt: &Prompt<F>, version: usize) -> Option<Timestamp>;
}

/// As a marketer writes it.
#[derive(Clone, PartialEq, Debug)]
pub enum Written {}

impl Shape for Written {
    type Rule = Condition;
    type Said = Content;
    type Happens = Happens;
    type Schedule = Schedule;
    type Experiment = Experiment;
    type Theme = Option<Theme>;
    type Teaser = Option<Teaser>;
    type Translations = Translations;
    type Unit = Unit;
    type Drawn = Assigned;
}

impl Draws<Written> for Unit {
    fn opening(&self, prompt: &Prompt, zone: Option<Zone>, now: Timestamp) -> Opening {
        prompt.schedule.at(zone, now)
    }

    fn draw(&self, prompt: &Prompt, site_holdout: f64) -> Lot {
        Unit::draw(self, &prompt.key, &prompt.experiment, site_holdout)
    }

    fn first(&self, prompt: &Prompt, lot: Lot, site_holdout: f64) -> Option<Assigned> {
        Unit::first(self, lot, &prompt.key, &prompt.experiment, site_holdout)
    }

    fn has_drawn(&self, prompt: &Prompt) -> bool {
        Unit::has_drawn(self, &prompt.key, &prompt.experiment)
    }

    fn ends(&self, prompt: &Prompt, version: usize) -> Option<Timestamp> {
        prompt.experiment.variants.get(version)?.content.as_ref()?.ends()
    }
}
