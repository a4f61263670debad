//! Inputs near good ones: a text that is known to be accepted, with some of it replaced.

use libfuzzer_sys::arbitrary::{self, Arbitrary};

/// Some of a text, and what to put in its place.
#[derive(Arbitrary, Debug)]
pub struct Edit<'a> {
    start: u16,
    length: u8,
    replacement: &'a str,
}

/// The text after all edits, one after the other.
pub fn edited(text: &str, edits: &[Edit<'_>]) -> String {
    edits.iter().fold(text.to_owned(), |text, edit| {
        let start = text.floor_char_boundary(usize::from(edit.start) % (text.len() + 1));
        let end = text.ceil_char_boundary((start + usize::from(edit.length)).min(text.len()));
        [&text[..start], edit.replacement, &text[end..]].concat()
    })
}
