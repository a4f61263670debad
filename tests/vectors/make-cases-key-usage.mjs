// The jobs that use and key_ops leave a JWK.

import { answers, fails, NOW, token } from "./make-compact.mjs";
import {
  forbidsBoth,
  forbidsSigning,
  forbidsVerifying,
  forbidsVerifyingPrivate,
  jwkRepeatsOperation,
  jwkUseAgainstOps,
  publicCannotSign,
  unusableKey,
} from "./make-errors.mjs";
import { jwkKey as key, described as of, refuses, takes } from "./make-import-key.mjs";
import { ed25519, hs256 } from "./make-material.mjs";

const { jwk, privateJwk } = ed25519;
const oct = { kty: "oct", k: hs256.spec.secret };

const okp = "RFC 8037 §2";
const useRule = "RFC 7517 §4.2";
const opsRule = "RFC 7517 §4.3";

/** Signs or verifies with a JWK that leaves some jobs: `as` is the key spec. */
const signing = (name, source, spec, ok) =>
  answers("sign", name, source, { claims: { exp: NOW + 900, iat: NOW }, key: spec, now: NOW }, ok);
const refusedSigning = (name, source, spec, error) =>
  fails("sign", name, source, { claims: { exp: NOW + 900, iat: NOW }, key: spec, now: NOW }, error);
const signed = token({ by: ed25519, payload: { exp: NOW + 900, iat: NOW } });
const signedBySecret = token({ by: hs256, payload: { exp: NOW + 900, iat: NOW } });
const verified = { header: { alg: "EdDSA", typ: "JWT" }, claims: { exp: NOW + 900, iat: NOW } };
const verifying = (name, source, spec) =>
  answers("verify", name, source, { token: signed, keys: spec, now: NOW }, verified);
const refusedVerifying = (name, source, spec, error) =>
  fails("verify", name, source, { token: signed, keys: spec, now: NOW }, error);
const withOps = (base, ...key_ops) => ({ jwk: { ...base, key_ops } });

