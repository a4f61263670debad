//! Finds keys that a set has twice, and different keys of one name.

use std::collections::BTreeSet;

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
    let (mut identities, mut names, mut twins) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut places = Vec::new();
    for label in labels {
        let is_again = label.as_ref().is_some_and(|Label { name, identity }| {
            let is_first = identities.insert(identity.as_str());
            if is_first && !names.insert(name.as_str()) {
                twins.insert(name.as_str());
            }
            !is_first
        });
        places.push(if is_again { Place::Again } else { Place::Alone });
    }
    for (place, label) in places.iter_mut().zip(labels) {
        let is_twin = label.as_ref().is_some_and(|label| twins.contains(label.name.as_str()));
        if is_twin && *place == Place::Alone {
            *place = Place::Ambiguous;
        }
    }
    places
}
