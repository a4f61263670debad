// Reading without checking: the form is judged as for any token, the signature and the claims are not.

import { answers, CLAIMS, fails, NOW, token } from "./make-compact.mjs";
import {
  isPadded,
  notBase64url,
  notJson,
  notObject,
  repeats,
  threeSegments,
  tooDeep,
  tooLong,
} from "./make-errors.mjs";
import { base64url, ed25519, hs256, other256 } from "./make-material.mjs";

const by = hs256;
const shown = "countersign: decodeUnverified shows, it does not judge";
const form = "countersign: the form is judged as for verify";

const reads = (name, parts, ok = {}) => {
  const { header = { alg: parts.by.alg, typ: "JWT" }, payload = CLAIMS } = parts;
  return answers("decode", `decodes_${name}`, shown, { token: token(parts) }, { header, claims: payload, ...ok });
};
const refuses = (name, parts, error) =>
  fails("decode", `refuses_to_decode_${name}`, form, { token: parts.raw ?? token(parts) }, error);
const [header, payload, signature] = token({ by }).split(".");

export default {
  description: "decodeUnverified: header and claims of a token that nobody has checked.",
  cases: [
    reads("a_token", { by }),
    reads("an_ed25519_token", { by: ed25519 }),
    reads("a_token_with_a_wrong_signature", { by, signedBy: other256 }),
    reads("a_token_with_an_empty_signature", { by, signatureText: () => "" }),
    reads("a_token_with_alg_none", { by, header: { alg: "none" }, signatureText: () => "" }),
    reads("a_token_of_an_alg_it_does_not_know", { by, header: { alg: "XY999" } }),
    reads("a_token_without_alg", { by, header: { typ: "JWT" } }),
    reads("a_token_with_crit", { by, header: { alg: "HS256", crit: ["x"], x: 1 } }),
    reads("a_token_whose_kid_is_a_number", { by, header: { alg: "HS256", kid: 5 } }),
    reads("an_expired_token", { by, payload: { exp: 1 } }),
    reads("a_token_without_claims", { by, payload: {} }),
    reads("claims_of_any_type", { by, payload: { exp: "soon", iss: ["a"], aud: 5, sub: null } }),
    reads("a_claim_named_proto", { by, payload: JSON.parse('{"__proto__":{"admin":true}}') }),
    reads("a_token_from_the_future", { by, payload: { iat: NOW * 2, nbf: NOW * 2 } }),

    refuses("an_empty_token", { raw: "" }, threeSegments),
    refuses("two_segments", { raw: `${header}.${payload}` }, threeSegments),
    refuses("four_segments", { raw: `${header}.${payload}.${signature}.` }, threeSegments),
    refuses("a_token_of_16385_bytes", { raw: "a".repeat(16385) }, tooLong()),
    refuses("16384_letters_by_their_length", { raw: "a".repeat(16384) }, threeSegments),
    refuses(
      "a_token_with_white_space_before_it",
      { raw: ` ${header}.${payload}.${signature}` },
      notBase64url("header"),
    ),
    refuses(
      "a_token_with_white_space_after_it",
      { raw: `${header}.${payload}.${signature} ` },
      notBase64url("signature"),
    ),
    refuses("a_padded_payload", { by, payload: '{"a":1}', segments: (h, p) => [h, `${p}==`] }, isPadded("payload")),
    refuses(
      "a_padded_payload_that_is_not_canonical",
      { by, payload: '{"a":1}', segments: (h, p) => [h, `${p.slice(0, -1)}R==`] },
      notBase64url("payload"),
    ),
    refuses("a_signature_that_is_not_base64url", { by, signatureText: () => "*" }, notBase64url("signature")),
    refuses("a_header_that_is_not_json", { by, header: "{" }, notJson("header")),
    refuses("a_header_that_is_an_array", { by, header: "[]" }, notObject("header")),
    refuses("a_header_that_repeats_a_name", { by, header: '{"alg":"none","alg":"HS256"}' }, repeats("header")),
    refuses("a_payload_that_is_not_utf_8", { by, payload: Buffer.from([0x7b, 0xff, 0x7d]) }, notJson("payload")),
    refuses("a_payload_with_a_lone_surrogate", { by, payload: '{"a":"\\ud800"}' }, notJson("payload")),
    refuses("a_payload_with_a_number_beyond_a_double", { by, payload: '{"exp":1e400}' }, notJson("payload")),
    refuses("a_payload_that_is_a_string", { by, payload: '"text"' }, notObject("payload")),
    refuses("a_payload_that_repeats_a_name", { by, payload: '{"a":1,"a":2}' }, repeats("payload")),
    refuses("a_payload_of_65_levels", { by, payload: `{"a":${"[".repeat(64)}${"]".repeat(64)}}` }, tooDeep("payload")),
    refuses("an_empty_payload", { raw: `${header}..${signature}` }, notJson("payload")),
    refuses("the_header_s_fault_before_the_payload_s", { raw: `${base64url("{")}.*.*` }, notJson("header")),
    refuses(
      "the_encoding_of_the_signature_before_the_payload_s_json",
      { by, payload: "{", signatureText: () => "*" },
      notBase64url("signature"),
    ),
  ],
};
