//! The published prompts, as far as deciding goes. What they say is not read here: most of it is painted by a module that is fetched
//! only when one of them may be shown, and that module reads it then.

use engine::facts::Published;
use engine::frequency::Policy;
use engine::prompt::{self, Category, Moment, Nps, Says};
use engine::rule::Condition;
use engine::{Span, Timestamp};
use serde::Deserialize;
use view::host::host;
use view::read::{field, members, read};
use view::{Word, say};
use wasm_bindgen::JsValue;

/// A prompt as the widget reads it.
pub type Prompt<Rule = Condition> = prompt::Prompt<Rule, Outline>;

/// The published prompts, as far as this build can read them.
#[derive(Default)]
pub struct Bundle {
    /// Changes whenever anything in it does.
    pub version: String,
    /// The site's caps.
    pub policy: Policy,
    /// How prompts look.
    pub theme: JsValue,
    /// Where the module is that paints what is not painted here: the glue and the code.
    pub contents: JsValue,
    /// What to decide about.
    pub prompts: Vec<Prompt>,
    /// The parts of their rules that only the page can answer.
    pub here: JsValue,
    /// Where the module is that answers those: the glue and the code.
    pub page: JsValue,
    /// The whole of it, as it was published.
    pub whole: JsValue,
    /// The prompts, as they were published.
    published: Vec<JsValue>,
}

impl Bundle {
    /// Reads what was published. A prompt that this build cannot read is dropped alone, and that is said once.
    pub fn of(value: &JsValue) -> Option<Bundle> {
        let mut bundle = Bundle {
            version: read(&field(value, "version"))?,
            policy: read(&field(value, "policy")).unwrap_or_default(),
            theme: field(value, "theme"),
            contents: field(value, "contents"),
            whole: value.clone(),
            here: field(value, "here"),
            page: field(value, "page"),
            ..Bundle::default()
        };
        let mut unreadable = 0;
        for published in members(&field(value, "prompts")) {
            match read::<Prompt<Published>>(&published) {
                Some(prompt) => {
                    bundle.prompts.push(prompt.with_rule());
                    bundle.published.push(published);
                }
                None => unreadable += 1,
            }
        }
        if unreadable > 0 {
            host().tell(&say(&[("action", Word::Text("unreadable")), ("count", Word::Number(unreadable))]));
        }
        Some(bundle)
    }

    /// The place of a prompt.
    pub fn find(&self, key: &str) -> Option<usize> {
        self.prompts.iter().position(|prompt| prompt.key.as_str() == key)
    }

    /// Does without a prompt that turned out to be none here.
    pub fn drop(&mut self, at: usize) {
        if at < self.prompts.len() {
            self.prompts.remove(at);
            self.published.remove(at);
        }
    }

    /// Whether an event of this name may be a moment or end one.
    pub fn waits_for(&self, name: &str) -> bool {
        self.prompts.iter().any(|prompt| {
            matches!(&prompt.moment, Moment::Event(happens) if happens.name == name)
                || prompt.cancel_on.iter().any(|happens| happens.name == name)
        })
    }

    /// A prompt as it was published.
    pub fn published(&self, at: usize) -> JsValue {
        self.published.get(at).cloned().unwrap_or_default()
    }

    /// What it says, in the version of this place if it has several.
    pub fn content(&self, at: usize, variant: Option<usize>) -> JsValue {
        let published = self.published(at);
        let own = |place: usize| {
            let variants = members(&field(&field(&published, "experiment"), "variants"));
            variants.get(place).map(|variant| field(variant, "content")).filter(|content| !content.is_undefined())
        };
        variant.and_then(own).unwrap_or_else(|| field(&published, "content"))
    }
}

/// So much of a content as choosing needs.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(from = "Tag")]
pub struct Outline {
    category: Category,
    ends: Option<Timestamp>,
}

impl Says for Outline {
    fn category(&self) -> Category {
        self.category
    }

    fn ends(&self) -> Option<Timestamp> {
        self.ends
    }

    /// The collector publishes the gap that a prompt usually has with the prompt.
    fn usual_gap(&self) -> Span {
        Span(0)
    }
}

/// The recommendation question, if that is what it says: the one content that is painted without another module, unless its texts say
/// something of the person.
pub fn nps(content: &JsValue) -> Option<Nps> {
    let nps = field(content, "nps");
    if field(&nps, "piped").is_undefined() { read(&nps) } else { None }
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Tag {
    Nps(Skipped),
    Survey(Skipped),
    Form(Skipped),
    Review(Skipped),
    Community(Skipped),
    Offer(Sold),
    Notice(Ending),
    Video(Skipped),
    Share(Skipped),
    Referral(Skipped),
    Checklist(Skipped),
    Walkthrough(Skipped),
}

#[derive(Deserialize)]
struct Skipped {}

#[derive(Deserialize)]
struct Sold {
    #[serde(default)]
    coupon: Option<Ending>,
}

#[derive(Deserialize)]
struct Ending {
    #[serde(default)]
    ends: Option<Timestamp>,
}

impl From<Tag> for Outline {
    fn from(tag: Tag) -> Outline {
        let (category, ends) = match tag {
            Tag::Nps(_) | Tag::Survey(_) => (Category::Survey, None),
            Tag::Form(_) => (Category::Form, None),
            Tag::Review(_) => (Category::Review, None),
            Tag::Community(_) | Tag::Share(_) | Tag::Referral(_) => (Category::Community, None),
            Tag::Offer(offer) => (Category::Offer, offer.coupon.and_then(|coupon| coupon.ends)),
            Tag::Notice(notice) => (Category::Notice, notice.ends),
            Tag::Video(_) | Tag::Checklist(_) | Tag::Walkthrough(_) => (Category::Guide, None),
        };
        Outline { category, ends }
    }
}
