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

thread_local! {
    static DESK: [Cell<u8>; MAX_TOKEN_LENGTH] = const { [const { Cell::new(0) }; MAX_TOKEN_LENGTH] };
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
    MAX_TOKEN_LENGTH
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
    let bytes = DESK.with(|desk| desk.get(..length).map(|cells| cells.iter().map(Cell::get).collect()));
    bytes
        .and_then(|bytes| String::from_utf8(bytes).ok())
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
        let cells = desk.get(..text.len())?;
        cells.iter().zip(text.bytes()).for_each(|(cell, byte)| cell.set(byte));
        i32::try_from(text.len()).ok()
    })
}
