//! First half of what follows from new events: whose they are. New edges and memberships are kept, and subjects whose past
//! they change are marked to be folded anew.

use std::collections::{BTreeMap, BTreeSet};

use engine::event::name;
use engine::identity::{Attribution, Edges, Membership, Named as NamedAccount, attribute, first_account};
use engine::log::LogEvent;
use engine::{Span, Timestamp};

use super::{identity, log, traits};
use crate::store::events::EventRow;
use crate::store::{self, Conn, Result};

/// (site, name): a visitor, a member, a subject.
type Named = (String, String);

/// So often may a visitor say who it is before those times are forgotten that changed nothing.
const REPEATED: usize = 50;
/// No page can date an event back so far, by any collector's clock.
const SETTLED: Span = Span::days(8);

/// Which subjects have new events, and which must be folded anew.
#[derive(Debug, Default)]
pub struct Affected {
    /// New events by subject, each to be appended if it can be.
    pub events: BTreeMap<Named, Vec<LogEvent>>,
    /// Those of them that are an account's own, not its members'.
    pub own: BTreeMap<Named, Vec<LogEvent>>,
    /// Subjects whose log has changed in its past.
    pub refold: BTreeSet<Named>,
    /// Subjects of whom something was said: traits, or where they belong.
    pub told: BTreeSet<Named>,
}

impl Affected {
    /// Takes in what further rows have affected.
    pub fn merge(&mut self, other: Affected) {
        for (all, more) in [(&mut self.events, other.events), (&mut self.own, other.own)] {
            more.into_iter().for_each(|(subject, events)| all.entry(subject).or_default().extend(events));
        }
        self.refold.extend(other.refold);
        self.told.extend(other.told);
    }
}

/// Keeps what new rows say of identity, and tells whose they are.
pub async fn attribute_rows(conn: &mut Conn<'_>, rows: &[EventRow]) -> Result<Affected> {
    let mut affected = Affected::default();
    let mut news = traits::News::default();
    news.said(rows);
    let edges = keep_edges(conn, rows, &mut affected).await?;
    let memberships = keep_memberships(conn, rows, &edges, &mut affected).await?;
    for row in rows {
        let Some(event) = log::of_row(row) else { continue };
        let event = LogEvent { anonymous: is_alone(row, &edges), ..event };
        for subject in subjects_of(row, &edges, &memberships, &mut affected.refold) {
            if !subject.starts_with("a:") {
                news.answered(&row.site_id, &subject, &event);
            }
            let subject = (row.site_id.to_string(), subject);
            if row.subject.starts_with("a:") {
                affected.own.entry(subject.clone()).or_default().push(event.clone());
            }
            affected.events.entry(subject).or_default().push(event.clone());
        }
    }
    affected.told.extend(news.subjects());
    news.keep(conn).await?;
    Ok(affected)
}

/// The subjects that an event counts for: its members, and the account. Whether it counts for an account that the member joined
/// later, only that account's whole log knows: it is marked to be folded anew.
fn subjects_of(
    row: &EventRow,
    edges: &BTreeMap<Named, Edges>,
    memberships: &BTreeMap<Named, Vec<Membership>>,
    refold: &mut BTreeSet<Named>,
) -> BTreeSet<String> {
    let members = members_of(row, edges);
    if members.is_empty() {
        return BTreeSet::from([row.subject.clone()]);
    }
    let site = row.site_id.to_string();
    let mut subjects = BTreeSet::new();
    for member in members {
        let joined = memberships.get(&(site.clone(), member.clone())).map(Vec::as_slice).unwrap_or_default();
        let named = row.account_id.as_deref().map(|account| NamedAccount { account, trusted: is_trusted(row) });
        let account = match attribute(joined, Timestamp(row.at), named) {
            Attribution::Account(account) => Some(account),
            Attribution::Several | Attribution::Doubtful => None,
            Attribution::Nobody => {
                refold.extend(first_account(joined).map(|first| (site.clone(), format!("a:{first}"))));
                None
            }
        };
        subjects.extend(account.map(|account| format!("a:{account}")));
        subjects.insert(member);
    }
    subjects
}

/// The members that an event is of: the person, and the visitor as long as nobody had identified it. Empty for an account's
/// own event.
fn members_of(row: &EventRow, edges: &BTreeMap<Named, Edges>) -> Vec<String> {
    match row.subject.split_at_checked(2) {
        Some(("v:", visitor)) => {
            let edges = edges.get(&(row.site_id.to_string(), visitor.to_owned()));
            let owner = edges.and_then(|edges| edges.owner_at(Timestamp(row.at)));
            let alone = edges.is_none_or(|edges| is_before(edges, row));
            owner.map(|user| format!("p:{user}")).into_iter().chain(alone.then(|| row.subject.clone())).collect()
        }
        Some(("p:", _)) => vec![row.subject.clone()],
        _ => Vec::new(),
    }
}

/// Whether it is a visitor's event from before anybody had said who that is.
fn is_alone(row: &EventRow, edges: &BTreeMap<Named, Edges>) -> bool {
    visitor_of(row).is_some_and(|visitor| edges.get(&visitor).is_none_or(|edges| is_before(edges, row)))
}

