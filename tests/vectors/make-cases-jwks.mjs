// Key sets read from a JWKS: one bad key does not spoil the others.

import { accepts, answers, fails, publishes, refuses } from "./make-compact.mjs";
import {
  forbidsBoth,
  forbidsVerifying,
  jwkAlgUnknown,
  jwkKeyType,
  jwkNoAlg,
  noKey,
  rsaTooShort,
  setMixes,
  setTwins,
  severalKeys,
  severalOfKid,
  unusableKey,
  wrongKind,
} from "./make-errors.mjs";
import { rs256 } from "./make-keys.mjs";
import { p256of7515, rsa7515 } from "./make-keys-rfc.mjs";
import { base64url, bytesOf, ed25519Key, hs256 } from "./make-material.mjs";

const a = ed25519Key("a", bytesOf("set a", 32));
const b = ed25519Key("b", bytesOf("set b", 32));
const c = ed25519Key("c", bytesOf("set c", 32));

const jwks = (...keys) => ({ keys: { jwks: { keys } } });
/** A token of a key that names a kid, or none. */
const by = (key, kid) => ({ by: key, header: kid === undefined ? { alg: key.alg } : { alg: key.alg, kid } });

const oneKey = "countersign: without a kid, the one key of its alg";
const twins = "countersign: two keys of one kid and one alg spoil only their own tokens";
const shapes = "countersign: as the issuer publishes it";
const once = "countersign: a key that is there twice is one key";
const told = "countersign: the error says why the key was left out";
const webCrypto = "Web Cryptography §14.3.10: exportKey writes the usages as key_ops";
const mixing = "CVE-2016-10555: a set that mixes secrets with public keys";
const badKey = "RFC 7517 §5: a bad key does not spoil the others";
const binding = "RFC 8725 §3.1, GHSA-jq35-7prp-9v3f";

