//! What the prompts of a page wait for. Nothing else is listened to.

use crate::here;

/// What is waited for. It comes as one text each, a letter and what it is about: `d50` half of the page to be scrolled through, `a`
/// nobody to be there, `x` the visitor to turn away, `c` a selector of elements to be clicked, `v` one of elements to come into view,
/// `e` one of elements to come or to go, `r` the id of a part of a rule, for the elements that it names, `n` an event to be told apart, which nobody has to listen for.
#[derive(Default, PartialEq)]
pub struct Wants {
    /// Hundredths of the page.
    pub depths: Vec<u8>,
    /// Whether anybody is there.
    pub activity: bool,
    /// The visitor turns to leave.
    pub exit: bool,
    /// Elements to be clicked.
    pub clicks: Vec<String>,
    /// Elements to come into view.
    pub sights: Vec<String>,
    /// Elements to come or to go.
    pub elements: Vec<String>,
}

impl Wants {
    /// Reads what came.
    pub fn read(texts: &[String]) -> Wants {
        let mut wants = Wants::default();
        for text in texts {
            let Some((what, about)) = text.split_at_checked(1) else { continue };
            match what {
                "d" => wants.depths.extend(about.parse::<u8>()),
                "a" => wants.activity = true,
                "x" => wants.exit = true,
                "c" => put(&mut wants.clicks, about),
                "v" => put(&mut wants.sights, about),
                "e" => put(&mut wants.elements, about),
                "n" => {}
                _ => here::elements(about, &mut |selector| put(&mut wants.elements, selector)),
            }
        }
        wants
    }
}

fn put(selectors: &mut Vec<String>, selector: &str) {
    if !selectors.iter().any(|known| known == selector) {
        selectors.push(selector.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_letter_means_what_it_says() {
        let texts = ["d50", "a", "x", "c.buy", "v#more", "e.a > b", "e.a > b", "r7", ""].map(str::to_owned);
        let wants = Wants::read(&texts);
        assert_eq!((wants.depths, wants.activity, wants.exit), (vec![50], true, true));
        assert_eq!((wants.clicks, wants.sights), (vec![".buy".to_owned()], vec!["#more".to_owned()]));
        assert_eq!(wants.elements, [".a > b"], "once, and of a part that nobody asked for nothing");
        assert!(Wants::read(&[]) == Wants::default());
    }
}
