//! Templates: whole prompts that a marketer begins with instead of nothing. They are files of `examples/templates/`, in the binary.
//!
//! A template is no prompt of any site before somebody begins one with it, and what becomes of that one is no concern of the template.
//! Each of them would pass the check on a site that has the default journey and nothing else.

use std::sync::LazyLock;

use engine::prompt::Prompt;
use serde::Deserialize;
use serde_json::Value;

use crate::assets::{self, Embedded};

/// The stages of the default journey that templates belong to, in its order: key, name, who is in it.
pub const STAGES: [(&str, &str, &str); 7] = [
    ("awareness", "Awareness", "They look around and do not know you yet."),
    ("evaluation", "Evaluation", "They try it, compare and decide."),
    ("onboarding", "Onboarding", "They have begun and set things up."),
    ("adoption", "Adoption", "They use it, and find out what else it can do."),
    ("retention", "Retention", "They have stayed. Some of them think of leaving, some have left."),
    ("expansion", "Expansion", "They need more than they have."),
    ("advocacy", "Advocacy", "They would tell others."),
];

/// The journey that templates ask about: `examples/journeys/saas.json`.
pub const JOURNEY: &str = "saas";

/// One template.
#[derive(Debug)]
pub struct Template {
    /// Its name in addresses; the prompt begun with it gets it as its key.
    pub name: &'static str,
    /// What people call it.
    pub title: String,
    /// What it does and when to use it, in a sentence or two.
    pub about: String,
    /// The key of one of [`STAGES`].
    pub stage: String,
    /// What the site has to send so that it works; empty: nothing of its own.
    pub needs: String,
    /// The prompt as it stands in the file.
    pub body: Value,
    /// The same, read.
    pub prompt: Prompt,
    /// All that a search looks at, in small letters.
    words: String,
}

/// A file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    title: String,
    about: String,
    stage: String,
    words: Vec<String>,
    #[serde(default)]
    needs: String,
    prompt: Value,
}

impl Template {
    fn read(file: &'static Embedded) -> Result<Template, serde_json::Error> {
        let Written { title, about, stage, words, needs, prompt: body } = serde_json::from_slice(file.plain)?;
        let prompt: Prompt = serde_json::from_value(body.clone())?;
        let words = [title.as_str(), &about, &stage, prompt.content.name(), &words.join(" ")].join(" ").to_lowercase();
        let name = file.name.strip_suffix(".json").unwrap_or(file.name);
        Ok(Template { name, title, about, stage, needs, body, prompt, words })
    }

