//! What prompts and segments need of each subject's log, kept beside its journeys, so that no page's answer has to read the log.
//! It is written with the events it comes from. After a rule has changed it is read anew from the log with the subject's next
//! event; until then readers do that for themselves.

use engine::log::LogEvent;
use engine::rule::{Memory, Questions, Recollection};

use super::log;
use crate::store::states::{self, NewState, RECOLLECTION};
use crate::store::{Conn, Result};

/// What a group of requests brought for one subject.
#[derive(Clone, Copy, Debug)]
pub(super) struct News<'a> {
    pub site: &'a str,
    pub subject: &'a str,
    /// What is stored: fingerprint and state.
    pub stored: Option<&'a (i64, String)>,
    /// New events that it looks back on, in order.
    pub events: &'a [LogEvent],
    /// Whether its past has changed.
    pub anew: bool,
}

/// What is to be stored now; none if that is there already.
pub(super) async fn recollect(
    conn: &mut Conn<'_>,
    questions: &Questions,
    news: News<'_>,
    whole: Option<Vec<LogEvent>>,
) -> Result<Option<NewState>> {
    let News { site, subject, stored, events, anew } = news;
    let known = stored.and_then(|stored| usable(stored, questions)).filter(|_| !anew);
    let takes_all = |known: &Option<Recollection>| match known {
        Some(known) => events.iter().all(|event| known.takes(questions, event)),
        None => events.is_empty(),
    };
    let recollection = match known.filter(takes_all) {
        Some(mut known) => {
            if let Some(known) = &mut known {
                known.observe(questions, events);
            }
            known
        }
        None => {
            let log = match whole {
                Some(log) => log,
                None => log::looked_back_on(conn, site, subject).await?,
            };
            Recollection::of(questions, &log)
        }
    };
    if recollection.is_none() && !subject.starts_with("a:") {
        states::delete(conn, site, RECOLLECTION, subject).await?;
        return Ok(None);
    }
    // Of an account without events of its own it is kept that there is nothing, or each answer would look again.
    let fingerprint = i64::from(questions.fingerprint());
    let state = serde_json::to_string(&recollection).unwrap_or_default();
    let is_new = stored.is_none_or(|(before, stored)| *before != fingerprint || *stored != state);
    Ok(is_new.then(|| NewState {
        site_id: site.to_owned(),
        journey: RECOLLECTION.to_owned(),
        subject: subject.to_owned(),
        stage: String::new(),
        entered_at: 0,
        cycle: 0,
        next_due: None,
        fingerprint,
        state,
    }))
}

/// What was stored, if it answers these questions; in it none for an empty log.
#[expect(clippy::option_option, reason = "whether it is known, and whether there is anything to know")]
fn usable((fingerprint, state): &(i64, String), questions: &Questions) -> Option<Option<Recollection>> {
    (*fingerprint == i64::from(questions.fingerprint())).then_some(())?;
    serde_json::from_str(state).ok()
}

/// What a subject's log says to prompts and segments: as it is stored, else read from the log.
pub async fn remembered(
    conn: &mut Conn<'_>,
    questions: &Questions,
    site_id: &str,
    subject: &str,
    stored: Option<&(i64, String)>,
) -> Result<Memory> {
    let recollection = match stored.and_then(|stored| usable(stored, questions)) {
        Some(known) => known,
        None => Recollection::of(questions, &log::looked_back_on(conn, site_id, subject).await?),
    };
    Ok(recollection.map_or_else(|| Memory::new(questions.leaves()), Recollection::into_memory))
}
