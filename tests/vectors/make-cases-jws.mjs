// Compact JWS over any bytes: RFC 7515, detached (appendix F), unencoded (RFC 7797), with critical extensions.

import { accepts, CLAIMS, keyTable, refuses as refusesToken } from "./make-compact.mjs";
import {
  algMismatch,
  b64NotBoolean,
  b64NotCritical,
  badSignature,
  byOption,
  critAbsent,
  critForm,
  critRegistered,
  critUnknown,
  forbidsVerifying,
  headerNotString,
  jwsThreeSegments,
  jwsTooLong,
  missingAlg,
  noKey,
  notBase64url,
  notJson,
  notObject,
  notPrintable,
  optionInvalid,
  payloadTwice,
  publicCannotSign,
  repeats,
  severalKeys,
  unknownOption,
  wrongOption,
  zipUnsupported,
} from "./make-errors.mjs";
import { CLAIMS_OF_A1, casesOf, compact, PROSE, said } from "./make-jws.mjs";
import { p256of7515, rsa7515 } from "./make-keys-rfc.mjs";
import { bytesOf, ed25519, ed25519Key, hmacKey, hs256, other256 } from "./make-material.mjs";

const { gives, refuses } = casesOf("verifyJws");
const signs = casesOf("signJws");

const by = hs256;
const alg = "HS256";
const TEXT = "any bytes";
const named = hmacKey("named", alg, hs256.secret, { kid: "one" });
const unencoded = { alg, b64: false, crit: ["b64"] };

/** RFC 7515 A.1.1, which RFC 7797 §4 uses too. */
const a1 = hmacKey(
  "rfc_7515_a_1",
  alg,
  Buffer.from("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow", "base64url"),
);
/** RFC 7520 §3.5. */
const cookbook = hmacKey("rfc_7520_3_5", alg, Buffer.from("hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg", "base64url"), {
  kid: "018c0ae5-4d9b-471b-bfd6-eef314bc7037",
});
const cookbookHeader = { alg, kid: "018c0ae5-4d9b-471b-bfd6-eef314bc7037" };
const cookbookSignature = "s0h6KThzkfBBBkLspW1h84VsJZFTsPPqMDA7g1Md7p0";
const cookbookHead = "eyJhbGciOiJIUzI1NiIsImtpZCI6IjAxOGMwYWU1LTRkOWItNDcxYi1iZmQ2LWVlZjMxNGJjNzAzNyJ9";
/** RFC 8037 A.1. */
const okp = ed25519Key("rfc_8037_a_1", Buffer.from("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A", "base64url"));

/** The examples of the RFCs, as they are printed there. */
const printed = {
  a1: `eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.${said(CLAIMS_OF_A1)}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk`,
  a2:
    `eyJhbGciOiJSUzI1NiJ9.${said(CLAIMS_OF_A1)}.` +
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CU" +
    "Ar7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_d" +
    "O--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0ig" +
    "cN_IoypGlUPQGe77Rw",
  a3:
    `eyJhbGciOiJFUzI1NiJ9.${said(CLAIMS_OF_A1)}.` +
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
  encoded: "eyJhbGciOiJIUzI1NiJ9.JC4wMg.5mvfOroL-g7HyqJoozehmsaqmvTYGEq5jTI1gVvoEoQ",
  unencoded: "eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..A5dxf2s96_n5FLueVuW1Z_vh161FwXZC4YLPff6dmDY",
  cookbook: `${cookbookHead}.${said(PROSE)}.${cookbookSignature}`,
  detached: `${cookbookHead}..${cookbookSignature}`,
  okp:
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc." +
    "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
};

const form = "RFC 7515 §7.1";
const strict = "countersign: as strict as for tokens";
const appendixF = "RFC 7515 appendix F";
const critRule = "RFC 7515 §4.1.11";
const rule = "RFC 7797 §6: b64 false is critical";
const binding = "RFC 8725 §3.1: one key, one algorithm";

/** A case that is accepted: `parts` make the JWS. */
const good = (name, source, parts, more = {}) => {
  const { header = { alg: parts.by.alg }, payload } = parts;
  const ok = { header, payload: said(payload) };
  return gives(`accepts_a_jws_${name}`, source, { jws: compact(parts), keys: parts.by.name, ...more }, ok);
};
const bad = (name, source, parts, error, more = {}) =>
  refuses(`refuses_a_jws_${name}`, source, { jws: compact(parts), keys: parts.by.name, ...more }, error);
