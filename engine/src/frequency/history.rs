//! What happened between a person and the site's prompts, as far as caps ask for it.

use crate::event::Action;
use crate::id::Key;
use crate::time::Timestamp;
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
};

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
