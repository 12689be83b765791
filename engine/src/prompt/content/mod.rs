//! What prompts say and ask. All of it is text and links; there is no markup anywhere.

mod guide;
mod offer;
mod texts;
mod word;

pub use guide::{Checklist, Step, Task, Video, VideoSource, Walkthrough};
pub use offer::{Coupon, Offer, Plan};
pub use texts::filled;
pub use word::{Form, Image, Link, Links, Notice, Purpose, REFERRAL_PARAM, Referral, Share, ShareTo, Wish};

use super::Category;
use crate::event::Action;
use crate::survey::Survey;
use crate::time::{Span, Timestamp};
use serde::{Deserialize, Serialize};

/// What a prompt says and asks.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// How likely are you to recommend us, 0 to 10, and why?
    Nps(Nps),
    /// Questions.
    Survey(Survey),
    /// A few fields on one card: a lead, a testimonial, a request for help.
    Form(Form),
    /// Read or write a review on a platform. Never asked for by score.
    Review(Links),
    /// Places where customers meet.
    Community(Links),
    /// An offer, perhaps with a coupon or a table of plans.
    Offer(Offer),
    /// Something worth knowing, perhaps with one thing to do about it.
    Notice(Notice),
    /// A video, of which nothing is loaded before somebody wants to see it.
    Video(Video),
    /// A text to pass on.
    Share(Share),
    /// A link to give to others, which remembers who gave it.
    Referral(Referral),
    /// Milestones to tick off.
    Checklist(Checklist),
    /// Steps through the page.
    Walkthrough(Walkthrough),
}

/// What must be known of a content to choose its prompt. The widget knows no more than this of contents that it fetches only when one
/// of them is shown.
pub trait Says {
    /// Its class.
    fn category(&self) -> Category;

    /// The instant from which on showing it would be untrue.
    fn ends(&self) -> Option<Timestamp>;

    /// How long its prompt rests after it was shown, unless the prompt says so itself.
    fn usual_gap(&self) -> Span;
}

/// The recommendation question.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Nps {
    /// The question.
    pub question: String,
    /// What 0 means. Left out: "Not at all likely".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<String>,
    /// What 10 means. Left out: "Extremely likely".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<String>,
    /// A second question after the score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow_up: Option<FollowUp>,
    /// The last line. Left out: "Thank you for your answer."
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thanks: Option<String>,
    /// Whether a text of it says something of the person. Said when it is published, so that the widget need not look: it paints only
    /// the others itself.
    #[serde(skip_deserializing, skip_serializing_if = "core::ops::Not::not")]
    pub piped: bool,
}

/// The question after a score.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct FollowUp {
    /// The question.
    pub question: String,
    /// The button. Left out: "Send".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub button: Option<String>,
}

impl Says for Content {
    fn category(&self) -> Category {
        match self {
            Content::Nps(_) | Content::Survey(_) => Category::Survey,
            Content::Form(_) => Category::Form,
            Content::Review(_) => Category::Review,
            Content::Community(_) | Content::Share(_) | Content::Referral(_) => Category::Community,
            Content::Offer(_) => Category::Offer,
            Content::Notice(_) => Category::Notice,
            Content::Video(_) | Content::Checklist(_) | Content::Walkthrough(_) => Category::Guide,
        }
    }

    fn ends(&self) -> Option<Timestamp> {
        match self {
            Content::Offer(offer) => offer.coupon.as_ref().and_then(|coupon| coupon.ends),
            Content::Notice(notice) => notice.ends,
            _ => None,
        }
    }

    /// The recommendation question means something once a quarter.
    fn usual_gap(&self) -> Span {
        match self.event_name(Action::Answered) {
            Some("NPS Answered") => Span::days(90),
            _ => Span(0),
        }
    }
}

impl Content {
    /// Its name in files.
    pub fn name(&self) -> &'static str {
        match self {
            Content::Nps(_) => "nps",
            Content::Survey(_) => "survey",
            Content::Form(_) => "form",
            Content::Review(_) => "review",
            Content::Community(_) => "community",
            Content::Offer(_) => "offer",
            Content::Notice(_) => "notice",
            Content::Video(_) => "video",
            Content::Share(_) => "share",
            Content::Referral(_) => "referral",
            Content::Checklist(_) => "checklist",
            Content::Walkthrough(_) => "walkthrough",
        }
    }

    /// The log's own name for what was done with this content; `None` where the general name says it all.
    pub fn event_name(&self, action: Action) -> Option<&'static str> {
        Some(match (self, action) {
            (Content::Nps(_), Action::Answered) => "NPS Answered",
            // Where an answer is at hand, its question says it better: `Question::event_name`.
            (Content::Survey(survey), Action::Answered) => return survey.event_name(),
            (Content::Form(form), Action::Converted) => form.wish.event_name(),
            (Content::Review(_), Action::Converted) => "Review Link Followed",
            (Content::Community(_), Action::Converted) => "Community Link Followed",
            (Content::Offer(_), Action::Converted) => "Offer Accepted",
            (Content::Offer(_), Action::Clicked) => "Coupon Copied",
            (Content::Notice(notice), Action::Converted) => notice.purpose.event_name(),
            (Content::Video(_), Action::Clicked) => "Video Started",
            (Content::Video(_), Action::Converted) => "Video Link Followed",
            (Content::Share(_), Action::Converted) => "Shared",
            (Content::Referral(_), Action::Clicked) => "Referral Link Copied",
            (Content::Checklist(_), Action::Clicked) => "Checklist Task Opened",
            (Content::Checklist(_), Action::Converted) => "Checklist Completed",
            (Content::Walkthrough(_), Action::Clicked) => "Walkthrough Step Seen",
            (Content::Walkthrough(_), Action::Converted) => "Walkthrough Completed",
            _ => return None,
        })
    }
}
