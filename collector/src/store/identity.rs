//! Who is who: the edges that `identify` and `group` left, and the traits that came with them.

use super::dialect::Column;
use super::{Conn, Result, dialect, on};

/// Site, visitor, at, event id, user id.
pub type EdgeRow = (String, String, i64, String, String);

/// Site, member, account, since, whether a server said so (1) or a browser (0).
pub type MembershipRow = (String, String, String, i64, i64);

const EDGE: &str = "t.site_id, t.visitor, t.at, t.event_id, t.user_id";
const MEMBERSHIP: &str = "t.site_id, t.member, t.account_id, t.at, t.trusted";

/// Keeps an edge.
pub async fn insert_edge(conn: &mut Conn<'_>, row: &EdgeRow) -> Result<()> {
    const SQL: &str = "insert into identity_edge (site_id, visitor, at, event_id, user_id) values ($1, $2, $3, $4, $5)
        on conflict do nothing";
    let (site, visitor, at, event, user) = row;
    on!(conn, c => sqlx::query(SQL).bind(site).bind(visitor).bind(at).bind(event).bind(user).execute(c).await.map(drop))
}

/// The edges of these (site, visitor) pairs.
pub async fn edges_of_visitors(conn: &mut Conn<'_>, visitors: &[(String, String)]) -> Result<Vec<EdgeRow>> {
    dialect::keyed(conn, EDGE, "identity_edge", "visitor", visitors).await
}

/// The visitors that have ever been a person.
pub async fn visitors_of(conn: &mut Conn<'_>, site_id: &str, user: &str) -> Result<Vec<String>> {
    const SQL: &str = "select distinct visitor from identity_edge where site_id = $1 and user_id = $2 order by visitor";
    let rows = on!(conn, c => sqlx::query_as::<_, (String,)>(SQL).bind(site_id).bind(user).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(visitor,)| visitor).collect())
}

/// Keeps a membership; of two by the same word the earlier one counts.
pub async fn insert_membership(conn: &mut Conn<'_>, row: &MembershipRow) -> Result<()> {
    const SQL: &str = "insert into membership (site_id, member, account_id, at, trusted) values ($1, $2, $3, $4, $5)
        on conflict (site_id, member, account_id, trusted) do update set at = excluded.at where excluded.at < membership.at";
    let (site, member, account, at, trusted) = row;
    on!(conn, c => sqlx::query(SQL).bind(site).bind(member).bind(account).bind(at).bind(trusted).execute(c).await.map(drop))
}

/// Forgets edges that say again what the one before them said, all from before `until`.
pub async fn delete_repeated_edges(conn: &mut Conn<'_>, site_id: &str, visitor: &str, until: i64) -> Result<()> {
    const SQL: &str = "delete from identity_edge where site_id = $1 and visitor = $2 and at < $3 and user_id = (
            select b.user_id from identity_edge b
            where b.site_id = $1 and b.visitor = $2
            and (b.at < identity_edge.at or (b.at = identity_edge.at and b.event_id < identity_edge.event_id))
            order by b.at desc, b.event_id desc limit 1
        )";
    on!(conn, c => sqlx::query(SQL).bind(site_id).bind(visitor).bind(until).execute(c).await.map(drop))
}

/// Forgets what a member has joined.
pub async fn delete_memberships(conn: &mut Conn<'_>, site_id: &str, member: &str) -> Result<()> {
    const SQL: &str = "delete from membership where site_id = $1 and member = $2";
    on!(conn, c => sqlx::query(SQL).bind(site_id).bind(member).execute(c).await.map(drop))
}

/// The memberships of these (site, member) pairs.
pub async fn memberships_of(conn: &mut Conn<'_>, members: &[(String, String)]) -> Result<Vec<MembershipRow>> {
    dialect::keyed(conn, MEMBERSHIP, "membership", "member", members).await
}

/// The members of an account.
pub async fn members_of(conn: &mut Conn<'_>, site_id: &str, account: &str) -> Result<Vec<MembershipRow>> {
    dialect::keyed(conn, MEMBERSHIP, "membership", "account_id", &[(site_id.to_owned(), account.to_owned())]).await
}

/// One row of `trait`. `trusted` is who said it: 1 a server, 0 a browser, -1 an answer, -2 a stranger's answer.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the columns of `trait` are explained in the migrations")]
pub struct NewTrait {
    pub site_id: String,
    pub subject: String,
    pub name: String,
    pub trusted: i64,
    pub value: String,
    pub word: String,
    pub number: Option<f64>,
    pub at: i64,
}

/// Keeps the values of traits, each if it is the latest; no two of one subject, name and word.
pub async fn put_traits(conn: &mut Conn<'_>, traits: &[NewTrait]) -> Result<()> {
    const CONFLICT: &str =
        "(site_id, subject, name, trusted) do update set value = excluded.value, word = excluded.word,
        number = excluded.number, at = excluded.at where excluded.at >= trait.at";
    let text = |of: fn(&NewTrait) -> &str| Column::Text(traits.iter().map(of).collect());
    let number = |of: fn(&NewTrait) -> i64| Column::Number(traits.iter().map(of).collect());
    let columns = [
        ("site_id", text(|t| &t.site_id)),
        ("subject", text(|t| &t.subject)),
        ("name", text(|t| &t.name)),
        ("trusted", number(|t| t.trusted)),
        ("value", text(|t| &t.value)),
        ("word", text(|t| &t.word)),
        ("number", Column::RealOrNull(traits.iter().map(|t| t.number).collect())),
        ("at", number(|t| t.at)),
    ];
    dialect::insert_many(conn, "trait", &columns, CONFLICT).await
}

/// Forgets what a subject has answered.
pub async fn delete_answered(conn: &mut Conn<'_>, site_id: &str, subject: &str) -> Result<()> {
    const SQL: &str = "delete from trait where site_id = $1 and subject = $2 and trusted < 0";
    on!(conn, c => sqlx::query(SQL).bind(site_id).bind(subject).execute(c).await.map(drop))
}

/// The names of the traits of these (site, subject) pairs: site, subject, name, who said it.
pub async fn trait_names(
    conn: &mut Conn<'_>,
    subjects: &[(String, String)],
) -> Result<Vec<(String, String, String, i64)>> {
    dialect::keyed(conn, "t.site_id, t.subject, t.name, t.trusted", "trait", "subject", subjects).await
}

/// Site, subject, name, who said it (see [`NewTrait`]), value (JSON), at.
pub type TraitRow = (String, String, String, i64, String, i64);

/// The traits of these (site, subject) pairs, each as often as somebody else said it.
pub async fn traits_of_all(conn: &mut Conn<'_>, subjects: &[(String, String)]) -> Result<Vec<TraitRow>> {
    dialect::keyed(conn, "t.site_id, t.subject, t.name, t.trusted, t.value, t.at", "trait", "subject", subjects).await
}
