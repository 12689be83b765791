//! Whether a page can run the widget: its snippet, its origin, its Content-Security-Policy.

use engine::Timestamp;

use super::csp::{Missing, Policy};
use super::fetch::{Fetched, fetch};
use super::{Report, clock_apart, page};
use crate::origin::OriginPattern;
use crate::prompts::{Engine, Settings};
use crate::store::inspect::KnownSite;

/// Fetches the page and looks at it. `scripts` is the path that scripts of sites stand below.
pub(super) fn check(
    report: &mut Report,
    url: &str,
    public_url: &str,
    scripts: &str,
    sites: &[KnownSite],
    now: Timestamp,
) {
    match fetch(url) {
        Ok(fetched) if fetched.status >= 400 => {
            report.wrong(format!(
                "Page: {url} answers {}: give the address of a page that opens in a browser.",
                fetched.status
            ));
        }
        Ok(fetched) => {
            if let Some(sentence) = fetched.header("date").and_then(|date| clock_apart(date, now)) {
                report.note(format!("Clock: {sentence}"));
            }
            look_at(report, &fetched, public_url, scripts, sites);
        }
        Err(why) => report.wrong(format!("Page: {url} cannot be fetched ({why}).")),
    }
}

fn look_at(report: &mut Report, fetched: &Fetched, public_url: &str, scripts: &str, sites: &[KnownSite]) {
    let Some(origin) = origin_of(&fetched.url) else {
        report.wrong(format!("Page: {} has no address that a browser could send.", fetched.url));
        return;
    };
    let snippets = page::snippets(&fetched.body, scripts);
    for snippet in &snippets {
        let absolute = absolute(&snippet.src, &origin);
        if !["/w/", scripts].iter().any(|path| absolute.starts_with(&format!("{public_url}{path}"))) {
            report.wrong(format!("Snippet: it loads from {absolute}, but this collector is {public_url}: correct the address in the page, or --public-url here."));
        }
        match sites.iter().find(|site| site.key == snippet.key) {
            Some(site) => {
                report.good(format!("Snippet: its key {} is that of {}.", snippet.key, site.name));
                allowed(report, site, &origin);
            }
            None => report.wrong(format!(
                "Snippet: no site has the key {}: {}.",
                snippet.key,
                match sites {
                    [one] => format!("the one site here, {}, has {}", one.name, one.key),
                    _ => "compare it with the console".to_owned(),
                }
            )),
        }
    }
    if snippets.len() > 1 {
        report.note("Snippet: it is on the page more than once; the second does nothing.");
    }
    if snippets.is_empty() {
        if page::has_tag_manager(&fetched.body) {
            report.note("Snippet: it is not in the page's source. The page has Google Tag Manager: if it comes from there, open the page in a browser and watch the console's first page.");
        } else {
            report.wrong("Snippet: it is not in the page's source: paste the line that the console shows into the page, before </head>.");
        }
        for site in sites {
            allowed(report, site, &origin);
        }
    }
    let first = snippets.first();
    let site = sites.iter().find(|site| first.is_some_and(|snippet| snippet.key == site.key));
    let here = Here { public_url, origin: &origin, nonce: first.and_then(|snippet| snippet.nonce.as_deref()) };
    policies(report, fetched, &here, site.map(engine_of).unwrap_or_default());
}

fn allowed(report: &mut Report, site: &KnownSite, origin: &str) {
    let listed =
        site.origins.iter().filter_map(|o| OriginPattern::parse(o).ok()).any(|pattern| pattern.matches(origin));
    if listed {
        report.good(format!("Origin: {origin} is in the list of {}.", site.name));
    } else {
        report.wrong(format!(
            "Origin: {origin} is not in the list of {}: allow it on the console's first page.",
            site.name
        ));
    }
}

/// What a site wants its modules to be.
fn engine_of(site: &KnownSite) -> Engine {
    serde_json::from_str::<Settings>(&site.settings).map(|settings| settings.engine).unwrap_or_default()
}

/// What a policy has to let through.
struct Here<'a> {
    public_url: &'a str,
    /// The page's.
    origin: &'a str,
    /// The snippet's.
    nonce: Option<&'a str>,
}

