//! Who by lot sees which version of a prompt, and who sees none. A lot is no coin: the same unit (an account if known, else a
//! person, else a visitor) draws the same one on every page and device, because it follows from the unit's [`Seed`].
//!
//! What was decided once stays: an [`Assigned`] arm beats the lot, also after a visitor has become a person with another seed. Without
//! a seed nothing is decided, and nothing is shown that depends on it.

use crate::id::Key;
use crate::prompt::Content;
use crate::splitmix::splitmix;
use crate::time::Span;
use core::fmt;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// How a prompt is tried out, and what it is judged by.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Experiment {
    /// A new number draws all lots anew and forgets what was assigned.
    pub epoch: u32,
    /// The share of units that the prompt is meant for at all, 0 to 1. A change adds or removes units at the edge only.
    pub coverage: f64,
    /// The share of those that see nothing, to compare with, 0 to 1.
    pub holdout: f64,
    /// The versions. None: there is one, the prompt itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub variants: Vec<Variant>,
    /// What it is for. Left out: what its content counts as done. It stands here and not beside what pages get of a prompt, so that none
    /// pays for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goal: Option<Goal>,
}

/// What a prompt is for: something that people do after they were shown it, wherever they do it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Goal {
    /// The event that says they did.
    pub event: String,
    /// How long after they were shown it first.
    #[serde(default = "Goal::usual")]
    pub within: Span,
}

impl Goal {
    /// How long one usually waits for it.
    fn usual() -> Span {
        Span::days(7)
    }
}

impl Default for Experiment {
    /// Everybody sees the one version.
    fn default() -> Self {
        Experiment { epoch: 0, coverage: 1.0, holdout: 0.0, variants: Vec::new(), goal: None }
    }
}

impl Experiment {
    /// Whether no lot is drawn: everybody sees the one version.
    pub fn is_none(&self) -> bool {
        self.coverage == 1.0 && self.holdout == 0.0 && self.variants.is_empty() && self.epoch == 0
    }
}

/// A version of a prompt.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Variant {
    /// Its name in reports.
    pub key: Key,
    /// How many see it, against the weights of the others. 0: nobody new.
    pub weight: u32,
    /// What it says instead. Left out: what the prompt says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Content>,
}

/// What lots are drawn from: 64 bits that the collector makes of its secret salt and the unit's id, so that nobody can choose
/// theirs. Written as 16 hexadecimal digits, since JavaScript's numbers hold 53 bits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seed(pub u64);

/// Who draws, and what they drew before.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Unit {
    /// Left out: not known, so nothing is decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<Seed>,
    /// Whether the site's holdout has it, if that was decided before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held_out: Option<bool>,
    /// What was decided for it before, under whatever seed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub assigned: Vec<Assigned>,
}

/// The first decision for a unit.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Assigned {
    /// Which prompt.
    pub prompt: Key,
    /// In which epoch; it says nothing of others.
    pub epoch: u32,
    /// Where the unit stood then, which decides whether it is covered now.
    pub place: u32,
    /// What it drew.
    pub arm: Arm,
}

/// The same as the event says it that records it, without the prompt, which the event names itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Recorded {
    /// See [`Assigned::epoch`].
    pub epoch: u32,
    /// See [`Assigned::place`].
    pub place: u32,
    /// Whether it sees nothing of this prompt.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub holdout: bool,
    /// Whether it sees nothing of any.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub site_holdout: bool,
    /// The version that it sees, if there are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<Key>,
}

impl From<Assigned> for Recorded {
    fn from(lot: Assigned) -> Recorded {
        let Assigned { epoch, place, arm, .. } = lot;
        let (holdout, site_holdout) = (arm == Arm::Holdout, arm == Arm::SiteHoldout);
        let variant = if let Arm::Variant(key) = arm { Some(key) } else { None };
        Recorded { epoch, place, holdout, site_holdout, variant }
    }
}

impl Recorded {
    /// What was drawn for the prompt of the event.
    pub fn of(self, prompt: Key) -> Assigned {
        let Recorded { epoch, place, holdout, site_holdout, variant } = self;
        let arm = match variant {
            Some(variant) => Arm::Variant(variant),
            None if site_holdout => Arm::SiteHoldout,
            None if holdout => Arm::Holdout,
            None => Arm::Shown,
        };
        Assigned { prompt, epoch, place, arm }
    }
}

