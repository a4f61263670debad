//! Finds names that occur twice, in nearly linear time whatever names somebody chose. The sets of the standard library would add
//! 2 KB to each wasm module.

use std::collections::BinaryHeap;

/// Distinct names.
#[derive(Default)]
pub(crate) struct Names<'a>(Vec<(&'a str, usize)>);

impl<'a> Names<'a> {
    /// The set of these names, or `None` if one is repeated.
    pub(crate) fn distinct(names: impl Iterator<Item = &'a str>) -> Option<Self> {
        let sorted = sorted(names.map(|name| (name, 0)).collect());
        let is_distinct = repeated(&sorted).next().is_none();
        is_distinct.then_some(Self(sorted))
    }

    pub(crate) fn contains(&self, name: &str) -> bool {
        self.0.binary_search_by(|(own, _)| (*own).cmp(name)).is_ok()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &'a str> {
        self.0.iter().map(|(name, _)| *name)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

/// The names in order, with a number for each. Equal names are in the order of their numbers.
#[inline(never)]
pub(crate) fn sorted(names: Vec<(&str, usize)>) -> Vec<(&str, usize)> {
    BinaryHeap::from(names).into_sorted_vec()
}

/// The numbers of each two neighbors with the same name.
pub(crate) fn repeated(sorted: &[(&str, usize)]) -> impl Iterator<Item = (usize, usize)> {
    let pairs = sorted.iter().zip(sorted.iter().skip(1));
    pairs.filter(|((name, _), (next, _))| name == next).map(|((_, number), (_, next))| (*number, *next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_distinct_names_and_finds_a_repeated_one() {
        let names: Vec<String> = (0..1000).map(|number| format!("{}", (number * 7919) % 1009)).collect();
        let set = Names::distinct(names.iter().map(String::as_str)).unwrap_or_default();
        assert_eq!(set.len(), 1000);
        assert_eq!(set.iter().count(), 1000);
        assert!(names.iter().all(|name| set.contains(name)));
        assert!(!set.contains("") && !set.contains("1010") && !set.contains("x"));
        for place in 0..names.len() {
            let again = names.iter().chain(names.get(place)).map(String::as_str);
            assert!(Names::distinct(again).is_none());
        }
        assert!(Names::distinct(core::iter::empty()).is_some_and(|none| none.len() == 0 && !none.contains("")));
    }

    #[test]
    fn sorts_equal_names_by_number() {
        let found = sorted(vec![("b", 3), ("a", 2), ("b", 0), ("a", 9), ("b", 1)]);
        assert_eq!(found, [("a", 2), ("a", 9), ("b", 0), ("b", 1), ("b", 3)]);
        assert_eq!(repeated(&found).collect::<Vec<_>>(), [(2, 9), (0, 1), (1, 3)]);
    }
}
