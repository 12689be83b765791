//! What people answered, in their words, with filters, tags and a way out as a file.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

use super::period::{Asked, Chosen};
use super::tabs;
use crate::auth::May;
use crate::console::access::Here;
use crate::console::layout::{Room, page};
use crate::console::people::{escape, link};
use crate::console::prompts::desk;
use crate::console::prompts::sentence::title as name_of;
use crate::console::words::{Calendar, count};
use crate::error::ApiError;
use crate::prompts::work::Status;
use crate::results::responses::{self, BANDS, Found, LONGEST_TAG, Query};
use crate::results::{Format, export, figures};
use crate::server::{InPath, InQuery};
use crate::state::App;

/// What an address says of responses.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Filter {
    #[serde(flatten)]
    asked: Asked,
    #[serde(default)]
    band: String,
    #[serde(default)]
    q: String,
    #[serde(default)]
    tag: String,
    #[serde(default)]
    after: String,
    #[serde(default)]
    format: String,
    /// The key of the prompt that was chosen from the list; empty for all of them.
    prompt: Option<String>,
}

/// `GET /s/{site}/results/responses`.
pub async fn show_all(
    State(app): State<App>,
    here: Here,
    InQuery(filter): InQuery<Filter>,
) -> Result<Response, ApiError> {
    if let Some(prompt) = &filter.prompt {
        return Ok(chosen(&app, &here, prompt, &filter));
    }
    shown(&app, &here, "", &filter).await
}

/// `GET /s/{site}/results/prompts/{key}/responses`.
pub async fn show(
    State(app): State<App>,
    here: Here,
    InPath((_, key)): InPath<(String, String)>,
    InQuery(filter): InQuery<Filter>,
) -> Result<Response, ApiError> {
    if let Some(prompt) = &filter.prompt {
        return Ok(chosen(&app, &here, prompt, &filter));
    }
    shown(&app, &here, &key, &filter).await
}

/// Goes to the responses of a prompt, which have an address of their own, with the rest of what was asked for.
fn chosen(app: &App, here: &Here, prompt: &str, filter: &Filter) -> Response {
    let chosen = filter.asked.chosen(here, here.site.now(&app.clock));
    Redirect::to(&(address(here, &escape(prompt)) + &filter.address(chosen))).into_response()
}

/// Where the responses of a prompt stand, or those of all.
fn address(here: &Here, key: &str) -> String {
    here.to(&match key {
        "" => "/results/responses".to_owned(),
        key => format!("/results/prompts/{key}/responses"),
    })
}

/// `GET /s/{site}/results/responses/export`.
pub async fn export_all(State(app): State<App>, here: Here, InQuery(filter): InQuery<Filter>) -> Response {
    exported(app, &here, "", &filter)
}

/// `GET /s/{site}/results/prompts/{key}/responses/export`.
pub async fn export(
    State(app): State<App>,
    here: Here,
    InPath((_, key)): InPath<(String, String)>,
    InQuery(filter): InQuery<Filter>,
) -> Response {
    exported(app, &here, &key, &filter)
}

fn exported(app: App, here: &Here, key: &str, filter: &Filter) -> Response {
    let format = if filter.format == "ndjson" { Format::Ndjson } else { Format::Csv };
    let chosen = filter.asked.chosen(here, here.site.now(&app.clock));
    let query = Query { after: String::new(), ..filter.query(key, chosen) };
    let (ending, kind) = format.file();
    let name = if key.is_empty() { "all" } else { key };
    // A key is letters, digits and dashes; whatever else stands in the address is in no name of a file.
    let name: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')).collect();
    let disposition = format!("attachment; filename=\"responses-{name}.{ending}\"");
    let body = export::export(app, here.site.clone(), query, format);
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)], body).into_response()
}

impl Filter {
    fn query(&self, key: &str, chosen: Chosen) -> Query {
        Query {
            prompt: key.to_owned(),
            period: chosen.period,
            band: BANDS.into_iter().find(|band| *band == self.band).unwrap_or_default().to_owned(),
            tag: self.tag.trim().to_owned(),
            search: self.q.trim().to_owned(),
            after: self.after.clone(),
        }
    }

    /// What is asked for beside the days.
    fn more(&self) -> Vec<(&'static str, &str)> {
        let all = [("band", self.band.trim()), ("q", self.q.trim()), ("tag", self.tag.trim())];
        all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    /// The same filter in an address, from its question mark on.
    fn address(&self, chosen: Chosen) -> String {
        let more = self.more().into_iter().map(|(name, value)| format!("&{name}={}", escape(value)));
        chosen.query() + &more.collect::<String>()
    }
}

async fn shown(app: &App, here: &Here, key: &str, filter: &Filter) -> Result<Response, ApiError> {
    let chosen = filter.asked.chosen(here, here.site.now(&app.clock));
    let title = if key.is_empty() {
        None
    } else {
        let title = figures::title_of(&mut app.db.read().await?.conn(), &here.site.id, key).await?;
        Some(title.ok_or(ApiError::NotFound("prompt"))?)
    };
    let found = responses::list(app, &here.site, &filter.query(key, chosen)).await?;
    let tags = responses::tags(app, &here.site).await?;
    let prompts = desk(app, here).all().await?;
    let asked: Vec<(&str, String)> = prompts
        .iter()
        .filter(|work| work.key == key || work.status != Status::Draft)
        .map(|work| (work.key.as_str(), name_of(work)))
        .collect();
    let calendar = Calendar::of(&here.site.timezone);
    let shown = Shown { here, key, title: title.as_deref(), filter, chosen, calendar, prompts: &asked };
    let heading = title.as_ref().map_or("Responses".to_owned(), |title| format!("Responses to {title}"));
    Ok(page(here, Room::Results, &heading, &shown.content(&heading, &found, &tags)))
}

/// What all parts of the page need.
struct Shown<'a> {
    here: &'a Here,
    key: &'a str,
    title: Option<&'a str>,
    /// Key and name of those that can be chosen.
    prompts: &'a [(&'a str, String)],
    filter: &'a Filter,
    chosen: Chosen,
    calendar: Calendar,
}

