//! When within a visit a prompt comes. A moment is something that happens now, on this page; what happened before is for rules.
//! It belongs to the page: whoever goes on to another one starts anew.

use crate::id::Key;
use crate::rule::Where;
use crate::time::{Span, Timestamp};
use crate::value::Props;
use serde::{Deserialize, Serialize};

/// When within a visit a prompt may come.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moment<H = Happens> {
    /// As soon as it is eligible.
    #[default]
    AtOnce,
    /// After so long on the page.
    Dwell(Span),
    /// After so long on the site in this visit.
    TimeOnSite(Span),
    /// When so many hundredths of the page were scrolled through; 1 to 100.
    Scroll(u8),
    /// On the so manieth page of this visit and on each one after it.
    PagesViewed(u32),
    /// When nobody has moved, typed or scrolled for so long.
    Inactivity(Span),
    /// When the visitor turns to leave.
    ExitIntent,
    /// When an element that this selector means is clicked.
    Click(String),
    /// When an element that this selector means comes into view.
    ElementVisible(String),
    /// When something that has a name happens.
    Event(H),
    /// When the page calls for it by its key.
    Call,
    /// When a play sends it.
    Push,
}

/// An event that happens now.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Happens {
    /// Its name.
    pub name: String,
    /// All of these must pass.
    #[serde(default, rename = "where", skip_serializing_if = "Vec::is_empty")]
    pub filter: Vec<Where>,
}

/// Something that happened on the page.
#[derive(Clone, PartialEq, Debug)]
pub struct Signal {
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: What,
}

/// What happened.
#[derive(Clone, PartialEq, Debug)]
pub enum What {
    /// So many hundredths of the page have been seen.
    Scrolled(u8),
    /// The visitor turned to leave.
    ExitIntent,
    /// An element that this selector, as a prompt writes it, means was clicked.
    Clicked(String),
    /// An element that this selector, as a prompt writes it, means came into view.
    Seen(String),
    /// An event of this name and with these properties.
    Event(String, Props),
    /// The page called for this prompt.
    Called(Key),
    /// A play sent this prompt.
    Pushed(Key),
    /// This prompt was closed or done with.
    Closed(Key),
}

/// The visit to a page, as far as moments depend on it. What is not known makes no moment come.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Signals<'a> {
    /// When the visitor came to the page.
    pub since: Timestamp,
    /// When this visit to the site began.
    pub visit_since: Option<Timestamp>,
    /// How many pages were seen in this visit, with this one.
    pub pages: Option<u32>,
    /// When somebody last moved, typed or scrolled; that they came counts too.
    pub active: Option<Timestamp>,
    /// What happened on the page, the earliest first.
    pub happened: &'a [Signal],
}

/// How far a moment is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Arming {
    /// It has come.
    Armed,
    /// It comes then, if nothing else happens.
    Due(Timestamp),
    /// It may come when something happens.
    NotYet,
    /// Something happened that the prompt does not want to follow.
    Cancelled,
}

impl<H: Means> Moment<H> {
    /// How far it is for the prompt `key`: what must happen, then `delay`, and none of `cancel_on` on the page. A signal that comes
    /// again after it was cancelled counts again, and so does one after the prompt was closed; time does not.
    pub fn arming(&self, key: &Key, delay: Span, cancel_on: &[H], signals: Signals<'_>, now: Timestamp) -> Arming {
        let cancels = |signal: &Signal| cancel_on.iter().any(|happens| happens.means(&signal.what));
        let closes = |signal: &Signal| matches!(&signal.what, What::Closed(closed) if closed == key);
        let ended = signals.happened.iter().rposition(|signal| cancels(signal) || closes(signal));
        let idle = if ended.is_some_and(|place| cancels(&signals.happened[place])) {
            Arming::Cancelled
        } else {
            Arming::NotYet
        };
        let came = match self {
            Moment::AtOnce => Some(signals.since),
            Moment::Dwell(span) => Some(signals.since.after(*span)),
            Moment::TimeOnSite(span) => signals.visit_since.map(|since| since.after(*span).max(signals.since)),
            Moment::PagesViewed(pages) => signals.pages.is_some_and(|seen| seen >= *pages).then_some(signals.since),
            Moment::Inactivity(span) => signals.active.map(|active| active.max(signals.since).after(*span)),
            _ => {
                // One event may have several names on a page: what calls it off under one does not bring it under another.
                let (last, since) = ended.map_or((None, 0), |place| (Some(signals.happened[place].at), place + 1));
                let came = |signal: &&Signal| Some(signal.at) != last && self.is(&signal.what, key);
                let came = signals.happened[since..].iter().find(came);
                return came.map_or(idle, |signal| due(signal.at.after(delay), now));
            }
        };
        match came {
            Some(came) if ended.is_none() => due(came.after(delay), now),
            _ => idle,
        }
    }

    /// Whether this is what it waits for.
    fn is(&self, what: &What, prompt: &Key) -> bool {
        match (self, what) {
            (Moment::Scroll(wanted), What::Scrolled(seen)) => seen >= wanted,
            (Moment::ExitIntent, What::ExitIntent) => true,
            (Moment::Click(wanted), What::Clicked(selector)) => selector == wanted,
            (Moment::ElementVisible(wanted), What::Seen(selector)) => selector == wanted,
            (Moment::Event(happens), what) => happens.means(what),
            (Moment::Call, What::Called(key)) | (Moment::Push, What::Pushed(key)) => key == prompt,
            _ => false,
        }
    }
}

/// An event, in one form or another.
pub trait Means {
    /// Whether what happened is this event.
    fn means(&self, what: &What) -> bool;
}

impl Means for Happens {
    /// As in rules, what is missing passes no test.
    fn means(&self, what: &What) -> bool {
        let What::Event(name, props) = what else { return false };
        let passes = |part: &Where| props.get(&part.prop).is_some_and(|value| part.test.passes(value));
        *name == self.name && self.filter.iter().all(passes)
    }
}

fn due(at: Timestamp, now: Timestamp) -> Arming {
    if now < at { Arming::Due(at) } else { Arming::Armed }
}
