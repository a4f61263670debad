// The alg of a JWK, beside the option alg and the key's own kind.

import { jwkAlgOther, jwkAlgUnknown, jwkCurve, jwkNoAlg, wrongKind } from "./make-errors.mjs";
import { jwkKey as key, described as of, refuses, takes } from "./make-import-key.mjs";
import { p256of7515, rsa7515 } from "./make-keys-rfc.mjs";
import { ed25519, hs256 } from "./make-material.mjs";

const { jwk } = ed25519;
const oct = { kty: "oct", k: hs256.spec.secret };

const okp = "RFC 8037 §2";
const algRule = "RFC 7517 §4.4, RFC 8725 §3.1";
const alias = "RFC 9864 §2.2: EdDSA and Ed25519 name the same key";

export default {
  description: "The alg of a key that is given as a JWK.",
  cases: [
    takes(
      "the_alg_eddsa_where_neither_jwk_nor_option_names_one",
      "RFC 8037 §3.1: the curve leaves one choice",
      key(jwk),
      of("public"),
    ),
    takes("the_alg_of_a_jwk", algRule, key({ ...jwk, alg: "EdDSA" }), of("public")),
    takes("the_alg_ed25519_of_a_jwk", alias, key({ ...jwk, alg: "Ed25519" }), of("public", "Ed25519")),
    takes("the_option_alg_for_a_jwk_without_one", algRule, key(jwk, { alg: "Ed25519" }), of("public", "Ed25519")),
    takes(
      "the_option_alg_where_the_jwk_names_the_same",
      algRule,
      key({ ...jwk, alg: "EdDSA" }, { alg: "EdDSA" }),
      of("public"),
    ),
    takes(
      "the_option_ed25519_where_the_jwk_names_eddsa",
      alias,
      key({ ...jwk, alg: "EdDSA" }, { alg: "Ed25519" }),
      of("public", "Ed25519"),
    ),
    takes(
      "the_option_eddsa_where_the_jwk_names_ed25519",
      alias,
      key({ ...jwk, alg: "Ed25519" }, { alg: "EdDSA" }),
      of("public"),
    ),
    refuses(
      "an_option_alg_that_the_jwk_contradicts",
      algRule,
      key({ ...oct, alg: "HS256" }, { alg: "HS384" }),
      jwkAlgOther,
    ),
    refuses(
      "an_option_alg_of_another_family_than_the_alg_of_the_jwk",
      algRule,
      key({ ...jwk, alg: "EdDSA" }, { alg: "HS256" }),
      jwkAlgOther,
    ),
    refuses("a_jwk_whose_alg_nobody_knows", algRule, key({ ...jwk, alg: "XY999" }), jwkAlgUnknown),
    refuses("a_jwk_whose_alg_is_none", "RFC 8725 §2.1", key({ ...oct, alg: "none" }), jwkAlgUnknown),
    refuses(
      "a_jwk_whose_alg_is_in_lower_case",
      "RFC 7515 §4.1.1: case-sensitive",
      key({ ...oct, alg: "hs256" }),
      jwkAlgUnknown,
    ),
    refuses("a_jwk_whose_alg_is_for_encryption", algRule, key({ ...jwk, alg: "ECDH-ES" }), jwkAlgUnknown),
    refuses("an_oct_jwk_without_any_alg", "CVE-2026-22817: no default for a secret", key(oct), jwkNoAlg),
    refuses(
      "an_okp_jwk_under_hs256",
      "CVE-2016-10555: alg confusion",
      key(jwk, { alg: "HS256" }),
      wrongKind("an Ed25519 public key", "HS256"),
    ),
    refuses(
      "an_okp_jwk_whose_alg_is_hs256",
      "CVE-2016-10555: alg confusion",
      key({ ...jwk, alg: "HS256" }),
      wrongKind("an Ed25519 public key", "HS256"),
    ),
    refuses("an_oct_jwk_under_eddsa", algRule, key(oct, { alg: "EdDSA" }), wrongKind("a secret", "EdDSA")),
    refuses("an_rsa_jwk_under_eddsa", algRule, key(rsa7515, { alg: "EdDSA" }), wrongKind("an RSA public key", "EdDSA")),
    refuses(
      "an_ec_jwk_under_eddsa",
      algRule,
      key(p256of7515, { alg: "EdDSA" }),
      wrongKind("a P-256 public key", "EdDSA"),
    ),
    refuses("an_ec_jwk_that_says_crv_ed25519", okp, key({ ...jwk, kty: "EC" }), jwkCurve),
    refuses(
      "an_rsa_jwk_under_hs256",
      "CVE-2016-10555: alg confusion",
      key(rsa7515, { alg: "HS256" }),
      wrongKind("an RSA public key", "HS256"),
    ),
  ],
};
