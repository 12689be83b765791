//! The list of who is there: what was asked for, as the store is asked for it; and a page of answers.

use std::collections::BTreeMap;

use engine::journey::{Stage, StageKind};
use engine::{Span, Timestamp, Value};

use super::{KINDS, called, prefix_of, stage_name};
use crate::console::view::{PeoplePage, PeopleQuery, PeopleRow};
use crate::error::ApiError;
use crate::journey::{found_by, search_words};
use crate::prompts::Ruleset;
use crate::sites::Site;
use crate::state::App;
use crate::store::people::{self, Said, Stay, Test, Wanted};
use crate::store::subjects::SubjectRow;

/// Rows on a page of the list.
const PAGE: usize = 50;
/// Most words of a search that are looked for.
const WORDS: usize = 6;
/// Longest time that can be asked for, in days.
const DAYS: i64 = 36_500;

/// One page of the list, latest activity first.
pub async fn list(app: &App, site: &Site, query: &PeopleQuery) -> Result<PeoplePage, ApiError> {
    let ruleset = app.rulesets.of(&app.db, site).await?;
    let wanted = wanted(query, &ruleset, site.now(&app.clock));
    let (before, after) = query.after.as_deref().and_then(cursor).unwrap_or((i64::MAX, String::new()));
    let mut reader = app.db.read().await?;
    let mut conn = reader.conn();
    let mut found: Vec<SubjectRow> = Vec::new();
    for (kind, prefix) in KINDS.into_iter().filter(|(kind, _)| prefix_of(&query.kind).is_none() || *kind == query.kind)
    {
        let some =
            people::list(&mut conn, &site.id, (kind, prefix), &wanted, (before, &after), PAGE as i64 + 1).await?;
        found.extend(some);
    }
    found.sort_by(|a, b| (b.last_seen, a.subject.as_bytes()).cmp(&(a.last_seen, b.subject.as_bytes())));
    let has_more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| has_more).map(|row| format!("{}.{}", row.last_seen, row.subject));
    let staged: Vec<(String, String)> =
        found.iter().map(|row| (site.id.clone(), standing_in(row).to_owned())).collect();
    let mut stages: BTreeMap<String, (String, String)> = BTreeMap::new();
    for (_, subject, journey, stage) in people::staged(&mut conn, &staged).await? {
        let first = stages.entry(subject).or_insert_with(|| (journey.clone(), stage.clone()));
        if journey < first.0 {
            *first = (journey, stage);
        }
    }
    let row = |row: &SubjectRow| PeopleRow {
        who: called(row),
        stage: stages.get(standing_in(row)).map(|(journey, stage)| stage_name(&ruleset, journey, stage)),
        last_seen: Timestamp(row.last_seen),
    };
    Ok(PeoplePage { rows: found.iter().map(row).collect(), next })
}

/// The one whose stage counts for somebody: the account they belong to, else they themselves.
fn standing_in(row: &SubjectRow) -> &str {
    if row.account.is_empty() { &row.subject } else { &row.account }
}

fn wanted(query: &PeopleQuery, ruleset: &Ruleset, now: Timestamp) -> Wanted {
    let search = query.search.trim();
    let days = query.days.parse().ok().filter(|days| (1..=DAYS).contains(days));
    Wanted {
        words: search_words(search).into_iter().take(WORDS).collect(),
        id: search.to_owned(),
        is_searched: !search.is_empty(),
        since: days.map_or(0, |days| now.before(Span::days(days)).0),
        stays: stays(query, ruleset, now),
        said: said(query),
    }
}

