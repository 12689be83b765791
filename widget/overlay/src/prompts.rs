//! The list of prompts. What has not changed is not touched: somebody may be reading it, or have the focus in it.

use crate::known::Judged;
use crate::{lines, section};
use engine::Key;
use engine::why::Outcome;
use view::dom;
use web_sys::HtmlElement;

/// The list.
pub struct List {
    /// Where it stands.
    pub list: HtmlElement,
    items: Vec<(Key, Item)>,
}

/// A prompt in it.
struct Item {
    item: HtmlElement,
    mark: HtmlElement,
    words: HtmlElement,
    more: HtmlElement,
    shown: Option<Judged>,
}

/// How an outcome is marked: class, drawing, word.
fn mark(judged: &Judged) -> (&'static str, &'static str, &'static str) {
    match judged.outcome {
        Outcome::Shows if judged.is_open => ("shows", "M5 13l4 4L19 7", "On screen"),
        Outcome::Shows => ("shows", "M5 13l4 4L19 7", "Shows"),
        Outcome::Waits => ("waits", "M12 5v7l4 3", "Waits"),
        Outcome::Held => ("held", "M9 7v10M15 7v10", "Held back"),
        Outcome::NotMeant => ("not", "M7 17L17 7", "Not meant"),
    }
}

impl List {
    /// An empty one.
    pub fn new() -> List {
        List { list: dom::make("ul", "prompts", ""), items: Vec::new() }
    }

    /// Says of each prompt what becomes of it, in this order.
    pub fn fill(&mut self, prompts: &[Judged]) {
        self.items.retain(|(key, item)| {
            let stays = prompts.iter().any(|judged| judged.key == *key);
            if !stays {
                item.item.remove();
            }
            stays
        });
        let before: Vec<Key> = self.items.iter().map(|(key, _)| key.clone()).collect();
        let now: Vec<Key> = prompts.iter().map(|judged| judged.key.clone()).collect();
        for judged in prompts {
            match self.items.iter_mut().find(|(key, _)| *key == judged.key) {
                Some((_, item)) => item.fill(judged),
                None => {
                    let mut item = Item::new(&judged.title);
                    item.fill(judged);
                    self.items.push((judged.key.clone(), item));
                }
            }
        }
        if before != now {
            self.items.sort_by_key(|(key, _)| now.iter().position(|other| other == key));
            let focused = self.items.iter().any(|(_, item)| dom::find(&item.item, ":focus").is_some());
            // Moving what has the focus would take it away.
            if !focused {
                self.items.iter().for_each(|(_, item)| dom::put(&self.list, &item.item));
            } else {
                let missing = self.items.iter().filter(|(_, item)| item.item.parent_node().is_none());
                missing.for_each(|(_, item)| dom::put(&self.list, &item.item));
            }
        }
    }
}

impl Item {
    fn new(title: &str) -> Item {
        let item = dom::make("li", "", "");
        let all = dom::make("details", "prompt", "");
        let head = dom::make("summary", "", "");
        let mark = dom::make("span", "mark", "");
        dom::put(&head, &mark);
        let said = dom::make("span", "what", "");
        dom::put(&said, &dom::make("span", "key", title));
        let words = dom::make("span", "words", "");
        dom::put(&said, &words);
        dom::put(&head, &said);
        dom::put(&all, &head);
        let more = dom::make("div", "more", "");
        dom::put(&all, &more);
        dom::put(&item, &all);
        Item { item, mark, words, more, shown: None }
    }

    fn fill(&mut self, judged: &Judged) {
        if self.shown.as_ref() == Some(judged) {
            return;
        }
        let (class, path, word) = mark(judged);
        self.mark.set_class_name(&["mark ", class].concat());
        self.mark.set_text_content(None);
        dom::put(&self.mark, &dom::icon(path));
        dom::put(&self.mark, &dom::make("span", "", word));
        if self.words.text_content().as_deref() != Some(&judged.words) {
            self.words.set_text_content(Some(&judged.words));
        }
        self.more.set_text_content(None);
        dom::put(&self.more, &dom::make("h3", "", "Rule"));
        dom::put(&self.more, &lines::tree(&judged.lines));
        dom::put(&self.more, &dom::make("h3", "", "Moment"));
        let moment = dom::make("p", "", &judged.moment);
        dom::put(&moment, &dom::make("span", "actual", &[" \u{2014} ", judged.arming.as_str()].concat()));
        dom::put(&self.more, &moment);
        dom::put(&self.more, &dom::make("h3", "", "Caps"));
        if let Some(caps) = section::counts(&judged.caps) {
            dom::put(&self.more, &caps);
        }
        self.shown = Some(judged.clone());
    }
}
