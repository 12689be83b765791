//! Whose event it is. Nothing is ever moved or merged: who a visitor was at an instant is a view over the edges that
//! `identify` and `group` left in the log, so a wrong edge taken out again leaves no trace.
//!
//! * A visitor's events belong to the person named by the last edge before them; a shared laptop so never glues two people.
//! * What a visitor did in the 90 days before the first edge belongs to that first person.
//! * An account sees what its members did since they joined; of the member that joined first, the 90 days before too.
//! * Where a server has said to which accounts a member belongs, what browsers say of it from then on decides nothing: whoever knows
//!   a person's id can say in a browser to be that person, and to belong anywhere.

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

    /// These and one more, unless it is among them.
    pub fn with(&self, edge: Edge) -> Edges {
        let mut edges = self.0.clone();
        if let Err(place) = edges.binary_search(&edge) {
            edges.insert(place, edge);
        }
        Edges(edges)
    }

    /// Whether it is an event that is known to have said who the visitor is.
    pub fn knows(&self, event: Uuid) -> bool {
        self.0.iter().any(|edge| edge.event == event)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nobody has said who the visitor is.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How often it was somebody else than before.
    pub fn changes(&self) -> usize {
        self.0.chunk_by(|one, next| one.user == next.user).count()
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
    /// Whether a server said so; else a browser did.
    pub trusted: bool,
}

/// When the events of each member may count for an account, given all memberships of all its members, in other accounts too. For which
/// one an event does count then, [`attribute`] says.
pub fn member_stretches(account: &str, memberships: &[Membership]) -> Vec<(String, Stretch)> {
    let joined = |m: &&Membership| m.account == account && is_believed(memberships, m);
    let mut joined: Vec<&Membership> = memberships.iter().filter(joined).collect();
    joined.sort();
    let mut stretches: Vec<(String, Stretch)> = Vec::new();
    for m in joined {
        if stretches.iter().all(|(member, _)| *member != m.member) {
            let from = if stretches.is_empty() { m.at.before(LOOK_BACK) } else { m.at };
            stretches.push((m.member.clone(), Stretch { from, to: EVER }));
        }
    }
    stretches
}

/// Whether a membership ever decided anything: no server had said by then where the member belongs.
fn is_believed(memberships: &[Membership], joined: &Membership) -> bool {
    let knew = |m: &Membership| m.trusted && m.member == joined.member && m.at <= joined.at;
    joined.trusted || !memberships.iter().any(knew)
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
    /// The event names one that only browsers have spoken of, where servers have named others: it counts for the person only.
    Doubtful,
}

/// An account that an event names, and whether a server sent the event.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Named<'a> {
    /// The account.
    pub account: &'a str,
    /// Whether a server sent it.
    pub trusted: bool,
}

/// Which account an event of a person at `at` counts for, given all the person's memberships and the account that the event names.
pub fn attribute<'a>(memberships: &'a [Membership], at: Timestamp, named: Option<Named<'a>>) -> Attribution<'a> {
    let known = memberships.iter().filter(|m| m.at <= at);
    let is_settled = known.clone().any(|m| m.trusted);
    let mut accounts = known.filter(|m| m.trusted || !is_settled).map(|m| m.account.as_str());
    if let Some(Named { account, trusted }) = named {
        let is_confirmed = trusted || !is_settled || accounts.any(|known| known == account);
        return if is_confirmed { Attribution::Account(account) } else { Attribution::Doubtful };
    }
    match accounts.next() {
        None => Attribution::Nobody,
        Some(first) if accounts.all(|other| other == first) => Attribution::Account(first),
        Some(_) => Attribution::Several,
    }
}

/// The account that what a member did before it joined any counts for, as far as the account looks back: the first that a server has
/// named, else the first that a browser has.
pub fn first_account(memberships: &[Membership]) -> Option<&str> {
    let first = |trusted: bool| memberships.iter().filter(|m| m.trusted == trusted).min();
    first(true).or_else(|| first(false)).map(|m| m.account.as_str())
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

    fn join(at: i64, member: &str, account: &str, trusted: bool) -> Membership {
        Membership { at: Timestamp(at), member: member.into(), account: account.into(), trusted }
    }

    #[test]
    fn an_event_counts_for_an_account_only_if_it_is_clear_which() {
        use Attribution::*;
        let claimed = [join(10, "p:u", "x", false), join(20, "p:u", "y", false)];
        let said = [join(10, "p:u", "x", true), join(20, "p:u", "y", false), join(30, "p:u", "z", true)];
        let late = [join(10, "p:u", "x", false), join(20, "p:u", "y", true)];
        let (browser, server) =
            (|account| Some(Named { account, trusted: false }), |account| Some(Named { account, trusted: true }));
        for (memberships, at, named, expected) in [
            (&claimed[..], 9, None, Nobody),
            (&claimed, 10, None, Account("x")),
            (&claimed, 20, None, Several),
            (&claimed, 20, browser("y"), Account("y")),
            (&said, 9, browser("y"), Account("y")),
            (&said, 20, None, Account("x")),
            (&said, 20, browser("y"), Doubtful),
            (&said, 20, browser("x"), Account("x")),
            (&said, 20, server("y"), Account("y")),
            (&said, 30, None, Several),
            (&said, 30, browser("z"), Account("z")),
            (&late, 19, None, Account("x")),
            (&late, 20, None, Account("y")),
            (&late, 20, browser("x"), Doubtful),
        ] {
            assert_eq!(attribute(memberships, Timestamp(at), named), expected, "{memberships:?} at {at}, {named:?}");
        }
        assert_eq!(first_account(&claimed), Some("x"));
        assert_eq!(first_account(&late), Some("y"), "a server's word goes first, whenever it came");
        assert_eq!(first_account(&[]), None);
    }

    #[test]
    fn whoever_is_believed_first_looks_back() {
        let day = Span::days(1).0;
        let all = [
            join(100 * day, "p:mallory", "x", false),
            join(99 * day, "p:mallory", "y", true),
            join(101 * day, "p:ann", "x", false),
            join(102 * day, "p:ann", "x", true),
            join(103 * day, "p:bob", "x", true),
        ];
        let from: Vec<(String, i64)> =
            member_stretches("x", &all).into_iter().map(|(member, stretch)| (member, stretch.from.0 / day)).collect();
        assert_eq!(from, [("p:ann".to_owned(), 11), ("p:bob".to_owned(), 103)], "each once, and mallory not at all");
    }
}
