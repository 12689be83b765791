//! The small lists: what is known of the visit, and what is left of caps.

use engine::why::Count;
use view::dom;
use web_sys::HtmlElement;

/// A part of the panel that opens and closes, with its list.
pub struct Section {
    /// The whole of it.
    pub part: HtmlElement,
    list: HtmlElement,
}

impl Section {
    /// An empty one, which is not seen.
    pub fn new(heading: &str) -> Section {
        let (part, head) = (dom::make("details", "section away", ""), dom::make("summary", "", ""));
        dom::put(&head, &dom::make("h3", "", heading));
        dom::put(&part, &head);
        let list = dom::make("div", "", "");
        dom::put(&part, &list);
        Section { part, list }
    }

    /// Fills it anew.
    pub fn fill(&self, with: Option<HtmlElement>) {
        dom::class(&self.part, "away", with.is_none());
        self.list.set_text_content(None);
        if let Some(with) = with {
            dom::put(&self.list, &with);
        }
    }
}

/// Names and what they stand for; none for none.
pub fn pairs(pairs: &[(String, String)]) -> Option<HtmlElement> {
    let list = dom::make("dl", "pairs", "");
    for (name, value) in pairs {
        dom::put(&list, &dom::make("dt", "", name));
        dom::put(&list, &dom::make("dd", "", value));
    }
    (!pairs.is_empty()).then_some(list)
}

/// Caps, each with what is used up of it; none for none.
pub fn counts(counts: &[Count]) -> Option<HtmlElement> {
    let list = dom::make("dl", "pairs counts", "");
    for Count { what, used, most, again } in counts {
        let class = if used >= most { "full" } else { "" };
        let mut text = format!("{used} of {most}");
        if let Some(again) = again {
            text = [&text, ", ", again].concat();
        }
        dom::put(&list, &dom::make("dt", "", what));
        dom::put(&list, &dom::make("dd", class, &text));
    }
    (!counts.is_empty()).then_some(list)
}
