//! The desk: a place in this module's memory whose address stays, where JavaScript lays a token and finds the answer.
//!
//! Handing over a string otherwise takes an allocation, a view of the memory and a release in each direction, which is a
//! tenth of the time of a check. Its bytes are cells: nothing holds them while JavaScript writes, and a trap leaves no
//! borrow behind. A token is copied off the desk before anything is done with it.

use core::cell::Cell;
use std::borrow::Cow;

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::error::throwing;
use crate::jws::signature::Room;
use crate::jwt::rules::MAX_TOKEN_LENGTH;
use crate::{Error, ErrorCode};

/// What is copied in one go.
type Piece = [u8; PIECE];
const PIECE: usize = 16;
const PIECES: usize = MAX_TOKEN_LENGTH / PIECE;

thread_local! {
    static DESK: [Cell<Piece>; PIECES] = const { [const { Cell::new([0; PIECE]) }; PIECES] };
    /// Where the last text was copied to, and what it needed decoded. The memory is kept, as to allocate it takes as long as
    /// to hash 64 bytes; after a trap it is gone, and allocated anew. It holds what also crosses on the desk.
    static TAKEN: Cell<Vec<Piece>> = const { Cell::new(Vec::new()) };
    static ROOM: Cell<Option<Room>> = const { Cell::new(None) };
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

/// Has the text in the first `length` bytes, copied, worked on, and lays the answer down: its length in bytes, or
/// [`NOT_HERE`].
///
/// Bytes that are not text, or not on the desk, are answered by [`ErrorCode::Internal`].
pub(super) fn answer(
    length: usize,
    work: impl for<'r> FnOnce(&str, &'r mut Room) -> Result<Cow<'r, str>, Error>,
) -> i32 {
    let mut taken = TAKEN.take();
    let mut room = ROOM.take().unwrap_or_default();
    taken.clear();
    DESK.with(|desk| taken.extend(desk.iter().take(length.div_ceil(PIECE)).map(Cell::get)));
    let text = taken.as_flattened().get(..length).and_then(|bytes| str::from_utf8(bytes).ok());
    let length = put(match text {
        Some(text) => work(text, &mut room),
        None => Err(Error::new(ErrorCode::Internal, "internal error")),
    });
    TAKEN.set(taken);
    ROOM.set(Some(room));
    length
}

fn put(answer: Result<Cow<'_, str>, Error>) -> i32 {
    let length = answer.as_deref().ok().and_then(lay);
    if length.is_none() {
        ELSEWHERE.set(Some(answer.map(Cow::into_owned)));
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
