//! What was imported from files: prompts, journeys, settings, as JSON text that no statement looks inside.

use super::{Conn, Result, on};

/// Key, body (JSON), version (hash of the body).
pub type DocumentRow = (String, String, String);

/// Documents of a site and kind (`prompt`, `journey`, `settings`), by key.
pub async fn of_kind(conn: &mut Conn<'_>, site_id: &str, kind: &str) -> Result<Vec<DocumentRow>> {
    const SQL: &str = "select key, body, version from document where site_id = $1 and kind = $2 order by key";
    on!(conn, c => sqlx::query_as::<_, DocumentRow>(SQL).bind(site_id).bind(kind).fetch_all(c).await)
}

/// The version of one document, if there is one.
pub async fn version(conn: &mut Conn<'_>, site_id: &str, kind: &str, key: &str) -> Result<Option<String>> {
    const SQL: &str = "select version from document where site_id = $1 and kind = $2 and key = $3";
    let row =
        on!(conn, c => sqlx::query_as::<_, (String,)>(SQL).bind(site_id).bind(kind).bind(key).fetch_optional(c).await)?;
    Ok(row.map(|(version,)| version))
}

/// Writes a document; true when that changed anything (the version differs from what was there).
pub async fn put(
    conn: &mut Conn<'_>,
    site_id: &str,
    kind: &str,
    key: &str,
    body: &str,
    version: &str,
    now_ms: i64,
) -> Result<bool> {
    const SQL: &str =
        "insert into document (site_id, kind, key, body, version, updated_at) values ($1, $2, $3, $4, $5, $6)
        on conflict (site_id, kind, key) do update
        set body = excluded.body, version = excluded.version, updated_at = excluded.updated_at
        where document.version <> excluded.version";
    let rows = on!(conn, c => sqlx::query(SQL).bind(site_id).bind(kind).bind(key).bind(body).bind(version).bind(now_ms)
        .execute(c).await.map(|done| done.rows_affected()))?;
    Ok(rows > 0)
}

/// Takes a document away.
pub async fn delete(conn: &mut Conn<'_>, site_id: &str, kind: &str, key: &str) -> Result<()> {
    const SQL: &str = "delete from document where site_id = $1 and kind = $2 and key = $3";
    on!(conn, c => sqlx::query(SQL).bind(site_id).bind(kind).bind(key).execute(c).await.map(drop))
}
