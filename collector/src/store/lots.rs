//! What lots are drawn from, and what an account's people drew.

use super::{Conn, Result, on};

/// A site's secret, if it was made.
pub async fn salt(conn: &mut Conn<'_>, site_id: &str) -> Result<Option<String>> {
    const SQL: &str = "select salt from site_salt where site_id = $1";
    let row = on!(conn, c => sqlx::query_as::<_, (String,)>(SQL).bind(site_id).fetch_optional(c).await)?;
    Ok(row.map(|(salt,)| salt))
}

/// Keeps a site's secret, unless it has one; answers the one that it has.
pub async fn keep_salt(conn: &mut Conn<'_>, site_id: &str, salt: &str) -> Result<String> {
    // An update that changes nothing, since only so the row that was there before is answered.
    const SQL: &str = "insert into site_salt (site_id, salt) values ($1, $2)
        on conflict (site_id) do update set salt = site_salt.salt returning salt";
    let (kept,) = on!(conn, c => sqlx::query_as::<_, (String,)>(SQL).bind(site_id).bind(salt).fetch_one(c).await)?;
    Ok(kept)
}

/// Member, since when it is one, subject, prompt, at, props.
pub type DrawnRow = (String, i64, String, String, i64, String);

/// What the members of an account drew, also before they joined, and on every browser that was ever theirs: in the order of time. Times
/// of somebody else on the same browser are among them.
pub async fn of_account(conn: &mut Conn<'_>, site_id: &str, account: &str) -> Result<Vec<DrawnRow>> {
    const SQL: &str = "with known(member, since, subject) as (
            select member, at, member from membership where site_id = $1 and account_id = $2
            union
            select m.member, m.at, 'v:' || i.visitor from membership m
            join identity_edge i on i.site_id = $1 and i.user_id = substr(m.member, 3)
            where m.site_id = $1 and m.account_id = $2 and m.member like 'p:%'
        )
        select k.member, k.since, e.subject, e.prompt, e.at, e.props from known k
        join event e on e.site_id = $1 and e.subject = k.subject and e.action = 'eligible' and e.origin <> 'team'
        where e.prompt is not null order by e.at, e.id";
    on!(conn, c => sqlx::query_as::<_, DrawnRow>(SQL).bind(site_id).bind(account).fetch_all(c).await)
}
