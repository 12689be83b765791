//! A draft on the site's own pages, before anybody else sees it: links for the team.

use axum::extract::State;
use axum::response::Response;
use engine::Key;
use engine::prompt::Prompt;
use engine::rule::Condition;
use maud::{Markup, html};
use serde::Deserialize;

use super::edit::{head, prompt_of};
use super::sentence::title;
use super::{desk, known, refused};
use crate::auth::debug_token::Trial;
use crate::console::access::Here;
use crate::console::layout::{Room, page};
use crate::console::words::Calendar;
use crate::error::ApiError;
use crate::origin;
use crate::prompts::trial;
use crate::server::{InPath, InQuery};
use crate::state::App;

#[derive(Deserialize)]
pub struct TryQuery {
    /// The page, whole or from its path on.
    #[serde(default)]
    page: String,
}

/// `GET /s/{site}/prompts/{key}/try`.
pub async fn show(
    State(app): State<App>,
    here: Here,
    InPath((_, key)): InPath<(String, String)>,
    InQuery(query): InQuery<TryQuery>,
) -> Result<Response, ApiError> {
    let work = desk(&app, &here).one(&key).await.map_err(refused)?;
    let is_whole = prompt_of(&work.body).is_some();
    let known = known::known(&app, &here).await?;
    let typed = query.page.trim();
    // A page where somebody was is one that there is: better than the first one of the origin.
    let wanted =
        if typed.is_empty() { usual(prompt_of(&work.body).as_ref(), known.texts("paths")) } else { typed.to_owned() };
    let address = address(&here, &wanted);
    let links = match (&address, Key::parse(&work.key).filter(|_| is_whole)) {
        (Ok(address), Some(prompt)) => Some(links(&app, &here, address, prompt).await?),
        _ => None,
    };
    let until = Calendar::of(&here.site.timezone).time(trial::until(here.site.now(&app.clock)));
    let content = html! {
        (head(&app, &here, &work, "try").await?)
        h2 { "Try it on your own page" }
        p.hint { "The draft as it is now, on a page of yours, for whoever has the link, until " (until.get(..5).unwrap_or(&until)) ". What is done there counts in no number." }
        form.filter method="get" {
            label.wide { span { "On the page" } input name="page" type="text" inputmode="url" list="known-paths" value=(wanted); }
            button.quiet type="submit" { "Make links" }
        }
        @if let Err(mistake) = &address { p.wrong role="alert" { (mistake) } }
        @if !is_whole { p.wrong { "It is not a whole prompt yet: the parts with a mark say what is missing." } }
        @if let Some([at_once, as_ruled]) = &links {
            ul.links {
                (link("Show it at once", "Whatever its audience, its moment and its caps say. To see how it looks on the page.", at_once, "at_once"))
                (link("Show it when its rules say so", "A panel beside the page says of each prompt why it shows there or does not.", as_ruled, "as_ruled"))
            }
        }
        (known.lists())
    };
    Ok(page(&here, Room::Prompts, &title(&work), &content))
}

/// Of the pages where somebody was lately one that the prompt's audience names, else the first; `/` where nobody was.
fn usual(prompt: Option<&Prompt>, paths: &[String]) -> String {
    let is_named = |path: &&String| {
        let mut is_named = false;
        prompt.into_iter().for_each(|prompt| {
            prompt
                .rule
                .each_leaf(&mut |leaf| is_named |= matches!(leaf, Condition::Path(pattern) if pattern.matches(path)));
        });
        is_named
    };
    paths.iter().find(is_named).or(paths.first()).cloned().unwrap_or_else(|| "/".to_owned())
}

fn link(word: &str, about: &str, address: &str, id: &str) -> Markup {
    html! {
        li {
            p { a.button.quiet[id != "at_once"] href=(address) target="_blank" rel="noopener" { (word) } }
            p.hint { (about) }
            p.linked { code id=(id) { (address) } " " button.quiet type="button" data-copy=(id) { "Copy link" } }
        }
    }
}

async fn links(app: &App, here: &Here, page: &str, prompt: Key) -> Result<[String; 2], ApiError> {
    let make = async |at_once| {
        let trial = Trial { prompt: prompt.clone(), at_once };
        trial::link(&app.db, &app.clock, &here.site, page, Some(&trial)).await
    };
    let links = [make(true).await?, make(false).await?];
    // The first link of a site makes its secret.
    app.sites.refresh(&app.db).await?;
    Ok(links)
}

/// The page that is meant, on one of the site's origins.
fn address(here: &Here, typed: &str) -> Result<String, String> {
    let origin = here.site.origins.iter().map(ToString::to_string).find(|origin| !origin.contains('*'));
    let Some(origin) = origin else {
        return Err("The site has no address yet: add one under Settings.".to_owned());
    };
    if typed.is_empty() || typed.starts_with('/') {
        return Ok(format!("{origin}{}", if typed.is_empty() { "/" } else { typed }));
    }
    match origin::of_address(typed).is_some_and(|its_own| here.site.allows(its_own)) {
        true => Ok(typed.to_owned()),
        false => Err(format!("This is no page of {}: begin with / or with {origin}.", here.site.name)),
    }
}
