//! What the log knows about visitors, persons and accounts, for the console's pages.

mod list;
mod subject;

use std::collections::BTreeMap;

use engine::journey::Journey;
use engine::{Span, Timestamp};

use crate::console::view::{Summary, Who};
use crate::error::ApiError;
use crate::journey::{text_of, traits_of};
use crate::prompts::Ruleset;
use crate::sites::Site;
use crate::state::App;
use crate::store::subjects::{self, SubjectRow};
use crate::store::{Conn, people};

pub use crate::journey::Word;
pub use list::list;
pub use subject::subject;

/// The numbers of a site's first page.
pub async fn summary(app: &App, site: &Site) -> Result<Summary, ApiError> {
    let mut reader = app.db.read().await?;
    let mut conn = reader.conn();
    let since = site.now(&app.clock).before(Span::days(1)).0;
    let counted = people::stages(&mut conn, &site.id).await?;
    let ruleset = app.rulesets.of(&app.db, site).await?;
    let mut stages = Vec::new();
    for (key, definitions) in &ruleset.journeys {
        for stage in &definitions.latest().stages {
            let here = counted.iter().find(|it| it.journey == key.as_str() && it.stage == stage.key.as_str());
            let name = definitions.latest().name.clone();
            stages.push((name, stage.name.clone(), here.map_or(0, people::InStage::all)));
        }
    }
    Ok(Summary {
        last_visit: people::last_visit(&mut conn, &site.id).await?.map(Timestamp),
        events_today: people::events_since(&mut conn, &site.id, since).await?,
        visitors_today: people::browsers_since(&mut conn, &site.id, since).await?,
        persons: people::of_kind(&mut conn, &site.id, "person").await?,
        accounts: people::of_kind(&mut conn, &site.id, "account").await?,
        stages,
    })
}

/// A journey as it is now.
fn latest<'r>(ruleset: &'r Ruleset, journey: &str) -> Option<&'r Journey> {
    let found = ruleset.journeys.iter().find(|(key, _)| key.as_str() == journey);
    found.map(|(_, definitions)| definitions.latest())
}

/// A journey as people call it.
fn journey_name(ruleset: &Ruleset, journey: &str) -> String {
    latest(ruleset, journey).map_or_else(|| journey.to_owned(), |journey| journey.name.clone())
}

/// A stage as people call it.
fn stage_name(ruleset: &Ruleset, journey: &str, stage: &str) -> String {
    let found = latest(ruleset, journey).and_then(|journey| journey.stages.iter().find(|s| s.key.as_str() == stage));
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
    let name = text_of(&traits, "name").or_else(|| text_of(&traits, "email"));
    Ok(Who { kind: kind_of(subject).to_owned(), id: id_of(subject), name })
}

/// Many subjects of a site with their names, by subject.
pub async fn who_all(
    conn: &mut Conn<'_>,
    site_id: &str,
    subjects: impl IntoIterator<Item = String>,
) -> Result<BTreeMap<String, Who>, ApiError> {
    let wanted: Vec<(String, String)> = subjects.into_iter().map(|subject| (site_id.to_owned(), subject)).collect();
    let rows = subjects::of(conn, &wanted).await?;
    let mut all: BTreeMap<String, Who> = BTreeMap::new();
    for (_, subject) in wanted {
        let who = Who { kind: kind_of(&subject).to_owned(), id: id_of(&subject), name: None };
        all.insert(subject, who);
    }
    all.extend(rows.iter().map(|row| (row.subject.clone(), called(row))));
    Ok(all)
}

fn called(row: &SubjectRow) -> Who {
    let name = [&row.name, &row.email].into_iter().find(|text| !text.is_empty()).cloned();
    Who { kind: kind_of(&row.subject).to_owned(), id: id_of(&row.subject), name }
}

fn id_of(subject: &str) -> String {
    subject.get(2..).unwrap_or_default().to_owned()
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
    }
}
