/** Reads the parts of compact serializations as strictly as the core does, without WebAssembly. Nothing is verified. */

import { runtimeLacks } from "../bytes.js";
import { CountersignError } from "../errors.js";
import type { Claims, Header, Verified } from "../types.js";

/** What jsdom, Hermes or QuickJS lack. */
const PLATFORM = ["TextDecoder", "TextEncoder", "atob"] as const;

/** The most bytes of a token, as `maxTokenLength` is by default. */
export const MAX_TOKEN_LENGTH = 16_384;

/** The most levels of arrays and objects. */
const MAX_DEPTH = 64;

/** The strings, numbers, brackets, braces and colons of a JSON text. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:]|-?\d[\d.eE+-]*/g;

/** A surrogate without its other half: with the flag u, those that form a pair do not match. Hermes has no property escapes. */
const LONE_SURROGATE = /[\ud800-\udfff]/u;

/**
 * The header and the claims of a token of at most `maxLength` bytes.
 *
 * @throws {CountersignError} `TOKEN_TOO_LONG`, `TOKEN_MALFORMED`. `INTERNAL`: the runtime lacks `TextDecoder` or `atob`.
 */
export function readToken(token: string, maxLength: number): Verified {
  const segments = split(token, maxLength);
  if (segments.length !== 3) throw malformed("token is not three segments separated by dots");
  const [header, payload, signature] = segments as [string, string, string];
  const headerMembers = object("header", bytes("header", header));
  const payloadBytes = bytes("payload", payload);
  bytes("signature", signature);
  return { header: headerMembers as Header, claims: object("payload", payloadBytes) as Claims };
}

/**
 * The header of a JWS or JWE of at most `maxLength` bytes. It may be padded.
 *
 * @throws {CountersignError} `TOKEN_TOO_LONG`, `TOKEN_MALFORMED`. `INTERNAL`: the runtime lacks `TextDecoder` or `atob`.
 */
export function readHeader(token: string, maxLength: number): Header {
  const segments = split(token, maxLength);
  if (segments.length !== 3 && segments.length !== 5) {
    throw malformed("token is not three or five segments separated by dots");
  }
  const header = segments[0] as string;
  const bare = header.length % 4 === 0 ? header.replace(/==?$/, "") : header;
  return object("header", bytes("header", bare)) as Header;
}

function split(token: unknown, maxLength: number): string[] {
  // Without this check, a missing `TextDecoder` would look like a bad token.
  const missing = PLATFORM.find((name) => globalThis[name] === undefined);
  if (missing !== undefined) throw runtimeLacks(missing);
  if (typeof token !== "string") throw malformed("token is not a string");
  // UTF-8 never takes fewer bytes than UTF-16 has code units, so a huge text is not encoded first.
  if (maxLength < token.length || maxLength < new TextEncoder().encode(token).length) {
    throw new CountersignError("TOKEN_TOO_LONG", `token is longer than ${maxLength} bytes`);
  }
  return token.split(".");
}

/** The bytes of canonical base64url without padding (RFC 7515 §2), one for each character. */
function bytes(part: string, segment: string): string {
  const decoded = decode(segment);
  if (decoded !== undefined) return decoded;
  const bare = segment.length % 4 === 0 ? segment.replace(/([^=])==?$/, "$1") : segment;
  const isPadded = bare !== segment && decode(bare) !== undefined;
  if (isPadded) throw malformed(`${part} is padded: see option "allowPadding" of verifyJws`);
  throw malformed(`${part} is not canonical base64url`);
}

function decode(segment: string): string | undefined {
  const standard = segment.replace(/-/g, "+").replace(/_/g, "/");
  if (/[^\w-]/.test(segment) || segment.length % 4 === 1) return undefined;
  const decoded = atob(standard);
  // `atob` ignores surplus bits, so another text could stand for the same bytes.
  return btoa(decoded).replace(/=/g, "") === standard ? decoded : undefined;
}

/** Reads strict JSON: one object, in which every parser reads the same. */
function object(part: string, binary: string): object {
  let value: unknown;
  let text = "";
  try {
    const encoded = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(encoded);
    value = JSON.parse(text);
  } catch {
    throw malformed(`${part} is not JSON`);
  }
  expectStrict(part, text);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw malformed(`${part} is not a JSON object`);
  return value;
}

/** Refuses what `JSON.parse` accepts: repeated names, lone surrogates, numbers beyond a double, and deep nesting. */
function expectStrict(part: string, json: string): void {
  /** The names of each open object. An array has none. */
  const open: Set<string>[] = [];
  let text = "";
  for (const token of json.match(TOKENS) ?? []) {
    const first = token[0];
    if (first === '"') {
      text = JSON.parse(token);
      if (LONE_SURROGATE.test(text)) throw malformed(`${part} is not JSON`);
    } else if (first === ":") {
      const names = open[open.length - 1];
      if (names?.has(text)) throw malformed(`${part} repeats a member name`);
      names?.add(text);
    } else if (first === "{" || first === "[") {
      if (open.push(new Set()) > MAX_DEPTH) throw malformed(`${part} nests deeper than ${MAX_DEPTH} levels`);
    } else if (first === "}" || first === "]") {
      open.pop();
    } else if (!Number.isFinite(Number(token))) {
      throw malformed(`${part} is not JSON`);
    }
  }
}

function malformed(message: string): CountersignError {
  return new CountersignError("TOKEN_MALFORMED", message);
}
