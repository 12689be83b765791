//! What one visitor or person may take up for good. Anybody can send with the public key, and who a visitor is and what is known of a
//! person is read with each of their events, so it must not grow without end. What goes beyond is refused event by event.
//!
//! It is looked up before the events are written, so that requests at one time may together go a little beyond; that harms nobody.

use std::collections::{BTreeMap, BTreeSet};

use engine::event::name;
use engine::identity::{Edge, Edges};
use engine::{Props, Timestamp};

use super::accept::Accepted;
use crate::journey;
use crate::state::App;
use crate::store::events::EventRow;
use crate::store::{self, identity};

/// So often can a visitor be somebody else than before.
const PEOPLE: usize = 50;
/// So often can it say who it is within the days in which an event may still come late; older ones that changed nothing are forgotten.
const SAYINGS: usize = 1000;
/// So many traits can a person or an account have; those that servers said apart from those that browsers claim, so that nobody can
/// use up what is there for servers.
const TRAITS: usize = 500;

/// (site, name): a visitor, a subject.
type Named = (String, String);

/// Refuses what goes beyond.
pub async fn enforce(app: &App, accepted: &mut Accepted) -> store::Result<()> {
    let visitors: BTreeSet<Named> = accepted.rows.iter().filter_map(identified).map(|(visitor, _)| visitor).collect();
    let subjects: BTreeSet<Named> = accepted.rows.iter().filter_map(said_of).map(|(subject, _)| subject).collect();
    if visitors.is_empty() && subjects.is_empty() {
        return Ok(());
    }
    let mut reader = app.db.read().await?;
    let mut conn = reader.conn();
    let visitors: Vec<Named> = visitors.into_iter().collect();
    let mut edges = journey::edges_by_visitor(identity::edges_of_visitors(&mut conn, &visitors).await?);
    let subjects: Vec<Named> = subjects.into_iter().collect();
    let mut traits: BTreeMap<(Named, bool), BTreeSet<String>> = BTreeMap::new();
    for (site, subject, name, word) in identity::trait_names(&mut conn, &subjects).await? {
        traits.entry(((site, subject), word == 1)).or_default().insert(name);
    }
    drop(reader);
    accepted.refuse(|row| {
        if let Some((visitor, edge)) = identified(row)
            && !edges.entry(visitor).or_default().takes(edge)
        {
            let sentence = "This browser was too many people already: who it is from now on is not kept.";
            return Some(("user_id", "too_many_identities", sentence));
        }
        if let Some((subject, new)) = said_of(row) {
            let known = traits.entry((subject, row.origin != "web")).or_default();
            let room = TRAITS.saturating_sub(known.len());
            if new.iter().filter(|name| !known.contains(*name)).take(room + 1).count() > room {
                let sentence = "At most 500 traits are kept of a person or an account; these would be more.";
                return Some(("traits", "too_many_traits", sentence));
            }
            known.extend(new);
        }
        None
    });
    Ok(())
}

/// A visitor that says who it is.
fn identified(row: &EventRow) -> Option<(Named, Edge)> {
    let user = row.user_id.clone().filter(|_| row.name == name::IDENTIFIED)?;
    let visitor = row.subject.strip_prefix("v:")?;
    Some(((row.site_id.to_string(), visitor.to_owned()), Edge { at: Timestamp(row.at), event: row.id, user }))
}

/// Of whom traits are said, and their names.
fn said_of(row: &EventRow) -> Option<(Named, BTreeSet<String>)> {
    let subject = match (row.name.as_str(), &row.user_id, &row.account_id) {
        (name::IDENTIFIED, Some(user), _) => format!("p:{user}"),
        (name::GROUPED, _, Some(account)) => format!("a:{account}"),
        _ => return None,
    };
    let Props(props) = serde_json::from_str(&row.props).ok()?;
    Some(((row.site_id.to_string(), subject), props.into_iter().map(|(name, _)| name).collect()))
}

/// Whether there is room for an edge, which is taken then.
trait Room {
    fn takes(&mut self, edge: Edge) -> bool;
}

impl Room for Edges {
    fn takes(&mut self, edge: Edge) -> bool {
        if self.knows(edge.event) {
            return true;
        }
        let with = self.with(edge);
        // What changes nothing does no harm while there is room for it.
        let has_room = with.len() <= SAYINGS && with.changes() <= PEOPLE.max(self.changes());
        if has_room {
            *self = with;
        }
        has_room
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::Uuid;

    fn edge(at: i64, user: &str) -> Edge {
        Edge { at: Timestamp(at), event: Uuid::from_bytes(i128::from(at).to_be_bytes()), user: user.to_owned() }
    }

    #[test]
    fn a_visitor_is_so_many_people_and_no_more() {
        let mut edges = Edges::default();
        for n in 0..50 {
            assert!(edges.takes(edge(n, &n.to_string())), "{n}");
        }
        assert!(!edges.takes(edge(50, "one more")));
        assert!(edges.takes(edge(49, "49")), "what comes again is known");
        assert!(edges.takes(edge(60, "49")), "and who it is may be said again");
        assert!(!edges.takes(edge(55, "a")), "nobody else comes between");
        for n in 100..1049 {
            assert!(edges.takes(edge(n, "49")), "{n}");
        }
        assert!(!edges.takes(edge(2000, "49")), "not without end");
    }
}
