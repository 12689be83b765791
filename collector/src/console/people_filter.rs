//! Who the list of people is to show, as a sentence to fill in; all of it stands in the address, so that other pages can link to it.

use maud::{Markup, html};

use super::access::Here;
use super::people::escape;
use super::view::PeopleQuery;
use crate::prompts::Ruleset;

const KINDS: [(&str, &str); 4] =
    [("", "everybody"), ("person", "people"), ("account", "accounts"), ("visitor", "visitors")];
const PACES: [(&str, &str); 4] =
    [("", "getting on anyhow"), ("on_track", "on track"), ("delayed", "delayed"), ("stuck", "stuck")];
const TESTS: [(&str, &str); 4] = [("", "says anything"), ("is", "is"), ("above", "is above"), ("below", "is below")];
const WORDS: [(&str, &str); 2] = [("", "said by anybody"), ("server", "said by a server")];
const DAYS: [(&str, &str); 5] = [
    ("", "at any time"),
    ("1", "in the last day"),
    ("7", "in the last 7 days"),
    ("30", "in the last 30 days"),
    ("90", "in the last 90 days"),
];

/// The sentence.
pub fn form(here: &Here, wanted: &PeopleQuery, ruleset: &Ruleset, traits: &[String]) -> Markup {
    let is_more = PeopleQuery { search: String::new(), kind: String::new(), after: None, ..wanted.clone() }
        != PeopleQuery::default();
    html! {
        form.filter method="get" action=(here.to("/people")) role="search" {
            label { span { "Show" } (choice("kind", &KINDS, &wanted.kind)) }
            label.wide { span { "with words in their name, e-mail or id that begin with" } input name="q" type="search" value=(wanted.search) placeholder="Ada, ada@shop.test, acme"; }
            button.quiet type="submit" { "Show" }
            details.more open[is_more] {
                summary { "Stage, traits, last seen" }
                div.sentence {
                    label { span { "in" } (stages(ruleset, &wanted.stage)) }
                    label { span { "who are" } (choice("pace", &PACES, &wanted.pace)) }
                    label { span { "whose trait" } input name="trait" list="known-traits" value=(wanted.named) autocomplete="off" placeholder="any"; }
                    label { span.unseen { "How the trait is compared" } (choice("test", &TESTS, &wanted.test)) }
                    label { span.unseen { "What it is compared with" } input name="value" value=(wanted.value) autocomplete="off"; }
                    label { span.unseen { "Who says so" } (choice("by", &WORDS, &wanted.by)) }
                    label { span { "seen" } (choice("days", &DAYS, &wanted.days)) }
                }
            }
            datalist id="known-traits" { @for name in traits { option value=(name) {} } }
        }
    }
}

fn choice(name: &str, all: &[(&str, &str)], chosen: &str) -> Markup {
    html! { select name=(name) { @for (value, word) in all { option value=(value) selected[*value == chosen] { (word) } } } }
}

fn stages(ruleset: &Ruleset, chosen: &str) -> Markup {
    html! {
        select name="stage" {
            option value="" { "any stage" }
            @for (key, definitions) in &ruleset.journeys {
                optgroup label=(definitions.latest().name) {
                    @for stage in &definitions.latest().stages {
                        @let value = stage_of(key.as_str(), stage.key.as_str());
                        option value=(value) selected[value == chosen] { (stage.name) }
                    }
                }
            }
        }
    }
}

/// A stage as the address names it.
pub fn stage_of(journey: &str, stage: &str) -> String {
    format!("{journey}:{stage}")
}

/// The end of the address of a list: `?kind=person&stage=saas%3Aonboarding`; empty for everybody.
pub fn query(wanted: &PeopleQuery) -> String {
    let after = wanted.after.as_deref().unwrap_or_default();
    let fields = [
        ("kind", wanted.kind.as_str()),
        ("q", &wanted.search),
        ("stage", &wanted.stage),
        ("pace", &wanted.pace),
        ("trait", &wanted.named),
        ("test", &wanted.test),
        ("value", &wanted.value),
        ("by", &wanted.by),
        ("days", &wanted.days),
        ("after", after),
    ];
    let said = fields.into_iter().filter(|(_, value)| !value.is_empty());
    let parts: Vec<String> = said.map(|(name, value)| format!("{name}={}", escape(value))).collect();
    if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_is_asked_for_and_nothing_else() {
        let wanted = PeopleQuery {
            search: "a b".to_owned(),
            stage: stage_of("saas", "onboarding"),
            named: "plan".to_owned(),
            after: Some("5.p:x".to_owned()),
            ..PeopleQuery::default()
        };
        assert_eq!(query(&wanted), "?q=a%20b&stage=saas%3Aonboarding&trait=plan&after=5.p%3Ax");
        assert_eq!(query(&PeopleQuery::default()), "");
    }
}
