//! What must hold of every text that is read: patterns, expressions, addresses, ids, lengths of time.

use crate::config;
use crate::log::DAY;
use engine::page::{PathPattern, Url};
use engine::rule::Pattern;
use engine::{Day, Span, Uuid};
use proptest::prelude::*;

/// What the collector matches with.
fn regex(pattern: &Pattern) -> Result<regex::Regex, regex::Error> {
    regex::RegexBuilder::new(&pattern.expression("(?-u:\\b)")).case_insensitive(true).build()
}

/// Whether a text matches, as in the collector.
pub fn matches(pattern: &Pattern, text: &str) -> bool {
    regex(pattern).is_ok_and(|regex| regex.is_match(text))
}

/// A pattern, read by trying everything.
fn stands_for(pattern: &[u8], path: &[u8]) -> bool {
    match pattern {
        [] => path.is_empty(),
        [b'*', b'*', rest @ ..] => (0..=path.len()).any(|n| stands_for(rest, &path[n..])),
        [b'*', rest @ ..] => {
            (0..=path.len()).take_while(|n| !path[..*n].contains(&b'/')).any(|n| stands_for(rest, &path[n..]))
        }
        [byte, rest @ ..] => path.first().is_some_and(|b| b.eq_ignore_ascii_case(byte)) && stands_for(rest, &path[1..]),
    }
}

proptest! {
    #![proptest_config(config(1024))]

    #[test]
    fn a_pattern_stands_for_what_trying_everything_finds(pattern in "/[ab*/]{0,9}", path in "/[abA/]{0,9}") {
        let trimmed = |text: &str| if text.len() > 1 { text.strip_suffix('/').unwrap_or(text).to_owned() } else { text.to_owned() };
        let expected = stands_for(trimmed(&pattern).as_bytes(), trimmed(&path).as_bytes());
        prop_assert_eq!(PathPattern::parse(&pattern).unwrap().matches(&path), expected);
    }

    #[test]
    fn a_pattern_that_passes_its_check_is_compiled(pattern in "[\\^]?[ab\\\\dwsb.*+?(){}|\\[\\]^$,2:=&~/-]{1,12}", text in "[ab2-]{0,8}") {
        let pattern = Pattern::new(pattern);
        match pattern.check() {
            Ok(()) => prop_assert!(regex(&pattern).is_ok(), "{:?}", regex(&pattern)),
            Err(fault) => prop_assert!(!fault.to_string().is_empty()),
        }
        let _ = matches(&pattern, &text);
    }

    #[test]
    fn ids_made_later_sort_later(a in 0..1i64 << 47, b in 0..1i64 << 47, x in any::<[u8; 10]>(), y in any::<[u8; 10]>()) {
        let (first, second) = (Uuid::v7(a, x), Uuid::v7(b, y));
        if a != b {
            prop_assert_eq!(first < second, a < b);
            prop_assert_eq!(first.write() < second.write(), a < b);
        }
        prop_assert_eq!(Uuid::parse(&first.write()), Some(first));
        prop_assert_eq!(Uuid::parse(&first.write().to_uppercase()), Some(first));
        prop_assert_eq!(&first.write()[14..15], "7");
        prop_assert!(matches!(first.write().as_bytes()[19], b'8' | b'9' | b'a' | b'b'));
    }

    #[test]
    fn a_length_of_time_survives_writing(ms in 0..36_525 * DAY) {
        prop_assert_eq!(Span::parse(&Span(ms).to_string()), Some(Span(ms)));
    }

    #[test]
    fn what_reads_as_a_day_is_written_so(text in "[0-9]{4}-(0[0-9]|1[0-3])-[0-3][0-9]") {
        if let Some(day) = Day::parse(&text) {
            prop_assert_eq!(day.to_string(), text);
        }
    }

    #[test]
    fn reading_an_address_never_fails(text in any::<String>(), name in "[a-z%+]{0,4}") {
        let url = Url::parse(&text);
        let _ = (url.param(&name), engine::source::Source::of_visit(&text, &text).channel());
        prop_assert!(!url.path.is_empty());
    }
}
