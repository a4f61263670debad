// Keys as they are written: JWKs, PEM, and thumbprints.

import { createHash } from "node:crypto";
import { pem, pkcs8, spki } from "./make-asn1.mjs";
import { answers, fails } from "./make-compact.mjs";
import { noPemForm, noPrivateHalf, noPublicHalf } from "./make-errors.mjs";
import { base64url, ed25519, hs256 } from "./make-material.mjs";

const { jwk, privateJwk, publicBytes, seed } = ed25519;
const oct = { kty: "oct", k: hs256.spec.secret };
const key = (members, options = {}) => ({ key: { jwk: members, ...options } });

const okp = "RFC 8037 §2";
const octRule = "RFC 7518 §6.4";
const alias = "RFC 9864 §2.2: EdDSA and Ed25519 name the same key";
const thumb = "RFC 7638 §3, RFC 8037 §2";

const certificates = "RFC 7517 §4.7, §4.8, §4.9: they go where the key's public half goes";
const certified = { x5c: ["MIIB"], x5t: "AA", "x5t#S256": "AQ" };

const SPKI = spki(publicBytes);
const PKCS8 = pkcs8(seed);
const PKCS8_V2 = pkcs8(seed, { publicKey: publicBytes });
const publicPem = pem("PUBLIC KEY", SPKI);
const privatePem = pem("PRIVATE KEY", PKCS8);
const derKey = (bytes, more = {}) => ({ key: { der: base64url(bytes), alg: "EdDSA", ...more } });
const spkiRule = "RFC 8410 §4";
const pkcs8Rule = "RFC 5958 §2, RFC 8410 §7";

const sha = (hash, text) => createHash(hash).update(text).digest("base64url");
const okpMembers = `{"crv":"Ed25519","kty":"OKP","x":"${jwk.x}"}`;
const octMembers = `{"k":"${oct.k}","kty":"oct"}`;

export default {
  description: "Keys as JWKs, as PEM, and by their thumbprints.",
  cases: [
    answers("exportJwk", "writes_a_public_jwk", okp, key(jwk), { kty: "OKP", crv: "Ed25519", x: jwk.x, alg: "EdDSA" }),
    answers("exportJwk", "writes_the_public_jwk_of_a_private_key", okp, key(privateJwk), {
      kty: "OKP",
      crv: "Ed25519",
      x: jwk.x,
      alg: "EdDSA",
    }),
    answers(
      "exportJwk",
      "writes_the_public_jwk_when_told_so",
      okp,
      { ...key(privateJwk), private: false },
      { kty: "OKP", crv: "Ed25519", x: jwk.x, alg: "EdDSA" },
    ),
    answers(
      "exportJwk",
      "writes_a_private_jwk",
      okp,
      { ...key(privateJwk), private: true },
      { kty: "OKP", crv: "Ed25519", x: jwk.x, d: privateJwk.d, alg: "EdDSA" },
    ),
    answers("exportJwk", "writes_kid_and_the_name_ed25519_into_a_jwk", alias, key(jwk, { alg: "Ed25519", kid: "k1" }), {
      ...jwk,
      alg: "Ed25519",
      kid: "k1",
    }),
    answers(
      "exportJwk",
      "writes_no_member_it_does_not_know",
      "countersign: export holds what the key is",
      key({ ...jwk, ext: true, x5u: "https://x.example" }),
      { ...jwk, alg: "EdDSA" },
    ),
    answers(
      "exportJwk",
      "writes_the_certificates_that_came_with_a_jwk",
      certificates,
      { key: { jwk: { ...privateJwk, ...certified } } },
      { ...jwk, ...certified, alg: "EdDSA" },
    ),
    answers("exportJwk", "writes_a_secret_jwk", octRule, { key: hs256.spec, private: true }, { ...oct, alg: "HS256" }),
    fails(
      "exportJwk",
      "refuses_the_public_jwk_of_a_secret",
      "RFC 7518 §6.4: a secret is not published",
      { key: hs256.spec },
      noPublicHalf,
    ),
    fails("exportJwk", "refuses_the_private_jwk_of_a_public_key", okp, { ...key(jwk), private: true }, noPrivateHalf),

    answers("thumbprint", "names_a_public_key_by_its_sha_256", thumb, key(jwk), sha("sha256", okpMembers)),
    answers(
      "thumbprint",
      "names_a_public_key_by_its_sha_256_when_told_so",
      thumb,
      { ...key(jwk), hash: "sha256" },
      sha("sha256", okpMembers),
    ),
    answers(
      "thumbprint",
      "names_a_public_key_by_its_sha_384",
      thumb,
      { ...key(jwk), hash: "sha384" },
      sha("sha384", okpMembers),
    ),
    answers(
      "thumbprint",
      "names_a_public_key_by_its_sha_512",
      thumb,
      { ...key(jwk), hash: "sha512" },
      sha("sha512", okpMembers),
    ),
    answers("thumbprint", "names_a_private_key_as_its_public_half", thumb, key(privateJwk), sha("sha256", okpMembers)),
    answers(
      "thumbprint",
      "names_a_key_whatever_its_kid_and_alg",
      thumb,
      key({ ...jwk, use: "sig" }, { alg: "Ed25519", kid: "k1" }),
      sha("sha256", okpMembers),
    ),
    answers(
      "thumbprint",
      "names_a_secret_by_its_sha_256",
      "RFC 7638 §3.2",
      { key: hs256.spec },
      sha("sha256", octMembers),
    ),
    answers("exportPem", "writes_a_public_pem", spkiRule, derKey(SPKI), publicPem),
    answers("exportPem", "writes_the_public_pem_of_a_private_key", spkiRule, derKey(PKCS8), publicPem),
    answers(
      "exportPem",
      "writes_the_public_pem_of_a_private_key_when_told_so",
      spkiRule,
      { ...derKey(PKCS8), private: false },
      publicPem,
    ),
    answers("exportPem", "writes_a_private_pem", pkcs8Rule, { ...derKey(PKCS8), private: true }, privatePem),
    answers(
      "exportPem",
      "writes_a_private_pem_without_the_public_key_it_came_with",
      pkcs8Rule,
      { ...derKey(PKCS8_V2), private: true },
      privatePem,
    ),
    fails(
      "exportPem",
      "refuses_the_private_pem_of_a_public_key",
      pkcs8Rule,
      { ...derKey(SPKI), private: true },
      noPrivateHalf,
    ),
    fails(
      "exportPem",
      "refuses_the_pem_of_a_secret",
      "RFC 7468 has no form for secrets",
      { key: hs256.spec },
      noPemForm,
    ),
    fails(
      "exportPem",
      "refuses_the_private_pem_of_a_secret",
      "RFC 7468 has no form for secrets",
      { key: hs256.spec, private: true },
      noPemForm,
    ),
  ],
};
