// Tokens that are wrong in two ways: which fault is told is part of the interface, and the same in every runtime.

import { CLAIMS, claimsWith, keyTable, NOW, refuses, token } from "./make-compact.mjs";
import * as errors from "./make-errors.mjs";
import { base64url, ed25519, hs256, other256 } from "./make-material.mjs";

const by = hs256;
const alg = "HS256";
const order = "countersign: the order of checks";
const trust = "countersign: no claim is read before the signature is right";

/** The base64url of a text, corrupted by a character outside the alphabet. */
const corrupted = (text) => `${base64url(text)}*`;
const good = token({ by }).split(".");
const having = (members) => ({ by, header: { alg, ...members } });
const wrongSignature = (parts) => ({ by, signedBy: other256, ...parts });
const told = (name, parts, error, options, source = order) => refuses(name, source, parts, error, { options });
const both = (first, second, changes, error, options) =>
  told(`${first}_before_${second}`, { by, payload: claimsWith(changes) }, error, options);
const BAD = { exp: "x", nbf: "x", iat: "x", iss: 5, sub: 5, jti: 5, aud: 5 };
const badFrom = (first) => {
  const names = Object.keys(BAD);
  return Object.fromEntries(names.slice(names.indexOf(first)).map((name) => [name, BAD[name]]));
};

const everything = { issuer: "i", audience: "a", subject: "s", maxAge: 60, requiredClaims: ["scope"] };
const present = { iss: "i", sub: "s", aud: "a", iat: NOW, scope: "x" };

