//! What Unicode normalization needs to know of each character, read from `unicode.bin`.
//!
//! The usual tables are made for speed and would be more than all the rest of the WebAssembly module; these are made to
//! be small, and are unpacked when a password is not ASCII, which takes a thousandth of the time of a hash. The file is
//! written, and held against the tables it was made of, by `tests/native/unicode.rs`, which says how it is laid out.

use crate::{Error, ErrorCode};

const PACKED: &[u8] = include_bytes!("unicode.bin");

/// The character data of Unicode normalization. Hangul syllables are not in it: they follow a rule.
pub(super) struct Unicode {
    /// In order of `whole`.
    mappings: Vec<Mapping>,
    /// The mappings that go both ways.
    pairs: Vec<Pair>,
    /// What the mappings map to, one after the other.
    characters: Vec<char>,
    /// In order of `last`.
    classes: Vec<Class>,
}

/// One character's decomposition, by one step.
struct Mapping {
    whole: char,
    /// Only for NFKC.
    compatible: bool,
    start: usize,
    end: usize,
}

/// Two characters that compose.
struct Pair {
    first: char,
    second: char,
    whole: char,
}

/// Neighbouring characters of one canonical combining class.
struct Class {
    first: u32,
    last: u32,
    class: u8,
}

impl Unicode {
    /// # Errors
    /// - [`ErrorCode::OutOfMemory`]: the memory, some 150 KB, could not be had.
    /// - [`ErrorCode::Internal`]: the file is broken, which a test excludes.
    pub(super) fn unpack() -> Result<Self, Error> {
        let mut packed = Packed(PACKED);
        let (mappings, classes) = (packed.size()?, packed.size()?);
        let characters = packed.size()?;
        let mut unicode = Self {
            mappings: reserved(mappings)?,
            pairs: reserved(mappings)?,
            characters: reserved(characters)?,
            classes: reserved(classes)?,
        };
        unicode.unpack_mappings(&mut packed, mappings)?;
        unicode.unpack_classes(&mut packed, classes)?;
        Ok(unicode)
    }

    /// The characters that `whole` is made of, as far as they can be taken apart.
    pub(super) fn decompose(&self, whole: char, compatible: bool, emit: &mut dyn FnMut(char)) {
        if let Some([leading, vowel, trailing]) = hangul_parts(whole) {
            emit(leading);
            emit(vowel);
            if trailing != HANGUL_NO_TRAILING {
                emit(trailing);
            }
            return;
        }
        match self.mapping(whole).filter(|mapping| compatible || !mapping.compatible) {
            Some(mapping) => {
                for part in self.characters.get(mapping.start..mapping.end).unwrap_or_default() {
                    self.decompose(*part, compatible, emit);
                }
            }
            None => emit(whole),
        }
    }

    /// The one character that two compose to.
    pub(super) fn compose(&self, first: char, second: char) -> Option<char> {
        hangul_whole(first, second).or_else(|| {
            let pair = self.pairs.iter().find(|pair| pair.first == first && pair.second == second);
            pair.map(|pair| pair.whole)
        })
    }

    /// The canonical combining class: 0 for starters.
    pub(super) fn class(&self, character: char) -> u8 {
        let point = u32::from(character);
        let place = self.classes.partition_point(|class| class.last < point);
        self.classes.get(place).filter(|class| class.first <= point).map_or(0, |class| class.class)
    }

    /// All code points, then all shapes, then all characters: like stands by like, which compresses well.
    fn unpack_mappings(&mut self, packed: &mut Packed, count: usize) -> Result<(), Error> {
        let mut points = packed.clone();
        let mut shapes = packed.clone();
        // TODO
        Ok(())
    }

    fn mapping(&self, whole: char) -> Option<&Mapping> {
        let place = self.mappings.binary_search_by_key(&whole, |mapping| mapping.whole).ok()?;
        self.mappings.get(place)
    }
}
