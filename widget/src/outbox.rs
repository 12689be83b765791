//! What happened with a prompt, put into the wire contract and handed to the loader, which keeps it until the collector
//! has it.

use crate::host;
use engine::event::{Action, Event, Kind, Text};
use engine::prompt::Prompt;
use serde::Serialize;

/// What is said of an interaction beside what it was.
#[derive(Default, Serialize)]
pub struct Details<'a> {
    /// Of `shown`: whether the prompt came between the visitor and the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interrupts: Option<bool>,
    /// Of `shown`: the version of the bundle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<&'a str>,
    /// Of `answered`: the same for all answers that belong together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response: Option<&'a str>,
    /// Of `answered`: 0 to 10.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<u8>,
    /// Of `answered`: what they wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<&'a str>,
    /// Of `converted`: the text of the link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<&'a str>,
}

/// Records an interaction. It is stored in the browser when this returns.
pub fn push(prompt: &Prompt, action: Action, props: Details<'_>) {
    let event = Event {
        id: None,
        at: None,
        kind: Kind::Prompt,
        name: prompt.content.event_name(action).map(Text::from),
        user_id: None,
        account_id: None,
        url: None,
        referrer: None,
        prompt: Some(prompt.key.clone()),
        action: Some(action),
        props: Some(props),
        traits: None,
    };
    if let Ok(event) = serde_wasm_bindgen::to_value(&event) {
        host::ask(|host| host.record(event));
    }
}
