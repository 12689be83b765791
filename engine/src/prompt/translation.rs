//! What a prompt says in other languages. A translation belongs to a text as it is written, not to a place: what is moved keeps it, and
//! what is written anew waits for a new one.

use super::Prompt;
use super::content::Content;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// By language, each text as the marketer wrote it with what stands in its place.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Translations(pub BTreeMap<String, BTreeMap<String, String>>);

impl Translations {
    /// A text in one of these languages, the first that has it. Where the text's own language comes before, it stays: `None`.
    fn of<'t>(&'t self, text: &str, wanted: &[&'t str], own: &str) -> Option<&'t String> {
        for language in wanted {
            if let Some(found) = self.each_near(language).find_map(|texts| texts.get(text)) {
                return Some(found);
            }
            if primary(language).eq_ignore_ascii_case(primary(own)) {
                return None;
            }
        }
        None
    }

    /// What there is in a language: as it is asked for, then in its other regions: for `de-AT` also `de` and `de-CH`.
    fn each_near<'t>(&'t self, wanted: &'t str) -> impl Iterator<Item = &'t BTreeMap<String, String>> {
        let exact = self.0.iter().filter(move |(language, _)| language.eq_ignore_ascii_case(wanted));
        let near = self.0.iter().filter(move |(language, _)| {
            primary(language).eq_ignore_ascii_case(primary(wanted)) && !language.eq_ignore_ascii_case(wanted)
        });
        exact.chain(near).map(|(_, texts)| texts)
    }
}

/// `de` of `de-AT`.
pub fn primary(language: &str) -> &str {
    language.split('-').next().unwrap_or_default()
}

/// Whether this is written as a language is: `de`, `pt-BR`, `zh-Hant`.
pub fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let is_first =
        parts.next().is_some_and(|part| matches!(part.len(), 2 | 3) && part.bytes().all(|b| b.is_ascii_alphabetic()));
    let is_more = |part: &str| matches!(part.len(), 2..=8) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    is_first && parts.all(is_more)
}

impl Prompt {
    /// Each text that people read and that can be said in another language, once, in its order.
    pub fn texts(&self) -> Vec<String> {
        let (mut seen, mut all) = (BTreeSet::new(), Vec::new());
        self.clone().each_translatable(&mut |text| {
            if !text.trim().is_empty() && seen.insert(text.clone()) {
                all.push(text.clone());
            }
        });
        all
    }

    /// The same with each text in the first of these languages that has it. `own` is the language in which it is written.
    #[must_use]
    pub fn in_languages(&self, wanted: &[&str], own: &str) -> Prompt {
        let mut said = self.clone();
        said.each_translatable(&mut |text| {
            if let Some(translation) = self.translations.of(text, wanted, own) {
                text.clone_from(translation);
            }
        });
        said
    }

    fn each_translatable(&mut self, see: &mut dyn FnMut(&mut String)) {
        let versions = self.experiment.variants.iter_mut().filter_map(|variant| variant.content.as_mut());
        for content in std::iter::once(&mut self.content).chain(versions) {
            // A code is the same in every language.
            let code = match content {
                Content::Offer(offer) => offer.coupon.as_ref().map(|coupon| coupon.code.clone()),
                _ => None,
            };
            let see = &mut |text: &mut String| {
                if code.as_ref() != Some(text) {
                    see(text);
                }
            };
            match content {
                Content::Survey(survey) => survey.each_text(see),
                content => content.each_text(see),
            }
        }
        if let Some(teaser) = &mut self.teaser {
            see(&mut teaser.label);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn prompt() -> Prompt {
        let prompt = json!({
            "key": "p", "placement": "modal", "teaser": { "label": "Ten off" },
            "content": { "offer": {
                "heading": "Ten off", "body": "Until May", "coupon": { "code": "TEN" },
                "button": { "label": "See the plans", "url": "/plans" } } },
            "experiment": { "variants": [{ "key": "a", "weight": 1, "content": { "offer": {
                "heading": "Ten percent off", "button": { "label": "See the plans", "url": "/plans" } } } }] },
            "translations": {
                "de": { "Ten off": "Zehn weniger", "Until May": "Bis Mai", "TEN": "ZEHN", "See the plans": "Zu den Tarifen" },
                "de-AT": { "Until May": "Bis zum Mai" },
                "pt-BR": { "Ten off": "Dez a menos" }
            }
        });
        serde_json::from_value(prompt).unwrap()
    }

    #[test]
    fn each_text_is_told_once() {
        let texts = ["Ten off", "Until May", "See the plans", "Ten percent off"];
        assert_eq!(prompt().texts(), texts);
        let survey = json!({ "key": "p", "placement": "modal", "content": { "survey": {
            "questions": [{ "id": "a", "text": "Which?", "help": "One of them", "ask": { "single": {
                "options": [{ "id": "x", "label": "This" }, { "id": "y", "label": "That" }] } } }],
            "endings": [{ "id": "e", "text": "Thanks", "button": { "label": "Go on", "url": "/" } }] } } });
        let survey: Prompt = serde_json::from_value(survey).unwrap();
        assert_eq!(survey.texts(), ["Which?", "One of them", "This", "That", "Thanks", "Go on"]);
    }

    #[test]
    fn each_text_is_said_in_the_first_language_that_has_it() {
        for (wanted, own, heading, body) in [
            (vec!["de"], "en", "Zehn weniger", "Bis Mai"),
            (vec!["DE-at"], "en", "Zehn weniger", "Bis zum Mai"),
            (vec!["de-CH"], "en", "Zehn weniger", "Bis Mai"),
            (vec!["pt"], "en", "Dez a menos", "Until May"),
            (vec!["pt", "de"], "en", "Dez a menos", "Bis Mai"),
            (vec!["fr", "de"], "en", "Zehn weniger", "Bis Mai"),
            (vec!["en-US", "de"], "en", "Ten off", "Until May"),
            (vec!["de", "en"], "de", "Zehn weniger", "Bis Mai"),
            (vec!["fr"], "en", "Ten off", "Until May"),
            (vec![], "en", "Ten off", "Until May"),
        ] {
            let said = prompt().in_languages(&wanted, own);
            let Content::Offer(offer) = &said.content else { unreachable!("an offer stays one") };
            assert_eq!((offer.heading.as_str(), offer.body.as_str()), (heading, body), "{wanted:?}");
            assert_eq!(said.teaser.as_ref().map(|teaser| teaser.label.as_str()), Some(heading), "{wanted:?}");
            assert_eq!(offer.coupon.as_ref().map(|coupon| coupon.code.as_str()), Some("TEN"), "a code stays");
        }
    }

    #[test]
    fn languages_are_written_as_standards_write_them() {
        for (tag, is_one) in [
            ("de", true),
            ("pt-BR", true),
            ("zh-Hant-TW", true),
            ("gsw", true),
            ("", false),
            ("d", false),
            ("german", false),
            ("de_AT", false),
            ("de-", false),
            ("12", false),
            ("de-a", false),
        ] {
            assert_eq!(is_language(tag), is_one, "{tag}");
        }
    }
}
