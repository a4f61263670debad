// Key sets: which key answers for a token, which sets cannot be made, and what a set publishes. Sets read from a JWKS
// are in make-cases-jwks.mjs.

import { accepts, answers, fails, keyTable, NOW, publishes, refuses, token } from "./make-compact.mjs";
import {
  algMismatch,
  badSignature,
  forbidsBoth,
  jwkKeyType,
  noKey,
  noPublicHalf,
  setMixes,
  setsOverlap,
  setTwins,
  severalKeys,
  severalOfKid,
  unusableKey,
} from "./make-errors.mjs";
import { base64url, bytesOf, ed25519Key, hmacKey } from "./make-material.mjs";

/** Keys with the name they have in a set: the same letter, the same kid. */
const named = (name, alg, kid) => ed25519Key(name, bytesOf(`set ${name}`, 32), { alg, kid });
const secret = (name, alg, kid, length) =>
  hmacKey(name, alg, bytesOf(`set ${name}`, length), kid === undefined ? {} : { kid });

const a = named("a", "EdDSA", "a");
const b = named("b", "EdDSA", "b");
const unnamed = named("unnamed", "EdDSA");
const unnamed2 = named("unnamed2", "EdDSA");
const aNamedEd25519 = { ...named("a_named_ed25519", "Ed25519", "a") };
const s256 = secret("s256", "HS256", "s", 32);
const s512 = secret("s512", "HS512", "s", 64);
const t256 = secret("t256", "HS256", "t", 32);

const set = (...keys) => ({ keys: { set: keys.map((key) => key.name) } });
/** A token of a key that names a kid, or none. */
const by = (key, kid) => ({ by: key, header: kid === undefined ? { alg: key.alg } : { alg: key.alg, kid } });

const kidRule = "countersign: a token's kid must equal a key's; RFC 7515 §4.1.4";
const oneKey = "countersign: without a kid, the one key of its alg";
const twins = "countersign: two keys of one kid and one alg spoil only their own tokens";
const once = "countersign: a key that is there twice is one key";
const migration = "RFC 8725 §3.1: several sets, each for other algs";
const mixing = "CVE-2016-10555: a set that mixes secrets with public keys";
const binding = "RFC 8725 §3.1, GHSA-jq35-7prp-9v3f";

