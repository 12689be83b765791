//! One visitor, person or account with all that is known: stages, the trigger behind each move, the story, the traits.

use std::collections::HashMap;

use engine::identity::Stretch;
use engine::journey::{Cause as MoveCause, Move, MoveKind, State, Transition};
use engine::log::LogEvent;
use engine::rule::{NameOf, Names, words_with};
use engine::{Key, Span, Timestamp, Uuid, Value};

use super::{journey_name, latest, prefix_of, stage_name, who, who_all};
use crate::console::view::{Cause, Entry, MoveView, PinView, StageNow, SubjectPage, TraitView, Who};
use crate::error::ApiError;
use crate::journey::{self, Trait};
use crate::prompts::Ruleset;
use crate::sites::Site;
use crate::state::App;
use crate::store::{self, Conn, identity, states, subjects};

/// Lines of the timeline on one page.
const PAGE: usize = 100;

/// The last instant of a subject is kept by the minute.
const MINUTE: i64 = 60_000;

/// The page of one of them, its timeline up to the cursor `before`; `None` where nobody of this kind and id was seen.
pub async fn subject(
    app: &App,
    site: &Site,
    kind: &str,
    id: &str,
    before: Option<&str>,
) -> Result<Option<SubjectPage>, ApiError> {
    let Some(prefix) = prefix_of(kind) else { return Ok(None) };
    let subject = format!("{prefix}{id}");
    let mut reader = app.db.read().await?;
    let mut conn = reader.conn();
    let traits = journey::traits_of(&mut conn, &site.id, &subject).await?;
    let members = members(&mut conn, &site.id, kind, id).await?;
    // The stage that counts for a person is the account's, and what was said of the account is part of the person's story.
    let account = members.iter().find(|member| kind != "account" && member.kind == "account").cloned();
    let staged = account.as_ref().map_or_else(|| subject.clone(), |account| format!("a:{}", account.id));
    let before = before.and_then(cursor);
    let (timeline, older) = story(&mut conn, &site.id, &subject, account.as_ref(), before).await?;
    if timeline.is_empty() && before.is_none() && traits.is_empty() && members.is_empty() {
        return Ok(None);
    }
    let ruleset = app.rulesets.of(&app.db, site).await?;
    let stages = states::stages_of(&mut conn, &site.id, &staged).await?;
    let states = states::states_of(&mut conn, &site.id, &staged).await?;
    let now = site.now(&app.clock);
    let stages = stages.into_iter().map(|(journey, stage, since, cycle, _)| StageNow {
        journey: journey_name(&ruleset, &journey),
        stage: stage_name(&ruleset, &journey, &stage),
        pin: states.iter().find(|(of, _)| *of == journey).and_then(|(_, state)| pin(&ruleset, &journey, state, now)),
        since: Timestamp(since),
        cycle,
    });
    let moves = moves(&mut conn, &site.id, &staged, &ruleset).await?;
    let names = ruleset.names();
    Ok(Some(SubjectPage {
        who: who(&mut conn, &site.id, &subject).await?,
        stages: stages.collect(),
        moves,
        timeline: timeline.iter().map(|told| entry(told, &names)).collect(),
        older,
        traits: traits.into_iter().map(trait_view).collect(),
        unattributed: journey::unattributed(&mut conn, &site.id, &subject).await?,
        members,
    }))
}

/// The pin that holds a subject in its stage now.
fn pin(ruleset: &Ruleset, journey: &str, state: &str, now: Timestamp) -> Option<PinView> {
    let state: State = serde_json::from_str(state).ok()?;
    let until = state.pinned_until().filter(|until| now < *until)?;
    let name = |key: &Key| {
        let transition = transition(ruleset, journey, key)?;
        Some(stage_name(ruleset, journey, transition.to.as_str()))
    };
    let held_back = state.held_back().iter().filter_map(|(key, at)| Some((name(key)?, *at)));
    Some(PinView { until, held_back: held_back.collect() })
}

