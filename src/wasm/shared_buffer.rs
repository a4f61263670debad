//! A buffer at a fixed address in this module's memory, which JavaScript writes a token to and reads the answer from.
//!
//! Passing a string the usual way costs an allocation, a view of the memory and a release in each direction, which is a
//! tenth of the time of a check. The buffer consists of cells: no borrow is held while JavaScript writes, and a trap
//! leaves none behind. A token is copied out of the buffer before it is used.

use core::cell::Cell;
use std::borrow::Cow;

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::error::throwing;
use crate::jws::signature::Scratch;
use crate::jwt::rules::MAX_TOKEN_LENGTH;
use crate::{Error, ErrorCode};

/// The unit in which bytes are copied.
type Chunk = [u8; CHUNK];
const CHUNK: usize = 16;
const CHUNKS: usize = MAX_TOKEN_LENGTH / CHUNK;

thread_local! {
    static BUFFER: [Cell<Chunk>; CHUNKS] = const { [const { Cell::new([0; CHUNK]) }; CHUNKS] };
    /// The copy of the last input, and the memory that it was decoded in. Both are kept, because allocating them takes as
    /// long as hashing 64 bytes. They hold nothing more secret than the buffer does. After a trap they are allocated anew.
    static INPUT: Cell<Vec<Chunk>> = const { Cell::new(Vec::new()) };
    static SCRATCH: Cell<Option<Scratch>> = const { Cell::new(None) };
    /// An answer that is not in the buffer.
    static PENDING: Cell<Option<Result<String, Error>>> = const { Cell::new(None) };
}

/// The length that [`answer`] returns if the answer is not in the buffer.
const PENDING_ANSWER: i32 = -1;

/// An error in the buffer is this number minus the length of its text.
const FIRST_REFUSAL: i32 = -2;

/// The bits below are the length, which is at most 2^14.
const NUMBER_SHIFT: u32 = 16;

/// The address of the buffer.
#[wasm_bindgen]
pub fn shared_buffer() -> *const u8 {
    BUFFER.with(|buffer| buffer.as_ptr().cast())
}

/// The length of the buffer in bytes.
#[wasm_bindgen]
pub fn shared_buffer_length() -> usize {
    CHUNK * CHUNKS
}

/// The answer that is not in the buffer: a text that is too long for it, or such an error, which is thrown.
#[wasm_bindgen]
pub fn take_pending_answer() -> Result<String, JsValue> {
    throwing(PENDING.with(Cell::take).unwrap_or_else(|| Err(internal())))
}

/// Calls `work` with a copy of the first `length` bytes and writes its answer to the buffer. Returns the length of the
/// answer in bytes, [`PENDING_ANSWER`], or [`FIRST_REFUSAL`] minus the length of an error. The second part of the answer, a
/// number below 2^15, is returned in the bits from 2^16 on. The bytes of an answer are UTF-8.
///
/// The answer is [`ErrorCode::Internal`] if the bytes are not UTF-8 or more than the buffer holds.
pub(super) fn answer(
    length: usize,
    work: impl for<'r> FnOnce(&str, &'r mut Scratch) -> Result<(Cow<'r, [u8]>, i32), Error>,
) -> i32 {
    let mut input = INPUT.take();
    let mut scratch = SCRATCH.take().unwrap_or_default();
    input.clear();
    BUFFER.with(|buffer| input.extend(buffer.iter().take(length.div_ceil(CHUNK)).map(Cell::get)));
    let text = input.as_flattened().get(..length).and_then(|bytes| str::from_utf8(bytes).ok());
    let length = give(match text {
        Some(text) => work(text, &mut scratch),
        None => Err(internal()),
    });
    INPUT.set(input);
    SCRATCH.set(Some(scratch));
    length
}

fn give(answer: Result<(Cow<'_, [u8]>, i32), Error>) -> i32 {
    let given = match &answer {
        Ok((text, number)) => write(text).map(|length| length | (number << NUMBER_SHIFT)),
        Err(error) => {
            text_of(error).and_then(|text| write(text.as_bytes())).map(|length| FIRST_REFUSAL.wrapping_sub(length))
        }
    };
    if given.is_none() {
        let pending = answer.and_then(|(bytes, _)| String::from_utf8(bytes.into_owned()).map_err(|_| internal()));
        PENDING.set(Some(pending));
    }
    given.unwrap_or(PENDING_ANSWER)
}

/// The code, the claim if there is one, and the message, each on a line. `None` for a claim that would be misread.
fn text_of(error: &Error) -> Option<String> {
    let claim = error.claim();
    if claim.is_some_and(|claim| claim.is_empty() || claim.contains('\n')) {
        return None;
    }
    Some([error.code().as_str(), "\n", claim.unwrap_or_default(), "\n", &error.to_string()].concat())
}

fn internal() -> Error {
    Error::new(ErrorCode::Internal, "internal error")
}

fn write(text: &[u8]) -> Option<i32> {
    BUFFER.with(|buffer| {
        let (chunks, rest) = text.as_chunks();
        let (whole, free) = buffer.split_at_checked(chunks.len())?;
        whole.iter().zip(chunks).for_each(|(cell, chunk)| cell.set(*chunk));
        if !rest.is_empty() {
            let last = free.first()?;
            last.set(core::array::from_fn(|index| rest.get(index).copied().unwrap_or_default()));
        }
        i32::try_from(text.len()).ok()
    })
}