const BAD_KEYS = {
  of_rsa_with_an_alg_for_encryption: { ...rsa7515, alg: "RSA-OAEP", use: "enc" },
  of_oct_without_alg: { kty: "oct", k: hs256.spec.secret },
  of_an_unknown_kty: { kty: "XYZ", kid: "x" },
  of_another_curve: { kty: "EC", crv: "secp256k1", x: p256of7515.x, y: p256of7515.y, alg: "ES256" },
  of_x25519: { ...a.jwk, crv: "X25519", alg: "EdDSA" },
  without_x: { kty: "OKP", crv: "Ed25519" },
  with_a_short_x: { kty: "OKP", crv: "Ed25519", x: "AAAA" },
  with_a_padded_x: { ...b.jwk, x: `${b.jwk.x}==` },
  with_contradicting_members: { ...b.jwk, use: "sig", key_ops: ["verify", "encrypt"] },
  for_signing_only: { ...b.jwk, key_ops: ["sign"] },
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

const { kty, n, e } = rs256.jwk;
const former = { kty: "RSA", n: rsa7515.n, e: rsa7515.e };
const thumbprint = base64url(bytesOf("x5t", 20));
const chain = [bytesOf("x5c", 300).toString("base64")];
const forEncryption = { kid: "enc", ...forbidsBoth };

const ISSUERS = {
  // login.microsoftonline.com: no alg; one kid per key; the issuer beside the key.
  entra: {
    keys: ["former", "now"].map((kid) => ({
      kty: "RSA",
      use: "sig",
      kid,
      x5t: thumbprint,
      ...(kid === "now" ? { n, e } : former),
      x5c: chain,
      cloud_instance_name: "microsoftonline.com",
      issuer: "https://login.microsoftonline.com/{tenantid}/v2.0",
    })),
  },
  // B2C adds nbf, and has neither alg nor x5c.
  entra_b2c: { keys: [{ kid: "now", nbf: 1493763266, use: "sig", kty, e, n }] },
  google: {
    keys: [
      { e, kty, alg: "RS256", n, kid: "now", use: "sig" },
      { ...former, alg: "RS256", kid: "former", use: "sig" },
    ],
  },
  google_before_2015: { keys: [{ kty, kid: "now", n, e }] },
  okta: { keys: [{ kty, alg: "RS256", kid: "now", use: "sig", e, n }] },
  okta_for_one_application: { keys: [{ kty, kid: "now", use: "sig", e, n, status: "ACTIVE", expiresAt: null }] },
  auth0: {
    keys: [
      { kty, use: "sig", n, e, kid: "now", x5t: thumbprint, x5c: chain, alg: "RS256" },
      { ...former, use: "sig", kid: "former", x5t: thumbprint, x5c: chain, alg: "RS256" },
    ],
  },
  keycloak: {
    keys: [
      { kid: "enc", ...former, alg: "RSA-OAEP", use: "enc", x5c: chain, x5t: thumbprint, "x5t#S256": thumbprint },
      { kid: "now", kty, alg: "RS256", use: "sig", n, e, x5c: chain, x5t: thumbprint, "x5t#S256": thumbprint },
    ],
    leftOut: [{ index: 0, kid: "enc", ...jwkAlgUnknown }],
  },
  apple: {
    keys: [
      { kty: "RSA", kid: "former", use: "sig", alg: "RS256", n: rsa7515.n, e: rsa7515.e },
      { kty, kid: "now", use: "sig", alg: "RS256", n, e },
    ],
  },
  cognito: {
    keys: [
      { alg: "RS256", e, kid: "now", kty, n, use: "sig" },
      { alg: "RS256", ...former, kid: "former", use: "sig" },
    ],
  },
  spiffe: {
    keys: [
      { kty: "EC", kid: "enc", use: "x509-svid", crv: "P-256", x: p256of7515.x, y: p256of7515.y, x5c: chain },
      { kty, kid: "now", use: "jwt-svid", n, e },
    ],
    spiffe_sequence: 1,
    spiffe_refresh_hint: 300,
    leftOut: [{ index: 0, ...forEncryption }],
  },
  a_java_server: {
    keys: [{ kty, kid: "now", use: "sig", alg: "RS256", n: signed(n), e, key_ops: null, x5c: null, x5t: null }],
  },
};
/** A number as BigInteger.toByteArray writes it: with a zero before a first bit that is set. */
function signed(number) {
  return Buffer.concat([Buffer.alloc(1), Buffer.from(number, "base64url")]).toString("base64url");
}

export default {
  description: "Key sets read from a JWKS.",
  cases: [
    publishes("reads_a_jwks", "RFC 7517 §5", jwks({ ...a.jwk, kid: "a" }, { ...b.jwk, kid: "b", alg: "Ed25519" }), {
      keys: [
        { ...a.jwk, alg: "EdDSA", kid: "a" },
        { ...b.jwk, alg: "Ed25519", kid: "b" },
      ],
    }),
    publishes("reads_an_empty_jwks", "RFC 7517 §5", jwks(), { keys: [] }),
    publishes(
      "reads_a_jwks_with_members_it_does_not_know",
      "RFC 7517 §5: they are ignored",
      {
        keys: { jwks: { keys: [{ ...a.jwk, kid: "a" }], issuer: "https://login.example" } },
      },
      { keys: [{ ...a.jwk, alg: "EdDSA", kid: "a" }] },
    ),
    publishes("publishes_only_the_public_half_of_a_private_jwk", "RFC 7517 §9.2", jwks({ ...a.privateJwk, kid: "a" }), {
      keys: [{ ...a.jwk, alg: "EdDSA", kid: "a" }],
    }),
    ...Object.entries(BAD_KEYS).flatMap(([name, bad]) => [
      accepts(
        `a_token_by_a_good_key_of_a_jwks_with_a_key_${name}`,
        badKey,
        by(a, "a"),
        jwks(bad, { ...a.jwk, kid: "a" }),
      ),
      publishes(`leaves_out_of_a_jwks_the_key_${name}`, badKey, jwks({ ...a.jwk, kid: "a" }, bad), {
        keys: [{ ...a.jwk, alg: "EdDSA", kid: "a" }],
      }),
    ]),
    accepts(
      "a_token_without_kid_by_the_only_usable_key_of_a_jwks",
      badKey,
      by(a),
      jwks({ ...a.jwk, use: "sig" }, { ...b.jwk, use: "enc" }, { ...rsa7515, use: "enc" }),
    ),
    accepts(
      "a_token_by_a_key_of_a_jwks_with_an_oct_key_without_alg",
      badKey,
      by(a, "a"),
      jwks({ kty: "oct", k: hs256.spec.secret }, { ...a.jwk, kid: "a" }),
    ),
    refuses(
      "a_token_whose_key_of_a_jwks_is_for_encryption",
      "RFC 7517 §4.2",
      by(a, "a"),
      unusableKey(forbidsBoth),
      jwks({ ...a.jwk, kid: "a", use: "enc" }),
    ),
    refuses(
      "a_token_whose_key_of_a_jwks_is_for_signing_only",
      "RFC 7517 §4.3",
      by(a, "a"),
      unusableKey(forbidsVerifying),
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
      unusableKey(wrongKind("an Ed25519 public key", "ES256")),
      jwks({ ...a.jwk, kid: "a", alg: "ES256" }),
    ),
    fails(
      "keySet",
      "refuses_a_jwks_of_secrets_and_public_keys",
      mixing,
      jwks(a.jwk, { kty: "oct", k: hs256.spec.secret, alg: "HS256" }),
      setMixes,
    ),

    // Sets of the shapes that issuers publish. The keys are ours.
    ...Object.entries(ISSUERS).flatMap(([issuer, { leftOut = [], ...set }]) => [
      accepts(
        `a_token_by_a_set_of_the_shape_of_${issuer}`,
        shapes,
        { by: rs256, header: { alg: "RS256", kid: "now", typ: "JWT" } },
        { keys: { jwks: set } },
      ),
      answers(
        "rejectedKeys",
        `leaves_out_of_a_set_of_the_shape_of_${issuer}_only_keys_for_other_jobs`,
        shapes,
        { keys: { jwks: set } },
        leftOut,
      ),
    ]),

    // The error says why.
    ...Object.entries({
      without_alg: [{ kty: "oct", k: hs256.spec.secret }, jwkNoAlg],
      of_an_unknown_kty: [{ kty: "XYZ" }, jwkKeyType],
      with_an_unknown_alg: [{ ...b.jwk, alg: "XY999" }, jwkAlgUnknown],
      that_is_too_short: [{ kty: "RSA", n: "AQ", e: "AQAB" }, rsaTooShort],
    }).flatMap(([name, [bad, reason]]) => [
      refuses(
        `a_token_whose_kid_names_a_key_${name}`,
        told,
        by(b, "b"),
        unusableKey(reason),
        jwks({ ...a.jwk, kid: "a" }, { ...bad, kid: "b" }),
      ),
      refuses(
        `a_token_without_kid_for_a_lone_key_${name}`,
        told,
        by(b),
        unusableKey(reason),
        jwks(bad, { ...p256of7515, kid: "a" }),
      ),
    ]),
    refuses(
      "a_token_whose_kid_names_neither_a_good_key_nor_a_bad_one",
      told,
      by(b, "c"),
      noKey,
      jwks({ ...a.jwk, kid: "a" }, { kty: "XYZ", kid: "b" }),
    ),
    refuses(
      "a_token_without_kid_beside_a_bad_key_with_one",
      told,
      by(b),
      noKey,
      jwks({ ...p256of7515, kid: "a" }, { kty: "XYZ", kid: "b" }),
    ),

    // One key, written twice.
    ...Object.entries({
      the_same: [{}, {}],
      with_and_without_alg: [{}, { alg: "EdDSA" }],
      under_both_names_of_the_alg: [{ alg: "EdDSA" }, { alg: "Ed25519" }],
      with_and_without_use: [{}, { use: "sig" }],
      with_and_without_certificates: [{}, { x5c: ["MIIB"] }],
      once_for_signing_only: [{ key_ops: ["sign"] }, {}],
    }).flatMap(([name, [first, second]]) => [
      accepts(
        `a_token_by_a_key_that_a_jwks_has_twice_${name}`,
        once,
        by(a, "a"),
        jwks({ ...a.jwk, kid: "a", ...first }, { ...a.jwk, kid: "a", ...second }),
      ),
      accepts(
        `a_token_without_kid_by_a_key_that_a_jwks_has_twice_${name}`,
        once,
        by(a),
        jwks({ ...a.jwk, ...first }, { ...a.jwk, ...second }),
      ),
    ]),
    publishes(
      "publishes_a_key_that_a_jwks_has_twice_once",
      once,
      jwks({ ...a.jwk, kid: "a" }, { ...b.jwk, kid: "b" }, { ...a.jwk, kid: "a", alg: "Ed25519" }),
      {
        keys: [
          { ...a.jwk, alg: "EdDSA", kid: "a" },
          { ...b.jwk, alg: "EdDSA", kid: "b" },
        ],
      },
    ),
    answers(
      "rejectedKeys",
      "leaves_out_nothing_of_a_jwks_that_has_a_key_twice",
      once,
      jwks({ ...a.jwk, kid: "a" }, { ...a.jwk, kid: "a" }),
      [],
    ),
    accepts(
      "a_token_by_a_key_that_a_jwks_has_with_its_private_half_and_without",
      once,
      by(a, "a"),
      jwks({ ...a.jwk, kid: "a" }, { ...a.privateJwk, kid: "a" }),
    ),
    refuses(
      "a_token_without_kid_by_a_key_that_a_jwks_has_under_two_names",
      oneKey,
      by(a),
      severalKeys,
      jwks({ ...a.jwk, kid: "a" }, { ...a.jwk, kid: "b" }),
    ),

    // Two keys of one name.
    ...[
      ["", {}],
      ["_and_two_names_of_the_alg", { alg: "Ed25519" }],
    ].flatMap(([name, more]) => {
      const two = jwks({ ...a.jwk, kid: "a" }, { ...b.jwk, kid: "b" }, { ...c.jwk, kid: "a", ...more });
      return [
        accepts(`a_token_of_another_key_than_two_of_one_kid${name}`, twins, by(b, "b"), two),
        refuses(`a_token_of_the_first_of_two_keys_of_one_kid${name}`, twins, by(a, "a"), severalOfKid, two),
        refuses(`a_token_of_the_second_of_two_keys_of_one_kid${name}`, twins, by(c, "a"), severalOfKid, two),
        publishes(`publishes_neither_of_two_keys_of_one_kid${name}`, twins, two, {
          keys: [{ ...b.jwk, alg: "EdDSA", kid: "b" }],
        }),
        answers("rejectedKeys", `lists_both_of_two_keys_of_one_kid${name}`, twins, two, [
          { index: 0, kid: "a", ...setTwins },
          { index: 2, kid: "a", ...setTwins },
        ]),
      ];
    }),
    refuses(
      "a_token_without_kid_beside_two_keys_of_one_kid",
      oneKey,
      by(b),
      severalKeys,
      jwks({ ...a.jwk, kid: "a" }, { ...b.jwk, kid: "b" }, { ...c.jwk, kid: "a" }),
    ),
    answers(
      "rejectedKeys",
      "lists_three_keys_of_one_kid_and_none_that_repeats_one",
      twins,
      jwks({ ...a.jwk, kid: "a" }, { ...b.jwk, kid: "a" }, { ...a.jwk, kid: "a" }, { ...c.jwk, kid: "a" }),
      [0, 1, 3].map((index) => ({ index, kid: "a", ...setTwins })),
    ),
    accepts(
      "a_token_by_one_of_two_keys_of_one_kid_and_two_algs",
      twins,
      by(a, "a"),
      jwks({ ...a.jwk, kid: "a" }, { ...p256of7515, kid: "a" }),
    ),
    publishes(
      "keeps_an_rsa_key_that_a_jwks_has_for_two_algs",
      "RFC 7517 §4.5: a kid may name keys of several algs",
      jwks({ ...rsa7515, kid: "a", alg: "RS256" }, { ...rsa7515, kid: "a", alg: "PS256" }),
      {
        keys: [
          { ...rsa7515, kid: "a", alg: "RS256" },
          { ...rsa7515, kid: "a", alg: "PS256" },
        ],
      },
    ),

    // Private keys, as WebCrypto exports them.
    accepts(
      "a_token_by_a_private_jwk_that_may_only_sign",
      webCrypto,
      by(a, "a"),
      jwks({ ...a.privateJwk, kid: "a", key_ops: ["sign"], ext: true }),
    ),
    publishes(
      "publishes_the_public_half_of_a_private_jwk_that_may_only_sign",
      webCrypto,
      jwks({ ...a.privateJwk, kid: "a", key_ops: ["sign"], ext: true }),
      { keys: [{ ...a.jwk, alg: "EdDSA", kid: "a" }] },
    ),
    accepts("a_token_by_a_private_key_of_a_set_that_may_only_sign", webCrypto, by(a, "a"), {
      keys: { set: [{ jwk: { ...a.privateJwk, kid: "a", key_ops: ["sign"] } }] },
    }),
  ],
};
