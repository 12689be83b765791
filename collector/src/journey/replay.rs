//! The proof that nothing stored depends on the order or the time in which it came: every subject folded anew from the log.

use super::apply::differs;
use crate::clock::Clock;
use crate::prompts::ruleset;
use crate::sites::Site;
use crate::store::{Db, Result, states};

/// Subjects read at once.
const PAGE: i64 = 500;

/// What a replay found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Report {
    /// Subjects compared.
    pub subjects: u64,
    /// Those whose stored moves are not what their log gives, with the journey.
    pub different: Vec<(String, String)>,
}

/// Folds every subject of a site anew and compares. Reads only.
pub async fn check(db: &Db, site: &Site, clock: &Clock) -> Result<Report> {
    let rules = ruleset::load(&mut db.read().await?.conn(), &site.id).await?;
    let mut report = Report::default();
    let mut after = String::new();
    loop {
        let mut reader = db.read().await?;
        let page = states::subjects(&mut reader.conn(), &site.id, &after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(report) };
        after.clone_from(last);
        for subject in page {
            let journey = differs(&mut reader.conn(), &site.id, &subject, &rules, site.now(clock)).await?;
            report.subjects += 1;
            report.different.extend(journey.map(|journey| (subject, journey)));
        }
    }
}