export default {
  description: "Key sets: selection by kid and alg, sets that cannot be made, and what they publish.",
  keys: keyTable(a, b, unnamed, unnamed2, aNamedEd25519, s256, s512, t256),
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
    refuses(
      "a_token_without_kid_where_two_unnamed_keys_have_its_alg",
      oneKey,
      by(unnamed),
      severalKeys,
      set(unnamed, unnamed2),
    ),
    refuses(
      "a_token_without_kid_where_two_keys_have_its_alg_under_two_names",
      "RFC 9864 §2.2",
      by(b),
      severalKeys,
      set(b, aNamedEd25519),
    ),
    refuses("a_token_without_kid_where_no_key_has_its_alg", oneKey, by(s512), noKey, set(s256)),
    refuses("a_token_without_kid_by_a_key_of_no_set", oneKey, by(unnamed), badSignature, set(a)),
    refuses(
      "a_token_with_alg_none_for_a_set",
      "CVE-2015-9235",
      { by: a, header: { alg: "none" }, signatureText: () => "" },
      noKey,
      set(a),
    ),
    refuses(
      "a_token_with_alg_none_and_a_kid_of_the_set",
      "CVE-2015-9235",
      { by: a, header: { alg: "none", kid: "a" }, signatureText: () => "" },
      algMismatch,
      set(a),
    ),

    refuses(
      "a_token_whose_kid_names_a_key_of_another_alg",
      binding,
      { by: a, header: { alg: "HS256", kid: "a" } },
      algMismatch,
      set(a, b),
    ),
    refuses(
      "an_hs256_token_by_the_public_key_its_kid_names",
      "CVE-2016-10555",
      {
        by: a,
        signedBy: hmacKey("forger", "HS256", a.publicBytes),
        header: { alg: "HS256", kid: "a" },
      },
      algMismatch,
      set(a, b),
    ),
    accepts("a_token_by_the_key_of_its_alg_where_two_share_a_kid", binding, by(s512, "s"), set(s256, s512)),
    accepts("a_token_by_the_other_key_of_its_alg_where_two_share_a_kid", binding, by(s256, "s"), set(s256, s512)),
    accepts(
      "a_token_named_ed25519_by_a_key_named_eddsa_of_a_set",
      "RFC 9864 §2.2",
      { by: a, header: { alg: "Ed25519", kid: "a" } },
      set(a, b),
    ),
    accepts(
      "a_token_named_eddsa_by_a_key_named_ed25519_of_a_set",
      "RFC 9864 §2.2",
      { by: aNamedEd25519, header: { alg: "EdDSA", kid: "a" } },
      set(aNamedEd25519, b),
    ),

    publishes("makes_an_empty_set", "RFC 7517 §5", set(), { keys: [] }),
    publishes("publishes_the_keys_of_a_set_in_their_order", "RFC 7517 §5", set(b, a), {
      keys: [
        { ...b.jwk, alg: "EdDSA", kid: "b" },
        { ...a.jwk, alg: "EdDSA", kid: "a" },
      ],
    }),
    publishes(
      "publishes_the_public_halves_of_private_keys",
      "RFC 7517 §9.2",
      { keys: { set: [a.privateSpec] } },
      {
        keys: [{ ...a.jwk, alg: "EdDSA", kid: "a" }],
      },
    ),
    publishes("publishes_keys_without_kid", "RFC 7517 §4.5", set(unnamed, unnamed2), {
      keys: [
        { ...unnamed.jwk, alg: "EdDSA" },
        { ...unnamed2.jwk, alg: "EdDSA" },
      ],
    }),
    fails("keySet", "refuses_to_publish_secrets", "RFC 7518 §6.4", set(s256, t256), noPublicHalf),
    ...Object.entries({
      of_one_kid_and_alg: { ...b.spec, kid: "a" },
      of_one_kid_and_two_names_of_an_alg: { ...b.spec, alg: "Ed25519", kid: "a" },
    }).flatMap(([name, twin]) => {
      const two = { keys: { set: ["a", twin, "b"] } };
      return [
        accepts(`a_token_of_another_key_than_two_${name}`, twins, by(b, "b"), two),
        refuses(`a_token_of_one_of_two_keys_${name}`, twins, by(a, "a"), severalOfKid, two),
        publishes(`publishes_neither_of_two_keys_${name}`, twins, two, {
          keys: [{ ...b.jwk, alg: "EdDSA", kid: "b" }],
        }),
        answers("rejectedKeys", `lists_both_of_two_keys_${name}`, twins, two, [
          { index: 0, kid: "a", ...setTwins },
          { index: 1, kid: "a", ...setTwins },
        ]),
      ];
    }),
    refuses("a_token_of_one_of_two_secrets_of_one_kid_and_alg", twins, by(s256, "s"), severalOfKid, {
      keys: { set: ["s256", { ...t256.spec, kid: "s" }] },
    }),
    ...Object.entries({
      twice: ["a", "a"],
      under_both_names_of_its_alg: ["a", { ...a.spec, alg: "Ed25519" }],
      with_its_private_half_and_without: ["a", a.privateSpec],
    }).flatMap(([name, keys]) => {
      const same = { keys: { set: [...keys, "b"] } };
      return [
        accepts(`a_token_of_a_key_that_is_there_${name}`, once, by(a, "a"), same),
        publishes(`publishes_once_a_key_that_is_there_${name}`, once, same, {
          keys: [
            { ...a.jwk, alg: "EdDSA", kid: "a" },
            { ...b.jwk, alg: "EdDSA", kid: "b" },
          ],
        }),
        answers("rejectedKeys", `leaves_out_nothing_where_a_key_is_there_${name}`, once, same, []),
      ];
    }),
    accepts("a_token_of_a_secret_that_is_there_twice", once, by(s256, "s"), set(s256, s256)),
    accepts(
      "a_token_of_a_secret_that_is_there_with_a_zero_byte_at_its_end_too",
      "RFC 2104 §2: HMAC pads secrets with zero bytes",
      by(s256, "s"),
      { keys: { set: [{ ...s256.spec, secret: base64url(Buffer.concat([s256.secret, Buffer.alloc(1)])) }, "s256"] } },
    ),

    // Several sets, chosen by algorithm.
    ...[
      ["a_set_of_secrets_and_a_set_of_keys", [{ set: ["s256"] }, { set: ["a", "b"] }]],
      ["a_set_of_keys_and_a_set_of_secrets", [{ set: ["a", "b"] }, { set: ["s256"] }]],
      ["a_secret_and_a_set", ["s256", { set: ["a", "b"] }]],
      ["a_secret_and_a_jwks", ["s256", { jwks: { keys: [{ ...a.jwk, kid: "a" }] } }]],
    ].flatMap(([name, several]) => [
      accepts(`a_token_of_the_secret_of_${name}`, migration, by(s256, "s"), { keys: { several } }),
      accepts(`a_token_of_the_key_of_${name}`, migration, by(a, "a"), { keys: { several } }),
      refuses(
        `an_hs256_token_by_the_public_key_of_${name}`,
        "CVE-2016-10555",
        { by: a, signedBy: hmacKey("forger", "HS256", a.publicBytes), header: { alg: "HS256", kid: "s" } },
        badSignature,
        { keys: { several } },
      ),
      refuses(`a_token_of_another_alg_than_those_of_${name}`, migration, by(s512, "s"), noKey, { keys: { several } }),
      refuses(
        `a_token_with_alg_none_for_${name}`,
        "CVE-2015-9235",
        { by: a, header: { alg: "none", kid: "a" }, signatureText: () => "" },
        noKey,
        { keys: { several } },
      ),
    ]),
    accepts("a_token_without_kid_of_a_secret_that_stands_beside_a_set", migration, by(s256), {
      keys: { several: ["s256", { set: ["a", "b"] }] },
    }),
    refuses("an_hs256_token_with_the_kid_of_a_public_key_of_another_set", migration, by(t256, "a"), noKey, {
      keys: { several: [{ set: ["t256"] }, { set: ["a", "b"] }] },
    }),
    refuses("a_token_whose_key_another_set_left_out", migration, by(b, "b"), unusableKey(jwkKeyType), {
      keys: { several: ["s256", { jwks: { keys: [{ kty: "XYZ", kid: "b" }] } }] },
    }),
    ...Object.entries({
      two_sets_for_one_alg: [{ set: ["a"] }, { set: ["b"] }],
      two_sets_for_two_names_of_one_alg: [{ set: ["b"] }, { set: ["a_named_ed25519"] }],
      two_secrets_of_one_alg: ["s256", "t256"],
      a_key_and_a_set_for_one_alg: ["a", { set: ["s256"] }, { set: ["b"] }],
    }).map(([name, several]) =>
      fails(
        "verify",
        `refuses_${name}`,
        migration,
        { token: token(by(a, "a")), keys: { several }, now: NOW },
        setsOverlap,
      ),
    ),

    fails("keySet", "refuses_a_set_of_secrets_and_public_keys", mixing, set(a, s256), setMixes),
    fails("keySet", "refuses_a_set_of_public_keys_and_secrets", mixing, set(s256, a), setMixes),
    fails(
      "keySet",
      "refuses_a_set_of_a_private_key_and_a_secret",
      mixing,
      { keys: { set: [a.privateSpec, "s256"] } },
      setMixes,
    ),
    fails(
      "keySet",
      "refuses_a_set_with_a_key_for_encryption",
      "RFC 7517 §4.2: a key the caller imports",
      {
        keys: { set: ["a", { jwk: { ...b.jwk, use: "enc" } }] },
      },
      forbidsBoth,
    ),
  ],
};
