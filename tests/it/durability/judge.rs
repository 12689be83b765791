//! Compares the client's log with what is stored. Pure, so that it can be shown to find each fault.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::load::Log;

/// What is wrong with one event.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    /// Acknowledged, and not there.
    Lost(String),
    /// There more than once.
    Twice(String),
    /// There, and never sent.
    Invented(String),
}

/// Nothing acknowledged is missing, nothing is there twice, nothing is there that was not sent.
pub(super) fn holds(when: &str, log: &Log, stored: &[String]) {
    let faults = faults(log, stored);
    assert!(
        faults.is_empty(),
        "{when}: {} faults among {} events, first: {:?}",
        faults.len(),
        stored.len(),
        faults.first()
    );
}

/// Everything that was sent is there, which holds once every request has been acknowledged.
pub(super) fn complete(log: &Log, stored: &[String]) {
    assert_eq!(stored.len(), log.acknowledged.len(), "as many rows as acknowledged events");
}

fn faults(log: &Log, stored: &[String]) -> BTreeSet<Fault> {
    let mut rows: HashMap<&str, usize> = HashMap::new();
    for id in stored {
        *rows.entry(id).or_default() += 1;
    }
    let sent: HashSet<&String> = log.acknowledged.iter().chain(&log.unknown).collect();
    let lost = log.acknowledged.iter().filter(|id| !rows.contains_key(id.as_str())).cloned().map(Fault::Lost);
    let twice = rows.iter().filter(|(_, count)| **count > 1).map(|(id, _)| Fault::Twice((*id).to_owned()));
    let invented = stored.iter().filter(|id| !sent.contains(id)).cloned().map(Fault::Invented);
    lost.chain(twice).chain(invented).collect()
}

#[test]
fn each_fault_is_found() {
    let ids = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let log = Log { acknowledged: ids("a b c"), unknown: ids("d e"), ..Log::default() };
    assert_eq!(
        faults(&log, &ids("a b c d")),
        BTreeSet::new(),
        "an event that was sent may be there, acknowledged or not"
    );
    let found = faults(&log, &ids("a a b d x"));
    let expected = [Fault::Lost("c".into()), Fault::Twice("a".into()), Fault::Invented("x".into())];
    assert_eq!(found, BTreeSet::from(expected));
}
