/**
 * A buffer at a fixed address in the token module's memory. TypeScript writes tokens and claims to it and reads answers from
 * it, which saves an allocation and a view for each string.
 */

import { CountersignError, type ErrorCode } from "../errors.js";
import { shared_buffer, shared_buffer_length, take_pending_answer } from "../glue/jwt.js";
import { tokens } from "./instances.js";

/** Node's `Buffer` has `utf8Slice`: for texts as long as a token it is twice as fast as `TextDecoder`. */
type View = Uint8Array & { utf8Slice?: (start: number, end: number) => string };

// Created with the first view: an import must succeed where they do not exist.
let encoder!: TextEncoder;
let decoder!: TextDecoder;
let view: View = /* @__PURE__ */ new Uint8Array(0);

/** Writes a text as UTF-8 and returns its length in bytes, or `undefined` if it does not fit. */
export function writeInput(text: string): number | undefined {
  const bytes = currentView();
  const { read, written } = encoder.encodeInto(text, bytes);
  return read === text.length ? written : undefined;
}

/** Whether an answer of the core is certainly an error. */
export const isRefusal = (answer: number): boolean => answer < -1;

/**
 * Reads the core's answer, or throws its error. The low 16 bits are the length of an answer in bytes. A number below -1 is -2
 * minus the length of an error. -1 means that the answer is not in the buffer.
 */
export function readOutput(answer: number): string {
  if (answer >= 0) return readText(answer & 0xffff);
  if (answer === -1) return take_pending_answer();
  const text = readText(-2 - answer);
  const [code = "", claim = ""] = text.split("\n", 2);
  const message = text.slice(code.length + claim.length + 2);
  throw new CountersignError(code as ErrorCode, message, claim === "" ? undefined : claim);
}

function readText(length: number): string {
  const bytes = currentView();
  return bytes.utf8Slice ? bytes.utf8Slice(0, length) : decoder.decode(bytes.subarray(0, length));
}

/** The current time in milliseconds, passed along with a token. It is read here, because a call from wasm costs more. */
export const currentTime = (): number => Date.now();

function currentView(): View {
  // When the memory grows, its views become empty.
  if (view.length === 0) {
    view = createView(tokens.memory, shared_buffer(), shared_buffer_length());
    encoder ??= new TextEncoder();
    decoder ??= new TextDecoder("utf-8", { ignoreBOM: true });
  }
  return view;
}

function createView(memory: ArrayBuffer, start: number, length: number): View {
  const { Buffer } = globalThis as unknown as { Buffer?: { from?(...of: [ArrayBuffer, number, number]): View } };
  return Buffer?.from?.(memory, start, length) ?? new Uint8Array(memory, start, length);
}
