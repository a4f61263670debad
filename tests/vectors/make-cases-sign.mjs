// Issuing: the exact token, for HMAC and Ed25519 are deterministic. Claims are in alphabetical order, so that a reader
// that sorts members makes the same text. The claims from options follow, in the order of RFC 7519 §4.1.

import { answers, keyTable, NOW } from "./make-compact.mjs";
import { publicCannotSign } from "./make-errors.mjs";
import { ed25519, ed25519Key, hmacKey, hs256, hs384, hs512 } from "./make-material.mjs";
import { header, refuses, STAMPS, signs, withKid } from "./make-sign.mjs";

const named = { ...ed25519Key("named", ed25519.seed, { alg: "Ed25519" }) };
const strangeKid = hmacKey("strange_kid", "HS256", hs256.secret, { kid: 'ключ "1"\\\n' });
const privateTable = Object.fromEntries([ed25519, named].map((key) => [key.name, key.privateSpec]));

const fifteen = "countersign: 15 minutes by default";
const stamps = "RFC 7519 §4.1: what the options stamp";

/** The claims of RFC 7519 in the order in which they are stamped. */
const ordered = (claims) =>
  Object.fromEntries(
    ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"]
      .filter((name) => name in claims)
      .map((name) => [name, claims[name]]),
  );
const stamped = (claims) => ordered({ ...STAMPS, ...claims });

