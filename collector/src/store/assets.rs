//! The widget's files of the last releases, by their hashed name.

use super::{Conn, Result, on};

/// As it is, in brotli, in gzip.
pub type AssetRow = (Vec<u8>, Option<Vec<u8>>, Option<Vec<u8>>);

/// Keeps a file, or says that it still ships.
pub async fn put(
    conn: &mut Conn<'_>,
    name: &str,
    bytes: &[u8],
    brotli: Option<&[u8]>,
    gzip: Option<&[u8]>,
    now_ms: i64,
) -> Result<()> {
    const SQL: &str = "insert into asset (name, bytes, brotli, gzip, last_shipped_at) values ($1, $2, $3, $4, $5)
        on conflict (name) do update set last_shipped_at = excluded.last_shipped_at";
    on!(conn, c => sqlx::query(SQL).bind(name).bind(bytes).bind(brotli).bind(gzip).bind(now_ms).execute(c).await.map(drop))
}

/// One file.
pub async fn get(conn: &mut Conn<'_>, name: &str) -> Result<Option<AssetRow>> {
    const SQL: &str = "select bytes, brotli, gzip from asset where name = $1";
    on!(conn, c => sqlx::query_as::<_, AssetRow>(SQL).bind(name).fetch_optional(c).await)
}

/// Forgets files that no process has carried since `before_ms`.
pub async fn delete_older(conn: &mut Conn<'_>, before_ms: i64) -> Result<()> {
    const SQL: &str = "delete from asset where last_shipped_at < $1";
    on!(conn, c => sqlx::query(SQL).bind(before_ms).execute(c).await.map(drop))
}
