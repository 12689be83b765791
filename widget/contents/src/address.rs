//! Where links lead, and what goes along: a coupon's code, a referral's code, and the campaign that brought the visitor here.

use view::dom;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_name = location)]
    static HERE: Place;
    type Place;
    #[wasm_bindgen(method, getter)]
    fn href(this: &Place) -> String;
    #[wasm_bindgen(method, getter)]
    fn search(this: &Place) -> String;

    #[wasm_bindgen(js_name = URL)]
    type Address;
    #[wasm_bindgen(constructor, catch, js_class = "URL")]
    fn new(url: &str, base: &str) -> Result<Address, JsValue>;
    #[wasm_bindgen(method, getter)]
    fn href(this: &Address) -> String;
}

/// Where a link of a prompt leads: as it was written, and on the site itself with the campaign of this page, so that who followed a
/// prompt is not somebody who came from nowhere.
pub fn with_campaign(url: &str) -> String {
    if is_outside(url, &dom::origin()) || !leads_to_a_page(url) {
        return url.to_owned();
    }
    campaign_added(url, &HERE.with(Place::search))
}

/// The whole address, for those who are not on this page.
pub fn absolute(url: &str) -> String {
    Address::new(url, &HERE.with(Place::href)).map_or_else(|_| url.to_owned(), |whole| Address::href(&whole))
}

/// A text as a part of an address.
pub fn encoded(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}

/// The address with a parameter more, before its fragment. Name and value are written as addresses need it.
pub fn with_param(url: &str, name: &str, value: &str) -> String {
    let (rest, hash) = match url.find('#') {
        Some(at) => url.split_at(at),
        None => (url, ""),
    };
    let joint = if rest.contains('?') { "&" } else { "?" };
    [rest, joint, name, "=", value, hash].concat()
}

/// Whether an address leads off the site: those open in a tab of their own. Mail and telephone leave the page where it is.
pub fn is_outside(url: &str, origin: &str) -> bool {
    let own = url.strip_prefix(origin).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?', '#']));
    is_whole(url) && !own
}

/// Its host; nothing where it has none.
pub fn host(url: &str) -> &str {
    let rest = url.split_once(':').and_then(|(_, rest)| rest.strip_prefix("//")).unwrap_or("");
    let end = rest.find(['/', '?', '#', ':']).unwrap_or(rest.len());
    &rest[..end]
}

fn is_whole(url: &str) -> bool {
    url.len() > 4 && url.as_bytes()[..4].eq_ignore_ascii_case(b"http")
}

fn leads_to_a_page(url: &str) -> bool {
    // A path never has a colon before its first slash; `mailto:` and `tel:` have.
    is_whole(url) || url.starts_with(['/', '.', '?'])
}

/// The parameters of the page that say which campaign it was reached by, unless the address has some of its own.
fn campaign_added(url: &str, search: &str) -> String {
    let query = url.split('#').next().and_then(|rest| rest.split_once('?')).map_or("", |(_, query)| query);
    let is_campaign = |pair: &&str| pair.starts_with("utm_");
    if query.split('&').any(|pair| is_campaign(&pair)) {
        return url.to_owned();
    }
    let pairs = search.strip_prefix('?').unwrap_or("").split('&').filter(is_campaign);
    pairs.fold(url.to_owned(), |url, pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        with_param(&url, name, value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_goes_into_the_address() {
        for (url, expected) in [
            ("/plan", "/plan?coupon=A"),
            ("/plan?plan=team", "/plan?plan=team&coupon=A"),
            ("/plan?plan=team#pay", "/plan?plan=team&coupon=A#pay"),
            ("https://shop.example#/plan", "https://shop.example?coupon=A#/plan"),
        ] {
            assert_eq!(with_param(url, "coupon", "A"), expected, "{url}");
        }
    }

    #[test]
    fn only_other_sites_open_in_a_tab_of_their_own() {
        for (url, expected) in [
            ("/plan", false),
            ("?plan=team", false),
            ("https://shop.example/plan", false),
            ("https://shop.example", false),
            ("https://shop.example.evil/plan", true),
            ("HTTPS://other.example/", true),
            ("mailto:a@b.example", false),
        ] {
            assert_eq!(is_outside(url, "https://shop.example"), expected, "{url}");
        }
    }

    #[test]
    fn the_campaign_goes_along_unless_the_link_has_one() {
        let search = "?a=1&utm_source=mail&gclid=x&utm_campaign=spring%20sale";
        for (url, search, expected) in [
            ("/plan", search, "/plan?utm_source=mail&utm_campaign=spring%20sale"),
            ("/plan?x=1#pay", search, "/plan?x=1&utm_source=mail&utm_campaign=spring%20sale#pay"),
            ("/plan?utm_source=prompt", search, "/plan?utm_source=prompt"),
            ("/plan#?utm_source=no", "?utm_term", "/plan?utm_term=#?utm_source=no"),
            ("/plan", "", "/plan"),
            ("/plan", "?a=1", "/plan"),
        ] {
            assert_eq!(campaign_added(url, search), expected, "{url}");
        }
        assert!(!leads_to_a_page("mailto:a@b.example") && !leads_to_a_page("#top") && leads_to_a_page("?a"));
    }

    #[test]
    fn the_host_is_what_stands_between_the_slashes() {
        for (url, expected) in [
            ("https://www.g2.com/products/x", "www.g2.com"),
            ("https://g2.com", "g2.com"),
            ("http://127.0.0.1:8080/x", "127.0.0.1"),
            ("/path", ""),
            ("mailto:a@b.example", ""),
        ] {
            assert_eq!(host(url), expected, "{url}");
        }
    }
}
