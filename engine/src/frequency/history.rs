//! What happened between a person and the site's prompts, as far as caps ask for it.

use super::over;
use crate::event::Action;
use crate::id::Key;
use crate::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};

/// Of so many times that a prompt was shown the instants are kept: the last ones. Windows and rounds cannot count further.
pub const KEPT: usize = 64;

/// What happened between a person and the site's prompts.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct History {
    /// By key: a page may have a thousand prompts to look up.
    prompts: Vec<(Key, Past)>,
    pub(crate) shown_in_session: u32,
    pub(crate) interruptions_in_session: u32,
    pub(crate) last_interruption: Option<Timestamp>,
    pub(super) is_muted: bool,
}

/// What happened with one prompt. Instants are of the last time.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Past {
    shown: u32,
    pub(crate) shown_in_session: u32,
    /// The last [`KEPT`] times it was shown, the earliest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    times: Vec<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) dismissed: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) snoozed: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) declined: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) answered: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) converted: Option<Timestamp>,
    /// More was to come: not the last answer, not the last step.
    #[serde(skip_serializing_if = "Option::is_none")]
    begun: Option<Timestamp>,
}

static NOTHING: Past = Past {
    shown: 0,
    shown_in_session: 0,
    times: Vec::new(),
    dismissed: None,
    snoozed: None,
    declined: None,
    answered: None,
    converted: None,
    begun: None,
};

/// For so long somebody who went elsewhere in the middle is still in it; as long as a visit lasts without a signal.
const BREAK: Span = Span(30 * 60_000);

/// What a browser recorded so shortly before something else may have come after it: the instants of what it sends apart differ by how
/// long each was on its way.
const BLURRED: Span = Span(30_000);

/// Something that happened with a prompt.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Exposure<'a> {
    /// Which prompt.
    pub prompt: &'a Key,
    /// What happened.
    pub action: Action,
    /// When.
    pub at: Timestamp,
    /// Whether it was in the session that is now going on.
    pub in_session: bool,
    /// Whether the prompt came between the visitor and the page.
    pub interrupts: bool,
    /// Whether more was to come: of several questions not the last one, of several steps not the end.
    pub partial: bool,
}

impl History {
    /// Takes in something that happened. The order does not matter.
    pub fn observe(&mut self, exposure: &Exposure<'_>) {
        let place = match self.prompts.binary_search_by(|(key, _)| key.cmp(exposure.prompt)) {
            Ok(place) => place,
            Err(place) => {
                self.prompts.insert(place, (exposure.prompt.clone(), Past::default()));
                place
            }
        };
        let past = &mut self.prompts[place].1;
        let slot = match exposure.action {
            Action::Shown => {
                past.show(exposure.at);
                let once = u32::from(exposure.in_session);
                past.shown_in_session += once;
                self.shown_in_session += once;
                if !exposure.interrupts {
                    return;
                }
                self.interruptions_in_session += once;
                &mut self.last_interruption
            }
            Action::Answered | Action::Clicked if exposure.partial => &mut past.begun,
            Action::Dismissed => &mut past.dismissed,
            Action::Snoozed => &mut past.snoozed,
            Action::Declined => &mut past.declined,
            Action::Answered => &mut past.answered,
            Action::Converted => &mut past.converted,
            Action::Muted => {
                self.is_muted = true;
                return;
            }
            Action::Eligible | Action::Viewed | Action::Clicked => return,
        };
        // `None` is less than any instant.
        *slot = (*slot).max(Some(exposure.at));
    }

    /// What happened with a prompt.
    pub fn past(&self, prompt: &Key) -> &Past {
        match self.prompts.binary_search_by(|(key, _)| key.cmp(prompt)) {
            Ok(place) => &self.prompts[place].1,
            Err(_) => &NOTHING,
        }
    }

    /// Whether somebody is in the middle of it: they came to another page, or to this one again.
    pub fn goes_on(&self, prompt: &Key, now: Timestamp) -> bool {
        let past = self.past(prompt);
        let ends = [past.answered, past.converted, past.dismissed, past.declined, past.snoozed];
        let is_open = |at| ends.into_iter().all(|end| over(end, BLURRED, at).is_ok());
        !self.is_muted && past.begun.is_some_and(|at| over(Some(at), BREAK, now).is_err() && is_open(at))
    }

    /// Whether nothing ever happened, so that no prompt needs to be looked up.
    pub(super) fn is_empty(&self) -> bool {
        self.prompts.is_empty()
    }
}

impl Past {
    /// How often it was shown.
    pub fn shown(&self) -> u32 {
        self.shown
    }

    /// The last [`KEPT`] times it was shown, the earliest first.
    pub fn times(&self) -> &[Timestamp] {
        &self.times
    }

    fn show(&mut self, at: Timestamp) {
        self.shown += 1;
        let place = self.times.partition_point(|time| *time <= at);
        self.times.insert(place, at);
        if self.times.len() > KEPT {
            self.times.remove(0);
        }
    }
}
