//! The editor of a prompt: its parts, one of them open, and the prompt itself beside them.
//!
//! Everything is a form that is sent as a whole, so it works without a script; with one it is sent whenever something was changed.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use engine::Problem;
use engine::prompt::{Prompt, advice};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::Value;

use super::changes::{changes, is_changed};
use super::known;
use super::languages;
use super::list::badge;
use super::pane::{self, View};
use super::parts::{PARTS, Part, part};
use super::reach;
use super::sentence::{named, sentence, title};
use super::{desk, refused};
use crate::auth::May;
use crate::console::access::Here;
use crate::console::form::known::Known;
use crate::console::form::place::get;
use crate::console::form::{change, draw, read};
use crate::console::layout::{Room, page};
use crate::console::made::{self, Made};
use crate::console::people::escape;
use crate::console::words::ago;
use crate::error::ApiError;
use crate::prompts::difference::difference;
use crate::prompts::work::{Status, Work, WorkError};
use crate::server::{InPath, InQuery, Submitted};
use crate::state::App;
use crate::store;

#[derive(Deserialize)]
pub struct EditQuery {
    #[serde(default)]
    part: String,
    #[serde(default)]
    fresh: String,
    #[serde(flatten)]
    view: View,
}

/// Somebody was faster: what this one had typed.
struct Clash<'a> {
    typed: &'a [(String, String)],
    body: &'a Value,
}

/// How the editor is looked at.
struct Looked<'a> {
    /// The open part.
    part: &'a Part,
    /// The prompt beside it.
    view: &'a View,
    /// The place of what was added or begun last: that it is empty yet is no mistake of anybody's.
    fresh: &'a str,
    /// What is made right where it is asked for.
    made: &'a Made,
    clash: Option<Clash<'a>>,
}

/// `GET /s/{site}/prompts/{key}`.
pub async fn show(
    State(app): State<App>,
    here: Here,
    InPath((_, key)): InPath<(String, String)>,
    InQuery(query): InQuery<EditQuery>,
) -> Result<Response, ApiError> {
    let work = desk(&app, &here).one(&key).await.map_err(refused)?;
    let (part, view) = (part(&query.part), &query.view);
    let looked = Looked { part, view, fresh: &query.fresh, made: &Made::default(), clash: None };
    let content = editor(&app, &here, &work, looked).await?;
    Ok(page(&here, Room::Prompts, &title(&work), &content))
}

/// `POST /s/{site}/prompts/{key}`.
pub async fn save(
    State(app): State<App>,
    mut here: Here,
    InPath((_, key)): InPath<(String, String)>,
    Submitted(mut pairs): Submitted<Vec<(String, String)>>,
) -> Result<Response, ApiError> {
    let may_make = made::makes(&here);
    let made = made::settle(&app, &mut here, &mut pairs, may_make).await?;
    let desk = desk(&app, &here);
    let get = |name: &str| pairs.iter().find(|(one, _)| one == name).map_or("", |(_, value)| value.as_str());
    let work = desk.one(&key).await.map_err(refused)?;
    let (part, view) = (part(get("part")), View::of(get));
    let zone = here.zone();
    let mut body = with_group(work.body.clone());
    read::read(part.fields, "", &read::Filled::new(&pairs, &zone), &mut body);
    change::change(part.fields, get("do"), &mut body);
    if part.name == "languages" {
        languages::read(&pairs, &mut body);
    }
    let fresh = fresh(&work.body, &body, get("fresh"));
    match desk.save(&key, get("step").parse().unwrap_or(0), body.clone()).await {
        Ok(now) if made.is_any() => {
            let status = if made.is_wrong() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            let looked = Looked { part, view: &view, fresh: &fresh, made: &made, clash: None };
            let content = editor(&app, &here, &now, looked).await?;
            Ok((status, page(&here, Room::Prompts, &title(&now), &content)).into_response())
        }
        Ok(_) => {
            let begun = if fresh.is_empty() { String::new() } else { format!("&fresh={}", escape(&fresh)) };
            let to = format!("/prompts/{key}?part={}{begun}{}", part.name, view.query());
            Ok(Redirect::to(&here.to(&to)).into_response())
        }
        Err(WorkError::Conflict(now)) => {
            let clash = Some(Clash { typed: &pairs, body: &body });
            let looked = Looked { part, view: &view, fresh: "", made: &Made::default(), clash };
            let content = editor(&app, &here, &now, looked).await?;
            Ok((StatusCode::PRECONDITION_FAILED, page(&here, Room::Prompts, &title(&now), &content)).into_response())
        }
        Err(error) => Err(refused(error)),
    }
}

