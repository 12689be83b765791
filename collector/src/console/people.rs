//! The list of people, and the page of one.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

use super::access::Here;
use super::layout::{Room, page};
use super::view::{PeoplePage, PeopleQuery, Who};
use super::words::{Calendar, ago};
use super::{people_filter, subject};
use crate::error::ApiError;
use crate::people;
use crate::server::{InPath, InQuery};
use crate::sites::Site;
use crate::state::App;
use crate::store;

/// `GET /s/{site}/people`.
pub async fn list(
    State(app): State<App>,
    here: Here,
    InQuery(wanted): InQuery<PeopleQuery>,
) -> Result<Response, ApiError> {
    let found = people::list(&app, &here.site, &wanted).await?;
    let ruleset = app.rulesets.of(&app.db, &here.site).await?;
    let traits = store::people::trait_names(&mut app.db.read().await?.conn(), &here.site.id).await?;
    let filter = people_filter::form(&here, &wanted, &ruleset, &traits);
    Ok(page(&here, Room::People, "People", &list_content(&app, &here, &wanted, &filter, &found)))
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

fn list_content(app: &App, here: &Here, wanted: &PeopleQuery, filter: &Markup, found: &PeoplePage) -> Markup {
    let site = &here.site;
    let now = site.now(&app.clock);
    let calendar = Calendar::of(&site.timezone);
    let all = here.to("/people");
    html! {
        h1 { "People" }
        (filter)
        @if found.rows.is_empty() {
            @if *wanted != PeopleQuery::default() {
                p.empty { "Nobody is like that. " a href=(all) { "Show everybody" } "." }
            } @else {
                p.empty { "Nobody yet. As soon as the snippet is on a page, its visitors appear here. " a href=(here.to("")) { "See the snippet" } "." }
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
                p.more { a href={ (all) (people_filter::query(&PeopleQuery { after: Some(next.clone()), ..wanted.clone() })) } { "Next 50" } }
            }
        }
    }
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
