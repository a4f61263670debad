// Issuing: the exact token, for HMAC and Ed25519 are deterministic. Claims stand in alphabetical order, so that a reader
// that sorts members makes the same text; what the options stamp stands behind them, in the order of RFC 7519 §4.1.

import { answers, fails, keyTable, NOW, token } from "./make-compact.mjs";
import { claimsValue, givenTwice, notNumber, notString, audType, optionInvalid, publicCannotSign, wrongOption } from "./make-errors.mjs";
import { ed25519, ed25519Key, hmacKey, hs256, hs384, hs512 } from "./make-material.mjs";

const named = { ...ed25519Key("named", ed25519.seed, { alg: "Ed25519" }) };
const withKid = hmacKey("with_kid", "HS256", hs256.secret, { kid: "2026-11" });
const privateTable = Object.fromEntries([ed25519, named].map((key) => [key.name, key.privateSpec]));

/** The default stamps of a token issued at `NOW`. */
const STAMPS = { exp: NOW + 900, iat: NOW };
const header = (key, more = {}) => ({ alg: key.alg, typ: "JWT", ...more });

/** A case whose token has this header and these claims, in this order. */
function signs(name, source, { key = hs256, claims = {}, options, now = NOW, payload, head = header(key) }) {
  const ok = token({ by: key, header: head, payload });
  return answers("sign", `signs_${name}`, source, { claims, key: key.name, options, now }, ok);
}
function refuses(name, source, { key = hs256.name, claims = {}, options, now = NOW }, error) {
  return fails("sign", `refuses_to_sign_${name}`, source, { claims, key, options, now }, error);
}

const fifteen = "countersign: 15 minutes by default";
const stamps = "RFC 7519 §4.1: what the options stamp";
const wins = "countersign: a claim given wins over the default";
const twice = "countersign: the same claim in claims and options";
const types = "RFC 7519 §4.1: what we issue, we accept";
const headerRule = "countersign: header parameters the library decides";

/** [option, claim, a value for the option, a value for the claim, what the option stamps] */
const PAIRS = [
  ["expiresIn", "exp", 60, NOW + 1, { exp: NOW + 60 }],
  ["notBefore", "nbf", 60, NOW + 1, { nbf: NOW + 60 }],
  ["issuer", "iss", "a", "b", { iss: "a" }],
  ["audience", "aud", "a", "b", { aud: "a" }],
  ["subject", "sub", "a", "b", { sub: "a" }],
  ["jwtId", "jti", "a", "b", { jti: "a" }],
  ["issuedAt", "iat", true, NOW - 1, { iat: NOW }],
];

/** The claims of RFC 7519 in the order in which they are stamped. */
const ordered = (claims) =>
  Object.fromEntries(["iss", "sub", "aud", "exp", "nbf", "iat", "jti"].filter((name) => name in claims).map((name) => [name, claims[name]]));
const stamped = (claims) => ordered({ ...STAMPS, ...claims });

const NOT_HEADERS = ["alg", "typ", "kid", "crit", "b64", "zip"];

