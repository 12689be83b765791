//! Contents that show how something is done.

use super::word::{Image, Link};
use crate::id::Key;
use serde::{Deserialize, Serialize};

/// A video. Before somebody wants to see it, nothing of it is loaded, and nobody elsewhere hears of the visitor.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Video {
    /// The first line.
    pub heading: String,
    /// A sentence or two below it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub body: String,
    /// Where it is.
    pub source: VideoSource,
    /// A picture of the site's own in place of the one that we draw.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poster: Option<Image>,
    /// How long it is, as people read it: "2:40".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length: Option<String>,
    /// What to do afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub button: Option<Link>,
    /// The quiet way out. Left out: "No thanks".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decline: Option<String>,
}

/// Where a video is.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VideoSource {
    /// On YouTube, by its id of eleven characters; played from its domain without cookies.
    Youtube(String),
    /// On Vimeo, by its number.
    Vimeo(String),
    /// A file that browsers play.
    File(String),
}

/// Tasks to tick off. They are done when the journey says so, wherever they were done.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Checklist {
    /// The first line.
    pub heading: String,
    /// A sentence or two below it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub body: String,
    /// Two to eight tasks.
    pub tasks: Vec<Task>,
    /// The last line, once all are done. Left out: "All done."
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done: Option<String>,
}

/// One task.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Task {
    /// The milestone that ticks it.
    pub milestone: Key,
    /// What it says.
    pub label: String,
    /// A sentence below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// Where it is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// Steps through a page or several. Somebody who leaves in between goes on where they were.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Walkthrough {
    /// One to twelve steps.
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Step {
    /// The element that it is about; a step whose element is not there is passed over. Left out: it is about the page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// The first line.
    pub heading: String,
    /// A sentence or two below it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub body: String,
    /// A picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<Image>,
    /// The button. Left out: "Next", and "Done" at the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub button: Option<String>,
}
