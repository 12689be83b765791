//! The last word of a survey or a form: a tick, a line, perhaps a sentence and somewhere to go. It goes by itself where there is
//! nothing to read or press.

use crate::address::with_campaign;
use crate::icons::TICK;
use crate::links::bare_here;
use engine::Span;
use engine::event::Action;
use engine::prompt::Link;
use view::clock::after;
use view::frame::{Slot, add_class};
use view::host::guarded;
use view::{Did, Gesture, Tell, Word, dom};
use web_sys::HtmlElement;

/// How long a line stays.
const THANKS: Span = Span(4_000);
/// How long it can be read before the browser goes elsewhere.
const LEAVES: Span = Span(1_500);

/// What follows the last answer.
pub struct Farewell<'a> {
    /// The last line.
    pub text: &'a str,
    /// A sentence below it; may be empty.
    pub help: &'a str,
    /// Where to go from here, and what that says.
    pub button: Option<(&'a str, &'a Link)>,
    /// Where the browser goes by itself.
    pub destination: Option<&'a str>,
}

/// Where it is said.
pub struct Room<'a> {
    /// The whole of the prompt.
    pub panel: &'a HtmlElement,
    /// Where its first line stands.
    pub words: &'a HtmlElement,
    /// Where it waits.
    pub timer: &'a Slot,
    /// Where gestures go.
    pub tell: Tell,
}

impl Farewell<'_> {
    /// Says it, in place of what stands in the words.
    pub fn say(&self, room: &Room<'_>) {
        let Room { panel, words, timer, tell } = *room;
        dom::focus(panel);
        add_class(panel, "ended");
        words.set_text_content(None);
        dom::say(words, "aria-live", "polite");
        dom::put(words, &dom::icon(TICK));
        let lines = dom::make("div", "", "");
        dom::put(words, &lines);
        let heading = dom::make("h2", "", self.text);
        heading.set_id("t");
        dom::put(&lines, &heading);
        if !self.help.is_empty() {
            dom::put(&lines, &dom::make("p", "", self.help));
        }
        if let Some((label, link)) = self.button.filter(|(_, link)| link.is_safe()) {
            let row = dom::make("div", "onward", "");
            let main = bare_here(&link.url);
            main.set_class_name("main");
            main.set_text_content(Some(label));
            let (label, timer) = (link.label.clone(), timer.clone());
            dom::listen(
                &main,
                "click",
                &guarded(move |_| {
                    tell(Did::named(Action::Clicked, None, &[("link", Word::Text(&label))]));
                    // Not at once: the browser is about to follow it.
                    timer.replace(Some(after(Span(0), move || tell(Gesture::Finished))));
                }),
            );
            dom::put(&row, &main);
            dom::put(panel, &row);
        }
        if let Some(url) = self.destination {
            let url = with_campaign(url);
            timer.replace(Some(after(LEAVES, move || {
                let _ = dom::window().location().assign(&url);
            })));
        } else if self.help.is_empty() && self.button.is_none() {
            timer.replace(Some(after(THANKS, move || tell(Gesture::Finished))));
        }
    }
}
