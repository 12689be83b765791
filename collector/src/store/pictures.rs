//! Pictures that prompts show.

use super::{Conn, Result, on};

/// A picture without its bytes: hash, kind, width, height, when it was uploaded.
pub type PictureRow = (String, String, i64, i64, i64);

/// Something to keep.
#[derive(Debug)]
#[expect(missing_docs, reason = "the columns of `picture` are explained in the migration")]
pub struct NewPicture<'a> {
    pub site_id: &'a str,
    pub hash: &'a str,
    pub kind: &'a str,
    pub bytes: &'a [u8],
    pub size: (u32, u32),
    pub at: i64,
    pub member: &'a str,
}

/// Keeps a picture; one that is there already stays.
pub async fn put(conn: &mut Conn<'_>, picture: &NewPicture<'_>) -> Result<()> {
    const SQL: &str = "insert into picture (site_id, hash, kind, bytes, width, height, at, by_member)
        values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (site_id, hash) do nothing";
    let NewPicture { site_id, hash, kind, bytes, size: (width, height), at, member } = picture;
    on!(conn, c => sqlx::query(SQL).bind(site_id).bind(hash).bind(kind).bind(bytes).bind(i64::from(*width))
        .bind(i64::from(*height)).bind(at).bind(member).execute(c).await.map(drop))
}

/// The bytes of a picture, whichever site has it.
pub async fn bytes(conn: &mut Conn<'_>, hash: &str, kind: &str) -> Result<Option<Vec<u8>>> {
    const SQL: &str = "select bytes from picture where hash = $1 and kind = $2 limit 1";
    let row = on!(conn, c => sqlx::query_as::<_, (Vec<u8>,)>(SQL).bind(hash).bind(kind).fetch_optional(c).await)?;
    Ok(row.map(|(bytes,)| bytes))
}

/// The pictures of a site, the latest first.
pub async fn all(conn: &mut Conn<'_>, site_id: &str) -> Result<Vec<PictureRow>> {
    const SQL: &str =
        "select hash, kind, width, height, at from picture where site_id = $1 order by at desc, hash limit 200";
    on!(conn, c => sqlx::query_as::<_, PictureRow>(SQL).bind(site_id).fetch_all(c).await)
}

/// How many bytes the pictures of a site have.
pub async fn size(conn: &mut Conn<'_>, site_id: &str) -> Result<i64> {
    const SQL: &str = "select cast(coalesce(sum(length(bytes)), 0) as bigint) from picture where site_id = $1";
    on!(conn, c => sqlx::query_scalar::<_, i64>(SQL).bind(site_id).fetch_one(c).await)
}
