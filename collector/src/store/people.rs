//! What the console's pages count and list.

use super::subjects::{COLUMNS, SubjectRow};
use super::{Conn, Result, dialect, on};

/// Events since an instant.
pub async fn events_since(conn: &mut Conn<'_>, site_id: &str, since: i64) -> Result<i64> {
    const SQL: &str = "select count(*) from event where site_id = $1 and received_at >= $2 and origin <> 'team'";
    on!(conn, c => sqlx::query_scalar::<_, i64>(SQL).bind(site_id).bind(since).fetch_one(c).await)
}

/// Browsers that sent something since an instant, whosever they are.
pub async fn browsers_since(conn: &mut Conn<'_>, site_id: &str, since: i64) -> Result<i64> {
    const SQL: &str = "select count(*) from subject
        where site_id = $1 and kind in ('visitor', 'known') and last_seen >= $2";
    on!(conn, c => sqlx::query_scalar::<_, i64>(SQL).bind(site_id).bind(since).fetch_one(c).await)
}

/// When a browser last sent something.
pub async fn last_visit(conn: &mut Conn<'_>, site_id: &str) -> Result<Option<i64>> {
    const SQL: &str = "select max(last_seen) from (
            select max(last_seen) as last_seen from subject where site_id = $1 and kind = 'visitor'
            union all select max(last_seen) from subject where site_id = $1 and kind = 'known'
        ) as each_kind";
    on!(conn, c => sqlx::query_scalar::<_, Option<i64>>(SQL).bind(site_id).fetch_one(c).await)
}

/// How many are in a stage of a journey. Nobody counts twice: a visitor that has become a person counts as that person, a member of an
/// account with the account.
#[derive(Clone, Debug, Default, PartialEq, sqlx::FromRow)]
pub struct InStage {
    /// The key of the journey.
    pub journey: String,
    /// The key of the stage.
    pub stage: String,
    /// Browsers nobody has said anything of.
    pub visitors: i64,
    /// People without an account.
    pub persons: i64,
    /// Accounts.
    pub accounts: i64,
}

impl InStage {
    /// Of whatever kind.
    pub fn all(&self) -> i64 {
        self.visitors + self.persons + self.accounts
    }
}

/// How many are in each stage where somebody is.
pub async fn stages(conn: &mut Conn<'_>, site_id: &str) -> Result<Vec<InStage>> {
    // In the order of the index, so that nothing is sorted.
    const SQL: &str = "select journey, stage,
            count(case substr(subject, 1, 1) when 'v' then 1 end) as visitors,
            count(case substr(subject, 1, 1) when 'p' then 1 end) as persons,
            count(case substr(subject, 1, 1) when 'a' then 1 end) as accounts
        from journey_state where site_id = $1 and stage <> '' and subject not in (
            select subject from subject where site_id = $1 and (kind = 'known' or account <> '')
        ) group by journey, stage order by journey, stage";
    on!(conn, c => sqlx::query_as::<_, InStage>(SQL).bind(site_id).fetch_all(c).await)
}

/// A stage, from and before when one must have come there.
pub type Stay = (String, i64, i64);

/// Who is wanted of a kind. Whatever is empty is not asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wanted {
    /// Each must be the beginning of a word that they are found by.
    pub words: Vec<String>,
    /// An id, which will do in place of the words.
    pub id: String,
    /// Whether there is anything to search for: else neither words nor id are asked for.
    pub is_searched: bool,
    /// Seen since this instant.
    pub since: i64,
    /// Where they, or the account they belong to, are: the journey, and any of these stages.
    pub stays: Option<(String, Vec<Stay>)>,
    /// What is said of them.
    pub said: Option<Said>,
}

/// What a trait must say.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// The trait.
    pub name: String,
    /// Whether only servers are believed.
    pub trusted: bool,
    /// How it is compared.
    pub test: Test,
}

/// How a trait is compared.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// It says anything.
    Any,
    /// In lower case it says one of these.
    Is([String; 2]),
    /// It is a number above this one.
    Above(f64),
    /// It is a number below this one.
    Below(f64),
}

enum Bound<'a> {
    Text(&'a str),
    Bytes(Vec<u8>),
    Number(i64),
    Real(f64),
}

