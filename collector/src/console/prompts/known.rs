//! What was recorded or defined, offered where a rule asks for it by name.

use std::collections::BTreeSet;

use maud::{Markup, html};

use crate::console::access::Here;
use crate::error::ApiError;
use crate::state::App;
use crate::store;

/// Names are taken from so many of the latest events.
const EVENTS: i64 = 5_000;

/// So many people are offered.
const PEOPLE: i64 = 50;

/// Lists by the names that fields of a rule ask for.
pub async fn lists(app: &App, here: &Here) -> Result<Markup, ApiError> {
    let ruleset = app.rulesets.of(&app.db, &here.site).await?;
    let mut reader = app.db.read().await?;
    let recent = store::events::recent(&mut reader.conn(), &here.site.id, EVENTS).await?;
    let traits = store::people::trait_names(&mut reader.conn(), &here.site.id).await?;
    drop(reader);
    let events: BTreeSet<&str> = recent.iter().map(|(name, _)| name.as_str()).collect();
    let paths: BTreeSet<&str> = recent.iter().filter_map(|(_, url)| path_of(url)).take(100).collect();
    let settings = &ruleset.settings;
    let latest = || ruleset.journeys.iter().map(|(_, definitions)| definitions.latest());
    let stages: BTreeSet<&str> =
        latest().flat_map(|journey| journey.stages.iter().map(|stage| stage.key.as_str())).collect();
    let milestones: BTreeSet<String> =
        latest().flat_map(|journey| journey.milestones().map(|key| key.to_string()).collect::<Vec<_>>()).collect();
    Ok(html! {
        (list("events", events))
        (list("paths", paths))
        (list("traits", traits.iter().map(String::as_str)))
        (list("journeys", ruleset.journeys.iter().map(|(key, _)| key.as_str())))
        (list("stages", stages))
        (list("milestones", milestones.iter().map(String::as_str)))
        (list("segments", settings.segments.iter().map(|segment| segment.key.as_str())))
        (list("page_groups", settings.page_groups.0.iter().map(|group| group.key.as_str())))
        (list("prompts", ruleset.prompts.iter().map(|prompt| prompt.key.as_str())))
    })
}

/// The people who said last who they are, for the prompt as they would see it.
pub async fn people(app: &App, here: &Here) -> Result<Markup, ApiError> {
    let people = store::people::latest(&mut app.db.read().await?.conn(), &here.site.id, PEOPLE).await?;
    Ok(list("people", people.iter().map(String::as_str)))
}

fn list<'a>(name: &str, values: impl IntoIterator<Item = &'a str>) -> Markup {
    html! { datalist id={ "known-" (name) } { @for value in values { option value=(value) {} } } }
}

/// The path of an address.
fn path_of(url: &str) -> Option<&str> {
    let rest = url.split_once("://")?.1;
    let path = &rest[rest.find('/')?..];
    path.split(['?', '#']).next()
}
