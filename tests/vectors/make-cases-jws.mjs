// Compact JWS over any bytes (RFC 7515), attached and detached (appendix F).

import { keyTable } from "./make-compact.mjs";
import {
  algMismatch,
  badSignature,
  forbidsVerifying,
  headerNotString,
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
  severalKeys,
  unknownOption,
  wrongOption,
  zipUnsupported,
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
  ],
};