export default {
  description: "Tokens with two faults: the first in the order of checks is told.",
  keys: keyTable(hs256, other256, ed25519),
  cases: [
    told("a_token_too_long_before_its_segments", { by, raw: "a.".repeat(9000) }, errors.tooLong()),
    told("four_segments_before_their_encoding", { by, raw: `${corrupted("{}")}.*.*.*` }, errors.threeSegments),
    told(
      "the_header_s_encoding_before_the_payload_s",
      { by, raw: `${corrupted("{}")}.*.${good[2]}` },
      errors.notBase64url("header"),
    ),
    told("the_header_s_encoding_before_the_signature_s", { by, raw: `*.${good[1]}.*` }, errors.notBase64url("header")),
    told(
      "the_header_s_json_before_the_signature_s_encoding",
      { by, raw: `${base64url("{")}.${good[1]}.*` },
      errors.notJson("header"),
    ),
    told("a_missing_alg_before_crit", { by, header: { crit: [] } }, errors.missingAlg),
    told("the_form_of_crit_before_b64", having({ crit: [], b64: false }), errors.critForm),
    told("the_form_of_crit_before_its_names", having({ crit: ["alg", 1] }), errors.critForm),
    told("a_registered_crit_before_an_absent_one", having({ crit: ["x", "typ"] }), errors.critRegistered),
    told("an_absent_crit_before_an_unknown_one", having({ crit: ["x", "y"], x: 1 }), errors.critAbsent),
    told("crit_before_b64", having({ crit: ["b64"], b64: false }), errors.critUnknown),
    told("b64_before_zip", having({ zip: "DEF", b64: false }), errors.b64Unsupported),
    told("zip_before_the_type_of_typ", having({ typ: 1, zip: "DEF" }), errors.zipUnsupported),
    told("the_type_of_typ_before_that_of_kid", having({ kid: 1, typ: 1 }), errors.headerNotString("typ")),
    told("the_type_of_kid_before_that_of_cty", having({ cty: 1, kid: 1 }), errors.headerNotString("kid")),
    told("the_type_of_cty_before_the_expected_typ", having({ typ: "JWT", cty: 1 }), errors.headerNotString("cty"), {
      typ: "at+jwt",
    }),
    told("the_expected_typ_before_the_alg", { by, header: { alg: "HS512", typ: "JWT" } }, errors.typUnexpected, {
      typ: "at+jwt",
    }),
    told("crit_before_the_alg", { by, header: { alg: "none", crit: ["x"], x: 1 } }, errors.critUnknown),
    told(
      "the_alg_before_the_signature_s_encoding",
      { by, header: { alg: "HS512" }, signatureText: () => "*" },
      errors.algMismatch,
    ),
    told("the_alg_before_the_signature", wrongSignature({ header: { alg: "HS512" } }), errors.algMismatch),
    told(
      "the_signature_s_encoding_before_the_payload_s",
      { by, segments: (h) => [h, "*"], signatureText: () => "*" },
      errors.notBase64url("signature"),
    ),
    told("crit_before_the_signature", wrongSignature({ header: { alg, crit: ["x"], x: 1 } }), errors.critUnknown),

    told(
      "the_signature_before_the_payload_s_encoding",
      wrongSignature({ segments: (h) => [h, "*"] }),
      errors.badSignature,
      undefined,
      trust,
    ),
    told(
      "the_signature_before_the_payload_s_json",
      wrongSignature({ payload: "{" }),
      errors.badSignature,
      undefined,
      trust,
    ),
    told(
      "the_signature_before_a_repeated_claim",
      wrongSignature({ payload: '{"exp":1,"exp":2}' }),
      errors.badSignature,
      undefined,
      trust,
    ),
    told(
      "the_signature_before_the_types_of_claims",
      wrongSignature({ payload: BAD }),
      errors.badSignature,
      undefined,
      trust,
    ),
    told("the_signature_before_a_missing_exp", wrongSignature({ payload: {} }), errors.badSignature, undefined, trust),
    told(
      "the_signature_before_the_issuer",
      wrongSignature({ payload: { ...CLAIMS, iss: "x" } }),
      errors.badSignature,
      { issuer: "y" },
      trust,
    ),
    told(
      "the_signature_before_the_expiry",
      wrongSignature({ payload: { exp: 1 } }),
      errors.badSignature,
      undefined,
      trust,
    ),
    told(
      "an_ed25519_signature_before_the_expiry",
      { by: ed25519, signedBy: other256, payload: { exp: 1 } },
      errors.badSignature,
      undefined,
      trust,
    ),

    both("the_type_of_exp", "that_of_nbf", badFrom("exp"), errors.notNumber("exp"), everything),
    both("the_type_of_nbf", "that_of_iat", badFrom("nbf"), errors.notNumber("nbf"), everything),
    both("the_type_of_iat", "that_of_iss", badFrom("iat"), errors.notNumber("iat"), everything),
    both("the_type_of_iss", "that_of_sub", badFrom("iss"), errors.notString("iss"), everything),
    both("the_type_of_sub", "that_of_jti", badFrom("sub"), errors.needsNumericSubject, everything),
    both("the_type_of_jti", "that_of_aud", badFrom("jti"), errors.notString("jti"), everything),
    both("the_type_of_aud", "a_missing_exp", { exp: undefined, aud: 5 }, errors.audType, everything),
    both("a_missing_exp", "a_missing_iss", { exp: undefined }, errors.missingExpiry, everything),
    both("a_missing_iss", "a_missing_aud", {}, errors.missing("iss"), everything),
    both("a_missing_aud", "a_missing_sub", { iss: "i", sub: undefined }, errors.missing("aud"), everything),
    both(
      "a_missing_sub",
      "a_missing_iat",
      { iss: "i", aud: "a", sub: undefined, iat: undefined },
      errors.missing("sub"),
      everything,
    ),
    both(
      "a_missing_iat",
      "a_demanded_claim",
      { ...present, iat: undefined, scope: undefined },
      errors.missing("iat"),
      everything,
    ),
    both(
      "a_demanded_claim",
      "the_issuer",
      { ...present, iss: "x", scope: undefined },
      errors.missing("scope"),
      everything,
    ),
    both("the_issuer", "the_audience", { ...present, iss: "x", aud: "x" }, errors.wrongIssuer, everything),
    both("the_audience", "the_subject", { ...present, aud: "x", sub: "x" }, errors.wrongAudience, everything),
    both("an_unexpected_audience", "the_subject", { ...present, sub: "x" }, errors.unexpectedAudience, {
      subject: "s",
    }),
    both("the_subject", "the_expiry", { ...present, sub: "x", exp: 1 }, errors.wrongSubject, everything),
    both("a_demanded_claim", "the_expiry", { exp: 1 }, errors.missing("scope"), { requiredClaims: ["scope"] }),
    both("the_expiry", "nbf", { exp: NOW, nbf: NOW + 1 }, errors.expired),
    both("nbf", "iat", { nbf: NOW + 61, iat: NOW + 61 }, errors.notYet),
    both("the_expiry", "the_maximum_age", { ...present, exp: NOW, iat: NOW - 61 }, errors.expired, everything),
    both("nbf", "the_maximum_age", { ...present, nbf: NOW + 1, iat: NOW - 61 }, errors.notYetBySeconds, everything),
  ].map((one) => ({ ...one, name: one.name.replace("refuses_", "tells_") })),
};
