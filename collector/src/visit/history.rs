//! What happened between a person and the site's prompts, read through the identity edges: of every visitor while it was this
//! person, and of this device while nobody else was signed in on it.

use std::collections::{BTreeMap, BTreeSet};

use engine::event::Action;
use engine::frequency::{Exposure, History};
use engine::{Key, Span, Timestamp, Uuid};
use serde::Deserialize;

use super::Caller;
use super::witness::Subjects;
use crate::journey;
use crate::store::{Conn, Result, identity, visits};

/// A session is a day at most: what was shown longer ago was shown in another one, whatever its name.
const SESSION_MAX: Span = Span::hours(24);

/// The history that caps are held against.
pub async fn of(
    conn: &mut Conn<'_>,
    site_id: &str,
    subjects: &Subjects,
    caller: &Caller,
    now: Timestamp,
) -> Result<History> {
    let visitor = caller.visitor.map(Uuid::write).unwrap_or_default();
    let user = subjects.user.as_deref().and_then(|user| user.strip_prefix("p:"));
    let device = caller.device.map(Uuid::write);
    let shown = visits::exposures(conn, site_id, &visitor, user, device.as_deref()).await?;
    let browser = |subject: &str| Some((site_id.to_owned(), subject.strip_prefix("v:")?.to_owned()));
    let browsers: BTreeSet<(String, String)> = shown.iter().filter_map(|(subject, ..)| browser(subject)).collect();
    let browsers: Vec<(String, String)> = browsers.into_iter().collect();
    let edges = match (user, browsers.is_empty()) {
        (Some(_), false) => journey::edges_by_visitor(identity::edges_of_visitors(conn, &browsers).await?),
        _ => BTreeMap::new(),
    };
    // Whoever has signed in is spared the caps of others. Whoever has not may be any of those who used this device.
    let of_another = |subject: &str, at: Timestamp| {
        let edges = browser(subject).and_then(|browser| edges.get(&browser));
        user.is_some_and(|user| edges.and_then(|edges| edges.owner_at(at)).is_some_and(|owner| owner != user))
    };
    let session = caller.session.map(Uuid::write);
    let mut history = History::default();
    for (subject, prompt, action, at, its_session, props) in shown {
        let (Some(prompt), Some(action)) = (Key::parse(&prompt), Action::parse(&action)) else { continue };
        if of_another(&subject, Timestamp(at)) {
            continue;
        }
        let details: Details = serde_json::from_str(&props).unwrap_or_default();
        history.observe(&Exposure {
            prompt: &prompt,
            action,
            at: Timestamp(at),
            in_session: its_session.is_some() && its_session == session && Timestamp(at).after(SESSION_MAX) > now,
            interrupts: details.interrupts,
        });
    }
    Ok(history)
}

/// What the widget adds to what it shows.
#[derive(Default, Deserialize)]
struct Details {
    #[serde(default)]
    interrupts: bool,
}
