//! A rule as a tree of lines: what each part asks for, and what there is.

use engine::rule::{Line, Truth};
use view::dom;
use web_sys::HtmlElement;

/// The sign of a truth, and its word.
fn sign(truth: Truth) -> (&'static str, &'static str, &'static str) {
    match truth {
        Truth::Yes => ("yes", "M5 13l4 4L19 7", "yes: "),
        Truth::No => ("no", "M6 6l12 12M18 6L6 18", "no: "),
        Truth::Unknown => ("unknown", "M9 9a3 3 0 1 1 4 3c-1 .5-1 1-1 2M12 18h0", "unknown: "),
    }
}

/// The lines as lists within lists.
pub fn tree(lines: &[Line]) -> HtmlElement {
    let top = dom::make("ul", "tree", "");
    // The lists that are open, and the last line of each.
    let mut open: Vec<(HtmlElement, Option<HtmlElement>)> = vec![(top.clone(), None)];
    for line in lines {
        while open.len() > line.depth + 1 {
            open.pop();
        }
        if open.len() < line.depth + 1
            && let Some((_, Some(last))) = open.last()
        {
            let inner = dom::make("ul", "", "");
            dom::put(last, &inner);
            open.push((inner, None));
        }
        let Some((list, last)) = open.last_mut() else { continue };
        let item = item(line);
        dom::put(list, &item);
        *last = Some(item);
    }
    top
}

fn item(line: &Line) -> HtmlElement {
    let (class, path, word) = sign(line.truth);
    let item = dom::make("li", class, "");
    let said = dom::make("span", "line", "");
    dom::put(&said, &dom::icon(path));
    dom::put(&said, &dom::make("span", "said", word));
    let words = dom::make("span", "", &line.expected);
    if !line.actual.is_empty() {
        dom::put(&words, &dom::make("span", "actual", &[" \u{2014} ", line.actual.as_str()].concat()));
    }
    dom::put(&said, &words);
    dom::put(&item, &said);
    item
}
