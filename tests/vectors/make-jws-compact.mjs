// Compact JWS as the cases about them are told.

import { casesOf, compact, said } from "./make-jws.mjs";
import { hmacKey, hs256 } from "./make-material.mjs";

export const { gives, refuses } = casesOf("verifyJws");
export const signs = casesOf("signJws");

export const by = hs256;
export const alg = "HS256";
export const TEXT = "any bytes";
export const named = hmacKey("named", alg, hs256.secret, { kid: "one" });
export const unencoded = { alg, b64: false, crit: ["b64"] };

export const form = "RFC 7515 §7.1";
export const strict = "countersign: as strict as for tokens";
export const appendixF = "RFC 7515 appendix F";
export const critRule = "RFC 7515 §4.1.11";
export const rule = "RFC 7797 §6: b64 false is critical";
export const binding = "RFC 8725 §3.1: one key, one algorithm";

/** A case that is accepted: `parts` make the JWS. */
export const good = (name, source, parts, more = {}) => {
  const { header = { alg: parts.by.alg }, payload } = parts;
  const ok = { header, payload: said(payload) };
  return gives(`accepts_a_jws_${name}`, source, { jws: compact(parts), keys: parts.by.name, ...more }, ok);
};
export const bad = (name, source, parts, error, more = {}) =>
  refuses(`refuses_a_jws_${name}`, source, { jws: compact(parts), keys: parts.by.name, ...more }, error);
export const plain = (more = {}) => ({ by, payload: TEXT, ...more });

export const PRINTABLE = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index))
  .join("")
  .replace(".", "");
export const UNPRINTABLE = {
  a_line_feed: "a\nb",
  a_tab: "a\tb",
  a_nul: "a\0b",
  a_delete: "a\u007fb",
  a_letter_outside_ascii: "\u00e9",
};

export const sign = (name, source, { key = "hs256", payload = TEXT, options }, ok) =>
  signs.gives(`signs_a_jws_${name}`, source, { payload: said(payload), key, options }, ok);