export default {
  description: "Tokens as they are issued, byte for byte.",
  keys: { ...keyTable(hs256, hs384, hs512, withKid), ...privateTable, public: ed25519.spec },
  cases: [
    signs("with_hs256", "RFC 7515 §5.1", { payload: STAMPS }),
    signs("with_hs384", "RFC 7515 §5.1", { key: hs384, payload: STAMPS }),
    signs("with_hs512", "RFC 7515 §5.1", { key: hs512, payload: STAMPS }),
    signs("with_eddsa", "RFC 8037 §3.1", { key: ed25519, payload: STAMPS }),
    signs("with_ed25519_under_its_own_name", "RFC 9864 §2.2", { key: named, payload: STAMPS }),
    signs("with_the_kid_of_the_key", "RFC 7515 §4.1.4", { key: withKid, payload: STAMPS, head: header(withKid, { kid: "2026-11" }) }),
    refuses("anything_with_a_public_key", "RFC 8037 §3.1.1", { key: "public" }, publicCannotSign),

    signs("claims_and_keeps_their_order", stamps, { claims: { a: 1, b: [2, { c: null }], d: "e" }, payload: { a: 1, b: [2, { c: null }], d: "e", ...STAMPS } }),
    signs("a_nested_object_and_leaves_it_alone", stamps, { claims: { x: { exp: 1, iat: "no", iss: 5 } }, payload: { x: { exp: 1, iat: "no", iss: 5 }, ...STAMPS } }),
    signs("text_outside_ascii", "RFC 8259 §8.1", { claims: { sub: "Zoë 😀" }, payload: { sub: "Zoë 😀", ...STAMPS } }),
    signs("a_claim_named_proto", "countersign: __proto__ is a name like any other", {
      claims: JSON.parse('{"__proto__":{"admin":true}}'),
      payload: `{"__proto__":{"admin":true},"exp":${NOW + 900},"iat":${NOW}}`,
    }),
    signs("fractions", "RFC 7519 §2: NumericDate may have a fraction", { claims: { exp: NOW + 0.5, iat: NOW - 0.25 }, payload: { exp: NOW + 0.5, iat: NOW - 0.25 } }),

    signs("at_the_second_that_now_is_within", `${fifteen}; iat in whole seconds`, { now: NOW + 0.999, payload: STAMPS }),
    signs("at_the_epoch", "countersign: 0 is a time like any other", { now: 0, payload: { exp: 900, iat: 0 } }),
    signs("a_token_of_an_hour", stamps, { options: { expiresIn: 3600 }, payload: { ...STAMPS, exp: NOW + 3600 } }),
    ...Object.entries({ "90s": 90, "15m": 900, "2h": 7200, "1d": 86400, "2w": 1209600, "1.5h": 5400, "0.5m": 30, "007s": 7 }).map(([text, seconds]) =>
      signs(`a_token_of_${text.replace(".", "_")}`, "countersign: durations", { options: { expiresIn: text }, payload: { ...STAMPS, exp: NOW + seconds } }),
    ),
    signs("a_token_of_a_fraction_of_a_second", stamps, { options: { expiresIn: 0.5 }, payload: { ...STAMPS, exp: NOW + 0.5 } }),
    signs("a_token_that_ends_as_it_starts", "countersign: 0 is a number like any other", { options: { expiresIn: 0 }, payload: { ...STAMPS, exp: NOW } }),
    signs("a_token_without_end", "countersign: null for expiresIn", { options: { expiresIn: null }, payload: { iat: NOW } }),
    signs("a_token_without_iat", stamps, { options: { issuedAt: false }, payload: { exp: NOW + 900 } }),
    signs("a_token_without_any_stamp", stamps, { options: { expiresIn: null, issuedAt: false }, payload: "{}" }),
    signs("a_token_with_claims_and_without_any_stamp", stamps, { claims: { a: 1 }, options: { expiresIn: null, issuedAt: false }, payload: { a: 1 } }),
    signs("a_token_that_starts_later", stamps, { options: { notBefore: 60 }, payload: stamped({ nbf: NOW + 60 }) }),
    signs("a_token_that_starts_now", stamps, { options: { notBefore: "0s" }, payload: stamped({ nbf: NOW }) }),
    signs("a_token_with_an_audience", stamps, { options: { audience: "api" }, payload: stamped({ aud: "api" }) }),
    signs("a_token_with_an_audience_in_a_list", stamps, { options: { audience: ["api"] }, payload: stamped({ aud: ["api"] }) }),
    signs("a_token_with_several_audiences", stamps, { options: { audience: ["api", "admin"] }, payload: stamped({ aud: ["api", "admin"] }) }),
    signs("a_token_with_a_jti", stamps, { options: { jwtId: "42" }, payload: stamped({ jti: "42" }) }),
    signs("a_token_with_quotes_in_its_subject", "RFC 8259 §7", { options: { subject: 'a"b\\c\n' }, payload: stamped({ sub: 'a"b\\c\n' }) }),
    signs("a_token_with_everything", stamps, {
      claims: { scope: "read write" },
      options: { issuer: "https://login.example", subject: "alice", audience: "api", expiresIn: "1h", notBefore: 0, issuedAt: true, jwtId: "1" },
      payload: { scope: "read write", iss: "https://login.example", sub: "alice", aud: "api", exp: NOW + 3600, nbf: NOW, iat: NOW, jti: "1" },
    }),
    answers("signClaims", "draws_a_jti_at_random", stamps, { claims: { sub: "alice" }, key: hs256.name, options: { jwtId: true }, now: NOW }, {
      header: header(hs256),
      claims: { sub: "alice", ...STAMPS, jti: "<jti>" },
    }),

    signs("an_exp_that_is_given", wins, { claims: { exp: NOW + 60 }, payload: { exp: NOW + 60, iat: NOW } }),
    signs("an_exp_that_is_given_in_the_past", wins, { claims: { exp: 1 }, payload: { exp: 1, iat: NOW } }),
    signs("an_iat_that_is_given", wins, { claims: { iat: NOW - 60 }, payload: { iat: NOW - 60, exp: NOW + 900 } }),
    signs("an_iat_that_is_given_when_none_is_to_be_stamped", wins, { claims: { iat: 5 }, options: { issuedAt: false }, payload: { iat: 5, exp: NOW + 900 } }),
    signs("the_registered_claims_that_are_given", wins, {
      claims: { aud: ["x"], exp: NOW + 1, iat: NOW, iss: "i", jti: "j", nbf: NOW, sub: "s" },
      payload: { aud: ["x"], exp: NOW + 1, iat: NOW, iss: "i", jti: "j", nbf: NOW, sub: "s" },
    }),
    ...PAIRS.flatMap(([option, claim, optionValue, claimValue, stamp]) => [
      signs(`the_option_${option.toLowerCase()}`, stamps, { options: { [option]: optionValue }, payload: stamped(stamp) }),
      refuses(`${claim}_given_twice`, twice, { claims: { [claim]: claimValue }, options: { [option]: optionValue } }, givenTwice(claim)),
    ]),
    refuses("an_exp_with_expires_in_null", twice, { claims: { exp: NOW + 60 }, options: { expiresIn: null } }, givenTwice("exp")),
    refuses("a_jti_with_a_random_one", twice, { claims: { jti: "1" }, options: { jwtId: true } }, givenTwice("jti")),

    ...["exp", "nbf", "iat"].flatMap((claim) => [
      refuses(`a_string_as_${claim}`, types, { claims: { [claim]: "5" } }, notNumber(claim)),
      refuses(`null_as_${claim}`, types, { claims: { [claim]: null } }, notNumber(claim)),
    ]),
    ...["iss", "sub", "jti"].flatMap((claim) => [
      refuses(`a_number_as_${claim}`, types, { claims: { [claim]: 5 } }, notString(claim)),
      refuses(`null_as_${claim}`, types, { claims: { [claim]: null } }, notString(claim)),
    ]),
    refuses("a_number_as_aud", types, { claims: { aud: 5 } }, audType),
    refuses("an_array_with_a_number_as_aud", types, { claims: { aud: ["a", 5] } }, audType),
    refuses("an_array_of_claims", "RFC 7519 §4: a JSON object", { claims: [1] }, claimsValue("is not a JSON object")),
    refuses("null_for_claims", "RFC 7519 §4: a JSON object", { claims: null }, claimsValue("is not a JSON object")),
    refuses("a_string_for_claims", "RFC 7519 §4: a JSON object", { claims: "{}" }, claimsValue("is not a JSON object")),
    refuses("claims_of_65_levels", "countersign: what we issue, we accept", { claims: { x: JSON.parse("[".repeat(64) + "]".repeat(64)) } }, claimsValue("nests deeper than 64 levels")),
    signs("claims_of_64_levels", "countersign: what we issue, we accept", { claims: { x: JSON.parse("[".repeat(63) + "]".repeat(63)) }, payload: { x: JSON.parse("[".repeat(63) + "]".repeat(63)), ...STAMPS } }),

    signs("another_typ", "RFC 9068 §2.1", { options: { typ: "at+jwt" }, payload: STAMPS, head: { alg: "HS256", typ: "at+jwt" } }),
    signs("header_parameters", "RFC 7515 §4", { options: { header: { cty: "JWT", x: [1, "a"] } }, payload: STAMPS, head: header(hs256, { cty: "JWT", x: [1, "a"] }) }),
    signs("header_parameters_after_the_kid", "RFC 7515 §4", { key: withKid, options: { header: { jku: "https://login.example/jwks" } }, payload: STAMPS, head: header(withKid, { kid: "2026-11", jku: "https://login.example/jwks" }) }),
    signs("an_empty_header_option", "RFC 7515 §4", { options: { header: {} }, payload: STAMPS }),
    ...NOT_HEADERS.map((name) =>
      refuses(`a_header_option_that_sets_${name}`, headerRule, { options: { header: { [name]: "x" } } }, optionInvalid(`option "header" must not set "${name}"`)),
    ),
    refuses("a_header_option_whose_cty_is_no_string", types, { options: { header: { cty: 5 } } }, optionInvalid('option "header": "cty" header is not a string')),
    refuses("a_header_option_of_65_levels", "countersign: what we issue, we accept", { options: { header: { x: JSON.parse("[".repeat(64) + "]".repeat(64)) } } }, optionInvalid('option "header" nests deeper than 64 levels')),
    refuses("an_empty_list_of_audiences", types, { options: { audience: [] } }, wrongOption("audience", "a string or a non-empty array of strings")),
  ],
};
