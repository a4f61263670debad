// JWS in JSON, flattened and general (RFC 7515 §7.2): which signatures hold, and what makes a document none.

import { keyTable } from "./make-compact.mjs";
import {
  algMismatch,
  b64Differs,
  b64NotBoolean,
  b64NotCritical,
  badSignature,
  bothForms,
  byOption,
  critUnknown,
  headerNotString,
  jwsTooLong,
  manySignatures,
  memberNotString,
  missingAlg,
  noKey,
  noneHolds,
  notBase64url,
  notDisjoint,
  notJson,
  notObject,
  notProtected,
  optionInvalid,
  payloadMissing,
  payloadTwice,
  publicCannotSign,
  repeats,
  sameKeyAgain,
  severalKeys,
  signatureMissing,
  signaturesForm,
  tooDeep,
  unknownOption,
  unprotectedNotObject,
  wrongOption,
  zipUnsupported,
} from "./make-errors.mjs";
import { CLAIMS_OF_A1, casesOf, compact, flattened, general, member, PROSE, said, signature } from "./make-jws.mjs";
import { p256of7515, rsa7515 } from "./make-keys-rfc.mjs";
import { bytesOf, ed25519, ed25519Key, hmacKey, hs256, other256, other25519 } from "./make-material.mjs";

const { gives, refuses } = casesOf("verifyJwsJson");
const signs = casesOf("signJwsJson");

const TEXT = "a contract";
const alice = ed25519Key("alice", ed25519.seed, { kid: "alice" });
const bob = ed25519Key("bob", other25519.seed, { kid: "bob" });
const carol = ed25519Key("carol", bytesOf("carol", 32), { kid: "carol" });
const dave = ed25519Key("dave", bytesOf("dave", 32));
const headerOf = (key, more = {}) => ({ alg: "EdDSA", kid: key.kid ?? key.spec.kid, ...more });
const by = (key, more = {}) => ({ by: key, header: headerOf(key), ...more });
const unencoded = { b64: false, crit: ["b64"] };

const flat = "RFC 7515 §7.2.2";
const form = "RFC 7515 §7.2.1";
const disjoint = "RFC 7515 §7.2.1: the names are disjoint";
const strict = "countersign: as strict as for tokens";
const stricter = "countersign: alg has to be protected; RFC 7515 §10.7 advises it";
const rule = "RFC 7797 §3: the same in all signatures";
const anyHolds = "RFC 7515 §5.2: at least one must hold";
const once = "countersign: a key counts once";

const held = (index, key, header = headerOf(key)) => {
  const { kid } = key.spec;
  return kid === undefined ? { index, header } : { index, header, kid };
};
/** A case that is accepted: a text, and the signatures that hold. */
const good = (name, source, jws, signatures, { keys = "alice", payload = TEXT, ...more } = {}) =>
  gives(`accepts_a_json_jws_${name}`, source, { jws, keys, ...more }, { payload: said(payload), signatures });
const bad = (name, source, jws, error, more = {}) =>
  refuses(`refuses_a_json_jws_${name}`, source, { jws, keys: "alice", ...more }, error);
const one = (more = {}) => flattened({ payload: TEXT, ...by(alice), ...more });
/** A flattened JWS of alice's with members of the document changed. */
const having = (members) => flattened({ payload: TEXT, ...by(alice) }, members);
const all = (signatures, members) => general({ payload: TEXT, signatures }, members);
const couple = { set: ["alice", "bob"] };
const whole = { require: "all" };

/** RFC 7520 §3.5. */
const cookbook = hmacKey(
  "rfc_7520_3_5",
  "HS256",
  Buffer.from("hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg", "base64url"),
  { kid: "018c0ae5-4d9b-471b-bfd6-eef314bc7037" },
);
const cookbookKid = "018c0ae5-4d9b-471b-bfd6-eef314bc7037";
const cookbookSignature = {
  protected: "eyJhbGciOiJIUzI1NiIsImtpZCI6IjAxOGMwYWU1LTRkOWItNDcxYi1iZmQ2LWVlZjMxNGJjNzAzNyJ9",
  signature: "s0h6KThzkfBBBkLspW1h84VsJZFTsPPqMDA7g1Md7p0",
};
const cookbookHeld = (index, header = { alg: "HS256", kid: cookbookKid }) => [{ index, header, kid: cookbookKid }];
const ofCookbook = { keys: cookbook.name, payload: PROSE };
const a1Key = hmacKey(
  "rfc_7515_a_1",
  "HS256",
  Buffer.from("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow", "base64url"),
);

