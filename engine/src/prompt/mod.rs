//! What a marketer makes: [`Content`], a rule, a [`Moment`], a [`Placement`], a [`Frequency`]; and [`choose`], the only place
//! where one prompt wins.

mod advice;
mod category;
mod check;
mod choose;
mod content;
mod look;
mod moment;
mod schedule;
mod shape;
mod theme;
mod translation;

pub use advice::advice;
pub use category::Category;
pub use check::{check, check_policy, check_theme};
pub use choose::{Choice, Missing, Page, Reason, Scene, any_candidate, barred, choose, choose_telling, is_candidate};
pub use content::{
    Checklist, Content, Coupon, FollowUp, Form, Image, Link, Links, Notice, Nps, Offer, Plan, Purpose, REFERRAL_PARAM,
    Referral, Says, Share, ShareTo, Step, Task, Video, VideoSource, Walkthrough, Wish, filled,
};

pub use look::Look;
pub use moment::{Arming, Happens, Means, Moment, Signal, Signals, What};
pub use schedule::{Clock, Hours, Opening, Schedule, Zone};
pub use shape::{Draws, Part, Shape, Written};
pub use theme::{Colors, Scheme, Theme};
pub use translation::{Translations, is_language, primary};

use crate::facts::{Here, Sent};
use crate::frequency::{Frequency, Policy};
use crate::id::Key;
use crate::rule::Consent;
use crate::time::Span;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A prompt, as a marketer writes it or in another [`Shape`].
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(bound(
    serialize = "F::Rule: Serialize, F::Said: Serialize, F::Happens: Serialize, F::Schedule: Serialize + Default + PartialEq,
        F::Experiment: Serialize + Default + PartialEq, F::Theme: Serialize + Default + PartialEq,
        F::Teaser: Serialize + Default + PartialEq, F::Translations: Serialize + Default + PartialEq",
    deserialize = "F::Rule: Deserialize<'de> + Default, F::Said: Deserialize<'de>, F::Happens: Deserialize<'de>,
        F::Schedule: Deserialize<'de> + Default, F::Experiment: Deserialize<'de> + Default,
        F::Theme: Deserialize<'de> + Default, F::Teaser: Deserialize<'de> + Default,
        F::Translations: Deserialize<'de> + Default"
))]
pub struct Prompt<F: Shape = Written> {
    /// Its name in rules, events and reports.
    pub key: Key,
    /// What the team calls it, in at most 100 characters; empty: its key. No page is told.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// What it says and asks.
    pub content: F::Said,
    /// Where it stands.
    pub placement: Placement,
    /// On which days and hours.
    #[serde(default, skip_serializing_if = "is_default")]
    pub schedule: F::Schedule,
    /// When within a visit.
    #[serde(default)]
    pub moment: Moment<F::Happens>,
    /// So long after its moment.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub delay: Span,
    /// Not after any of these has happened on the page.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cancel_on: Vec<F::Happens>,
    /// Who sees it, and where. Left out: everybody everywhere.
    #[serde(default, rename = "rule")]
    pub rule: F::Rule,
    /// Of several eligible prompts the one with the highest number is shown.
    #[serde(default)]
    pub priority: i32,
    /// How often at most.
    #[serde(default)]
    pub frequency: Frequency,
    /// A notice that must be seen, such as one about billing: ignores the site's caps, but not its own.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub mandatory: bool,
    /// Names that the site's caps may group it by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Key>,
    /// What the visitor must have agreed to. A prompt that keeps nothing needs nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub consent: Vec<Consent>,
    /// Why this offer is made also to accounts that are unhealthy, stuck or delayed. Left out: it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer_anyway: Option<String>,
    /// How it is tried out.
    #[serde(default, skip_serializing_if = "is_default")]
    pub experiment: F::Experiment,
    /// Not while an element that one of these selectors means is on the page: a cookie banner, an open dialog.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hold_while: Vec<String>,
    /// A small tab at the edge of the window that opens it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub teaser: F::Teaser,
    /// Whether it offers to come back later; see [`Frequency::snooze`].
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub later: bool,
    /// How it looks, where it does not look as the site's other prompts do.
    #[serde(default, skip_serializing_if = "is_default")]
    pub theme: F::Theme,
    /// What it says in other languages. Pages get it in theirs.
    #[serde(default, skip_serializing_if = "is_default")]
    pub translations: F::Translations,
}

fn is_zero(span: &Span) -> bool {
    *span == Span(0)
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// A small tab that opens a prompt.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Teaser {
    /// What it says.
    pub label: String,
    /// Whether the prompt begins as its tab. If not, the tab is what stays when somebody closes the prompt.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub first: bool,
}

/// Where a prompt stands.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Placement {
    /// A dialog over the page, which takes the focus and gives it back.
    Modal,
    /// A card in a corner.
    Corner(Corner),
    /// A bar along an edge.
    Bar(Edge),
    /// In the page, in the first element that this selector means. It comes and goes with that element.
    Inline(String),
}

/// A corner of the window, in the direction of the text.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Corner {
    BottomEnd,
    BottomStart,
    TopEnd,
    TopStart,
}

/// An edge of the window.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Edge {
    Top,
    Bottom,
}

impl Placement {
    /// Whether it comes between a visitor and the page; a bar and what stands in the page do not.
    pub fn interrupts(&self) -> bool {
        matches!(self, Placement::Modal | Placement::Corner(_))
    }
}

/// What the collector publishes for the pages of a site.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Bundle {
    /// Changes whenever anything in it does.
    pub version: String,
    /// The site's caps.
    #[serde(default)]
    pub policy: Policy,
    /// How its prompts look.
    #[serde(default)]
    pub look: Look,
    /// The parts of rules that only a page can answer.
    #[serde(default, skip_serializing_if = "Here::is_empty")]
    pub here: Here,
    /// The events of prompts that ask for more than a name, by the names that stand for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<(String, Happens)>,
    /// Where the module is that paints what the widget alone does not: a path at the collector, to which its script and its code each
    /// have an ending of their own.
    #[serde(default)]
    pub contents: String,
    /// Where the one is that answers them and notices what happens on a page.
    #[serde(default)]
    pub page: String,
    /// The name of the page's own list that hears what people do with prompts. Left out: `dataLayer`; empty: none does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_layer: Option<String>,
    /// The language that they are in, as far as they are in one: `en`, `pt-BR`.
    #[serde(default)]
    pub language: String,
    /// Whether it is written from right to left.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub rtl: bool,
    /// The widget's own words in it, by their English. None of what it says in English.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub words: BTreeMap<String, String>,
    /// The prompts.
    pub prompts: Vec<Prompt<Sent>>,
}
