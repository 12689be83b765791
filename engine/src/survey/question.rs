//! What is asked. A kind says what an answer is and what is legal; nothing about how it looks but the face of a scale.

use super::branch::{Band, Branch, Target};
use crate::day::Day;
use crate::id::Key;
use crate::splitmix::splitmix;
use serde::{Deserialize, Serialize};

/// One question.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Question {
    /// Its name in branches, texts, events and reports.
    pub id: Key,
    /// The question.
    pub text: String,
    /// A sentence below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// What kind of answer it wants.
    pub ask: Kind,
    /// Whether it may not be passed over. A consent never may.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub required: bool,
    /// The button. Left out: the widget's own word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub button: Option<String>,
    /// The trait of the person that the answer becomes; as any trait from a page, claimed and not proven.
    #[serde(rename = "trait", default, skip_serializing_if = "Option::is_none")]
    pub becomes: Option<String>,
    /// Where to go after it: the first branch that holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub branches: Vec<Branch>,
    /// Where to go if none holds. Left out: the question below, or after the last the first ending.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Target>,
}

/// The kinds of question.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Would you recommend us? 0 to 10.
    Nps(Labels),
    /// How satisfied are you? 1 to 5.
    Csat(Labels),
    /// How easy was it? 1 to 7, 7 is very easy.
    Ces(Labels),
    /// A scale from 1 up.
    Rating(Rating),
    /// One of several options.
    Single(Choice),
    /// Any of several options.
    Multiple(Choice),
    /// One of many options, in a list that opens.
    Dropdown(Choice),
    /// All options, the best first.
    Ranking(Choice),
    /// A line of text.
    Text(TextField),
    /// A few lines of text.
    LongText(TextField),
    /// An e-mail address.
    Email(TextField),
    /// A web address.
    Url(TextField),
    /// A number.
    Number(NumberField),
    /// A day.
    Date(DateField),
    /// A box that must be ticked.
    Consent(Tick),
}

/// What the ends of a scale mean.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Labels {
    /// What the lowest score means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<String>,
    /// What the highest score means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<String>,
}

/// A scale of one's own.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Rating {
    /// The highest score: 3, 5, 7 or 10. The lowest is 1.
    pub points: u8,
    /// What a point looks like.
    #[serde(default)]
    pub face: Face,
    /// What 1 means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<String>,
    /// What the highest score means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<String>,
}

/// What a point of a scale looks like.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Face {
    #[default]
    Number,
    Star,
    Emoji,
}

/// What there is to choose from. One shape for all kinds of choosing, so that the widget reads one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Choice {
    /// The options.
    pub options: Vec<Opt>,
    /// The label of one more option that asks for words. Left out: there is none. Not for a ranking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<String>,
    /// Whether everybody sees the options in an order of their own.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub shuffle: bool,
    /// Of multiple: at least so many, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<u32>,
    /// Of multiple: at most so many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<u32>,
}

/// One option.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Opt {
    /// Its name in branches, events and reports: the label may change, and differs between languages.
    pub id: Key,
    /// What it says.
    pub label: String,
    /// Whether it keeps its place when the others are shuffled, such as "None of these".
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub fixed: bool,
}

/// A field for text.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct TextField {
    /// Shortest text, in characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<u32>,
    /// Longest text, in characters. Left out: 200 for a line, 5000 for a long text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<u32>,
    /// An example that stands in the empty field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placeholder: Option<String>,
}

/// A field for a number.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct NumberField {
    /// The least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// The most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// What lies between two legal numbers, counted from `min`, or from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<f64>,
}

/// A field for a day.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct DateField {
    /// The first day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<Day>,
    /// The last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<Day>,
}

/// A box to tick.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Tick {
    /// What is agreed to.
    pub label: String,
}

