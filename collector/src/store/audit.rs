//! What members did that others may ask about.

use super::{Conn, Result, on};

/// Id, time, member, what, about what, in a sentence.
pub type AuditRow = (String, i64, String, String, String, String);

/// Writes one line.
pub async fn insert(conn: &mut Conn<'_>, site_id: &str, row: &AuditRow) -> Result<()> {
    const SQL: &str =
        "insert into audit (id, site_id, at, member_id, did, about, detail) values ($1, $2, $3, $4, $5, $6, $7)";
    let (id, at, member, did, about, detail) = row;
    on!(conn, c => sqlx::query(SQL).bind(id).bind(site_id).bind(at).bind(member).bind(did).bind(about).bind(detail)
        .execute(c).await.map(drop))
}

/// The lines of a site, and with them those of the installation or not, the latest first: so many from before an id, which is empty for
/// the latest of all.
pub async fn latest(
    conn: &mut Conn<'_>,
    site_id: &str,
    with_installation: bool,
    (before, count): (&str, i64),
) -> Result<Vec<AuditRow>> {
    const SQL: &str = "select id, at, member_id, did, about, detail from audit
        where site_id in ($1, $2) and ($3 = '' or id < $3) order by id desc limit $4";
    let other = if with_installation { "" } else { site_id };
    on!(conn, c => sqlx::query_as::<_, AuditRow>(SQL).bind(site_id).bind(other).bind(before).bind(count).fetch_all(c).await)
}
