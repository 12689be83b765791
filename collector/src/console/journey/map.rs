//! The map: the stages of a journey from left to right, who is in each now, and what moves people between them.

use axum::extract::State;
use axum::response::Response;
use engine::Key;
use engine::journey::{Journey, Stage, StageKind, Transition, TransitionKind};
use engine::rule::{Condition, words};
use maud::{Markup, html};

use super::connected::{missing, never_holds};
use super::curves::{Grid, Side, draw, origins, row_id};
use super::moved::{MOST, Moved};
use crate::auth::May;
use crate::console::access::Here;
use crate::console::layout::{Room, page};
use crate::console::people::escape;
use crate::console::people_filter::stage_of;
use crate::console::words::count;
use crate::error::ApiError;
use crate::prompts::Ruleset;
use crate::state::App;
use crate::store;
use crate::store::people::InStage;

/// `GET /s/{site}/journey`.
pub async fn show(State(app): State<App>, here: Here) -> Result<Response, ApiError> {
    let ruleset = app.rulesets.of(&app.db, &here.site).await?;
    // Side by side: each takes as long as all the rest of the page.
    let counted = async { store::people::stages(&mut app.db.read().await?.conn(), &here.site.id).await };
    let (counted, (moved, arrived)) = tokio::try_join!(counted, moved(&app, &here, &ruleset))?;
    let content = html! {
        header.head {
            h1 { "Journey" }
        }
        @if ruleset.journeys.is_empty() {
            div.empty {
                p { "A journey is the way of your customers in stages, such as evaluation, onboarding, retention. What they do moves them, and prompts may go by it." }
                @if here.may(May::Publish) { p.more { a.button href=(here.to("/journey/saas/edit")) { "Begin with the usual seven stages" } } }
            }
        }
        @for ((key, definitions), moved) in ruleset.journeys.iter().zip(&moved) {
            section {
                header.head {
                    h2 { (definitions.latest().name) }
                    a.button.quiet href=(here.to(&format!("/journey/{key}/edit"))) { @if here.may(May::Publish) { "Edit" } @else { "Look closer" } }
                }
                (map(&here.to("/people"), definitions.latest(), &counted, moved, &arrived))
                (ways(definitions.latest(), moved, &arrived))
                (milestones(definitions.latest()))
            }
        }
    };
    Ok(page(&here, Room::Journey, "Journey", &content))
}

/// What has moved in each journey, and the events that have ever arrived.
async fn moved(app: &App, here: &Here, ruleset: &Ruleset) -> store::Result<(Vec<Moved>, Vec<String>)> {
    let mut moved = Vec::new();
    for (key, _) in &ruleset.journeys {
        moved.push(Moved::of(app, here, key).await?);
    }
    Ok((moved, store::events::names(&mut app.db.read().await?.conn(), &here.site.id).await?))
}

fn map(people: &str, journey: &Journey, counted: &[InStage], moved: &Moved, arrived: &[String]) -> Markup {
    let of = |stage: &Stage| {
        let is_it = |it: &&InStage| it.journey == journey.key.as_str() && it.stage == stage.key.as_str();
        counted.iter().find(is_it).cloned().unwrap_or_default()
    };
    let all: i64 = journey.stages.iter().map(|stage| of(stage).all()).sum();
    let is_lost = |one: &Transition| never_holds(&one.when, arrived);
    let card = |stage: &Stage| {
        let within = of(stage);
        let here = within.all();
        html! {
            h3 { (stage.name) }
            p.value { a href={ (people) "?stage=" (escape(&stage_of(journey.key.as_str(), stage.key.as_str()))) } title={ "Who is in " (stage.name) } { (count(here)) } }
            p.hint { (who(&[(within.accounts, "account", "accounts"), (within.persons, "known person", "known people"), (within.visitors, "visitor", "visitors")])) }
            svg.bar viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true" { rect width=(here * 100 / all.max(1)) height="1" {} }
            p.hint { (time(stage)) }
            @if !stage.milestones.is_empty() {
                a.markers href={ "#" (milestones_of(journey, stage)) } {
                    @for _ in &stage.milestones { span aria-hidden="true" { "◆" } }
                    span.unseen { (stage.milestones.len()) " milestones of " (stage.name) }
                }
            }
        }
    };
    html! {
        div class={ "atlas " (Grid::of(journey.stages.len()).name) } tabindex="0" role="region" aria-label={ "Map of " (journey.name) } {
            (draw(journey, moved, Side::Above, &is_lost))
            ol.map role="list" aria-label="Stages" { @for stage in &journey.stages { li.stop { (card(stage)) } } }
            (draw(journey, moved, Side::Below, &is_lost))
        }
        p.hint.legend {
            "Lines are moves of the last 30 days: wider is more, grey is none, above onwards, below back or out, dashed in again. "
            "“!” waits for an event that has never arrived. ◆ is a milestone."
        }
    }
}

