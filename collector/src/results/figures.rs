//! How many people did what with each prompt in a period.

use std::collections::BTreeMap;

use engine::Key;
use engine::experiment::Goal;
use engine::score::{FEW, Share, change};
use serde_json::Value;

use super::acts::{ARMS, Deed};
use super::days::{Days, Period};
use super::scores::{Scored, scored};
use crate::error::ApiError;
use crate::prompts::work::Status;
use crate::sites::Site;
use crate::state::App;
use crate::store::{Conn, results, work};

/// Distinct people by what they did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts(BTreeMap<&'static str, i64>);

/// A prompt with its numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its key.
    pub key: String,
    /// What the team calls it.
    pub title: String,
    /// How far it is.
    pub status: Status,
    /// The name of its content in files.
    pub kind: String,
    /// What it is for, where it says so.
    pub goal: Option<Goal>,
    /// Its numbers.
    pub counts: Counts,
}

/// A version of a prompt with the numbers of those who saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// Its key.
    pub key: String,
    /// Their numbers.
    pub counts: Counts,
}

/// One prompt in a period.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// Its numbers.
    pub line: Line,
    /// What its scores come to.
    pub scores: Vec<Scored>,
    /// The same in the period before.
    pub scores_before: Vec<Scored>,
    /// By version; none where there is one.
    pub variants: Vec<Variant>,
    /// Those who might see it beside those it was held back from; none without a goal, or where it is held back from nobody.
    pub arms: Option<Arms>,
}

/// Those whom a lot let see a prompt, and those it was held back from: how many of each did what it is for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arms {
    /// The lots of these days, as far as whoever drew them has had all the time that the goal gives.
    pub period: Period,
    /// Of those who might see it.
    pub with: Share,
    /// Of those it was held back from.
    pub without: Share,
    /// The share that it is to be held back from.
    pub holdout: f64,
}

/// A day, in ms.
const DAY: i64 = 86_400_000;

/// Which of several versions does best.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Best {
    /// Fewer than ten people saw one of them: so many.
    TooFew(i64),
    /// Chance may have made all the differences.
    Nobody,
    /// The one at this place, against each of the others; `p` is the least certain of these comparisons.
    One(usize, f64),
}

impl Line {
    fn of(key: String, status: &str, body: &str, goals: &BTreeMap<Key, Goal>, counts: Counts) -> Line {
        let goal = Key::parse(&key).and_then(|key| goals.get(&key)).cloned();
        let document: Value = serde_json::from_str(body).unwrap_or_default();
        let kind = document["content"].as_object().and_then(|content| content.keys().next()).cloned();
        let (kind, title) = (kind.unwrap_or_default(), title(&key, body));
        Line { key, title, status: status_of(status), kind, goal, counts }
    }

    /// Whether nobody can do that with such a prompt, or nobody writes it down: a nought would say that nobody did.
    pub fn cannot(&self, deed: Deed) -> bool {
        match deed {
            Deed::Eligible => true,
            Deed::Answered => !matches!(self.kind.as_str(), "nps" | "survey" | "form"),
            Deed::Converted => self.kind == "nps" && self.goal.is_none(),
            _ => false,
        }
    }
}

impl Counts {
    /// How many.
    pub fn of(&self, deed: Deed) -> i64 {
        self.0.get(deed.name()).copied().unwrap_or_default()
    }

    /// Whether nobody did anything.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those of them who did, of those who were shown it. Whoever was shown it before the period and answered in it makes no share
    /// larger than the whole.
    pub fn share(&self, deed: Deed) -> Share {
        let (hits, of) = (self.of(deed).max(0) as u64, self.of(Deed::Shown).max(0) as u64);
        Share { hits: hits.min(of), of }
    }

    fn add(&mut self, what: &str, people: i64) {
        if let Some(deed) = Deed::ALL.into_iter().find(|deed| deed.name() == what) {
            *self.0.entry(deed.name()).or_default() += people;
        }
    }
}

/// All prompts of a site: those that are or were on its pages, and whatever else has numbers.
pub async fn overview(app: &App, site: &Site, period: Period) -> Result<Vec<Line>, ApiError> {
    let ruleset = app.rulesets.of(&app.db, site).await?;
    let mut reader = app.db.read().await?;
    let mut conn = reader.conn();
    let mut counts: BTreeMap<String, Counts> = BTreeMap::new();
    for (prompt, what, people) in results::tallied(&mut conn, &site.id, period.from, period.to).await? {
        counts.entry(prompt).or_default().add(&what, people);
    }
    let mut lines = Vec::new();
    for (key, status, body, ..) in work::all(&mut conn, &site.id).await? {
        let counts = counts.remove(&key).unwrap_or_default();
        let line = Line::of(key, &status, &body, &ruleset.goals, counts);
        if !line.counts.is_empty() || matches!(line.status, Status::Live | Status::Paused) {
            lines.push(line);
        }
    }
    lines.sort_by(|a, b| (-a.counts.of(Deed::Shown), &a.title).cmp(&(-b.counts.of(Deed::Shown), &b.title)));
    Ok(lines)
}

