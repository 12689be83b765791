//! The prompt itself, beside the form: as on a desktop or a phone, light or dark, as anybody or as somebody in particular.

use maud::{Markup, html};
use serde::Deserialize;

use super::languages::name_of;
use crate::console::people::escape;

/// How the prompt beside the form is looked at.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
pub struct View {
    /// `phone`, else as on a desktop.
    #[serde(default)]
    view: String,
    /// `dark`, else light.
    #[serde(default)]
    scheme: String,
    /// The user id of the one whose traits its texts say; empty for nobody in particular.
    #[serde(default)]
    by: String,
    /// The language it is looked at in; empty for the one it is written in.
    #[serde(default)]
    language: String,
}

impl View {
    /// Reads it from a form.
    pub fn of<'a>(get: impl Fn(&str) -> &'a str) -> View {
        let text = |name| get(name).to_owned();
        View { view: text("view"), scheme: text("scheme"), by: text("by"), language: text("language") }
    }

    fn is_phone(&self) -> bool {
        self.view == "phone"
    }

    /// The same as names and values.
    pub fn pairs(&self) -> [(&'static str, &str); 4] {
        [("view", &self.view), ("scheme", &self.scheme), ("by", &self.by), ("language", &self.language)]
    }

    /// The same in addresses.
    pub fn query(&self) -> String {
        let said = self.pairs().into_iter().filter(|(_, value)| !value.is_empty());
        said.map(|(name, value)| format!("&{name}={}", escape(value))).collect()
    }
}

/// The prompt in its frame, and how it may be looked at: also in each of these languages.
pub fn pane(part: &str, view: &View, languages: &[String], step: i64, to: &dyn Fn(&str) -> String) -> Markup {
    let link = |word: &str, as_view: View| {
        html! { a href=(to(&format!("?part={part}{}", as_view.query()))) aria-current=[(as_view == *view).then_some("true")] { (word) } }
    };
    let with_view = |name: &str| View { view: name.to_owned(), ..view.clone() };
    let with_scheme = |name: &str| View { scheme: name.to_owned(), ..view.clone() };
    let with_language = |at: usize, tag: &str| {
        let language = if at == 0 { String::new() } else { tag.to_owned() };
        View { language, ..view.clone() }
    };
    html! {
        aside.preview.phone[view.is_phone()] aria-label="Preview" {
            div.views {
                (link("Desktop", with_view("")))
                (link("Phone", with_view("phone")))
                (link("Light", with_scheme("")))
                (link("Dark", with_scheme("dark")))
            }
            @if !languages.is_empty() {
                div.views { @for (at, tag) in languages.iter().enumerate() { (link(&name_of(tag), with_language(at, tag))) } }
            }
            div.screen { iframe src=(to(&format!("/frame?step={step}{}", view.query()))) title="The prompt as visitors see it" {} }
            form.views method="get" action=(to("")) {
                input type="hidden" name="part" value=(part);
                @for (name, value) in view.pairs() { @if name != "by" { input type="hidden" name=(name) value=(value); } }
                label.by { span { "As seen by" } input name="by" type="text" value=(view.by) list="known-people" placeholder="anybody" autocomplete="off"; }
                button.quiet type="submit" { "Show" }
                a href=(to("/try")) { "On your own page…" }
            }
        }
    }
}
