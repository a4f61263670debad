// Compact JWS over any bytes (RFC 7515), attached and detached (appendix F).

import { keyTable } from "./make-compact.mjs";
import {
  algMismatch,
  badSignature,
  critRegistered,
  forbidsVerifyingPrivate,
  headerNotString,
  isPadded,
  jwsThreeSegments,
  jwsTooLong,
  missingAlg,
  noKey,
  notBase64url,
  notJson,
  notObject,
  optionInvalid,
  payloadTwice,
  repeats,
  setsOverlap,
  severalKeys,
  unknownOption,
  wrongOption,
} from "./make-errors.mjs";
import { compact, said } from "./make-jws.mjs";
import {
  alg,
  appendixF,
  bad,
  binding,
  by,
  form,
  gives,
  good,
  named,
  plain,
  refuses,
  strict,
  TEXT,
} from "./make-jws-compact.mjs";
import { bytesOf, ed25519, hs256, other256 } from "./make-material.mjs";

const ignored = "RFC 7515 §4: what is not understood and not critical is ignored";
const padding = "AWS load balancers sign padded segments";
/** A header that needs two characters of padding, and a payload that needs one. */
const HEAD = { alg, kid: "a" };
const BODY = "any byte";
const allowed = { options: { allowPadding: true } };
const pad = (text) => text.padEnd(Math.ceil(text.length / 4) * 4, "=");

/** A JWS whose segments, or one of them, are padded before they are signed. */
function padded(only, more = {}) {
  const padsAt = (index) => (text) => (only === undefined || only === index ? pad(text) : text);
  const parts = plain({ protectedText: padsAt(0)(said(HEAD)), payload: padsAt(1)(said(BODY)), b64: false, ...more });
  const [head, body, signature] = compact(parts).split(".");
  return [head, body, padsAt(2)(signature)].join(".");
}

const byAlgorithm = "countersign: several keys, each for other algorithms";