/// The moves, newest first, each with what set it off.
async fn moves(
    conn: &mut Conn<'_>,
    site_id: &str,
    subject: &str,
    ruleset: &Ruleset,
) -> Result<Vec<MoveView>, ApiError> {
    let rows = states::moves_of(conn, site_id, subject).await?;
    let read = |(journey, body): (String, String)| Some((journey, serde_json::from_str::<Move>(&body).ok()?));
    let rows: Vec<(String, Move)> = rows.into_iter().filter_map(read).collect();
    let cause = |(_, it): &(String, Move)| match it.cause {
        MoveCause::Event(id) => Some((site_id.to_owned(), id.write())),
        MoveCause::Deadline { .. } => None,
    };
    let causes: Vec<(String, String)> = rows.iter().filter_map(cause).collect();
    let events = store::events::named(conn, &causes).await?.into_iter();
    let events: HashMap<String, (String, Timestamp)> =
        events.map(|(id, name, at)| (id, (name, Timestamp(at)))).collect();
    let mut moves: Vec<(Move, MoveView)> = Vec::new();
    for (journey, it) in rows {
        let cause = match (&it.kind, it.cause) {
            (MoveKind::Start, _) => Cause::Start,
            (_, MoveCause::Event(id)) => Cause::Event {
                id: id.write(),
                name: events
                    .get(&id.write())
                    .map_or_else(|| "an event that is gone".to_owned(), |(name, _)| name.clone()),
                at: events.get(&id.write()).map_or(it.at, |(_, at)| *at),
            },
            (kind, MoveCause::Deadline { .. }) => Cause::Timer { what: what_ran_out(ruleset, &journey, kind) },
        };
        let view = MoveView {
            at: it.at,
            from: it.from.as_ref().map(|stage| stage_name(ruleset, &journey, stage.as_str())),
            to: stage_name(ruleset, &journey, it.to.as_str()),
            journey: journey_name(ruleset, &journey),
            cause,
        };
        moves.push((it, view));
    }
    moves.sort_by_key(|(it, _)| std::cmp::Reverse((it.at, it.seq)));
    Ok(moves.into_iter().map(|(_, view)| view).collect())
}

fn what_ran_out(ruleset: &Ruleset, journey: &str, kind: &MoveKind) -> String {
    let MoveKind::Transition(key) = kind else { return "time passed".to_owned() };
    let transition = transition(ruleset, journey, key);
    transition.map_or_else(|| "time passed".to_owned(), |transition| words_with(&transition.when, &ruleset.names()))
}

fn transition<'r>(ruleset: &'r Ruleset, journey: &str, key: &Key) -> Option<&'r Transition> {
    latest(ruleset, journey)?.transitions.iter().find(|transition| transition.key == *key)
}

/// The place of an event in a log, as [`LogEvent::order`] gives it.
type Place = (Timestamp, u8, Uuid);

/// The first stretch that is read for a page of the story; each further one is four times as long.
const STRETCH: Span = Span::days(1);

/// One page of the story up to a cursor, newest first, and the cursor of the next one. What was said of the account belongs to it. It is
/// read from its end on in stretches that grow, so that of a long log no more is read than is told.
async fn story(
    conn: &mut Conn<'_>,
    site_id: &str,
    subject: &str,
    account: Option<&Who>,
    before: Option<Place>,
) -> Result<(Vec<Told>, Option<String>), ApiError> {
    let whose: Vec<String> =
        [subject.to_owned()].into_iter().chain(account.map(|account| format!("a:{}", account.id))).collect();
    let rows: Vec<(String, String)> = whose.iter().map(|one| (site_id.to_owned(), one.clone())).collect();
    let rows = subjects::of(conn, &rows).await?;
    // Of whom there is no row yet all is read at once.
    let first = rows.iter().map(|row| row.first_seen).min().filter(|_| rows.len() == whose.len());
    let last = rows.iter().map(|row| row.last_seen + MINUTE).max().unwrap_or(i64::MAX);
    let mut to = before.map_or(Timestamp(last), |(at, ..)| at.after(Span(1)));
    let mut told: Vec<Told> = Vec::new();
    let mut width = STRETCH;
    while told.len() <= PAGE {
        let from = to.before(width);
        let from = if first.is_some_and(|first| first < from.0) { from } else { Timestamp(i64::MIN) };
        let within = Stretch { from, to };
        let mut part = tell(journey::part_of_subject(conn, site_id, subject, within).await?, None);
        if let Some(account) = account {
            let own = journey::own_part(conn, site_id, &whose[1], within).await?;
            part.extend(tell(own, Some(account.clone())));
            part.sort_by_key(|(event, _)| event.order());
            part.dedup_by_key(|(event, _)| event.id);
        }
        part.retain(|(event, _)| before.is_none_or(|before| event.order() < before));
        told.extend(part.into_iter().rev());
        if from == Timestamp(i64::MIN) {
            break;
        }
        (to, width) = (from, Span(width.0.saturating_mul(4)));
    }
    let has_more = told.len() > PAGE;
    told.truncate(PAGE);
    let older = told.last().filter(|_| has_more).map(|(event, _)| {
        let (at, rank, id) = event.order();
        format!("{}.{rank}.{id}", at.0)
    });
    Ok((told, older))
}

