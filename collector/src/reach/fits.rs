//! Whom each part of a rule fits: of those who came, the ones for whom it held on some page.

use engine::rule::{Answer, Condition, Trace, Truth, Witness};

/// Whom a part of a rule fits, of those who were looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Fit {
    /// For so many people it held on some page.
    pub held: usize,
    /// For so many more only the page itself could have told.
    pub unknown: usize,
}

/// Whether each part of a rule held, a group before its parts.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Parts(pub Vec<Truth>);

impl Trace for Parts {
    const WHOLE: bool = true;

    fn leaf(_: &Condition, answer: Answer, _: &impl Witness) -> Self {
        Parts(vec![answer.truth])
    }

    fn group(_: &Condition, truth: Truth, parts: Vec<Self>) -> Self {
        Parts([truth].into_iter().chain(parts.into_iter().flat_map(|part| part.0)).collect())
    }
}

impl Parts {
    /// Takes in another page: what held on one of them held.
    pub fn merge(&mut self, other: &Parts) {
        self.0.resize(self.0.len().max(other.0.len()), Truth::No);
        for (own, other) in self.0.iter_mut().zip(&other.0) {
            if *other == Truth::Yes || *own == Truth::No {
                *own = *other;
            }
        }
    }
}

/// Counts one person in.
pub fn count(fits: &mut Vec<Fit>, parts: &Parts) {
    fits.resize(fits.len().max(parts.0.len()), Fit::default());
    for (fit, truth) in fits.iter_mut().zip(&parts.0) {
        fit.held += usize::from(*truth == Truth::Yes);
        fit.unknown += usize::from(*truth == Truth::Unknown);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Truth::{No, Unknown, Yes};

    #[test]
    fn what_held_on_one_page_held() {
        for (first, second, both) in [
            (vec![], vec![Yes, No], vec![Yes, No]),
            (vec![Yes, No, Unknown], vec![No, Unknown, Yes], vec![Yes, Unknown, Yes]),
            (vec![Unknown, Yes], vec![No, Unknown], vec![Unknown, Yes]),
        ] {
            let mut parts = Parts(first.clone());
            parts.merge(&Parts(second.clone()));
            assert_eq!(parts.0, both, "{first:?} and {second:?}");
        }
    }
}
