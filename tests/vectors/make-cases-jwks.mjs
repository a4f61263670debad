// Key sets read from a JWKS: one bad key does not spoil the others.

import { accepts, answers, fails, refuses } from "./make-compact.mjs";
import { noKey, setMixes, setTwins, severalKeys } from "./make-errors.mjs";
import { p256of7515, rsa7515 } from "./make-keys-rfc.mjs";
import { base64url, bytesOf, ed25519Key, hs256 } from "./make-material.mjs";

const a = ed25519Key("a", bytesOf("set a", 32));
const b = ed25519Key("b", bytesOf("set b", 32));

const jwks = (...keys) => ({ keys: { jwks: { keys } } });
/** A token of a key that names a kid, or none. */
const by = (key, kid) => ({ by: key, header: kid === undefined ? { alg: key.alg } : { alg: key.alg, kid } });

const oneKey = "countersign: without a kid, the one key of its alg";
const twins = "countersign: two keys of one kid and one alg";
const mixing = "CVE-2016-10555: a set that mixes secrets with public keys";
const spoil = "RFC 7517 §5: a bad key does not spoil the others";
const binding = "RFC 8725 §3.1, GHSA-jq35-7prp-9v3f";

const BAD_KEYS = {
  of_rsa_without_alg: rsa7515,
  of_an_unknown_kty: { kty: "XYZ", kid: "x" },
  of_another_curve: { kty: "EC", crv: "secp256k1", x: p256of7515.x, y: p256of7515.y, alg: "ES256" },
  of_x25519: { ...a.jwk, crv: "X25519", alg: "EdDSA" },
  without_x: { kty: "OKP", crv: "Ed25519" },
  with_a_short_x: { kty: "OKP", crv: "Ed25519", x: "AAAA" },
  with_a_padded_x: { ...b.jwk, x: `${b.jwk.x}=` },
  with_a_number_as_kid: { ...b.jwk, kid: 5 },
  with_an_unknown_alg: { ...b.jwk, alg: "XY999" },
  for_encryption: { ...b.jwk, use: "enc" },
  of_small_order: { ...b.jwk, x: base64url(Buffer.from([1, ...Buffer.alloc(31)])) },
  that_is_empty: {},
  that_is_null: null,
  that_is_a_string: "key",
  that_is_a_number: 5,
  that_is_an_array: [],
};

export default {
  description: "Key sets read from a JWKS.",
  cases: [
    answers(
      "keySet",
      "reads_a_jwks",
      "RFC 7517 §5",
      jwks({ ...a.jwk, kid: "a" }, { ...b.jwk, kid: "b", alg: "Ed25519" }),
      {
        keys: [
          { ...a.jwk, alg: "EdDSA", kid: "a" },
          { ...b.jwk, alg: "Ed25519", kid: "b" },
        ],
      },
    ),
    answers("keySet", "reads_an_empty_jwks", "RFC 7517 §5", jwks(), { keys: [] }),
    answers(
      "keySet",
      "reads_a_jwks_with_members_it_does_not_know",
      "RFC 7517 §5: they are ignored",
      {
        keys: { jwks: { keys: [{ ...a.jwk, kid: "a" }], issuer: "https://login.example" } },
      },
      { keys: [{ ...a.jwk, alg: "EdDSA", kid: "a" }] },
    ),
    answers(
      "keySet",
      "publishes_only_the_public_half_of_a_private_jwk",
      "RFC 7517 §9.2",
      jwks({ ...a.privateJwk, kid: "a" }),
      {
        keys: [{ ...a.jwk, alg: "EdDSA", kid: "a" }],
      },
    ),
    ...Object.entries(BAD_KEYS).flatMap(([name, bad]) => [
      accepts(
        `a_token_by_a_good_key_of_a_jwks_with_a_key_${name}`,
        spoil,
        by(a, "a"),
        jwks(bad, { ...a.jwk, kid: "a" }),
      ),
      answers("keySet", `leaves_out_of_a_jwks_the_key_${name}`, spoil, jwks({ ...a.jwk, kid: "a" }, bad), {
        keys: [{ ...a.jwk, alg: "EdDSA", kid: "a" }],
      }),
    ]),
    accepts(
      "a_token_without_kid_by_the_only_usable_key_of_a_jwks",
      spoil,
      by(a),
      jwks({ ...a.jwk, use: "sig" }, { ...b.jwk, use: "enc" }, rsa7515),
    ),
    accepts(
      "a_token_by_a_key_of_a_jwks_with_an_oct_key_without_alg",
      spoil,
      by(a, "a"),
      jwks({ kty: "oct", k: hs256.spec.secret }, { ...a.jwk, kid: "a" }),
    ),
    refuses(
      "a_token_whose_key_of_a_jwks_is_for_encryption",
      "RFC 7517 §4.2",
      by(a, "a"),
      noKey,
      jwks({ ...a.jwk, kid: "a", use: "enc" }),
    ),
    refuses(
      "a_token_whose_key_of_a_jwks_is_for_signing_only",
      "RFC 7517 §4.3",
      by(a, "a"),
      noKey,
      jwks({ ...a.jwk, kid: "a", key_ops: ["sign"] }),
    ),
    accepts(
      "a_token_without_kid_by_the_only_key_that_may_verify",
      "RFC 7517 §4.3",
      by(a),
      jwks(a.jwk, { ...b.jwk, key_ops: ["sign"] }),
    ),
    refuses(
      "a_token_whose_key_of_a_jwks_has_another_alg",
      binding,
      by(a, "a"),
      noKey,
      jwks({ ...a.jwk, kid: "a", alg: "ES256" }),
    ),
    fails(
      "keySet",
      "refuses_a_jwks_of_two_keys_of_one_kid_and_alg",
      twins,
      jwks({ ...a.jwk, kid: "a" }, { ...b.jwk, kid: "a" }),
      setTwins,
    ),
    fails(
      "keySet",
      "refuses_a_jwks_of_secrets_and_public_keys",
      mixing,
      jwks(a.jwk, { kty: "oct", k: hs256.spec.secret, alg: "HS256" }),
      setMixes,
    ),
    refuses("a_token_by_a_key_the_jwks_repeats_without_kid", oneKey, by(a), severalKeys, jwks(a.jwk, a.jwk)),
  ],
};