    /// Whether each word of a search begins one of its words. An empty search finds everything.
    pub fn is_found_by(&self, search: &str) -> bool {
        let search = search.to_lowercase();
        words(&search).all(|wanted| words(&self.words).any(|word| word.starts_with(wanted)))
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// All of them, in the order of their stages and within one by title. A file that cannot be read is left out; a test finds it.
pub fn all() -> &'static [Template] {
    static ALL: LazyLock<Vec<Template>> = LazyLock::new(|| {
        let mut all: Vec<Template> = assets::templates().iter().filter_map(|file| Template::read(file).ok()).collect();
        let place = |template: &Template| STAGES.iter().position(|(key, ..)| *key == template.stage);
        all.sort_by(|a, b| (place(a), &a.title).cmp(&(place(b), &b.title)));
        all
    });
    &ALL
}

/// The one of a name.
pub fn one(name: &str) -> Option<&'static Template> {
    all().iter().find(|template| template.name == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use engine::journey::Journey;
    use engine::prompt::{Moment, check};
    use engine::rule::{Condition, Known};

    use super::*;
    use crate::prompts::typed::typed;

    fn journey() -> Journey {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/journeys/saas.json");
        serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
    }

    /// Says of each template what is wrong with it, as `file: place: sentence`.
    fn complaints(of: impl Fn(&Template) -> Vec<(String, String)>) -> Vec<String> {
        let line = |template: &Template| {
            let name = template.name;
            of(template).into_iter().map(move |(at, sentence)| format!("{name}.json: {at}: {sentence}"))
        };
        all().iter().flat_map(line).collect()
    }

    #[test]
    fn every_file_is_a_template() {
        let unreadable: Vec<_> = assets::templates()
            .iter()
            .filter_map(|file| Template::read(file).err().map(|error| format!("{}: {error}", file.name)))
            .collect();
        assert_eq!(unreadable, Vec::<String>::new());
        assert!(all().len() >= 26, "{}", all().len());
    }

    #[test]
    fn a_site_with_only_the_default_journey_can_publish_each_of_them() {
        let journey = journey();
        assert_eq!(journey.key.as_str(), JOURNEY);
        let known = Known {
            journeys: vec![(journey.key.clone(), journey.stages.iter().map(|stage| stage.key.clone()).collect())],
            tasks: journey.milestones().collect(),
            ..Known::default()
        };
        let wrong = complaints(|template| {
            let problems = match typed::<Prompt>(template.body.clone()) {
                Ok(prompt) => check(&prompt, &known),
                Err(problems) => problems,
            };
            problems.into_iter().map(|problem| (problem.at, problem.message)).collect()
        });
        assert_eq!(wrong, Vec::<String>::new());
    }

    #[test]
    fn each_stage_has_at_least_three_and_no_two_are_alike() {
        let journey = journey();
        let stages: Vec<&str> = journey.stages.iter().map(|stage| stage.key.as_str()).collect();
        assert_eq!(STAGES.map(|(key, ..)| key), stages[..STAGES.len()], "in the order of the journey");
        for (key, ..) in STAGES {
            let of = all().iter().filter(|template| template.stage == key).count();
            assert!(of >= 3, "{key} has {of}");
        }
        let (titles, abouts): (BTreeSet<_>, BTreeSet<_>) = all().iter().map(|t| (&t.title, &t.about)).unzip();
        assert_eq!((titles.len(), abouts.len()), (all().len(), all().len()));
        let wrong = complaints(|template| {
            let is_of_a_stage = stages[..STAGES.len()].contains(&template.stage.as_str());
            let is_named = template.prompt.key.as_str() == template.name && template.prompt.name == template.title;
            [("stage", is_of_a_stage), ("prompt", is_named)]
                .into_iter()
                .filter(|(_, is_right)| !is_right)
                .map(|(at, _)| (at.to_owned(), "is not as its file says".to_owned()))
                .collect()
        });
        assert_eq!(wrong, Vec::<String>::new());
    }

    #[test]
    fn nobody_is_shouted_at() {
        let shouts = complaints(|template| {
            let all = format!("{}{}{}{}", template.title, template.about, template.needs, template.body);
            all.contains('!').then(|| ("text".to_owned(), "has an exclamation mark".to_owned())).into_iter().collect()
        });
        assert_eq!(shouts, Vec::<String>::new());
    }

    /// What the collector writes into the log by itself.
    const OWN: [&str; 3] = ["Page Viewed", "NPS Answered", "CSAT Answered"];

    /// A rule that waits for what nobody sends would never hold, and nobody would know why.
    #[test]
    fn what_a_site_has_to_send_is_said() {
        let unsaid = complaints(|template| {
            let mut names = BTreeSet::new();
            template.prompt.rule.each_leaf(&mut |leaf| match leaf {
                Condition::Event(event) => drop(names.insert(event.name.clone())),
                Condition::Absent(absent) => drop(names.insert(absent.name.clone())),
                Condition::Trait(of) => drop(names.insert(of.name.clone())),
                _ => {}
            });
            if let Moment::Event(happens) = &template.prompt.moment {
                names.insert(happens.name.clone());
            }
            // A trait that its own answer sets comes by itself.
            let comes = |name: &String| {
                OWN.contains(&name.as_str()) || template.body.to_string().contains(&format!("\"trait\":\"{name}\""))
            };
            let is_said = |name: &String| template.needs.contains(&format!("\"{name}\""));
            let missing = names.into_iter().filter(|name| !comes(name) && !is_said(name));
            missing.map(|name| ("needs".to_owned(), format!("does not say {name:?}"))).collect()
        });
        assert_eq!(unsaid, Vec::<String>::new());
    }

    #[test]
    fn a_search_finds_what_each_of_its_words_is_in() {
        let found = |search: &str| -> Vec<&str> {
            all().iter().filter(|template| template.is_found_by(search)).map(|template| template.name).collect()
        };
        assert_eq!(found("").len(), all().len());
        assert!(found("NPS").contains(&"nps"), "{:?}", found("NPS"));
        assert_eq!(found("trustpilot renewal"), ["review_trustpilot"]);
        assert_eq!(found("e-mail camp"), ["email_discount"]);
        assert!(!found("review").contains(&"beta_invite"), "a preview is no review");
        assert_eq!(found("nobody has this"), Vec::<&str>::new());
    }
}
