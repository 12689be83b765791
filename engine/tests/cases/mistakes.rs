//! What is wrong with a prompt, the site's caps, a theme or a rule: `tests/cases/prompt/check/*.json` and `tests/cases/rules/check/*.json`.

use engine::frequency::Policy;
use engine::prompt::{Prompt, Theme, advice, check, check_policy, check_theme};
use engine::rule::{self, Condition, Known, Number, Place, Test};
use engine::{Key, Problem};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    /// Fields of a prompt that is right but for them.
    #[serde(default)]
    prompt: Option<Map<String, Value>>,
    #[serde(default)]
    policy: Option<Value>,
    #[serde(default)]
    theme: Option<Value>,
    #[serde(default)]
    rule: Option<Value>,
    /// How the site's prompts look.
    #[serde(default)]
    site: Theme,
    /// Where the rule stands.
    #[serde(default)]
    place: Stands,
    /// Place and code of each mistake.
    expect: Vec<(String, String)>,
    /// Place and code of what one is warned of.
    #[serde(default)]
    advice: Vec<(String, String)>,
    /// The sentence of the first.
    #[serde(default)]
    says: Option<String>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Stands {
    #[default]
    Prompt,
    Transition,
    Milestone,
    Segment,
}

impl Stands {
    fn place(self) -> Place {
        match self {
            Stands::Prompt => Place::Prompt,
            Stands::Transition => Place::Transition,
            Stands::Milestone => Place::Milestone,
            Stands::Segment => Place::Segment,
        }
    }
}

/// The names that there are.
pub fn known() -> Known {
    let keys = |names: &[&str]| names.iter().map(|name| Key::parse(name).unwrap()).collect::<Vec<_>>();
    let segment = |name: &str, rule: Value| (Key::parse(name).unwrap(), serde_json::from_value(rule).unwrap());
    Known {
        page_groups: keys(&["docs"]),
        prompts: keys(&["nps"]),
        segments: vec![
            segment("vip", json!("identified")),
            segment("fans", json!({"prompt": {"prompt": "nps", "did": "answered", "score": {"at_least": 9}}})),
            segment("friends", json!({"any": [{"segment": "vip"}, {"segment": "fans"}]})),
        ],
        journeys: vec![(Key::parse("saas").unwrap(), keys(&["trial", "paying"]))],
        milestones: keys(&["first_report"]),
        public_traits: vec!["first_name".to_owned()],
        tasks: keys(&["first_report", "first_invite", "m4", "m5", "m6", "m7", "m8", "m9"]),
        ..Known::default()
    }
}

/// `<600>` in a text stands for so many letters.
fn spelled_out(value: Value) -> Value {
    match value {
        Value::String(text) => match text.find('<').zip(text.strip_suffix('>')) {
            Some((at, rest)) => match rest[at + 1..].parse() {
                Ok(count) => format!("{}{}", &text[..at], "a".repeat(count)).into(),
                Err(_) => text.into(),
            },
            None => text.into(),
        },
        Value::Array(list) => list.into_iter().map(spelled_out).collect(),
        Value::Object(map) => map.into_iter().map(|(name, value)| (name, spelled_out(value))).collect(),
        other => other,
    }
}

/// Reads it, and fails if it is another thing when it was written and read once more.
fn read<T: DeserializeOwned + Serialize + PartialEq + std::fmt::Debug>(value: Value) -> T {
    let value = spelled_out(value);
    let read: T = serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{value}: {error}"));
    let again: T = serde_json::from_str(&serde_json::to_string(&read).unwrap()).unwrap();
    assert_eq!(again, read, "written and read");
    read
}

impl Case {
    /// Fields of a prompt in one that is right but for them.
    fn prompt(fields: &Map<String, Value>) -> Prompt {
        let mut prompt = json!({"key": "p", "placement": "modal",
            "content": {"community": {"heading": "Meet", "links": [{"label": "Forum", "url": "/forum"}]}}});
        prompt.as_object_mut().unwrap().extend(fields.clone());
        read(prompt)
    }

    fn problems(&self) -> Vec<Problem> {
        let rule_of = |rule: &Value| {
            let mut problems = Vec::new();
            rule::check(&read::<Condition>(rule.clone()), self.place.place(), &known(), "rule", &mut problems);
            problems
        };
        match (&self.prompt, &self.policy, &self.theme, &self.rule) {
            (Some(fields), None, None, None) => {
                check(&Case::prompt(fields), &Known { theme: self.site.clone(), ..known() })
            }
            (None, Some(policy), None, None) => check_policy(&read::<Policy>(policy.clone())),
            (None, None, Some(theme), None) => check_theme(&read::<Theme>(theme.clone()), "theme"),
            (None, None, None, Some(rule)) => rule_of(rule),
            _ => panic!("{}: give a prompt, a policy, a theme or a rule", self.name),
        }
    }
}

#[cfg_attr(test, test)]
pub fn numbers_that_json_cannot_write_are_found_too() {
    let [fine, nan, huge] = [1.0, f64::NAN, f64::INFINITY].map(Number);
    for (test, is_fine) in [
        (Test::AtLeast(fine), true),
        (Test::AtLeast(nan), false),
        (Test::Above(huge), false),
        (Test::AtMost(nan), false),
        (Test::Below(huge), false),
        (Test::Between(fine, huge), false),
        (Test::Between(nan, fine), false),
    ] {
        let mut problems = Vec::new();
        rule::check(&Condition::Width(test.clone()), Place::Prompt, &known(), "rule", &mut problems);
        let found: Vec<_> = problems.iter().map(|problem| (problem.at.as_str(), problem.code)).collect();
        let expected: &[(&str, &str)] = if is_fine { &[] } else { &[("rule.test", "not_a_number")] };
        assert_eq!(found, expected, "{test:?}");
    }
}

/// The codes that cases of a folder expect.
pub fn codes(folder: &str) -> impl Iterator<Item = String> {
    let cases = crate::files::<Vec<Case>>(folder).into_iter().flat_map(|(_, cases)| cases);
    cases.flat_map(|case| [case.expect, case.advice].concat()).map(|(_, code)| code)
}

#[cfg_attr(test, test)]
pub fn mistakes_are_found_as_their_cases_say() {
    let mut mistakes = Vec::new();
    let files = ["prompt/check", "rules/check"].into_iter().flat_map(crate::files::<Vec<Case>>);
    for (file, case) in files.flat_map(|(file, cases)| cases.into_iter().map(move |case| (file.clone(), case))) {
        let problems = case.problems();
        let found: Vec<(String, String)> =
            problems.iter().map(|problem| (problem.at.clone(), problem.code.to_owned())).collect();
        if found != case.expect {
            mistakes.push(format!("{file}: {}: {found:?}", case.name));
        }
        let advised: Vec<Problem> = case.prompt.iter().flat_map(|fields| advice(&Case::prompt(fields))).collect();
        let found: Vec<(String, String)> =
            advised.iter().map(|problem| (problem.at.clone(), problem.code.to_owned())).collect();
        if found != case.advice {
            mistakes.push(format!("{file}: {}: advised {found:?}", case.name));
        }
        if !problems.iter().chain(&advised).all(|problem| problem.message.ends_with(['.', ')'])) {
            mistakes.push(format!("{file}: {}: a message is no sentence", case.name));
        }
        if let Some(says) = &case.says
            && problems.first().is_none_or(|problem| problem.message != *says)
        {
            mistakes.push(format!("{file}: {}: {problems:?}", case.name));
        }
    }
    crate::report(mistakes);
}
