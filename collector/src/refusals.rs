//! Remembering what was turned away, without letting strangers fill the database.
//!
//! A refused visit costs one entry in a bounded map; once a second the map is added to the database, where each site
//! keeps its newest hundred. What does not fit is dropped: the console needs to name the origin, not to count attackers.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use engine::Timestamp;

use crate::store::{self, Db};

/// Entries between two flushes.
const PENDING_MAX: usize = 200;
/// Rows of a site in the database.
const KEPT_PER_SITE: i64 = 100;
/// Characters of an origin. Longer ones are invented.
const ORIGIN_MAX: usize = 200;

/// Refusals that are not in the database yet.
#[derive(Debug, Default)]
pub struct Refusals(Mutex<HashMap<(String, String), Seen>>);

#[derive(Clone, Copy, Debug)]
struct Seen {
    last: Timestamp,
    count: i64,
}

impl Refusals {
    /// A page of `origin` sent for a site that does not list it. Never fails, never waits.
    pub fn origin(&self, site_id: &str, origin: &str, now: Timestamp) {
        let mut pending = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let origin: String = origin.chars().filter(|c| !c.is_control()).take(ORIGIN_MAX).collect();
        let key = (site_id.to_owned(), origin);
        if pending.len() >= PENDING_MAX && !pending.contains_key(&key) {
            return;
        }
        let seen = pending.entry(key).or_insert(Seen { last: now, count: 0 });
        seen.last = seen.last.max(now);
        seen.count += 1;
    }

    /// Adds what is pending to the database.
    pub async fn flush(&self, db: &Db) -> store::Result<()> {
        let pending = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if pending.is_empty() {
            return Ok(());
        }
        let mut rows: Vec<_> = pending.into_iter().collect();
        // In one order everywhere: two collectors that write the same rows must not lock each other out.
        rows.sort_by(|a, b| a.0.cmp(&b.0));
        let mut tx = db.begin().await?;
        for ((site_id, origin), seen) in &rows {
            store::refusals::add(&mut tx.conn(), site_id, "origin", origin, seen.last.0, seen.count).await?;
        }
        for site_id in rows.iter().map(|((site_id, _), _)| site_id).collect::<std::collections::BTreeSet<_>>() {
            store::refusals::trim(&mut tx.conn(), site_id, KEPT_PER_SITE).await?;
        }
        tx.commit().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_cannot_fill_the_memory() {
        let refusals = Refusals::default();
        for n in 0..1_000 {
            refusals.origin("s", &format!("https://{n}.example"), Timestamp(n));
        }
        refusals.origin("s", "https://0.example", Timestamp(5_000));
        let pending = refusals.0.lock().unwrap();
        assert_eq!(pending.len(), PENDING_MAX);
        let known = pending[&("s".to_owned(), "https://0.example".to_owned())];
        assert_eq!((known.count, known.last), (2, Timestamp(5_000)), "a known one is still counted");
    }
}
