//! JSON values and objects, and the check for repeated member names.

use std::borrow::Cow;

use crate::jose::distinct_names::Names;

/// The maximum nesting depth of arrays and objects, including the outermost.
pub(super) const MAX_DEPTH: usize = 64;

/// A JSON value. Strings without escapes are borrowed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json<'a> {
    Array(Vec<Json<'a>>),
    Bool(bool),
    Null,
    Number(f64),
    Object(Object<'a>),
    Text(Cow<'a, str>),
}

/// A JSON object, with its members in the order of the text.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Object<'a>(pub(super) Vec<(Cow<'a, str>, Json<'a>)>);

impl<'a> Object<'a> {
    /// An object with the members of all of these, or `None` if two have a member of the same name.
    #[cfg(feature = "jwe")]
    pub(crate) fn union(objects: &[&Self]) -> Option<Self> {
        let members: Vec<_> = objects.iter().flat_map(|object| object.0.iter().cloned()).collect();
        if repeats_a_name(&members) { None } else { Some(Self(members)) }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Json<'a>> {
        self.0.iter().find(|(member, _)| same_name(member, name)).map(|(_, value)| value)
    }

    /// The members in the order of the text.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&str, &Json<'a>)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), value))
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Why a text is refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
// Four bytes, so that results are copied in whole words. With one byte, they would be copied at odd offsets.
#[repr(u32)]
pub(crate) enum JsonError {
    NotJson,
    NotObject,
    RepeatedName,
    TooDeep,
}

impl JsonError {
    /// The predicate for an error message: "payload" + "is not JSON".
    pub(crate) const fn clause(self) -> &'static str {
        match self {
            Self::NotJson => "is not JSON",
            Self::NotObject => "is not a JSON object",
            Self::RepeatedName => "repeats a member name",
            Self::TooDeep => "nests deeper than 64 levels",
        }
    }
}

/// Whether two members have the same name. Small objects are compared by fingerprints first, large ones with a set, so
/// that the cost stays nearly linear.
pub(super) fn repeats_a_name(members: &[(Cow<'_, str>, Json<'_>)]) -> bool {
    const SMALL: usize = 16;
    if SMALL < members.len() {
        return Names::distinct(members.iter().map(|(name, _)| name.as_ref())).is_none();
    }
    let mut seen = 0_u64;
    members.iter().enumerate().any(|(index, (name, _))| {
        let fingerprint = fingerprint(name);
        let seen_before = seen & fingerprint != 0;
        seen |= fingerprint;
        seen_before && members.iter().take(index).any(|(earlier, _)| same_name(earlier, name))
    })
}

/// One of 64 bits, which depends on the name. Names with different bits differ, which covers nearly all pairs of
/// claims.
fn fingerprint(name: &str) -> u64 {
    let letter = |byte: Option<&u8>| byte.copied().map_or(0, usize::from);
    let (first, last) = (letter(name.as_bytes().first()), letter(name.as_bytes().last()));
    1 << (first.wrapping_add(last << 1).wrapping_add(name.len()) & 63)
}

/// Compares the first letters first. Most claim names have three letters, so this mostly saves a call to the comparison
/// loop.
#[expect(clippy::inline_always, reason = "without it, size optimization makes this a call for each pair of names")]
#[inline(always)]
fn same_name(left: &str, right: &str) -> bool {
    left.as_bytes().first() == right.as_bytes().first() && left == right
}
