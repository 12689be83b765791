//! A tab that was opened by a signed link: what the loader keeps, it keeps in this tab alone, and what it sends counts nowhere.
//!
//! The one thing to know: everything here happens before the loader begins. So whoever wants to be somebody else leaves a word for
//! later and loads the page anew.

use js_sys::{Function, Reflect};
use view::dom;
use view::host::host;
use view::read::field;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Storage;

/// The parameter that carries the token, in the fragment or, where that is the page's own, in the query.
const PARAM: &str = "wm_debug=";

/// How the overlay was opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Way {
    /// By a call of the page.
    Call,
    /// By a signed link, as whoever uses this browser.
    Link,
    /// By a signed link, as somebody who was never here.
    New,
    /// Not at all any more.
    Out,
}

/// What is to happen when the page is loaded next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Next {
    /// Somebody who was never here.
    New,
    /// Whoever uses this browser.
    Own,
    /// The preview ends.
    Out,
}

impl Next {
    fn as_str(self) -> &'static str {
        match self {
            Next::New => "new",
            Next::Own => "own",
            Next::Out => "out",
        }
    }
}

/// What the tab remembers of the preview: the token under the site's key, and beside it who is played and what comes next.
struct Tab {
    tab: Storage,
    key: String,
}

impl Tab {
    fn of_page() -> Option<Tab> {
        let key = field(&host(), "key").as_string()?;
        Some(Tab { tab: dom::window().session_storage().ok()??, key })
    }

    fn get(&self, what: &str) -> Option<String> {
        self.tab.get_item(&[&self.key, what].concat()).ok()?
    }

    fn set(&self, what: &str, value: &str) {
        let _ = self.tab.set_item(&[&self.key, what].concat(), value);
    }

    fn remove(&self, what: &str) {
        let _ = self.tab.remove_item(&[&self.key, what].concat());
    }

    /// The name under which the loader keeps who is here; all its other names begin with it.
    fn name(&self) -> String {
        ["waymark.", &self.key].concat()
    }

    /// Forgets what the loader has kept in this tab.
    fn clear(&self) {
        let name = self.name();
        let keys = (0..self.tab.length().unwrap_or_default()).filter_map(|at| self.tab.key(at).ok()?);
        let own = |key: &String| key.strip_prefix(&name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        for key in keys.filter(own).collect::<Vec<_>>() {
            let _ = self.tab.remove_item(&key);
        }
    }
}

/// What stands behind the token.
const TOKEN: &str = "";
/// Who is played.
const PLAYED: &str = ".as";
/// What comes next.
const NEXT: &str = ".next";

/// Begins what the loader has not begun yet, and says how.
pub fn begin() -> Way {
    let Some(tab) = Tab::of_page() else { return Way::Call };
    if let Some((token, rest)) = take(&address()) {
        tab.set(TOKEN, &token);
        let history = dom::window().history();
        let state = history.as_ref().ok().and_then(|history| history.state().ok()).unwrap_or_default();
        let _ = history.and_then(|history| history.replace_state_with_url(&state, "", Some(&rest)));
    }
    let Some(token) = tab.get(TOKEN) else { return Way::Call };
    let name = tab.name();
    let next = tab.get(NEXT);
    tab.remove(NEXT);
    if next.is_some() {
        tab.clear();
        tab.remove(PLAYED);
    }
    match next.as_deref() {
        Some("out") => {
            tab.remove(TOKEN);
            start(None);
            return Way::Out;
        }
        Some("new") => {
            tab.set(PLAYED, "new");
            // Something, so that nobody's ids are taken over below; but no ids.
            let _ = tab.tab.set_item(&name, "{}");
        }
        _ => {}
    }
    if tab.tab.get_item(&name).ok().flatten().is_none()
        && let Some(own) = dom::window().local_storage().ok().flatten().and_then(|all| all.get_item(&name).ok()?)
    {
        let _ = tab.tab.set_item(&name, &own);
    }
    let _ = Reflect::set(&host(), &"debug".into(), &token.into());
    let is_new = tab.get(PLAYED).is_some();
    start(Some(tab.tab));
    if is_new { Way::New } else { Way::Link }
}

/// Loads the page anew, as somebody else.
pub fn again(next: Next) {
    if let Some(tab) = Tab::of_page() {
        tab.set(NEXT, next.as_str());
        let _ = dom::window().location().reload();
    }
}

/// The token is nobody's: with the next page the tab is a visitor's as any other.
pub fn forget() {
    if let Some(tab) = Tab::of_page() {
        [TOKEN, PLAYED, NEXT].into_iter().for_each(|what| tab.remove(what));
        tab.clear();
    }
}

/// Lets the loader begin; what it keeps, it keeps there.
fn start(keep: Option<Storage>) {
    if let Ok(start) = field(&host(), "start").dyn_into::<Function>() {
        let _ = start.call1(&JsValue::NULL, &keep.into());
    }
}

fn address() -> String {
    dom::window().location().href().unwrap_or_default()
}

/// The token in an address, and the address without it.
fn take(address: &str) -> Option<(String, String)> {
    let at = address.find(PARAM)?;
    let (before, after) = address.split_at(at);
    let after = &after[PARAM.len()..];
    let (token, after) = after.split_at(after.find(['&', '#']).unwrap_or(after.len()));
    let rest = match (before.chars().next_back(), after.strip_prefix('&')) {
        // What follows takes its place.
        (_, Some(after)) => [before, after].concat(),
        (Some('?' | '&' | '#'), None) => [&before[..before.len() - 1], after].concat(),
        _ => return None,
    };
    Some((token.to_owned(), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_taken_out_of_the_address() {
        for (address, expected) in [
            ("https://a.example/p#wm_debug=1.t", Some(("1.t", "https://a.example/p"))),
            ("https://a.example/?wm_debug=1.t#/cart", Some(("1.t", "https://a.example/#/cart"))),
            ("https://a.example/?a=1&wm_debug=1.t#top", Some(("1.t", "https://a.example/?a=1#top"))),
            ("https://a.example/?wm_debug=1.t&a=1", Some(("1.t", "https://a.example/?a=1"))),
            ("https://a.example/p", None),
        ] {
            let expected = expected.map(|(token, rest): (&str, &str)| (token.to_owned(), rest.to_owned()));
            assert_eq!(take(address), expected, "{address}");
        }
    }
}
