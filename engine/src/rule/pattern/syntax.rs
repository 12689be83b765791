//! The regular expressions that a browser's `RegExp` (with `i` and `u`) and Rust's regex crate read alike, and that cannot keep a page
//! busy: a browser tries every way in which a text can be divided among repeats, and there may be too many of them.

use super::MAX_PATTERN;
use core::fmt;
use core::iter::Peekable;
use core::str::Chars;

/// Most parts of open length. With `n` characters and `k` such parts a browser takes up to `n` to the power of `k + 1` steps, or of `k`
/// if the pattern can only begin at the beginning.
const MAX_REPEATS: usize = 2;
/// Most parts that may be there or not, and most alternatives: each can double the ways.
const MAX_CHOICES: usize = 8;
/// Most exact repetitions.
const MAX_COUNT: u32 = 100;

/// Why a pattern is not allowed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "its words say it")]
pub enum Fault {
    Empty,
    TooLong,
    LookAround,
    BackReference,
    NamedGroup,
    Flags,
    NestedRepeat,
    TooManyRepeats,
    TooManyChoices,
    NothingToRepeat,
    Possessive,
    CountTooLarge,
    Brace,
    Bracket,
    Class,
    Escape,
    Unclosed,
}

impl Fault {
    /// A stable name for programs.
    pub fn code(self) -> &'static str {
        match self {
            Fault::Empty => "pattern_empty",
            Fault::TooLong => "pattern_too_long",
            Fault::LookAround => "pattern_look_around",
            Fault::BackReference => "pattern_back_reference",
            Fault::NamedGroup => "pattern_named_group",
            Fault::Flags => "pattern_flags",
            Fault::NestedRepeat => "pattern_nested_repeat",
            Fault::TooManyRepeats | Fault::TooManyChoices => "pattern_too_costly",
            Fault::CountTooLarge => "pattern_count",
            Fault::NothingToRepeat | Fault::Possessive | Fault::Brace | Fault::Bracket | Fault::Class => {
                "pattern_syntax"
            }
            Fault::Escape => "pattern_escape",
            Fault::Unclosed => "pattern_unclosed",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Fault::Empty => "An empty expression is found in every text; use \"exists\".",
            Fault::TooLong => "An expression has at most 512 bytes.",
            Fault::LookAround => "Looking ahead or behind, (?=, (?!, (?<= and (?<!, is not possible; write two conditions.",
            Fault::BackReference => "\\1, \\2 and the like are not possible.",
            Fault::NamedGroup => "Groups have no names; write ( or (?: alone.",
            Fault::Flags => "Flags such as (?i) are not possible; case is ignored anyway.",
            Fault::NestedRepeat => {
                "A group that is repeated must not hold a repeat or alternatives: a browser could be busy with it for minutes."
            }
            Fault::TooManyRepeats => {
                "At most two parts may be of open length (*, +, {2,}), three if it begins with ^: a browser could be busy for minutes."
            }
            Fault::TooManyChoices => "At most eight parts may be optional (?) or a choice (a|b).",
            Fault::NothingToRepeat => "There is nothing before *, +, ? or { that could be repeated.",
            Fault::Possessive => "Two repeats follow each other, such as ** or ++.",
            Fault::CountTooLarge => "A part can be repeated at most 100 times by number, and {3,2} is the wrong way round.",
            Fault::Brace => "{ and } stand for a number of repeats, such as {2,4}; write \\{ and \\} for themselves.",
            Fault::Bracket => "] and ) close something that was not opened; write \\] and \\) for themselves.",
            Fault::Class => {
                "Between [ and ] the characters [, &&, -- and ~~, an empty list, \\D, \\W, \\S, \\b, a range the wrong way round and a - in the middle are not possible; write \\[ and \\- for themselves."
            }
            Fault::Escape => {
                "Behind \\ may stand d, w, s, D, W, S, b, t, n, r, f, v or one of ^ $ \\ . * + ? ( ) [ ] { } | / - only."
            }
            Fault::Unclosed => "A (, [ or \\ at the end is not closed.",
        })
    }
}