fn policies(report: &mut Report, fetched: &Fetched, here: &Here<'_>, engine: Engine) {
    let Here { public_url, origin, nonce } = *here;
    let header: Vec<Policy> = fetched.all("content-security-policy").flat_map(Policy::parse_list).collect();
    // A comma is no separator inside a meta element.
    let meta = page::meta_policies(&fetched.body);
    let meta: Vec<Policy> = meta.iter().flat_map(|text| Policy::parse_list(&text.replace(',', " "))).collect();
    if header.is_empty() && meta.is_empty() {
        report.good("Policy: the page has no Content-Security-Policy, so nothing is in the way.");
        return;
    }
    let mut fits = true;
    for (policies, place) in [(header, "header"), (meta, "meta element")] {
        for policy in policies {
            for missing in policy.missing(public_url, origin, nonce) {
                let directive = policy.deciding(missing);
                match engine {
                    Engine::Js if missing == Missing::Wasm => continue,
                    Engine::Auto if missing == Missing::Wasm => {
                        report.note(format!("Policy ({place}): it refuses WebAssembly, so prompts run as JavaScript here, which is larger, and each browser reports a violation once a week. Add 'wasm-unsafe-eval' to {directive} (it allows WebAssembly, and no eval), or choose JavaScript alone in the console under Settings, Install."));
                        continue;
                    }
                    _ => fits = false,
                }
                report.wrong(match missing {
                    Missing::Script if nonce.is_none() || directive != "script-src" => format!("Policy ({place}): add {public_url} to {directive}, or the browser does not load the snippet."),
                    Missing::Script => format!("Policy ({place}): the snippet's nonce is not the page's; give its script element the nonce of this answer."),
                    Missing::Wasm => format!("Policy ({place}): add 'wasm-unsafe-eval' to {directive}, or prompts cannot run, as this site wants WebAssembly alone (it allows WebAssembly, and no eval)."),
                    Missing::Connect => format!("Policy ({place}): add {public_url} to {directive}, or the widget can neither ask nor answer."),
                    Missing::Scripts => format!("Policy ({place}): add allow-scripts to {directive}, or no script runs on the page at all."),
                });
            }
        }
    }
    if fits {
        report.good("Policy: the page's Content-Security-Policy allows the widget.");
    }
}

/// `https://host[:port]` of an address.
fn origin_of(url: &str) -> Option<String> {
    OriginPattern::parse(url).ok().map(|pattern| pattern.to_string())
}

/// An address as the browser would complete it.
fn absolute(src: &str, origin: &str) -> String {
    if let Some(rest) = src.strip_prefix("//") {
        let scheme = origin.split("://").next().unwrap_or("https");
        return format!("{scheme}://{rest}");
    }
    if src.starts_with('/') { format!("{origin}{src}") } else { src.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(body: &str, csp: &str) -> Report {
        look_for(body, csp, "")
    }

    fn look_for(body: &str, csp: &str, settings: &str) -> Report {
        let headers =
            if csp.is_empty() { vec![] } else { vec![("content-security-policy".to_owned(), csp.to_owned())] };
        let fetched =
            Fetched { url: "https://www.shop.example/pricing".into(), status: 200, headers, body: body.into() };
        let site = KnownSite {
            key: "wk_1".into(),
            name: "Shop".into(),
            origins: vec!["https://*.shop.example".into()],
            settings: settings.into(),
        };
        let mut report = Report::default();
        look_at(&mut report, &fetched, "https://w.example", "/w/", &[site]);
        report
    }

    #[test]
    fn a_page_is_judged_in_plain_words() {
        let good = "<script async src=\"https://w.example/w/wk_1.js\"></script>";
        for (body, csp, hint) in [
            ("", "", "not in the page's source"),
            ("<script src=\"https://w.example/w/wk_2.js\"></script>", "", "no site has the key wk_2"),
            ("<script src=\"https://other.example/w/wk_1.js\"></script>", "", "loads from https://other.example"),
            ("<script src=\"/w/wk_1.js\"></script>", "", "loads from https://www.shop.example"),
            (good, "connect-src 'self'", "add https://w.example to connect-src"),
            (good, "default-src 'self'", "add https://w.example to script-src"),
        ] {
            let report = look(body, csp);
            assert!(!report.is_well(), "{body} {csp}");
            assert!(report.to_string().contains(hint), "{body} {csp}: {report} should mention {hint}");
        }
        let report = look(good, "script-src https://w.example 'wasm-unsafe-eval'; connect-src https://w.example");
        assert!(report.is_well(), "{report}");
        assert!(look(good, "").is_well());
    }

    #[test]
    fn without_webassembly_it_depends_on_what_the_site_wants() {
        let good = "<script async src=\"https://w.example/w/wk_1.js\"></script>";
        let hint = "'wasm-unsafe-eval' to script-src";
        for (settings, is_well, says) in [
            ("", true, true),
            (r#"{"engine": "auto"}"#, true, true),
            (r#"{"engine": "js"}"#, true, false),
            (r#"{"engine": "wasm"}"#, false, true),
        ] {
            let report = look_for(good, "script-src https://w.example", settings);
            assert_eq!((report.is_well(), report.to_string().contains(hint)), (is_well, says), "{settings}: {report}");
            // Neither of them comes from a host that is not in the list.
            let report = look_for(good, "script-src 'self'", settings);
            assert!(
                !report.is_well() && report.to_string().contains("add https://w.example to script-src"),
                "{report}"
            );
        }
    }

    #[test]
    fn an_origin_outside_the_list_is_named() {
        let fetched = Fetched {
            url: "https://elsewhere.example/".into(),
            status: 200,
            headers: vec![],
            body: "<script src=https://w.example/w/wk_1.js></script>".into(),
        };
        let origins = vec!["https://shop.example".into()];
        let site = KnownSite { key: "wk_1".into(), name: "Shop".into(), origins, settings: String::new() };
        let mut report = Report::default();
        look_at(&mut report, &fetched, "https://w.example", "/w/", &[site]);
        assert!(report.to_string().contains("https://elsewhere.example is not in the list of Shop"), "{report}");
    }
}
