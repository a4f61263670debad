// The headers of a JWS in JSON, protected and not, and where its payload is.

import { keyTable } from "./make-compact.mjs";
import {
  algMismatch,
  b64Differs,
  b64NotBoolean,
  b64NotCritical,
  badSignature,
  critUnknown,
  headerNotString,
  missingAlg,
  notDisjoint,
  notProtected,
  payloadTwice,
  severalKeys,
} from "./make-errors.mjs";
import { flattened, general, said } from "./make-jws.mjs";
import {
  alice,
  all,
  anyHolds,
  bad,
  bob,
  by,
  couple,
  disjoint,
  good,
  having,
  headerOf,
  held,
  one,
  rule,
  stricter,
  TEXT,
  unencoded,
} from "./make-jws-json.mjs";
import { bytesOf } from "./make-material.mjs";

export default {
  description: "The headers and the payload of a JWS in JSON.",
  keys: {
    ...keyTable(alice, bob),
  },
  cases: [
    bad("without_protected_header", stricter, having({ protected: undefined }), missingAlg),
    bad("without_alg", stricter, one({ header: { kid: "alice" } }), missingAlg),
    ...["alg", "b64", "crit"].flatMap((name) => [
      bad(
        `whose_${name}_is_not_protected`,
        name === "alg" ? stricter : "RFC 7515 §4.1.11, RFC 7797 §3",
        having({ header: { [name]: "x" } }),
        notProtected(name),
      ),
      good(
        `beside_a_signature_whose_${name}_is_not_protected`,
        anyHolds,
        all([{ ...by(bob), unprotected: { [name]: "x" } }, by(alice)]),
        [held(1, alice)],
        { keys: couple },
      ),
    ]),
    bad("whose_kid_is_protected_and_not", disjoint, having({ header: { kid: "alice" } }), notDisjoint),
    bad(
      "whose_parameter_is_protected_and_not",
      disjoint,
      one({ header: headerOf(alice, { x: 1 }), unprotected: { x: 1 } }),
      notDisjoint,
    ),
    good(
      "whose_parameters_are_protected_or_not",
      disjoint,
      one({ header: headerOf(alice, { x: 1 }), unprotected: { y: 1 } }),
      [held(0, alice, headerOf(alice, { x: 1 }))],
    ),
    good(
      "whose_kid_is_not_protected",
      "RFC 7515 A.6",
      one({ header: { alg: "EdDSA" }, unprotected: { kid: "alice" } }),
      [{ index: 0, header: { alg: "EdDSA" }, kid: "alice" }],
      { keys: couple },
    ),
    bad(
      "whose_kid_is_not_protected_and_another",
      "RFC 7515 §4.1.4",
      one({ header: { alg: "EdDSA" }, unprotected: { kid: "bob" } }),
      badSignature,
      { keys: couple },
    ),
    bad(
      "without_kid_that_two_could_have_signed",
      "countersign: nothing is tried",
      one({ header: { alg: "EdDSA" } }),
      severalKeys,
      {
        keys: couple,
      },
    ),
    bad(
      "whose_kid_is_a_number_and_not_protected",
      "RFC 7515 §4.1.4",
      one({ header: { alg: "EdDSA" }, unprotected: { kid: 1 } }),
      headerNotString("kid"),
    ),
    bad(
      "whose_typ_is_a_number",
      "RFC 7515 §4.1.9",
      one({ header: headerOf(alice, { typ: 1 }) }),
      headerNotString("typ"),
    ),
    bad("of_alg_none", "RFC 8725 §3.1", having({ protected: said({ alg: "none" }), signature: "" }), algMismatch),
    good("with_zip", "RFC 7515 §4: it is ignored", one({ header: headerOf(alice, { zip: "DEF" }) }), [
      held(0, alice, headerOf(alice, { zip: "DEF" })),
    ]),
    good("with_zip_that_is_not_protected", "RFC 7515 §4: it is ignored", having({ header: { zip: "DEF" } }), [
      held(0, alice),
    ]),
    good(
      "whose_kid_is_null_and_not_protected",
      "countersign: some issuers write null for nothing",
      one({ header: { alg: "EdDSA" }, unprotected: { kid: null } }),
      [{ index: 0, header: { alg: "EdDSA" }, kid: "alice" }],
    ),
    bad(
      "with_an_extension_that_nobody_understands",
      "RFC 7515 §4.1.11",
      one({ header: headerOf(alice, { crit: ["x"], x: 1 }) }),
      critUnknown,
    ),
    good(
      "with_an_extension_that_the_caller_understands",
      "RFC 7515 §4.1.11",
      one({ header: headerOf(alice, { crit: ["x"], x: 1 }) }),
      [held(0, alice, headerOf(alice, { crit: ["x"], x: 1 }))],
      { options: { crit: ["x"] } },
    ),
    good(
      "beside_a_signature_with_an_extension_that_nobody_understands",
      "RFC 7515 §5.2",
      all([by(bob, { header: headerOf(bob, { crit: ["x"], x: 1 }) }), by(alice)]),
      [held(1, alice)],
      { keys: couple },
    ),

    good("that_is_detached", "RFC 7515 appendix F", having({ payload: undefined }), [held(0, alice)], {
      detached: said(TEXT),
    }),
    good("that_is_detached_with_an_empty_payload", "RFC 7515 appendix F", having({ payload: "" }), [held(0, alice)], {
      detached: said(TEXT),
    }),
    bad("that_is_detached_from_another_payload", "RFC 7515 appendix F", having({ payload: undefined }), badSignature, {
      detached: said("another"),
    }),
    bad("with_its_payload_and_that_payload_beside_it", "RFC 7515 appendix F", one(), payloadTwice, {
      detached: said(TEXT),
    }),
    good(
      "that_is_unencoded",
      "RFC 7797 §5.3",
      flattened({ payload: "a.b\n\u00e9", b64: false, ...by(alice, { header: headerOf(alice, unencoded) }) }),
      [held(0, alice, headerOf(alice, unencoded))],
      { payload: "a.b\n\u00e9" },
    ),
    good(
      "that_is_unencoded_and_detached_with_any_bytes",
      "RFC 7797 §5.1",
      flattened(
        { payload: bytesOf("payload", 70), b64: false, ...by(alice, { header: headerOf(alice, unencoded) }) },
        { payload: undefined },
      ),
      [held(0, alice, headerOf(alice, unencoded))],
      { detached: said(bytesOf("payload", 70)), payload: bytesOf("payload", 70) },
    ),
    good(
      "of_which_both_signatures_are_unencoded",
      rule,
      general({
        payload: TEXT,
        b64: false,
        signatures: [alice, bob].map((key) => by(key, { header: headerOf(key, unencoded) })),
      }),
      [alice, bob].map((key, index) => held(index, key, headerOf(key, unencoded))),
      { keys: couple },
    ),
    bad(
      "of_which_one_signature_is_unencoded",
      rule,
      all([by(alice), by(bob, { header: headerOf(bob, unencoded), b64: false })]),
      b64Differs,
    ),
    good(
      "of_which_one_signature_says_that_it_is_encoded",
      rule,
      all([by(alice), by(bob, { header: headerOf(bob, { b64: true }) })]),
      [held(0, alice)],
    ),
    bad(
      "with_b64_false_and_no_crit",
      "RFC 7797 §6",
      one({ header: headerOf(alice, { b64: false }), b64: false }),
      b64NotCritical,
    ),
    bad(
      "whose_b64_is_null",
      "RFC 7797 §3",
      one({ header: headerOf(alice, { b64: null, crit: ["b64"] }) }),
      b64NotBoolean,
    ),
  ],
};
