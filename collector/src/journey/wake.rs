//! Deadlines. A subject in whose stage a deadline has passed is handed to the writer, which folds it; the move is stamped with
//! the deadline, so being late, or woken twice, changes nothing. Subjects folded under older definitions are handed over too.

use std::sync::Arc;

use crate::sites::Site;
use crate::state::App;
use crate::store::{Result, states};

/// Subjects woken at once: a slice of the writer's time.
const SLICE: i64 = 200;

/// Wakes what is due on every site; to be called every second. True if there may be more.
pub async fn due(app: &App) -> Result<bool> {
    let mut more = false;
    for site in app.sites.all() {
        more |= of_site(app, &site).await?;
    }
    Ok(more)
}

async fn of_site(app: &App, site: &Arc<Site>) -> Result<bool> {
    let ruleset = app.rulesets.of(&app.db, site).await?;
    let mut reader = app.db.read().await?;
    let mut subjects = states::due(&mut reader.conn(), &site.id, site.now(&app.clock).0, SLICE).await?;
    for (journey, definitions) in &ruleset.journeys {
        let fingerprint = i64::from(definitions.fingerprint());
        subjects.extend(states::outdated(&mut reader.conn(), &site.id, journey.as_str(), fingerprint, SLICE).await?);
    }
    drop(reader);
    subjects.sort();
    subjects.dedup();
    if subjects.is_empty() {
        return Ok(false);
    }
    let more = subjects.len() as i64 >= SLICE;
    // A full queue means that the writer is busy with events, which wake their subjects themselves.
    let _ = app.writer.wake(site.clone(), subjects).await;
    Ok(more)
}
