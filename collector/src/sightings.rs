//! Where a site's script was asked for, and whether a visit came from there: a page that fetches the script and never sends is a page
//! on which something blocks it, and nobody else could tell its owner.
//!
//! Kept in memory; what is new of an origin is written within a second, then once a minute at most, so that a busy site costs a row a
//! minute.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

use engine::{Span, Timestamp};

use crate::store::sightings::SightingRow;
use crate::store::{self, Db};

/// Origins in memory.
const KNOWN_MAX: usize = 1_000;
/// Rows of a site for origins from which nothing ever came.
const KEPT_PER_SITE: i64 = 20;
/// How often an origin is written.
const WRITTEN_EVERY: Span = Span(60_000);
/// A script that was fetched has sent by then, also on a slow phone.
const SENDS_WITHIN: Span = Span(10_000);
/// So long, and so many fetches, without a visit are no accident where visits have come before.
const SILENT_FOR: Span = Span(15 * 60_000);
const SILENT_AFTER: i64 = 5;

/// What was seen since the start, or since it was written.
#[derive(Debug, Default)]
pub struct Sightings(Mutex<HashMap<(String, String), Seen>>);

#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    asked: i64,
    asked_at: Option<Timestamp>,
    came_at: Option<Timestamp>,
    written_at: Option<Timestamp>,
    /// Whether it is written that a visit ever came.
    has_come: bool,
}

/// An origin whose pages fetch the script and send nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Silent {
    /// Which.
    pub origin: String,
    /// How often the script was fetched since anything came.
    pub asked: i64,
    /// When last.
    pub asked_at: Timestamp,
    /// Whether anything ever came.
    pub is_new: bool,
}

impl Sightings {
    /// A page of `origin` has asked for the site's script. Never fails, never waits.
    pub fn asked(&self, site_id: &str, origin: &str, now: Timestamp) {
        self.change(site_id, origin, |seen| {
            seen.asked += 1;
            seen.asked_at = Some(now);
        });
    }

    /// A visit has come from a page of `origin`. Never fails, never waits.
    pub fn came(&self, site_id: &str, origin: &str, now: Timestamp) {
        self.change(site_id, origin, |seen| {
            seen.asked = 0;
            seen.came_at = Some(now);
        });
    }

    fn change(&self, site_id: &str, origin: &str, change: impl FnOnce(&mut Seen)) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (site_id.to_owned(), origin.to_owned());
        if known.len() < KNOWN_MAX || known.contains_key(&key) {
            change(known.entry(key).or_default());
        }
    }

    /// Writes what is due; `now` is the collector's time.
    pub async fn flush(&self, db: &Db, now: Timestamp) -> store::Result<()> {
        let mut due = self.take(now);
        if due.is_empty() {
            return Ok(());
        }
        due.sort();
        let mut tx = db.begin().await?;
        let known: BTreeSet<String> =
            store::sites::versions(&mut tx.conn()).await?.into_iter().map(|(id, _)| id).collect();
        let mut sites = BTreeSet::new();
        // A site may be gone since.
        for (site_id, row) in due.iter().filter(|(site_id, _)| known.contains(site_id)) {
            store::sightings::add(&mut tx.conn(), site_id, row).await?;
            sites.insert(site_id);
        }
        for site_id in sites {
            store::sightings::trim(&mut tx.conn(), site_id, KEPT_PER_SITE).await?;
        }
        tx.commit().await
    }

    fn take(&self, now: Timestamp) -> Vec<(String, SightingRow)> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut due = Vec::new();
        known.retain(|(site_id, origin), seen| {
            let has_news = seen.asked_at.is_some() || seen.came_at.is_some();
            let is_first = seen.written_at.is_none() || seen.came_at.is_some() && !seen.has_come;
            let is_over = seen.written_at.is_some_and(|at| now.since(at).0 >= WRITTEN_EVERY.0);
            if has_news && (is_first || is_over) {
                let row = (origin.clone(), seen.asked, seen.asked_at.map(|at| at.0), seen.came_at.map(|at| at.0));
                due.push((site_id.clone(), row));
                let has_come = seen.has_come || seen.came_at.is_some();
                *seen = Seen { written_at: Some(now), has_come, ..Seen::default() };
            }
            has_news || !is_over
        });
        due
    }
}

/// Which of these origins are silent now.
pub fn silent(rows: Vec<SightingRow>, now: Timestamp) -> Vec<Silent> {
    let of = |(origin, asked, asked_at, came_at): SightingRow| {
        let asked_at = Timestamp(asked_at?);
        let is_late = now.since(asked_at).0 >= SENDS_WITHIN.0;
        let is_silent = match came_at.map(Timestamp) {
            None => asked >= 1,
            Some(came) => asked >= SILENT_AFTER && asked_at.since(came).0 >= SILENT_FOR.0,
        };
        (is_late && is_silent).then_some(Silent { origin, asked, asked_at, is_new: came_at.is_none() })
    };
    rows.into_iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;

    #[test]
    fn what_is_new_is_written_at_once_and_then_once_a_minute() {
        let seen = Sightings::default();
        seen.asked("s", "https://a.example", Timestamp(0));
        assert_eq!(seen.take(Timestamp(1))[0].1, ("https://a.example".to_owned(), 1, Some(0), None));
        seen.came("s", "https://a.example", Timestamp(2));
        assert_eq!(seen.take(Timestamp(3))[0].1, ("https://a.example".to_owned(), 0, None, Some(2)), "the first visit");
        seen.came("s", "https://a.example", Timestamp(4));
        seen.asked("s", "https://a.example", Timestamp(5));
        assert_eq!(seen.take(Timestamp(MINUTE)), [], "written less than a minute ago");
        let later = seen.take(Timestamp(MINUTE + 3));
        assert_eq!(later[0].1, ("https://a.example".to_owned(), 1, Some(5), Some(4)), "asked since the visit");
        assert_eq!(seen.take(Timestamp(3 * MINUTE)), []);
        assert!(seen.0.lock().unwrap().is_empty(), "who is quiet is forgotten");
    }

    #[test]
    fn strangers_cannot_fill_the_memory() {
        let seen = Sightings::default();
        (0..2_000).for_each(|n| seen.asked("s", &format!("https://{n}.example"), Timestamp(n)));
        assert_eq!(seen.0.lock().unwrap().len(), KNOWN_MAX);
    }

    #[test]
    fn who_fetches_and_never_sends_is_silent() {
        let now = Timestamp(100 * MINUTE);
        let row = |asked, asked_at, came_at| ("https://a.example".to_owned(), asked, asked_at, came_at);
        for (row, expected) in [
            (row(0, None, Some(1)), false),
            (row(1, Some(99 * MINUTE), None), true),
            (row(1, Some(now.0 - 2_000), None), false),
            (row(9, Some(99 * MINUTE), Some(98 * MINUTE)), false),
            (row(2, Some(99 * MINUTE), Some(10 * MINUTE)), false),
            (row(9, Some(99 * MINUTE), Some(10 * MINUTE)), true),
        ] {
            assert_eq!(!silent(vec![row.clone()], now).is_empty(), expected, "{row:?}");
        }
    }
}
