//! A response: the answers that belong together, as their events said them.
//!
//! Pure. Later answers to a question take the place of earlier ones, in whatever order they come.

use engine::log::LogEvent;
use engine::survey::{Kind, Labels};
use engine::{Uuid, Value};
use serde::{Deserialize, Serialize};

use super::acts::{is_so, score};
use crate::store::results::ResponseRow;

/// What was answered to one question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Given {
    /// The question's id; empty for the recommendation question.
    pub question: String,
    /// When.
    pub at: i64,
    /// The kind of question, as in files.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// The number on a scale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<u8>,
    /// The ids of the options.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choice: Vec<String>,
    /// What was written, in one's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// A number, a day, a tick.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What was written to the question after a recommendation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// A response as it is kept.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answered {
    /// The answers, in the order of time.
    pub given: Vec<Given>,
    /// Whether nothing more was to come.
    pub finished: bool,
}

/// The id under which the answers of a response come: the page's, or the event's own.
pub fn response_of(event: &LogEvent) -> String {
    match event.props.get("response") {
        Some(Value::Text(text)) => Uuid::parse(text).unwrap_or(event.id).write(),
        _ => event.id.write(),
    }
}

impl Answered {
    /// Reads what [`Answered::row`] writes.
    pub fn read(row: &ResponseRow) -> Answered {
        let given = serde_json::from_str(&row.answers).unwrap_or_default();
        Answered { given, finished: row.finished == 1 }
    }

    /// Takes in an answer.
    pub fn take(&mut self, event: &LogEvent) {
        self.finished |= !is_so(event, "partial");
        let text = |name: &str| match event.props.get(name) {
            Some(Value::Text(text)) => Some(text.clone()),
            _ => None,
        };
        let choice = match event.props.get("choice") {
            Some(Value::Text(one)) => vec![one.clone()],
            Some(Value::List(many)) => many.iter().filter_map(as_text).collect(),
            _ => Vec::new(),
        };
        let scored = score(event);
        let given = Given {
            question: text("question").unwrap_or_default(),
            at: event.at.0,
            kind: scored.map(|(kind, ..)| kind.to_owned()).or_else(|| text("kind")).unwrap_or_default(),
            score: scored.map(|(.., score)| score),
            choice,
            text: text("text").or_else(|| text("other")),
            value: event.props.get("value").and_then(as_text),
            comment: text("comment"),
        };
        match self.given.iter_mut().find(|known| known.question == given.question) {
            // The same instant twice: the one that says more, whichever came first.
            Some(known) if (given.at, given.size()) >= (known.at, known.size()) => *known = given,
            Some(_) => {}
            None => self.given.push(given),
        }
        self.given.sort_by(|a, b| (a.at, &a.question).cmp(&(b.at, &b.question)));
    }

    /// What the first score means; empty without one, and for scales of one's own.
    pub fn band(&self) -> &'static str {
        let scored = self.given.iter().find_map(|given| Some((given, given.score?)));
        let Some((given, score)) = scored else { return "" };
        let kind = match given.kind.as_str() {
            "nps" => Kind::Nps(Labels::default()),
            "csat" => Kind::Csat(Labels::default()),
            "ces" => Kind::Ces(Labels::default()),
            _ => return "",
        };
        kind.band(score).map_or("", |band| band.as_str())
    }

    /// As it is stored.
    pub fn row(&self, person: &str, prompt: &str, id: &str) -> ResponseRow {
        let written = self.given.iter().flat_map(|given| [&given.text, &given.comment]).flatten();
        let words: Vec<String> = written.map(|text| text.to_lowercase()).collect();
        ResponseRow {
            person: person.to_owned(),
            prompt: prompt.to_owned(),
            id: id.to_owned(),
            at: self.given.iter().map(|given| given.at).max().unwrap_or_default(),
            band: self.band().to_owned(),
            finished: i64::from(self.finished),
            words: words.join("\n"),
            answers: serde_json::to_string(&self.given).unwrap_or_default(),
        }
    }
}

impl Given {
    fn size(&self) -> usize {
        let texts = [&self.text, &self.comment, &self.value].into_iter().flatten();
        texts.map(String::len).sum::<usize>() + self.choice.len() + usize::from(self.score.unwrap_or_default())
    }

    /// Whether it says nothing: the question was passed over.
    pub fn is_skipped(&self) -> bool {
        let Given { score, choice, text, value, comment, .. } = self;
        score.is_none() && choice.is_empty() && text.is_none() && value.is_none() && comment.is_none()
    }
}

fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(if *flag { "yes" } else { "no" }.to_owned()),
        Value::List(_) | Value::Null | Value::Other => None,
    }
}