impl Kind {
    /// Its name in files and events.
    pub fn name(&self) -> &'static str {
        match self {
            Kind::Nps(_) => "nps",
            Kind::Csat(_) => "csat",
            Kind::Ces(_) => "ces",
            Kind::Rating(_) => "rating",
            Kind::Single(_) => "single",
            Kind::Multiple(_) => "multiple",
            Kind::Dropdown(_) => "dropdown",
            Kind::Ranking(_) => "ranking",
            Kind::Text(_) => "text",
            Kind::LongText(_) => "long_text",
            Kind::Email(_) => "email",
            Kind::Url(_) => "url",
            Kind::Number(_) => "number",
            Kind::Date(_) => "date",
            Kind::Consent(_) => "consent",
        }
    }

    /// The lowest and the highest score, if it has scores.
    pub fn scale(&self) -> Option<(u8, u8)> {
        match self {
            Kind::Nps(_) => Some((0, 10)),
            Kind::Csat(_) => Some((1, 5)),
            Kind::Ces(_) => Some((1, 7)),
            Kind::Rating(rating) => Some((1, rating.points)),
            _ => None,
        }
    }

    /// What there is to choose from, if anything.
    pub fn choice(&self) -> Option<&Choice> {
        match self {
            Kind::Single(choice) | Kind::Multiple(choice) | Kind::Dropdown(choice) | Kind::Ranking(choice) => {
                Some(choice)
            }
            _ => None,
        }
    }

    /// The band of a score. Ratings of one's own have none: nobody agrees where "good" begins on them.
    pub fn band(&self, score: u8) -> Option<Band> {
        Some(match (self, score) {
            (Kind::Nps(_), 0..=6) => Band::Detractor,
            (Kind::Nps(_), 7..=8) => Band::Passive,
            (Kind::Nps(_), 9..=10) => Band::Promoter,
            (Kind::Csat(_), 1..=2) => Band::Dissatisfied,
            (Kind::Csat(_), 3) | (Kind::Ces(_), 4) => Band::Neutral,
            (Kind::Csat(_), 4..=5) => Band::Satisfied,
            (Kind::Ces(_), 1..=3) => Band::Difficult,
            (Kind::Ces(_), 5..=7) => Band::Easy,
            _ => return None,
        })
    }
}

impl Question {
    /// Whether it may not be passed over.
    pub fn is_required(&self) -> bool {
        self.required || matches!(self.ask, Kind::Consent(_))
    }

    /// The log's name for an answer to it.
    pub fn event_name(&self) -> &'static str {
        match self.ask {
            Kind::Nps(_) => "NPS Answered",
            Kind::Csat(_) => "CSAT Answered",
            Kind::Ces(_) => "CES Answered",
            _ => "Survey Answered",
        }
    }

    /// The places of its options in the order to show them. The same seed gives the same order on every page; questions of one
    /// survey differ. "Other" is not among them: it is always the last.
    pub fn order(&self, seed: u64) -> Vec<usize> {
        let Some(choice) = self.ask.choice() else {
            return Vec::new();
        };
        let mut order: Vec<usize> = (0..choice.options.len()).collect();
        if !choice.shuffle {
            return order;
        }
        let free: Vec<usize> = order.iter().copied().filter(|at| !choice.options[*at].fixed).collect();
        let mut state = self.id.as_str().bytes().fold(seed, |state, byte| splitmix(state ^ u64::from(byte)));
        for last in (1..free.len()).rev() {
            state = splitmix(state);
            order.swap(free[last], free[(state % (last as u64 + 1)) as usize]);
        }
        order
    }
}

impl Question {
    /// Each of its texts, as far as people read them.
    pub fn each_text(&mut self, see: &mut dyn FnMut(&mut String)) {
        let Question { text, help, button, ask, .. } = self;
        see(text);
        [help, button].into_iter().flatten().for_each(&mut *see);
        match ask {
            Kind::Nps(Labels { low, high })
            | Kind::Csat(Labels { low, high })
            | Kind::Ces(Labels { low, high })
            | Kind::Rating(Rating { low, high, .. }) => [low, high].into_iter().flatten().for_each(see),
            Kind::Single(choice) | Kind::Multiple(choice) | Kind::Dropdown(choice) | Kind::Ranking(choice) => {
                choice.options.iter_mut().for_each(|option| see(&mut option.label));
                choice.other.iter_mut().for_each(see);
            }
            Kind::Text(field) | Kind::LongText(field) | Kind::Email(field) | Kind::Url(field) => {
                field.placeholder.iter_mut().for_each(see);
            }
            Kind::Number(_) | Kind::Date(_) => {}
            Kind::Consent(tick) => see(&mut tick.label),
        }
    }
}
