//! What a page's answer is made of: who the visitor is, where they stand, what they were shown before. One statement each, since
//! every page view waits for them.

use super::states::RECOLLECTION;
use super::{Conn, Result, on};

/// The person that a visitor has said to be, and the account that the person (or the visitor) joined last; by a server's word if there
/// is one.
pub async fn who(conn: &mut Conn<'_>, site_id: &str, visitor: &str) -> Result<(Option<String>, Option<String>)> {
    const SQL: &str = "with person as (
            select user_id from identity_edge where site_id = $1 and visitor = $2 order by at desc, event_id desc limit 1
        )
        select (select user_id from person), (
            select account_id from membership
            where site_id = $1 and member = coalesce((select 'p:' || user_id from person), 'v:' || $2)
            order by trusted desc, at desc, account_id desc limit 1
        )";
    on!(conn, c => sqlx::query_as::<_, (Option<String>, Option<String>)>(SQL).bind(site_id).bind(visitor).fetch_one(c).await)
}

/// The account that a person or a visitor (`p:…`, `v:…`) joined last, and whether a server said so; by a server's word if there is one.
pub async fn account_of(conn: &mut Conn<'_>, site_id: &str, member: &str) -> Result<Option<(String, i64)>> {
    const SQL: &str = "select account_id, trusted from membership where site_id = $1 and member = $2
        order by trusted desc, at desc, account_id desc limit 1";
    on!(conn, c => sqlx::query_as::<_, (String, i64)>(SQL).bind(site_id).bind(member).fetch_optional(c).await)
}

/// A row of the log, and whom it names: id, at, origin, name, props, url, referrer, session, prompt, action, account, user.
pub type TriedRow = (
    String,
    i64,
    String,
    String,
    String,
    String,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
);

/// What the site's own people did in a visit, in time order, as if anybody had done it.
pub async fn tried(conn: &mut Conn<'_>, site_id: &str, visitor: &str, session: &str) -> Result<Vec<TriedRow>> {
    const SQL: &str =
        "select id, at, 'web', name, props, url, referrer, session, prompt, action, account_id, user_id from event
        where site_id = $1 and subject = 'v:' || $2 and session = $3 and origin = 'team' order by at, id";
    on!(conn, c => sqlx::query_as::<_, TriedRow>(SQL).bind(site_id).bind(visitor).bind(session).fetch_all(c).await)
}

/// Journey, subject, stage, entered at, next due, fingerprint, and the state: of a recollection always, of a journey if it was asked for.
pub type StandingRow = (String, String, String, i64, Option<i64>, i64, String);

/// Where a visitor, a person and an account stand in all journeys, and what is remembered of them for prompts and segments. `whole`
/// asks for the states of journeys too, which are long.
pub async fn standing(
    conn: &mut Conn<'_>,
    site_id: &str,
    subjects: [&str; 3],
    whole: bool,
) -> Result<Vec<StandingRow>> {
    const SQL: &str = "select journey, subject, stage, entered_at, next_due, fingerprint,
            case when journey = $5 or $6 = 1 then state else '' end
        from journey_state where site_id = $1 and subject in ($2, $3, $4) order by journey, subject";
    let [a, b, c] = subjects;
    on!(conn, conn => sqlx::query_as::<_, StandingRow>(SQL).bind(site_id).bind(a).bind(b).bind(c).bind(RECOLLECTION)
        .bind(i64::from(whole)).fetch_all(conn).await)
}

/// Subject, prompt, action, at, session, props.
pub type ExposureRow = (String, String, String, i64, Option<String>, String);

/// What happened with prompts: for a visitor, for a person (on any browser that was ever theirs, and by a server's word), and on a
/// device. Times of somebody else on the same browser are among them.
pub async fn exposures(
    conn: &mut Conn<'_>,
    site_id: &str,
    visitor: &str,
    user: Option<&str>,
    device: Option<&str>,
) -> Result<Vec<ExposureRow>> {
    const SQL: &str = "with known(subject) as (
            select 'v:' || $2 union select 'p:' || $3
            union select 'v:' || visitor from identity_edge where site_id = $1 and user_id = $3
        ), shown as (
            select e.id, e.subject, e.prompt, e.action, e.at, e.session, e.props from known
            join event e on e.site_id = $1 and e.subject = known.subject and e.prompt is not null and e.origin <> 'team'
            union
            select id, subject, prompt, action, at, session, props from event
            where site_id = $1 and device = $4 and prompt is not null and origin <> 'team'
        )
        select subject, prompt, action, at, session, props from shown where action is not null order by at, id";
    on!(conn, c => sqlx::query_as::<_, ExposureRow>(SQL).bind(site_id).bind(visitor).bind(user).bind(device).fetch_all(c).await)
}