fn is_before(edges: &Edges, row: &EventRow) -> bool {
    edges.first().is_none_or(|first| Timestamp(row.at) < first)
}

/// Whether what it says of accounts is believed.
fn is_trusted(row: &EventRow) -> bool {
    row.origin != "web"
}

fn visitor_of(row: &EventRow) -> Option<Named> {
    row.subject.strip_prefix("v:").map(|visitor| (row.site_id.to_string(), visitor.to_owned()))
}

/// Keeps new edges. A new edge changes the past of the visitor, of whom it takes the time from and whom it gives it to, and of their
/// accounts; but of nobody else that the visitor ever was, who may be many.
async fn keep_edges(conn: &mut Conn<'_>, rows: &[EventRow], affected: &mut Affected) -> Result<BTreeMap<Named, Edges>> {
    let visitors: BTreeSet<Named> = rows.iter().filter_map(visitor_of).collect();
    let visitors: Vec<Named> = visitors.into_iter().collect();
    let mut edges = identity::group(store::identity::edges_of_visitors(conn, &visitors).await?);
    let mut changed: BTreeSet<Named> = BTreeSet::new();
    for row in rows.iter().filter(|row| row.name == name::IDENTIFIED) {
        let (Some(visitor), Some(user)) = (visitor_of(row), &row.user_id) else { continue };
        let before = edges.get(&visitor);
        // Said again, it changes nobody's past; it is kept all the same, since an edge that comes late may stand between.
        let again = before.is_some_and(|edges| edges.named_at(Timestamp(row.at)) == Some(user));
        let losing = before.map_or_else(Vec::new, |edges| edges.owners_before(Timestamp(row.at)));
        let (site, visitor_id) = visitor.clone();
        store::identity::insert_edge(conn, &(site.clone(), visitor_id, row.at, row.id.write(), user.clone())).await?;
        if !again {
            changed.extend(losing.into_iter().chain([user.as_str()]).map(|user| (site.clone(), format!("p:{user}"))));
            changed.insert((site, row.subject.clone()));
            // Later rows of this group must see it.
            let fresh = store::identity::edges_of_visitors(conn, std::slice::from_ref(&visitor)).await?;
            edges.extend(identity::group(fresh));
        } else if before.is_some_and(|edges| edges.len() >= REPEATED) {
            // Nothing can come any more that would stand between those of long ago.
            let (site, visitor_id) = &visitor;
            let until = Timestamp(row.received_at).before(SETTLED).0;
            store::identity::delete_repeated_edges(conn, site, visitor_id, until).await?;
        }
    }
    for (site, member) in changed {
        join_anew(conn, &site, &member, affected).await?;
        affected.refold.insert((site, member));
    }
    Ok(edges)
}

/// Reads from its log what a member joined and answered, since other events are its own now. The accounts before and after have another past.
async fn join_anew(conn: &mut Conn<'_>, site: &str, member: &str, affected: &mut Affected) -> Result<()> {
    let before = identity::memberships_of_member(conn, site, member).await?;
    let log = log::of_member(conn, site, member).await?;
    let joined = log::accounts_named(&log);
    let accounts = before.iter().map(|m| &m.account).chain(joined.keys().map(|(account, _)| account));
    affected.refold.extend(accounts.map(|account| (site.to_owned(), format!("a:{account}"))));
    store::identity::delete_memberships(conn, site, member).await?;
    for ((account, trusted), at) in joined {
        let row = (site.to_owned(), member.to_owned(), account, at.0, i64::from(trusted));
        store::identity::insert_membership(conn, &row).await?;
    }
    traits::answered_anew(conn, site, member, log.iter().map(|(event, _)| event)).await
}

/// Keeps new memberships. A new member changes the past of the account, and that of the member's other accounts: from then on
/// it is not clear any more for which of them an event counts.
async fn keep_memberships(
    conn: &mut Conn<'_>,
    rows: &[EventRow],
    edges: &BTreeMap<Named, Edges>,
    affected: &mut Affected,
) -> Result<BTreeMap<Named, Vec<Membership>>> {
    let of_row = |row: &EventRow| {
        let site = row.site_id.to_string();
        members_of(row, edges).into_iter().map(move |member| (site.clone(), member))
    };
    let members: BTreeSet<Named> = rows.iter().flat_map(of_row).collect();
    let members: Vec<Named> = members.into_iter().collect();
    let mut memberships = identity::memberships_of(conn, &members).await?;
    for row in rows {
        let Some(account) = &row.account_id else { continue };
        let trusted = is_trusted(row);
        let is_this = |m: &Membership| m.account == *account && m.trusted == trusted;
        for (site, member) in of_row(row) {
            let known = memberships.entry((site.clone(), member.clone())).or_default();
            if known.iter().any(|m| is_this(m) && m.at.0 <= row.at) {
                continue;
            }
            let new = (site.clone(), member.clone(), account.clone(), row.at, i64::from(trusted));
            store::identity::insert_membership(conn, &new).await?;
            affected.told.insert((site.clone(), member.clone()));
            known.retain(|m| !is_this(m));
            known.push(Membership { at: Timestamp(row.at), member, account: account.clone(), trusted });
            known.sort();
            affected.refold.extend(known.iter().map(|m| (site.clone(), format!("a:{}", m.account))));
        }
    }
    Ok(memberships)
}
