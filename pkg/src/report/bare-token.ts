/** Finds tokens in pasted text, and removes what is often copied with one: quotes, `Bearer`, line breaks. */

import { objectInSegment } from "./segment.js";
import { shown } from "./text.js";

/** What stood around a token: quotes, `Bearer` before it, percent-encoding, line breaks or spaces inside. */
export type Around = "encoding" | "field" | "quotes" | "space";

/** Three or five segments. The first begins as a JSON object does: `{"`, or `{` and white space. */
const COMPACT = /^e[wy][\w-]+=*\.[\w-]*=*\.[\w-]*=*(?:\.[\w-]*=*\.[\w-]*=*)?$/;

/**
 * What Flask signs: JSON, which a dot before it says is compressed, the time in four bytes, and an HMAC with SHA-1. No JWT has a
 * signature as short.
 */
export const SIGNED_BY_FLASK: RegExp = /^(?:session=)?(?:e[wy]|\.eJ)[\w-]+\.[\w-]{6}\.[\w-]{27}$/;

/** Takes away what is often copied with a token. The text may be something else. */
export function bareToken(given: string): { token: string; around: Around[] } {
  const around: Around[] = [];
  let token = given.trim();
  const take = (kind: Around, found: string | undefined) => {
    if (found === undefined) return;
    if (!around.includes(kind)) around.push(kind);
    token = found.trim();
  };
  const quoted = () => /^\\?(["'`])(.*?)\\?\1[,;]?$/s.exec(token)?.[2];
  take("quotes", quoted());
  take("field", /^(?:authorization\s*[:=]\s*)?(?:bearer|dpop)(?:\s|%20)+(.*)$/is.exec(token)?.[1]);
  take("quotes", quoted());
  if (/^e[wy][\w-]+(%3d)*%2e/i.test(token)) take("encoding", percentDecoded(token));
  // Two signed tokens in one text would look like an encrypted one.
  const joined = token.replace(/\s+/g, "");
  if (joined !== token && isCompact(joined) && tokensIn(token).length < 2) take("space", joined);
  return { token, around };
}

/** Whether a text has the form of a compact JWS or JWE, and nothing around it. */
export function isCompact(text: string): boolean {
  return COMPACT.test(text) && !SIGNED_BY_FLASK.test(text);
}

/** A token that a text holds. */
export interface FoundToken {
  token: string;
  /** What names it: a member of JSON, a cookie, a field or a parameter. */
  name: string | undefined;
  /** The line of the text that it begins in, from 1. */
  line: number;
}

/** Longer texts are not searched. */
const MAX_LENGTH = 300_000;

/** The most tokens of a text that are told apart. */
const MAX_TOKENS = 8;

const TOKEN =
  /(?<![\w.-])e[wy][\w-]{6,}={0,2}\.[\w-]*={0,2}\.[\w-]*={0,2}(?:\.[\w-]*={0,2}\.[\w-]*={0,2})?(?![\w-]|\.[\w-])/g;

/** A token in a cookie that Express has signed: `s:`, the token, a dot and an HMAC in base64. */
const SIGNED_TOKEN = /(?<![\w.-])s:(e[wy][\w-]{6,}\.[\w-]*\.[\w-]*)\.[A-Za-z0-9+/]{43}(?![\w+/.-])/g;

/**
 * Whether a text is a value that Express has signed, or a cookie with one: `s:`, the value, a dot and an HMAC. The HMAC is looked
 * for first: one expression for all of it would take quadratic time.
 */
export function isSignedByExpress(text: string): boolean {
  if (MAX_LENGTH < text.length) return false;
  return text.split(/[\s;,"']/).some((part) => {
    const end = part.search(/\.(?:[A-Za-z0-9+/]|%2[bf]){43}(?![\w+/.-])/i);
    return /(?:^|=)s(?::|%3a)./i.test(part.slice(0, Math.max(0, end)));
  });
}

const NAME = /([A-Za-z_][\w.-]{0,63})["'\\]*\s*[:=]\s*["'\\]*(?:(?:bearer|dpop)\s+)?["'\\]*$/i;

/** The tokens in a text, such as a command, a header field or JSON, each once. */
export function tokensIn(text: string): FoundToken[] {
  if (MAX_LENGTH < text.length) return [];
  const plain = percentDecoded(text).replace(SIGNED_TOKEN, "$1");
  const found = new Map<string, FoundToken>();
  for (const { 0: token, index } of plain.matchAll(TOKEN)) {
    if (typeof objectInSegment(token.split(".", 1)[0])?.alg !== "string" || found.has(token)) continue;
    const line = plain.slice(0, index).split("\n").length;
    found.set(token, { token, name: NAME.exec(plain.slice(Math.max(0, index - 120), index))?.[1], line });
    if (found.size === MAX_TOKENS) break;
  }
  return [...found.values()];
}

/** What tells several tokens apart: their names, or else their lines and lengths. */
export function tokensInWords(tokens: readonly FoundToken[]): string {
  const isOneEach = new Set(tokens.map(({ line }) => line)).size === tokens.length;
  return tokens
    .map(({ name, line, token }, index) => {
      const place = isOneEach ? `line ${line}` : `number ${index + 1}`;
      return name === undefined ? `${place} with ${token.length} characters` : shown(name);
    })
    .join(", ");
}

/** The ASCII characters that a URL or a cookie writes in percent-encoding. Other characters are no part of a token. */
function percentDecoded(text: string): string {
  return text.replace(/%([2-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