/** RFC 7515 A.6.4. */
const a6 = [
  {
    protected: "eyJhbGciOiJSUzI1NiJ9",
    header: { kid: "2010-12-29" },
    signature:
      "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CU" +
      "Ar7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_d" +
      "O--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0ig" +
      "cN_IoypGlUPQGe77Rw",
  },
  {
    protected: "eyJhbGciOiJFUzI1NiJ9",
    header: { kid: "e9bc097a-ce51-4036-9562-d2ade882db0d" },
    signature: "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
  },
];
const a6Held = [
  { index: 0, header: { alg: "RS256" }, kid: "2010-12-29" },
  { index: 1, header: { alg: "ES256" }, kid: "e9bc097a-ce51-4036-9562-d2ade882db0d" },
];
const a6Text = JSON.stringify({ payload: said(CLAIMS_OF_A1), signatures: a6 });
const ofA6 = { payload: CLAIMS_OF_A1 };

/** The first two signatures of RFC 7520 §4.8, by keys that the cases do not have; the second protects nothing. */
const strangers = [
  {
    protected: "eyJhbGciOiJSUzI1NiJ9",
    header: { kid: "bilbo.baggins@hobbiton.example" },
    signature:
      "MIsjqtVlOpa71KE-Mss8_Nq2YH4FGhiocsqrgi5NvyG53uoimic1tcMdSg-qptrzZc7CG6Svw2Y13TDIqHzTUrL_lR2ZFcryNFiHkSw129Eg" +
      "hGpwkpxaTn_THJTCglNbADko1MZBCdwzJxwqZc-1RlpO2HibUYyXSwO97BSe0_evZKdjvvKSgsIqjytKSeAMbhMBdMma622_BG5t4sdbuCHt" +
      "Fjp9iJmkio47AIwqkZV1aIZsv33uPUqBBCXbYoQJwt7mxPftHmNlGoOSMxR_3thmXTCm4US-xiNOyhbm8afKK64jU6_TPtQHiJeQJxz9G3Tx" +
      "-083B745_AfYOnlC9w",
  },
  {
    header: { alg: "ES512", kid: "bilbo.baggins@hobbiton.example" },
    signature:
      "ARcVLnaJJaUWG8fG-8t5BREVAuTY8n8YHjwDO1muhcdCoFZFFjfISu0Cdkn9Ybdlmi54ho0x924DUz8sK7ZXkhc7AFM8ObLfTvNCrqcI3Jkl" +
      "2U5IX3utNhODH6v7xgy1Qahsn0fyb4zSAkje8bAWz4vIfj5pCMYxxm4fgV3q7ZYhm5eD",
  },
];
const cookbookText = (signatures) => JSON.stringify({ payload: said(PROSE), signatures });

const NOT_STRINGS = { null: null, a_number: 1, an_array: ["a"], an_object: {} };

/** Sixteen signatures, or more: one that holds and others by nobody we know. */
const crowd = (count) => all([by(alice), ...Array.from({ length: count - 1 }, () => by(carol))]);

const sign = (name, source, { payload = TEXT, signers, options }, ok) =>
  signs.gives(`signs_a_json_jws_${name}`, source, { payload: said(payload), signers, options }, JSON.parse(ok));
const signsNot = (name, source, { payload = TEXT, signers = { key: "alice_private" }, options }, error) =>
  signs.refuses(`refuses_to_sign_a_json_jws_${name}`, source, { payload: said(payload), signers, options }, error);
const mine = (more = {}) => ({ key: "alice_private", ...more });
const mustNotSet = (name) => optionInvalid(`option "header" must not set "${name}"`);

