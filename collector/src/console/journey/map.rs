//! The map: the stages of a journey from left to right, who is in each now, and what moves people between them.

use axum::extract::State;
use axum::response::Response;
use engine::journey::{Journey, Stage, StageKind, Transition, TransitionKind};
use engine::rule::words;
use maud::{Markup, html};

use super::connected::missing;
use crate::auth::May;
use crate::console::access::Here;
use crate::console::layout::{Room, page};
use crate::console::words::count;
use crate::error::ApiError;
use crate::state::App;
use crate::store;

/// Journey, stage, kind of subject (`v`, `p`, `a`), how many.
type Counted = [(String, String, String, i64)];

/// `GET /s/{site}/journey`.
pub async fn show(State(app): State<App>, here: Here) -> Result<Response, ApiError> {
    let ruleset = app.rulesets.of(&app.db, &here.site).await?;
    let counted = store::people::stages(&mut app.db.read().await?.conn(), &here.site.id).await?;
    let arrived = store::events::names(&mut app.db.read().await?.conn(), &here.site.id).await?;
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
        @for (key, definitions) in &ruleset.journeys {
            section {
                header.head {
                    h2 { (definitions.latest().name) }
                    a.button.quiet href=(here.to(&format!("/journey/{key}/edit"))) { @if here.may(May::Publish) { "Edit" } @else { "Look closer" } }
                }
                (map(definitions.latest(), &counted, &arrived))
            }
        }
    };
    Ok(page(&here, Room::Journey, "Journey", &content))
}

fn map(journey: &Journey, counted: &Counted, arrived: &[String]) -> Markup {
    let of = |stage: &Stage, kind: &str| -> i64 {
        let is_it = |row: &&(String, String, String, i64)| {
            row.0 == journey.key.as_str() && row.1 == stage.key.as_str() && row.2 == kind
        };
        counted.iter().filter(is_it).map(|row| row.3).sum()
    };
    let all: i64 = journey.stages.iter().map(|stage| of(stage, "v") + of(stage, "p") + of(stage, "a")).sum();
    html! {
        ol.map tabindex="0" role="list" aria-label="Stages" { @for stage in &journey.stages {
            @let (visitors, persons, accounts) = (of(stage, "v"), of(stage, "p"), of(stage, "a"));
            li.stop {
                h3 { (stage.name) }
                p.value { (count(visitors + persons + accounts)) }
                p.hint { "here now" }
                svg.bar viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true" {
                    rect width=((visitors + persons + accounts) * 100 / all.max(1)) height="1" {}
                }
                p.hint { (who(&[(accounts, "account", "accounts"), (persons, "person", "people"), (visitors, "visitor", "visitors")])) }
                p.hint { (time(stage)) }
                @let moves: Vec<&Transition> = journey.transitions.iter().filter(|one| one.to == stage.key).collect();
                @if !moves.is_empty() {
                    @let lost = missing(moves.iter().map(|one| &one.when), arrived).len();
                    @if lost > 0 { p.warning { (lost) " of its events " @if lost == 1 { "has" } @else { "have" } " never arrived" } }
                    details.moves {
                        summary { "Comes here when" }
                        ul.flags { @for one in moves { li {
                            (sign(one.kind)) " " (words(&one.when))
                            @let missing = missing([&one.when], arrived);
                            @if !missing.is_empty() { p.warning { "Not connected: " (missing.join(", ")) " has never arrived" } }
                        } } }
                    }
                }
                @if !stage.milestones.is_empty() {
                    h4 { "Milestones" }
                    ul.flags { @for one in &stage.milestones { li { (one.name) @if one.required { " (required)" } } } }
                }
            }
        } }
    }
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
        (StageKind::Terminal, ..) => "An end".to_owned(),
        (StageKind::Ongoing, ..) => "One may stay for ever".to_owned(),
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
