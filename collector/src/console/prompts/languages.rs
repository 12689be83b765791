//! What a prompt says in other languages: each text beside its translations, and what is still missing.

use std::collections::BTreeMap;

use engine::prompt::Prompt;
use isolang::Language;
use maud::{Markup, html};
use serde_json::{Value, json};

/// What stands before the name of a field of a translation: `says de Hello`.
const SAYS: &str = "says ";

/// What a language is called: `German`, `Portuguese (BR)`.
pub fn name_of(tag: &str) -> String {
    let (first, rest) = tag.split_once('-').unwrap_or((tag, ""));
    let known = Language::from_639_1(&first.to_lowercase()).or_else(|| Language::from_639_3(&first.to_lowercase()));
    match (known, rest) {
        (None, _) => tag.to_owned(),
        (Some(language), "") => short(language).to_owned(),
        (Some(language), rest) => format!("{} ({rest})", short(language)),
    }
}

/// Names may go on to say since when, or which variety is meant.
fn short(language: Language) -> &'static str {
    language.to_name().split(" (").next().unwrap_or_default()
}

/// The languages of a draft, each with how many of its texts it has.
pub fn complete(prompt: &Prompt) -> Vec<(&str, usize, usize)> {
    let texts = prompt.texts();
    let count = |said: &BTreeMap<String, String>| texts.iter().filter(|text| said.contains_key(*text)).count();
    prompt.translations.0.iter().map(|(tag, said)| (tag.as_str(), count(said), texts.len())).collect()
}

/// What is missing, in a sentence for each language that has not everything.
pub fn missing(prompt: &Prompt, own: &str) -> Vec<String> {
    let open = complete(prompt).into_iter().filter(|(_, has, all)| has < all);
    open.map(|(tag, has, all)| {
        let lacks = all - has;
        let texts = if lacks == 1 { "texts is" } else { "texts are" };
        format!("{lacks} of {all} {texts} not yet in {}, and said in {}.", name_of(tag), name_of(own))
    })
    .collect()
}

/// The fields. `own` is the language that the site's prompts are written in.
pub fn fields(body: &Value, prompt: Option<&Prompt>, own: &str, is_open: bool) -> Markup {
    let Some(prompt) = prompt else {
        return html! { p.empty { "It is not a whole prompt yet. Once it is, each of its texts is listed here." } };
    };
    let texts = prompt.texts();
    let none = serde_json::Map::new();
    let languages = body.get("translations").and_then(Value::as_object).unwrap_or(&none);
    html! {
        p.hint { "It is written in " (name_of(own)) ". Visitors get each text in the language of the page or of their browser where it is there, else as it is written." }
        @for (tag, said) in languages {
            @let has = texts.iter().filter(|text| said.get(*text).is_some()).count();
            fieldset.many.language lang=(tag) {
                legend lang="en" { (name_of(tag)) " " span.hint { (has) " of " (texts.len()) " texts" } }
                @for (at, text) in texts.iter().enumerate() {
                    @let (id, name) = (format!("says-{tag}-{at}"), format!("{SAYS}{tag} {text}"));
                    @let value = said.get(text).and_then(Value::as_str).unwrap_or_default();
                    div.field {
                        label for=(id) lang=(own) { (text) }
                        @if text.chars().count() > 60 {
                            textarea id=(id) name=(name) rows="3" disabled[!is_open] dir="auto" { (value) }
                        } @else {
                            input id=(id) name=(name) type="text" value=(value) disabled[!is_open] dir="auto";
                        }
                    }
                }
                @if is_open { button.quiet type="submit" name="do" value={ "drop " (tag) } lang="en" { "Remove " (name_of(tag)) } }
            }
        }
    }
}

/// What adds one more language.
pub fn another(body: &Value, own: &str) -> Markup {
    let has = |tag: &str| body.pointer("/translations").is_some_and(|all| all.get(tag).is_some());
    html! {
        div.field {
            label for="language" { "Another language" }
            span.length {
                select id="language" name="speak" required {
                    option value="" { "Choose…" }
                    @for (tag, name) in all() { @if !has(tag) && tag != own { option value=(tag) { (name) } } }
                }
                button.quiet type="submit" name="do" value="speak" { "Add" }
            }
        }
    }
}

/// Reads what was typed into a draft, and does what was pressed.
pub fn read(pairs: &[(String, String)], body: &mut Value) {
    let mut all = body.get("translations").and_then(Value::as_object).cloned().unwrap_or_default();
    for (name, value) in pairs {
        let Some((tag, text)) = name.strip_prefix(SAYS).and_then(|name| name.split_once(' ')) else { continue };
        let Some(said) = all.get_mut(tag).and_then(Value::as_object_mut) else { continue };
        match value.trim() {
            "" => drop(said.remove(text)),
            _ => drop(said.insert(text.to_owned(), json!(value.replace("\r\n", "\n")))),
        }
    }
    let get = |name: &str| pairs.iter().find(|(one, _)| one == name).map_or("", |(_, value)| value.as_str());
    match get("do").split_once(' ') {
        Some(("drop", tag)) => drop(all.remove(tag)),
        _ if get("do") == "speak" && !get("speak").is_empty() => {
            all.entry(get("speak")).or_insert_with(|| json!({}));
        }
        _ => {}
    }
    match all.is_empty() {
        true => drop(body.as_object_mut().and_then(|body| body.remove("translations"))),
        false => body["translations"] = Value::Object(all),
    }
}

/// Those that have a code of two letters, by name.
fn all() -> Vec<(&'static str, &'static str)> {
    let mut all: Vec<_> =
        isolang::languages().filter_map(|language| Some((language.to_639_1()?, short(language)))).collect();
    all.sort_by_key(|(_, name)| *name);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_have_names() {
        for (tag, name) in [
            ("de", "German"),
            ("pt-BR", "Portuguese (BR)"),
            ("el", "Modern Greek"),
            ("xx", "xx"),
            ("gsw", "Swiss German"),
        ] {
            assert_eq!(name_of(tag), name);
        }
        assert!(all().len() > 150);
    }

    #[test]
    fn what_is_typed_stands_by_its_text_and_what_is_emptied_goes() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut body = json!({});
        read(&[pair("do", "speak"), pair("speak", "de")], &mut body);
        assert_eq!(body, json!({ "translations": { "de": {} } }));
        read(&[pair("says de Hello there", "Hallo"), pair("says fr Hello there", "Salut")], &mut body);
        assert_eq!(body, json!({ "translations": { "de": { "Hello there": "Hallo" } } }));
        read(&[pair("says de Hello there", " ")], &mut body);
        assert_eq!(body, json!({ "translations": { "de": {} } }));
        read(&[pair("do", "drop de")], &mut body);
        assert_eq!(body, json!({}));
    }
}
