//! Who came lately, and on what.

use super::events::TEAM;
use super::{Conn, Result, on};

/// Some of the browsers (`v:…`) that sent something since then, at most `limit`, chosen by the end of their names, which are drawn by lot.
pub async fn some(conn: &mut Conn<'_>, site_id: &str, from: i64, limit: i64) -> Result<Vec<String>> {
    const SQL: &str = "select subject from subject
        where site_id = $1 and kind in ('visitor', 'known') and last_seen >= $2
        order by substr(subject, 27), subject limit $3";
    let rows = on!(conn, c => sqlx::query_as::<_, (String,)>(SQL).bind(site_id).bind(from).bind(limit)
        .fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(subject,)| subject).collect())
}

/// What a browser said of itself with each page that it opened since then: the event's id and what was said.
pub async fn opened(conn: &mut Conn<'_>, site_id: &str, subject: &str, from: i64) -> Result<Vec<(String, String)>> {
    const SQL: &str = "select id, opened from event
        where site_id = $1 and subject = $2 and at >= $3 and opened is not null and origin <> $4";
    on!(conn, c => sqlx::query_as::<_, (String, String)>(SQL).bind(site_id).bind(subject).bind(from).bind(TEAM)
        .fetch_all(c).await)
}