export default {
  description: "What use and key_ops leave a key to do.",
  cases: [
    takes("a_jwk_for_signatures", useRule, key({ ...jwk, use: "sig" }), of("public")),
    refuses("a_jwk_for_encryption", useRule, key({ ...jwk, use: "enc" }), forbidsBoth),
    refuses("an_oct_jwk_for_encryption", useRule, key({ ...oct, alg: "HS256", use: "enc" }), forbidsBoth),
    refuses("a_jwk_for_a_use_nobody_knows", useRule, key({ ...jwk, use: "other" }), forbidsBoth),
    refuses("a_jwk_for_an_empty_use", useRule, key({ ...jwk, use: "" }), forbidsBoth),
    takes("a_jwk_whose_key_ops_says_verify", opsRule, key({ ...jwk, key_ops: ["verify"] }), of("public")),
    takes(
      "a_jwk_whose_key_ops_says_more_than_verify",
      opsRule,
      key({ ...jwk, key_ops: ["encrypt", "verify"] }),
      of("public"),
    ),
    refuses("a_jwk_whose_key_ops_is_empty", opsRule, key({ ...jwk, key_ops: [] }), forbidsBoth),
    refuses(
      "a_jwk_whose_key_ops_is_for_encryption",
      opsRule,
      key({ ...jwk, key_ops: ["encrypt", "deriveBits"] }),
      forbidsBoth,
    ),
    refuses("a_jwk_whose_key_ops_is_in_capitals", opsRule, key({ ...jwk, key_ops: ["VERIFY"] }), forbidsBoth),
    refuses(
      "a_jwk_for_encryption_whose_key_ops_says_verify",
      useRule,
      key({ ...jwk, use: "enc", key_ops: ["verify"] }),
      forbidsBoth,
    ),
    takes("a_jwk_for_spiffe", "SPIFFE Trust Domain and Bundle: use", key({ ...jwk, use: "jwt-svid" }), of("public")),
    refuses(
      "a_jwk_for_x509_svids",
      "SPIFFE Trust Domain and Bundle: use",
      key({ ...jwk, use: "x509-svid" }),
      forbidsBoth,
    ),
    takes("a_jwk_whose_use_and_key_ops_agree", opsRule, key({ ...jwk, use: "sig", key_ops: ["verify"] }), of("public")),
    takes(
      "a_jwk_whose_key_ops_has_a_value_of_its_own_beside_use",
      `${opsRule}: other values may be used`,
      key({ ...jwk, use: "sig", key_ops: ["verify", "attest"] }),
      of("public"),
    ),
    ...["encrypt", "decrypt", "wrapKey", "unwrapKey", "deriveKey", "deriveBits"].map((operation) =>
      refuses(
        `a_jwk_for_signatures_whose_key_ops_says_${operation.toLowerCase()}_too`,
        `${opsRule}: both must be consistent`,
        key({ ...jwk, use: "sig", key_ops: ["verify", operation] }),
        jwkUseAgainstOps,
      ),
    ),
    refuses(
      "a_jwk_for_spiffe_whose_key_ops_says_encrypt_too",
      `${opsRule}: both must be consistent`,
      key({ ...jwk, use: "jwt-svid", key_ops: ["verify", "encrypt"] }),
      jwkUseAgainstOps,
    ),
    refuses(
      "a_jwk_whose_key_ops_says_verify_twice",
      `${opsRule}: no duplicates`,
      key({ ...jwk, key_ops: ["verify", "verify"] }),
      jwkRepeatsOperation,
    ),
    refuses(
      "a_jwk_whose_key_ops_says_something_else_twice",
      `${opsRule}: no duplicates`,
      key({ ...jwk, key_ops: ["verify", "attest", "attest"] }),
      jwkRepeatsOperation,
    ),
    signing("signs_with_a_jwk_whose_key_ops_says_sign", opsRule, withOps(privateJwk, "sign"), signed),
    verifying("verifies_with_a_jwk_whose_key_ops_says_verify", opsRule, withOps(jwk, "verify")),
    verifying("verifies_with_a_private_jwk_whose_key_ops_says_both", opsRule, withOps(privateJwk, "sign", "verify")),
    verifying("verifies_with_a_private_jwk", okp, { jwk: privateJwk }),
    refusedSigning(
      "refuses_to_sign_with_a_jwk_whose_key_ops_says_verify",
      opsRule,
      withOps(privateJwk, "verify"),
      forbidsSigning,
    ),
    refusedVerifying(
      "refuses_to_verify_with_a_jwk_whose_key_ops_says_sign",
      opsRule,
      withOps(privateJwk, "sign"),
      forbidsVerifyingPrivate,
    ),
    refusedVerifying(
      "refuses_to_verify_with_a_public_jwk_whose_key_ops_says_sign",
      opsRule,
      withOps(jwk, "sign"),
      forbidsVerifying,
    ),
    refusedSigning(
      "refuses_to_sign_with_a_secret_whose_key_ops_says_verify",
      opsRule,
      { jwk: { ...oct, alg: "HS256", key_ops: ["verify"] } },
      forbidsSigning,
    ),
    fails(
      "verify",
      "refuses_to_verify_with_a_secret_whose_key_ops_says_sign",
      opsRule,
      {
        token: signedBySecret,
        keys: { jwk: { ...oct, alg: "HS256", key_ops: ["sign"] } },
        now: NOW,
      },
      forbidsVerifying,
    ),
    fails(
      "verify",
      "leaves_a_secret_whose_key_ops_says_sign_out_of_a_set",
      opsRule,
      {
        token: signedBySecret,
        keys: { set: [{ jwk: { ...oct, alg: "HS256", key_ops: ["sign"] } }] },
        now: NOW,
      },
      unusableKey(forbidsVerifying),
    ),
    refusedSigning("refuses_to_sign_with_a_public_key", okp, { jwk }, publicCannotSign),
  ],
};
