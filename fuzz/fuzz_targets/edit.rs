//! Makes inputs that are nearly valid: a valid text with some parts replaced.

use libfuzzer_sys::arbitrary::{self, Arbitrary};

/// A part of a text and its replacement.
#[derive(Arbitrary, Debug)]
pub struct Edit<'a> {
    start: u16,
    length: u8,
    replacement: &'a str,
}

/// The text after all edits, applied in order.
pub fn edited(text: &str, edits: &[Edit<'_>]) -> String {
    edits.iter().fold(text.to_owned(), |text, edit| {
        let start = text.floor_char_boundary(usize::from(edit.start) % (text.len() + 1));
        let end = text.ceil_char_boundary((start + usize::from(edit.length)).min(text.len()));
        [&text[..start], edit.replacement, &text[end..]].concat()
    })
}
