//! Room for so many and no more.

use core::sync::atomic::{AtomicU32, Ordering};

/// Counts the places that are left.
pub(super) struct Room(AtomicU32);

/// A place in a room, given back when dropped.
pub(super) struct Place(&'static Room);

impl Room {
    pub(super) const fn with_places(places: u32) -> Self {
        Self(AtomicU32::new(places))
    }

    pub(super) fn take(&'static self) -> Option<Place> {
        let less = |places: u32| places.checked_sub(1);
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).ok().map(|_| Place(self))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.0.fetch_add(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::Room;

    #[test]
    fn has_as_many_places_as_it_was_made_with() {
        static ROOM: Room = Room::with_places(2);
        let (first, second) = (ROOM.take(), ROOM.take());
        assert!(first.is_some() && second.is_some());
        assert!(ROOM.take().is_none());
        drop(first);
        assert!(ROOM.take().is_some());
    }
}
