//! Whom a draft would have reached: beside each line of its rule, on a page of its own, and before it is published.
//!
//! Going through a month of visits takes longer than a page may, so pages come first and ask for this.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use engine::rule::Condition;
use maud::{Markup, html};
use serde::Deserialize;

use super::edit::{head, prompt_of, with_group};
use super::known;
use super::sentence::title;
use super::{desk, refused};
use crate::console::access::Here;
use crate::console::layout::{Room, page};
use crate::console::people::subject_link;
use crate::console::words::count;
use crate::error::ApiError;
use crate::prompts::work::Work;
use crate::reach::{Assumed, Fit, Loss, Reach, reach};
use crate::server::{InPath, InQuery};
use crate::state::App;

#[derive(Deserialize)]
pub struct ReachQuery {
    /// Asked for by a page without a script: all of it at once.
    #[serde(default)]
    now: String,
}

/// So many of a list are shown.
const SHOWN: usize = 20;

/// `GET /s/{site}/prompts/{key}/reach`.
pub async fn show(
    State(app): State<App>,
    here: Here,
    InPath((_, key)): InPath<(String, String)>,
    InQuery(query): InQuery<ReachQuery>,
) -> Result<Response, ApiError> {
    let work = desk(&app, &here).one(&key).await.map_err(refused)?;
    let figures = if query.now.is_empty() { asked_for(&here, &work) } else { figures(&app, &here, &work).await? };
    let content = html! {
        (head(&app, &here, &work, "reach").await?)
        (figures)
    };
    Ok(page(&here, Room::Prompts, &title(&work), &content))
}

/// `GET /s/{site}/prompts/{key}/reach/figures`: the part of a page that comes later.
pub async fn later(
    State(app): State<App>,
    here: Here,
    InPath((_, key)): InPath<(String, String)>,
) -> Result<Response, ApiError> {
    let work = desk(&app, &here).one(&key).await.map_err(refused)?;
    Ok(figures(&app, &here, &work).await?.into_response())
}

/// `GET /s/{site}/prompts/{key}/reach/fits`: for each line of the rule whom it fits.
pub async fn fits(
    State(app): State<App>,
    here: Here,
    InPath((_, key)): InPath<(String, String)>,
) -> Result<Response, ApiError> {
    let work = desk(&app, &here).one(&key).await.map_err(refused)?;
    let Some(prompt) = prompt_of(&with_group(work.body)) else { return Ok(html! {}.into_response()) };
    let places = places(&prompt.rule, "rule");
    let reach = reach(&app, &here.site, prompt).await?;
    let lines = places.iter().zip(&reach.fits);
    let content = html! {
        @for (place, fit) in lines {
            output.fit.none[fit.held + fit.unknown == 0] id=(fit_of(place)) hx-swap-oob="true" { (fit_in_words(fit, &reach)) }
        }
    };
    Ok(content.into_response())
}

/// Where the number beside a line of a rule stands.
pub fn fit_of(place: &str) -> String {
    format!("fit-{place}")
}

/// What asks for the numbers beside the lines, once the page is there. Another step of the draft is another element.
pub fn asks_fits(here: &Here, work: &Work) -> Markup {
    let address = here.to(&format!("/prompts/{}/reach/fits", work.key));
    html! {
        p.hint {
            output.fit id=(fit_of("rule")) { "Counting…" } " match, of all who came in the last 30 days, known or not. Each condition has its own count. "
            a href=(here.to(&format!("/prompts/{}/reach", work.key))) { "See the whole reach" }
            span id={ "fits-" (work.step) } hx-get=(address) hx-trigger="load" hx-swap="none" {}
        }
    }
}

/// What stands where the figures will.
pub fn asked_for(here: &Here, work: &Work) -> Markup {
    let to = |page: &str| here.to(&format!("/prompts/{}/reach{page}", work.key));
    html! {
        div.reach hx-get=(to("/figures")) hx-trigger="load" hx-swap="outerHTML" {
            p.hint role="status" { "Going through the visits of the last 30 days…" }
            noscript { p { a href=(to("?now=1")) { "Count now" } } }
        }
    }
}

async fn figures(app: &App, here: &Here, work: &Work) -> Result<Markup, ApiError> {
    let Some(prompt) = prompt_of(&with_group(work.body.clone())) else {
        return Ok(html! { p.empty { "It is not a whole prompt yet, so nobody could have seen it." } });
    };
    let reach = reach(app, &here.site, prompt).await?;
    let known = known::known(app, here).await?;
    Ok(told(here, &work.key, &reach, &|key| known.name("prompts", key)))
}

