//! Deadlines. A subject in whose stage a deadline has passed is handed to the writer, which folds it; the move is stamped with
//! the deadline, so being late, or woken twice, changes nothing. Subjects folded under older definitions are handed over too.

use std::collections::HashSet;
use std::sync::Arc;

use engine::Key;

use crate::sites::Site;
use crate::state::App;
use crate::store::{Result, results, states};

/// Subjects woken at once: a slice of the writer's time.
const SLICE: i64 = 200;

/// The journeys whose subjects have been seen to be folded under the present definitions: site, journey, fingerprint. Looking for
/// those that are not reads every state of a journey, so it is not done every second.
#[derive(Debug, Default)]
pub struct Settled(HashSet<(String, Key, u32)>);

impl Settled {
    /// Forgets it all. What was accepted under older definitions may be folded a little after the last look.
    pub fn forget(&mut self) {
        self.0.clear();
    }
}

/// Wakes what is due on every site; to be called every second. True if there may be more.
pub async fn due(app: &App, settled: &mut Settled) -> Result<bool> {
    let mut more = false;
    for site in app.sites.all() {
        more |= of_site(app, &site, settled).await?;
    }
    Ok(more)
}

async fn of_site(app: &App, site: &Arc<Site>, settled: &mut Settled) -> Result<bool> {
    let ruleset = app.rulesets.of(&app.db, site).await?;
    let mut reader = app.db.read().await?;
    let mut subjects = states::due(&mut reader.conn(), &site.id, site.now(&app.clock).0, SLICE).await?;
    subjects.extend(results::due(&mut reader.conn(), &site.id, SLICE).await?);
    for (journey, definitions) in &ruleset.journeys {
        let folded = (site.id.clone(), journey.clone(), definitions.fingerprint());
        if settled.0.contains(&folded) {
            continue;
        }
        let fingerprint = i64::from(definitions.fingerprint());
        let outdated = states::outdated(&mut reader.conn(), &site.id, journey.as_str(), fingerprint, SLICE).await?;
        if outdated.is_empty() {
            settled.0.insert(folded);
        }
        subjects.extend(outdated);
    }
    drop(reader);
    subjects.sort();
    subjects.dedup();
    if subjects.is_empty() {
        return Ok(false);
    }
    let more = subjects.len() as i64 >= SLICE;
    // A full queue means that the writer is busy with events, which wake their subjects themselves: no time to insist.
    Ok(app.writer.wake(site.clone(), subjects).await.is_ok() && more)
}