const plain = (more = {}) => ({ by, payload: TEXT, ...more });

const PRINTABLE = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index))
  .join("")
  .replace(".", "");
const UNPRINTABLE = {
  a_line_feed: "a\nb",
  a_tab: "a\tb",
  a_nul: "a\0b",
  a_delete: "a\u007fb",
  a_letter_outside_ascii: "\u00e9",
};

const NOT_BOOLEANS = { null: null, a_text: "false", zero: 0, an_array: [false] };

const sign = (name, source, { key = "hs256", payload = TEXT, options }, ok) =>
  signs.gives(`signs_a_jws_${name}`, source, { payload: said(payload), key, options }, ok);
const signsNot = (name, source, { key = "hs256", payload = TEXT, options }, error) =>
  signs.refuses(`refuses_to_sign_a_jws_${name}`, source, { payload: said(payload), key, options }, error);
const mustNotSet = (name) => optionInvalid(`option "header" must not set "${name}"`);
const onlyPrintable = optionInvalid("an unencoded payload that is not detached must be printable ASCII without a dot");

/** The same text as a JWS, which it is, and as a token, which it is not. */
const both = (name, source, parts, error, options) => [
  good(`that_is_no_token_for_${name}`, source, { by, payload: JSON.stringify(CLAIMS), ...parts }, { options }),
  refusesToken(`as_a_token_a_jws_for_${name}`, source, { by, raw: compact({ by, payload: CLAIMS, ...parts }) }, error),
];

