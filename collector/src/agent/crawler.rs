//! Telling crawlers from people by their user agent: the list of `data/crawlers.txt`, and what all of them have in common. Who
//! hides behind a real browser's user agent is not found here.

use std::sync::LazyLock;

use regex::bytes::{Regex, RegexBuilder};

const LIST: &str = include_str!("../../data/crawlers.txt");

/// What no browser of a person has, in small letters, for those that nobody has listed yet. An address is how a crawler
/// says whom to write to.
const WORDS: &str = r"bot\b|bot[/;_ -]|bots\b|crawl|spider|slurp|headless|phantomjs|selenium|puppeteer|playwright|lighthouse|pagespeed|scrap|monitor|fetcher|validator|archiver|uptime|pingdom|python|\bperl\b|\bjava/|okhttp|libwww|go-http|https?://|\+http|@[a-z0-9-]+\.[a-z]";

/// The patterns that are plain texts, which are all looked for in one go, and the others.
static LISTED: LazyLock<Option<[Regex; 2]>> = LazyLock::new(|| {
    let lines = LIST.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let (texts, patterns): (Vec<&str>, Vec<&str>) = lines.partition(|line| is_text(line));
    Some([compile(&texts)?, compile(&patterns)?])
});

static WORDED: LazyLock<Option<Regex>> = LazyLock::new(|| compile(&[WORDS]));

/// Bytes, not characters: a header is bytes, and what the list asks for is ASCII.
fn compile(patterns: &[&str]) -> Option<Regex> {
    RegexBuilder::new(&patterns.join("|")).unicode(false).build().ok()
}

/// Whether a pattern means just itself, but for escaped signs.
fn is_text(pattern: &str) -> bool {
    let mut signs = pattern.chars();
    while let Some(sign) = signs.next() {
        let special = match sign {
            '\\' => signs.next().is_none_or(|next| next.is_ascii_alphanumeric()),
            sign => "^$.|?*+()[]{}".contains(sign),
        };
        if special {
            return false;
        }
    }
    true
}

/// Whether a user agent is a crawler's, or `Sec-CH-UA` says so.
pub fn is_crawler(agent: &str, brands: &str) -> bool {
    // Every browser that could run our script calls itself Mozilla; Opera Mini is the last that calls itself Opera.
    if !agent.starts_with("Mozilla/") && !agent.starts_with("Opera/") || brands.contains("Headless") {
        return true;
    }
    // CUBOT makes phones.
    let small = agent.to_ascii_lowercase().replace("cubot", "");
    let any = |known: &Regex, agent: &str| known.is_match(agent.as_bytes());
    WORDED.as_ref().is_some_and(|words| any(words, &small))
        || LISTED.as_ref().is_some_and(|listed| listed.iter().any(|known| any(known, agent)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_can_be_compiled() {
        assert!(LISTED.is_some() && WORDED.is_some());
        assert!(LIST.lines().filter(|line| !line.starts_with('#')).count() > 1400);
        for (pattern, text) in [("Googlebot/", true), (r"archive\.org_bot", true), (r"Code/1\.", true), (r"\bx", false)]
        {
            assert_eq!(is_text(pattern), text, "{pattern}");
        }
        for pattern in ["a.b", "[wW]get", "^curl", r"\d", "a|b", "\\"] {
            assert!(!is_text(pattern), "{pattern}");
        }
    }

    #[test]
    fn one_that_nobody_has_listed_is_known_by_its_words() {
        for agent in [
            "",
            "curl/8.0",
            "Mozilla/5.0 (compatible; NeverHeardOf-bot/1.0)",
            "Mozilla/5.0 (compatible; Unheard/2; +https://unheard.example)",
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/126.0.0.0 Safari/537.36",
        ] {
            assert!(is_crawler(agent, ""), "{agent}");
        }
        assert!(is_crawler("Mozilla/5.0 (X11) Chrome/126.0.0.0", r#""HeadlessChrome";v="126""#));
    }
}