/// What a repeat would stand behind.
#[derive(Clone, Copy)]
enum Before {
    Nothing,
    Atom,
    Group(Inside),
    Repeat,
    Lazy,
}

/// What a group holds, or the groups in it.
#[derive(Clone, Copy, Default)]
struct Inside {
    repeats: bool,
    choices: bool,
}

struct Reader<'a> {
    chars: Peekable<Chars<'a>>,
    /// The groups that are open, the whole pattern first.
    open: Vec<Inside>,
    before: Before,
    repeats: usize,
    choices: usize,
}

/// Finds the first fault of a pattern.
pub(super) fn check(pattern: &str) -> Result<(), Fault> {
    if pattern.is_empty() {
        return Err(Fault::Empty);
    }
    if pattern.len() > MAX_PATTERN {
        return Err(Fault::TooLong);
    }
    let mut reader = Reader {
        chars: pattern.chars().peekable(),
        open: vec![Inside::default()],
        before: Before::Nothing,
        repeats: 0,
        choices: 0,
    };
    let mut is_choice = false;
    while let Some(char) = reader.chars.next() {
        is_choice |= char == '|' && reader.open.len() == 1;
        reader.take(char)?;
    }
    if reader.open.len() != 1 {
        return Err(Fault::Unclosed);
    }
    let is_anchored = pattern.starts_with('^') && !is_choice;
    if reader.repeats > MAX_REPEATS + usize::from(is_anchored) {
        return Err(Fault::TooManyRepeats);
    }
    if reader.choices > MAX_CHOICES { Err(Fault::TooManyChoices) } else { Ok(()) }
}

