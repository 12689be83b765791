//! All prompts side by side: how many people did what.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use super::period::{Asked, Chosen};
use super::{FEW, definitions, rate, tabs, trend, word};
use crate::console::access::Here;
use crate::console::layout::{Room, page};
use crate::console::words::count;
use crate::error::ApiError;
use crate::prompts::work::Status;
use crate::results::Deed;
use crate::results::course::Course;
use crate::results::figures::{Line, overview};
use crate::server::InQuery;
use crate::state::App;

/// `GET /s/{site}/results`.
pub async fn show(State(app): State<App>, here: Here, InQuery(asked): InQuery<Asked>) -> Result<Response, ApiError> {
    let now = here.site.now(&app.clock);
    let chosen = asked.chosen(&here, now);
    let lines = overview(&app, &here.site, chosen.period).await?;
    let course = Course::of(&app, &here.site, "", &trend::DRAWN, chosen.period).await?;
    let plot = trend::course(&course, &trend::DRAWN, asked.today(&here, now));
    Ok(page(&here, Room::Results, "Results", &content(&here, chosen, &lines, &plot)))
}

fn content(here: &Here, chosen: Chosen, lines: &[Line], plot: &Markup) -> Markup {
    html! {
        div.results {
            h1 { "Results" }
            (tabs(here, "/results", &chosen.query()))
            (chosen.picker(&here.to("/results"), &[], None))
            @if lines.is_empty() {
                div.empty {
                    p { "Nothing to judge yet. As soon as a prompt is on the site's pages, this page says how many people saw it and what they did." }
                    p.more { a.button href=(here.to("/prompts")) { "Go to Prompts" } }
                }
            } @else {
                (plot)
                (table(here, chosen, lines))
                (definitions(&Deed::ALL))
            }
        }
    }
}

/// What is said of every prompt; who was eligible is only known where lots are drawn, and stands on its own page.
const COLUMNS: [Deed; 7] =
    [Deed::Shown, Deed::Viewed, Deed::Engaged, Deed::Answered, Deed::Converted, Deed::Dismissed, Deed::Snoozed];

/// The shares that are said of every prompt.
const RATES: [(Deed, &str, &str); 2] = [
    (Deed::Answered, "Answer rate", "Answered, of those who were shown it"),
    (Deed::Converted, "Conversion", "Converted, of those who were shown it"),
];

fn table(here: &Here, chosen: Chosen, lines: &[Line]) -> Markup {
    html! {
        section aria-labelledby="prompts" {
            h2 #prompts { "By prompt" }
            p.hint {
                "People in " (chosen.words()) ", each counted once for each prompt. "
                "“–”: nobody can do that with such a prompt. “Too few”: under " (FEW) " people were shown it."
            }
            // Wider than some windows: it scrolls by itself, also by the keyboard. On a phone each line is a card.
            div.wide-table tabindex="0" role="region" aria-label="People by prompt and by what they did" {
                table.figures.cards {
                    thead { tr {
                        th scope="col" { "Prompt" }
                        @for deed in COLUMNS { th.figure scope="col" title=(deed.meaning()) { (word(deed)) } }
                        @for (_, word, meaning) in RATES { th.figure scope="col" title=(meaning) { (word) } }
                    } }
                    tbody { @for line in lines { (row(here, chosen, line)) } }
                }
            }
        }
    }
}

fn row(here: &Here, chosen: Chosen, line: &Line) -> Markup {
    html! {
        tr {
            th scope="row" {
                a href={ (here.to(&format!("/results/prompts/{}", line.key))) (chosen.query()) } { (line.title) }
                @if let Some(word) = put_away(line.status) { " " span.hint { (word) } }
            }
            @for deed in COLUMNS {
                td.figure.none[line.counts.of(deed) == 0] data-label=(word(deed)) { (figure(line, deed)) }
            }
            @for (deed, word, _) in RATES { td.figure data-label=(word) { (short_rate(line, deed)) } }
        }
    }
}

/// A number; a dash where there can be none.
pub fn figure(line: &Line, deed: Deed) -> Markup {
    let people = line.counts.of(deed);
    html! { @if people == 0 && line.cannot(deed) { "–" } @else { (count(people)) } }
}

/// A share, in the room that a table has.
fn short_rate(line: &Line, deed: Deed) -> Markup {
    let is_few = line.counts.share(deed).of < FEW;
    html! { @if is_few && !line.cannot(deed) { span.few { "too few" } } @else { (rate(line, deed)) } }
}

/// What is said of a prompt that is on no page.
fn put_away(status: Status) -> Option<&'static str> {
    match status {
        Status::Live => None,
        Status::Draft => Some("draft"),
        Status::Paused => Some("paused"),
        Status::Archived => Some("archived"),
    }
}
