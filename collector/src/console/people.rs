//! The list of people, and the page of one.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

use super::access::Here;
use super::layout::{Room, page};
use super::subject;
use super::view::{PeoplePage, PeopleQuery, Who};
use super::words::{Calendar, ago};
use crate::error::ApiError;
use crate::people;
use crate::server::{InPath, InQuery};
use crate::sites::Site;
use crate::state::App;

#[derive(Deserialize)]
pub struct ListQuery {
    #[serde(default)]
    q: String,
    #[serde(default)]
    kind: String,
    after: Option<String>,
}

/// `GET /s/{site}/people`.
pub async fn list(
    State(app): State<App>,
    here: Here,
    InQuery(query): InQuery<ListQuery>,
) -> Result<Response, ApiError> {
    let wanted = PeopleQuery { search: query.q.trim().to_owned(), kind: query.kind, after: query.after };
    let found = people::list(&app, &here.site, &wanted).await?;
    Ok(page(&here, Room::People, "People", &list_content(&app, &here, &wanted, &found)))
}

#[derive(Deserialize)]
pub struct SubjectQuery {
    before: Option<String>,
}

/// `GET /s/{site}/people/{kind}/{id}`.
pub async fn one(
    State(app): State<App>,
    here: Here,
    InPath((_, kind, id)): InPath<(String, String, String)>,
    InQuery(query): InQuery<SubjectQuery>,
) -> Result<Response, ApiError> {
    let site = &here.site;
    let found = people::subject(&app, site, &kind, &id, query.before.as_deref()).await?;
    let Some(found) = found else {
        let content = html! {
            h1 { "Nobody here" }
            p { "No " (kind) " with the id " strong { (id) } " has been seen on " (site.name) "." }
            p.more { a.button href=(here.to("/people")) { "All people" } }
        };
        let missing = page(&here, Room::People, "Nobody here", &content);
        return Ok(axum::response::IntoResponse::into_response((axum::http::StatusCode::NOT_FOUND, missing)));
    };
    let title = label(&found.who);
    Ok(page(&here, Room::People, &title, &subject::content(site, site.now(&app.clock), &found)))
}

fn list_content(app: &App, here: &Here, wanted: &PeopleQuery, found: &PeoplePage) -> Markup {
    let site = &here.site;
    let now = site.now(&app.clock);
    let calendar = Calendar::of(&site.timezone);
    let all = here.to("/people");
    html! {
        h1 { "People" }
        form.filter method="get" action=(all) role="search" {
            label { span { "Show" }
                select name="kind" {
                    @for (kind, word) in [("", "everybody"), ("person", "people"), ("account", "accounts"), ("visitor", "visitors")] {
                        option value=(kind) selected[kind == wanted.kind] { (word) }
                    }
                }
            }
            label.wide { span { "whose name, e-mail or id contains" } input name="q" type="search" value=(wanted.search) placeholder="Ada, ada@shop.test, acme"; }
            button.quiet type="submit" { "Show" }
        }
        @if found.rows.is_empty() {
            @if wanted.search.is_empty() && !wanted.kind.is_empty() {
                p.empty { "No " (wanted.kind) " yet. " a href=(all) { "Show everybody" } "." }
            } @else if wanted.search.is_empty() {
                p.empty { "Nobody yet. As soon as the snippet is on a page, its visitors appear here. " a href=(here.to("")) { "See the snippet" } "." }
            } @else {
                p.empty { "No " (one_of(&wanted.kind)) " has “" (wanted.search) "” in its name, e-mail or id. " a href=(all) { "Show everybody" } "." }
            }
        } @else {
            table.list {
                thead { tr { th { "Who" } th { "Kind" } th { "Stage" } th { "Last seen" } } }
                tbody { @for row in &found.rows { tr {
                    td { (link(site, &row.who)) }
                    td { (row.who.kind) }
                    td { (row.stage.as_deref().unwrap_or("–")) }
                    td { time datetime=(calendar.machine(row.last_seen)) title=(calendar.moment(row.last_seen)) { (ago(now, row.last_seen)) } }
                } } }
            }
            @if let Some(next) = &found.next {
                p.more { a href={ (all) "?kind=" (escape(&wanted.kind)) "&q=" (escape(&wanted.search)) "&after=" (escape(next)) } { "Next 50" } }
            }
        }
    }
}

fn one_of(kind: &str) -> &str {
    if kind.is_empty() { "one" } else { kind }
}

/// What to call somebody: the name; a visitor, who has none, by the end of an id that nobody reads; else the id.
pub fn label(who: &Who) -> String {
    match &who.name {
        Some(name) => name.clone(),
        None if who.kind == "visitor" => {
            let end = who.id.char_indices().rev().nth(3).map_or(0, |(at, _)| at);
            format!("Visitor {}", &who.id[end..])
        }
        None => who.id.clone(),
    }
}

/// A link to the page of somebody.
pub fn link(site: &Site, who: &Who) -> Markup {
    html! {
        a href={ "/s/" (site.id) "/people/" (escape(&who.kind)) "/" (escape(&who.id)) } { (label(who)) }
        @if who.name.is_some() { " " span.id { (who.id) } }
    }
}

/// A link to the page of somebody by the name in the log: `p:…`, `v:…`, `a:…`.
pub fn subject_link(site: &Site, subject: &str) -> Markup {
    subject_page(site, subject, "")
}

/// A link to why somebody sees which prompts.
pub fn why_link(site: &Site, subject: &str) -> Markup {
    subject_page(site, subject, "/why")
}

fn subject_page(site: &Site, subject: &str, below: &str) -> Markup {
    let (kind, id) = match subject.split_at_checked(2) {
        Some(("v:", id)) => ("visitor", id),
        Some(("a:", id)) => ("account", id),
        Some(("p:", id)) => ("person", id),
        _ => ("person", subject),
    };
    let who = Who { kind: kind.to_owned(), id: id.to_owned(), name: None };
    html! { a href={ "/s/" (site.id) "/people/" (kind) "/" (escape(id)) (below) } { (label(&who)) } }
}

/// Percent-encodes what somebody else made up, for one part of an address.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_~".contains(&byte) || (byte == b'.' && text != "." && text != "..") {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_can_be_called_something() {
        let who = |kind: &str, id: &str, name: Option<&str>| Who {
            kind: kind.to_owned(),
            id: id.to_owned(),
            name: name.map(str::to_owned),
        };
        assert_eq!(label(&who("visitor", "01a2006d-a343-7cf2-8145-3ecba3ec1ccf", None)), "Visitor 1ccf");
        assert_eq!(label(&who("visitor", "ä", None)), "Visitor ä");
        assert_eq!(label(&who("person", "u1", None)), "u1");
        assert_eq!(label(&who("person", "u1", Some("Ada"))), "Ada");
    }

    #[test]
    fn whatever_people_call_themselves_stays_one_part_of_an_address() {
        for (id, escaped) in [
            ("u1", "u1"),
            ("a/b?c#d", "a%2Fb%3Fc%23d"),
            ("jane@example.com", "jane%40example.com"),
            ("..", "%2E%2E"),
            ("\"><script>", "%22%3E%3Cscript%3E"),
            ("ä", "%C3%A4"),
        ] {
            assert_eq!(escape(id), escaped);
        }
    }
}