/// Reads the cursor that a page of the story ended with.
fn cursor(text: &str) -> Option<Place> {
    let (at, rest) = text.split_once('.')?;
    let (rank, id) = rest.split_once('.')?;
    Some((Timestamp(at.parse().ok()?), rank.parse().ok()?, Uuid::parse(id)?))
}

/// An event, and whose it is if not the one's that the page is about.
type Told = (LogEvent, Option<Who>);

fn tell(log: Vec<LogEvent>, by: Option<Who>) -> Vec<Told> {
    log.into_iter().map(|event| (event, by.clone())).collect()
}

fn entry((event, by): &Told, names: &Names) -> Entry {
    Entry {
        id: event.id.write(),
        at: event.at,
        name: event.name.clone(),
        url: (!event.url.is_empty()).then(|| event.url.clone()),
        details: details(event, names),
        trusted: event.origin.is_trusted(),
        by: by.clone(),
    }
}

/// What people want to know of an event: the prompt it is about, then its properties.
fn details(event: &LogEvent, names: &Names) -> Vec<(String, String)> {
    // Ours, and of no interest to anybody who reads a story.
    const OURS: [&str; 3] = ["interrupts", "version", "response"];
    let prompt =
        event.prompt.as_ref().map(|(key, _)| ("prompt".to_owned(), names.of(NameOf::Prompt, key.as_str()).to_owned()));
    let props = event.props.0.iter().filter(|(name, _)| !OURS.contains(&name.as_str()));
    let props = props.map(|(name, value)| (name.clone(), text(value)));
    let referrer = (!event.referrer.is_empty()).then(|| ("from".to_owned(), event.referrer.clone()));
    prompt.into_iter().chain(props).chain(referrer).collect()
}

fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => if *flag { "yes" } else { "no" }.to_owned(),
        Value::List(list) => list.iter().map(text).collect::<Vec<_>>().join(", "),
        Value::Null => "none".to_owned(),
        Value::Other => "…".to_owned(),
    }
}

fn trait_view(Trait { name, value, word, at }: Trait) -> TraitView {
    let value = serde_json::from_str::<Value>(&value).map_or(value, |value| text(&value));
    TraitView { name, value, word, at }
}

/// Whom they belong to, and who belongs to them.
async fn members(conn: &mut Conn<'_>, site_id: &str, kind: &str, id: &str) -> Result<Vec<Who>, ApiError> {
    let site = || site_id.to_owned();
    let mut subjects = Vec::new();
    match kind {
        "account" => {
            let members = identity::members_of(conn, site_id, id).await?;
            subjects.extend(members.into_iter().map(|(_, member, ..)| member));
        }
        "person" => {
            let memberships = identity::memberships_of(conn, &[(site(), format!("p:{id}"))]).await?;
            subjects.extend(memberships.into_iter().map(|(_, _, account, ..)| format!("a:{account}")));
            let visitors = identity::visitors_of(conn, site_id, id).await?;
            subjects.extend(visitors.into_iter().map(|visitor| format!("v:{visitor}")));
        }
        _ => {
            let edges = identity::edges_of_visitors(conn, &[(site(), id.to_owned())]).await?;
            subjects.extend(edges.into_iter().map(|(.., user)| format!("p:{user}")));
        }
    }
    Ok(who_all(conn, site_id, subjects).await?.into_values().collect())
}
