//! Whose event it is. Nothing is ever moved or merged: who a visitor was at an instant is a view over the edges that
//! `identify` and `group` left in the log, so a wrong edge taken out again leaves no trace.
//!
//! * A visitor's events belong to the person named by the last edge before them; a shared laptop so never glues two people.
//! * What a visitor did in the 90 days before the first edge belongs to that first person.
//! * An account sees what its members did since they joined; of the member that joined first, the 90 days before too.

use crate::id::Uuid;
use crate::time::{Span, Timestamp};

/// How far back what happened before the first identification still counts.
pub const LOOK_BACK: Span = Span::days(90);

/// A visitor said who they are.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Edge {
    /// From when on.
    pub at: Timestamp,
    /// The event that said so; breaks ties.
    pub event: Uuid,
    /// Who.
    pub user: String,
}

/// A stretch of time, from its start up to but without its end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stretch {
    /// First instant.
    pub from: Timestamp,
    /// First instant after it.
    pub to: Timestamp,
}

impl Stretch {
    /// Whether an instant lies in it.
    pub fn contains(self, at: Timestamp) -> bool {
        self.from <= at && at < self.to
    }
}

/// The end of time.
const EVER: Timestamp = Timestamp(i64::MAX);

/// All edges of one visitor.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Edges(Vec<Edge>);

impl Edges {
    /// The edges of one visitor, in any order.
    pub fn new(mut edges: Vec<Edge>) -> Edges {
        edges.sort();
        Edges(edges)
    }

    /// Who the visitor was at an instant.
    pub fn owner_at(&self, at: Timestamp) -> Option<&str> {
        self.owned().find(|(stretch, _)| stretch.contains(at)).map(|(_, user)| user)
    }

    /// Who the visitor had last said to be by an instant.
    pub fn named_at(&self, at: Timestamp) -> Option<&str> {
        self.0.iter().rfind(|edge| edge.at <= at).map(|edge| edge.user.as_str())
    }

    /// Who has had the time from an instant on up to the next edge, and so loses it to an edge that is put there: the one named
    /// before it; before the first edge, the first one of all, whose past it was.
    pub fn owners_before(&self, at: Timestamp) -> Vec<&str> {
        let first = self.0.first().filter(|first| at <= first.at).map(|first| first.user.as_str());
        self.named_at(at).into_iter().chain(first).collect()
    }

    /// Who the visitor is after all that is known.
    pub fn owner(&self) -> Option<&str> {
        self.0.last().map(|edge| edge.user.as_str())
    }

    /// Everybody the visitor ever was.
    pub fn owners(&self) -> Vec<&str> {
        let mut owners: Vec<&str> = self.0.iter().map(|edge| edge.user.as_str()).collect();
        owners.sort_unstable();
        owners.dedup();
        owners
    }

    /// When the visitor's events are a person's, in stretches that do not overlap.
    pub fn stretches_of<'a>(&'a self, user: &'a str) -> impl Iterator<Item = Stretch> + 'a {
        self.owned().filter(move |(_, owner)| *owner == user).map(|(stretch, _)| stretch)
    }

    /// From when on the visitor's events are somebody's, and no longer the visitor's alone.
    pub fn first(&self) -> Option<Timestamp> {
        self.0.first().map(|edge| edge.at)
    }

    fn owned(&self) -> impl Iterator<Item = (Stretch, &str)> {
        self.0.iter().enumerate().map(|(index, edge)| {
            let from = if index == 0 { edge.at.before(LOOK_BACK) } else { edge.at };
            let to = self.0.get(index + 1).map_or(EVER, |next| next.at);
            (Stretch { from, to }, edge.user.as_str())
        })
    }
}

/// A member joined an account.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Membership {
    /// From when on.
    pub at: Timestamp,
    /// The member: a person, or a visitor that nobody has identified.
    pub member: String,
    /// The account.
    pub account: String,
}

/// When the events of each member count for the account, given all memberships of that account.
pub fn member_stretches(mut memberships: Vec<Membership>) -> Vec<(String, Stretch)> {
    memberships.sort();
    let stretch = |(index, m): (usize, Membership)| {
        let from = if index == 0 { m.at.before(LOOK_BACK) } else { m.at };
        (m.member, Stretch { from, to: EVER })
    };
    memberships.into_iter().enumerate().map(stretch).collect()
}

/// Which account a person's event counts for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Attribution<'a> {
    /// The person had no account then.
    Nobody,
    /// This one.
    Account(&'a str),
    /// The person had several, and the event does not say which: it counts for the person only.
    Several,
}

/// Which account an event of a person at `at` counts for, given all the person's memberships.
pub fn attribute(memberships: &[Membership], at: Timestamp) -> Attribution<'_> {
    let mut accounts = memberships.iter().filter(|m| m.at <= at).map(|m| m.account.as_str());
    match accounts.next() {
        None => Attribution::Nobody,
        Some(first) if accounts.all(|other| other == first) => Attribution::Account(first),
        Some(_) => Attribution::Several,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edge(at: i64, user: &str) -> Edge {
        Edge { at: Timestamp(at), event: Uuid::from_bytes([0; 16]), user: user.into() }
    }

    #[test]
    fn a_shared_laptop_never_glues_two_people() {
        let day = Span::days(1).0;
        let edges = Edges::new(vec![edge(120 * day, "b"), edge(100 * day, "a"), edge(130 * day, "a")]);
        for (at, owner) in
            [(9, None), (10, Some("a")), (100, Some("a")), (119, Some("a")), (120, Some("b")), (131, Some("a"))]
        {
            assert_eq!(edges.owner_at(Timestamp(at * day)), owner, "day {at}");
        }
        assert_eq!(edges.stretches_of("a").count(), 2);
        assert_eq!(edges.owner(), Some("a"));
        assert_eq!(edges.first(), Some(Timestamp(100 * day)));
    }

    #[test]
    fn an_event_counts_for_an_account_only_if_it_is_clear_which() {
        let join =
            |at: i64, account: &str| Membership { at: Timestamp(at), member: "p:u".into(), account: account.into() };
        let memberships = [join(10, "x"), join(20, "y")];
        assert_eq!(attribute(&memberships, Timestamp(9)), Attribution::Nobody);
        assert_eq!(attribute(&memberships, Timestamp(10)), Attribution::Account("x"));
        assert_eq!(attribute(&memberships, Timestamp(20)), Attribution::Several);
    }
}
