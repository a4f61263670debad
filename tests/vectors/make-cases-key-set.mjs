// Key sets: which key answers for a token, which sets cannot be made, and what a set publishes.

import { accepts, answers, fails, keyTable, refuses } from "./make-compact.mjs";
import { algMismatch, badSignature, forbidsBoth, noKey, noPublicHalf, setMixes, setTwins, severalKeys } from "./make-errors.mjs";
import { base64url, bytesOf, ed25519, ed25519Key, hmacKey, hs256, p256Jwk, rsaJwk } from "./make-material.mjs";

/** Keys with the name they have in a set: the same letter, the same kid. */
const named = (name, alg, kid) => ed25519Key(name, bytesOf(`set ${name}`, 32), { alg, kid });
const secret = (name, alg, kid, length) => hmacKey(name, alg, bytesOf(`set ${name}`, length), kid === undefined ? {} : { kid });

const a = named("a", "EdDSA", "a");
const b = named("b", "EdDSA", "b");
const unnamed = named("unnamed", "EdDSA");
const unnamed2 = named("unnamed2", "EdDSA");
const aNamedEd25519 = { ...named("a_named_ed25519", "Ed25519", "a") };
const s256 = secret("s256", "HS256", "s", 32);
const s512 = secret("s512", "HS512", "s", 64);
const t256 = secret("t256", "HS256", "t", 32);

const set = (...keys) => ({ keys: { set: keys.map((key) => key.name) } });
const jwks = (...keys) => ({ keys: { jwks: { keys } } });
/** A token of a key that names a kid, or none. */
const by = (key, kid) => ({ by: key, header: kid === undefined ? { alg: key.alg } : { alg: key.alg, kid } });

const kidRule = "countersign: a token's kid must equal a key's; RFC 7515 §4.1.4";
const oneKey = "countersign: without a kid, the one key of its alg";
const twins = "countersign: two keys of one kid and one alg";
const mixing = "CVE-2016-10555: a set that mixes secrets with public keys";
const spoil = "RFC 7517 §5: a bad key does not spoil the others";
const binding = "RFC 8725 §3.1, GHSA-jq35-7prp-9v3f";

