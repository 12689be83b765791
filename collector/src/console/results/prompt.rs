//! One prompt: its funnel, its scores, its versions.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use super::period::{Asked, Chosen};
use super::{FEW, definitions, lift, missed, rate, scores, share, tabs, trend, variants, word};
use crate::console::access::Here;
use crate::console::layout::{Room, page};
use crate::console::words::count;
use crate::error::ApiError;
use crate::prompts::work::Status;
use crate::results::Deed;
use crate::results::course::{Course, Trend};
use crate::results::figures::{Figures, of_prompt};
use crate::results::questions::questions;
use crate::server::{InPath, InQuery};
use crate::state::App;

/// `GET /s/{site}/results/prompts/{key}`.
pub async fn show(
    State(app): State<App>,
    here: Here,
    InPath((_, key)): InPath<(String, String)>,
    InQuery(asked): InQuery<Asked>,
) -> Result<Response, ApiError> {
    let now = here.site.now(&app.clock);
    let chosen = asked.chosen(&here, now);
    let figures = of_prompt(&app, &here.site, &key, chosen.period).await?.ok_or(ApiError::NotFound("prompt"))?;
    let today = asked.today(&here, now);
    let deeds: Vec<Deed> = trend::DRAWN.into_iter().filter(|deed| !figures.line.cannot(*deed)).collect();
    let course = Course::of(&app, &here.site, &key, &deeds, chosen.period).await?;
    let trends = Trend::all(&app, &here.site, &key, chosen.period).await?;
    let asked = questions(&mut app.db.read().await?.conn(), &here.site.id, &key).await?;
    let title = figures.line.title.clone();
    let address = here.to(&format!("/results/prompts/{key}"));
    let content = html! {
        div.results {
            p.way { a href={ (here.to("/results")) (chosen.query()) } { "Results" } }
            header.head {
                h1 { (title) }
                p.more {
                    a href={ (address) "/responses" (chosen.query()) } { "Responses" }
                    " · "
                    a href=(here.to(&format!("/prompts/{key}"))) { "The prompt" }
                }
            }
            (tabs(&here, "/results", &chosen.query()))
            (chosen.picker(&address, &[], None))
            @if figures.line.counts.is_empty() && figures.scores.is_empty() {
                p.empty { "Nobody was shown it in " (chosen.words()) ". " a href={ (address) "?days=90" } { "Look at 90 days" } "." }
                @if figures.line.status == Status::Live { (missed::asked_for(&here, &key)) }
            } @else {
                (funnel(&figures, chosen))
                (trend::course(&course, &deeds, today))
                @for scored in &figures.scores {
                    (scores::section(scored, &figures, &asked, chosen))
                    (trend::of(scored, &trends, today))
                }
                @if figures.line.status == Status::Live { (missed::asked_for(&here, &key)) }
                (variants::section(&figures.line, &figures.variants))
                @if let Some((arms, goal)) = figures.arms.as_ref().zip(figures.line.goal.as_ref()) { (lift::section(arms, goal)) }
                (definitions(&Deed::ALL))
            }
        }
    };
    Ok(page(&here, Room::Results, &title, &content))
}

/// The way from being shown to what the prompt is for, and below it how people got out of it.
const FUNNEL: [Deed; 8] = Deed::ALL;

/// Bars beside the numbers that they draw.
fn funnel(figures: &Figures, chosen: Chosen) -> Markup {
    let counts = &figures.line.counts;
    // Said once below the table, and not in each of its lines.
    let shown = counts.share(Deed::Viewed);
    let has_rates = shown.of >= FEW;
    let most = FUNNEL.into_iter().map(|deed| counts.of(deed)).max().unwrap_or_default().max(1);
    let (cannot, steps): (Vec<Deed>, Vec<Deed>) =
        FUNNEL.into_iter().partition(|deed| counts.of(*deed) == 0 && figures.line.cannot(*deed));
    html! {
        section aria-labelledby="funnel" {
            h2 #funnel { "What people did" }
            p.hint {
                "People in " (chosen.words()) ", each counted once."
                @if let Some(goal) = &figures.line.goal { " Converted: “" (goal.event) "” within " (goal.within) " after they were first shown it." }
            }
            table.counts.funnel {
                thead { tr {
                    th scope="col" { "Step" } th scope="col" { span.unseen { "Share" } }
                    th.figure scope="col" { "People" } th.figure scope="col" title="Of the people who were shown it" { "Of shown" }
                } }
                tbody { @for deed in steps {
                    @let people = counts.of(deed);
                    tr {
                        th scope="row" title=(deed.meaning()) { (word(deed)) }
                        td { svg.bar viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true" {
                            rect width=(people * 100 / most) height="1" {}
                        } }
                        td.figure.none[people == 0] { (count(people)) }
                        td.figure {
                            @if has_rates && !matches!(deed, Deed::Eligible | Deed::Shown) { (rate(&figures.line, deed)) }
                        }
                    }
                } }
            }
            @if !cannot.is_empty() {
                @let words: Vec<String> = cannot.iter().map(|deed| word(*deed).to_lowercase()).collect();
                p.hint { "Nobody can be counted here as " (words.join(" or ")) "." }
            }
            @if !has_rates { p.hint { "How many of those who were shown it did what: " (share(shown)) " people." } }
        }
    }
}
