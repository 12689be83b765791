//! Surveys: [`Question`]s of one [`Kind`] each, [`Branch`]es between them, [`Ending`]s. From a survey and the answers given so
//! far everything follows: what is asked next ([`Survey::next`]), how much is left ([`Survey::progress`]), what an answer says in
//! the log ([`Question::props`]). It keeps no state: a response is its [`Answers`], wherever they are kept.
//!
//! Everything here is total. A survey that [`check`] would refuse still ends, and an answer that does not fit is as good as not given.

mod answer;
mod branch;
mod check;
mod pipe;
mod question;
mod refusal;
mod response;
mod route;
mod validate;

pub use answer::{Answer, Answers, Given, Pick};
pub use branch::{Asked, Band, Branch, InBand, Known, Target, When};
pub use check::{MAX_QUESTIONS, check, check_fields};
pub use question::{Choice, DateField, Face, Kind, Labels, NumberField, Opt, Question, Rating, TextField, Tick};
pub use refusal::{Limit, Refusal, Wrong};
pub use response::Score;
pub use route::{Progress, Step};

use crate::id::Key;
use crate::prompt::Link;
use serde::{Deserialize, Serialize};

/// Questions in their order and where they end.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Survey {
    /// The questions. Without a branch one follows the other.
    pub questions: Vec<Question>,
    /// Where it may end. After the last question comes the first of them. Left out: a word of thanks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub endings: Vec<Ending>,
    /// The parameter of an address that answers the first question: `wm_nps` for `?wm_nps=9`. Left out: none does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefill: Option<Key>,
}

/// The last thing that a survey says or does.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Ending {
    /// Its name in branches.
    pub id: Key,
    /// The last line.
    pub text: String,
    /// A sentence or two below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Where to go from here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub button: Option<Link>,
    /// Where the browser goes by itself: `http`, `https` or a path on the site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirect: Option<String>,
}

impl Survey {
    /// Each of its texts, as far as people read them.
    pub fn each_text(&mut self, see: &mut dyn FnMut(&mut String)) {
        self.questions.iter_mut().for_each(|question| question.each_text(see));
        for ending in &mut self.endings {
            see(&mut ending.text);
            ending.help.iter_mut().for_each(&mut *see);
            ending.button.iter_mut().for_each(|button| see(&mut button.label));
        }
    }

    /// The log's name for an answer, as far as the survey alone says it: that of its first question.
    pub fn event_name(&self) -> Option<&'static str> {
        self.questions.first().map(Question::event_name)
    }

    /// The question of an id.
    pub fn question(&self, id: &Key) -> Option<&Question> {
        self.questions.iter().find(|question| question.id == *id)
    }

    /// The ending of an id.
    pub fn ending(&self, id: &Key) -> Option<&Ending> {
        self.endings.iter().find(|ending| ending.id == *id)
    }
}

impl Ending {
    /// Where the browser goes by itself; `None` also for an address that is neither `http`, `https` nor a path.
    pub fn destination(&self) -> Option<&str> {
        let url = self.redirect.as_deref()?;
        Link { label: String::new(), url: url.to_owned() }.leads_to_a_page().then_some(url)
    }
}
