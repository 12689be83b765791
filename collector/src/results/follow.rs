//! Keeps the tally and the responses while events come in, and folds them anew where the past has changed: somebody said who a visitor
//! is, or the days are those of another time zone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::Key;
use engine::event::Action;
use engine::experiment::Goal;
use engine::identity::Edges;
use engine::log::LogEvent;

use super::acts::Acts;
use super::answers::{Answered, response_of};
use super::days::Days;
use crate::journey::edges_by_visitor;
use crate::prompts::Ruleset;
use crate::store::results::{self, Tallied};
use crate::store::{self, Conn, Result};

/// What there is of somebody.
#[derive(Clone, Debug)]
pub struct News {
    /// The site.
    pub site: String,
    /// `p:…` or `v:…`.
    pub person: String,
    /// New events, or all there are.
    pub events: Vec<LogEvent>,
    /// Whether these are all there are.
    pub anew: bool,
    /// What the site has published.
    pub ruleset: Arc<Ruleset>,
}

impl News {
    /// Of these events those about prompts and those that prompts are for; `None` where there is nothing to follow.
    pub fn of<'e>(
        site: &str,
        person: &str,
        events: impl IntoIterator<Item = &'e LogEvent>,
        anew: bool,
        ruleset: &Arc<Ruleset>,
    ) -> Option<News> {
        let is_goal = |event: &LogEvent| ruleset.goals.values().any(|goal| goal.event == event.name);
        let concerns = |event: &&LogEvent| event.prompt.is_some() || is_goal(event);
        let events: Vec<LogEvent> = events.into_iter().filter(concerns).cloned().collect();
        let is_news = anew || !events.is_empty();
        let (site, person, ruleset) = (site.to_owned(), person.to_owned(), ruleset.clone());
        is_news.then(|| News { site, person, events, anew, ruleset })
    }

    /// What a prompt is for, if it says so.
    fn goal(&self, prompt: &str) -> Option<&Goal> {
        self.ruleset.goals.get(&Key::parse(prompt)?)
    }

    /// The events about a prompt, by its key; none for those `known` ones that an event is for.
    fn by_prompt<'n>(&'n self, known: &'n BTreeMap<String, Acts>) -> BTreeMap<&'n str, Vec<(&'n LogEvent, Action)>> {
        let mut by_prompt: BTreeMap<&str, Vec<(&LogEvent, Action)>> = BTreeMap::new();
        for event in &self.events {
            if let Some((prompt, action)) = &event.prompt {
                by_prompt.entry(prompt.as_str()).or_default().push((event, *action));
            }
        }
        if !self.anew {
            let is_reached = |goal: &Goal| self.events.iter().any(|event| event.name == goal.event);
            for prompt in known.keys().filter(|prompt| self.goal(prompt).is_some_and(is_reached)) {
                by_prompt.entry(prompt.as_str()).or_default();
            }
        }
        by_prompt
    }
}

/// Follows. The people must be locked: what is known of them is read, and written back.
pub async fn follow(conn: &mut Conn<'_>, news: Vec<News>, days: &BTreeMap<String, Days>) -> Result<()> {
    if news.is_empty() {
        return Ok(());
    }
    let news = without_doubles(conn, news).await?;
    let people: Vec<(String, String)> = news.iter().map(|it| (it.site.clone(), it.person.clone())).collect();
    let mut known: BTreeMap<(String, String), BTreeMap<String, Acts>> = BTreeMap::new();
    for (site, person, prompt, acts) in results::acts_of(conn, &people).await? {
        known.entry((site, person)).or_default().insert(prompt, serde_json::from_str(&acts).unwrap_or_default());
    }
    let (mut saved, mut tally) = (Vec::new(), BTreeMap::new());
    for (news, whose) in news.iter().zip(people) {
        let Some(days) = days.get(&news.site) else { continue };
        let known = known.remove(&whose).unwrap_or_default();
        if known.is_empty() && news.events.is_empty() {
            continue;
        }
        let by_prompt = news.by_prompt(&known);
        for prompt in known.keys().filter(|key| news.anew && !by_prompt.contains_key(key.as_str())) {
            count(&mut tally, news, prompt, &known[prompt], -1);
            results::delete_acts(conn, &news.site, &news.person, prompt).await?;
        }
        let mut may_be_reached = false;
        for (prompt, events) in by_prompt {
            let goal = news.goal(prompt);
            let before = known.get(prompt).cloned().unwrap_or_default();
            let mut acts = if news.anew { Acts::default() } else { before.clone() };
            for (event, action) in events {
                may_be_reached |= acts.take(event, action, goal, days);
            }
            if let Some(goal) = goal {
                let reaching = news.events.iter().filter(|event| event.name == goal.event);
                reaching.for_each(|event| acts.reach(event.at, goal, days));
            }
            if acts == before {
                continue;
            }
            count(&mut tally, news, prompt, &before, -1);
            count(&mut tally, news, prompt, &acts, 1);
            let json = serde_json::to_string(&acts).unwrap_or_default();
            saved.push((news.site.clone(), news.person.clone(), prompt.to_owned(), json));
        }
        // What they did before this came may count now; nothing of it was kept, but it is in their log.
        if may_be_reached && !news.anew {
            results::mark(conn, &news.site, &news.person).await?;
        }
        keep_responses(conn, news).await?;
    }
    results::put_acts(conn, &saved).await?;
    let tally: Vec<(Tallied, i64)> = tally.into_iter().filter(|(_, by)| *by != 0).collect();
    results::tally(conn, &tally).await
}

/// Leaves out of a visitor's events those that count for whom it turned out to be.
async fn without_doubles(conn: &mut Conn<'_>, mut news: Vec<News>) -> Result<Vec<News>> {
    let visitor = |news: &News| Some((news.site.clone(), news.person.strip_prefix("v:")?.to_owned()));
    let visitors: BTreeSet<(String, String)> = news.iter().filter_map(visitor).collect();
    let visitors: Vec<(String, String)> = visitors.into_iter().collect();
    if visitors.is_empty() {
        return Ok(news);
    }
    let edges: BTreeMap<(String, String), Edges> =
        edges_by_visitor(store::identity::edges_of_visitors(conn, &visitors).await?);
    for one in &mut news {
        if let Some(edges) = visitor(one).and_then(|visitor| edges.get(&visitor)) {
            one.events.retain(|event| edges.owner_at(event.at).is_none());
        }
    }
    Ok(news)
}

fn count(tally: &mut BTreeMap<Tallied, i64>, news: &News, prompt: &str, acts: &Acts, by: i64) {
    for (variant, what, day, next_day) in acts.cells() {
        let site_id = news.site.clone();
        *tally.entry(Tallied { site_id, variant, prompt: prompt.to_owned(), what, day, next_day }).or_default() += by;
    }
}

async fn keep_responses(conn: &mut Conn<'_>, news: &News) -> Result<()> {
    if news.anew {
        results::delete_responses(conn, &news.site, &news.person).await?;
    }
    let mut responses: BTreeMap<(&str, String), Answered> = BTreeMap::new();
    for event in &news.events {
        let Some((prompt, Action::Answered)) = &event.prompt else { continue };
        let of = (prompt.as_str(), response_of(event));
        if !news.anew
            && !responses.contains_key(&of)
            && let Some(row) = results::response(conn, &news.site, &news.person, (of.0, &of.1)).await?
        {
            responses.insert(of.clone(), Answered::read(&row));
        }
        responses.entry(of).or_default().take(event);
    }
    for ((prompt, id), answered) in responses {
        results::put_response(conn, &news.site, &answered.row(&news.person, prompt, &id)).await?;
    }
    Ok(())
}
