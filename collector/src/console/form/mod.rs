//! Forms over JSON: what a marketer fills in, described once as data, drawn and read back by the same description.
//!
//! A [`Field`] names a place in the JSON, relative to what stands around it. [`draw`](draw::draw) lays fields out with what is there and
//! with what is wrong there; [`read`](read::read) puts what came back into the same places, and nowhere else. What no field describes
//! stays as it was.

pub mod change;
pub mod draw;
pub mod known;
pub mod length;
pub mod making;
pub mod place;
pub mod read;

/// Something to fill in.
#[derive(Debug)]
pub struct Field {
    /// Where it stands, from what is around it: `follow_up.question`. Empty: it is the value itself.
    pub at: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// A sentence below it; empty for none.
    pub hint: &'static str,
    /// What it takes.
    pub input: Input,
}

/// What a field takes.
#[derive(Clone, Copy, Debug)]
pub enum Input {
    /// A line of text. Empty: nothing is kept.
    Line,
    /// A line of text that must be there, and is kept though it is empty.
    Needed,
    /// A few lines of text. Empty: nothing is kept.
    Text,
    /// A name of small letters, digits and underscores.
    Name,
    /// The address of a picture, which may be uploaded there.
    Picture,
    /// A number from, to.
    Number(i64, i64),
    /// A share from 0 to 1, typed in percent.
    Share,
    /// A length of time: `10s`, `24h`, `30d`. The unit is what is offered first where there is none yet.
    Length(&'static str),
    /// An instant, as day and time on the site's clocks.
    Instant,
    /// Yes or no; no is left out.
    Flag,
    /// One of these: value, word. The first is what is meant where nothing is kept, if its value is empty.
    Pick(&'static [(&'static str, &'static str)]),
    /// Any of these: value, word.
    Several(&'static [(&'static str, &'static str)]),
    /// Texts, one a line.
    Lines,
    /// One of those that are [known](known::Known): chosen where they were defined, suggested where they were recorded. It must be there,
    /// and is kept though it is empty.
    Known(&'static str),
    /// Several of them; with an empty name, any texts.
    Values(&'static str),
    /// Several values, each a number or a yes or no where it reads as one.
    Scalars,
    /// Several of a kind.
    List(&'static List),
    /// One of several shapes.
    Shape(&'static Shape),
    /// Fields that belong together, kept only while one of them is filled in, or, of a ticked group, while it is ticked.
    Group(&'static Group),
}

/// Several of a kind, in an order.
#[derive(Debug)]
pub struct List {
    /// What one of them is called, in small letters.
    pub item: &'static str,
    /// What there is to each.
    pub fields: &'static [Field],
    /// A new one, as JSON.
    pub new: &'static str,
    /// At most so many.
    pub most: usize,
    /// One of them in words. Where there is this, only the one that is open has fields: see [`Filled::open`](draw::Filled::open).
    pub told: Option<fn(&serde_json::Value, &known::Known) -> maud::Markup>,
}

/// One of several shapes, each known by its tag: `{"corner": "bottom_end"}` or `"modal"`.
#[derive(Debug)]
pub struct Shape {
    /// The shapes.
    pub kinds: &'static [Kind],
}

/// One shape.
#[derive(Debug)]
pub struct Kind {
    /// Its tag.
    pub tag: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// What there is to it; none for a bare tag.
    pub fields: &'static [Field],
    /// What stands behind a tag that is chosen anew, as JSON; empty for a bare tag.
    pub new: &'static str,
}

/// Fields that belong together.
#[derive(Debug)]
pub struct Group {
    /// What there is to it.
    pub fields: &'static [Field],
    /// What it is when it is ticked, as JSON.
    pub new: &'static str,
}
