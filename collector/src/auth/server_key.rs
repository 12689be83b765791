//! The keys of servers: what each may do, and when it was used.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use engine::{Span, Timestamp};

use crate::error::ApiError;
use crate::sites::Site;
use crate::store::{self, Db};

/// How often it is written that a key was used.
const WRITTEN_EVERY: Span = Span(60_000);

/// What a key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everything that a server can do.
    All,
    /// Sending events.
    Events,
    /// Asking what somebody would be shown.
    Preview,
}

impl Scope {
    /// All of them, as they are offered.
    pub const ALL: [Scope; 3] = [Scope::Events, Scope::Preview, Scope::All];

    /// Whether it is enough for what the other one is for.
    pub fn covers(self, wanted: Scope) -> bool {
        self == Scope::All || self == wanted
    }

    /// The scope of a name in the database. What an older release does not know may do nothing.
    pub fn parse(name: &str) -> Option<Scope> {
        Scope::ALL.into_iter().find(|scope| scope.name() == name)
    }

    /// Its name in the database and in forms.
    pub fn name(self) -> &'static str {
        match self {
            Scope::All => "all",
            Scope::Events => "events",
            Scope::Preview => "preview",
        }
    }

    /// What people call it.
    pub fn word(self) -> &'static str {
        match self {
            Scope::All => "Everything",
            Scope::Events => "Send events",
            Scope::Preview => "Preview prompts",
        }
    }

    /// What it is for, in a sentence.
    pub fn meaning(self) -> &'static str {
        match self {
            Scope::All => "Both of these, and whatever servers may do in later releases.",
            Scope::Events => "Billing, sign-ups, churn: what your servers know, sent to /v1/events.",
            Scope::Preview => "Ask /v1/preview what somebody would be shown. It reads no visitor and changes nothing.",
        }
    }
}

/// A key that a request carries.
#[derive(Clone, Debug)]
pub struct ServerKey {
    /// Whose it is.
    pub site: Arc<Site>,
    /// What it may do.
    pub scope: Scope,
    /// What is kept of it.
    pub hash: String,
}

impl ServerKey {
    /// The site, for what it takes this scope to do.
    pub fn may(self, wanted: Scope) -> Result<Arc<Site>, ApiError> {
        if self.scope.covers(wanted) {
            return Ok(self.site);
        }
        Err(ApiError::Forbidden(
            "This key is for something else: the console says, under Settings, Keys, what each key may do.",
        ))
    }
}

/// When keys were used: the last time, and the last that was written.
#[derive(Debug, Default)]
pub struct KeyUses(Mutex<HashMap<String, (Timestamp, Option<Timestamp>)>>);

impl KeyUses {
    /// A request was let in by this key. Never fails, never waits.
    pub fn used(&self, hash: &str, now: Timestamp) {
        let mut uses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match uses.get_mut(hash) {
            Some((last, _)) => *last = now,
            None => drop(uses.insert(hash.to_owned(), (now, None))),
        }
    }

    /// Writes what is due.
    pub async fn flush(&self, db: &Db) -> store::Result<()> {
        let mut due = self.take();
        if due.is_empty() {
            return Ok(());
        }
        // In one order everywhere: two collectors that write the same rows must not lock each other out.
        due.sort();
        let mut tx = db.begin().await?;
        for (hash, last) in &due {
            store::keys::used(&mut tx.conn(), hash, last.0).await?;
        }
        tx.commit().await
    }

    fn take(&self) -> Vec<(String, Timestamp)> {
        let mut uses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut due = Vec::new();
        for (hash, (last, written)) in uses.iter_mut() {
            if written.is_none_or(|at| last.since(at).0 >= WRITTEN_EVERY.0) {
                *written = Some(*last);
                due.push((hash.clone(), *last));
            }
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_scope_is_enough_for_what_it_is_for() {
        let covers = |scope: Scope| [Scope::Events, Scope::Preview].map(|wanted| scope.covers(wanted));
        for (scope, expected) in
            [(Scope::All, [true, true]), (Scope::Events, [true, false]), (Scope::Preview, [false, true])]
        {
            assert_eq!(covers(scope), expected, "{scope:?}");
            assert_eq!(Scope::parse(scope.name()), Some(scope));
        }
        assert_eq!(Scope::parse("admin"), None);
    }

    #[test]
    fn a_use_is_written_once_a_minute() {
        let uses = KeyUses::default();
        uses.used("a", Timestamp(0));
        assert_eq!(uses.take(), [("a".to_owned(), Timestamp(0))]);
        uses.used("a", Timestamp(59_999));
        assert_eq!(uses.take(), []);
        uses.used("a", Timestamp(60_000));
        assert_eq!(uses.take(), [("a".to_owned(), Timestamp(60_000))]);
    }
}
