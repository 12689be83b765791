//! Links that people pass on: whose they are, and who came by them.

use super::{Conn, Result, dialect, on};

/// Site, visitor, code, when it came, the page view.
pub type ReferralRow = (String, String, String, i64, String);

/// Whose code it is.
pub async fn subject_of(conn: &mut Conn<'_>, site_id: &str, code: &str) -> Result<Option<String>> {
    const SQL: &str = "select subject from referral_code where site_id = $1 and code = $2";
    let row = on!(conn, c => sqlx::query_as::<_, (String,)>(SQL).bind(site_id).bind(code).fetch_optional(c).await)?;
    Ok(row.map(|(subject,)| subject))
}

/// Keeps whose code it is.
pub async fn insert_code(conn: &mut Conn<'_>, site_id: &str, code: &str, subject: &str) -> Result<()> {
    const SQL: &str = "insert into referral_code (site_id, code, subject) values ($1, $2, $3) on conflict do nothing";
    on!(conn, c => sqlx::query(SQL).bind(site_id).bind(code).bind(subject).execute(c).await.map(drop))
}

/// Keeps by whose link a visitor came; of two the earlier one counts.
pub async fn insert(conn: &mut Conn<'_>, row: &ReferralRow) -> Result<()> {
    const SQL: &str = "insert into referral (site_id, visitor, code, at, event_id) values ($1, $2, $3, $4, $5)
        on conflict (site_id, visitor) do update set code = excluded.code, at = excluded.at, event_id = excluded.event_id
        where excluded.at < referral.at";
    let (site, visitor, code, at, event) = row;
    on!(conn, c => sqlx::query(SQL).bind(site).bind(visitor).bind(code).bind(at).bind(event).execute(c).await.map(drop))
}

/// By whose links these (site, visitor) pairs came.
pub async fn of_visitors(conn: &mut Conn<'_>, visitors: &[(String, String)]) -> Result<Vec<ReferralRow>> {
    dialect::keyed(conn, "t.site_id, t.visitor, t.code, t.at, t.event_id", "referral", "visitor", visitors).await
}

/// The first time that something of a name happened to a subject in `[from, to)`, by anybody's word.
pub async fn first_named(
    conn: &mut Conn<'_>,
    site_id: &str,
    subject: &str,
    name: &str,
    from: i64,
    to: i64,
) -> Result<Option<i64>> {
    const SQL: &str = "select min(at) from event
        where site_id = $1 and subject = $2 and name = $3 and at >= $4 and at < $5 and origin <> 'team'";
    let (first,) = on!(conn, c => sqlx::query_as::<_, (Option<i64>,)>(SQL).bind(site_id).bind(subject).bind(name).bind(from)
        .bind(to).fetch_one(c).await)?;
    Ok(first)
}

/// Since when a person is known at all: by a page or by a server.
pub async fn known_since(conn: &mut Conn<'_>, site_id: &str, user: &str) -> Result<Option<i64>> {
    const SQL: &str = "select min(at) from (
            select min(at) as at from identity_edge where site_id = $1 and user_id = $2
            union all select min(at) as at from event where site_id = $1 and subject = 'p:' || $2
        ) as seen";
    let (first,) =
        on!(conn, c => sqlx::query_as::<_, (Option<i64>,)>(SQL).bind(site_id).bind(user).fetch_one(c).await)?;
    Ok(first)
}

/// Whether an event of this id is in the log.
pub async fn is_there(conn: &mut Conn<'_>, site_id: &str, id: &str) -> Result<bool> {
    const SQL: &str = "select id from event where site_id = $1 and id = $2";
    let row = on!(conn, c => sqlx::query_as::<_, (String,)>(SQL).bind(site_id).bind(id).fetch_optional(c).await)?;
    Ok(row.is_some())
}
