// Key sets in motion: keys with an end, what a JWKS left out and why, and an algorithm for keys that name none.

import { answers, fails, NOW, publishes, token } from "./make-compact.mjs";
import {
  algMismatchRsa,
  forbidsBoth,
  jwkAlgUnknown,
  jwkCurve,
  jwkKeyType,
  jwkMissing,
  jwkNoAlg,
  jwkWrongType,
  noKey,
  optionInvalid,
  rsaTooShort,
  setTwins,
  severalKeys,
  wrongKind,
} from "./make-errors.mjs";
import { es256, rs256 } from "./make-keys.mjs";
import { bytesOf, ed25519Key, hs256 } from "./make-material.mjs";

const old = ed25519Key("old", bytesOf("old", 32), { kid: "old" });
const fresh = ed25519Key("fresh", bytesOf("fresh", 32), { kid: "new" });
const rotation = "countersign: the key that a rotation has replaced counts until its end";
const leaving = "RFC 7517 §5: a bad key does not spoil the others";
const openId = "OpenID Connect Dynamic Client Registration §2: RS256 is the default";
const naming = "countersign: a JWKS may leave the alg of its keys out (RFC 7517 §4.4)";

const twinned = "countersign: what a set publishes and what it accepts agree";
const afterTwin = { keys: { set: [{ key: { ...old.spec, kid: "new" }, until: 1_000_000_000 }, fresh.spec] } };

const claims = { sub: "alice", iat: NOW, exp: NOW + 900 };
const signed = (by, kid) => token({ by, header: kid === undefined ? { alg: by.alg } : { alg: by.alg, kid } });
const accepted = (by, kid) => ({ header: kid === undefined ? { alg: by.alg } : { alg: by.alg, kid }, claims });
const ending = (until, now = NOW) => ({ keys: { set: [{ key: old.spec, until }, fresh.spec] }, now });
const verifies = (name, source, inputs, ok) => answers("verify", name, source, { now: NOW, ...inputs }, ok);
const refuses = (name, source, inputs, error) => fails("verify", name, source, { now: NOW, ...inputs }, error);

/** A set with one key twice, after a key that has ended. */
const twice = (one, other) => ({
  keys: { set: [{ key: fresh.spec, until: NOW - 1 }, ...[one, other].map((until) => sometimes(old.spec, until))] },
});
const sometimes = (key, until) => (until === undefined ? key : { key, until });
const later = "countersign: a key that is there twice counts until the later end";

const publish = (jwk, more) => ({ ...jwk, alg: "EdDSA", ...more });
const rejected = (index, kid, { code, message }) => ({ index, kid, code, message });

const LEFT_OUT = [
  [{ kty: "XYZ", kid: "a" }, "a", jwkKeyType],
  [{ ...old.jwk, kid: "b", use: "enc" }, "b", forbidsBoth],
  [{ ...old.jwk, kid: "c", alg: "XY999" }, "c", jwkAlgUnknown],
  [{ ...es256.jwk, kid: "d", crv: "P-224" }, "d", jwkCurve],
  [{ kty: "oct", k: hs256.spec.secret, kid: "e" }, "e", jwkNoAlg],
  [{ kty: "RSA", kid: "f", alg: "RS256", n: "AQ", e: "AQAB" }, "f", rsaTooShort],
  [{ ...es256.jwk, kid: "g", alg: "ES384" }, "g", wrongKind("a P-256 public key", "ES384")],
  [{ kty: "OKP", crv: "Ed25519" }, null, jwkMissing("x")],
  [{ ...old.jwk, kid: 5 }, null, jwkWrongType("kid", "a string")],
];

