// JWS over any bytes, compact and in JSON, and the cases about them.

import { answers, fails } from "./make-compact.mjs";
import { base64url } from "./make-material.mjs";

const bytes = (value) =>
  Buffer.from(typeof value === "object" && !Buffer.isBuffer(value) ? JSON.stringify(value) : value);

/** A payload as a vector says it. */
export const said = (payload) => base64url(bytes(payload));

/** What is printed in RFC 7520 §4 and signed there. */
export const PROSE =
  "It\u2019s a dangerous business, Frodo, going out your door. You step onto the road, and if you don't keep your feet, " +
  "there\u2019s no knowing where you might be swept off to.";

/** The claims of RFC 7515 A.1, to the letter. */
export const CLAIMS_OF_A1 = '{"iss":"joe",\r\n "exp":1300819380,\r\n "http://example.com/is_root":true}';

/** The parts of one signature: `by` signs `payload` under `header`, encoded unless `b64` is false. */
function signed({ by, header = { alg: by.alg }, payload, b64 = true, signedBy = by, protectedText }) {
  const head = protectedText ?? base64url(bytes(header));
  const body = b64 ? Buffer.from(said(payload)) : bytes(payload);
  return { head, body, signature: base64url(signedBy.sign(Buffer.concat([Buffer.from(`${head}.`), body]))) };
}

/** A compact JWS. `body` is its second segment, if that is not the signed text; empty if it is detached. */
export function compact(parts) {
  const { head, body, signature } = signed(parts);
  return `${head}.${parts.detached ? "" : (parts.body ?? body)}.${parts.signature ?? signature}`;
}

/** One signature of a JWS in JSON; `unprotected` is its `header`. */
export function signature({ unprotected, ...parts }) {
  const { head, signature: made } = signed(parts);
  return { protected: head, header: unprotected, signature: made };
}

/** The member `payload` of a JWS in JSON. */
export const member = (payload, b64 = true) => (b64 ? said(payload) : bytes(payload).toString());

/** The text of a flattened JWS; `members` are put over its own, those that are undefined left out. */
export const flattened = (parts, members = {}) =>
  JSON.stringify({ payload: member(parts.payload, parts.b64), ...signature(parts), ...members });

/** The text of a general JWS of several signatures over one payload. */
export function general({ payload, b64, signatures }, members = {}) {
  const made = signatures.map((parts) => (parts.by ? signature({ payload, b64, ...parts }) : parts));
  return JSON.stringify({ payload: member(payload, b64), signatures: made, ...members });
}

/** Makers of cases of one operation: what it accepts and gives, and what it refuses. */
export const casesOf = (op) => ({
  gives: (name, source, inputs, ok) => answers(op, name, source, inputs, ok),
  refuses: (name, source, inputs, error) => fails(op, name, source, inputs, error),
});