fn told(here: &Here, key: &str, reach: &Reach, name: &dyn Fn(&str) -> String) -> Markup {
    let shown = reach.shown.len();
    if reach.people == 0 {
        return html! { div.reach { p.empty {
            "Nobody has visited the site in the last 30 days, so there is nothing to try it on. "
            a href=(here.to("/settings/install")) { "Install the widget" }
        } } };
    }
    html! {
        div.reach {
            h2 { "Reach in the last 30 days" }
            div.heroes {
                (figure(&about(shown, reach), if shown == 1 { "person would have seen it" } else { "people would have seen it" }, "Each person counted once, however often they would have seen it."))
                (figure(&share(shown, reach.people), "of those who came", "Of all people who opened a page in the last 30 days."))
                (figure(&about(reach.times, reach), "times in all", "As often as its caps and the site's allow."))
            }
            @if shown == 0 { p.warning { strong { "Nobody would have seen it. " } (why_nobody(reach)) " " a href=(here.to(&format!("/prompts/{key}?part=audience"))) { "Look at it line by line" } } }
            @if reach.doubtful > 0 {
                p { (count_of(reach.doubtful)) " of them only if what nobody recorded went well." }
            }
            @if reach.looked_at < reach.came {
                p.hint { "Estimated from " (count_of(reach.looked_at)) " of the " (count_of(reach.came)) " browsers that came, drawn by lot." }
            }
            @if !reach.assumed.is_empty() {
                p.hint { "Taken to have been well, since no visit records it:" }
                ul.assumed { @for assumed in &reach.assumed { li { (assumed_in_words(*assumed)) } } }
            }
            (beside(here, reach, name))
            div.two {
                (lost(reach))
                (pages(reach))
            }
            (people(here, reach))
        }
    }
}

fn beside(here: &Here, reach: &Reach, name: &dyn Fn(&str) -> String) -> Markup {
    html! {
        @if !reach.beside.is_empty() {
            h3 { "At the same moment" }
            p.hint { "One prompt shows at a time: the one with the higher priority, else the one that was seen less often." }
            table.list {
                thead { tr { th { "Could have come too" } th.figure { "For people" } th.figure { "And went first for" } } }
                tbody { @for (key, people, first) in &reach.beside { tr {
                    td { a href=(here.to(&format!("/prompts/{key}?part=frequency"))) { (name(key.as_str())) } }
                    td.figure data-label="people" { (about(*people, reach)) }
                    td.figure.none[*first == 0] { (about(*first, reach)) }
                } } }
            }
        }
    }
}

fn lost(reach: &Reach) -> Markup {
    html! {
        section {
            h3 { "Who would not have seen it" }
            @if reach.lost.is_empty() { p.hint { "Nobody: everyone who came would have seen it." } } @else {
                table.list {
                    thead { tr { th { "Why not" } th.figure { "People" } } }
                    tbody { @for (loss, people) in &reach.lost {
                        tr { td { (loss_in_words(*loss)) } td.figure data-label="people" { (about(*people, reach)) } }
                    } }
                }
                p.hint { "Each person once, by what stood against it where they came closest." }
            }
        }
    }
}

fn pages(reach: &Reach) -> Markup {
    html! {
        section {
            h3 { "Where" }
            @if reach.pages.is_empty() { p.hint { "On no page." } } @else {
                table.list {
                    thead { tr { th { "Page" } th.figure { "People" } } }
                    tbody { @for (path, people) in reach.pages.iter().take(SHOWN) {
                        tr { td { code { (path) } } td.figure data-label="people" { (about(*people, reach)) } }
                    } }
                }
                @if reach.pages.len() > SHOWN { p.hint { "And " (count_of(reach.pages.len() - SHOWN)) " more pages." } }
            }
        }
    }
}

fn people(here: &Here, reach: &Reach) -> Markup {
    html! {
        @if !reach.shown.is_empty() {
            h3 { "Who would have seen it" }
            ul.who { @for subject in reach.shown.iter().take(SHOWN) { li { (subject_link(&here.site, subject)) } } }
            @if reach.shown.len() > SHOWN { p.hint { "And " (about(reach.shown.len() - SHOWN, reach)) " more." } }
        }
    }
}

fn figure(value: &str, word: &str, definition: &str) -> Markup {
    html! { div.hero title=(definition) { p.value { (value) } p { (word) } p.unseen { (definition) } } }
}

/// A number of the people who were looked at as one of all who came: `about 4 700`.
pub fn about(number: usize, reach: &Reach) -> String {
    scaled(number, reach.came, reach.looked_at)
}

