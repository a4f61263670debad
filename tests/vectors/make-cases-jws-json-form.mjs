// What makes a document a JWS in JSON, or none.

import { keyTable } from "./make-compact.mjs";
import {
  bothForms,
  isPadded,
  jwsTooLong,
  manySignatures,
  memberNotString,
  notJson,
  notObject,
  payloadMissing,
  repeats,
  signatureMissing,
  signaturesForm,
  tooDeep,
  unknownOption,
  unprotectedNotObject,
} from "./make-errors.mjs";
import { compact, flattened, member, said, signature } from "./make-jws.mjs";
import {
  alice,
  all,
  bad,
  bob,
  by,
  carol,
  flat,
  form,
  good,
  having,
  headerOf,
  held,
  one,
  strict,
  TEXT,
} from "./make-jws-json.mjs";

const NOT_STRINGS = { null: null, a_number: 1, an_array: ["a"], an_object: {} };
/** Sixteen signatures, or more: one that holds and others by nobody we know. */
const crowd = (count) => all([by(alice), ...Array.from({ length: count - 1 }, () => by(carol))]);

export default {
  description: "The members of a JWS in JSON, flattened and general.",
  keys: {
    ...keyTable(alice, bob, carol),
  },
  cases: [
    ...["protected", "header", "signature"].map((name) =>
      bad(
        `that_has_signatures_and_${name}`,
        `${flat}: signatures must not be there`,
        all([by(alice)], { [name]: signature({ payload: TEXT, ...by(alice), unprotected: {} })[name] }),
        bothForms(name),
      ),
    ),
    good("with_members_that_nobody_knows", "RFC 7515 §7.2: ignored", all([by(alice)], { extra: [1, true] }), [
      held(0, alice),
    ]),
    bad("without_signature", flat, having({ signature: undefined }), signatureMissing),
    bad("without_any_member", flat, "{}", signatureMissing),
    bad("without_payload", flat, having({ payload: undefined }), payloadMissing),
    ...["payload", "protected", "signature"].flatMap((name) =>
      Object.entries(NOT_STRINGS).map(([what, value]) =>
        bad(`whose_${name}_is_${what}`, flat, having({ [name]: value }), memberNotString(name)),
      ),
    ),
    ...Object.entries({ null: null, a_text: "{}", an_array: [] }).map(([what, value]) =>
      bad(`whose_header_is_${what}`, flat, having({ header: value }), unprotectedNotObject),
    ),
    good("whose_header_is_empty", flat, having({ header: {} }), [held(0, alice)]),
    ...Object.entries({
      null: null,
      an_object: {},
      empty: [],
      an_array_of_texts: ["a"],
      an_array_with_null: [null],
    }).map(([what, value]) =>
      bad(
        `whose_signatures_are_${what}`,
        form,
        JSON.stringify({ payload: member(TEXT), signatures: value }),
        signaturesForm,
      ),
    ),
    good("with_16_signatures", "countersign: at most 16 signatures", crowd(16), [held(0, alice)]),
    bad("with_17_signatures", "countersign: at most 16 signatures", crowd(17), manySignatures),
    bad("that_is_no_json", strict, `${one()}x`, notJson("JWS")),
    bad("that_is_an_array", strict, `[${one()}]`, notObject("JWS")),
    bad("that_is_compact", strict, compact({ payload: TEXT, ...by(alice) }), notJson("JWS")),
    bad("that_is_nothing", strict, "", notJson("JWS")),
    bad("that_repeats_its_payload", strict, one().replace("{", `{"payload":"${said("a")}",`), repeats("JWS")),
    bad("that_repeats_a_name_within", strict, one().replace("{", '{"x":{"a":1,"a":2},'), repeats("JWS")),
    bad("that_nests_too_deep", strict, one().replace("{", `{ "x":${"[".repeat(64)}${"]".repeat(64)},`), tooDeep("JWS")),
    good("with_white_space", "RFC 8259 §2", JSON.stringify(JSON.parse(one()), null, 2), [held(0, alice)]),
    bad(
      "whose_protected_header_is_padded",
      strict,
      one({ protectedText: `${said(headerOf(alice))}=` }),
      isPadded("header"),
    ),
    bad("whose_protected_header_is_no_json", strict, one({ header: "{" }), notJson("header")),
    bad("whose_protected_header_is_empty", form, having({ protected: "" }), notJson("header")),
    bad(
      "whose_protected_header_repeats_a_name",
      strict,
      one({ header: '{"alg":"EdDSA","a":1,"a":1}' }),
      repeats("header"),
    ),
    bad(
      "of_which_one_protected_header_is_no_json",
      strict,
      all([by(alice), by(bob, { header: "{" })]),
      notJson("header"),
    ),
    bad(
      "whose_payload_is_padded_and_signed_so",
      strict,
      flattened({ ...by(alice), b64: false, payload: "Zg==" }),
      isPadded("payload"),
    ),
    bad("whose_signature_is_padded", strict, having({ signature: "AA==" }), isPadded("signature")),
    good("as_long_as_the_limit", strict, one(), [held(0, alice)], { options: { maxLength: one().length } }),
    bad("longer_than_the_limit", strict, one(), jwsTooLong(one().length - 1), {
      options: { maxLength: one().length - 1 },
    }),
    bad("under_an_option_of_tokens", strict, one(), unknownOption("issuer"), { options: { issuer: "a" } }),
  ],
};