/// The same as a table: what moves people, from where to where, and how often it did.
fn ways(journey: &Journey, moved: &Moved, arrived: &[String]) -> Markup {
    let name = |place: usize| journey.stages[place].name.as_str();
    let name_of = |key: &Key| journey.stages.iter().find(|stage| stage.key == *key).map_or("?", |it| it.name.as_str());
    let put: u32 = moved.all.iter().filter(|((.., by), _)| by.is_none()).map(|(_, times)| times).sum();
    html! {
        h3 { "What moves them" }
        p.hint {
            "How often in the last 30 days" @if moved.is_part { ", of the latest " (count(MOST)) " moves" } "."
            @if put > 0 { " " (count(i64::from(put))) " more were put where they are by a server." }
        }
        table.list.transitions {
            thead { tr { th scope="col" { "From" } th scope="col" { "To" } th scope="col" { "When" } th.figure scope="col" { "Moved" } } }
            tbody { @for one in by_origin(journey) {
                @let from: Vec<&str> = origins(journey, one).map(name).collect();
                @let times: Vec<(&Key, u32)> = moved.by(&one.key).collect();
                @let missing = missing([&one.when], arrived);
                @let sum: u32 = times.iter().map(|(_, times)| times).sum();
                tr id=(row_id(journey, one)) {
                    td data-label="from" { (from.join(", ")) }
                    td data-label="to" { (sign(one.kind)) " " (name_of(&one.to)) }
                    td data-label="when" {
                        (words(&one.when))
                        @if !missing.is_empty() { p.warning { (unheard(&one.when, &missing, arrived)) } }
                    }
                    td.figure.none[sum == 0] data-label="moved" {
                        (count(i64::from(sum)))
                        @if times.len() > 1 { p.hint { @for (place, (from, times)) in times.iter().enumerate() { @if place > 0 { ", " } (times) " from " (name_of(from)) } } }
                    }
                }
            } }
        }
    }
}

/// Transitions in the order of the stages that they lead from.
fn by_origin(journey: &Journey) -> Vec<&Transition> {
    let mut all: Vec<&Transition> = journey.transitions.iter().collect();
    all.sort_by_key(|one| origins(journey, one).next());
    all
}

/// What is to be said of events that never arrived: a condition with another way to hold is not lost for it.
fn unheard(when: &Condition, missing: &[&str], arrived: &[String]) -> String {
    let (events, have) = (missing.join(", "), if missing.len() == 1 { "has" } else { "have" });
    match never_holds(when, arrived) {
        true => format!("Not connected: {events} {have} never arrived"),
        false => format!("{events} {have} never arrived; the rest of it can still move people"),
    }
}

fn milestones_of(journey: &Journey, stage: &Stage) -> String {
    format!("milestones-{}-{}", journey.key, stage.key)
}

fn milestones(journey: &Journey) -> Markup {
    let with: Vec<&Stage> = journey.stages.iter().filter(|stage| !stage.milestones.is_empty()).collect();
    html! { @if !with.is_empty() {
        h3 { "Milestones" }
        dl.milestones { @for stage in with {
            div id=(milestones_of(journey, stage)) {
                dt { (stage.name) }
                dd { ul.flags { @for one in &stage.milestones { li { (one.name) @if one.required { " " span.hint { "required" } } } } } }
            }
        } }
    } }
}

/// `6 accounts, 1 visitor`: those of whom there are any. A member of an account counts with it.
fn who(kinds: &[(i64, &str, &str)]) -> String {
    let some = kinds.iter().filter(|(number, ..)| *number > 0);
    let words: Vec<String> = some
        .map(|(number, one, many)| format!("{} {}", count(*number), if *number == 1 { one } else { many }))
        .collect();
    if words.is_empty() { "nobody".to_owned() } else { words.join(", ") }
}

fn time(stage: &Stage) -> String {
    match (stage.kind, stage.delay_after, stage.stuck_after) {
        (StageKind::Terminal, ..) => "Final stage".to_owned(),
        (StageKind::Ongoing, ..) => "No time limit".to_owned(),
        (_, Some(delay), Some(stuck)) => format!("Delayed after {delay}, stuck after {stuck}"),
        (_, Some(delay), None) => format!("Delayed after {delay}"),
        (_, None, Some(stuck)) => format!("Stuck after {stuck}"),
        _ => String::new(),
    }
}

/// The direction of a move, by shape and word.
fn sign(kind: TransitionKind) -> Markup {
    let (sign, word) = match kind {
        TransitionKind::Forward => ("→", "onwards"),
        TransitionKind::Back => ("←", "back"),
        TransitionKind::Interrupt => ("⤫", "out"),
        TransitionKind::Reenter => ("↻", "in again"),
    };
    html! { span title=(word) { (sign) span.unseen { (word) ":" } } }
}
