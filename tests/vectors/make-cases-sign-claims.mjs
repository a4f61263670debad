// Issuing: claims that are given beside the options, header parameters, and what is refused in both.

import { keyTable, NOW } from "./make-compact.mjs";
import { audType, claimsFault, givenTwice, notNumber, notString, optionInvalid, wrongOption } from "./make-errors.mjs";
import { hs256 } from "./make-material.mjs";
import { header, refuses, STAMPS, signs, withKid } from "./make-sign.mjs";

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
  Object.fromEntries(
    ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"]
      .filter((name) => name in claims)
      .map((name) => [name, claims[name]]),
  );
const stamped = (claims) => ordered({ ...STAMPS, ...claims });

const NOT_HEADERS = ["alg", "typ", "kid", "crit", "b64", "zip"];

export default {
  description: "What claims and header parameters may be given, beside the options.",
  keys: { ...keyTable(hs256, withKid) },
  cases: [
    signs("an_exp_that_is_given", wins, { claims: { exp: NOW + 60 }, payload: { exp: NOW + 60, iat: NOW } }),
    signs("an_exp_that_is_given_in_the_past", wins, { claims: { exp: 1 }, payload: { exp: 1, iat: NOW } }),
    signs("an_iat_that_is_given", wins, { claims: { iat: NOW - 60 }, payload: { iat: NOW - 60, exp: NOW + 900 } }),
    signs("an_iat_that_is_given_when_none_is_to_be_stamped", wins, {
      claims: { iat: 5 },
      options: { issuedAt: false },
      payload: { iat: 5, exp: NOW + 900 },
    }),
    signs("the_registered_claims_that_are_given", wins, {
      claims: { aud: ["x"], exp: NOW + 1, iat: NOW, iss: "i", jti: "j", nbf: NOW, sub: "s" },
      payload: { aud: ["x"], exp: NOW + 1, iat: NOW, iss: "i", jti: "j", nbf: NOW, sub: "s" },
    }),
    ...PAIRS.flatMap(([option, claim, optionValue, claimValue, stamp]) => [
      signs(`the_option_${option.toLowerCase()}`, stamps, {
        options: { [option]: optionValue },
        payload: stamped(stamp),
      }),
      refuses(
        `${claim}_given_twice`,
        twice,
        { claims: { [claim]: claimValue }, options: { [option]: optionValue } },
        givenTwice(claim),
      ),
    ]),
    signs("an_exp_with_expires_in_null", "countersign: null means no default", {
      claims: { exp: NOW + 60 },
      options: { expiresIn: null },
      payload: { exp: NOW + 60, iat: NOW },
    }),
    signs("a_token_without_typ", "RFC 7519 §5.1: typ is optional", {
      claims: {},
      options: { typ: null },
      head: { alg: "HS256" },
      payload: stamped({}),
    }),
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
    refuses("an_array_of_claims", "RFC 7519 §4: a JSON object", { claims: [1] }, claimsFault("are not an object")),
    refuses("null_for_claims", "RFC 7519 §4: a JSON object", { claims: null }, claimsFault("are not an object")),
    refuses("a_string_for_claims", "RFC 7519 §4: a JSON object", { claims: "{}" }, claimsFault("are not an object")),
    refuses(
      "claims_of_65_levels",
      "countersign: what we issue, we accept",
      { claims: { x: JSON.parse("[".repeat(64) + "]".repeat(64)) } },
      claimsFault("nest deeper than 64 levels"),
    ),
    signs("claims_of_64_levels", "countersign: what we issue, we accept", {
      claims: { x: JSON.parse("[".repeat(63) + "]".repeat(63)) },
      payload: { x: JSON.parse("[".repeat(63) + "]".repeat(63)), ...STAMPS },
    }),

    signs("another_typ", "RFC 9068 §2.1", {
      options: { typ: "at+jwt" },
      payload: STAMPS,
      head: { alg: "HS256", typ: "at+jwt" },
    }),
    signs("header_parameters", "RFC 7515 §4", {
      options: { header: { cty: "JWT", x: [1, "a"] } },
      payload: STAMPS,
      head: header(hs256, { cty: "JWT", x: [1, "a"] }),
    }),
    signs("header_parameters_after_the_kid", "RFC 7515 §4", {
      key: withKid,
      options: { header: { jku: "https://login.example/jwks" } },
      payload: STAMPS,
      head: header(withKid, { kid: "2026-11", jku: "https://login.example/jwks" }),
    }),
    signs("an_empty_header_option", "RFC 7515 §4", { options: { header: {} }, payload: STAMPS }),
    ...NOT_HEADERS.map((name) =>
      refuses(
        `a_header_option_that_sets_${name}`,
        headerRule,
        { options: { header: { [name]: "x" } } },
        optionInvalid(`option "header" must not set "${name}"`),
      ),
    ),
    refuses(
      "a_header_option_whose_cty_is_no_string",
      types,
      { options: { header: { cty: 5 } } },
      optionInvalid('option "header": "cty" header is not a string'),
    ),
    refuses(
      "a_header_option_of_65_levels",
      "countersign: what we issue, we accept",
      { options: { header: { x: JSON.parse("[".repeat(64) + "]".repeat(64)) } } },
      optionInvalid('option "header" nests deeper than 64 levels'),
    ),
    refuses(
      "an_empty_list_of_audiences",
      types,
      { options: { audience: [] } },
      wrongOption("audience", "a string or a non-empty array of strings"),
    ),
  ],
};