export default {
  description: "Key sets in motion: ends of keys, what was left out, algorithms for keys that name none.",
  cases: [
    verifies(
      "accepts_a_token_of_a_key_before_its_end",
      rotation,
      { token: signed(old, "old"), ...ending(NOW + 1) },
      accepted(old, "old"),
    ),
    refuses("refuses_a_token_of_a_key_at_its_end", rotation, { token: signed(old, "old"), ...ending(NOW) }, noKey),
    refuses(
      "refuses_a_token_of_a_key_after_its_end",
      rotation,
      { token: signed(old, "old"), ...ending(NOW - 1) },
      noKey,
    ),
    verifies(
      "accepts_a_token_of_the_key_that_stays",
      rotation,
      { token: signed(fresh, "new"), ...ending(NOW - 1) },
      accepted(fresh, "new"),
    ),
    refuses(
      "refuses_a_token_without_kid_while_two_keys_count",
      rotation,
      { token: signed(fresh), ...ending(NOW + 1) },
      severalKeys,
    ),
    verifies(
      "accepts_a_token_without_kid_when_one_key_is_left",
      rotation,
      { token: signed(fresh), ...ending(NOW) },
      accepted(fresh),
    ),
    ...[
      ["a_key_that_is_there_again_with_a_later_end", twice(NOW - 1, NOW + 1)],
      ["a_key_that_is_there_again_with_an_earlier_end", twice(NOW + 1, NOW - 1)],
      ["a_key_that_is_there_again_without_an_end", twice(NOW - 1, undefined)],
      ["a_key_without_an_end_that_is_there_again_with_one", twice(undefined, NOW - 1)],
    ].map(([name, keys]) =>
      verifies(`accepts_a_token_of_${name}`, later, { token: signed(old, "old"), ...keys }, accepted(old, "old")),
    ),
    refuses(
      "refuses_a_token_of_a_key_that_is_there_twice_at_its_later_end",
      later,
      { token: signed(old, "old"), ...twice(NOW - 1, NOW) },
      noKey,
    ),
    refuses(
      "refuses_a_token_of_a_key_that_has_ended_before_one_that_is_there_twice",
      later,
      { token: signed(fresh, "new"), ...twice(NOW - 1, NOW + 1) },
      noKey,
    ),
    refuses(
      "refuses_a_token_of_a_key_whose_twin_is_past_its_end",
      twinned,
      { token: signed(fresh, "new"), ...afterTwin },
      setTwins,
    ),
    publishes("publishes_no_key_whose_twin_is_past_its_end", twinned, afterTwin, { keys: [] }),
    publishes("publishes_a_key_before_its_end", rotation, ending(4_000_000_000), {
      keys: [publish(old.jwk, { kid: "old" }), publish(fresh.jwk, { kid: "new" })],
    }),
    publishes("publishes_no_key_after_its_end", rotation, ending(1_000_000_000), {
      keys: [publish(fresh.jwk, { kid: "new" })],
    }),

    answers(
      "rejectedKeys",
      "leaves_out_nothing_of_a_good_jwks",
      leaving,
      { keys: { jwks: { keys: [old.jwk, fresh.jwk] } } },
      [],
    ),
    answers(
      "rejectedKeys",
      "says_what_it_left_out_and_why",
      leaving,
      { keys: { jwks: { keys: [...LEFT_OUT.map(([jwk]) => jwk), old.jwk] } } },
      LEFT_OUT.map(([, kid, error], index) => rejected(index, kid, error)),
    ),

    verifies(
      "accepts_a_token_by_a_jwks_whose_alg_the_caller_gives",
      naming,
      { token: signed(rs256), keys: { jwks: { keys: [rs256.jwk] }, alg: "RS256" } },
      accepted(rs256),
    ),
    verifies(
      "accepts_an_rs256_token_by_an_rsa_jwk_of_which_nobody_gives_the_alg",
      openId,
      { token: signed(rs256), keys: { jwks: { keys: [rs256.jwk] } } },
      accepted(rs256),
    ),
    publishes(
      "publishes_an_rsa_jwk_of_which_nobody_gives_the_alg_as_rs256",
      openId,
      { keys: { jwks: { keys: [{ ...rs256.jwk, kid: "a", use: "sig" }] } } },
      { keys: [{ ...rs256.jwk, kid: "a", alg: "RS256" }] },
    ),
    ...["PS256", "RS384"].flatMap((alg) => [
      refuses(
        `refuses_an_rs256_token_by_an_rsa_jwk_where_the_caller_gives_${alg.toLowerCase()}`,
        naming,
        { token: signed(rs256, "a"), keys: { jwks: { keys: [{ ...rs256.jwk, kid: "a" }] }, alg } },
        algMismatchRsa,
      ),
      publishes(
        `reads_an_rsa_jwk_where_the_caller_gives_${alg.toLowerCase()}`,
        naming,
        { keys: { jwks: { keys: [rs256.jwk] }, alg } },
        { keys: [{ ...rs256.jwk, alg }] },
      ),
    ]),
    refuses(
      "refuses_a_ps256_token_by_an_rsa_jwk_of_which_nobody_gives_the_alg",
      openId,
      {
        token: token({ by: rs256, header: { alg: "PS256", kid: "a" } }),
        keys: { jwks: { keys: [{ ...rs256.jwk, kid: "a" }] } },
      },
      algMismatchRsa,
    ),
    ...["RS256", "ES384", "EdDSA", "HS256"].map((alg) =>
      publishes(
        `applies_the_alg_${alg.toLowerCase()}_only_to_keys_that_it_fits`,
        naming,
        { keys: { jwks: { keys: [rs256.jwk, es256.jwk, old.jwk] }, alg } },
        {
          keys: [
            { ...rs256.jwk, alg: "RS256" },
            { ...es256.jwk, alg: "ES256" },
            { ...old.jwk, alg: "EdDSA" },
          ],
        },
      ),
    ),
    publishes(
      "lets_the_caller_choose_the_name_of_an_alg_with_two",
      `${naming}; RFC 9864 §2.2`,
      { keys: { jwks: { keys: [old.jwk, es256.jwk] }, alg: "Ed25519" } },
      {
        keys: [
          { ...old.jwk, alg: "Ed25519" },
          { ...es256.jwk, alg: "ES256" },
        ],
      },
    ),
    verifies(
      "accepts_a_token_by_a_secret_whose_alg_the_caller_gives",
      naming,
      {
        token: signed(hs256, "a"),
        keys: { jwks: { keys: [{ kty: "oct", k: hs256.spec.secret, kid: "a" }] }, alg: "HS256" },
      },
      accepted(hs256, "a"),
    ),
    verifies(
      "accepts_a_token_by_a_jwk_that_names_its_alg_whatever_the_caller_gives",
      naming,
      { token: signed(rs256), keys: { jwks: { keys: [{ ...rs256.jwk, alg: "RS256" }] }, alg: "PS256" } },
      accepted(rs256),
    ),
    answers(
      "rejectedKeys",
      "leaves_out_a_secret_where_the_alg_that_the_caller_gives_is_for_rsa",
      naming,
      { keys: { jwks: { keys: [rs256.jwk, { kty: "oct", k: hs256.spec.secret }, es256.jwk] }, alg: "RS256" } },
      [rejected(1, null, jwkNoAlg)],
    ),
    fails(
      "keySet",
      "refuses_an_alg_nobody_knows_for_a_jwks",
      naming,
      { keys: { jwks: { keys: [rs256.jwk] }, alg: "RS1" } },
      optionInvalid('option "alg" is not a supported algorithm'),
    ),
  ],
};