async fn editor(
    app: &App,
    here: &Here,
    work: &Work,
    Looked { part: open, view, fresh, made, clash }: Looked<'_>,
) -> Result<Markup, ApiError> {
    let desk = desk(app, here);
    let mut problems = desk.mistakes(&work.body).await?;
    let value = with_group(work.body.clone());
    let is_begun = |at: &str| !fresh.is_empty() && draw::is_within(at, fresh) && is_empty(get(&value, at));
    let found = problems.len();
    problems.retain(|problem| !is_begun(&problem.at));
    let (can_undo, can_redo) = desk.can_step(work).await?;
    let zone = here.zone();
    let may = here.may(May::Publish) && work.status != Status::Archived;
    let asks_for_names = ["audience", "moment", "goal"].contains(&open.name);
    let known = if asks_for_names { known::known(app, here).await? } else { Known::default() };
    let filled = draw::Filled {
        value: &value,
        problems: &problems,
        zone: &zone,
        is_open: may,
        known: &known,
        open: "",
        beside: (open.name == "audience").then_some(reach::fit_of),
        makes: made::makes(here),
        making: made.making.as_ref(),
        focus: &made.focus,
    };
    let to = |page: &str| here.to(&format!("/prompts/{}{page}", work.key));
    let seen_as = view.query();
    let by = who(app, &work.edited_by).await?;
    let whole = prompt_of(&work.body);
    let own = app.rulesets.of(&app.db, &here.site).await?.settings.language.0.clone();
    let now = here.site.now(&app.clock);
    Ok(html! {
        (head(app, here, work, "edit").await?)
        @if let Some(clash) = &clash { (conflict(work, open, clash, &by, &to(""))) }
        p.sentence {
            @match &whole {
                Some(prompt) => (sentence(prompt, &named(&work.body).unwrap_or_else(|| title(work)), &|part| to(&format!("?part={part}{seen_as}")))),
                None if problems.is_empty() && found > 0 => { "Fill in what you have just added: then this says the whole prompt." }
                None => { "It is not a whole prompt yet: the parts with a mark say what is missing." }
            }
        }
        (advised(&whole))
        div.editor #editor {
            nav.outline aria-label="Parts" {
                @for part in &PARTS {
                    a href=(to(&format!("?part={}{seen_as}", part.name))) aria-current=[(part.name == open.name).then_some("step")] {
                        (part.word)
                        @if draw::is_wrong(part.fields, &filled) || part.name == "languages" && problems.iter().any(|problem| problem.at.starts_with("translations")) { " " span.mark-wrong title="Something is wrong here" { "!" span.unseen { " something is wrong here" } } }
                    }
                }
            }
            div.open {
                form #part class={ "stack part" @if open.name == "audience" { " dense" } } method="post" action=(to("")) data-pictures=(here.to("/pictures")) hx-post=[may.then(|| to(""))] hx-trigger="change, input changed delay:700ms, submit"
                    hx-target="main" hx-select="main" hx-swap="outerMorph" hx-sync="this:queue all" {
                    input type="hidden" name="step" value=(work.step);
                    input type="hidden" name="part" value=(open.name);
                    input type="hidden" name="fresh" value=(fresh);
                    @for (name, value) in view.pairs() { input type="hidden" name=(name) value=(value); }
                    // What Enter presses is the first button of a form.
                    button.unseen type="submit" tabindex="-1" aria-hidden="true" { "Save" }
                    h2 { (open.word) }
                    p.hint { (open.about) }
                    @for problem in draw::others(open.fields, &filled).into_iter().filter(|problem| belongs(open, problem)) {
                        p.wrong { (problem.message) " " code { (problem.at) } }
                    }
                    @if open.name == "audience" && prompt_of(&value).is_some() { (reach::asks_fits(here, work)) }
                    (draw::draw(open.fields, "", &filled))
                    @if open.name == "languages" { (languages::fields(&value, whole.as_ref(), &own, may)) }
                    @if may { noscript { button type="submit" { "Save" } } }
                }
                @if open.name == "languages" && may && whole.is_some() {
                    // A form of its own: the one above saves itself on each choice, and would take this one from under the button.
                    form.stack.part method="post" action=(to("")) {
                        input type="hidden" name="step" value=(work.step);
                        input type="hidden" name="part" value=(open.name);
                        @for (name, value) in view.pairs() { input type="hidden" name=(name) value=(value); }
                        (languages::another(&value, &own))
                    }
                }
                div.saved {
                    span role="status" { "Saved " (ago(now, engine::Timestamp(work.edited_at))) @if !by.is_empty() { " by " (by) } }
                    @if may {
                        form.inline method="post" action=(to("/undo")) {
                            input type="hidden" name="step" value=(work.step);
                            input type="hidden" name="part" value=(open.name);
                            button.quiet type="submit" name="by" value="-1" disabled[!can_undo] { "Undo" }
                            button.quiet type="submit" name="by" value="1" disabled[!can_redo] { "Redo" }
                        }
                    }
                }
            }
            (pane::pane(open.name, view, &spoken(whole.as_ref(), &own), work.step, &to))
            (known::people(app, here).await?)
            (known.lists())
        }
    })
}

