//! Where a site's script was asked for, and whether a visit came from there.

use super::{Conn, Result, on};

/// Origin, how often it asked since a visit came, when last, when the last visit came.
pub type SightingRow = (String, i64, Option<i64>, Option<i64>);

/// Adds what was seen: how often the script was asked for since the visit, if one came, and when.
pub async fn add(conn: &mut Conn<'_>, site_id: &str, row: &SightingRow) -> Result<()> {
    const SQL: &str = "insert into sighting (site_id, origin, asked, asked_at, came_at) values ($1, $2, $3, $4, $5)
        on conflict (site_id, origin) do update
        set asked = case when excluded.came_at is null then sighting.asked + excluded.asked else excluded.asked end,
            asked_at = coalesce(excluded.asked_at, sighting.asked_at),
            came_at = coalesce(excluded.came_at, sighting.came_at)";
    let (origin, asked, asked_at, came_at) = row;
    on!(conn, c => sqlx::query(SQL).bind(site_id).bind(origin).bind(asked).bind(asked_at).bind(came_at)
        .execute(c).await.map(drop))
}

/// What was seen of a site, by origin.
pub async fn of_site(conn: &mut Conn<'_>, site_id: &str) -> Result<Vec<SightingRow>> {
    const SQL: &str = "select origin, asked, asked_at, came_at from sighting where site_id = $1 order by origin";
    on!(conn, c => sqlx::query_as::<_, SightingRow>(SQL).bind(site_id).fetch_all(c).await)
}

/// Forgets origins from which no visit ever came, but for the newest `keep`: anybody can invent one.
pub async fn trim(conn: &mut Conn<'_>, site_id: &str, keep: i64) -> Result<()> {
    const SQL: &str = "delete from sighting where site_id = $1 and came_at is null and asked_at <
        (select min(asked_at) from (select asked_at from sighting where site_id = $1 and came_at is null
            order by asked_at desc limit $2) as kept)";
    on!(conn, c => sqlx::query(SQL).bind(site_id).bind(keep).execute(c).await.map(drop))
}

/// Forgets an origin.
pub async fn delete(conn: &mut Conn<'_>, site_id: &str, origin: &str) -> Result<()> {
    const SQL: &str = "delete from sighting where site_id = $1 and origin = $2";
    on!(conn, c => sqlx::query(SQL).bind(site_id).bind(origin).execute(c).await.map(drop))
}

/// The first page that was viewed on a site: when it was received, its address.
pub async fn first_visit(conn: &mut Conn<'_>, site_id: &str, page_viewed: &str) -> Result<Option<(i64, String)>> {
    const SQL: &str = "select received_at, url from event
        where site_id = $1 and origin = 'web' and name = $2 order by id limit 1";
    on!(conn, c => sqlx::query_as::<_, (i64, String)>(SQL).bind(site_id).bind(page_viewed).fetch_optional(c).await)
}
