//! What a page's source says: our snippets, and policies in meta elements. A scan of tags, not a parser of HTML: what a tag
//! manager adds later is not in the source, and the report says so.

/// A snippet of ours on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// The whole address of the script.
    pub src: String,
    /// The public key in it.
    pub key: String,
    /// The element's nonce.
    pub nonce: Option<String>,
}

/// Every script element whose address ends like ours: `/w/KEY.js`, or with another path that the operator has chosen.
pub fn snippets(html: &str, chosen: &str) -> Vec<Snippet> {
    let tags = tags(html).filter(|tag| tag.name == "script");
    tags.filter_map(|tag| {
        let src = tag.attribute("src")?;
        let address = src.split(['?', '#']).next()?;
        let file = ["/w/", chosen].iter().find_map(|path| Some(address.rsplit_once(path)?.1))?;
        let is_key = |key: &&str| !key.is_empty() && !key.contains('/') && (chosen == "/w/" || key.starts_with("wk_"));
        let key = file.strip_suffix(".js").filter(is_key)?;
        Some(Snippet { key: key.to_owned(), nonce: tag.attribute("nonce"), src })
    })
    .collect()
}

/// Policies in the page's meta elements.
pub fn meta_policies(html: &str) -> Vec<String> {
    let metas = tags(html).filter(|tag| tag.name == "meta");
    metas
        .filter(|tag| tag.attribute("http-equiv").is_some_and(|v| v.eq_ignore_ascii_case("content-security-policy")))
        .filter_map(|tag| tag.attribute("content"))
        .collect()
}

/// Whether a Google Tag Manager container is on the page: the snippet may come from there.
pub fn has_tag_manager(html: &str) -> bool {
    html.contains("googletagmanager.com/gtm.js") || html.contains("googletagmanager.com/ns.html")
}

struct Tag<'a> {
    name: String,
    attributes: Vec<(String, &'a str)>,
}

impl Tag<'_> {
    fn attribute(&self, name: &str) -> Option<String> {
        let value = self.attributes.iter().find(|(known, _)| known == name)?.1;
        Some(value.replace("&amp;", "&").replace("&#39;", "'").replace("&quot;", "\"").replace("&#x27;", "'"))
    }
}

fn tags(html: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut rest = html;
    std::iter::from_fn(move || {
        loop {
            rest = &rest[rest.find('<')?..];
            if let Some(comment) = rest.strip_prefix("<!--") {
                rest = comment.find("-->").map_or("", |end| &comment[end..]);
                continue;
            }
            let inside = &rest[1..];
            let name_end = inside.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(inside.len());
            if name_end == 0 {
                rest = inside;
                continue;
            }
            let name = inside[..name_end].to_ascii_lowercase();
            let (attributes, after) = attributes(&inside[name_end..]);
            rest = after;
            return Some(Tag { name, attributes });
        }
    })
}

/// The attributes up to the tag's end, and what follows it.
fn attributes(mut rest: &str) -> (Vec<(String, &str)>, &str) {
    let mut found = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() {
            return (found, rest);
        }
        if let Some(after) = rest.strip_prefix('>') {
            return (found, after);
        }
        let end = rest.find(|c: char| c.is_ascii_whitespace() || "=>/".contains(c)).unwrap_or(rest.len());
        // A stray sign is a name of its own; without this the loop would stand still.
        let end = if end == 0 { rest.chars().next().map_or(rest.len(), char::len_utf8) } else { end };
        let name = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_start();
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            let after = after.trim_start();
            (value, rest) = match after.chars().next() {
                Some(quote @ ('"' | '\'')) => after[1..].split_once(quote).unwrap_or((&after[1..], "")),
                _ => after.split_at(after.find(|c: char| c.is_ascii_whitespace() || c == '>').unwrap_or(after.len())),
            };
        }
        found.push((name, value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snippets_are_found_below_a_path_of_the_operators() {
        let scripts =
            "<script src=/m/wk_1.js></script><script src=/m/menu.js></script><script src=/w/wk_2.js></script>";
        let keys = |chosen: &str| snippets(scripts, chosen).into_iter().map(|one| one.key).collect::<Vec<_>>();
        assert_eq!(keys("/m/"), ["wk_1", "wk_2"]);
        assert_eq!(keys("/w/"), ["wk_2"]);
    }

    #[test]
    fn snippets_are_found_however_they_are_written() {
        let host = "https://w.example/w/wk_1.js";
        for (html, key, nonce) in [
            (format!("<script async src=\"{host}\"></script>"), "wk_1", None),
            (format!("<SCRIPT SRC='{host}' async></SCRIPT>"), "wk_1", None),
            (format!("<script nonce=abc src={host}></script>"), "wk_1", Some("abc")),
            ("<p>a < b</p><script src=\"/w/wk_2.js?v=1\"></script>".to_owned(), "wk_2", None),
        ] {
            let found = snippets(&html, "/w/");
            assert_eq!(found.len(), 1, "{html}");
            assert_eq!((found[0].key.as_str(), found[0].nonce.as_deref()), (key, nonce), "{html}");
        }
        for html in [
            format!("<!-- <script src=\"{host}\"></script> -->"),
            "<script src=\"/w/\"></script><script>\"/w/wk_1.js\"</script>".to_owned(),
            "<script src=\"/w/a/b.js\">".to_owned(),
            "<script src=\"".to_owned(),
            "<".to_owned(),
            "< = '".to_owned(),
        ] {
            assert_eq!(snippets(&html, "/w/"), [], "{html}");
        }
    }

    #[test]
    fn policies_in_the_page_are_found() {
        let html = "<head><META content=\"default-src &#39;self&#39;\" http-equiv=Content-Security-Policy><meta charset=utf-8>";
        assert_eq!(meta_policies(html), ["default-src 'self'"]);
    }
}