/// The same of numbers that are known by themselves.
pub fn scaled(number: usize, came: usize, looked_at: usize) -> String {
    if looked_at >= came || looked_at == 0 {
        return count_of(number);
    }
    let scaled = number as f64 * came as f64 / looked_at as f64;
    // Two figures are all that a sample can tell.
    let step = 10_f64.powf((scaled.max(1.0).log10().floor() - 1.0).max(0.0));
    format!("about {}", count((scaled / step).round() as i64 * step as i64))
}

fn count_of(number: usize) -> String {
    count(i64::try_from(number).unwrap_or(i64::MAX))
}

fn share(part: usize, whole: usize) -> String {
    let percent = part as f64 * 100.0 / whole.max(1) as f64;
    if part > 0 && percent < 1.0 { "under 1 %".to_owned() } else { format!("{percent:.0} %") }
}

fn fit_in_words(fit: &Fit, reach: &Reach) -> String {
    match (fit.held, fit.unknown) {
        (0, 0) => "nobody".to_owned(),
        (0, unknown) => format!("only pages know, for {}", about(unknown, reach)),
        (1, _) if reach.looked_at >= reach.came => "1 person".to_owned(),
        (held, _) => format!("{} people", about(held, reach)),
    }
}

fn why_nobody(reach: &Reach) -> String {
    match reach.lost.first() {
        None => String::new(),
        Some((loss, people)) => {
            format!("For most ({}) this stood against it: {}.", about(*people, reach), loss_in_words(*loss))
        }
    }
}

/// What stood against it.
pub fn loss_in_words(loss: Loss) -> &'static str {
    match loss {
        Loss::Hours => "outside its hours",
        Loss::Moment => "its moment did not come while they were on the page",
        Loss::Rule => "the audience did not fit on any page",
        Loss::Guarded => "it is an offer, and the account was delayed or stuck",
        Loss::OwnCap => "its own caps",
        Loss::SiteCap => "the site's caps: another prompt had just been shown",
        Loss::Muted => "they want to be asked nothing any more",
        Loss::Lot => "the lot: they are in a holdout, or it is meant for a share of people",
        Loss::Outranked => "another prompt went first",
    }
}

/// What was taken to have been well.
pub fn assumed_in_words(assumed: Assumed) -> &'static str {
    match assumed {
        Assumed::Moment => "that its moment came as soon as it could: scrolling, leaving, a click, a call",
        Assumed::Stay => "that people stayed long enough on the last page of a visit",
        Assumed::Page => "what the rule asks of the page alone: elements, cookies, variables, the width",
        Assumed::Element => "that the element it stands in was there, and none that it keeps clear of",
        Assumed::Consent => "that people had agreed to what it needs",
        Assumed::Schedule => "that its schedule had begun and not ended",
    }
}

/// The place of each part of a rule in the draft, a group before its parts: as the reach counts them.
fn places(rule: &Condition, at: &str) -> Vec<String> {
    let mut found = vec![at.to_owned()];
    match rule {
        Condition::All(parts) | Condition::Any(parts) => {
            let group = if matches!(rule, Condition::All(_)) { "all" } else { "any" };
            for (place, part) in parts.iter().enumerate() {
                found.extend(places(part, &format!("{at}.{group}[{place}]")));
            }
        }
        Condition::Not(part) => found.extend(places(part, &format!("{at}.not"))),
        _ => {}
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_of_a_rule_has_its_place_in_the_draft() {
        let rule = serde_json::json!({"all": [{"path": "/a"}, {"any": [{"not": {"path": "/b"}}, "identified"]}]});
        let rule: Condition = serde_json::from_value(rule).unwrap();
        let expected = [
            "rule",
            "rule.all[0]",
            "rule.all[1]",
            "rule.all[1].any[0]",
            "rule.all[1].any[0].not",
            "rule.all[1].any[1]",
        ];
        assert_eq!(places(&rule, "rule"), expected);
    }

    #[test]
    fn what_a_sample_tells_is_reckoned_up_to_two_figures() {
        for (came, looked_at, number, words) in [
            (200, 200, 37, "37"),
            (5000, 1000, 37, "about 190"),
            (5000, 1000, 0, "about 0"),
            (2000, 1000, 3, "about 6"),
            (23_410, 1000, 204, "about 4\u{a0}800"),
        ] {
            let reach = Reach { came, looked_at, ..Reach::default() };
            assert_eq!(about(number, &reach), words, "{number} of {looked_at} of {came}");
        }
    }
}