/// One prompt; `None` where there is none of this key.
pub async fn of_prompt(app: &App, site: &Site, key: &str, period: Period) -> Result<Option<Figures>, ApiError> {
    let ruleset = app.rulesets.of(&app.db, site).await?;
    let mut reader = app.db.read().await?;
    let mut conn = reader.conn();
    let Some((key, status, body, ..)) = work::one(&mut conn, &site.id, key).await? else { return Ok(None) };
    let all = results::tallied_of(&mut conn, &site.id, (&key, ""), period.from, period.to).await?;
    let before = period.before();
    let before = results::tallied_of(&mut conn, &site.id, (&key, ""), before.from, before.to).await?;
    let mut variants = Vec::new();
    for variant in results::variants(&mut conn, &site.id, &key).await? {
        let counts = results::tallied_of(&mut conn, &site.id, (&key, &variant), period.from, period.to).await?;
        if !counts.is_empty() {
            variants.push(Variant { key: variant, counts: counted(&counts) });
        }
    }
    let line = Line::of(key, &status, &body, &ruleset.goals, counted(&all));
    let arms = match &line.goal {
        Some(goal) => {
            // A lot of the last days may still come to something, on either side.
            let today = Days::of(&site.timezone).day(site.now(&app.clock));
            let waited = goal.within.0.div_euclid(DAY) + i64::from(goal.within.0.rem_euclid(DAY) > 0);
            let period = Period { to: period.to.min(today - waited - 1), ..period };
            let tally = results::tallied_of(&mut conn, &site.id, (&line.key, ""), period.from, period.to).await?;
            arms(&tally, period, holdout(&body))
        }
        None => None,
    };
    let few = variants.len() < 2;
    if few {
        variants.clear();
    }
    Ok(Some(Figures { line, scores: scored(&all), scores_before: scored(&before), variants, arms }))
}

/// What a prompt is called, by its key; `None` where there is none.
pub async fn title_of(conn: &mut Conn<'_>, site_id: &str, key: &str) -> Result<Option<String>, ApiError> {
    Ok(work::one(conn, site_id, key).await?.map(|(key, _, body, ..)| title(&key, &body)))
}

/// Which version does best, by the share of those who saw it and did this.
pub fn best(variants: &[Variant], deed: Deed) -> Best {
    let least = variants.iter().map(|variant| variant.counts.of(Deed::Shown)).min().unwrap_or_default();
    if least < FEW as i64 {
        return Best::TooFew(least);
    }
    let shares: Vec<Share> = variants.iter().map(|variant| variant.counts.share(deed)).collect();
    let value = |place: &usize| shares[*place].value().unwrap_or_default();
    let Some(first) = (0..shares.len()).max_by(|a, b| value(a).total_cmp(&value(b))) else { return Best::Nobody };
    let mut worst = 0f64;
    for other in (0..shares.len()).filter(|other| *other != first) {
        let pair = shares[other].sample().zip(shares[first].sample());
        match pair.and_then(|(other, first)| change(other, first)) {
            Some(change) if change.is_detectable(shares.len() - 1) => worst = worst.max(change.p),
            _ => return Best::Nobody,
        }
    }
    Best::One(first, worst)
}

/// The share that a prompt is held back from.
fn holdout(body: &str) -> f64 {
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    body["experiment"]["holdout"].as_f64().unwrap_or_default()
}

fn arms(tally: &[(String, i64)], period: Period, holdout: f64) -> Option<Arms> {
    let of = |name: &str| {
        let people = tally.iter().find(|(what, _)| what == name).map_or(0, |(_, people)| *people);
        u64::try_from(people).unwrap_or_default()
    };
    let [with, without] = ARMS.map(|(all, reached)| Share { hits: of(reached), of: of(all) });
    (holdout > 0.0 || without.of > 0).then_some(Arms { period, with, without, holdout })
}

fn counted(rows: &[(String, i64)]) -> Counts {
    let mut counts = Counts::default();
    rows.iter().for_each(|(what, people)| counts.add(what, *people));
    counts
}

fn status_of(name: &str) -> Status {
    Status::ALL.into_iter().find(|status| status.name() == name).unwrap_or(Status::Draft)
}

/// Its name; its key in words where nobody has given it one.
fn title(key: &str, body: &str) -> String {
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    match body["name"].as_str().map(str::trim) {
        Some(name) if !name.is_empty() => name.to_owned(),
        _ => key.replace(['_', '-'], " "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_wins_by_chance() {
        let variant = |key: &str, shown, answered| {
            let mut counts = Counts::default();
            counts.add("shown", shown);
            counts.add("answered", answered);
            Variant { key: key.to_owned(), counts }
        };
        let best = |shown: &[(i64, i64)]| {
            let variants: Vec<_> = shown.iter().map(|(shown, answered)| variant("a", *shown, *answered)).collect();
            super::best(&variants, Deed::Answered)
        };
        assert_eq!(best(&[(100, 40), (7, 7)]), Best::TooFew(7));
        assert_eq!(best(&[(100, 40), (100, 45)]), Best::Nobody);
        assert!(matches!(best(&[(100, 40), (100, 55)]), Best::One(1, p) if (0.03..0.035).contains(&p)));
        // The same difference among five is none.
        assert_eq!(best(&[(100, 40), (100, 55), (100, 40), (100, 40), (100, 40)]), Best::Nobody);
        assert_eq!(best(&[(20, 0), (20, 0)]), Best::Nobody);
    }
}