impl Shown<'_> {
    fn address(&self) -> String {
        address(self.here, self.key)
    }

    fn content(&self, heading: &str, found: &Found, tags: &[(String, i64)]) -> Markup {
        let Shown { here, key, title, filter, chosen, .. } = self;
        let address = self.address();
        let query = filter.address(*chosen);
        html! {
            div.results {
                @if let Some(title) = title {
                    p.way { a href={ (here.to("/results")) (chosen.query()) } { "Results" } " › " a href={ (here.to(&format!("/results/prompts/{key}"))) (chosen.query()) } { (title) } }
                }
                header.head {
                    h1 { (heading) }
                    p.more {
                        a href={ (address) "/export" (query) "&format=csv" } { "CSV" } " · "
                        a href={ (address) "/export" (query) "&format=ndjson" } { "NDJSON" }
                    }
                }
                (tabs(here, "/results/responses", &chosen.query()))
                (chosen.picker(&address, &filter.more(), Some(&self.filters(tags))))
                @if found.rows.is_empty() {
                    @if filter.more().is_empty() {
                        p.empty { "No answers in " (chosen.words()) ". " a href={ (address) "?days=90" } { "Look at 90 days" } "." }
                    } @else {
                        p.empty { "No answer is like that. " a href={ (address) (chosen.query()) } { "Show all of " (chosen.words()) } "." }
                    }
                } @else {
                    ol.responses { @for response in &found.rows { (self.response(response)) } }
                    @if let Some(next) = &found.next {
                        p.more { a href={ (address) (query) "&after=" (escape(next)) } { "Next 50" } }
                    }
                }
            }
        }
    }

    /// What there is to ask for beside the days.
    fn filters(&self, tags: &[(String, i64)]) -> Markup {
        let filter = self.filter;
        html! {
            div.filter {
                label { span { "Prompt" }
                    select name="prompt" {
                        option value="" { "any" }
                        @for (key, name) in self.prompts { option value=(key) selected[*key == self.key] { (name) } }
                    }
                }
                label { span { "Score" }
                    select name="band" {
                        option value="" { "any" }
                        @for band in BANDS { option value=(band) selected[band == filter.band] { (band) } }
                    }
                }
                label { span { "Tag" }
                    select name="tag" {
                        option value="" { "any" }
                        @for (tag, uses) in tags { option value=(tag) selected[*tag == filter.tag] { (tag) " (" (count(*uses)) ")" } }
                        @if !filter.tag.is_empty() && tags.iter().all(|(tag, _)| *tag != filter.tag) {
                            option value=(filter.tag) selected { (filter.tag) }
                        }
                    }
                }
                label.wide { span { "in which people wrote all of these words" } input name="q" type="search" value=(filter.q); }
            }
        }
    }

    fn response(&self, response: &responses::Response) -> Markup {
        let Shown { here, key, calendar, .. } = self;
        html! {
            li id={ "r-" (response.id) } {
                div.from {
                    p { (link(&here.site, &response.who)) }
                    p.hint { time datetime=(calendar.machine(response.at)) { (calendar.moment(response.at)) } }
                    @if key.is_empty() {
                        p.hint { a href=(here.to(&format!("/results/prompts/{}/responses", response.prompt))) { (response.title) } }
                    }
                    @if let Some(score) = response.score {
                        p class={ "mark-given " (response.band) } {
                            strong { (score) } @if !response.band.is_empty() { " " (response.band) }
                        }
                    }
                    @if !response.finished { p.hint { "Not finished" } }
                }
                div.said {
                    dl { @for said in &response.said {
                        div { dt { (said.question) } dd.own[said.own_words] { (said.answer) } }
                    } }
                    (self.tags(response))
                }
            }
        }
    }

    fn tags(&self, response: &responses::Response) -> Markup {
        let Shown { here, filter, chosen, .. } = self;
        let may = here.may(May::Note);
        let after = if filter.after.is_empty() { String::new() } else { format!("&after={}", escape(&filter.after)) };
        let back = format!("{}{}{after}#r-{}", self.address(), filter.address(*chosen), response.id);
        let hidden = html! {
            input type="hidden" name="prompt" value=(response.prompt);
            input type="hidden" name="response" value=(response.id);
            input type="hidden" name="back" value=(back);
        };
        html! {
            div.tags {
                @for tag in &response.tags {
                    @if may {
                        form method="post" action=(here.to("/results/tags")) {
                            (hidden)
                            input type="hidden" name="tag" value=(tag);
                            button.tag name="does" value="remove" aria-label={ "Remove the tag " (tag) } { (tag) span aria-hidden="true" { " ×" } }
                        }
                    } @else { span.tag { (tag) } }
                }
                @if may {
                    form.add method="post" action=(here.to("/results/tags")) {
                        (hidden)
                        input name="tag" aria-label="New tag" placeholder="tag" maxlength=(LONGEST_TAG) required;
                        button.quiet type="submit" { "Add" }
                    }
                }
            }
        }
    }
}