export default {
  description: "JWS in JSON, flattened and general: which signatures hold.",
  keys: {
    ...keyTable(alice, bob, carol, dave, hs256, other256, cookbook, a1Key),
    alice_private: alice.privateSpec,
    bob_private: bob.privateSpec,
    dave_private: dave.privateSpec,
    rs256: { jwk: rsa7515, alg: "RS256", kid: "2010-12-29" },
    es256: { jwk: p256of7515, alg: "ES256", kid: "e9bc097a-ce51-4036-9562-d2ade882db0d" },
    bare: { jwk: alice.jwk, alg: "EdDSA" },
  },
  cases: [
    good("of_rfc_7515_a_6", "RFC 7515 A.6.4", a6Text, a6Held, {
      ...ofA6,
      keys: { set: ["rs256", "es256"] },
      options: whole,
    }),
    good("of_rfc_7515_a_6_for_one_key", "RFC 7515 A.6.4", a6Text, [a6Held[1]], { ...ofA6, keys: "es256" }),
    good(
      "of_rfc_7515_a_7",
      "RFC 7515 A.7",
      JSON.stringify({ payload: said(CLAIMS_OF_A1), ...a6[1] }),
      [{ ...a6Held[1], index: 0 }],
      { ...ofA6, keys: "es256" },
    ),
    good(
      "of_rfc_7797_4_2",
      "RFC 7797 §4.2",
      JSON.stringify({
        protected: "eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19",
        payload: "$.02",
        signature: "A5dxf2s96_n5FLueVuW1Z_vh161FwXZC4YLPff6dmDY",
      }),
      [{ index: 0, header: { alg: "HS256", ...unencoded } }],
      { keys: a1Key.name, payload: "$.02" },
    ),
    good("of_rfc_7520_4_4", "RFC 7520 §4.4", cookbookText([cookbookSignature]), cookbookHeld(0), ofCookbook),
    good(
      "of_rfc_7520_4_4_flattened",
      "RFC 7520 §4.4",
      JSON.stringify({ payload: said(PROSE), ...cookbookSignature }),
      cookbookHeld(0),
      ofCookbook,
    ),
    good("of_rfc_7520_4_5", "RFC 7520 §4.5", JSON.stringify({ signatures: [cookbookSignature] }), cookbookHeld(0), {
      ...ofCookbook,
      detached: said(PROSE),
    }),
    good(
      "of_rfc_7520_4_6",
      "RFC 7520 §4.6",
      JSON.stringify({
        payload: said(PROSE),
        protected: "eyJhbGciOiJIUzI1NiJ9",
        header: { kid: cookbookKid },
        signature: "bWUSVaxorn7bEF1djytBd0kHv70Ly5pvbomzMWSOr20",
      }),
      cookbookHeld(0, { alg: "HS256" }),
      ofCookbook,
    ),
    bad(
      "of_rfc_7520_4_7",
      `RFC 7520 §4.7; ${stricter}`,
      JSON.stringify({
        payload: said(PROSE),
        header: { alg: "HS256", kid: cookbookKid },
        signature: "xuLifqLGiblpv9zBpuZczWhNj1gARaLV3UxvxhJxZuk",
      }),
      notProtected("alg"),
      { keys: cookbook.name },
    ),
    good(
      "of_rfc_7520_4_8",
      "RFC 7520 §4.8",
      cookbookText([...strangers, cookbookSignature]),
      cookbookHeld(2),
      ofCookbook,
    ),
    bad(
      "of_rfc_7520_4_8_of_which_all_should_hold",
      "RFC 7520 §4.8",
      cookbookText([...strangers, cookbookSignature]),
      algMismatch,
      { keys: cookbook.name, options: whole },
    ),
    bad("of_rfc_7520_4_8_without_the_third", "RFC 7520 §4.8", cookbookText(strangers), noneHolds, {
      keys: cookbook.name,
    }),

    good("that_is_flattened", flat, one(), [held(0, alice)]),
    good("that_is_general_with_one_signature", form, all([by(alice)]), [held(0, alice)]),
    good("by_two_for_one_of_them", anyHolds, all([by(alice), by(bob)]), [held(1, bob)], { keys: "bob" }),
    good("by_two_for_both", anyHolds, all([by(alice), by(bob)]), [held(0, alice), held(1, bob)], { keys: couple }),
    good("by_two_of_which_all_hold", anyHolds, all([by(bob), by(alice)]), [held(0, bob), held(1, alice)], {
      keys: couple,
      options: whole,
    }),
    good(
      "by_three_of_whom_two_are_known",
      anyHolds,
      all([by(alice), by(carol), by(bob)]),
      [held(0, alice), held(2, bob)],
      {
        keys: couple,
      },
    ),
    good("by_a_key_without_kid", anyHolds, all([{ by: dave }]), [held(0, dave, { alg: "EdDSA" })], { keys: "dave" }),
    bad("by_three_of_whom_all_should_be_known", anyHolds, all([by(alice), by(carol), by(bob)]), noKey, {
      keys: couple,
      options: whole,
    }),
    bad("by_two_strangers", anyHolds, all([by(alice), by(bob)]), noneHolds, { keys: "carol" }),
    bad("by_two_strangers_to_a_set", anyHolds, all([by(alice), by(bob)]), noneHolds, { keys: { set: ["carol"] } }),
    bad("by_one_stranger", anyHolds, one(), badSignature, { keys: "carol" }),
    bad("by_one_stranger_to_a_set", anyHolds, one(), noKey, { keys: { set: ["carol"] } }),
    bad("by_one_stranger_in_the_general_form", anyHolds, all([by(alice)]), badSignature, { keys: "carol" }),
    bad("with_a_forged_signature_alone", anyHolds, one({ signedBy: carol }), badSignature),
    good("with_a_forged_signature_beside", anyHolds, all([by(bob, { signedBy: carol }), by(alice)]), [held(1, alice)], {
      keys: couple,
    }),
    bad(
      "with_a_forged_signature_beside_where_all_should_hold",
      anyHolds,
      all([by(bob, { signedBy: carol }), by(alice)]),
      badSignature,
      { keys: couple, options: whole },
    ),
    bad("whose_payload_was_changed", anyHolds, having({ payload: said("another") }), badSignature),
    bad("under_a_demand_for_one", strict, one(), optionInvalid('option "require" is not "all" or "any"'), {
      options: { require: "one" },
    }),
    good("under_the_default_demand_spelled_out", strict, one(), [held(0, alice)], { options: { require: "any" } }),

    good("signed_twice_by_one_key_once", once, all([by(alice), by(alice)]), [held(0, alice)]),
    good("signed_twice_by_one_key_at_first_wrongly", once, all([by(alice, { signedBy: bob }), by(alice)]), [
      held(1, alice),
    ]),
    bad("signed_twice_by_one_key_where_all_should_hold", once, all([by(alice), by(alice)]), sameKeyAgain, {
      options: whole,
    }),

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
      notBase64url("header"),
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
      notBase64url("payload"),
    ),
    bad("whose_signature_is_padded", strict, having({ signature: "AA==" }), notBase64url("signature")),
    good("as_long_as_the_limit", strict, one(), [held(0, alice)], { options: { maxLength: one().length } }),
    bad("longer_than_the_limit", strict, one(), jwsTooLong(one().length - 1), {
      options: { maxLength: one().length - 1 },
    }),
    bad("under_an_option_of_tokens", strict, one(), unknownOption("issuer"), { options: { issuer: "a" } }),

    bad("without_protected_header", stricter, having({ protected: undefined }), missingAlg),
    bad("without_alg", stricter, one({ header: { kid: "alice" } }), missingAlg),
    ...["alg", "b64", "crit", "zip"].flatMap((name) => [
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
    bad("with_zip", "RFC 7516 §4.1.3", one({ header: headerOf(alice, { zip: "DEF" }) }), zipUnsupported),
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

    sign("by_one_signer", flat, { signers: mine() }, one()),
    sign("by_an_array_of_one_signer", form, { signers: [mine()] }, all([by(alice)])),
    sign("by_two_signers", form, { signers: [mine(), { key: "bob_private" }] }, all([by(alice), by(bob)])),
    sign(
      "with_headers_of_both_kinds",
      form,
      { signers: mine({ typ: "example", cty: "text/plain", header: { a: 1 }, unprotected: { b: { c: 2 } } }) },
      one({
        header: { alg: "EdDSA", typ: "example", cty: "text/plain", kid: "alice", a: 1 },
        unprotected: { b: { c: 2 } },
      }),
    ),
    sign(
      "with_an_unprotected_kid",
      form,
      { signers: { key: "dave_private", unprotected: { kid: "d" } } },
      flattened({ payload: TEXT, by: dave, unprotected: { kid: "d" } }),
    ),
    sign(
      "with_an_empty_unprotected_header",
      "RFC 7515 §7.2.1: absent when empty",
      { signers: mine({ unprotected: {} }) },
      one(),
    ),
    sign(
      "with_a_critical_extension",
      "RFC 7515 §4.1.11",
      { signers: mine({ crit: ["x"], header: { x: 1 } }) },
      one({ header: { ...headerOf(alice), crit: ["x"], x: 1 } }),
    ),
    sign(
      "detached",
      "RFC 7515 appendix F",
      { signers: mine(), options: { detached: true } },
      having({ payload: undefined }),
    ),
    sign(
      "detached_by_two_signers",
      "RFC 7515 appendix F",
      { signers: [mine(), { key: "bob_private" }], options: { detached: true } },
      all([by(alice), by(bob)], { payload: undefined }),
    ),
    sign(
      "unencoded",
      "RFC 7797 §5.3",
      { payload: "a.b\n\u00e9", signers: mine(), options: { b64: false } },
      flattened({ payload: "a.b\n\u00e9", b64: false, ...by(alice, { header: headerOf(alice, unencoded) }) }),
    ),
    signsNot(
      "unencoded_that_is_no_text",
      "RFC 7797 §5.3",
      { payload: bytesOf("payload", 70), options: { b64: false } },
      optionInvalid("an unencoded payload that is not detached must be UTF-8"),
    ),
    sign(
      "unencoded_and_detached_that_is_no_text",
      "RFC 7797 §5.1",
      { payload: bytesOf("payload", 70), signers: mine(), options: { b64: false, detached: true } },
      flattened(
        { payload: bytesOf("payload", 70), b64: false, ...by(alice, { header: headerOf(alice, unencoded) }) },
        { payload: undefined },
      ),
    ),
    signsNot("by_nobody", form, { signers: [] }, optionInvalid("a JWS has 1 to 16 signatures")),
    signsNot(
      "by_17_signers",
      form,
      { signers: Array.from({ length: 17 }, () => mine()) },
      optionInvalid("a JWS has 1 to 16 signatures"),
    ),
    signsNot("by_one_key_twice", once, { signers: [mine(), mine()] }, optionInvalid("a key signs a JWS once")),
    signsNot("by_a_public_key", "RFC 8037 §3.1.1", { signers: { key: "alice" } }, publicCannotSign),
    ...["alg", "b64", "crit", "zip"].map((name) =>
      signsNot(
        `with_an_unprotected_${name}`,
        stricter,
        { signers: mine({ unprotected: { [name]: "x" } }) },
        byOption("unprotected", notProtected(name)),
      ),
    ),
    signsNot(
      "with_the_kid_in_both_headers",
      disjoint,
      { signers: mine({ unprotected: { kid: "alice" } }) },
      byOption("unprotected", notDisjoint),
    ),
    signsNot(
      "with_an_unprotected_kid_that_is_a_number",
      "RFC 7515 §4.1.4",
      { signers: { key: "dave_private", unprotected: { kid: 1 } } },
      byOption("unprotected", headerNotString("kid")),
    ),
    signsNot(
      "with_an_unprotected_header_that_is_an_array",
      form,
      { signers: mine({ unprotected: [] }) },
      optionInvalid('option "unprotected" is not a JSON object'),
    ),
    signsNot("whose_header_sets_alg", strict, { signers: mine({ header: { alg: "x" } }) }, mustNotSet("alg")),
    signsNot(
      "with_a_signer_of_unknown_options",
      strict,
      { signers: mine({ detached: true }) },
      unknownOption("detached"),
    ),
    signsNot("with_an_option_of_signers", strict, { options: { typ: "x" } }, unknownOption("typ")),
    signsNot(
      "with_detached_that_is_a_text",
      strict,
      { options: { detached: "yes" } },
      wrongOption("detached", "a boolean"),
    ),
  ],
};