/// What a unit draws.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arm {
    /// Sees nothing of this prompt, to compare with.
    Holdout,
    /// Sees nothing of any prompt. Whoever compares by prompt leaves these out: they missed the others too.
    SiteHoldout,
    /// Sees the prompt as it is.
    Shown,
    /// Sees this version.
    Variant(Key),
}

/// What a lot says of a prompt.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lot {
    /// It is shown, in the version of this place in the list if there are any.
    In(Option<usize>),
    /// Not one of those whom the prompt is meant for.
    Uncovered,
    /// Sees nothing, to compare with; whether by the site's holdout.
    HeldOut {
        /// The site's, not the prompt's own.
        by_site: bool,
    },
    /// Nothing can be decided without a seed.
    Unknown,
}

impl Lot {
    /// The arm to remember; `None` if nothing is to be.
    pub fn arm(self, experiment: &Experiment) -> Option<Arm> {
        match self {
            Lot::In(None) => Some(Arm::Shown),
            Lot::In(Some(place)) => experiment.variants.get(place).map(|variant| Arm::Variant(variant.key.clone())),
            Lot::HeldOut { by_site: false } => Some(Arm::Holdout),
            Lot::HeldOut { by_site: true } => Some(Arm::SiteHoldout),
            Lot::Uncovered | Lot::Unknown => None,
        }
    }
}

/// What a lot is drawn for. Each has a hash of its own, so that one share does not eat up another.
#[derive(Clone, Copy)]
enum Purpose {
    Site = 1,
    Coverage,
    Holdout,
    Variant,
}

impl Unit {
    /// Draws for a prompt. `site_holdout` is the policy's share; 0 for what must be seen.
    pub fn draw(&self, prompt: &Key, experiment: &Experiment, site_holdout: f64) -> Lot {
        if site_holdout > 0.0 {
            match self.held_out.or_else(|| Some(is_within(self.place(Purpose::Site, "", 0)?, site_holdout))) {
                Some(true) => return Lot::HeldOut { by_site: true },
                Some(false) => {}
                None => return Lot::Unknown,
            }
        }
        let known = self.assigned(prompt, experiment);
        if experiment.coverage < 1.0 {
            match known.map(|known| known.place).or_else(|| self.standing(prompt, experiment.epoch)) {
                Some(place) if is_within(place, experiment.coverage) => {}
                Some(_) => return Lot::Uncovered,
                None => return Lot::Unknown,
            }
        }
        match known.map(|known| &known.arm) {
            // Where nobody is held out any more, nobody stays so, whether the prompt or the site had done it.
            Some(Arm::Holdout) if experiment.holdout > 0.0 => return Lot::HeldOut { by_site: false },
            Some(Arm::Variant(key)) => {
                if let Some(place) = experiment.variants.iter().position(|variant| variant.key == *key) {
                    return Lot::In(Some(place));
                }
            }
            Some(Arm::Shown) if experiment.variants.is_empty() => return Lot::In(None),
            Some(Arm::Shown | Arm::Holdout) => {}
            // Whom the site does not hold out any more the prompt still may.
            None | Some(Arm::SiteHoldout) if experiment.holdout > 0.0 => {
                match self.place(Purpose::Holdout, prompt.as_str(), experiment.epoch) {
                    Some(place) if is_within(place, experiment.holdout) => return Lot::HeldOut { by_site: false },
                    Some(_) => {}
                    None => return Lot::Unknown,
                }
            }
            None | Some(Arm::SiteHoldout) => {}
        }
        match (experiment.variants.is_empty(), self.seed) {
            (true, _) => Lot::In(None),
            (false, None) => Lot::Unknown,
            (false, Some(seed)) => match variant(seed, prompt, experiment) {
                // Weights of which none is above 0 give nobody anything.
                None => Lot::Uncovered,
                some => Lot::In(some),
            },
        }
    }