/// The head of all pages of a prompt: its name, its status, and what can be done with it.
pub async fn head(app: &App, here: &Here, work: &Work, open: &str) -> Result<Markup, ApiError> {
    let to = |page: &str| here.to(&format!("/prompts/{}{page}", work.key));
    let may = here.may(May::Publish);
    let is_changed = is_changed(desk(app, here).last(&work.key).await?.as_ref(), &work.body);
    let is_news = is_changed || work.status != Status::Live;
    Ok(html! {
        p.way { a href=(here.to("/prompts")) { "Prompts" } }
        header.head {
            h1 { (title(work)) } (badge(work.status, is_changed))
            @if may && work.status != Status::Archived && open != "publish" { a.button.quiet[!is_news] href=(to("/publish")) { @if work.status == Status::Paused { "Resume…" } @else { "Publish…" } } }
        }
        nav.tabs aria-label="Prompt" {
            @for (address, word, name) in [("", "Edit", "edit"), ("/reach", "Reach", "reach"), ("/try", "Try it", "try"), ("/versions", "Versions", "versions")] {
                a href=(to(address)) aria-current=[(name == open).then_some("page")] { (word) }
            }
            @if work.status != Status::Draft { a href=(here.to(&format!("/results/prompts/{}", work.key))) { "Its results" } }
            @if may {
                form.inline method="post" action=(to("/copy")) { button.quiet type="submit" { "Duplicate" } }
                form.inline method="post" action=(to("/status")) {
                    @if work.status == Status::Live { button.quiet type="submit" name="to" value="paused" { "Pause" } }
                    @if work.status == Status::Archived { button.quiet type="submit" name="to" value="back" { "Bring back" } }
                    @else { button.quiet type="submit" name="to" value="archived" { "Archive" } }
                }
            }
        }
    })
}

/// What had better be thought about before it is published.
pub fn advised(prompt: &Option<Prompt>) -> Markup {
    let all = prompt.as_ref().map(advice).unwrap_or_default();
    html! { @for problem in &all { p.warning { strong { "Think again. " } (problem.message) } } }
}

/// The languages that a prompt can be looked at in, its own first; none where there is but one.
fn spoken(prompt: Option<&Prompt>, own: &str) -> Vec<String> {
    let others = prompt.map(|prompt| prompt.translations.0.keys().cloned().collect()).unwrap_or_default();
    let all: Vec<String> = [vec![own.to_owned()], others].concat();
    if all.len() > 1 { all } else { Vec::new() }
}

/// What to do when somebody was faster.
fn conflict(work: &Work, open: &Part, clash: &Clash<'_>, by: &str, to: &str) -> Markup {
    html! {
        div.clash role="alert" {
            p { strong { @if by.is_empty() { "Somebody" } @else { (by) } " has changed this prompt while you were at it." } " Below is how it is now. Nothing was overwritten, and what you typed is here:" }
            ul { @for (place, now, yours) in changes(&work.body, clash.body) {
                li { code { (place) } ": " (yours) @if !now.is_empty() { " (now: " (now) ")" } }
            } }
            form method="post" action=(to) {
                input type="hidden" name="step" value=(work.step);
                @for (name, value) in clash.typed { @if name != "step" { input type="hidden" name=(name) value=(value); } }
                button type="submit" { "Put mine in place" }
                " " a href={ (to) "?part=" (open.name) } { "Leave it as it is" }
            }
        }
    }
}

/// Whether a problem that no field shows is told in this part: its own, and the first part those of nobody.
fn belongs(part: &Part, problem: &Problem) -> bool {
    let is_of = |part: &Part| match part.name {
        "languages" => problem.at.starts_with("translations"),
        _ => part.fields.iter().any(|field| problem.at.starts_with(field.at)),
    };
    is_of(part) || (part.name == PARTS[0].name && !PARTS.iter().any(is_of))
}

/// The place of the part of the rule or list that somebody works on after a change: the innermost item that holds all of it. With no
/// change it is the one of before.
fn fresh(before: &Value, after: &Value, last: &str) -> String {
    let changed = difference(&with_group(before.clone()), after);
    let Some((first, ..)) = changed.first() else { return last.to_owned() };
    let items = first.match_indices(']').map(|(at, _)| &first[..=at]).rev();
    let holds_all = |item: &&str| changed.iter().all(|(place, ..)| draw::is_within(place, item));
    items.chain([first.as_str()]).find(holds_all).unwrap_or_default().to_owned()
}

fn is_empty(value: Option<&Value>) -> bool {
    value.is_none_or(|value| match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(all) => all.is_empty(),
        _ => false,
    })
}

/// The draft with a group around its rule, where it has none: that is what the editor adds to.
pub fn with_group(mut body: Value) -> Value {
    let rule = body.get("rule").cloned().unwrap_or(Value::Null);
    let is_group = ["all", "any"].iter().any(|group| rule.get(group).is_some());
    if !is_group {
        let parts = if rule.is_null() { Vec::new() } else { vec![rule] };
        body["rule"] = serde_json::json!({ "all": parts });
    }
    body
}

/// The whole prompt, if the draft is one.
pub fn prompt_of(body: &Value) -> Option<Prompt> {
    serde_json::from_value(body.clone()).ok()
}

/// What a member is called; empty for files.
pub async fn who(app: &App, member: &str) -> Result<String, ApiError> {
    if member.is_empty() {
        return Ok(String::new());
    }
    let row = store::members::by_id(&mut app.db.read().await?.conn(), member).await?;
    Ok(row.map_or_else(|| "somebody who left".to_owned(), |row| if row.2.is_empty() { row.1 } else { row.2 }))
}
