//! The widget's own words in other languages than English. No page pays for more than one of them: they go with the prompts.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use engine::prompt::primary;

/// Each language with its words, by their English.
static LANGUAGES: [(&str, &str); 9] = [
    ("ar", include_str!("../../data/words/ar.json")),
    ("de", include_str!("../../data/words/de.json")),
    ("es", include_str!("../../data/words/es.json")),
    ("fr", include_str!("../../data/words/fr.json")),
    ("it", include_str!("../../data/words/it.json")),
    ("ja", include_str!("../../data/words/ja.json")),
    ("nl", include_str!("../../data/words/nl.json")),
    ("pl", include_str!("../../data/words/pl.json")),
    ("pt", include_str!("../../data/words/pt.json")),
];

type Words = BTreeMap<String, String>;

static WORDS: LazyLock<BTreeMap<&str, Words>> = LazyLock::new(|| {
    let read = |(language, json): &(&'static str, &str)| (*language, serde_json::from_str(json).unwrap_or_default());
    LANGUAGES.iter().map(read).collect()
});

/// The words in a language such as `de` or `pt-BR`; none in English and in those that nobody has translated them to.
pub fn of(language: &str) -> Words {
    WORDS.get(own(language).as_str()).cloned().unwrap_or_default()
}

/// Whether a language is written from right to left.
pub fn is_rtl(language: &str) -> bool {
    ["ar", "dv", "fa", "he", "ku", "ps", "ur", "yi"].contains(&own(language).as_str())
}

fn own(language: &str) -> String {
    primary(language).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;

    /// The literals that are asked for by name, and all text of what may ask for them in another way.
    fn in_source() -> (BTreeSet<String>, String) {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut text = fs::read_to_string(root.join("engine/src/survey/refusal.rs")).unwrap();
        let mut folders = vec![root.join("widget/view/src"), root.join("widget/contents/src")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    text += &fs::read_to_string(path).unwrap();
                }
            }
        }
        let asked = text.split("own(\"").skip(1).filter_map(|rest| rest.split_once('"'));
        let asked = asked.map(|(word, _)| word.to_owned()).collect();
        (asked, text)
    }

    #[test]
    fn each_language_has_each_word_and_nothing_else() {
        let (asked, text) = in_source();
        let gaps = |text: &str| [text.matches("{}").count(), text.matches("{n}").count()];
        for (language, json) in LANGUAGES {
            let words: Words = serde_json::from_str(json).unwrap_or_else(|error| panic!("{language}: {error}"));
            for word in &asked {
                assert!(words.contains_key(word), "{language} has no word for {word:?}");
            }
            for (english, word) in &words {
                assert!(text.contains(&format!("\"{english}\"")), "{language}: nobody says {english:?}");
                assert_eq!(gaps(english), gaps(word), "{language}: {english:?} is {word:?}");
                assert!(!word.trim().is_empty(), "{language}: {english:?}");
            }
            assert_eq!(words.len(), of("de").len(), "{language}");
        }
        assert!(asked.len() > 20, "{asked:?}");
    }

    #[test]
    fn a_region_has_the_words_of_its_language() {
        assert_eq!(of("pt-BR")["Send"], "Enviar");
        assert_eq!(of("DE-at")["Send"], "Senden");
        assert!(of("en").is_empty() && of("sv").is_empty() && of("").is_empty());
        assert!(is_rtl("ar-EG") && is_rtl("he") && !is_rtl("arn"));
    }
}
