//! The site's caps over all prompts. What must be seen ignores them.

use super::history::History;
use super::{Capped, Window, over};
use crate::id::Key;
use crate::prompt::{Category, Prompt, Says, Shape};
use crate::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};

/// The site's caps.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    /// At most so many interrupting prompts in one session.
    pub interruptions_per_session: u32,
    /// Not another interrupting one for so long.
    pub interruption_gap: Span,
    /// At most so many prompts on one page. Left out: the other caps are enough.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_page: Option<u32>,
    /// At most so many prompts in one session. Left out: the other caps are enough.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_session: Option<u32>,
    /// Prompts that share a cooldown. Each group has a clock of its own.
    pub groups: Vec<Group>,
    /// The share of units that see no prompt at all, so that all of them together can be judged: 0 to 1.
    pub holdout: f64,
}

impl Default for Policy {
    /// One interruption a session and one in 24 hours; one survey of any kind in 30 days; nobody is held out.
    fn default() -> Self {
        let surveys = Members::Category(Category::Survey);
        Policy {
            interruptions_per_session: 1,
            interruption_gap: Span::hours(24),
            per_page: None,
            per_session: None,
            groups: vec![Group { of: surveys, at_most: 1, within: Span::days(30), also: Vec::new() }],
            holdout: 0.0,
        }
    }
}

/// Prompts of which only so many are shown within so long, all counted together.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Group {
    /// Which prompts.
    pub of: Members,
    /// How often; 1 to [`KEPT`](super::KEPT).
    pub at_most: u32,
    /// Within how long.
    pub within: Span,
    /// Prompts that belong to it by name, whether or not they are on any page now: what somebody was shown yesterday was shown to them,
    /// though it was paused since.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Key>,
}

impl Group {
    /// Whether a prompt is in it.
    pub fn contains<F: Shape>(&self, prompt: &Prompt<F>) -> bool {
        self.of.contain(prompt) || self.also.contains(&prompt.key)
    }

    /// When its prompts were shown, oldest first. `prompts` are those of which it is known what they are.
    pub fn times<F: Shape>(&self, prompts: &[Prompt<F>], history: &History) -> Vec<Timestamp> {
        let by_kind = prompts.iter().filter(|prompt| self.of.contain(prompt)).map(|prompt| &prompt.key);
        let mut keys: Vec<&Key> = by_kind.chain(&self.also).collect();
        keys.sort_unstable();
        keys.dedup();
        let mut times: Vec<Timestamp> = keys.into_iter().flat_map(|key| history.past(key).times()).copied().collect();
        times.sort_unstable();
        times
    }
}

/// Which prompts belong to a group.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Members {
    /// All of this category.
    Category(Category),
    /// All with this tag.
    Tag(Key),
}

impl Members {
    /// Whether a prompt is one of them.
    pub fn contain<F: Shape>(&self, prompt: &Prompt<F>) -> bool {
        match self {
            Members::Category(category) => prompt.content.category() == *category,
            Members::Tag(tag) => prompt.tags.contains(tag),
        }
    }
}

/// Until when each of a policy's groups is closed, if it is; read once for all prompts.
#[derive(Clone, Debug)]
pub struct Clocks(Vec<Option<Timestamp>>);

impl Policy {
    /// Reads the clocks of the groups.
    pub fn clocks<F: Shape>(&self, prompts: &[Prompt<F>], history: &History, now: Timestamp) -> Clocks {
        let closed = |group: &Group| {
            if history.is_empty() {
                return None;
            }
            let times = group.times(prompts, history);
            Window { at_most: group.at_most, within: group.within }.allows(&times, now).err()
        };
        Clocks(self.groups.iter().map(closed).collect())
    }

    /// Whether the site's caps allow this prompt now. `on_page` is how many prompts were shown on the page already.
    ///
    /// # Errors
    /// The first cap that stands against it.
    pub fn allows<F: Shape>(
        &self,
        prompt: &Prompt<F>,
        history: &History,
        clocks: &Clocks,
        on_page: u32,
        now: Timestamp,
    ) -> Result<(), Capped> {
        if history.is_muted {
            return Err(Capped::Muted);
        }
        if self.per_page.is_some_and(|most| on_page >= most) {
            return Err(Capped::SitePerPage);
        }
        if self.per_session.is_some_and(|most| history.shown_in_session >= most) {
            return Err(Capped::SitePerSession);
        }
        if prompt.placement.interrupts() {
            if history.interruptions_in_session >= self.interruptions_per_session {
                return Err(Capped::Interruptions);
            }
            over(history.last_interruption, self.interruption_gap, now).map_err(Capped::InterruptionGap)?;
        }
        let groups = self.groups.iter().zip(&clocks.0).enumerate();
        for (place, (group, closed)) in groups {
            if let Some(end) = closed
                && group.contains(prompt)
            {
                return Err(Capped::Group(place, *end));
            }
        }
        Ok(())
    }
}
