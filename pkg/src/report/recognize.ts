/** Recognizes a text that somebody pasted or passed: a token, a key, a stored hash, or something that contains one. */

import { bareToken, type FoundToken, isCompact, tokensIn } from "./bare-token.js";
import { derOfBase64, PEM_IN_BASE64 } from "./base64.js";
import { objectInJson, objectInSegment } from "./segment.js";
import { hashesIn, isStoredHash } from "./stored-hash.js";

/** What a text is. */
export interface Recognized {
  /** `answer`: that of a token endpoint, without a JWT. `discovery`: the metadata of an issuer. */
  kind: "answer" | "discovery" | "hash" | "key" | "token" | "unknown" | "url";
  /** The token or hash without what stands around it; of a discovery document, the URL of the keys. Otherwise, the text. */
  text: string;
  /** What a token or hash is in: `"a curl command"`. */
  place?: string;
  /** The tokens, if there are several. Then `text` is the whole text. */
  tokens?: readonly FoundToken[];
  /** The hashes, if there are several. */
  hashes?: readonly string[];
}

/** The members of a token endpoint's answer (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3). */
const ANSWER = ["access_token", "id_token", "refresh_token"];

/** What such an answer is called. */
export const TOKEN_ANSWER = "the answer of a token endpoint";

/** Looks at a text. It has one meaning, or it is `"unknown"`. */
export function recognize(given: string): Recognized {
  const text = given.trim();
  if (isToken(text)) return { kind: "token", text: bareToken(text).token };
  if (isStoredHash(text)) return { kind: "hash", text };
  if (/^\{\s*["}]/.test(text)) return inJson(text);
  if (isKey(text)) return { kind: "key", text };
  const isUrl = /^https?:\/\/\S+$/i.test(text);
  const place = isUrl ? "a URL" : placeOf(text);
  return withTokens(text, place) ?? (isUrl ? { kind: "url", text } : (withHashes(text) ?? cutToken(text)));
}

function inJson(text: string): Recognized {
  const value = objectInJson(text);
  if (value === null || value.kty !== undefined || Array.isArray(value.keys)) return { kind: "key", text };
  if (typeof value.jwks_uri === "string") return { kind: "discovery", text: value.jwks_uri };
  const isAnswer = ANSWER.some((name) => typeof value[name] === "string");
  const found = withTokens(text, isAnswer ? TOKEN_ANSWER : "JSON");
  if (found !== undefined) return found;
  return isAnswer ? { kind: "answer", text } : (withHashes(text, "JSON") ?? { kind: "key", text });
}

function withTokens(text: string, place: string): Recognized | undefined {
  const tokens = tokensIn(text);
  const [first] = tokens;
  if (first === undefined) return undefined;
  return tokens.length === 1 ? { kind: "token", text: first.token, place } : { kind: "token", text, place, tokens };
}

function withHashes(text: string, place?: string): Recognized | undefined {
  const hashes = hashesIn(text);
  const [first] = hashes;
  if (first === undefined) return undefined;
  if (first === text) return { kind: "hash", text };
  const found = { kind: "hash" as const, place: place ?? (text.includes("\n") ? "a text of several lines" : "a line") };
  return hashes.length === 1 ? { ...found, text: first } : { ...found, text, hashes };
}

/** A token that was cut has one segment or two, and can still be told by its header. */
function cutToken(text: string): Recognized {
  const [header, ...others] = text.split(".");
  const isCut =
    /^e[wy][\w-]{8,}$/.test(header ?? "") && others.length < 5 && others.every((each) => /^[\w-]*$/.test(each));
  return { kind: isCut && typeof objectInSegment(header)?.alg === "string" ? "token" : "unknown", text };
}

function placeOf(text: string): string {
  if (/^(?:\$\s*)?curl(?:\.exe)?\s/i.test(text)) return "a curl command";
  if (/^(?:set-)?cookie:/i.test(text) || /^[\w.-]+=[^\s;]*;/.test(text)) return "a cookie";
  return "a longer text";
}

/** What it is, in words: `"a curl command with a token in it"`. */
export function nameOf({ kind, text, place, tokens, hashes }: Recognized): string {
  if (kind === "token") {
    const isEncrypted = text.split(".").length === 5;
    const name = tokens !== undefined ? `${tokens.length} tokens` : isEncrypted ? "an encrypted token" : "a token";
    return place === undefined ? name : `${place} with ${name} in it`;
  }
  if (kind === "hash" && place !== undefined)
    return `${place} with ${hashes === undefined ? "a stored hash" : `${hashes.length} stored hashes`} in it`;
  return NAMES[kind];
}

const NAMES = {
  answer: `${TOKEN_ANSWER}, without a JWT`,
  discovery: "the discovery document of an issuer",
  hash: "a stored hash",
  key: "a key",
  unknown: "unknown",
  url: "a URL",
} as const;

/** A compact JWS or JWE, with what is often copied along; not one that holds a key (RFC 7517 §7). */
export function isToken(text: string): boolean {
  const { token } = bareToken(text);
  if (!isCompact(token)) return false;
  return !/^jwk(-set)?\+json$/.test(String(objectInSegment(token.split(".", 1)[0])?.cty));
}

/** JSON, PEM, a key in the format of another program, or an encrypted JWK. A stored hash begins otherwise. */
export function isKey(text: string): boolean {
  const isJson = /^\{\s*("|\})/.test(text);
  return (
    isJson ||
    /-----BEGIN |^---- BEGIN |^PuTTY-User-Key|^ssh-|^ecdsa-sha2-/.test(text) ||
    PEM_IN_BASE64.test(text) ||
    isCompact(text) ||
    derOfBase64(text) !== undefined
  );
}

/** Formats of stored hashes that no import reads are still named. */
export function looksLikeHash(text: string): boolean {
  return (
    !text.includes("\n") &&
    /^([$*{!_:#]|\d\||pbkdf2|sha\d*[$:]|md5[$:]|scrypt:|argon2|bcrypt|[0-9a-f]{32,}|[./A-Za-z0-9+=]{13,88}$|SCRAM)/i.test(
      text,
    )
  );
}
