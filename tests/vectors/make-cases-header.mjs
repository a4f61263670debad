// The JOSE header: the algorithm it names, the extensions it demands, the types of its parameters.

import { accepts, keyTable, refuses } from "./make-compact.mjs";
import {
  algMismatch,
  b64Unsupported,
  badSignature,
  critAbsent,
  critForm,
  critRegistered,
  critUnknown,
  headerNotString,
  missingAlg,
  noKey,
  typUnexpected,
  zipUnsupported,
} from "./make-errors.mjs";
import { rsa7515 } from "./make-keys-rfc.mjs";
import { ed25519, ed25519Key, hs256, hs384, hs512, other256, other25519 } from "./make-material.mjs";

const by = hs256;
const alg = "HS256";
/** A token, rightly signed, whose header has these members beside `alg`. */
const having = (members, key = by) => ({ by: key, header: { alg: key.alg, ...members } });
const algOf = (value, key = by) => ({ by: key, header: { alg: value, typ: "JWT" } });

const ed25519Named = { ...ed25519Key("ed25519_named", ed25519.seed, { alg: "Ed25519" }) };

const binding = "RFC 8725 §3.1: one key, one algorithm";
const none = "CVE-2015-9235, RFC 8725 §2.1: alg none";
const alias = "RFC 9864 §2.2: EdDSA and Ed25519 name the same key";
const critRule = "RFC 7515 §4.1.11; CVE-2026-35042, CVE-2025-59420, GHSA-752w-5fwx-jx9f";
const embedded = "CVE-2018-0114, RFC 8725 §3.10: keys named by the header are never used";
const mediaType = "RFC 7515 §4.1.9, RFC 8725 §3.11: explicit typing";
const unknown = "RFC 7515 §4: a parameter that is not understood is ignored";

const NOT_STRINGS = { null: null, a_number: 1, a_boolean: true, an_array: ["JWT"], an_object: { a: "JWT" } };
const notStrings = (name, article) => [
  accepts(`null_as_${article}_${name}`, "countersign: some issuers write null for nothing", having({ [name]: null })),
  ...Object.entries(NOT_STRINGS)
    .filter(([kind]) => kind !== "null")
    .map(([kind, value]) =>
      refuses(
        `${kind}_as_${article}_${name}`,
        `RFC 7515 §4.1: ${name} is a string`,
        having({ [name]: value }),
        headerNotString(name),
      ),
    ),
];

const NONE = {
  none: "none",
  none_capitalized: "None",
  none_in_capitals: "NONE",
  none_mixed: "nOnE",
  none_spaced: "none ",
};

