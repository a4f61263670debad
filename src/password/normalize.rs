//! Unicode normalization (UAX #15) of passwords. The tables are our own, so that the answer does not depend on the platform's
//! version of Unicode.
//!
//! Every buffer with a password's characters is wiped. It is allocated at its final size, because a buffer that grows leaves
//! a copy behind.

use core::str::FromStr;

use serde::{Deserialize, Deserializer, de};
use zeroize::{Zeroize, Zeroizing};

use super::unicode::{Unicode, out_of_memory, reserved};
use crate::{Error, ErrorCode};

/// The Unicode form that passwords are brought to before they are hashed.
///
/// A check tries the password in this form and then as typed, unless the hash has a pepper.
///
/// Choose once, and do not change it while there are hashes: with another form some right passwords are refused. From NFKC to
/// NFC, those are the passwords that are not typed in NFKC. From NFC to none, those that are not typed in NFC; with a pepper
/// also from none to NFC.
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
    /// Canonical composition, `"NFC"`: the default, as NIST SP 800-63B-4 §3.1.1.2 requires. Two ways to type the same
    /// character become one.
    #[default]
    Nfc,
    /// Compatibility composition, `"NFKC"`: `ﬁ` also becomes `fi`, and `①` becomes `1`. For hashes from systems that used
    /// it.
    Nfkc,
    /// The password as typed, `"none"`: for hashes from systems that did not normalize.
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
    /// - [`ErrorCode::OutOfMemory`]: it could not be allocated.
    pub(super) fn apply(self, text: &str) -> Result<Zeroizing<String>, Error> {
        // Every form leaves ASCII unchanged, and nearly every password is ASCII.
        if self == Self::None || text.is_ascii() {
            return written(text.chars());
        }
        self.recomposed(text, &Unicode::unpack()?)
    }

    fn recomposed(self, text: &str, unicode: &Unicode) -> Result<Zeroizing<String>, Error> {
        let mut parts = self.decomposed(text, unicode)?;
        put_in_order(&mut parts)?;
        written(composed(&parts, unicode)?.iter().copied())
    }

    /// Each character decomposed.
    fn decomposed(self, text: &str, unicode: &Unicode) -> Result<Zeroizing<Vec<Part>>, Error> {
        let compatible = self == Self::Nfkc;
        let mut length: usize = 0;
        text.chars().for_each(|whole| unicode.decompose(whole, compatible, &mut |_| length = length.saturating_add(1)));
        let mut parts = Zeroizing::new(reserved(length)?);
        for whole in text.chars() {
            let mut push = |character| parts.push(Part { character, class: unicode.class(character) });
            unicode.decompose(whole, compatible, &mut push);
        }
        Ok(parts)
    }
}

/// A character, and its canonical combining class.
#[derive(Clone, Copy, Zeroize)]
struct Part {
    character: char,
    class: u8,
}

/// Sorts the marks after each starter by their classes. Marks of one class keep their order (UAX #15, D109).
///
/// It goes class by class, of which there are about fifty. An insertion sort could be made to take seconds.
fn put_in_order(parts: &mut [Part]) -> Result<(), Error> {
    for marks in parts.split_mut(|part| part.class == 0).filter(|marks| !marks.is_sorted_by_key(|mark| mark.class)) {
        let mut ordered = Zeroizing::new(reserved(marks.len())?);
        let mut class = 0;
        while let Some(next) = marks.iter().map(|mark| mark.class).filter(|other| class < *other).min() {
            ordered.extend(marks.iter().filter(|mark| mark.class == next).copied());
            class = next;
        }
        for (mark, ordered) in marks.iter_mut().zip(ordered.iter()) {
            *mark = *ordered;
        }
    }
    Ok(())
}

/// The canonical composition of parts in canonical order (UAX #15, D117).
fn composed(parts: &[Part], unicode: &Unicode) -> Result<Zeroizing<Vec<char>>, Error> {
    let mut characters = Zeroizing::new(reserved::<char>(parts.len())?);
    // The place of the last starter, and the class of the last character that stayed after it.
    let mut starter = None;
    let mut last_class = 0;
    for part in parts {
        if let Some(place) = starter {
            let adjacent = characters.len().checked_sub(1) == Some(place);
            let composed = characters
                .get_mut(place)
                .filter(|_| adjacent || last_class < part.class)
                .and_then(|base| unicode.compose(*base, part.character).map(|whole| *base = whole));
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

#[cfg(test)]
mod tests {
    use unicode_normalization::UnicodeNormalization;

    use super::{Normalize, Unicode, reserved};

    /// Characters that normalization changes: letters that compose, marks of several classes, Hangul,
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

    fn agrees(text: &str, unicode: &Unicode) {
        assert_eq!(*Normalize::Nfc.recomposed(text, unicode).unwrap(), text.nfc().collect::<String>(), "{text:?}");
        assert_eq!(*Normalize::Nfkc.recomposed(text, unicode).unwrap(), text.nfkc().collect::<String>(), "{text:?}");
    }

    #[test]
    fn every_character_normalizes_as_the_standard_says() {
        let unicode = Unicode::unpack().unwrap();
        for character in (0..=0x0010_ffff).filter_map(char::from_u32) {
            let text = character.to_string();
            if text.nfkd().ne(text.chars()) {
                agrees(&text, &unicode);
                agrees(&format!("a{character}\u{301}"), &unicode);
            }
        }
    }

    #[test]
    fn words_of_difficult_characters_normalize_as_the_standard_says() {
        let unicode = Unicode::unpack().unwrap();
        let mut words = vec![String::new()];
        for _ in 0..3 {
            words =
                words.iter().flat_map(|word| ALPHABET.iter().map(move |letter| format!("{word}{letter}"))).collect();
            for word in &words {
                agrees(word, &unicode);
            }
        }
        let mut state = 1_u32;
        for _ in 0..5000 {
            let word: String = (0..12)
                .map(|_| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    ALPHABET[state as usize / 7 % ALPHABET.len()]
                })
                .collect();
            agrees(&word, &unicode);
        }
    }

    #[test]
    fn memory_is_reserved_before_it_is_needed() {
        assert!(1000 <= reserved::<char>(1000).unwrap().capacity());
        assert_eq!(reserved::<char>(usize::MAX).unwrap_err().code(), crate::ErrorCode::OutOfMemory);
    }

    #[test]
    fn a_long_run_of_marks_is_sorted() {
        let marks: String = (0..4000).map(|place| if place % 2 == 0 { '\u{301}' } else { '\u{323}' }).collect();
        agrees(&format!("a{marks}"), &Unicode::unpack().unwrap());
    }
}
