// Tokens and cases: a token is described by its parts, and by how it is corrupted.

import { base64url } from "./make-material.mjs";

/** The time of every case that does not say another: 2027-01-15T08:00:00Z. */
export const NOW = 1_800_000_000;

/** Claims that any verifier accepts at `NOW`. */
export const CLAIMS = { sub: "alice", iat: NOW, exp: NOW + 900 };

const bytesOfPart = (part) =>
  Buffer.isBuffer(part) ? part : Buffer.from(typeof part === "string" ? part : JSON.stringify(part));

/**
 * A compact token.
 * - `by`: the key that signs; `signedBy`: another one that signs instead, or a function of the signing input;
 * - `header`, `payload`: a value, a text, or bytes; the header's default is `{ alg, typ: "JWT" }`;
 * - `segments`: changes [header, payload] segments before they are signed, so that the signature is right;
 * - `signature`: changes the signature's bytes; `signatureText`: changes its base64url text;
 * - `after`: changes the finished token.
 */
export function token(parts) {
  const { by, signedBy = by, payload = CLAIMS, segments, signature, signatureText, after } = parts;
  const { header = { alg: by.alg, typ: "JWT" } } = parts;
  let pair = [base64url(bytesOfPart(header)), base64url(bytesOfPart(payload))];
  if (segments) pair = segments(...pair);
  const input = Buffer.from(pair.join("."));
  const made = typeof signedBy === "function" ? signedBy(input) : signedBy.sign(input);
  const bytes = signature ? signature(made) : made;
  const text = signatureText ? signatureText(base64url(bytes)) : base64url(bytes);
  const finished = `${pair.join(".")}.${text}`;
  return after ? after(finished) : finished;
}

const read = (part) => (typeof part === "string" || Buffer.isBuffer(part) ? JSON.parse(part.toString()) : part);

/** A case that `verify` accepts. `more` may give keys, options, now, and the expected header or claims. */
export function accepts(name, source, parts, more = {}) {
  const { header = { alg: parts.by.alg, typ: "JWT" }, payload = CLAIMS } = parts;
  const ok = { header: more.header ?? read(header), claims: more.claims ?? read(payload) };
  return verifyCase(`accepts_${name}`, source, parts, more, { ok });
}

/** A case that `verify` refuses with an error of make-errors.mjs. */
export function refuses(name, source, parts, error, more = {}) {
  return verifyCase(`refuses_${name}`, source, parts, more, { error });
}

function verifyCase(name, source, parts, more, expect) {
  const { keys = parts.by.name, options, now = NOW } = more;
  return { name, source, op: "verify", token: parts.raw ?? token(parts), keys, options, now, expect };
}

/** A case of any other operation. */
export function answers(op, name, source, inputs, ok) {
  return { name, source, op, ...inputs, expect: { ok } };
}

export function fails(op, name, source, inputs, error) {
  return { name, source, op, ...inputs, expect: { error } };
}

/** A case of what a set publishes: these keys, for signatures. */
export const publishes = (name, source, inputs, { keys }) =>
  answers("keySet", name, source, inputs, { keys: keys.map((key) => ({ ...key, use: "sig" })) });

/** The key table of a file: public parts for the asymmetric keys. */
export const keyTable = (...keys) => Object.fromEntries(keys.map((key) => [key.name, key.spec]));

/** Claims with some replaced, added, or (with undefined) left out. */
export const claimsWith = (changes) => JSON.parse(JSON.stringify({ ...CLAIMS, ...changes }));

/** The claims' JSON text with one member given as raw text, for values that JavaScript cannot write. */
export function claimsText(name, rawValue, base = CLAIMS) {
  const rest = Object.entries(base).filter(([other]) => other !== name);
  const members = rest.map(([other, value]) => `${JSON.stringify(other)}:${JSON.stringify(value)}`);
  return `{${[...members, `${JSON.stringify(name)}:${rawValue}`].join(",")}}`;
}
