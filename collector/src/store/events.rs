//! The log.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::Uuid;

use super::dialect::Column;
use super::{Conn, Result, dialect, on};

/// The origin of what the site's own people do to see how their prompts work: kept, and counted nowhere.
pub const TEAM: &str = "team";

/// One row of the log, as it is written.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the columns of `event` are explained in the migration")]
pub struct EventRow {
    pub site_id: Arc<str>,
    pub id: Uuid,
    pub subject: String,
    pub at: i64,
    pub received_at: i64,
    pub created_at: Option<i64>,
    pub origin: &'static str,
    pub name: String,
    pub props: String,
    pub url: String,
    pub referrer: String,
    pub session: Option<Uuid>,
    pub device: Option<Uuid>,
    pub prompt: Option<String>,
    pub action: Option<&'static str>,
    pub user_id: Option<String>,
    pub account_id: Option<String>,
    pub flags: i64,
    pub opened: Option<Arc<str>>,
}

/// One row of the log, as folds read it: id, at, origin, name, props, url, referrer, session, prompt, action, account.
pub type LogRow = (
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
);

const LOG_COLUMNS: &str = "id, at, origin, name, props, url, referrer, session, prompt, action, account_id";

/// Appends events; answers of each whether it was new. Of two with one id the first one is.
pub async fn insert(conn: &mut Conn<'_>, rows: &[EventRow]) -> Result<Vec<bool>> {
    dialect::insert_events(conn, rows).await
}

/// Writes down names of events, by site, each with when one was received; of a name that is there already nothing is changed.
pub async fn keep_names(conn: &mut Conn<'_>, names: &BTreeMap<(Arc<str>, String), i64>) -> Result<()> {
    if names.is_empty() {
        return Ok(());
    }
    let columns = [
        ("site_id", Column::Text(names.keys().map(|(site, _)| &**site).collect())),
        ("name", Column::Text(names.keys().map(|(_, name)| name.as_str()).collect())),
        ("first_at", Column::Number(names.values().copied().collect())),
    ];
    dialect::insert_many(conn, "event_name", &columns, "(site_id, name) do nothing").await
}

/// The names of events that have ever arrived.
pub async fn names(conn: &mut Conn<'_>, site_id: &str) -> Result<Vec<String>> {
    const SQL: &str = "select name from event_name where site_id = $1 order by name limit 1000";
    let rows = on!(conn, c => sqlx::query_as::<_, (String,)>(SQL).bind(site_id).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}

/// The log of a subject in `[from, to)`, in time order.
pub async fn of_subject(conn: &mut Conn<'_>, site_id: &str, subject: &str, from: i64, to: i64) -> Result<Vec<LogRow>> {
    let sql = format!(
        "select {LOG_COLUMNS} from event where site_id = $1 and subject = $2 and at >= $3 and at < $4 order by at, id"
    );
    let sql = sqlx::AssertSqlSafe(sql);
    on!(conn, c => sqlx::query_as::<_, LogRow>(sql).bind(site_id).bind(subject).bind(from).bind(to).fetch_all(c).await)
}

/// What happened by these (site, event id) pairs: id, name, at.
pub async fn named(conn: &mut Conn<'_>, ids: &[(String, String)]) -> Result<Vec<(String, String, i64)>> {
    dialect::keyed(conn, "t.id, t.name, t.at", "event", "id", ids).await
}

/// Forgets a visitor's events: the demo's "forget me".
pub async fn delete_of_subject(conn: &mut Conn<'_>, site_id: &str, subject: &str) -> Result<()> {
    const SQL: &str = "delete from event where site_id = $1 and subject = $2";
    on!(conn, c => sqlx::query(SQL).bind(site_id).bind(subject).execute(c).await.map(drop))
}

/// The addresses of the latest events of a site, each once.
pub async fn recent_pages(conn: &mut Conn<'_>, site_id: &str, count: i64) -> Result<Vec<String>> {
    const SQL: &str = "select distinct url from
        (select url from event where site_id = $1 order by id desc limit $2) latest order by url";
    let rows = on!(conn, c => sqlx::query_as::<_, (String,)>(SQL).bind(site_id).bind(count).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(url,)| url).collect())
}