impl Reader<'_> {
    fn take(&mut self, char: char) -> Result<(), Fault> {
        self.before = match char {
            '(' => return self.group(),
            ')' => match self.open.pop() {
                Some(inside) if !self.open.is_empty() => {
                    self.mark(inside);
                    Before::Group(inside)
                }
                _ => return Err(Fault::Bracket),
            },
            '|' => {
                self.choices += 1;
                self.mark(Inside { choices: true, ..Inside::default() });
                Before::Nothing
            }
            '[' => self.class()?,
            ']' => return Err(Fault::Bracket),
            '}' => return Err(Fault::Brace),
            '\\' => match self.escape()? {
                'b' => Before::Nothing,
                _ => Before::Atom,
            },
            '^' | '$' => Before::Nothing,
            '*' => self.repeat(0, None)?,
            '+' => self.repeat(1, None)?,
            '?' if matches!(self.before, Before::Repeat) => Before::Lazy,
            '?' => self.repeat(0, Some(1))?,
            '{' => {
                let (least, most) = self.count()?;
                self.repeat(least, most)?
            }
            _ => Before::Atom,
        };
        Ok(())
    }

    /// The innermost group that is open holds this too.
    fn mark(&mut self, more: Inside) {
        if let Some(inside) = self.open.last_mut() {
            inside.repeats |= more.repeats;
            inside.choices |= more.choices;
        }
    }

    fn group(&mut self) -> Result<(), Fault> {
        if self.chars.next_if_eq(&'?').is_some() {
            match (self.chars.next(), self.chars.peek()) {
                (Some(':'), _) => {}
                (Some('=' | '!'), _) | (Some('<'), Some('=' | '!')) => return Err(Fault::LookAround),
                (Some('<' | 'P' | '\''), _) => return Err(Fault::NamedGroup),
                (None, _) => return Err(Fault::Unclosed),
                _ => return Err(Fault::Flags),
            }
        }
        self.open.push(Inside::default());
        self.before = Before::Nothing;
        Ok(())
    }

    /// What stands behind a backslash.
    fn escape(&mut self) -> Result<char, Fault> {
        match self.chars.next().ok_or(Fault::Unclosed)? {
            '1'..='9' | 'k' => Err(Fault::BackReference),
            known if "dwsDWSbtnrfv^$\\.*+?()[]{}|/-".contains(known) => Ok(known),
            _ => Err(Fault::Escape),
        }
    }

    fn repeat(&mut self, least: u32, most: Option<u32>) -> Result<Before, Fault> {
        match self.before {
            Before::Nothing => return Err(Fault::NothingToRepeat),
            Before::Repeat | Before::Lazy => return Err(Fault::Possessive),
            // What is there once or not at all is not repeated.
            Before::Group(inside) if (inside.repeats || inside.choices) && most != Some(1) => {
                return Err(Fault::NestedRepeat);
            }
            Before::Group(_) | Before::Atom => {}
        }
        match most {
            Some(1) => self.choices += 1,
            Some(most) if most == least => {}
            _ => self.repeats += 1,
        }
        self.mark(Inside { repeats: true, ..Inside::default() });
        Ok(Before::Repeat)
    }

    /// The numbers of `{2}`, `{2,}` or `{2,4}`, behind the opening brace.
    fn count(&mut self) -> Result<(u32, Option<u32>), Fault> {
        let least = self.number()?.ok_or(Fault::Brace)?;
        let most = match self.chars.next_if_eq(&',') {
            Some(_) => self.number()?,
            None => Some(least),
        };
        if self.chars.next() != Some('}') {
            return Err(Fault::Brace);
        }
        let is_legal = most.is_none_or(|most| most >= least && most > 0);
        if is_legal { Ok((least, most)) } else { Err(Fault::CountTooLarge) }
    }

    fn number(&mut self) -> Result<Option<u32>, Fault> {
        let mut number = None;
        while let Some(digit) = self.chars.peek().and_then(|char| char.to_digit(10)) {
            self.chars.next();
            let next = number.unwrap_or(0u32) * 10 + digit;
            if next > MAX_COUNT {
                return Err(Fault::CountTooLarge);
            }
            number = Some(next);
        }
        Ok(number)
    }

    /// The rest of a class, behind its opening bracket.
    fn class(&mut self) -> Result<Before, Fault> {
        self.chars.next_if_eq(&'^');
        let mut is_empty = true;
        // The character that a range may begin with.
        let mut from: Option<char> = None;
        loop {
            let char = self.chars.next().ok_or(Fault::Unclosed)?;
            let next = self.chars.peek().copied();
            match char {
                ']' if is_empty => return Err(Fault::Class),
                ']' => return Ok(Before::Atom),
                '[' => return Err(Fault::Class),
                '&' | '~' | '-' if next == Some(char) => return Err(Fault::Class),
                '-' if is_empty || next == Some(']') => from = None,
                '-' => {
                    let to = self.member()?.ok_or(Fault::Class)?;
                    if from.take().is_none_or(|from| from > to) {
                        return Err(Fault::Class);
                    }
                }
                '\\' => from = self.escaped()?,
                _ => from = Some(char),
            }
            is_empty = false;
        }
    }

    /// The end of a range; none if it is a class of its own.
    fn member(&mut self) -> Result<Option<char>, Fault> {
        match self.chars.next().ok_or(Fault::Unclosed)? {
            '\\' => self.escaped(),
            '[' | ']' | '-' => Err(Fault::Class),
            char => Ok(Some(char)),
        }
    }

    /// A character between brackets, behind its backslash; none if it stands for several.
    fn escaped(&mut self) -> Result<Option<char>, Fault> {
        Ok(match self.escape()? {
            'D' | 'W' | 'S' | 'b' => return Err(Fault::Class),
            'd' | 'w' | 's' => None,
            't' => Some('\t'),
            'n' => Some('\n'),
            'r' => Some('\r'),
            'f' => Some('\u{c}'),
            'v' => Some('\u{b}'),
            char => Some(char),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_both_sides_read_alike_passes() {
        for pattern in [
            "^/(de|en)/blog/[^/]+/[\\w-]+/?$",
            "^https?://(?:www\\.)?shop\\.example/",
            "\\?.*\\bplan=\\d{1,3}$",
            "[a-z_.-]{2}\\.[-a]",
            "(ab){2}c",
            "(?:a+b)?",
            "a{2,}?b",
            "\\{\\}\\[\\]",
            "^a*b*c*$",
            "äöü",
            "[\\]\\[\\-^]",
            &"a".repeat(MAX_PATTERN),
            "a?b?c?d?e?f?g?h?",
            "^(a|b)c*d*e*",
            "a{0,}b{100}c{1,100}d{2,2}",
            "a{2}b{2}c{2}",
            "[a-a0-9]",
            "[\\t-\\r.-z]",
        ] {
            assert_eq!(check(pattern), Ok(()), "{pattern}");
        }
    }

    #[test]
    fn each_fault_is_found() {
        for (pattern, fault) in [
            ("", Fault::Empty),
            (&"a".repeat(MAX_PATTERN + 1), Fault::TooLong),
            ("a(?=b)", Fault::LookAround),
            ("a(?!b)", Fault::LookAround),
            ("(?<=a)b", Fault::LookAround),
            ("(?<!a)b", Fault::LookAround),
            ("(a)\\1", Fault::BackReference),
            ("\\k<a>", Fault::BackReference),
            ("(?<a>b)", Fault::NamedGroup),
            ("(?P<a>b)", Fault::NamedGroup),
            ("(?i)a", Fault::Flags),
            ("(?-u:a)", Fault::Flags),
            ("(a+)+$", Fault::NestedRepeat),
            ("(a|b)*", Fault::NestedRepeat),
            ("((a?)b){2}", Fault::NestedRepeat),
            ("(?:(a|b))+", Fault::NestedRepeat),
            ("a*b*c*", Fault::TooManyRepeats),
            ("^a*b*c*d*", Fault::TooManyRepeats),
            ("^a*|b*c*", Fault::TooManyRepeats),
            ("a{1,2}b{1,2}c{1,2}", Fault::TooManyRepeats),
            ("a?a?a?a?a?a?a?a?a?", Fault::TooManyChoices),
            ("a|b|c|d|e|f|g|h|i|j", Fault::TooManyChoices),
            ("*a", Fault::NothingToRepeat),
            ("(+a)", Fault::NothingToRepeat),
            ("a|?", Fault::NothingToRepeat),
            ("^*", Fault::NothingToRepeat),
            ("\\b+", Fault::NothingToRepeat),
            ("a++", Fault::Possessive),
            ("a**", Fault::Possessive),
            ("a+?+", Fault::Possessive),
            ("a{2}{3}", Fault::Possessive),
            ("a{101}", Fault::CountTooLarge),
            ("a{1,101}", Fault::CountTooLarge),
            ("a{0,0}", Fault::CountTooLarge),
            ("a{3,2}", Fault::CountTooLarge),
            ("a{99999999999}", Fault::CountTooLarge),
            ("a{0}", Fault::CountTooLarge),
            ("a{,2}", Fault::Brace),
            ("a{2", Fault::Brace),
            ("a{b}", Fault::Brace),
            ("a}", Fault::Brace),
            ("a]", Fault::Bracket),
            ("a)", Fault::Bracket),
            ("[]", Fault::Class),
            ("[^]", Fault::Class),
            ("[[:alpha:]]", Fault::Class),
            ("[a&&b]", Fault::Class),
            ("[a--b]", Fault::Class),
            ("[a~~b]", Fault::Class),
            ("[z-a]", Fault::Class),
            ("[\\r-\\t]", Fault::Class),
            ("[\\w-z]", Fault::Class),
            ("[a-c-e]", Fault::Class),
            ("[a-\\d]", Fault::Class),
            ("[\\S]", Fault::Class),
            ("[\\b]", Fault::Class),
            ("\\p{L}", Fault::Escape),
            ("\\x41", Fault::Escape),
            ("\\u0041", Fault::Escape),
            ("\\0", Fault::Escape),
            ("\\A", Fault::Escape),
            ("\\B", Fault::Escape),
            ("\\<", Fault::Escape),
            ("(a", Fault::Unclosed),
            ("[a", Fault::Unclosed),
            ("a\\", Fault::Unclosed),
            ("(?", Fault::Unclosed),
        ] {
            assert_eq!(check(pattern), Err(fault), "{pattern}");
            assert!(fault.code().starts_with("pattern_") && fault.to_string().ends_with(['.', ')']), "{fault}");
        }
    }
}