/// The stages that are asked for, each with from and before when one must have come there.
fn stays(query: &PeopleQuery, ruleset: &Ruleset, now: Timestamp) -> Option<(String, Vec<Stay>)> {
    if query.stage.is_empty() && query.pace.is_empty() {
        return None;
    }
    let (journey, stage) = query.stage.split_once(':').unwrap_or((&query.stage, ""));
    // Without a journey's name the first is meant, of which the list shows the stages.
    let mut journeys = ruleset.journeys.iter();
    let found = journeys.find(|(key, _)| journey.is_empty() || key.as_str() == journey);
    let Some((key, definitions)) = found else { return Some((journey.to_owned(), Vec::new())) };
    let stages = definitions.latest().stages.iter().filter(|one| stage.is_empty() || one.key.as_str() == stage);
    let stays = stages.filter_map(|one| {
        let (from, to) = came(one, &query.pace, now)?;
        Some((one.key.to_string(), from, to))
    });
    Some((key.to_string(), stays.collect()))
}

/// From and before when one must have come to a stage to be on track, delayed or stuck there now; `None` where nobody can be.
fn came(stage: &Stage, pace: &str, now: Timestamp) -> Option<(i64, i64)> {
    let ago = |span: Option<Span>| span.filter(|_| stage.kind == StageKind::Linear).map(|span| now.before(span).0);
    let (delayed, stuck) = (ago(stage.delay_after), ago(stage.stuck_after));
    let late = delayed.into_iter().chain(stuck).max();
    match pace {
        "on_track" => Some((late.unwrap_or(i64::MIN), i64::MAX)),
        "delayed" => delayed.map(|delayed| (stuck.unwrap_or(i64::MIN), delayed)),
        "stuck" => stuck.map(|stuck| (i64::MIN, stuck)),
        _ => Some((i64::MIN, i64::MAX)),
    }
}

fn said(query: &PeopleQuery) -> Option<Said> {
    let name = query.named.trim();
    if name.is_empty() {
        return None;
    }
    let value = query.value.trim();
    let number = value.replace(',', ".").parse::<f64>().ok().filter(|number| number.is_finite());
    let test = match query.test.as_str() {
        // Somebody may have said 2.50, or "2.50".
        "is" => {
            let text = found_by(&Value::Text(value.to_owned())).0;
            Test::Is([number.map_or_else(|| text.clone(), |number| found_by(&Value::Number(number)).0), text])
        }
        // Nothing is above what is no number, or below it.
        "above" => Test::Above(number.unwrap_or(f64::INFINITY)),
        "below" => Test::Below(number.unwrap_or(f64::NEG_INFINITY)),
        _ => Test::Any,
    };
    Some(Said { name: name.to_owned(), trusted: query.by == "server", test })
}

/// Reads the cursor that a page before ended with: the instant and the subject of its last row.
fn cursor(text: &str) -> Option<(i64, String)> {
    let (at, subject) = text.split_once('.')?;
    Some((at.parse().ok()?, subject.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_an_instant_and_a_name_of_any_kind() {
        assert_eq!(cursor("17.p:a.b"), Some((17, "p:a.b".to_owned())));
        assert_eq!(cursor("x"), None);
    }

    #[test]
    fn how_somebody_gets_on_follows_from_when_they_came() {
        let stage = |kind: &str, delay: Option<&str>, stuck: Option<&str>| -> Stage {
            let json = serde_json::json!({ "key": "s", "name": "S", "kind": kind, "delay_after": delay, "stuck_after": stuck });
            serde_json::from_value(json).unwrap()
        };
        let (min, max, now) = (i64::MIN, i64::MAX, Timestamp(Span::days(100).0));
        let ago = |days: i64| now.before(Span::days(days)).0;
        for (stage, on_track, delayed, stuck) in [
            (
                stage("linear", Some("10d"), Some("20d")),
                Some((ago(10), max)),
                Some((ago(20), ago(10))),
                Some((min, ago(20))),
            ),
            (stage("linear", Some("10d"), None), Some((ago(10), max)), Some((min, ago(10))), None),
            (stage("linear", None, Some("20d")), Some((ago(20), max)), None, Some((min, ago(20)))),
            (stage("ongoing", Some("10d"), Some("20d")), Some((min, max)), None, None),
        ] {
            let all = ["on_track", "delayed", "stuck", ""].map(|pace| came(&stage, pace, now));
            assert_eq!(all, [on_track, delayed, stuck, Some((min, max))], "{stage:?}");
        }
    }
}