const REGISTERED = ["alg", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit"];

/** Parameters that name a key: one that an attacker controls. */
const EMBEDDED = {
  jwk: other25519.jwk,
  jku: "https://attacker.example/jwks.json",
  x5u: "https://attacker.example/cert.pem",
  x5c: ["MIIB"],
  x5t: "AAAAAAAAAAAAAAAAAAAAAAAAAAA",
};

export default {
  description: "The JOSE header: alg, crit, b64, zip, typ, kid, cty, and the parameters that name keys.",
  keys: keyTable(hs256, hs384, hs512, ed25519, ed25519Named),
  cases: [
    accepts("a_header_of_alg_alone", "RFC 7515 §4.1.1", having({})),
    refuses("a_header_without_alg", "RFC 7515 §4.1.1: alg is required", { by, header: { typ: "JWT" } }, missingAlg),
    refuses(
      "a_header_with_alg_in_capitals",
      "RFC 7515 §4: names are case-sensitive",
      { by, header: { ALG: alg } },
      missingAlg,
      noKey,
    ),
    ...Object.entries({ ...NOT_STRINGS, an_array: [alg] }).map(([kind, value]) =>
      refuses(`${kind}_as_the_alg`, "RFC 7515 §4.1.1: alg is a string", algOf(value), headerNotString("alg")),
    ),
    refuses("an_empty_alg", binding, algOf(""), algMismatch),

    ...Object.entries(NONE).flatMap(([name, value]) => [
      refuses(`alg_${name}_with_an_empty_signature`, none, { ...algOf(value), signatureText: () => "" }, algMismatch),
      refuses(`alg_${name}_with_a_right_signature`, none, algOf(value), algMismatch),
    ]),
    refuses("alg_none_under_an_ed25519_key", none, { ...algOf("none", ed25519), signatureText: () => "" }, algMismatch),

    refuses("an_alg_in_lower_case", "RFC 7515 §4.1.1: alg is case-sensitive", algOf("hs256"), algMismatch),
    refuses("an_alg_with_a_space_after_it", "RFC 7515 §4.1.1", algOf("HS256 "), algMismatch),
    refuses("an_alg_with_a_nul_after_it", "RFC 7515 §4.1.1", algOf("HS256\0"), algMismatch),
    refuses("the_alg_hs384_under_an_hs256_key", binding, algOf("HS384"), algMismatch),
    refuses("the_alg_hs512_under_an_hs256_key", binding, algOf("HS512"), algMismatch),
    refuses("the_alg_hs256_under_an_hs384_key", binding, algOf("HS256", hs384), algMismatch),
    refuses("the_alg_hs256_under_an_hs512_key", binding, algOf("HS256", hs512), algMismatch),
    refuses("the_alg_eddsa_under_an_hs256_key", binding, algOf("EdDSA"), algMismatch),
    refuses(
      "the_alg_hs256_under_an_ed25519_key",
      "CVE-2016-10555: alg confusion",
      algOf("HS256", ed25519),
      algMismatch,
    ),
    refuses("the_alg_rs256_under_an_hs256_key", binding, algOf("RS256"), algMismatch),
    refuses("the_alg_es256_under_an_ed25519_key", binding, algOf("ES256", ed25519), algMismatch),
    refuses("an_alg_nobody_knows", binding, algOf("XY999"), algMismatch),

    accepts("the_alg_eddsa_under_a_key_of_eddsa", alias, algOf("EdDSA", ed25519)),
    accepts("the_alg_ed25519_under_a_key_of_eddsa", alias, algOf("Ed25519", ed25519)),
    accepts("the_alg_eddsa_under_a_key_of_ed25519", alias, algOf("EdDSA", ed25519Named)),
    accepts("the_alg_ed25519_under_a_key_of_ed25519", alias, algOf("Ed25519", ed25519Named)),
    refuses("the_alg_ed25519_in_lower_case", alias, algOf("ed25519", ed25519), algMismatch),
    refuses("the_alg_eddsa_in_capitals", alias, algOf("EDDSA", ed25519), algMismatch),
    refuses("the_alg_ed448_under_an_ed25519_key", alias, algOf("Ed448", ed25519), algMismatch),

    ...notStrings("typ", "the"),
    ...notStrings("kid", "the"),
    ...notStrings("cty", "the"),

    accepts("a_token_without_typ", mediaType, having({})),
    accepts("any_typ_when_none_is_expected", mediaType, having({ typ: "at+jwt" })),
    accepts("an_empty_typ_when_none_is_expected", mediaType, having({ typ: "" })),
    accepts("the_expected_typ", mediaType, having({ typ: "at+jwt" }), { options: { typ: "at+jwt" } }),
    accepts("the_expected_typ_in_other_case", "RFC 7515 §4.1.9: media types ignore case", having({ typ: "AT+JWT" }), {
      options: { typ: "at+jwt" },
    }),
    accepts("the_expected_typ_with_its_application_prefix", "RFC 9068 §4", having({ typ: "application/at+jwt" }), {
      options: { typ: "at+jwt" },
    }),
    accepts("a_typ_when_the_expected_one_has_the_application_prefix", "RFC 9068 §4", having({ typ: "at+jwt" }), {
      options: { typ: "application/at+jwt" },
    }),
    refuses("another_typ_than_expected", mediaType, having({ typ: "JWT" }), typUnexpected, {
      options: { typ: "at+jwt" },
    }),
    refuses("a_typ_that_starts_as_expected", mediaType, having({ typ: "at+jwt+x" }), typUnexpected, {
      options: { typ: "at+jwt" },
    }),
    refuses("a_typ_with_another_prefix", mediaType, having({ typ: "text/at+jwt" }), typUnexpected, {
      options: { typ: "at+jwt" },
    }),
    refuses("a_typ_of_null_when_one_is_expected", mediaType, having({ typ: null }), typUnexpected, {
      options: { typ: "JWT" },
    }),
    accepts("a_kid_of_null_under_a_set", "RFC 7515 §4.1.4: without kid", having({ kid: null }), {
      keys: { set: [by.name] },
    }),
    refuses("a_kid_that_says_null_under_a_set", "RFC 7515 §4.1.4", having({ kid: "null" }), noKey, {
      keys: { set: [by.name] },
    }),
    refuses("a_token_without_the_expected_typ", mediaType, having({}), typUnexpected, { options: { typ: "JWT" } }),

    accepts("any_kid_under_a_single_key", "countersign: a single key is the caller's choice", having({ kid: "other" })),
    accepts("an_empty_kid_under_a_single_key", "RFC 7515 §4.1.4", having({ kid: "" })),
    accepts("a_cty", "RFC 7515 §4.1.10", having({ cty: "JWT" })),

    refuses("an_empty_crit", critRule, having({ crit: [] }), critForm),
    refuses("a_crit_of_null", critRule, having({ crit: null }), critForm),
    refuses("a_crit_that_is_a_string", critRule, having({ crit: "x", x: 1 }), critForm),
    refuses("a_crit_that_is_an_object", critRule, having({ crit: { x: 1 }, x: 1 }), critForm),
    refuses("a_crit_that_is_false", critRule, having({ crit: false }), critForm),
    refuses("a_crit_with_a_number", critRule, having({ crit: [1], 1: 1 }), critForm),
    refuses("a_crit_with_a_string_and_a_null", critRule, having({ crit: ["x", null], x: 1 }), critForm),
    refuses("a_crit_that_repeats_a_name", critRule, having({ crit: ["x", "x"], x: 1 }), critForm),
    ...REGISTERED.map((name) =>
      refuses(
        `a_crit_that_names_${name.toLowerCase().replace("#", "_")}`,
        `${critRule}: only extensions`,
        having({ typ: "JWT", [name]: { alg, typ: "JWT", crit: [name] }[name] ?? "x", crit: [name] }),
        critRegistered,
      ),
    ),
    refuses("a_crit_that_names_an_absent_parameter", critRule, having({ crit: ["x"] }), critAbsent),
    refuses("a_crit_that_names_an_absent_empty_name", critRule, having({ crit: [""] }), critAbsent),
    refuses("a_crit_that_names_what_objects_inherit", critRule, having({ crit: ["toString"] }), critAbsent),
    refuses("a_crit_that_is_not_understood", critRule, having({ crit: ["x"], x: 1 }), critUnknown),
    refuses("a_crit_that_names_exp", critRule, having({ crit: ["exp"], exp: 1 }), critUnknown),
    refuses(
      "a_crit_that_demands_b64",
      "RFC 7797 §7: a JWT has no b64",
      having({ crit: ["b64"], b64: true }),
      critUnknown,
    ),
    accepts("a_parameter_that_is_not_understood_and_not_critical", unknown, having({ x: 1 })),

    refuses("an_unencoded_payload", "RFC 7797 §7: a JWT has no b64", having({ b64: false }), b64Unsupported),
    refuses(
      "compression",
      "CVE-2024-28176: zip bombs; RFC 7516 §4.1.3: zip is for JWE",
      having({ zip: "DEF" }),
      zipUnsupported,
    ),
    refuses("compression_of_null", "RFC 7516 §4.1.3", having({ zip: null }), zipUnsupported),

    ...Object.entries(EMBEDDED).flatMap(([name, value]) => [
      accepts(`a_token_signed_by_its_key_that_carries_${name}`, embedded, having({ [name]: value }, ed25519)),
      refuses(
        `a_token_that_carries_${name}_and_is_signed_by_another_key`,
        embedded,
        { by: ed25519, signedBy: other25519, header: { alg: "EdDSA", [name]: value } },
        badSignature,
      ),
    ]),
    refuses(
      "a_token_signed_with_the_secret_it_embeds",
      embedded,
      { by, signedBy: other256, header: { alg, jwk: { kty: "oct", k: other256.spec.secret } } },
      badSignature,
    ),
    accepts("a_token_that_carries_x5t_s256", embedded, having({ "x5t#S256": "A".repeat(43) })),
    accepts("a_token_that_carries_a_key_of_another_kind", embedded, having({ jwk: rsa7515 })),
    accepts(
      "claims_repeated_in_the_header_without_a_word",
      "RFC 7519 §5.3: for JWE only",
      having({ exp: 1, iss: "x" }),
    ),
    accepts("a_header_in_any_order", unknown, { by, header: { z: 1, typ: "JWT", kid: "1", alg, a: 2 } }),
  ],
};
