//! What the log knows about visitors, persons and accounts, for the console's pages.

mod subject;

use engine::{Span, Timestamp};

use crate::console::view::{PeoplePage, PeopleQuery, PeopleRow, Summary, Who};
use crate::error::ApiError;
use crate::journey::traits_of;
use crate::prompts::Ruleset;
use crate::sites::Site;
use crate::state::App;
use crate::store::{Conn, people, states};

pub use crate::journey::Word;
pub use subject::subject;

/// Rows on a page of the list.
const PAGE: i64 = 50;

/// The numbers of a site's first page.
pub async fn summary(app: &App, site: &Site) -> Result<Summary, ApiError> {
    let mut reader = app.db.read().await?;
    let mut conn = reader.conn();
    let since = site.now(&app.clock).before(Span::days(1)).0;
    let (events_today, visitors_today) = people::activity(&mut conn, &site.id, since).await?;
    let counted = people::stages(&mut conn, &site.id).await?;
    let (persons, accounts) = people::known(&mut conn, &site.id).await?;
    let ruleset = app.rulesets.of(&app.db, site).await?;
    let mut stages = Vec::new();
    for (key, definitions) in &ruleset.journeys {
        for stage in &definitions.latest().stages {
            let here =
                counted.iter().filter(|(journey, name, ..)| journey == key.as_str() && name == stage.key.as_str());
            let name = definitions.latest().name.clone();
            stages.push((name, stage.name.clone(), here.map(|(.., count)| count).sum()));
        }
    }
    Ok(Summary {
        last_visit: people::last_visit(&mut conn, &site.id).await?.map(Timestamp),
        events_today,
        visitors_today,
        persons,
        accounts,
        stages,
    })
}

/// One page of the list, latest activity first.
pub async fn list(app: &App, site: &Site, query: &PeopleQuery) -> Result<PeoplePage, ApiError> {
    let mut reader = app.db.read().await?;
    let mut conn = reader.conn();
    let prefix = prefix_of(&query.kind).unwrap_or_default();
    let (before, after_subject) = query.after.as_deref().and_then(cursor).unwrap_or((i64::MAX, String::new()));
    let pattern = contains(&query.search);
    let found = people::list(&mut conn, &site.id, prefix, &pattern, (before, &after_subject), PAGE + 1).await?;
    let next = found
        .get(PAGE as usize)
        .and_then(|_| found.get(PAGE as usize - 1))
        .map(|(subject, at)| format!("{at}.{subject}"));
    let ruleset = app.rulesets.of(&app.db, site).await?;
    let mut rows: Vec<PeopleRow> = Vec::new();
    for (subject, last_seen) in found.into_iter().take(PAGE as usize) {
        let account = people::account_of(&mut conn, &site.id, &subject).await?;
        let staged = account.map_or_else(|| subject.clone(), |account| format!("a:{account}"));
        let stages = states::stages_of(&mut conn, &site.id, &staged).await?;
        rows.push(PeopleRow {
            who: who(&mut conn, &site.id, &subject).await?,
            stage: stages.into_iter().next().map(|(journey, stage, ..)| stage_name(&ruleset, &journey, &stage)),
            last_seen: Timestamp(last_seen),
        });
    }
    Ok(PeoplePage { rows, next })
}

/// A stage as people call it.
fn stage_name(ruleset: &Ruleset, journey: &str, stage: &str) -> String {
    let definitions =
        ruleset.journeys.iter().find(|(key, _)| key.as_str() == journey).map(|(_, definitions)| definitions);
    let found = definitions.and_then(|d| d.latest().stages.iter().find(|s| s.key.as_str() == stage));
    found.map_or_else(|| stage.to_owned(), |stage| stage.name.clone())
}

/// The kind of a subject as addresses name it, and its prefix in the log.
const KINDS: [(&str, &str); 3] = [("visitor", "v:"), ("person", "p:"), ("account", "a:")];

fn prefix_of(kind: &str) -> Option<&'static str> {
    KINDS.iter().find(|(name, _)| *name == kind).map(|(_, prefix)| *prefix)
}

fn kind_of(subject: &str) -> &'static str {
    KINDS.iter().find(|(_, prefix)| subject.starts_with(prefix)).map_or("visitor", |(name, _)| name)
}

/// A subject with its name, if its traits have one.
pub async fn who(conn: &mut Conn<'_>, site_id: &str, subject: &str) -> Result<Who, ApiError> {
    let traits = traits_of(conn, site_id, subject).await?;
    let text = |name: &str| {
        let value = traits.iter().find(|known| known.name == name).map(|known| &known.value);
        value.and_then(|json| serde_json::from_str::<String>(json).ok()).filter(|text| !text.trim().is_empty())
    };
    let id = subject.get(2..).unwrap_or_default().to_owned();
    Ok(Who { kind: kind_of(subject).to_owned(), id, name: text("name").or_else(|| text("email")) })
}

/// Reads the cursor that a page before ended with: the instant and the subject of its last row.
fn cursor(text: &str) -> Option<(i64, String)> {
    let (at, subject) = text.split_once('.')?;
    Some((at.parse().ok()?, subject.to_owned()))
}

/// A pattern for `like … escape '\'` that finds a text anywhere, whatever it contains.
pub fn contains(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.trim().to_lowercase().chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_searched_for_is_no_pattern() {
        for (text, pattern) in [("Ada", "%ada%"), ("50%_\\", "%50\\%\\_\\\\%"), ("", "%%")] {
            assert_eq!(contains(text), pattern);
        }
        assert_eq!(cursor("17.p:a.b"), Some((17, "p:a.b".to_owned())));
        assert_eq!(cursor("x"), None);
    }
}
