//! What was asked, in words: the questions of a prompt by their ids, from everything that was ever published of it.

use std::collections::BTreeMap;

use engine::prompt::{Content, Prompt};
use engine::survey::Question;

use super::answers::Given;
use crate::store::{Conn, Result, work};

/// The questions of a prompt.
#[derive(Clone, Debug, Default)]
pub struct Questions {
    known: BTreeMap<String, Question>,
    /// The recommendation question, and the one after it.
    nps: Option<(String, Option<String>)>,
}

/// A question with what was answered to it, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The question; its id where it is not known any more.
    pub question: String,
    /// What was answered.
    pub answer: String,
    /// Whether somebody wrote it in their own words.
    pub own_words: bool,
}

/// Reads them. What was published last goes first; of what is not published yet there is the draft.
pub async fn questions(conn: &mut Conn<'_>, site_id: &str, key: &str) -> Result<Questions> {
    let mut questions = Questions::default();
    let published = work::versions(conn, site_id, key).await?.into_iter().map(|(_, body, ..)| body);
    let draft = work::one(conn, site_id, key).await?.map(|(_, _, body, ..)| body);
    for body in published.chain(draft) {
        let Ok(prompt) = serde_json::from_str::<Prompt>(&body) else { continue };
        questions.learn(&prompt.content);
        prompt.experiment.variants.iter().filter_map(|variant| variant.content.as_ref()).for_each(|content| {
            questions.learn(content);
        });
    }
    Ok(questions)
}

impl Questions {
    fn learn(&mut self, content: &Content) {
        let asked = match content {
            Content::Survey(survey) => &survey.questions[..],
            Content::Form(form) => &form.fields[..],
            Content::Nps(nps) => {
                let follow_up = nps.follow_up.as_ref().map(|follow_up| follow_up.question.clone());
                self.nps.get_or_insert((nps.question.clone(), follow_up));
                &[]
            }
            _ => &[],
        };
        for question in asked {
            self.known.entry(question.id.to_string()).or_insert_with(|| question.clone());
        }
    }

    /// The text of a question, by its id.
    pub fn text<'a>(&'a self, id: &'a str) -> &'a str {
        match (id, &self.nps) {
            ("", Some((question, _))) => question,
            ("", None) => "How likely are you to recommend us?",
            (id, _) => self.known.get(id).map_or(id, |question| &question.text),
        }
    }

    /// What was answered, in words; one passed over says so.
    pub fn said(&self, given: &Given) -> Vec<Said> {
        let question = self.text(&given.question).to_owned();
        let line = |answer: String, own_words| Said { question: question.clone(), answer, own_words };
        if given.is_skipped() {
            return vec![line("passed over".to_owned(), false)];
        }
        let (_, most) = self.scale(given);
        let mut said = Vec::new();
        said.extend(given.score.map(|score| line(format!("{score} of {most}"), false)));
        if !given.choice.is_empty() {
            let labels: Vec<String> = given.choice.iter().map(|id| self.label(&given.question, id)).collect();
            said.push(line(labels.join(", "), false));
        }
        said.extend(given.value.clone().map(|value| line(value, false)));
        said.extend(given.text.clone().map(|text| line(text, true)));
        if let Some(comment) = &given.comment {
            let asked = self.nps.as_ref().and_then(|(_, follow_up)| follow_up.clone());
            let question = asked.unwrap_or_else(|| "Why?".to_owned());
            said.push(Said { question, answer: comment.clone(), own_words: true });
        }
        said
    }

    fn scale(&self, given: &Given) -> (u8, u8) {
        let known = self.known.get(&given.question).and_then(|question| question.ask.scale());
        known.unwrap_or(match given.kind.as_str() {
            "csat" => (1, 5),
            "ces" => (1, 7),
            _ => (0, 10),
        })
    }

    /// What an option says; one's own words stand beside it.
    fn label(&self, question: &str, id: &str) -> String {
        let choice = self.known.get(question).and_then(|question| question.ask.choice());
        let option = choice.and_then(|choice| choice.options.iter().find(|option| option.id.as_str() == id));
        let other = choice.and_then(|choice| choice.other.clone()).filter(|_| id == "other");
        option.map(|option| option.label.clone()).or(other).unwrap_or_else(|| id.to_owned())
    }
}
