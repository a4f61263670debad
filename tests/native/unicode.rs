//! Checks the packed Unicode data against the crate `unicode-normalization`, which follows the Unicode Standard.
//!
//! `WRITE_UNICODE=1 cargo test --test unicode` rewrites the file after an update of that crate.

#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used)]

use std::path::PathBuf;
use std::{env, fs};

use unicode_normalization::char::{canonical_combining_class, compose, decompose_canonical, decompose_compatible};

const COMPOSING: u8 = 0;
const CANONICAL: u8 = 1;
const COMPATIBLE: u8 = 2;

#[test]
fn the_packed_data_is_up_to_date() {
    if env::var_os("WRITE_UNICODE").is_some() {
        fs::write(path(), packed()).unwrap();
    }
    assert!(fs::read(path()).unwrap() == packed(), "run WRITE_UNICODE=1 cargo test --test unicode");
}

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/password/unicode.bin")
}

/// The layout is described in `src/password/unicode.rs`.
fn packed() -> Vec<u8> {
    let (mut points, mut shapes, mut characters) = (Vec::new(), Vec::new(), Vec::new());
    let mut last = 0;
    let mut places = [0_i32; 18];
    for (whole, kind, mapping) in characters_by_point().filter_map(mapping) {
        number(u32::from(whole) - last, &mut points);
        last = u32::from(whole);
        shapes.push(kind << 5 | u8::try_from(mapping.len()).unwrap());
        for (place, character) in places.iter_mut().zip(mapping) {
            let character = i32::try_from(u32::from(character)).unwrap();
            signed(character - *place, &mut characters);
            *place = character;
        }
    }
    let sections = [points, shapes, characters, classes()];
    sections
        .iter()
        .flat_map(|section| [&u16::try_from(section.len()).unwrap().to_le_bytes(), section.as_slice()].concat())
        .collect()
}

/// All characters except Hangul syllables, which follow a rule.
fn characters_by_point() -> impl Iterator<Item = char> {
    (0..=0x0010_ffff).filter_map(char::from_u32).filter(|character| !('\u{ac00}'..='\u{d7a3}').contains(character))
}

/// What a character decomposes to, if to anything. A single step is enough where a pair composes to the character,
/// because the first of the pair may decompose further.
fn mapping(whole: char) -> Option<(char, u8, Vec<char>)> {
    let (mut canonical, mut compatible) = (Vec::new(), Vec::new());
    decompose_canonical(whole, |part| canonical.push(part));
    decompose_compatible(whole, |part| compatible.push(part));
    if canonical == [whole] {
        return (compatible != [whole]).then_some((whole, COMPATIBLE, compatible));
    }
    let second = canonical.pop().unwrap();
    let first = canonical.iter().copied().reduce(|first, second| compose(first, second).unwrap_or('\0'));
    if let Some(first) = first
        && compose(first, second) == Some(whole)
    {
        return Some((whole, COMPOSING, vec![first, second]));
    }
    canonical.push(second);
    Some((whole, CANONICAL, canonical))
}

fn classes() -> Vec<u8> {
    let mut ranges: Vec<(u32, u32, u8)> = Vec::new();
    for character in characters_by_point() {
        let (point, class) = (u32::from(character), canonical_combining_class(character));
        match ranges.last_mut() {
            _ if class == 0 => {}
            Some((_, last, same)) if *same == class && *last + 1 == point => *last = point,
            _ => ranges.push((point, point, class)),
        }
    }
    let mut bytes = Vec::new();
    let mut before = 0;
    for (first, last, class) in ranges {
        number(first - before, &mut bytes);
        number(last - first, &mut bytes);
        number(class.into(), &mut bytes);
        before = last;
    }
    bytes
}

fn signed(distance: i32, bytes: &mut Vec<u8>) {
    number(((distance << 1) ^ (distance >> 31)).cast_unsigned(), bytes);
}

fn number(mut number: u32, bytes: &mut Vec<u8>) {
    while 0x7f < number {
        bytes.push(u8::try_from(number & 0x7f).unwrap() | 0x80);
        number >>= 7;
    }
    bytes.push(u8::try_from(number).unwrap());
}
