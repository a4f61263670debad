//! Finds keys that a set has twice, and different keys of one name.

use crate::jose::distinct_names::{repeated, sorted};

/// What tells a key from others in a set.
#[derive(PartialEq)]
pub(super) struct Label {
    /// What all keys with the same `kid` for the same algorithm have in common. A key without `kid` shares it with
    /// nothing but the same key.
    pub(super) name: String,
    /// What only the same key with the same name has.
    pub(super) identity: String,
}

/// What the other keys of a set mean for one of them.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Place {
    Alone,
    /// The same key was there before.
    Again,
    /// Another key has the same name.
    Ambiguous,
}

/// The place of each key. The work stays nearly linear, whatever names a server chose.
pub(super) fn places_of(labels: &[Option<Label>]) -> Vec<Place> {
    let mut places = vec![Place::Alone; labels.len()];
    let labeled = || labels.iter().enumerate().filter_map(|(index, label)| Some((label.as_ref()?, index)));
    let identities = sorted(labeled().map(|(label, index)| (label.identity.as_str(), index)).collect());
    for (_, again) in repeated(&identities) {
        set(&mut places, again, Place::Again);
    }
    let alone = labeled().filter(|(_, index)| places.get(*index) == Some(&Place::Alone));
    let names = sorted(alone.map(|(label, index)| (label.name.as_str(), index)).collect());
    for (one, other) in repeated(&names) {
        set(&mut places, one, Place::Ambiguous);
        set(&mut places, other, Place::Ambiguous);
    }
    places
}

fn set(places: &mut [Place], index: usize, found: Place) {
    if let Some(place) = places.get_mut(index) {
        *place = found;
    }
}
