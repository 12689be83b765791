//! How often: caps and cooldowns of a prompt, the site's own caps, and the history they are held against.
//!
//! The collector builds the history from the log, through the identity edges; the widget adds what happened since it was
//! told. Both ask the same two functions.

use crate::event::Action;
use crate::id::Key;
use crate::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};

/// How often one prompt may be shown to one person.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Frequency {
    /// At most so often in one session.
    pub per_session: u32,
    /// At most so often ever.
    pub at_most: u32,
    /// Not again for so long after it was shown.
    pub gap: Span,
    /// Not again for so long after it was dismissed.
    pub after_dismissal: Span,
    /// Not again for so long after it was answered or did what it is for. Left out: never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub again_after: Option<Span>,
}

impl Default for Frequency {
    /// Once a session, three times in all, 30 days of quiet after a dismissal, never after a conversion.
    fn default() -> Self {
        Frequency { per_session: 1, at_most: 3, gap: Span(0), after_dismissal: Span::days(30), again_after: None }
    }
}

/// The site's caps over all interrupting prompts.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// At most so many interrupting prompts in one session.
    pub interruptions_per_session: u32,
    /// Not another one for so long.
    pub interruption_gap: Span,
}

impl Default for Policy {
    /// One a session and one in 24 hours.
    fn default() -> Self {
        Policy { interruptions_per_session: 1, interruption_gap: Span::hours(24) }
    }
}

/// What happened between a person and the site's prompts.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct History {
    prompts: Vec<(Key, Past)>,
    interruptions_in_session: u32,
    last_interruption: Option<Timestamp>,
}

/// What happened with one prompt. Instants are of the last time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Past {
    shown: u32,
    shown_in_session: u32,
    last_shown: Option<Timestamp>,
    dismissed: Option<Timestamp>,
    done: Option<Timestamp>,
}

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

/// Why a prompt must not be shown, and when that ends by time alone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Capped {
    /// Often enough in this session.
    PerSession,
    /// Often enough for ever.
    AtMost,
    /// Too soon after it was last shown.
    Gap(Timestamp),
    /// Too soon after it was dismissed.
    Dismissed(Timestamp),
    /// It was answered or did what it is for; again at this instant, if ever.
    Done(Option<Timestamp>),
    /// The site's cap on interruptions in a session.
    Interruptions,
    /// The site's time between interruptions.
    InterruptionGap(Timestamp),
}

impl History {
    /// Takes in something that happened. The order does not matter.
    pub fn observe(&mut self, exposure: &Exposure<'_>) {
        let at = match self.prompts.iter().position(|(key, _)| key == exposure.prompt) {
            Some(at) => at,
            None => {
                self.prompts.push((exposure.prompt.clone(), Past::default()));
                self.prompts.len() - 1
            }
        };
        let past = &mut self.prompts[at].1;
        let latest = |slot: &mut Option<Timestamp>| *slot = Some(slot.map_or(exposure.at, |old| old.max(exposure.at)));
        match exposure.action {
            Action::Shown => {
                past.shown += 1;
                past.shown_in_session += u32::from(exposure.in_session);
                latest(&mut past.last_shown);
                if exposure.interrupts {
                    self.interruptions_in_session += u32::from(exposure.in_session);
                    latest(&mut self.last_interruption);
                }
            }
            Action::Dismissed => latest(&mut past.dismissed),
            Action::Answered | Action::Converted => latest(&mut past.done),
            Action::Clicked => {}
        }
    }

    /// What happened with a prompt.
    pub fn past(&self, prompt: &Key) -> Past {
        self.prompts.iter().find(|(key, _)| key == prompt).map(|(_, past)| *past).unwrap_or_default()
    }
}

impl Past {
    /// How often it was shown.
    pub fn shown(&self) -> u32 {
        self.shown
    }
}

impl Frequency {
    /// Whether the prompt's own caps allow it now. A cooldown of N days is over after exactly N times 24 hours.
    pub fn allows(&self, past: &Past, now: Timestamp) -> Result<(), Capped> {
        if let Some(done) = past.done {
            let again = self.again_after.map(|span| done.after(span));
            if again.is_none_or(|again| now < again) {
                return Err(Capped::Done(again));
            }
        }
        if past.shown >= self.at_most {
            return Err(Capped::AtMost);
        }
        if past.shown_in_session >= self.per_session {
            return Err(Capped::PerSession);
        }
        over(past.dismissed, self.after_dismissal, now).map_err(Capped::Dismissed)?;
        over(past.last_shown, self.gap, now).map_err(Capped::Gap)
    }
}

impl Policy {
    /// Whether the site's caps allow another interruption now.
    pub fn allows(&self, history: &History, now: Timestamp) -> Result<(), Capped> {
        if history.interruptions_in_session >= self.interruptions_per_session {
            return Err(Capped::Interruptions);
        }
        over(history.last_interruption, self.interruption_gap, now).map_err(Capped::InterruptionGap)
    }
}

/// Whether `span` has passed since `last`; if not, when it will have.
fn over(last: Option<Timestamp>, span: Span, now: Timestamp) -> Result<(), Timestamp> {
    match last.map(|last| last.after(span)) {
        Some(end) if now < end => Err(end),
        _ => Ok(()),
    }
}

impl Capped {
    /// When it ends by time alone.
    pub fn until(self) -> Option<Timestamp> {
        match self {
            Capped::Gap(end) | Capped::Dismissed(end) | Capped::InterruptionGap(end) => Some(end),
            Capped::Done(end) => end,
            Capped::PerSession | Capped::AtMost | Capped::Interruptions => None,
        }
    }
}
