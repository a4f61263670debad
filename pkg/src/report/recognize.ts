/** Recognizes a text that somebody pasted or passed: a token, a key, a stored hash, or something that contains one. */

import { bareToken, type FoundToken, isCompact, isSignedByExpress, SIGNED_BY_FLASK, tokensIn } from "./bare-token.js";
import { derOfBase64, PEM_IN_BASE64 } from "./base64.js";
import { documentIn } from "./documents.js";
import { jwkInBase64 } from "./private-key.js";
import { isEscaped } from "./refused-hash.js";
import { objectInJson, objectInSegment } from "./segment.js";
import { settingIn } from "./settings.js";
import { hashesIn, hashesInLdif, isStoredHash } from "./stored-hash.js";

/** What a text is. */
export interface Recognized {
  /**
   * `answer`: that of a token endpoint, without a JWT. `discovery`: the metadata of an issuer. `document`: a file of another system
   * in JSON, which `place` names. `opaque`: a cookie, a header field or a command without a JWT. `secret`: a line of settings with
   * a secret. `array`: JWKs in an array.
   */
  kind:
    | "answer"
    | "array"
    | "discovery"
    | "document"
    | "hash"
    | "key"
    | "opaque"
    | "secret"
    | "token"
    | "unknown"
    | "url";
  /**
   * The token, hash, key or secret without what stands around it; of a discovery document, the URL of the keys; of an array, the JWK
   * Set. Otherwise, the text.
   */
  text: string;
  /** What it is in: `"a curl command"`. */
  place?: string;
  /** What to do with it, if that depends on more than its kind. */
  advice?: string;
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
  const signed = SIGNED.find(({ form }) => form.test(text));
  if (signed !== undefined) return { kind: "opaque", text, place: signed.place, advice: signed.advice };
  if (isStoredHash(text)) return { kind: "hash", text };
  if (BEGINS_AS_JSON.test(text)) return inJson(text);
  if (isKey(text)) return { kind: "key", text };
  if (/^\[\s*\{/.test(text)) {
    const { array } = objectInJson(`{"array":${text}}`) ?? {};
    if (areKeys(array)) return { kind: "array", text: `{"keys":${text}}` };
    const users = ofDocument({ users: array }, text);
    if (users !== undefined) return users;
  }
  const isUrl = /^https?:\/\/\S+$/i.test(text);
  const place = isUrl ? "a URL" : placeOf(text);
  const found = withTokens(text, place) ?? (isUrl ? { kind: "url" as const, text } : inLdif(text));
  return found ?? withoutToken(text) ?? inSettings(text) ?? withHashes(text) ?? cutToken(text);
}

function areKeys(values: unknown): boolean {
  return Array.isArray(values) && values.every((key) => typeof key === "object" && key !== null && "kty" in key);
}

function ofDocument(members: Record<string, unknown>, text: string): Recognized | undefined {
  const document = documentIn(members);
  return document && { kind: "document", text, place: document.name, advice: document.advice };
}

function inLdif(text: string): Recognized | undefined {
  const hashes = hashesInLdif(text);
  const [first] = hashes;
  if (first === undefined) return undefined;
  const found = { kind: "hash" as const, place: text.includes("\n") ? "an entry of LDIF" : "a line of LDIF" };
  return hashes.length === 1 ? { ...found, text: first } : { ...found, text, hashes };
}

/** A text that is known to be for a server, and has no JWT in it. */
function withoutToken(text: string): Recognized | undefined {
  const bare = text.replace(/^(?:authorization\s*:\s*)?bearer\s+/i, "");
  const known = OPAQUE.find(({ form }) => form.test(bare));
  if (known !== undefined) return { kind: "opaque", text, place: known.place, advice: known.advice };
  const [, scheme] = /^(?:(?:proxy-)?authorization\s*:\s*)?(basic|bearer|dpop)\s+[\w.~+/-]+=*$/i.exec(text) ?? [];
  const isCookie = /^(?:set-)?cookie:\s/i.test(text);
  const place =
    scheme !== undefined
      ? /basic/i.test(scheme)
        ? BASIC
        : "an opaque token, without a JWT"
      : isSignedByExpress(text)
        ? `a ${isCookie ? "cookie" : "value"} that Express has signed, without a JWT`
        : isCookie
          ? "a cookie without a JWT"
          : CURL.test(text)
            ? CURL_ALONE
            : undefined;
  return place === undefined ? undefined : { kind: "opaque", text, place };
}

/** A secret or a key in a line of settings. */
function inSettings(text: string): Recognized | undefined {
  const value = settingIn(text)?.value;
  if (value === undefined) return undefined;
  const place = text.includes("\n") ? "a file of settings" : "a line of settings";
  if (isKey(value)) return { kind: "key", text: value, place };
  return isStoredHash(value) ? { kind: "hash", text: value, place } : { kind: "secret", text: value, place };
}

/** Tokens that are no JWT. */
const OPAQUE = [
  {
    form: /^r1\.[\w-]{22}\.(?:0|[1-9]\d{0,8})\.[\w-]{43}$/i,
    place: "a refresh token of Sessions",
    advice: "only the server that made it can tell what it stands for",
  },
  {
    form: /^v[1-4]\.(?:local|public)\.[\w-]{16,}(?:\.[\w-]*)?$/i,
    place: "a PASETO",
    advice: "it is no JWT, and this package does not read it",
  },
  {
    form: /^(?:gh[opusr]_\w{30,}|github_pat_\w{30,}|ya29\.[\w-]{20,}|xox[abp]-[\w-]{20,})$/i,
    place: "an opaque token, without a JWT",
    advice: "only its issuer can say what it stands for",
  },
];

/** What web frameworks sign, which looks like a JWT. */
const SIGNED = [
  {
    form: SIGNED_BY_FLASK,
    place: "a value that Flask has signed, such as its session cookie",
    advice: "itsdangerous checks it with the application's SECRET_KEY, and it is no JWT",
  },
  {
    form: /^(?:sessionid=)?(?:e[wy]|\.eJ)[\w-]+:[\w-]{6}:(?:[\w-]{27}|[\w-]{43})$/,
    place: "a value that Django has signed, such as its session cookie",
    advice: "django.core.signing checks it with the application's SECRET_KEY, and it is no JWT",
  },
];

const CURL = /^(?:\$\s*)?curl(?:\.exe)?\s/i;

function inJson(text: string): Recognized {
  const value = objectInJson(text);
  if (value === null) {
    const namesKeys = /["'\u201c\u201d\u201e](?:kty|keys)["'\u201c\u201d]/.test(text);
    return (namesKeys ? undefined : (withTokens(text, "a longer text") ?? withHashes(text))) ?? { kind: "key", text };
  }
  if (value.kty !== undefined || Array.isArray(value.keys)) return { kind: "key", text };
  if (typeof value.jwks_uri === "string") return { kind: "discovery", text: value.jwks_uri };
  const document = ofDocument(value, text);
  if (document !== undefined) return document;
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
  if (CURL.test(text)) return "a curl command";
  if (isSignedByExpress(text) && !/\s/.test(text)) return "a value that Express has signed";
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
  if ((kind === "opaque" || kind === "document") && place !== undefined) return place;
  if ((kind === "key" || kind === "secret") && place !== undefined) return `${place} with ${NAMES[kind]} in it`;
  return NAMES[kind];
}

/** What to say about a text that nothing here reads. */
export function adviceFor({ kind, place, advice }: Recognized): string | undefined {
  if (kind === "array") return 'a JWK Set is an object, {"keys": […]}';
  if (advice !== undefined) return advice;
  if (kind !== "opaque") return undefined;
  if (place === BASIC) return "base64 is no encryption, so do not pass it on";
  return place === CURL_ALONE ? "nothing in it can be looked at here" : "only its issuer can say what it stands for";
}

/** What some texts without a JWT are called. */
const BASIC = "a name and a password for HTTP, without a JWT";
const CURL_ALONE = "a curl command without a JWT";

const NAMES = {
  answer: `${TOKEN_ANSWER}, without a JWT`,
  array: "an array of JWKs",
  discovery: "the discovery document of an issuer",
  document: "a document of another system",
  hash: "a stored hash",
  key: "a key",
  opaque: "a text without a JWT",
  secret: "a secret",
  unknown: "unknown",
  url: "a URL",
} as const;

/** A compact JWS or JWE, with what is often copied along; not one that holds a key (RFC 7517 §7). */
export function isToken(text: string): boolean {
  const { token } = bareToken(text);
  if (!isCompact(token)) return false;
  return !/^jwk(-set)?\+json$/.test(String(objectInSegment(token.split(".", 1)[0])?.cty));
}

/** An object of JSON, also with the quotation marks of Python or of a word processor. */
const BEGINS_AS_JSON = /^\{\s*["'}\u201c\u201d\u201e]/;

/** JSON, PEM, a key in the format of another program, or an encrypted JWK. A stored hash begins otherwise. */
export function isKey(text: string): boolean {
  return (
    BEGINS_AS_JSON.test(text) ||
    /-----BEGIN |^[-\u2010-\u2015]{1,8}BEGIN [A-Z0-9 ]{1,64}[-\u2010-\u2015]|^---- BEGIN |^PuTTY-User-Key|^ssh-|^ecdsa-sha2-/.test(
      text,
    ) ||
    PEM_IN_BASE64.test(text) ||
    jwkInBase64(text) !== undefined ||
    isCompact(text) ||
    derOfBase64(text) !== undefined
  );
}

/** Formats of stored hashes that no import reads are still named. */
export function looksLikeHash(text: string): boolean {
  return (
    isEscaped(text) ||
    (!text.includes("\n") &&
      /^([$*{!_:#]|\d\||pbkdf2|sha\d*[$:]|md5[$:]|scrypt:|argon2|bcrypt|[0-9a-f]{32,}|[./A-Za-z0-9+=]{13,88}$|SCRAM)/i.test(
        text,
      ))
  );
}