export default {
  description: "Compact JWS over any bytes, attached and detached (RFC 7515 appendix F).",
  keys: {
    ...keyTable(hs256, other256, named),
    ed25519: ed25519.spec,
    only_signs: { jwk: { ...ed25519.privateJwk, key_ops: ["sign"] }, alg: "EdDSA" },
  },
  cases: [
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
      isPadded("payload"),
    ),
    gives(
      "accepts_a_jws_whose_payload_is_signed_as_it_stands",
      strict,
      { jws: compact({ ...plain({ b64: false, payload: "Zg" }), header: { alg } }), keys: by.name },
      { header: { alg }, payload: "Zg" },
    ),
    gives(
      "accepts_a_padded_jws_of_a_load_balancer",
      padding,
      { jws: padded(), keys: by.name, ...allowed },
      { header: HEAD, payload: said(BODY) },
    ),
    ...["header", "payload", "signature"].map((part, index) =>
      refuses(
        `refuses_a_jws_whose_${part}_is_padded_unless_allowed`,
        strict,
        { jws: padded(index), keys: by.name },
        isPadded(part),
      ),
    ),
    ...[0, 1, 2].map((index) =>
      gives(
        `accepts_a_jws_of_which_only_segment_${index}_is_padded`,
        padding,
        { jws: padded(index), keys: by.name, ...allowed },
        { header: HEAD, payload: said(BODY) },
      ),
    ),
    good("without_padding_where_it_is_allowed", padding, plain(), allowed),
    refuses(
      "refuses_a_jws_padded_after_it_was_signed",
      padding,
      { jws: compact(plain({ header: HEAD })).replace(".", "==."), keys: by.name, ...allowed },
      badSignature,
    ),
    refuses(
      "refuses_a_jws_whose_padding_was_taken_away",
      padding,
      { jws: padded().replaceAll("=", ""), keys: by.name, ...allowed },
      badSignature,
    ),
    ...Object.entries({
      too_much: (text) => `${text}=`,
      a_whole_group_of: (text) => `${text}====`,
    }).map(([what, change]) =>
      refuses(
        `refuses_a_jws_with_${what}_padding_of_the_signature`,
        padding,
        { jws: change(padded()), keys: by.name, ...allowed },
        notBase64url("signature"),
      ),
    ),
    refuses(
      "refuses_a_jws_with_too_little_padding",
      padding,
      { jws: padded().replace("==.", "=."), keys: by.name, ...allowed },
      notBase64url("header"),
    ),
    refuses(
      "refuses_a_padded_jws_with_bits_left_over",
      `${padding}, and canonical`,
      { jws: compact({ ...plain({ b64: false, payload: "Zh==" }), header: { alg } }), keys: by.name, ...allowed },
      notBase64url("payload"),
    ),
    refuses(
      "refuses_a_padded_jws_of_standard_base64",
      padding,
      { jws: compact({ ...plain({ b64: false, payload: "+/8=" }), header: { alg } }), keys: by.name, ...allowed },
      notBase64url("payload"),
    ),
    gives(
      "accepts_a_padded_jws_that_is_detached",
      padding,
      { jws: padded(2, { detached: true }), keys: by.name, detached: said(BODY), ...allowed },
      { header: HEAD, payload: said(BODY) },
    ),
    bad("under_an_allowance_that_is_text", strict, plain(), wrongOption("allowPadding", "a boolean"), {
      options: { allowPadding: "true" },
    }),
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
    good("with_zip", `${ignored}, and zip is for JWE`, plain({ header: { alg, zip: "DEF" } })),
    good("with_zip_of_null", ignored, plain({ header: { alg, zip: null } })),
    bad(
      "whose_crit_names_zip",
      "RFC 7515 §4.1.11",
      plain({ header: { alg, zip: "DEF", crit: ["zip"] } }),
      critRegistered,
    ),
    good("with_parameters_that_nobody_understands", ignored, plain({ header: { alg, exp: 1, enc: "x", x: null } })),
    ...["typ", "cty", "kid"].map((name) =>
      good(
        `whose_${name}_is_null`,
        "countersign: some issuers write null for nothing",
        plain({ header: { alg, [name]: null } }),
      ),
    ),
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
    ...[
      ["first", [named.name, "ed25519"]],
      ["last", ["ed25519", { set: [named.name, other256.name] }]],
    ].map(([name, several]) =>
      good(`for_the_${name}_of_several_keys`, byAlgorithm, plain({ by: named, header: { alg, kid: "one" } }), {
        keys: { several },
      }),
    ),
    bad("of_another_alg_than_those_of_several_keys", byAlgorithm, plain({ header: { alg: "HS384" } }), noKey, {
      keys: { several: [named.name, "ed25519"] },
    }),
    bad("for_two_keys_of_one_alg", byAlgorithm, plain(), setsOverlap, {
      keys: { several: [named.name, { set: [other256.name] }] },
    }),
    bad("for_several_keys_one_of_which_must_not_verify", "RFC 7517 §4.3", plain(), forbidsVerifyingPrivate, {
      keys: { several: [hs256.name, "only_signs"] },
    }),
    bad("without_kid_that_two_keys_could_have_signed", "countersign: nothing is tried", plain(), severalKeys, {
      keys: { set: [named.name, other256.name] },
    }),
    bad("under_a_key_that_must_not_verify", "RFC 7517 §4.3", { by: ed25519, payload: TEXT }, forbidsVerifyingPrivate, {
      keys: "only_signs",
    }),

    good("that_is_detached", appendixF, plain({ detached: true }), { detached: said(TEXT) }),
    good("of_nothing_that_is_detached", appendixF, plain({ payload: "", detached: true }), { detached: "" }),
    bad("that_is_detached_from_another_payload", appendixF, plain({ detached: true }), badSignature, {
      detached: said("other bytes"),
    }),
    bad("that_is_detached_without_its_payload", appendixF, plain({ detached: true }), badSignature),
    bad("with_its_payload_and_that_payload_beside_it", appendixF, plain(), payloadTwice, { detached: said(TEXT) }),
  ],
};
