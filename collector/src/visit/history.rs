//! What happened between a person and the site's prompts, read through the identity edges: of every visitor while it was this
//! person, and of this device while nobody else was signed in on it.

use std::collections::{BTreeMap, BTreeSet};

use engine::event::Action;
use engine::frequency::{Exposure, History};
use engine::identity::Edges;
use engine::{Key, Span, Timestamp, Uuid};
use serde::Deserialize;

use super::Caller;
use super::lots::{Drawn, owner};
use super::witness::Subjects;
use crate::journey;
use crate::store::{Conn, Result, identity, visits};

/// A session is a day at most: what was shown longer ago was shown in another one, whatever its name.
const SESSION_MAX: Span = Span::hours(24);

/// What happened, and what was drawn by lot.
#[derive(Debug, Default)]
pub struct Past {
    /// The history that caps are held against.
    pub history: History,
    /// What this person drew; of a visitor that nobody has identified, what it or its device did.
    pub drawn: Vec<Drawn>,
}

/// The past of a visitor or the person it is.
pub async fn of(
    conn: &mut Conn<'_>,
    site_id: &str,
    subjects: &Subjects,
    caller: &Caller,
    now: Timestamp,
) -> Result<Past> {
    let visitor = caller.visitor.map(Uuid::write).unwrap_or_default();
    let user = subjects.user.as_deref().and_then(|user| user.strip_prefix("p:"));
    let device = caller.device.map(Uuid::write);
    let shown = visits::exposures(conn, site_id, &visitor, user, device.as_deref()).await?;
    let browsers: BTreeSet<&str> = shown.iter().filter_map(|(subject, ..)| subject.strip_prefix("v:")).collect();
    let edges = match user {
        Some(_) => edges_of(conn, site_id, browsers).await?,
        None => BTreeMap::new(),
    };
    let edges_of = |subject: &str| subject.strip_prefix("v:").and_then(|browser| edges.get(browser));
    // Whoever has signed in is spared the caps of others. Whoever has not may be any of those who used this device.
    let of_another = |subject: &str, at: Timestamp| {
        let owner = edges_of(subject).and_then(|edges| edges.owner_at(at));
        user.is_some_and(|user| owner.is_some_and(|owner| owner != user))
    };
    // Lots are stricter: what somebody drew on a device before is not theirs who signs in there, or each device had its own.
    let drawn_since = |subject: &str, at: Timestamp| match (user, edges_of(subject)) {
        (None, _) => Some(at),
        (Some(user), Some(edges)) => owner(edges, at).filter(|(owner, _)| *owner == user).map(|(_, since)| since),
        (Some(user), None) => (subject.strip_prefix("p:") == Some(user)).then_some(at),
    };
    let session = caller.session.map(Uuid::write);
    let mut past = Past::default();
    for (subject, prompt, action, at, its_session, props) in shown {
        let (Some(prompt), Some(action), at) = (Key::parse(&prompt), Action::parse(&action), Timestamp(at)) else {
            continue;
        };
        if action == Action::Eligible {
            let by = [subject.clone(), subjects.person().to_owned()];
            past.drawn.extend(drawn_since(&subject, at).and_then(|since| Drawn::read(by, prompt, since, &props)));
            continue;
        }
        if of_another(&subject, at) {
            continue;
        }
        let details = Details::of(&props);
        past.history.observe(&Exposure {
            prompt: &prompt,
            action,
            at,
            in_session: its_session.is_some() && its_session == session && at.after(SESSION_MAX) > now,
            interrupts: details.interrupts,
            partial: details.partial,
        });
    }
    Ok(past)
}

/// The edges of these visitors, by visitor.
pub async fn edges_of(conn: &mut Conn<'_>, site_id: &str, visitors: BTreeSet<&str>) -> Result<BTreeMap<String, Edges>> {
    if visitors.is_empty() {
        return Ok(BTreeMap::new());
    }
    let keys: Vec<(String, String)> =
        visitors.into_iter().map(|visitor| (site_id.to_owned(), visitor.to_owned())).collect();
    let edges = journey::edges_by_visitor(identity::edges_of_visitors(conn, &keys).await?);
    Ok(edges.into_iter().map(|((_, visitor), edges)| (visitor, edges)).collect())
}

/// What the widget adds to what it shows and to what people do with it.
#[derive(Default, Deserialize)]
pub struct Details {
    /// Whether it came between visitor and page.
    #[serde(default)]
    pub interrupts: bool,
    /// Whether it was the beginning of an answer only.
    #[serde(default)]
    pub partial: bool,
}

impl Details {
    /// Reads them; what is none says nothing.
    pub fn of(props: &str) -> Details {
        serde_json::from_str(props).unwrap_or_default()
    }
}