export default {
  description: "Tokens as they are issued, byte for byte.",
  keys: { ...keyTable(hs256, hs384, hs512, withKid, strangeKid), ...privateTable, public: ed25519.spec },
  cases: [
    signs("with_hs256", "RFC 7515 §5.1", { payload: STAMPS }),
    signs("with_hs384", "RFC 7515 §5.1", { key: hs384, payload: STAMPS }),
    signs("with_hs512", "RFC 7515 §5.1", { key: hs512, payload: STAMPS }),
    signs("with_eddsa", "RFC 8037 §3.1", { key: ed25519, payload: STAMPS }),
    signs("with_ed25519_under_its_own_name", "RFC 9864 §2.2", { key: named, payload: STAMPS }),
    signs("with_the_kid_of_the_key", "RFC 7515 §4.1.4", {
      key: withKid,
      payload: STAMPS,
      head: header(withKid, { kid: "2026-11" }),
    }),
    signs("with_a_kid_that_wants_escapes", "RFC 8259 §7", {
      key: strangeKid,
      payload: STAMPS,
      head: header(strangeKid, { kid: 'ключ "1"\\\n' }),
    }),
    refuses("anything_with_a_public_key", "RFC 8037 §3.1.1", { key: "public" }, publicCannotSign),

    signs("claims_and_keeps_their_order", stamps, {
      claims: { a: 1, b: [2, { c: null }], d: "e" },
      payload: { a: 1, b: [2, { c: null }], d: "e", ...STAMPS },
    }),
    signs("a_nested_object_and_leaves_it_alone", stamps, {
      claims: { x: { exp: 1, iat: "no", iss: 5 } },
      payload: { x: { exp: 1, iat: "no", iss: 5 }, ...STAMPS },
    }),
    signs("text_outside_ascii", "RFC 8259 §8.1", { claims: { sub: "Zoë 😀" }, payload: { sub: "Zoë 😀", ...STAMPS } }),
    signs("a_claim_named_proto", "countersign: __proto__ is a name like any other", {
      claims: JSON.parse('{"__proto__":{"admin":true}}'),
      payload: `{"__proto__":{"admin":true},"exp":${NOW + 900},"iat":${NOW}}`,
    }),
    signs("fractions", "RFC 7519 §2: NumericDate may have a fraction", {
      claims: { exp: NOW + 0.5, iat: NOW - 0.25 },
      payload: { exp: NOW + 0.5, iat: NOW - 0.25 },
    }),

    signs("at_the_second_that_now_is_within", `${fifteen}; iat in whole seconds`, {
      now: NOW + 0.999,
      payload: STAMPS,
    }),
    signs("at_the_epoch", "countersign: 0 is a time like any other", { now: 0, payload: { exp: 900, iat: 0 } }),
    signs("a_token_of_an_hour", stamps, { options: { expiresIn: 3600 }, payload: { ...STAMPS, exp: NOW + 3600 } }),
    ...Object.entries({
      "90s": 90,
      "15m": 900,
      "2h": 7200,
      "1d": 86400,
      "2w": 1209600,
      "1.5h": 5400,
      "0.5m": 30,
      "007s": 7,
    }).map(([text, seconds]) =>
      signs(`a_token_of_${text.replace(".", "_")}`, "countersign: durations", {
        options: { expiresIn: text },
        payload: { ...STAMPS, exp: NOW + seconds },
      }),
    ),
    signs("a_duration_of_fifteen_digits", "countersign: durations", {
      options: { expiresIn: "123456789012.345s" },
      payload: { ...STAMPS, exp: NOW + 123456789012.345 },
    }),
    signs("the_longest_duration", "countersign: at most 2^53 - 1 seconds", {
      options: { expiresIn: "14892855910w" },
      payload: { ...STAMPS, exp: NOW + 14892855910 * 604800 },
    }),
    signs("the_longest_number_that_is_no_time", "countersign: a larger one is a time", {
      options: { expiresIn: 999999999 },
      payload: { ...STAMPS, exp: NOW + 999999999 },
    }),
    signs("fractions_of_a_second_to_the_millisecond", "countersign: no clock here is finer", {
      options: { expiresIn: 1.2346 },
      payload: { ...STAMPS, exp: NOW + 1.235 },
    }),
    signs("no_fraction_below_a_millisecond", "countersign: no clock here is finer", {
      options: { expiresIn: 1.0004 },
      payload: { ...STAMPS, exp: NOW + 1 },
    }),
    signs("a_token_of_a_fraction_of_a_second", stamps, {
      options: { expiresIn: 0.5 },
      payload: { ...STAMPS, exp: NOW + 0.5 },
    }),
    signs("a_token_that_ends_as_it_starts", "countersign: 0 is a number like any other", {
      options: { expiresIn: 0 },
      payload: { ...STAMPS, exp: NOW },
    }),
    signs("a_token_without_end", "countersign: null for expiresIn", {
      options: { expiresIn: null },
      payload: { iat: NOW },
    }),
    signs("a_token_without_iat", stamps, { options: { issuedAt: false }, payload: { exp: NOW + 900 } }),
    signs("a_token_without_any_stamp", stamps, { options: { expiresIn: null, issuedAt: false }, payload: "{}" }),
    signs("a_token_with_claims_and_without_any_stamp", stamps, {
      claims: { a: 1 },
      options: { expiresIn: null, issuedAt: false },
      payload: { a: 1 },
    }),
    signs("a_token_that_starts_later", stamps, { options: { notBefore: 60 }, payload: stamped({ nbf: NOW + 60 }) }),
    signs("a_token_that_starts_now", stamps, { options: { notBefore: "0s" }, payload: stamped({ nbf: NOW }) }),
    signs("a_token_with_an_audience", stamps, { options: { audience: "api" }, payload: stamped({ aud: "api" }) }),
    signs("a_token_with_an_audience_in_a_list", stamps, {
      options: { audience: ["api"] },
      payload: stamped({ aud: ["api"] }),
    }),
    signs("a_token_with_several_audiences", stamps, {
      options: { audience: ["api", "admin"] },
      payload: stamped({ aud: ["api", "admin"] }),
    }),
    signs("a_token_with_a_jti", stamps, { options: { jwtId: "42" }, payload: stamped({ jti: "42" }) }),
    signs("a_token_with_quotes_in_its_subject", "RFC 8259 §7", {
      options: { subject: 'a"b\\c\n' },
      payload: stamped({ sub: 'a"b\\c\n' }),
    }),
    signs("a_token_with_everything", stamps, {
      claims: { scope: "read write" },
      options: {
        issuer: "https://login.example",
        subject: "alice",
        audience: "api",
        expiresIn: "1h",
        notBefore: 0,
        issuedAt: true,
        jwtId: "1",
      },
      payload: {
        scope: "read write",
        iss: "https://login.example",
        sub: "alice",
        aud: "api",
        exp: NOW + 3600,
        nbf: NOW,
        iat: NOW,
        jti: "1",
      },
    }),
    answers(
      "signClaims",
      "draws_a_jti_at_random",
      stamps,
      { claims: { sub: "alice" }, key: hs256.name, options: { jwtId: true }, now: NOW },
      {
        header: header(hs256),
        claims: { sub: "alice", ...STAMPS, jti: "<jti>" },
      },
    ),
  ],
};
