//! What every request can reach.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use crate::addresses::Addresses;
use crate::assets::Assets;
use crate::auth::KeyUses;
use crate::clock::Clock;
use crate::config::Config;
use crate::ingest::Writer;
use crate::limits::Limits;
use crate::loader::Loaders;
use crate::mail::Mailer;
use crate::metrics::Metrics;
use crate::prompts::Rulesets;
use crate::reach::Samples;
use crate::refusals::Refusals;
use crate::sightings::Sightings;
use crate::sites::Sites;
use crate::store::Db;

/// The running collector. Cheap to clone; clones are the same one.
#[derive(Clone, Debug)]
pub struct App(Arc<Parts>);

/// Its parts. Made once, at start.
#[derive(Debug)]
pub struct Parts {
    /// What the operator set.
    pub config: Config,
    /// The address for browsers, without a slash at the end.
    pub public_url: String,
    /// Where pages find what they load.
    pub addresses: Addresses,
    /// The only source of time.
    pub clock: Clock,
    /// The database.
    pub db: Db,
    /// The sites, in memory.
    pub sites: Sites,
    /// What the sites have published, in memory.
    pub rulesets: Rulesets,
    /// The way to the one writer.
    pub writer: Writer,
    /// The widget's files.
    pub assets: Assets,
    /// Loaders, ready to be sent.
    pub loaders: Loaders,
    /// Token buckets.
    pub limits: Limits,
    /// Visits of late, to try drafts on.
    pub samples: Samples,
    /// What was turned away.
    pub refusals: Refusals,
    /// Where the script was asked for, and where visits came from.
    pub sightings: Sightings,
    /// When servers' keys were used.
    pub key_uses: KeyUses,
    /// The way to people's inboxes.
    pub mail: Mailer,
    /// Numbers for operators.
    pub metrics: Metrics,
    /// Whether we can take events, and for how long still.
    pub health: Health,
}

impl App {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// A commit older than this, while there was something to commit, means that the writer is stuck.
const COMMIT_AGE_MAX: Duration = Duration::from_secs(15);

/// Whether this process can take events: it is not draining, and its writer has committed lately.
#[derive(Debug)]
pub struct Health {
    draining: AtomicBool,
    committed: watch::Sender<Option<Instant>>,
}

impl Default for Health {
    fn default() -> Self {
        Self { draining: AtomicBool::new(false), committed: watch::Sender::new(None) }
    }
}

impl Health {
    /// To be called after every commit of the writer, and after its probe when there was nothing to write.
    pub fn committed(&self) {
        self.committed.send_replace(Some(Instant::now()));
    }

    /// How long ago the writer committed; `None` before its first.
    pub fn since_commit(&self) -> Option<Duration> {
        self.committed.borrow().map(|at| at.elapsed())
    }

    /// From now on this process says that it is not ready.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::SeqCst);
    }

    /// Whether it is going away.
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::SeqCst)
    }

    /// `Err` says in a word or two what is not ready.
    pub fn ready(&self) -> Result<(), &'static str> {
        if self.is_draining() {
            return Err("draining");
        }
        match self.since_commit() {
            None => Err("the writer has not committed yet"),
            Some(age) if age > COMMIT_AGE_MAX => Err("the writer has not committed for 15 seconds"),
            Some(_) => Ok(()),
        }
    }
}
