// JWS in JSON made, by one signer and by several.

import { keyTable } from "./make-compact.mjs";
import {
  byOption,
  headerNotString,
  notDisjoint,
  notProtected,
  optionInvalid,
  publicCannotSign,
  unknownOption,
  wrongOption,
} from "./make-errors.mjs";
import { flattened, said } from "./make-jws.mjs";
import {
  alias,
  alice,
  all,
  bob,
  by,
  dave,
  disjoint,
  flat,
  form,
  having,
  headerOf,
  once,
  one,
  signs,
  strict,
  stricter,
  TEXT,
  unencoded,
} from "./make-jws-json.mjs";
import { bytesOf } from "./make-material.mjs";

const sign = (name, source, { payload = TEXT, signers, options }, ok) =>
  signs.gives(`signs_a_json_jws_${name}`, source, { payload: said(payload), signers, options }, JSON.parse(ok));
const signsNot = (name, source, { payload = TEXT, signers = { key: "alice_private" }, options }, error) =>
  signs.refuses(`refuses_to_sign_a_json_jws_${name}`, source, { payload: said(payload), signers, options }, error);
const mine = (more = {}) => ({ key: "alice_private", ...more });
const mustNotSet = (name) => optionInvalid(`option "header" must not set "${name}"`);

export default {
  description: "JWS in JSON, made.",
  keys: {
    ...keyTable(alice, bob, dave),
    alice_private: alice.privateSpec,
    alias_private: alias.privateSpec,
    bob_private: bob.privateSpec,
    dave_private: dave.privateSpec,
  },
  cases: [
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
    signsNot("by_nobody", form, { signers: [] }, optionInvalid("a JWS must have 1 to 16 signatures")),
    signsNot(
      "by_17_signers",
      form,
      { signers: Array.from({ length: 17 }, () => mine()) },
      optionInvalid("a JWS must have 1 to 16 signatures"),
    ),
    signsNot(
      "by_one_key_twice",
      once,
      { signers: [mine(), mine()] },
      optionInvalid("the same key is given twice for one JWS"),
    ),
    signsNot(
      "by_one_key_of_two_names",
      once,
      { signers: [mine(), { key: "alias_private" }] },
      optionInvalid("the same key is given twice for one JWS"),
    ),
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