export default {
  description: "Compact JWS over any bytes: encoded, unencoded (RFC 7797), detached (RFC 7515 appendix F).",
  keys: {
    ...keyTable(hs256, other256, named, a1, cookbook),
    ed25519: ed25519.spec,
    private: ed25519.privateSpec,
    okp: okp.spec,
    okp_private: okp.privateSpec,
    rs256: { jwk: rsa7515, alg: "RS256" },
    es256: { jwk: p256of7515, alg: "ES256" },
    only_signs: { jwk: { ...ed25519.privateJwk, key_ops: ["sign"] }, alg: "EdDSA" },
  },
  cases: [
    gives(
      "accepts_the_jws_of_rfc_7515_a_1",
      "RFC 7515 A.1",
      { jws: printed.a1, keys: a1.name },
      { header: { typ: "JWT", alg }, payload: said(CLAIMS_OF_A1) },
    ),
    gives(
      "accepts_the_jws_of_rfc_7515_a_2",
      "RFC 7515 A.2",
      { jws: printed.a2, keys: "rs256" },
      { header: { alg: "RS256" }, payload: said(CLAIMS_OF_A1) },
    ),
    gives(
      "accepts_the_jws_of_rfc_7515_a_3",
      "RFC 7515 A.3",
      { jws: printed.a3, keys: "es256" },
      { header: { alg: "ES256" }, payload: said(CLAIMS_OF_A1) },
    ),
    gives(
      "accepts_the_jws_of_rfc_7797_4_1",
      "RFC 7797 §4.1",
      { jws: printed.encoded, keys: a1.name },
      { header: { alg }, payload: said("$.02") },
    ),
    gives(
      "accepts_the_jws_of_rfc_7797_4_2",
      "RFC 7797 §4.2",
      { jws: printed.unencoded, keys: a1.name, detached: said("$.02") },
      { header: unencoded, payload: said("$.02") },
    ),
    refuses(
      "refuses_the_jws_of_rfc_7797_4_2_with_another_payload",
      "RFC 7797 §4.2",
      { jws: printed.unencoded, keys: a1.name, detached: said("$.03") },
      badSignature,
    ),
    sign("as_rfc_7797_4_1", "RFC 7797 §4.1", { key: a1.name, payload: "$.02" }, printed.encoded),
    sign(
      "as_rfc_7797_4_2",
      "RFC 7797 §4.2",
      { key: a1.name, payload: "$.02", options: { b64: false, detached: true } },
      printed.unencoded,
    ),
    gives(
      "accepts_the_jws_of_rfc_7520_4_4",
      "RFC 7520 §4.4",
      { jws: printed.cookbook, keys: cookbook.name },
      { header: cookbookHeader, payload: said(PROSE) },
    ),
    gives(
      "accepts_the_jws_of_rfc_7520_4_5",
      "RFC 7520 §4.5",
      { jws: printed.detached, keys: cookbook.name, detached: said(PROSE) },
      { header: cookbookHeader, payload: said(PROSE) },
    ),
    sign("as_rfc_7520_4_4", "RFC 7520 §4.4", { key: cookbook.name, payload: PROSE }, printed.cookbook),
    sign(
      "as_rfc_7520_4_5",
      "RFC 7520 §4.5",
      { key: cookbook.name, payload: PROSE, options: { detached: true } },
      printed.detached,
    ),
    gives(
      "accepts_the_jws_of_rfc_8037_a_4",
      "RFC 8037 A.4, A.5",
      { jws: printed.okp, keys: "okp" },
      { header: { alg: "EdDSA" }, payload: said("Example of Ed25519 signing") },
    ),
    sign("as_rfc_8037_a_4", "RFC 8037 A.4", { key: "okp_private", payload: "Example of Ed25519 signing" }, printed.okp),

    good("of_text", form, plain()),
    good("of_nothing", form, plain({ payload: "" })),
    good("of_bytes_that_are_no_text", form, plain({ payload: bytesOf("payload", 70) })),
    good("of_a_payload_that_repeats_a_name", `${form}: a payload is bytes`, plain({ payload: '{"a":1,"a":2}' })),
    good("of_claims_that_have_expired", `${form}: a payload is bytes`, plain({ payload: { exp: 1 } })),
    good("by_an_ed25519_key", "RFC 8037 §3.1", { by: ed25519, payload: TEXT }),
    good("of_any_type", "RFC 7515 §4.1.9, §4.1.10", plain({ header: { alg, typ: "example", cty: "text/plain" } })),

    refuses("refuses_an_empty_jws", form, { jws: "", keys: by.name }, jwsThreeSegments),
    refuses(
      "refuses_a_jws_of_two_segments",
      form,
      { jws: compact(plain()).replace(/\.[^.]*$/, ""), keys: by.name },
      jwsThreeSegments,
    ),
    refuses("refuses_a_jws_of_four_segments", form, { jws: `${compact(plain())}.`, keys: by.name }, jwsThreeSegments),
    refuses(
      "refuses_a_jws_with_a_space_before_it",
      strict,
      { jws: ` ${compact(plain())}`, keys: by.name },
      notBase64url("header"),
    ),
    refuses(
      "refuses_a_jws_with_a_line_feed_after_it",
      strict,
      { jws: `${compact(plain())}\n`, keys: by.name },
      notBase64url("signature"),
    ),
    bad("whose_header_is_padded", strict, plain({ protectedText: `${said({ alg })}==` }), notBase64url("header")),
    bad("whose_header_is_no_json", strict, plain({ header: '{"alg":"HS256"' }), notJson("header")),
    bad("whose_header_is_an_array", strict, plain({ header: `["${alg}"]` }), notObject("header")),
    bad("whose_header_repeats_a_name", strict, plain({ header: `{"alg":"${alg}","a":1,"a":2}` }), repeats("header")),
    refuses(
      "refuses_a_jws_whose_payload_is_padded_and_signed_so",
      strict,
      {
        jws: compact({ ...plain({ b64: false, payload: "Zg==" }), header: { alg } }),
        keys: by.name,
      },
      notBase64url("payload"),
    ),
    gives(
      "accepts_a_jws_whose_payload_is_signed_as_it_stands",
      strict,
      { jws: compact({ ...plain({ b64: false, payload: "Zg" }), header: { alg } }), keys: by.name },
      { header: { alg }, payload: "Zg" },
    ),
    good("as_long_as_the_limit", strict, plain(), { options: { maxLength: compact(plain()).length } }),
    bad("longer_than_the_limit", strict, plain(), jwsTooLong(compact(plain()).length - 1), {
      options: { maxLength: compact(plain()).length - 1 },
    }),
    good("under_the_greatest_limit", strict, plain(), { options: { maxLength: 16777216 } }),
    ...[0, 16777217].map((maxLength) =>
      bad(
        `under_a_limit_of_${maxLength}`,
        strict,
        plain(),
        optionInvalid('option "maxLength" is not between 1 and 16777216'),
        { options: { maxLength } },
      ),
    ),
    bad("under_a_limit_that_is_text", strict, plain(), wrongOption("maxLength", "a whole number"), {
      options: { maxLength: "1" },
    }),
    bad("under_an_option_of_tokens", strict, plain(), unknownOption("issuer"), { options: { issuer: "a" } }),
    bad("under_an_option_of_those_in_json", strict, plain(), unknownOption("require"), { options: { require: "any" } }),

    bad("without_alg", "RFC 7515 §4.1.1", plain({ header: { typ: "JWT" } }), missingAlg),
    bad("of_alg_none", binding, plain({ header: { alg: "none" }, signature: "" }), algMismatch),
    bad("of_the_alg_of_another_key", binding, plain({ header: { alg: "HS384" } }), algMismatch),
    bad("with_zip", "RFC 7516 §4.1.3: zip is for JWE", plain({ header: { alg, zip: "DEF" } }), zipUnsupported),
    ...["typ", "cty", "kid"].map((name) =>
      bad(`whose_${name}_is_a_number`, "RFC 7515 §4.1", plain({ header: { alg, [name]: 1 } }), headerNotString(name)),
    ),
    bad("signed_by_another_key", form, plain({ signedBy: other256 }), badSignature),
    bad("with_no_signature", form, plain({ signature: "" }), badSignature),
    bad("whose_payload_was_changed", form, plain({ body: said("many bytes") }), badSignature),
    good("whose_kid_is_in_the_set", "RFC 7515 §4.1.4", plain({ by: named, header: { alg, kid: "one" } }), {
      keys: { set: [named.name] },
    }),
    bad("whose_kid_is_not_in_the_set", "RFC 7515 §4.1.4", plain({ header: { alg, kid: "two" } }), noKey, {
      keys: { set: [named.name] },
    }),
    bad("without_kid_that_two_keys_could_have_signed", "countersign: nothing is tried", plain(), severalKeys, {
      keys: { set: [named.name, other256.name] },
    }),
    bad("under_a_key_that_must_not_verify", "RFC 7517 §4.3", { by: ed25519, payload: TEXT }, forbidsVerifying, {
      keys: "only_signs",
    }),

    good("that_is_detached", appendixF, plain({ detached: true }), { detached: said(TEXT) }),
    good("of_nothing_that_is_detached", appendixF, plain({ payload: "", detached: true }), { detached: "" }),
    bad("that_is_detached_from_another_payload", appendixF, plain({ detached: true }), badSignature, {
      detached: said("other bytes"),
    }),
    bad("that_is_detached_without_its_payload", appendixF, plain({ detached: true }), badSignature),
    bad("with_its_payload_and_that_payload_beside_it", appendixF, plain(), payloadTwice, { detached: said(TEXT) }),

    good("with_b64_true", "RFC 7797 §3", plain({ header: { alg, b64: true } })),
    good("with_b64_true_that_is_critical", "RFC 7797 §6", plain({ header: { alg, b64: true, crit: ["b64"] } })),
    good("that_is_unencoded", "RFC 7797 §5.2", plain({ header: unencoded, b64: false })),
    good("that_is_unencoded_and_empty", "RFC 7797 §5.2", plain({ header: unencoded, b64: false, payload: "" })),
    good(
      "that_is_unencoded_with_every_character_it_may_have",
      "RFC 7797 §5.2",
      plain({ header: unencoded, b64: false, payload: PRINTABLE }),
    ),
    ...Object.entries(UNPRINTABLE).map(([what, payload]) =>
      bad(
        `that_is_unencoded_with_${what}`,
        "RFC 7797 §5.2",
        plain({ header: unencoded, b64: false, payload }),
        notPrintable,
      ),
    ),
    bad(
      "that_is_unencoded_with_a_dot",
      "RFC 7797 §5.2",
      plain({ header: unencoded, b64: false, payload: "$.02" }),
      jwsThreeSegments,
    ),
    good(
      "that_is_unencoded_and_detached_with_any_bytes",
      "RFC 7797 §5.1",
      plain({ header: unencoded, b64: false, detached: true, payload: bytesOf("payload", 70) }),
      { detached: said(bytesOf("payload", 70)) },
    ),
    gives(
      "gives_the_payload_of_a_jws_that_says_unencoded_as_it_stands",
      "RFC 7797 §3: base64url is text like any other",
      { jws: compact(plain({ header: unencoded })), keys: by.name },
      { header: unencoded, payload: said(said(TEXT)) },
    ),
    bad("that_says_encoded_and_is_not", "RFC 7797 §3", plain({ b64: false, payload: "Zg", body: "Wmc" }), badSignature),
    bad("with_b64_false_and_no_crit", rule, plain({ header: { alg, b64: false }, b64: false }), b64NotCritical),
    bad(
      "with_b64_false_and_another_crit",
      rule,
      plain({ header: { alg, b64: false, crit: ["x"], x: 1 }, b64: false }),
      b64NotCritical,
      { options: { crit: ["x"] } },
    ),
    ...Object.entries(NOT_BOOLEANS).map(([what, value]) =>
      bad(
        `whose_b64_is_${what}`,
        "RFC 7797 §3: b64 is a boolean",
        plain({ header: { alg, b64: value, crit: ["b64"] } }),
        b64NotBoolean,
      ),
    ),
    bad("whose_crit_names_b64_that_is_absent", critRule, plain({ header: { alg, crit: ["b64"] } }), critAbsent),

    bad(
      "with_an_extension_that_nobody_understands",
      critRule,
      plain({ header: { alg, crit: ["x"], x: 1 } }),
      critUnknown,
    ),
    good("with_an_extension_that_the_caller_understands", critRule, plain({ header: { alg, crit: ["x"], x: 1 } }), {
      options: { crit: ["x"] },
    }),
    bad(
      "with_two_extensions_of_which_the_caller_understands_one",
      critRule,
      plain({ header: { alg, crit: ["x", "y"], x: 1, y: 1 } }),
      critUnknown,
      { options: { crit: ["x"] } },
    ),
    good(
      "with_an_extension_beside_b64",
      critRule,
      plain({ header: { alg, crit: ["x", "b64"], x: 1, b64: false }, b64: false }),
      { options: { crit: ["x"] } },
    ),
    good("without_the_extension_that_the_caller_understands", critRule, plain(), { options: { crit: ["x", "b64"] } }),
    bad("whose_crit_is_empty", critRule, plain({ header: { alg, crit: [] } }), critForm),
    bad("whose_crit_repeats_a_name", critRule, plain({ header: { alg, b64: true, crit: ["b64", "b64"] } }), critForm),
    bad(
      "whose_crit_names_an_absent_extension_that_the_caller_understands",
      critRule,
      plain({ header: { alg, crit: ["x"] } }),
      critAbsent,
      { options: { crit: ["x"] } },
    ),
    bad("whose_crit_names_alg", critRule, plain({ header: { alg, crit: ["alg"] } }), critRegistered),
    bad(
      "under_an_understanding_of_alg",
      critRule,
      plain(),
      optionInvalid('option "crit" names a registered parameter'),
      { options: { crit: ["alg"] } },
    ),
    bad("under_an_understanding_that_is_a_text", critRule, plain(), wrongOption("crit", "an array of strings"), {
      options: { crit: "x" },
    }),
    refuses(
      "refuses_the_crit_of_rfc_7515_e_as_a_jws",
      "RFC 7515 appendix E",
      {
        jws:
          "eyJhbGciOiJub25lIiwNCiAiY3JpdCI6WyJodHRwOi8vZXhhbXBsZS5jb20vVU5ERUZJTkVEIl0sDQogImh0dHA6Ly9leGFtcGxlLmNv" +
          "bS9VTkRFRklORUQiOnRydWUNCn0.RkFJTA.",
        keys: by.name,
      },
      critUnknown,
    ),

    // Nothing of it reaches the token functions: each of these is a good JWS, and no token.
    ...both("its_critical_b64", "RFC 7797 §7", { header: { alg, b64: true, crit: ["b64"] } }, critUnknown),
    ...both(
      "its_b64",
      "RFC 7797 §7",
      { header: { alg, b64: true } },
      {
        code: "TOKEN_HEADER_INVALID",
        message: '"b64" header is not supported',
      },
    ),
    ...both("its_unencoded_claims", "RFC 7797 §7", { header: unencoded, b64: false }, critUnknown),
    ...both("its_extension", critRule, { header: { alg, crit: ["x"], x: 1 } }, critUnknown, { crit: ["x"] }),
    accepts("as_a_token_the_same_without_any_of_it", "RFC 7519 §7.2", { by, header: { alg } }),

    sign("with_nothing_but_alg", form, {}, compact(plain())),
    sign("by_an_ed25519_key", "RFC 8037 §3.1", { key: "private" }, compact({ by: ed25519, payload: TEXT })),
    sign(
      "with_the_kid_of_its_key",
      "RFC 7515 §4.1.4",
      { key: named.name },
      compact(plain({ by: named, header: { alg, kid: "one" } })),
    ),
    sign(
      "with_typ_cty_and_more",
      "RFC 7515 §4.1",
      { key: named.name, options: { typ: "example", cty: "text/plain", header: { a: 1, b: "c" } } },
      compact(plain({ header: { alg, typ: "example", cty: "text/plain", kid: "one", a: 1, b: "c" } })),
    ),
    sign(
      "with_cty_among_the_other_parameters",
      "RFC 7515 §4.1.10",
      { options: { header: { cty: "text/plain" } } },
      compact(plain({ header: { alg, cty: "text/plain" } })),
    ),
    sign(
      "with_a_critical_extension",
      critRule,
      { options: { crit: ["x"], header: { x: 1 } } },
      compact(plain({ header: { alg, crit: ["x"], x: 1 } })),
    ),
    sign(
      "unencoded_with_a_critical_extension",
      rule,
      { options: { b64: false, crit: ["x"], header: { x: 1 } } },
      compact(plain({ header: { alg, b64: false, crit: ["b64", "x"], x: 1 }, b64: false })),
    ),
    sign("detached", appendixF, { options: { detached: true } }, compact(plain({ detached: true }))),
    sign(
      "with_the_defaults_spelled_out",
      form,
      { options: { detached: false, b64: true, crit: [] } },
      compact(plain()),
    ),
    sign(
      "unencoded",
      "RFC 7797 §5.2",
      { payload: PRINTABLE, options: { b64: false } },
      compact(plain({ header: unencoded, b64: false, payload: PRINTABLE })),
    ),
    ...Object.entries({ ...UNPRINTABLE, a_dot: "$.02" }).flatMap(([what, payload]) => [
      signsNot(`unencoded_with_${what}`, "RFC 7797 §5.2", { payload, options: { b64: false } }, onlyPrintable),
      sign(
        `unencoded_and_detached_with_${what}`,
        "RFC 7797 §5.1",
        { payload, options: { b64: false, detached: true } },
        compact(plain({ header: unencoded, b64: false, detached: true, payload })),
      ),
    ]),
    ...["alg", "b64", "crit", "kid", "typ", "zip"].map((name) =>
      signsNot(`whose_header_sets_${name}`, strict, { options: { header: { [name]: "x" } } }, mustNotSet(name)),
    ),
    signsNot(
      "with_cty_twice",
      strict,
      { options: { cty: "text/plain", header: { cty: "text/plain" } } },
      mustNotSet("cty"),
    ),
    signsNot(
      "whose_cty_is_a_number",
      strict,
      { options: { header: { cty: 1 } } },
      byOption("header", headerNotString("cty")),
    ),
    signsNot("with_an_absent_extension", critRule, { options: { crit: ["x"] } }, byOption("header", critAbsent)),
    signsNot(
      "with_a_crit_that_names_alg",
      critRule,
      { options: { crit: ["alg"] } },
      byOption("header", critRegistered),
    ),
    signsNot(
      "with_a_crit_that_repeats_b64",
      critRule,
      { options: { b64: false, crit: ["b64"] } },
      byOption("header", critForm),
    ),
    signsNot("with_a_public_key", "RFC 8037 §3.1.1", { key: "ed25519" }, publicCannotSign),
    signsNot("with_an_option_of_tokens", strict, { options: { expiresIn: 1 } }, unknownOption("expiresIn")),
    ...["b64", "detached"].map((name) =>
      signsNot(`with_${name}_that_is_a_text`, strict, { options: { [name]: "false" } }, wrongOption(name, "a boolean")),
    ),
  ],
};
