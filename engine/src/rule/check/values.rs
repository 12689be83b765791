//! What is wrong with the values of a leaf: its texts, lengths of time, numbers and tests.

use super::Checker;
use crate::rule::page_leaf::{Age, NowIs};
use crate::rule::test::Test;
use crate::time::Span;

impl Checker<'_> {
    pub(super) fn text(&mut self, text: &str, at: &str, field: &str) {
        if text.trim().is_empty() {
            self.report(&format!("{at}.{field}"), "empty", "This must not be empty.");
        }
    }

    pub(super) fn window(&mut self, window: Option<Span>, at: &str) {
        if window.is_some_and(|window| window.0 <= 0) {
            self.report(at, "window_range", "A length of time must be longer than nothing.");
        }
    }

    pub(super) fn age(&mut self, age: Age, at: &str) {
        let (Age::WithinLast(span) | Age::OlderThan(span)) = age;
        self.window(Some(span), at);
    }

    pub(super) fn now(&mut self, now: &NowIs, at: &str) {
        match now {
            NowIs::Hour(test) => self.number(test, at),
            NowIs::Weekday(days) if days.is_empty() => self.report(at, "empty_list", "Name at least one weekday."),
            NowIs::Date(from, to) if from.0 > to.0 => {
                self.report(at, "range", "The first date must not be after the second.");
            }
            NowIs::Weekday(_) | NowIs::Date(..) => {}
        }
    }

    /// A test of what is always a number.
    pub(super) fn number(&mut self, test: &Test, at: &str) {
        use Test::*;
        if !matches!(test, Is(_) | AtLeast(_) | Above(_) | AtMost(_) | Below(_) | Between(..)) {
            let message = "This is a number; compare it by at_least, above, at_most, below, between or is.";
            self.report(&format!("{at}.test"), "number_expected", message);
        }
        self.test(test, at);
    }

    /// A test of a trait or a property, which may be a date with an age.
    pub(super) fn test_of_property(&mut self, test: &Test, at: &str) {
        match test.age() {
            Some(age) => self.age(age, at),
            None => self.test(test, at),
        }
    }

    pub(super) fn test(&mut self, test: &Test, at: &str) {
        let place = format!("{at}.test");
        if test.age().is_some() {
            self.report(&place, "age_not_here", "How old a date is can be asked of traits and properties only.");
        }
        let is_empty = match test {
            Test::Is(list) | Test::AllOf(list) => list.is_empty(),
            Test::Contains(list) | Test::StartsWith(list) | Test::EndsWith(list) | Test::Glob(list) => list.is_empty(),
            Test::Matches(list) => list.is_empty(),
            _ => false,
        };
        if is_empty {
            self.report(&place, "empty_list", "Name at least one value to compare with.");
        }
        if let Test::Matches(patterns) = test {
            for fault in patterns.iter().filter_map(|pattern| pattern.check().err()) {
                self.report(&place, fault.code(), fault.to_string());
            }
        }
        let numbers = match test {
            Test::AtLeast(n) | Test::Above(n) | Test::AtMost(n) | Test::Below(n) => [n.0, n.0],
            Test::Between(low, high) => [low.0, high.0],
            _ => [0.0, 0.0],
        };
        if !numbers.iter().all(|number| number.is_finite()) {
            self.report(&place, "not_a_number", "This must be a finite number.");
        } else if numbers[0] > numbers[1] {
            self.report(&place, "range", "The first number must not be above the second.");
        }
    }
}
