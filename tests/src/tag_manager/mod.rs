//! A page with Google Tag Manager on it: its snippet, and a simulator of the script that the snippet fetches.
//!
//! The one thing here that is not the real thing, since that is another company's server. What it does to tags is written down in
//! `tag_manager.js`; a test of its own shows that it spoils what the real one spoils (`it/tag_manager.rs`).

mod template;

use std::fmt::Write as _;

use serde_json::{Value, json};

pub use template::Template;

/// Where pages of tests fetch the script.
const PATH: &str = "/gtm.js";

/// What owners of a container paste into the head of their pages, but for the address.
const SNIPPET: &str = "<script>(function(w,d,s,l,i){w[l]=w[l]||[];w[l].push({'gtm.start':new Date().getTime(),event:'gtm.js'});\
    var f=d.getElementsByTagName(s)[0],j=d.createElement(s);j.async=true;j.src=i;f.parentNode.insertBefore(j,f);\
    })(window,document,'script','dataLayer','/gtm.js');</script>";

/// A published container: its tags, in the order in which they run.
#[derive(Debug, Default)]
pub struct TagManager {
    tags: Vec<String>,
}

impl TagManager {
    /// All pages: the tag manager has come.
    pub const ALL_PAGES: &str = "gtm\\.js";
    /// The page has been read, and all that belongs to it is there.
    pub const WINDOW_LOADED: &str = "gtm\\.load";

    /// A Custom HTML tag with default options. `on` is an expression over the names of events.
    #[must_use]
    pub fn html(self, on: &str, html: &str) -> Self {
        self.html_with_consent(on, html, &[])
    }

    /// The same, held back where one of these types of consent was denied.
    #[must_use]
    pub fn html_with_consent(mut self, on: &str, html: &str, consent: &[&str]) -> Self {
        self.tags.push(json!({ "on": on, "html": html, "consent": consent }).to_string());
        self
    }

    /// A tag of a template, filled in.
    #[must_use]
    pub fn template(mut self, on: &str, template: &Template, data: &Value) -> Self {
        let mut tag = String::new();
        // As a function in the script: the real one interprets it and needs no `eval` either.
        let _ = write!(
            tag,
            "{{ on: {}, data: {data}, permissions: {}, code: (data, require) => {{\n{}\n}} }}",
            json!(on),
            json!(template.permissions()),
            template.code()
        );
        self.tags.push(tag);
        self
    }

    /// What a page carries for it.
    pub fn snippet(&self) -> String {
        SNIPPET.to_owned()
    }

    /// Path and text of the script that the snippet fetches.
    pub fn script(&self) -> (String, String) {
        // Nothing of it ends a script: it is a file of its own.
        let tags = format!("[{}]", self.tags.join(",\n"));
        (PATH.to_owned(), include_str!("tag_manager.js").replace("__TAGS__", &tags))
    }
}
