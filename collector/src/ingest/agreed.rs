//! What a visitor has agreed to, as their page and their browser say it, and what follows from it for what is kept.
//!
//! Where no profile may be made, what they do is not remembered and what is known of them is not used; what happens with prompts is, or
//! nobody could be left in peace. Where nothing may be kept in the browser, a page that is only looked at names nobody. What they answer is
//! always taken: who sends an answer has agreed to that.

use axum::http::HeaderMap;
use engine::Problem;
use engine::prompt::is_language;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// What a visitor has agreed to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Agreed {
    /// Whether something may be kept in the browser.
    pub store: bool,
    /// Whether what is kept there is to go: they have said no, and not only nothing yet.
    pub forget: bool,
    /// Whether what they do may be remembered, and what is known of them used.
    pub profile: bool,
}

impl Agreed {
    /// To everything, as what comes from a server; so it is too where a page says nothing.
    pub const ALL: Agreed = Agreed { store: true, forget: false, profile: true };

    /// What a page says of its visitor, and their browser by [Global Privacy Control](https://w3c.github.io/gpc/): that is a no to each
    /// site, whatever this one was told.
    pub fn of(given: Option<&RawValue>, headers: &HeaderMap) -> Agreed {
        let mut agreed = Agreed::ALL;
        if let Some(given) = given {
            // What is no object names nothing that was agreed to.
            let given: Map<String, Value> = serde_json::from_str(given.get()).unwrap_or_default();
            agreed.store = is_yes(given.get("store"));
            agreed.forget = given.get("store") == Some(&Value::Bool(false));
            agreed.profile = is_yes(given.get("profile"));
        }
        agreed.profile &= headers.get("sec-gpc").is_none_or(|said| said.as_bytes() != b"1");
        agreed
    }

    /// Why an event is not taken that is not about a prompt; `None` where it may be.
    pub fn against(self, index: usize) -> Option<Problem> {
        const SENTENCE: &str =
            "The visitor does not let what they do be remembered; only what concerns prompts is kept.";
        (!self.profile).then(|| Problem::new(format!("events[{index}]"), "not_agreed", SENTENCE))
    }
}

/// The language that they have chosen, if the page says one: it stands beside what they have agreed to.
pub fn chosen_language(given: Option<&RawValue>) -> Option<String> {
    #[derive(Deserialize)]
    struct Given {
        language: String,
    }
    let Given { language } = serde_json::from_str(given?.get()).ok()?;
    is_language(&language).then_some(language)
}

/// As the widget understands what a page says: a word such as `granted` is a yes.
fn is_yes(said: Option<&Value>) -> bool {
    match said {
        None | Some(Value::Null) => false,
        Some(Value::Bool(said)) => *said,
        Some(Value::Number(said)) => said.as_f64() != Some(0.0),
        Some(Value::String(said)) => !said.is_empty(),
        Some(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn what_pages_and_browsers_say() {
        // What the page says, what the browser says, and whether it may be kept, is to go, may be remembered.
        for (given, control, expected) in [
            (None, None, [true, false, true]),
            (Some(r#"{"store": true, "profile": true}"#), None, [true, false, true]),
            (Some(r#"{"store": false, "profile": true}"#), None, [false, true, true]),
            (Some(r#"{"store": null, "profile": null}"#), None, [false, false, false]),
            (Some(r#"{"store": "granted", "profile": 1, "answer": false}"#), None, [true, false, true]),
            (Some("{}"), None, [false, false, false]),
            (Some(r#"{"store": "", "profile": 0}"#), None, [false, false, false]),
            (Some("7"), None, [false, false, false]),
            (None, Some("1"), [true, false, false]),
            (Some(r#"{"store": true, "profile": true}"#), Some("1"), [true, false, false]),
            (None, Some("0"), [true, false, true]),
        ] {
            let mut headers = HeaderMap::new();
            control.map(|control| headers.insert("sec-gpc", HeaderValue::from_static(control)));
            let given: Option<&RawValue> = given.map(|given| serde_json::from_str(given).unwrap());
            let Agreed { store, forget, profile } = Agreed::of(given, &headers);
            assert_eq!([store, forget, profile], expected, "{given:?} {control:?}");
        }
    }

    #[test]
    fn a_chosen_language_is_one() {
        for (given, expected) in [
            (r#"{"store":true,"language":"pt-BR"}"#, Some("pt-BR")),
            (r#"{"language":""}"#, None),
            (r#"{"language":7}"#, None),
            (r#"{"language":"no such!"}"#, None),
            (r#"{"store":true}"#, None),
            ("7", None),
        ] {
            let given: &RawValue = serde_json::from_str(given).unwrap();
            assert_eq!(chosen_language(Some(given)).as_deref(), expected, "{given}");
        }
        assert_eq!(chosen_language(None), None);
    }
}
