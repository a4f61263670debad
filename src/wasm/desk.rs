//! The desk: a place in this module's memory whose address stays, where JavaScript lays a token and finds the answer.
//!
//! Handing over a string otherwise takes an allocation, a view of the memory and a release in each direction, which is a
//! tenth of the time of a check. Its bytes are cells: nothing holds them while JavaScript writes, and a trap leaves no
//! borrow behind. A token is copied off the desk before anything is done with it.

use core::cell::Cell;

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::error::throwing;
use crate::jwt::MAX_TOKEN_LENGTH;
use crate::{Error, ErrorCode};

/// What is copied in one go.
type Piece = [u8; PIECE];
const PIECE: usize = 16;
const PIECES: usize = MAX_TOKEN_LENGTH / PIECE;

thread_local! {
    static DESK: [Cell<Piece>; PIECES] = const { [const { Cell::new([0; PIECE]) }; PIECES] };
    static ELSEWHERE: Cell<Option<Result<String, Error>>> = const { Cell::new(None) };
}

/// What [`put`] gives for an answer that is not on the desk.
const NOT_HERE: i32 = -1;

/// Where the desk begins.
#[wasm_bindgen]
pub fn desk() -> *const u8 {
    DESK.with(|desk| desk.as_ptr().cast())
}

/// How many bytes it holds.
#[wasm_bindgen]
pub fn desk_length() -> usize {
    PIECE * PIECES
}

/// The answer that is not on the desk: a refusal, which is thrown, or a text that did not fit.
#[wasm_bindgen]
pub fn answer_elsewhere() -> Result<String, JsValue> {
    let missing = || Err(Error::new(ErrorCode::Internal, "internal error"));
    throwing(ELSEWHERE.with(Cell::take).unwrap_or_else(missing))
}

/// A copy of the text in the first `length` bytes.
///
/// # Errors
/// - [`ErrorCode::Internal`]: the bytes are not text, or not on the desk.
pub(super) fn take(length: usize) -> Result<String, Error> {
    let pieces = |desk: &[Cell<Piece>; PIECES]| {
        Some(desk.get(..length.div_ceil(PIECE))?.iter().map(Cell::get).collect::<Vec<_>>().into_flattened())
    };
    DESK.with(pieces)
        .and_then(|mut bytes| {
            bytes.truncate(length);
            String::from_utf8(bytes).ok()
        })
        .ok_or_else(|| Error::new(ErrorCode::Internal, "internal error"))
}

/// Lays an answer down for JavaScript: its length in bytes, or [`NOT_HERE`].
pub(super) fn put(answer: Result<String, Error>) -> i32 {
    let length = answer.as_deref().ok().and_then(lay);
    if length.is_none() {
        ELSEWHERE.with(|elsewhere| elsewhere.set(Some(answer)));
    }
    length.unwrap_or(NOT_HERE)
}

fn lay(text: &str) -> Option<i32> {
    DESK.with(|desk| {
        let (pieces, rest) = text.as_bytes().as_chunks();
        let (whole, free) = desk.split_at_checked(pieces.len())?;
        whole.iter().zip(pieces).for_each(|(cell, piece)| cell.set(*piece));
        if !rest.is_empty() {
            let last = free.first()?;
            last.set(core::array::from_fn(|index| rest.get(index).copied().unwrap_or_default()));
        }
        i32::try_from(text.len()).ok()
    })
}
