//! All prompts side by side: how many people did what.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use super::period::{Asked, Chosen};
use super::{definitions, rate, tabs, word};
use crate::console::access::Here;
use crate::console::layout::{Room, page};
use crate::console::words::count;
use crate::error::ApiError;
use crate::prompts::work::Status;
use crate::results::Deed;
use crate::results::figures::{Line, overview};
use crate::server::InQuery;
use crate::state::App;

/// `GET /s/{site}/results`.
pub async fn show(State(app): State<App>, here: Here, InQuery(asked): InQuery<Asked>) -> Result<Response, ApiError> {
    let chosen = asked.chosen(&here, here.site.now(&app.clock));
    let lines = overview(&app, &here.site, chosen.period).await?;
    Ok(page(&here, Room::Results, "Results", &content(&here, chosen, &lines)))
}

fn content(here: &Here, chosen: Chosen, lines: &[Line]) -> Markup {
    html! {
        div.results {
            h1 { "Results" }
            (tabs(here, "/results", &chosen.query()))
            (chosen.picker(&here.to("/results"), &[]))
            @if lines.is_empty() {
                div.empty {
                    p { "Nothing to judge yet. As soon as a prompt is on the site's pages, this page says how many people saw it and what they did." }
                    p.more { a.button href=(here.to("/prompts")) { "Go to Prompts" } }
                }
            } @else {
                // Wider than a phone: it scrolls by itself, also by the keyboard.
                div.wide-table tabindex="0" role="region" aria-label={ "People by what they did, " (chosen.words()) } {
                    table.figures {
                        thead { tr {
                            th scope="col" { "Prompt" }
                            @for deed in Deed::ALL { th.figure scope="col" title=(deed.meaning()) { (word(deed)) } }
                            th.figure scope="col" title="Answered, of those who were shown it" { "Answer rate" }
                            th.figure scope="col" title="Converted, of those who were shown it" { "Conversion" }
                        } }
                        tbody { @for line in lines { (row(here, chosen, line)) } }
                    }
                }
                p.hint { "People in " (chosen.words()) ", each counted once." }
                (definitions(&Deed::ALL))
            }
        }
    }
}

fn row(here: &Here, chosen: Chosen, line: &Line) -> Markup {
    html! {
        tr {
            th scope="row" {
                a href={ (here.to(&format!("/results/{}", line.key))) (chosen.query()) } { (line.title) }
                @if let Some(word) = put_away(line.status) { " " span.hint { (word) } }
            }
            @for deed in Deed::ALL {
                td.figure.none[line.counts.of(deed) == 0] title=(deed.meaning()) {
                    (figure(line, deed))
                }
            }
            td.figure { (rate(line, Deed::Answered)) }
            td.figure { (rate(line, Deed::Converted)) }
        }
    }
}

/// A number; a dash where there can be none.
fn figure(line: &Line, deed: Deed) -> Markup {
    let people = line.counts.of(deed);
    html! { @if people == 0 && line.cannot(deed) { "–" } @else { (count(people)) } }
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
