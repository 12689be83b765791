//! What members did on this site.

use std::collections::HashMap;

use axum::extract::State;
use axum::response::Response;
use engine::Timestamp;
use maud::html;
use serde::Deserialize;

use super::tabs;
use crate::console::access::Here;
use crate::console::layout::{Room, page};
use crate::console::words::Calendar;
use crate::error::ApiError;
use crate::server::InQuery;
use crate::state::App;
use crate::store::{audit, members};

/// Lines on a page.
const LINES: i64 = 50;

#[derive(Deserialize)]
pub struct LogQuery {
    #[serde(default)]
    before: String,
}

/// `GET /s/{site}/settings/log`.
pub async fn show(State(app): State<App>, here: Here, InQuery(query): InQuery<LogQuery>) -> Result<Response, ApiError> {
    let mut reader = app.db.read().await?;
    let mut conn = reader.conn();
    let mut lines = audit::latest(&mut conn, &here.site.id, here.member.is_owner, (&query.before, LINES + 1)).await?;
    let has_more = lines.len() as i64 > LINES;
    lines.truncate(LINES as usize);
    let mut names: HashMap<String, String> = HashMap::new();
    for (_, _, member, ..) in &lines {
        if !names.contains_key(member)
            && let Some((id, email, name, ..)) = members::by_id(&mut conn, member).await?
        {
            names.insert(id, if name.is_empty() { email } else { name });
        }
    }
    drop(reader);
    let calendar = Calendar::of(&here.site.timezone);
    let content = html! {
        (tabs(&here, "/settings/log"))
        @if lines.is_empty() { p.empty { "Nothing yet. Whatever somebody publishes, allows or changes is written here." } }
        @else {
            table.list {
                thead { tr { th { "When" } th { "Who" } th { "What" } } }
                tbody { @for (_, at, member, did, about, detail) in &lines { tr {
                    td { (calendar.moment(Timestamp(*at))) }
                    td { (names.get(member).map_or("somebody who left", String::as_str)) }
                    td { (in_words(did)) " " strong { (about) } @if !detail.is_empty() { " (" (detail) ")" } }
                } } }
            }
        }
        @if has_more && let Some(last) = lines.last() {
            p.more { a href={ (here.to("/settings/log")) "?before=" (last.0) } { "Before that" } }
        }
    };
    Ok(page(&here, Room::Settings, "Activity log", &content))
}

/// What the stable name of a deed means.
fn in_words(did: &str) -> &str {
    match did {
        "prompt.begun" => "began the prompt",
        "prompt.published" => "published the prompt",
        "prompt.paused" => "paused the prompt",
        "prompt.archived" => "archived the prompt",
        "prompt.restored" => "brought back the prompt",
        "origin.allowed" => "allowed",
        "origin.removed" => "no longer allows",
        "secret.made" => "made a new secret key",
        "key.made" => "made the key",
        "key.revoked" => "revoked the key",
        "files.published" => "published from files",
        "demo.loaded" => "loaded the demo",
        "demo.removed" => "removed the demo",
        "site.made" => "made the site",
        "site.changed" => "changed the site",
        "settings.changed" => "changed the settings",
        "journey.published" => "published the journey",
        "member.invited" => "invited",
        "member.changed" => "changed the role of",
        "member.link_made" => "made a new link for",
        "member.removed" => "removed",
        other => other,
    }
}
