//! What to paste where.

use maud::{Markup, html};

use crate::addresses::Addresses;
use crate::auth::May;
use crate::console::access::Here;
use crate::origin;
use crate::state::App;

/// The line that a page needs.
pub fn snippet(addresses: &Addresses, key: &str) -> String {
    format!("<script async fetchpriority=\"high\" src=\"{}\"></script>", addresses.script(key))
}

/// The same for a tag manager, which runs tags as scripts of before 2015, and late: what other tags say until the script has come waits in
/// a queue.
fn tag(addresses: &Addresses, key: &str) -> String {
    let lines = [
        "<script>",
        "  window.waymark = window.waymark || function () { (waymark.q = waymark.q || []).push(arguments); };",
        "  (function (page) {",
        "    var script = page.createElement('script');",
        "    script.async = true;",
        &format!("    script.src = '{}';", addresses.script(key)),
        "    page.head.appendChild(script);",
        "  })(document);",
        "</script>",
    ];
    lines.join("\n")
}

/// The same for an application that a bundler makes, with the package.
fn package(public_url: &str, addresses: &Addresses, key: &str) -> String {
    let path = addresses.path();
    let path = if path.is_empty() { String::new() } else { format!(", path: '{path}'") };
    format!("import {{ init }} from 'waymark-widget';\n\ninit({{ address: '{public_url}', key: '{key}'{path} }});")
}

/// What a page's policy has to allow.
fn policy(public_url: &str) -> String {
    let own = origin::of_address(public_url).unwrap_or(public_url);
    format!("script-src {own} 'wasm-unsafe-eval'; connect-src {own}")
}

/// All of it, the usual way first.
pub fn all(app: &App, here: &Here) -> Markup {
    let (url, site) = (&app.public_url, &here.site);
    let named = site.origins.iter().map(ToString::to_string).find(|origin| !origin.contains('*'));
    let page = named.unwrap_or_else(|| "https://www.example.com".to_owned());
    html! {
        h2 { "Put this line into every page" }
        p { "In the template that all pages share, anywhere before " code { "</head>" } "." }
        (copied("snippet", "the snippet", &snippet(&app.addresses, &site.key)))

        h2 { "Or use Google Tag Manager" }
        ol.steps {
            li { "In your container choose " strong { "Tags" } ", then " strong { "New" } "." }
            li { "As " strong { "Tag Configuration" } " choose " strong { "Custom HTML" } " and paste this:" (copied("tag", "the tag", &tag(&app.addresses, &site.key))) }
            li { "As " strong { "Triggering" } " choose " strong { "All Pages" } "." }
            li { "Where you ask for consent first, open " strong { "Advanced Settings" } ", " strong { "Consent Settings" } ", and require what it needs." }
            li { "Call it Waymark, " strong { "Save" } ", then " strong { "Submit" } " and " strong { "Publish" } " the container." }
        }
        p.hint { "Where a page has a " code { "dataLayer" } ", it hears of each prompt that is shown, clicked, answered or closed, as " code { "waymark_prompt_shown" }
            " and so on." }

        h2 { "Or build it into an application" }
        p { "With the package " code { "waymark-widget" } ", which is built together with Waymark (" code { "cargo xtask dist" } "), for React, Vue, Svelte and whatever else a bundler makes. It does nothing while a server renders:" }
        (copied("package", "the lines for an application", &package(url, &app.addresses, &site.key)))

        h2 { "If your pages send a Content-Security-Policy" }
        p { "Then it has to allow these. Add them to what its " code { "script-src" } " and " code { "connect-src" } " have:" }
        (copied("policy", "the policy", &policy(url)))
        p.hint { "Nothing else is needed: no " code { "'unsafe-inline'" } ", no " code { "'unsafe-eval'" } ", no " code { "style-src" } ". A policy with a nonce wants the nonce on the snippet." }

        h2 { "If nothing arrives" }
        p { "This looks at a page as a browser does, and says in plain words what it lacks. Run it where Waymark runs:" }
        (copied("doctor", "the command", &format!("waymark doctor {page}/")))
        @if !is_below_a_domain_of(here, url) {
            h2 { "Better still: an address of your own" }
            p { "Blockers and browsers trust what is on your own domain. Point a name such as " code { "ask." (domain(&page)) } " at this server, and start Waymark with "
                code { "--public-url https://ask." (domain(&page)) } ". The snippet above then names it." }
        }
        h2 { "What your servers know" }
        p { "Sign-ups, payments and renewals are best told by your servers: nobody can make them up, and no blocker stops them. "
            @if here.may(May::Run) { a href=(here.to("/settings/keys")) { "Make a key for them" } "." }
            @else { "An owner makes a key for them under Settings, Keys." } }
    }
}

/// A text to take away: by the button, or by one click into it, which selects all of it.
pub fn copied(id: &str, what: &str, text: &str) -> Markup {
    html! {
        div.copied {
            pre { code id=(id) { (text) } }
            button.quiet type="button" data-copy=(id) aria-label={ "Copy " (what) } hidden { "Copy" }
        }
    }
}

/// Whether browsers take the collector for a part of the site.
fn is_below_a_domain_of(here: &Here, public_url: &str) -> bool {
    let Some(own) = origin::host_of(public_url) else { return false };
    here.site.origins.iter().any(|pattern| {
        let text = pattern.to_string();
        let domain = domain(&text);
        own == domain || own.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
    })
}

/// The host of an origin without the part before its first dot where that is `www`.
fn domain(origin: &str) -> &str {
    let host = origin::host_of(origin).unwrap_or("example.com");
    host.strip_prefix("www.").or_else(|| host.strip_prefix("*.")).unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pasted_names_the_collector_and_the_site() {
        let addresses = Addresses::new("https://ask.shop.test", "");
        assert_eq!(
            snippet(&addresses, "wk_1"),
            "<script async fetchpriority=\"high\" src=\"https://ask.shop.test/w/wk_1.js\"></script>"
        );
        let tag = tag(&addresses, "wk_1");
        assert!(tag.contains("'https://ask.shop.test/w/wk_1.js'"), "{tag}");
        assert!(!["=>", "const ", "let ", "`"].iter().any(|new| tag.contains(new)), "as of before 2015: {tag}");
        let package =
            |path: &str| package("https://ask.shop.test", &Addresses::new("https://ask.shop.test", path), "wk_1");
        assert!(package("").ends_with("init({ address: 'https://ask.shop.test', key: 'wk_1' });"), "{}", package(""));
        assert!(package("/m").ends_with("key: 'wk_1', path: '/m' });"), "{}", package("/m"));
        // A public address may have a path; a policy names origins.
        assert_eq!(
            policy("https://ask.shop.test/waymark"),
            "script-src https://ask.shop.test 'wasm-unsafe-eval'; connect-src https://ask.shop.test"
        );
        assert_eq!(domain("https://www.shop.test"), "shop.test");
    }
}
