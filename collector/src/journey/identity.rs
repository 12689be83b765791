//! Who is who, as the store has it, in the engine's terms.

use std::collections::{BTreeMap, BTreeSet};

use engine::identity::{Edge, Edges, Membership};
use engine::{Timestamp, Uuid};

use crate::store::identity::{self, EdgeRow, MembershipRow};
use crate::store::{Conn, Result};

/// The edges of one visitor.
pub async fn edges_of(conn: &mut Conn<'_>, site_id: &str, visitor: &str) -> Result<Edges> {
    let rows = identity::edges_of_visitors(conn, &[(site_id.to_owned(), visitor.to_owned())]).await?;
    Ok(Edges::new(rows.into_iter().filter_map(edge).collect()))
}

/// The visitors that have ever been a person, each with all its edges.
pub async fn visitors_of(conn: &mut Conn<'_>, site_id: &str, user: &str) -> Result<Vec<(String, Edges)>> {
    let visitors = identity::visitors_of(conn, site_id, user).await?;
    let keys: Vec<(String, String)> = visitors.into_iter().map(|visitor| (site_id.to_owned(), visitor)).collect();
    let by_visitor = group(identity::edges_of_visitors(conn, &keys).await?);
    Ok(by_visitor.into_iter().map(|((_, visitor), edges)| (visitor, edges)).collect())
}

/// Edges by (site, visitor).
pub fn group(rows: Vec<EdgeRow>) -> BTreeMap<(String, String), Edges> {
    let mut all: BTreeMap<(String, String), Vec<Edge>> = BTreeMap::new();
    for row in rows {
        let key = (row.0.clone(), row.1.clone());
        all.entry(key).or_default().extend(edge(row));
    }
    all.into_iter().map(|(key, edges)| (key, Edges::new(edges))).collect()
}

fn edge((_, _, at, event, user): EdgeRow) -> Option<Edge> {
    Some(Edge { at: Timestamp(at), event: Uuid::parse(&event)?, user })
}

/// The memberships of everybody who was ever said to belong to an account, in other accounts too.
pub async fn members_of(conn: &mut Conn<'_>, site_id: &str, account: &str) -> Result<Vec<Membership>> {
    let joined = identity::members_of(conn, site_id, account).await?;
    let members: BTreeSet<(String, String)> = joined.into_iter().map(|(site, member, ..)| (site, member)).collect();
    let members: Vec<(String, String)> = members.into_iter().collect();
    Ok(memberships_of(conn, &members).await?.into_values().flatten().collect())
}

/// The memberships of these members, by (site, member).
pub async fn memberships_of(
    conn: &mut Conn<'_>,
    members: &[(String, String)],
) -> Result<BTreeMap<(String, String), Vec<Membership>>> {
    let mut all: BTreeMap<(String, String), Vec<Membership>> = BTreeMap::new();
    for row in identity::memberships_of(conn, members).await? {
        all.entry((row.0.clone(), row.1.clone())).or_default().push(membership(row));
    }
    all.values_mut().for_each(|memberships| memberships.sort());
    Ok(all)
}

/// The memberships of one member.
pub async fn memberships_of_member(conn: &mut Conn<'_>, site_id: &str, member: &str) -> Result<Vec<Membership>> {
    let all = memberships_of(conn, &[(site_id.to_owned(), member.to_owned())]).await?;
    Ok(all.into_values().next().unwrap_or_default())
}

/// A membership as the engine sees it.
fn membership((_, member, account, at, trusted): MembershipRow) -> Membership {
    Membership { at: Timestamp(at), member, account, trusted: trusted == 1 }
}
