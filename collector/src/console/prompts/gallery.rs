//! The templates as pictures to choose from. Each picture is the widget itself in a small frame, so it is what visitors would see on
//! this site, in its look; a browser loads those that are near.

use maud::{Markup, html};

use super::sentence::kind_in_words;
use crate::console::access::Here;
use crate::prompts::templates::{STAGES, Template};

/// The field to search by, and the ways to the stages of what was found.
pub fn search(here: &Here, wanted: &str, found: &[&Template]) -> Markup {
    let counted = STAGES.map(|(key, word, _)| (key, word, found.iter().filter(|one| one.stage == key).count()));
    html! {
        form.filter method="get" role="search" {
            label.wide { span { "Find a template" }
                input name="q" type="search" value=(wanted) placeholder="review, discount, onboarding …";
            }
            button.quiet type="submit" { "Find" }
        }
        @if !found.is_empty() {
            nav.ways aria-label="Stages" {
                @for (key, word, count) in counted.into_iter().filter(|(.., count)| *count > 0) {
                    a href={ "#" (key) } { (word) " " span.count { (count) } }
                }
                a href="#nothing" { "Blank prompt" }
                @if !wanted.trim().is_empty() { a href=(here.to("/templates")) { "Show all" } }
            }
        }
    }
}

/// What was found, stage by stage.
pub fn stages(here: &Here, found: &[&Template]) -> Markup {
    html! {
        @for (key, word, who) in STAGES {
            @let of: Vec<&&Template> = found.iter().filter(|template| template.stage == key).collect();
            @if !of.is_empty() {
                section.templates aria-labelledby=(key) {
                    h2 #(key) { (word) }
                    p.hint { (who) }
                    ul { @for template in of { (card(here, template)) } }
                }
            }
        }
    }
}

fn card(here: &Here, template: &Template) -> Markup {
    let picture = here.to(&format!("/templates/{}/frame?scheme=auto", template.name));
    html! {
        li.template {
            // A picture: nothing in it can be reached.
            div.picture inert {
                iframe src=(picture) title={ "How \"" (template.title) "\" looks" } loading="lazy" tabindex="-1" aria-hidden="true" {}
            }
            h3 { (template.title) }
            p { (template.about) }
            @if !template.needs.is_empty() { p.needs { (with_names(&template.needs)) } }
            form method="post" action=(here.to("/templates")) {
                span.kind { (kind_in_words(&template.body)) }
                button.quiet type="submit" name="template" value=(template.name) { "Use this" span.unseen { " template: " (template.title) } }
            }
        }
    }
}

/// A sentence in which what stands between quotation marks is a name to type as it is.
fn with_names(text: &str) -> Markup {
    html! {
        @for (place, part) in text.split('"').enumerate() {
            @if place % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}