/// Those of a kind who are wanted, latest first, after (`before`, `after_subject`) where the page before ended.
pub async fn list(
    conn: &mut Conn<'_>,
    site_id: &str,
    (kind, prefix): (&str, &str),
    wanted: &Wanted,
    (before, after_subject): (i64, &str),
    limit: i64,
) -> Result<Vec<SubjectRow>> {
    let id = format!("{prefix}{}", wanted.id);
    let mut bound = vec![
        Bound::Text(site_id),
        Bound::Text(kind),
        Bound::Number(before),
        Bound::Text(after_subject),
        Bound::Number(limit),
    ];
    let mut sql = format!(
        "select {COLUMNS} from subject t where t.site_id = $1 and t.kind = $2 and t.last_seen <= $3
        and (t.last_seen < $3 or t.subject collate \"C\" > $4)"
    );
    let mut bind = |value| {
        bound.push(value);
        format!("${}", bound.len())
    };
    if wanted.since > 0 {
        sql.push_str(&format!(" and t.last_seen >= {}", bind(Bound::Number(wanted.since))));
    }
    if wanted.is_searched {
        let mut found = Vec::new();
        for word in &wanted.words {
            let from = bind(Bound::Bytes(word.as_bytes().to_vec()));
            // No byte of UTF-8 is this high.
            let to = bind(Bound::Bytes([word.as_bytes(), &[0xff]].concat()));
            found.push(format!(
                "t.subject in (select subject from subject_word where site_id = $1 and word >= {from} and word < {to})"
            ));
        }
        let id = bind(Bound::Text(&id));
        let words = if found.is_empty() { "1 = 0".to_owned() } else { found.join(" and ") };
        sql.push_str(&format!(" and (({words}) or t.subject = {id})"));
    }
    if let Some((journey, stages)) = &wanted.stays {
        let journey = bind(Bound::Text(journey));
        let mut any = vec!["1 = 0".to_owned()];
        for (stage, from, to) in stages {
            let (stage, from, to) = (bind(Bound::Text(stage)), bind(Bound::Number(*from)), bind(Bound::Number(*to)));
            any.push(format!("(stage = {stage} and entered_at >= {from} and entered_at < {to})"));
        }
        sql.push_str(&format!(
            " and case when t.account = '' then t.subject else t.account end in
            (select subject from journey_state where site_id = $1 and journey = {journey} and stage <> '' and ({}))",
            any.join(" or ")
        ));
    }
    if let Some(Said { name, trusted, test }) = &wanted.said {
        let name = bind(Bound::Text(name));
        let test = match test {
            Test::Any => String::new(),
            Test::Is([one, other]) => {
                format!(" and word in ({}, {})", bind(Bound::Text(one)), bind(Bound::Text(other)))
            }
            Test::Above(number) => format!(" and number > {}", bind(Bound::Real(*number))),
            Test::Below(number) => format!(" and number < {}", bind(Bound::Real(*number))),
        };
        let by = if *trusted { " and trusted = 1" } else { "" };
        sql.push_str(&format!(
            " and t.subject in (select subject from trait where site_id = $1 and name = {name}{test}{by})"
        ));
    }
    sql.push_str(" order by t.last_seen desc, t.subject collate \"C\" limit $5");
    let sql = sqlx::AssertSqlSafe(sql);
    on!(conn, c => {
        let mut query = sqlx::query_as::<_, SubjectRow>(sql);
        for value in &bound {
            query = match value {
                Bound::Text(text) => query.bind(*text),
                Bound::Bytes(bytes) => query.bind(bytes.as_slice()),
                Bound::Number(number) => query.bind(*number),
                Bound::Real(number) => query.bind(*number),
            };
        }
        query.fetch_all(c).await
    })
}

/// Site, subject, journey, stage.
pub type StagedRow = (String, String, String, String);

/// The stages that these (site, subject) pairs are in.
pub async fn staged(conn: &mut Conn<'_>, subjects: &[(String, String)]) -> Result<Vec<StagedRow>> {
    let rows: Vec<StagedRow> =
        dialect::keyed(conn, "t.site_id, t.subject, t.journey, t.stage", "journey_state", "subject", subjects).await?;
    Ok(rows.into_iter().filter(|(.., stage)| !stage.is_empty()).collect())
}

/// How many there are of a kind.
pub async fn of_kind(conn: &mut Conn<'_>, site_id: &str, kind: &str) -> Result<i64> {
    const SQL: &str = "select count(*) from subject where site_id = $1 and kind = $2";
    on!(conn, c => sqlx::query_scalar::<_, i64>(SQL).bind(site_id).bind(kind).fetch_one(c).await)
}

/// The names of traits, as far as five thousand of them tell.
pub async fn trait_names(conn: &mut Conn<'_>, site_id: &str) -> Result<Vec<String>> {
    const SQL: &str =
        "select distinct name from (select name from trait where site_id = $1 limit 5000) latest order by name";
    let rows = on!(conn, c => sqlx::query_as::<_, (String,)>(SQL).bind(site_id).fetch_all(c).await)?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}
