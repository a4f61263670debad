//! The character data of Unicode normalization, unpacked from `unicode.bin`.
//!
//! The tables of other libraries are made for speed, and would add 52 KB to the WebAssembly module
//! (docs/decisions/0011-packed-unicode-tables.md). These are made to be small. They are unpacked when a password is not
//! ASCII, which takes a hundredth of the time of a hash. The test `tests/native/unicode.rs` makes the file from the crate
//! `unicode-normalization` and compares the two.

use crate::{Error, ErrorCode};

/// Four sections, each after its length in two bytes, low byte first:
/// - the code points that have a mapping, each as its distance from the one before;
/// - for each, a byte: its [kind](COMPOSING) times 32, plus the number of characters it maps to;
/// - those characters, each as its distance, up or down, from what stood at its place in the mapping before;
/// - the ranges of combining classes, each as its distance from the one before, its length less one, and the class.
///
/// Numbers are in LEB128. A number that may be negative is zigzag-encoded. Similar data stands together, so that it
/// compresses well.
const PACKED: &[u8] = include_bytes!("unicode.bin");

/// A canonical mapping in both directions. Two more kinds follow: canonical in one direction, and for NFKC only.
const COMPOSING: u8 = 0;
const COMPATIBLE: u8 = 2;

/// The length of the longest mapping.
const LONGEST: usize = 18;

/// The character data. Hangul syllables are not in it, because they follow a rule.
pub(super) struct Unicode {
    /// In order of `whole`.
    mappings: Vec<Mapping>,
    /// What the mappings map to.
    characters: Vec<char>,
    /// The mappings in both directions.
    pairs: Vec<Pair>,
    /// The second characters of the pairs, each once. There are about seventy, so that most characters need no search.
    seconds: Vec<char>,
    /// In order of `last`.
    classes: Vec<Range>,
}

/// A character's decomposition by one step.
struct Mapping {
    whole: char,
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

/// Neighboring characters of one canonical combining class.
struct Range {
    first: u32,
    last: u32,
    class: u8,
}

impl Unicode {
    /// # Errors
    /// - [`ErrorCode::OutOfMemory`]: the memory, about 200 KB, could not be allocated.
    /// - [`ErrorCode::Internal`]: the file is broken. A test makes sure that it is not.
    pub(super) fn unpack() -> Result<Self, Error> {
        let mut packed = Packed(PACKED);
        let mut section = || packed.section().ok_or_else(broken);
        let (points, shapes, characters, classes) = (section()?, section()?, section()?, section()?);
        let mut unicode = Self {
            mappings: reserved(shapes.0.len())?,
            characters: reserved(characters.0.len())?,
            pairs: reserved(shapes.0.len())?,
            seconds: reserved(shapes.0.len())?,
            classes: reserved(classes.0.len())?,
        };
        unicode.unpack_mappings(points, &shapes, characters).ok_or_else(broken)?;
        unicode.unpack_classes(classes).ok_or_else(broken)?;
        Ok(unicode)
    }

    fn unpack_mappings(&mut self, mut points: Packed, shapes: &Packed, mut characters: Packed) -> Option<()> {
        let mut point: u32 = 0;
        let mut places = [0_u32; LONGEST];
        for shape in shapes.0 {
            point = point.wrapping_add(points.number()?);
            let whole = char::from_u32(point)?;
            let (kind, length) = (shape >> 5, usize::from(shape & 31));
            let start = self.characters.len();
            for place in places.get_mut(..length)? {
                *place = place.wrapping_add_signed(characters.signed()?);
                self.characters.push(char::from_u32(*place)?);
            }
            let end = self.characters.len();
            if kind == COMPOSING {
                let [first, second] = *self.characters.get(start..end)? else { return None };
                self.pairs.push(Pair { first, second, whole });
                if !self.seconds.contains(&second) {
                    self.seconds.push(second);
                }
            }
            self.mappings.push(Mapping { whole, compatible: kind == COMPATIBLE, start, end });
        }
        Some(())
    }

    fn unpack_classes(&mut self, mut packed: Packed) -> Option<()> {
        let mut last: u32 = 0;
        while !packed.0.is_empty() {
            let first = last.wrapping_add(packed.number()?);
            last = first.wrapping_add(packed.number()?);
            let class = u8::try_from(packed.number()?).ok()?;
            self.classes.push(Range { first, last, class });
        }
        Some(())
    }

