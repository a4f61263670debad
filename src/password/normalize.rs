//! Unicode normalization (UAX #15) of passwords, with tables of our own so that no platform's version decides.
//!
//! The composition runs in buffers that are wiped, which is why the crate's iterators are not used: they keep
//! characters in buffers that are not.

use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use unicode_normalization::char::{canonical_combining_class, compose, decompose_canonical, decompose_compatible};
use zeroize::{Zeroize, Zeroizing};

use crate::{Error, ErrorCode};

/// What is done to a password's Unicode form before it is hashed.
///
/// ```
/// use countersign::password::{Normalize, PasswordHasher, ParamsOptions, Policy};
///
/// // Little memory, to keep the example quick.
/// let params = ParamsOptions { memory_kib: Some(64), ..Default::default() };
/// let hasher = PasswordHasher::new(&Policy { params, ..Default::default() })?;
/// let stored = hasher.hash("caf\u{e9}")?;
/// assert!(hasher.verify("cafe\u{301}", Some(&stored))?.ok);
///
/// let params = ParamsOptions { memory_kib: Some(64), ..Default::default() };
/// let exact = PasswordHasher::new(&Policy { params, normalize: Some(Normalize::None), ..Default::default() })?;
/// assert!(!exact.verify("cafe\u{301}", Some(&stored))?.ok);
/// # Ok::<(), countersign::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Normalize {
    /// Canonical composition, `"NFC"`: what NIST SP 800-63B-4 §3.1.1.2 asks for, and the default. Two ways to type one
    /// character become one.
    #[default]
    Nfc,
    /// Compatibility composition, `"NFKC"`: also makes `ﬁ` and `fi`, or `①` and `1`, one. For hashes of systems that
    /// did so.
    Nfkc,
    /// The bytes as they come, `"none"`: for hashes of systems that did not normalize.
    None,
}

impl Normalize {
    const ALL: &'static [Self] = &[Self::Nfc, Self::Nfkc, Self::None];

    /// The name in a policy.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nfc => "NFC",
            Self::Nfkc => "NFKC",
            Self::None => "none",
        }
    }

    /// The normalized text, in memory that is wiped.
    ///
    /// # Errors
    /// - [`ErrorCode::OutOfMemory`]: it could not be had.
    pub(super) fn apply(self, text: &str) -> Result<Zeroizing<String>, Error> {
        // Every form leaves ASCII as it is, and nearly every password is ASCII.
        if self == Self::None || text.is_ascii() {
            return written(text.chars());
        }
        let mut decomposed = self.decomposed(text)?;
        decomposed.sort_unstable_by_key(|part| (part.run, part.class, part.index));
        written(composed(&decomposed)?.iter().copied())
    }

    /// Each character taken apart, with its place in the canonical order.
    fn decomposed(self, text: &str) -> Result<Zeroizing<Vec<Part>>, Error> {
        let mut length: u32 = 0;
        text.chars().for_each(|whole| self.take_apart(whole, |_| length = length.saturating_add(1)));
        let mut parts = reserved(length as usize)?;
        let (mut run, mut index) = (0_u32, 0_u32);
        for whole in text.chars() {
            self.take_apart(whole, |character| {
                let class = canonical_combining_class(character);
                run = run.saturating_add(u32::from(class == 0));
                index = index.saturating_add(1);
                parts.push(Part { run, class, index, character });
            });
        }
        Ok(parts)
    }

    fn take_apart(self, character: char, emit: impl FnMut(char)) {
        match self {
            Self::Nfkc => decompose_compatible(character, emit),
            Self::Nfc | Self::None => decompose_canonical(character, emit),
        }
    }
}

/// A character of the decomposition. Parts are ordered by run (a starter and the marks after it), then by combining
/// class, and where that is equal they keep their order.
#[derive(Zeroize)]
struct Part {
    run: u32,
    class: u8,
    index: u32,
    character: char,
}

/// The canonical composition of parts in canonical order (UAX #15, D117).
fn composed(parts: &[Part]) -> Result<Zeroizing<Vec<char>>, Error> {
    let mut characters: Zeroizing<Vec<char>> = reserved(parts.len())?;
    // Where the last starter stands, and the class of the last character that stayed after it.
    let mut starter = None;
    let mut last_class = 0;
    for part in parts {
        if let Some(place) = starter {
            let adjacent = characters.len().checked_sub(1) == Some(place);
            let composed = characters
                .get_mut(place)
                .filter(|_| adjacent || last_class < part.class)
                .and_then(|base| compose(*base, part.character).map(|whole| *base = whole));
            if composed.is_some() {
                continue;
            }
        }
        if part.class == 0 {
            starter = Some(characters.len());
        }
        last_class = part.class;
        characters.push(part.character);
    }
    Ok(characters)
}

