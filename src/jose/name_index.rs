//! Finds the elements of a list by their names.

/// The places of a list's elements, grouped by a hash of their names, so that finding one takes as long in a list of a
/// thousand as in one of ten.
///
/// Names can be chosen so that all are in one group. Finding one then takes as long as looking at every element.
#[derive(Clone, Debug, Default)]
pub(crate) struct Index(Vec<Vec<usize>>);

impl Index {
    /// Groups the places of elements with these names.
    pub(crate) fn new<'n>(names: impl ExactSizeIterator<Item = Option<&'n str>>) -> Self {
        let mut index = Self(vec![Vec::new(); names.len().next_power_of_two()]);
        for (place, name) in names.enumerate() {
            let group = index.group_of(name);
            if let Some(places) = index.0.get_mut(group) {
                places.push(place);
            }
        }
        index
    }

    /// The places of the elements with this name, in their order, and perhaps of some with other names.
    pub(crate) fn places(&self, name: Option<&str>) -> &[usize] {
        self.0.get(self.group_of(name)).map(Vec::as_slice).unwrap_or_default()
    }

    /// The number of groups is a power of two. The highest bits of the hash depend on every byte.
    fn group_of(&self, name: Option<&str>) -> usize {
        let high = name.map_or(0, hash) >> 32;
        usize::try_from(high).unwrap_or_default() & self.0.len().wrapping_sub(1)
    }
}

/// A hash for lists whose elements are compared whole afterwards: fast, and easy to find collisions for.
pub(crate) fn hash(name: &str) -> u64 {
    let (words, rest) = name.as_bytes().as_chunks::<8>();
    let last = rest.iter().fold(0, |word, byte| (word << 8) | u64::from(*byte));
    let mixed = |hash: u64, word: u64| (hash.rotate_left(29) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    mixed(words.iter().fold(0, |hash, word| mixed(hash, u64::from_le_bytes(*word))), last)
}