    /// What to record of a lot that is drawn for the first time. Nothing, where there is no lot to draw: everybody sees the one version.
    pub fn first(&self, lot: Lot, prompt: &Key, experiment: &Experiment, site_holdout: f64) -> Option<Assigned> {
        let is_drawn = !experiment.is_none() || site_holdout > 0.0;
        let arm = lot.arm(experiment).filter(|_| is_drawn && !self.has_drawn(prompt, experiment))?;
        let place = self.standing(prompt, experiment.epoch)?;
        Some(Assigned { prompt: prompt.clone(), epoch: experiment.epoch, place, arm })
    }

    /// Whether it was decided before what it sees.
    pub fn has_drawn(&self, prompt: &Key, experiment: &Experiment) -> bool {
        self.assigned(prompt, experiment).is_some()
    }

    fn assigned(&self, prompt: &Key, experiment: &Experiment) -> Option<&Assigned> {
        self.assigned.iter().find(|one| one.epoch == experiment.epoch && one.prompt == *prompt)
    }

    /// Where the unit stands in the line of those whom a prompt may cover: what [`Assigned::place`] keeps.
    pub fn standing(&self, prompt: &Key, epoch: u32) -> Option<u32> {
        self.place(Purpose::Coverage, prompt.as_str(), epoch)
    }

    fn place(&self, purpose: Purpose, prompt: &str, epoch: u32) -> Option<u32> {
        self.seed.map(|seed| (mix(seed, purpose, prompt, epoch, "") >> 32) as u32)
    }
}

/// Whether a place of 2^32 lies within the first `share` of them.
fn is_within(place: u32, share: f64) -> bool {
    f64::from(place) < share * 4_294_967_296.0
}

/// Weighted rendezvous: each version draws a waiting time that is shorter the greater its weight, and the shortest wins. When a weight
/// changes, units move to or from that version only; the others' waiting times stay as they are.
fn variant(seed: Seed, prompt: &Key, experiment: &Experiment) -> Option<usize> {
    let mut best: Option<(usize, u64, &Variant)> = None;
    for (place, variant) in experiment.variants.iter().enumerate() {
        let wait = waiting(mix(seed, Purpose::Variant, prompt.as_str(), experiment.epoch, variant.key.as_str()));
        let weight = u64::from(variant.weight);
        // wait / weight < wait of the best / its weight, in whole numbers
        let is_shorter = best.is_none_or(|(_, shortest, best)| wait * u64::from(best.weight) < shortest * weight);
        if weight > 0 && is_shorter {
            best = Some((place, wait, variant));
        }
    }
    best.map(|(place, ..)| place)
}

/// Minus the logarithm of a number in (0, 1]: exponentially distributed if the bits are evenly. In whole numbers, because it must come
/// out the same in the browser and in the collector, and their libraries' logarithms need not; 26 bits after the point.
fn waiting(bits: u64) -> u64 {
    const PLACES: u32 = 26;
    let bits = bits | 1;
    let zeros = bits.leading_zeros();
    // The mantissa as 1.31 bits; squaring it yields one bit of the logarithm after the other.
    let mut mantissa = (bits << zeros) >> 32;
    let mut log = u64::from(63 - zeros);
    for _ in 0..PLACES {
        mantissa = (mantissa * mantissa) >> 31;
        let bit = mantissa >> 32;
        mantissa >>= bit;
        log = (log << 1) | bit;
    }
    // At least 1: a wait of 0 would beat any weight.
    ((64 << PLACES) - log).max(1)
}

/// 64 even bits of all of these.
fn mix(seed: Seed, purpose: Purpose, prompt: &str, epoch: u32, variant: &str) -> u64 {
    let mut hash = splitmix(seed.0 ^ ((purpose as u64) << 32) ^ u64::from(epoch));
    for text in [prompt, variant] {
        for chunk in text.as_bytes().chunks(8) {
            let word = chunk.iter().fold(0, |word, byte| (word << 8) | u64::from(*byte));
            hash = splitmix(hash ^ word);
        }
        // The length, so that "ab", "c" and "a", "bc" differ.
        hash = splitmix(hash ^ text.len() as u64);
    }
    hash
}

impl fmt::Display for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl Serialize for Seed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Seed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let is_plain = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let bits = if is_plain { u64::from_str_radix(&text, 16).ok() } else { None };
        bits.map(Seed).ok_or_else(|| de::Error::custom("a seed has 16 hexadecimal digits"))
    }
}
