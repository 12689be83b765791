//! The visitor's id as a cookie that no script can read, where the collector is on the site's own domain. Browsers that delete what
//! scripts have stored leave such a cookie alone: whoever comes back with nothing stored is known by it.
//!
//! Nothing is set where the page does not say whether its ids are fresh: then it may keep nothing.

use axum::http::{HeaderMap, HeaderValue, header};
use engine::Uuid;

use crate::origin::host_of;
use crate::sites::Site;

/// 395 days: browsers keep nothing for longer than 400.
const SECONDS: u32 = 34_128_000;

/// Whether a page of this origin may use it: it is of the site's own list, by its whole name, and on the collector's own domain.
pub fn is_for(site: &Site, origin: &str, public_url: &str) -> bool {
    site.names(origin)
        && host_of(origin).zip(host_of(public_url)).is_some_and(|(page, ours)| are_neighbours(page, ours))
}

/// Whether two hosts lie in one domain, as far as their names tell. Where that is everybody's domain (`co.uk`), browsers know better
/// and keep nothing.
fn are_neighbours(one: &str, other: &str) -> bool {
    let is_address = |host: &str| host.starts_with('[') || host.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let common = one.rsplit('.').zip(other.rsplit('.')).take_while(|(a, b)| a.eq_ignore_ascii_case(b)).count();
    one.eq_ignore_ascii_case(other) || common >= 2 && !is_address(one)
}

/// Who the cookie says it is.
pub fn visitor_of(headers: &HeaderMap, site: &Site) -> Option<Uuid> {
    let name = name(site);
    let lines = headers.get_all(header::COOKIE);
    let mut pairs = lines.iter().filter_map(|line| line.to_str().ok()).flat_map(|line| line.split(';'));
    pairs.find_map(|pair| Uuid::parse(pair.trim().strip_prefix(&name)?.strip_prefix('=')?))
}

/// The line that sets it, for what is sent below a path.
pub fn line(site: &Site, visitor: Uuid, path: &str) -> Option<HeaderValue> {
    let line = format!("{}={visitor}; Max-Age={SECONDS}; Path={path}; SameSite=Lax; Secure; HttpOnly", name(site));
    HeaderValue::from_str(&line).ok()
}

/// The line that removes it, where there is one.
pub fn removal(site: &Site, headers: &HeaderMap, path: &str) -> Option<HeaderValue> {
    visitor_of(headers, site)?;
    let line = format!("{}=; Max-Age=0; Path={path}; SameSite=Lax; Secure; HttpOnly", name(site));
    HeaderValue::from_str(&line).ok()
}

fn name(site: &Site) -> String {
    format!("wm_{}", site.key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_of_one_domain_are_neighbours() {
        for (one, other, expected) in [
            ("www.shop.example", "waymark.shop.example", true),
            ("shop.example", "waymark.shop.example", true),
            ("Shop.Example", "shop.example", true),
            ("shop.example", "other.example", false),
            ("localhost", "localhost", true),
            ("127.0.0.1", "127.0.0.1", true),
            ("10.1.0.1", "10.2.0.1", false),
            ("[::1]", "[::1]", true),
            ("example", "example.com", false),
        ] {
            assert_eq!(are_neighbours(one, other), expected, "{one} {other}");
        }
    }
}
