//! Who moved from where to where lately, by what.

use std::collections::BTreeMap;

use engine::journey::{Move, MoveKind};
use engine::{Key, Span};

use crate::console::access::Here;
use crate::state::App;
use crate::store::{self, Result};

/// So far back moves are counted.
const LOOKED_BACK: Span = Span::days(30);

/// The latest moves that are looked at; on a site with more a map says so.
pub const MOST: i64 = 2_000;

/// The moves of a journey in the last 30 days.
#[derive(Debug, Default)]
pub struct Moved {
    /// From, to, by which transition (none: somebody was put there), how often.
    pub all: BTreeMap<(Key, Key, Option<Key>), u32>,
    /// Whether there were more than are counted.
    pub is_part: bool,
}

impl Moved {
    /// Those of a journey.
    pub async fn of(app: &App, here: &Here, journey: &Key) -> Result<Moved> {
        let since = here.site.now(&app.clock).before(LOOKED_BACK);
        let mut reader = app.db.read().await?;
        let bodies =
            store::states::moves_since(&mut reader.conn(), &here.site.id, journey.as_str(), since.0, MOST).await?;
        let is_part = bodies.len() as i64 >= MOST;
        let mut moved = Moved { is_part, ..Moved::default() };
        for Move { from, to, kind, .. } in bodies.iter().filter_map(|body| serde_json::from_str(body).ok()) {
            let by = match kind {
                MoveKind::Start => continue,
                MoveKind::Set => None,
                MoveKind::Transition(key) => Some(key),
            };
            if let Some(from) = from {
                *moved.all.entry((from, to, by)).or_default() += 1;
            }
        }
        Ok(moved)
    }

    /// How often by a transition, from each stage.
    pub fn by<'m>(&'m self, transition: &'m Key) -> impl Iterator<Item = (&'m Key, u32)> {
        let is_it = move |by: &Option<Key>| by.as_ref() == Some(transition);
        self.all.iter().filter(move |((.., by), _)| is_it(by)).map(|((from, ..), times)| (from, *times))
    }

    /// How often from one stage to another, by whatever.
    pub fn between(&self, from: &Key, to: &Key) -> u32 {
        self.all.iter().filter(|((one, other, _), _)| one == from && other == to).map(|(_, times)| times).sum()
    }
}
