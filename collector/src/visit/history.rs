//! What happened between a person and the site's prompts, read through the identity edges: of every visitor while it was this
//! person, and of this device while nobody else was signed in on it.

use std::collections::BTreeSet;

use engine::event::Action;
use engine::frequency::{Exposure, History};
use engine::{Key, Span, Timestamp, Uuid};
use serde::Deserialize;

use super::Caller;
use super::witness::Subjects;
use crate::journey;
use crate::store::{Conn, Result, events, identity};

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
    let mut sources = BTreeSet::from([format!("v:{}", subjects.visitor)]);
    if let Some(user) = &subjects.user {
        let visitors = identity::visitors_of(conn, site_id, user).await?;
        sources.extend(visitors.into_iter().map(|visitor| format!("v:{visitor}")));
        sources.insert(format!("p:{user}"));
    }
    if let Some(device) = caller.device {
        sources.extend(events::subjects_of_device(conn, site_id, &device.write()).await?);
    }
    let visitors =
        sources.iter().filter_map(|subject| Some((site_id.to_owned(), subject.strip_prefix("v:")?.to_owned())));
    let visitors: Vec<(String, String)> = visitors.collect();
    let edges = journey::edges_by_visitor(identity::edges_of_visitors(conn, &visitors).await?);
    // Whoever has signed in is spared the caps of others. Whoever has not may be any of those who used this device.
    let of_another = |subject: &str, at: Timestamp| {
        let visitor = (site_id.to_owned(), subject.strip_prefix("v:").unwrap_or_default().to_owned());
        let owner = edges.get(&visitor).and_then(|edges| edges.owner_at(at));
        owner.is_some_and(|owner| subjects.user.as_ref().is_some_and(|user| user != owner))
    };
    let session = caller.session.map(Uuid::write);
    let mut history = History::default();
    for subject in sources {
        for (prompt, action, at, its_session, props) in events::exposures_of_subject(conn, site_id, &subject).await? {
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
    }
    Ok(history)
}

/// What the widget adds to what it shows.
#[derive(Default, Deserialize)]
struct Details {
    #[serde(default)]
    interrupts: bool,
}
