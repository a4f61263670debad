// Key sets in motion: keys with an end, what a JWKS left out and why, and an algorithm for keys that name none.

import { answers, fails, NOW, token } from "./make-compact.mjs";
import {
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
  severalKeys,
  wrongKind,
} from "./make-errors.mjs";
import { es256, rs256 } from "./make-keys.mjs";
import { rsa7517 } from "./make-keys-rfc.mjs";
import { bytesOf, ed25519Key, hs256 } from "./make-material.mjs";

const old = ed25519Key("old", bytesOf("old", 32), { kid: "old" });
const fresh = ed25519Key("fresh", bytesOf("fresh", 32), { kid: "new" });
const rotation = "countersign: the key that a rotation has replaced counts until its end";
const leaving = "RFC 7517 §5: a bad key does not spoil the others";
const naming = "countersign: a JWKS may leave the alg of its keys out (RFC 7517 §4.4)";

const claims = { sub: "alice", iat: NOW, exp: NOW + 900 };
const signed = (by, kid) => token({ by, header: kid === undefined ? { alg: by.alg } : { alg: by.alg, kid } });
const accepted = (by, kid) => ({ header: kid === undefined ? { alg: by.alg } : { alg: by.alg, kid }, claims });
const ending = (until, now = NOW) => ({ keys: { set: [{ key: old.spec, until }, fresh.spec] }, now });
const verifies = (name, source, inputs, ok) => answers("verify", name, source, { now: NOW, ...inputs }, ok);
const refuses = (name, source, inputs, error) => fails("verify", name, source, { now: NOW, ...inputs }, error);

const publish = (jwk, more) => ({ ...jwk, alg: "EdDSA", ...more });
const rejected = (index, kid, { code, message }) => ({ index, kid, code, message });

const LEFT_OUT = [
  [{ kty: "XYZ", kid: "a" }, "a", jwkKeyType],
  [{ ...old.jwk, kid: "b", use: "enc" }, "b", forbidsBoth],
  [{ ...old.jwk, kid: "c", alg: "XY999" }, "c", jwkAlgUnknown],
  [{ ...es256.jwk, kid: "d", crv: "secp256k1" }, "d", jwkCurve],
  [{ ...rsa7517, kid: "e" }, "e", jwkNoAlg],
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
    answers("keySet", "publishes_a_key_before_its_end", rotation, ending(4_000_000_000), {
      keys: [publish(old.jwk, { kid: "old" }), publish(fresh.jwk, { kid: "new" })],
    }),
    answers("keySet", "publishes_no_key_after_its_end", rotation, ending(1_000_000_000), {
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
    refuses(
      "refuses_a_token_by_a_jwks_of_which_nobody_gives_the_alg",
      naming,
      { token: signed(rs256), keys: { jwks: { keys: [rs256.jwk] } } },
      noKey,
    ),
    verifies(
      "accepts_a_token_by_a_jwk_that_names_its_alg_whatever_the_caller_gives",
      naming,
      { token: signed(rs256), keys: { jwks: { keys: [{ ...rs256.jwk, alg: "RS256" }] }, alg: "PS256" } },
      accepted(rs256),
    ),
    answers(
      "rejectedKeys",
      "leaves_out_keys_of_another_kind_than_the_alg_that_the_caller_gives",
      naming,
      { keys: { jwks: { keys: [rs256.jwk, { kty: "oct", k: hs256.spec.secret }, es256.jwk] }, alg: "RS256" } },
      [rejected(1, null, wrongKind("a secret", "RS256")), rejected(2, null, wrongKind("a P-256 public key", "RS256"))],
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
