//! Traits and earlier answers in texts: `Hello {{trait.first_name | there}}`, `Why {{answer.score | this}}?`. What is not known is
//! its fallback, and each piece must have one. Nothing here is markup: what comes out is text and is painted as text.

/// Longest value that gets into a text, in characters; the rest becomes `…`.
pub const MAX_VALUE: usize = 100;

/// A piece of a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Piece<'a> {
    /// Text as it stands.
    Text(&'a str),
    /// A value, and what stands there if it is not known; `None`: nothing was said, which [`check`] refuses.
    Value(Field<'a>, Option<&'a str>),
    /// Braces that make no sense: they stay as they are.
    Broken(&'a str),
}

/// What a value is of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Field<'a> {
    /// A trait of the person, as the page knows it.
    Trait(&'a str),
    /// The answer to an earlier question.
    Answer(&'a str),
}

/// The pieces of a text, in their order. Put together they are the text.
pub fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    core::iter::from_fn(move || {
        let start = rest.find("{{").unwrap_or(rest.len());
        if rest.is_empty() {
            return None;
        }
        // The text before the braces, or if there is none, what they hold.
        let (piece, after) = if start > 0 {
            (Piece::Text(&rest[..start]), start)
        } else {
            match rest.find("}}") {
                Some(end) => (read(&rest[2..end]).unwrap_or(Piece::Broken(&rest[..end + 2])), end + 2),
                None => (Piece::Broken(rest), rest.len()),
            }
        };
        rest = &rest[after..];
        Some(piece)
    })
}

fn read(inside: &str) -> Option<Piece<'_>> {
    let (field, fallback) = match inside.split_once('|') {
        Some((field, fallback)) => (field.trim(), Some(fallback.trim())),
        None => (inside.trim(), None),
    };
    let (of, name) = field.split_once('.')?;
    let is_name = !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c == '{' || c == '}');
    let field = match of {
        "trait" => Field::Trait(name),
        "answer" => Field::Answer(name),
        _ => return None,
    };
    is_name.then_some(Piece::Value(field, fallback))
}

/// The text with its values. `value` gives what is known.
pub fn fill(text: &str, value: &dyn Fn(Field<'_>) -> Option<String>) -> String {
    let mut filled = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece {
            Piece::Text(text) | Piece::Broken(text) => filled.push_str(text),
            Piece::Value(field, fallback) => {
                let known = value(field);
                match known.as_deref().map(str::trim).filter(|known| !known.is_empty()) {
                    Some(known) => push_short(&mut filled, known),
                    None => filled.push_str(fallback.unwrap_or("")),
                }
            }
        }
    }
    filled
}

/// On one line and no longer than a person reads in a sentence.
fn push_short(filled: &mut String, value: &str) {
    for (at, c) in value.chars().enumerate() {
        if at == MAX_VALUE {
            filled.push('…');
            break;
        }
        filled.push(if c.is_control() { ' ' } else { c });
    }
}

/// Tells what is wrong with the values in a text: code and sentence. `public` are the traits that pages know; `answer` looks at the
/// question that a value is of.
pub fn check(
    text: &str,
    public: &[String],
    report: &mut dyn FnMut(&'static str, &str),
    answer: &mut dyn FnMut(&str) -> Option<(&'static str, &'static str)>,
) {
    for piece in pieces(text) {
        let (field, fallback) = match piece {
            Piece::Text(_) => continue,
            Piece::Broken(_) => {
                let message = "Write {{trait.name | fallback}} or {{answer.question | fallback}}.";
                report("broken_value", message);
                continue;
            }
            Piece::Value(field, fallback) => (field, fallback),
        };
        if fallback.is_none() {
            report("no_fallback", "Say what stands there if it is not known: {{trait.name | there}}.");
        }
        match field {
            Field::Trait(name) if !public.iter().any(|known| known == name) => {
                let message = "Pages do not know this trait. Name it in the site's public_traits if they may.";
                report("private_trait", message);
            }
            Field::Trait(_) => {}
            Field::Answer(id) => {
                if let Some((code, message)) = answer(id) {
                    report(code, message);
                }
            }
        }
    }
}

/// What is wrong with an answer where none can have been given yet.
pub const NOT_EARLIER: (&str, &str) = ("not_earlier", "This names a question that cannot have been answered yet.");