    /// Emits the characters that `whole` consists of, fully decomposed.
    pub(super) fn decompose(&self, whole: char, compatible: bool, emit: &mut dyn FnMut(char)) {
        if let Some(syllable) = hangul::decompose(whole) {
            syllable.for_each(emit);
            return;
        }
        let place = self.mappings.binary_search_by_key(&whole, |mapping| mapping.whole);
        let mapping = place.ok().and_then(|place| self.mappings.get(place));
        match mapping.filter(|mapping| compatible || !mapping.compatible) {
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
        if !self.seconds.contains(&second) {
            return hangul::compose(first, second);
        }
        self.pairs.iter().find(|pair| pair.first == first && pair.second == second).map(|pair| pair.whole)
    }

    /// The canonical combining class. Starters have 0.
    pub(super) fn class(&self, character: char) -> u8 {
        let point = u32::from(character);
        let place = self.classes.partition_point(|range| range.last < point);
        self.classes.get(place).filter(|range| range.first <= point).map_or(0, |range| range.class)
    }
}

/// The bytes still to read.
struct Packed(&'static [u8]);

impl Packed {
    fn section(&mut self) -> Option<Self> {
        let (length, rest) = self.0.split_first_chunk()?;
        let (section, rest) = rest.split_at_checked(u16::from_le_bytes(*length).into())?;
        self.0 = rest;
        Some(Self(section))
    }

    fn number(&mut self) -> Option<u32> {
        let mut number = 0;
        for shift in [0, 7, 14] {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= u32::from(byte & 0x7f) << shift;
            if *byte < 0x80 {
                break;
            }
        }
        Some(number)
    }

    fn signed(&mut self) -> Option<i32> {
        let number = self.number()?;
        let magnitude = i32::try_from(number >> 1).ok()?;
        Some(if number & 1 == 0 { magnitude } else { !magnitude })
    }
}

fn broken() -> Error {
    Error::new(ErrorCode::Internal, "the Unicode data is broken")
}

/// An empty vector with capacity for `length` elements.
///
/// # Errors
/// - [`ErrorCode::OutOfMemory`]: the memory could not be allocated.
pub(super) fn reserved<T>(length: usize) -> Result<Vec<T>, Error> {
    let mut items = Vec::new();
    items.try_reserve_exact(length).map_err(|_| out_of_memory())?;
    Ok(items)
}

pub(super) fn out_of_memory() -> Error {
    Error::new(ErrorCode::OutOfMemory, "not enough memory to normalize the password")
}

/// Hangul syllables, by the rule of the Unicode Standard, §3.12.
mod hangul {
    const SYLLABLES: u32 = 0xac00;
    const LEADING: u32 = 0x1100;
    const VOWELS: u32 = 0x1161;
    /// One before the first trailing consonant: it stands for none.
    const TRAILING: u32 = 0x11a7;
    const LEADING_COUNT: u32 = 19;
    const VOWEL_COUNT: u32 = 21;
    const TRAILING_COUNT: u32 = 28;
    const SYLLABLE_COUNT: u32 = LEADING_COUNT * VOWEL_COUNT * TRAILING_COUNT;

    pub(super) fn decompose(whole: char) -> Option<impl Iterator<Item = char>> {
        let place = place(whole, SYLLABLES, SYLLABLE_COUNT)?;
        let trailing = place % TRAILING_COUNT;
        let vowel = place / TRAILING_COUNT % VOWEL_COUNT;
        let leading = place / TRAILING_COUNT / VOWEL_COUNT;
        let parts = [at(LEADING, leading), at(VOWELS, vowel), at(TRAILING, trailing).filter(|_| trailing != 0)];
        Some(parts.into_iter().flatten())
    }

    pub(super) fn compose(first: char, second: char) -> Option<char> {
        if let Some(leading) = place(first, LEADING, LEADING_COUNT) {
            let vowel = place(second, VOWELS, VOWEL_COUNT)?;
            let place = leading.checked_mul(VOWEL_COUNT)?.checked_add(vowel)?.checked_mul(TRAILING_COUNT)?;
            return at(SYLLABLES, place);
        }
        let syllable = place(first, SYLLABLES, SYLLABLE_COUNT).filter(|syllable| syllable % TRAILING_COUNT == 0)?;
        let trailing = place(second, TRAILING, TRAILING_COUNT).filter(|trailing| *trailing != 0)?;
        at(SYLLABLES, syllable.checked_add(trailing)?)
    }

    /// The index of a character in a block of `count`.
    fn place(character: char, block: u32, count: u32) -> Option<u32> {
        u32::from(character).checked_sub(block).filter(|place| *place < count)
    }

    fn at(block: u32, place: u32) -> Option<char> {
        block.checked_add(place).and_then(char::from_u32)
    }
}