const BAD_KEYS = {
  of_another_kty: rsaJwk,
  of_an_unknown_kty: { kty: "XYZ", kid: "x" },
  of_another_curve: p256Jwk,
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
  description: "Key sets: selection by kid and alg, sets that cannot be made, JWKS in and out.",
  keys: keyTable(a, b, unnamed, unnamed2, aNamedEd25519, s256, s512, t256, hs256, ed25519),
  cases: [
    accepts("a_token_by_the_key_its_kid_names", kidRule, by(a, "a"), set(a, b)),
    accepts("a_token_by_the_second_key_its_kid_names", kidRule, by(b, "b"), set(a, b)),
    accepts("a_token_by_the_secret_its_kid_names", kidRule, by(t256, "t"), set(s256, t256)),
    refuses("a_token_whose_kid_names_another_key_than_signed_it", kidRule, by(a, "b"), badSignature, set(a, b)),
    refuses("a_token_whose_kid_names_no_key", kidRule, by(a, "c"), noKey, set(a, b)),
    refuses("a_token_whose_kid_names_no_key_of_a_set_of_one", kidRule, by(a, "c"), noKey, set(a)),
    refuses("a_token_whose_kid_is_in_other_case", kidRule, by(a, "A"), noKey, set(a, b)),
    refuses("a_token_whose_kid_starts_as_a_key_s", kidRule, by(a, "aa"), noKey, set(a, b)),
    refuses("a_token_with_a_kid_when_the_key_has_none", kidRule, by(unnamed, "a"), noKey, set(unnamed)),
    refuses("a_token_with_an_empty_kid", kidRule, by(a, ""), noKey, set(a)),
    refuses("a_token_with_an_empty_kid_when_the_key_has_none", kidRule, by(unnamed, ""), noKey, set(unnamed)),
    accepts("a_token_with_a_kid_beside_a_key_without_one", kidRule, by(a, "a"), set(unnamed, a)),
    refuses("any_token_for_an_empty_set", kidRule, by(a, "a"), noKey, set()),
    refuses("any_token_without_kid_for_an_empty_set", kidRule, by(a), noKey, set()),

    accepts("a_token_without_kid_by_the_only_key", oneKey, by(a), set(a)),
    accepts("a_token_without_kid_by_the_only_unnamed_key", oneKey, by(unnamed), set(unnamed)),
    accepts("a_token_without_kid_by_the_only_key_of_its_alg", oneKey, by(s512), set(s256, s512)),
    refuses("a_token_without_kid_where_two_keys_have_its_alg", oneKey, by(a), severalKeys, set(a, b)),
    refuses("a_token_without_kid_where_two_unnamed_keys_have_its_alg", oneKey, by(unnamed), severalKeys, set(unnamed, unnamed2)),
    refuses("a_token_without_kid_where_two_keys_have_its_alg_under_two_names", "RFC 9864 §2.2", by(b), severalKeys, set(b, aNamedEd25519)),
    refuses("a_token_without_kid_where_no_key_has_its_alg", oneKey, by(s512), noKey, set(s256)),
    refuses("a_token_without_kid_by_a_key_of_no_set", oneKey, by(unnamed), badSignature, set(a)),
    refuses("a_token_with_alg_none_for_a_set", "CVE-2015-9235", { by: a, header: { alg: "none" }, signatureText: () => "" }, noKey, set(a)),
    refuses("a_token_with_alg_none_and_a_kid_of_the_set", "CVE-2015-9235", { by: a, header: { alg: "none", kid: "a" }, signatureText: () => "" }, algMismatch, set(a)),

    refuses("a_token_whose_kid_names_a_key_of_another_alg", binding, { by: a, header: { alg: "HS256", kid: "a" } }, algMismatch, set(a, b)),
    refuses("an_hs256_token_by_the_public_key_its_kid_names", "CVE-2016-10555", {
      by: a,
      signedBy: hmacKey("forger", "HS256", a.publicBytes),
      header: { alg: "HS256", kid: "a" },
    }, algMismatch, set(a, b)),
    accepts("a_token_by_the_key_of_its_alg_where_two_share_a_kid", binding, by(s512, "s"), set(s256, s512)),
    accepts("a_token_by_the_other_key_of_its_alg_where_two_share_a_kid", binding, by(s256, "s"), set(s256, s512)),
    accepts("a_token_named_ed25519_by_a_key_named_eddsa_of_a_set", "RFC 9864 §2.2", { by: a, header: { alg: "Ed25519", kid: "a" } }, set(a, b)),
    accepts("a_token_named_eddsa_by_a_key_named_ed25519_of_a_set", "RFC 9864 §2.2", { by: aNamedEd25519, header: { alg: "EdDSA", kid: "a" } }, set(aNamedEd25519, b)),

    answers("keySet", "makes_an_empty_set", "RFC 7517 §5", set(), { keys: [] }),
    answers("keySet", "publishes_the_keys_of_a_set_in_their_order", "RFC 7517 §5", set(b, a), {
      keys: [{ ...b.jwk, alg: "EdDSA", kid: "b" }, { ...a.jwk, alg: "EdDSA", kid: "a" }],
    }),
    answers("keySet", "publishes_the_public_halves_of_private_keys", "RFC 7517 §9.2", { keys: { set: [a.privateSpec] } }, {
      keys: [{ ...a.jwk, alg: "EdDSA", kid: "a" }],
    }),
    answers("keySet", "publishes_keys_without_kid", "RFC 7517 §4.5", set(unnamed, unnamed2), {
      keys: [{ ...unnamed.jwk, alg: "EdDSA" }, { ...unnamed2.jwk, alg: "EdDSA" }],
    }),
    fails("keySet", "refuses_to_publish_secrets", "RFC 7518 §6.4", set(s256, t256), noPublicHalf),
    fails("keySet", "refuses_two_keys_of_one_kid_and_alg", twins, { keys: { set: ["a", { ...b.spec, kid: "a" }] } }, setTwins),
    fails("keySet", "refuses_two_keys_of_one_kid_and_two_names_of_an_alg", `${twins}; RFC 9864 §2.2`, set(a, aNamedEd25519), setTwins),
    fails("keySet", "refuses_one_key_twice", twins, set(a, a), setTwins),
    fails("keySet", "refuses_the_halves_of_one_key_with_one_kid", twins, { keys: { set: [a.spec, a.privateSpec] } }, setTwins),
    fails("keySet", "refuses_two_secrets_of_one_kid_and_alg", twins, { keys: { set: ["s256", { ...t256.spec, kid: "s" }] } }, setTwins),
    fails("keySet", "refuses_a_set_of_secrets_and_public_keys", mixing, set(a, s256), setMixes),
    fails("keySet", "refuses_a_set_of_public_keys_and_secrets", mixing, set(s256, a), setMixes),
    fails("keySet", "refuses_a_set_of_a_private_key_and_a_secret", mixing, { keys: { set: [a.privateSpec, "s256"] } }, setMixes),
    fails("keySet", "refuses_a_set_with_a_key_for_encryption", "RFC 7517 §4.2: a key the caller imports", {
      keys: { set: ["a", { jwk: { ...b.jwk, use: "enc" } }] },
    }, forbidsBoth),

    answers("keySet", "reads_a_jwks", "RFC 7517 §5", jwks({ ...a.jwk, kid: "a" }, { ...b.jwk, kid: "b", alg: "Ed25519" }), {
      keys: [{ ...a.jwk, alg: "EdDSA", kid: "a" }, { ...b.jwk, alg: "Ed25519", kid: "b" }],
    }),
    answers("keySet", "reads_an_empty_jwks", "RFC 7517 §5", jwks(), { keys: [] }),
    answers("keySet", "reads_a_jwks_with_members_it_does_not_know", "RFC 7517 §5: they are ignored", {
      keys: { jwks: { keys: [{ ...a.jwk, kid: "a" }], issuer: "https://login.example" } },
    }, { keys: [{ ...a.jwk, alg: "EdDSA", kid: "a" }] }),
    answers("keySet", "publishes_only_the_public_half_of_a_private_jwk", "RFC 7517 §9.2", jwks({ ...a.privateJwk, kid: "a" }), {
      keys: [{ ...a.jwk, alg: "EdDSA", kid: "a" }],
    }),
    ...Object.entries(BAD_KEYS).flatMap(([name, bad]) => [
      accepts(`a_token_by_a_good_key_of_a_jwks_with_a_key_${name}`, spoil, by(a, "a"), jwks(bad, { ...a.jwk, kid: "a" })),
      answers("keySet", `leaves_out_of_a_jwks_the_key_${name}`, spoil, jwks({ ...a.jwk, kid: "a" }, bad), {
        keys: [{ ...a.jwk, alg: "EdDSA", kid: "a" }],
      }),
    ]),
    accepts("a_token_without_kid_by_the_only_usable_key_of_a_jwks", spoil, by(a), jwks({ ...a.jwk, use: "sig" }, { ...b.jwk, use: "enc" }, rsaJwk)),
    accepts("a_token_by_a_key_of_a_jwks_with_an_oct_key_without_alg", spoil, by(a, "a"), jwks({ kty: "oct", k: hs256.spec.secret }, { ...a.jwk, kid: "a" })),
    refuses("a_token_whose_key_of_a_jwks_is_for_encryption", "RFC 7517 §4.2", by(a, "a"), noKey, jwks({ ...a.jwk, kid: "a", use: "enc" })),
    refuses("a_token_whose_key_of_a_jwks_is_for_signing_only", "RFC 7517 §4.3", by(a, "a"), noKey, jwks({ ...a.jwk, kid: "a", key_ops: ["sign"] })),
    accepts("a_token_without_kid_by_the_only_key_that_may_verify", "RFC 7517 §4.3", by(a), jwks(a.jwk, { ...b.jwk, key_ops: ["sign"] })),
    refuses("a_token_whose_key_of_a_jwks_has_another_alg", binding, by(a, "a"), noKey, jwks({ ...a.jwk, kid: "a", alg: "ES256" })),
    fails("keySet", "refuses_a_jwks_of_two_keys_of_one_kid_and_alg", twins, jwks({ ...a.jwk, kid: "a" }, { ...b.jwk, kid: "a" }), setTwins),
    fails("keySet", "refuses_a_jwks_of_secrets_and_public_keys", mixing, jwks(a.jwk, { kty: "oct", k: hs256.spec.secret, alg: "HS256" }), setMixes),
    refuses("a_token_by_a_key_the_jwks_repeats_without_kid", oneKey, by(a), severalKeys, jwks(a.jwk, a.jwk)),
  ],
};
