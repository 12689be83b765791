//! The names of events that have arrived. Each is written down once, with the first event of that name; what this process has written
//! down already it keeps in mind, so that nearly no group of events pays for it.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use crate::store::events::{EventRow, TEAM};

/// So many names are kept in mind. Further ones are written down again each time, which changes nothing.
const KEPT: usize = 20_000;

/// A site and a name.
pub type Name = (Arc<str>, String);

/// The names that are known to be written down.
#[derive(Debug, Default)]
pub struct Names(Mutex<HashSet<Name>>);

impl Names {
    /// Those of these rows that are not, each with when it was received.
    pub fn unknown(&self, rows: &[EventRow]) -> BTreeMap<Name, i64> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found = BTreeMap::new();
        for row in rows.iter().filter(|row| row.origin != TEAM) {
            let name = (row.site_id.clone(), row.name.clone());
            if !known.contains(&name) {
                found.entry(name).or_insert(row.received_at);
            }
        }
        found
    }

    /// These have been committed.
    pub fn learn(&self, names: BTreeMap<Name, i64>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (name, _) in names {
            if known.len() < KEPT {
                known.insert(name);
            }
        }
    }

    /// What was written down of a site is gone.
    pub fn forget(&self, site_id: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|(site, _)| **site != *site_id);
    }
}