fn written(characters: impl Iterator<Item = char> + Clone) -> Result<Zeroizing<String>, Error> {
    let length = characters.clone().map(char::len_utf8).sum();
    let mut text = Zeroizing::new(String::new());
    text.try_reserve_exact(length).map_err(|_| out_of_memory())?;
    text.extend(characters);
    Ok(text)
}

/// Room for all that will come: a vector that grew would leave its old copy behind.
fn reserved<T: Zeroize>(length: usize) -> Result<Zeroizing<Vec<T>>, Error> {
    let mut items = Zeroizing::new(Vec::new());
    items.try_reserve_exact(length).map_err(|_| out_of_memory())?;
    Ok(items)
}

fn out_of_memory() -> Error {
    Error::new(ErrorCode::OutOfMemory, "the memory to normalize the password could not be had")
}

impl FromStr for Normalize {
    type Err = Error;

    /// # Errors
    /// - [`ErrorCode::OptionInvalid`]: not `"NFC"`, `"NFKC"` or `"none"`.
    fn from_str(name: &str) -> Result<Self, Error> {
        let found = Self::ALL.iter().copied().find(|form| form.name() == name);
        found.ok_or_else(|| Error::new(ErrorCode::OptionInvalid, "not \"NFC\", \"NFKC\" or \"none\""))
    }
}

impl<'de> Deserialize<'de> for Normalize {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer).unwrap_or_default();
        name.parse().map_err(|_| de::Error::custom("expected \"NFC\", \"NFKC\" or \"none\""))
    }
}

impl Serialize for Normalize {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use unicode_normalization::UnicodeNormalization;

    use super::Normalize;

    /// Characters that do something under normalization: letters that compose, marks of several classes, Hangul,
    /// compatibility characters, exclusions, a starter that composes with one before it.
    const ALPHABET: &[char] = &[
        'a',
        'e',
        'q',
        '\u{e9}',
        '\u{1e9b}',
        '\u{301}',
        '\u{323}',
        '\u{307}',
        '\u{327}',
        '\u{345}',
        '\u{334}',
        '\u{1100}',
        '\u{1161}',
        '\u{11a8}',
        '\u{ac00}',
        '\u{fb01}',
        '\u{2460}',
        '\u{958}',
        '\u{212b}',
        '\u{fdfa}',
        '\u{9c7}',
        '\u{9be}',
        '\u{1f468}',
        '\u{200d}',
        '\u{110b9}',
        '\u{110ba}',
    ];

    fn agrees(text: &str) {
        assert_eq!(*Normalize::Nfc.apply(text).unwrap(), text.nfc().collect::<String>(), "{text:?}");
        assert_eq!(*Normalize::Nfkc.apply(text).unwrap(), text.nfkc().collect::<String>(), "{text:?}");
        assert_eq!(*Normalize::None.apply(text).unwrap(), text);
    }

    #[test]
    fn every_character_normalizes_as_the_crate_has_it() {
        for character in (0..=0x0010_ffff).filter_map(char::from_u32) {
            let text = character.to_string();
            if text.nfkd().ne(text.chars()) {
                agrees(&text);
                agrees(&format!("a{character}\u{301}"));
            }
        }
    }

    #[test]
    fn every_short_word_of_difficult_characters_normalizes_as_the_crate_has_it() {
        let mut words = vec![String::new()];
        for _ in 0..3 {
            words =
                words.iter().flat_map(|word| ALPHABET.iter().map(move |letter| format!("{word}{letter}"))).collect();
            for word in &words {
                agrees(word);
            }
        }
        let mut state = 1_u32;
        for _ in 0..20_000 {
            let word: String = (0..12)
                .map(|_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    ALPHABET[state as usize / 7 % ALPHABET.len()]
                })
                .collect();
            agrees(&word);
        }
    }

    #[test]
    fn a_long_run_of_marks_is_put_in_order() {
        let marks: String = (0..4000).map(|place| if place % 2 == 0 { '\u{301}' } else { '\u{323}' }).collect();
        agrees(&format!("a{marks}"));
    }
}
