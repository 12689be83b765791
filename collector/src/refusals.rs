//! Remembering what was turned away, without letting strangers fill the database.
//!
//! A refused visit costs one entry in a bounded map; once a second the map is added to the database, where each site keeps its newest
//! hundred, and so do keys that belong to no site. What does not fit is dropped: the console needs to name the origin, not to count
//! attackers.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

use engine::Timestamp;

use crate::store::{self, Db};

/// What the database calls a page of another origin.
pub const ORIGIN: &str = "origin";
/// What the database calls a page that lets no WebAssembly run.
pub const MODULE: &str = "module";
/// What the database calls a page that lets no JavaScript in its place run either.
pub const NEITHER: &str = "neither";

/// Entries between two flushes.
const PENDING_MAX: usize = 200;
/// Rows of a site in the database.
const KEPT_PER_SITE: i64 = 100;
/// Characters of an origin. Longer ones are invented.
const ORIGIN_MAX: usize = 200;
/// Characters of a key: ours have 23.
const KEY_MAX: usize = 60;

/// Refusals that are not in the database yet.
#[derive(Debug, Default)]
pub struct Refusals(Mutex<HashMap<Refused, Seen>>);

/// What was refused.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
enum Refused {
    /// A page whose origin the site does not list: site, origin.
    Origin(String, String),
    /// A page with a key that belongs to no site: origin, key.
    Key(String, String),
    /// A page whose policy lets no WebAssembly run: site, origin.
    Module(String, String),
    /// A page that lets no JavaScript in its place run either: site, origin.
    Neither(String, String),
}

#[derive(Clone, Copy, Debug)]
struct Seen {
    last: Timestamp,
    count: i64,
}

impl Refusals {
    /// A page of `origin` sent for a site that does not list it. Never fails, never waits.
    pub fn origin(&self, site_id: &str, origin: &str, now: Timestamp) {
        self.add(Refused::Origin(site_id.to_owned(), cut(origin, ORIGIN_MAX)), now);
    }

    /// A page of `origin` used a key that belongs to no site. Never fails, never waits.
    pub fn key(&self, origin: &str, key: &str, now: Timestamp) {
        self.add(Refused::Key(cut(origin, ORIGIN_MAX), cut(key, KEY_MAX)), now);
    }

    /// A page of `origin` lets no WebAssembly run. Never fails, never waits.
    pub fn module(&self, site_id: &str, origin: &str, now: Timestamp) {
        self.add(Refused::Module(site_id.to_owned(), cut(origin, ORIGIN_MAX)), now);
    }

    /// A page of `origin` lets no JavaScript in its place run either, so it shows no prompt of this site. Never fails, never waits.
    pub fn neither(&self, site_id: &str, origin: &str, now: Timestamp) {
        self.add(Refused::Neither(site_id.to_owned(), cut(origin, ORIGIN_MAX)), now);
    }

    fn add(&self, refused: Refused, now: Timestamp) {
        let mut pending = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if pending.len() >= PENDING_MAX && !pending.contains_key(&refused) {
            return;
        }
        let seen = pending.entry(refused).or_insert(Seen { last: now, count: 0 });
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
        let known: BTreeSet<String> =
            store::sites::versions(&mut tx.conn()).await?.into_iter().map(|(id, _)| id).collect();
        let mut sites = BTreeSet::new();
        for (refused, Seen { last, count }) in &rows {
            let (kind, site_id, origin) = match refused {
                Refused::Origin(site_id, origin) => (ORIGIN, site_id, origin),
                Refused::Module(site_id, origin) => (MODULE, site_id, origin),
                Refused::Neither(site_id, origin) => (NEITHER, site_id, origin),
                Refused::Key(origin, key) => {
                    store::refusals::add_stray(&mut tx.conn(), origin, key, last.0, *count).await?;
                    continue;
                }
            };
            // A site may be gone since.
            if known.contains(site_id) {
                store::refusals::add(&mut tx.conn(), site_id, kind, origin, last.0, *count).await?;
                sites.insert(site_id);
            }
        }
        for site_id in sites {
            store::refusals::trim(&mut tx.conn(), site_id, KEPT_PER_SITE).await?;
        }
        store::refusals::trim_strays(&mut tx.conn(), KEPT_PER_SITE).await?;
        tx.commit().await
    }
}

fn cut(text: &str, most: usize) -> String {
    text.chars().filter(|c| !c.is_control()).take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_cannot_fill_the_memory() {
        let refusals = Refusals::default();
        for n in 0..1_000 {
            refusals.origin("s", &format!("https://{n}.example"), Timestamp(n));
            refusals.key(&format!("https://{n}.example"), &"k".repeat(1_000), Timestamp(n));
        }
        refusals.origin("s", "https://0.example", Timestamp(5_000));
        let pending = refusals.0.lock().unwrap();
        assert_eq!(pending.len(), PENDING_MAX);
        let known = pending[&Refused::Origin("s".to_owned(), "https://0.example".to_owned())];
        assert_eq!((known.count, known.last), (2, Timestamp(5_000)), "a known one is still counted");
        let key = Refused::Key("https://0.example".to_owned(), "k".repeat(KEY_MAX));
        assert!(pending.contains_key(&key), "an invented key is cut");
    }
}
