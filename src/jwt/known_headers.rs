//! The headers that a verifier has seen on valid tokens, so that it need not read them again.

use std::sync::{Arc, RwLock};

use crate::jose::byte_search::same_text;
use crate::jose::key_set::Member;
use crate::jose::name_index::hash;

/// A header that led to a valid signature, and the key that it selects.
pub(crate) struct KnownHeader {
    /// A number below [`KnownHeaders::MAX_COUNT`], which no other header in the table has; `None` if this one is not in it.
    #[cfg_attr(
        not(any(test, all(target_arch = "wasm32", feature = "npm-verify"))),
        expect(dead_code, reason = "only JavaScript keeps a table by these numbers")
    )]
    pub(crate) number: Option<usize>,
    /// The JSON text.
    pub(crate) json: String,
    pub(super) member: Member,
    segment: String,
}

/// A bounded table. Only tokens with a valid signature can fill it, so tokens with a wrong signature push nothing out.
///
/// It never makes a thread wait: if another thread holds the lock, the header is read as if it were new.
#[derive(Default)]
pub(super) struct KnownHeaders(RwLock<Vec<(u64, Arc<KnownHeader>)>>);

impl KnownHeaders {
    /// The most headers: more than the keys of any issuer known today. Each takes about 400 bytes.
    pub(crate) const MAX_COUNT: usize = 1024;

    /// The longest header, in bytes of base64url. Longer ones carry certificates or claims, and few tokens share them.
    const MAX_LENGTH: usize = 512;

    /// The header with this segment, if its key is still in use at `now`.
    pub(super) fn find(&self, segment: &str, now: f64) -> Option<Arc<KnownHeader>> {
        let table = self.0.try_read().ok()?;
        let place = place_of(&table, hash(segment)).ok()?;
        let (_, known) = table.get(place).filter(|(_, known)| same_text(&known.segment, segment))?;
        if known.member.is_current(now) {
            return Some(Arc::clone(known));
        }
        drop(table);
        // A key ends rarely, and the others come back with the next token.
        if let Ok(mut table) = self.0.try_write() {
            table.clear();
        }
        None
    }

    /// Adds the header of a token whose signature is valid. A full table is emptied first.
    pub(super) fn add(&self, segment: &str, json: String, member: Member) -> Arc<KnownHeader> {
        let known = |number| Arc::new(KnownHeader { number, json, member, segment: segment.into() });
        let Some(mut table) = self.0.try_write().ok().filter(|_| segment.len() <= Self::MAX_LENGTH) else {
            return known(None);
        };
        if table.len() == Self::MAX_COUNT {
            table.clear();
        }
        match place_of(&table, hash(segment)) {
            Err(place) => {
                let known = known(Some(table.len()));
                table.insert(place, (hash(segment), Arc::clone(&known)));
                known
            }
            // Another thread was first, or another header has the same hash.
            Ok(_) => known(None),
        }
    }
}

/// Where a hash is, or belongs. Headers with it are compared whole.
fn place_of(table: &[(u64, Arc<KnownHeader>)], wanted: u64) -> Result<usize, usize> {
    table.binary_search_by_key(&wanted, |(hash, _)| *hash)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jwt::{Algorithm, Key, KeyOptions};

    fn member(until: Option<f64>) -> Member {
        let key = Key::from_secret(&[7; 32], Algorithm::Hs256, &KeyOptions::default()).expect("a key");
        until.map_or_else(|| Member::from(&key), |until| Member::until(&key, until))
    }

    #[test]
    fn numbers_stay_below_the_maximum_and_are_unique() {
        let table = KnownHeaders::default();
        for index in 0..KnownHeaders::MAX_COUNT {
            assert_eq!(table.add(&format!("header-{index}"), String::new(), member(None)).number, Some(index));
        }
        for index in 0..KnownHeaders::MAX_COUNT {
            let found = table.find(&format!("header-{index}"), 0.0).expect("it is known");
            assert_eq!(found.number, Some(index));
        }
        assert_eq!(table.add("one more", String::new(), member(None)).number, Some(0));
        assert!(table.find("header-1", 0.0).is_none());
    }

    #[test]
    fn forgets_a_header_when_its_key_ends() {
        let table = KnownHeaders::default();
        table.add("old", String::new(), member(Some(10.0)));
        assert!(table.find("old", 9.0).is_some());
        assert!(table.find("old", 10.0).is_none());
        assert!(table.find("old", 9.0).is_none());
    }

    #[test]
    fn does_not_keep_a_long_header() {
        let table = KnownHeaders::default();
        let longest = "a".repeat(512);
        assert_eq!(table.add(&longest, String::new(), member(None)).number, Some(0));
        assert_eq!(table.add(&(longest + "a"), String::new(), member(None)).number, None);
    }

    #[test]
    fn tells_headers_with_one_prefix_apart() {
        let table = KnownHeaders::default();
        table.add("eyJhbGciOiJIUzI1NiJ9", String::new(), member(None));
        assert!(table.find("eyJhbGciOiJIUzI1NiJ9", 0.0).is_some());
        assert!(table.find("eyJhbGciOiJIUzI1NiJ", 0.0).is_none());
        assert!(table.find("eyJhbGciOiJIUzI1NiJ9A", 0.0).is_none());
        assert!(table.find("", 0.0).is_none());
    }
}
