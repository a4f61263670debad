// JSON Web Keys: members and their encoding, alg, use and key_ops, what is written, and thumbprints.

import { createHash } from "node:crypto";
import { answers, fails, keyTable, NOW, token } from "./make-compact.mjs";
import { encode, IDENTITY, SMALL_Y } from "./make-curve.mjs";
import {
  forbidsBoth,
  forbidsSigning,
  forbidsVerifying,
  jwkAlgOther,
  jwkAlgUnknown,
  jwkCurve,
  jwkKeyType,
  jwkMissing,
  jwkNoAlg,
  jwkNotBase64url,
  jwkPartsDiffer,
  jwkWrongType,
  noPrivateHalf,
  noPublicHalf,
  notAPoint,
  onlyForSecrets,
  publicCannotSign,
  shortPrivate,
  shortPublic,
  smallOrder,
  wrongKind,
} from "./make-errors.mjs";
import { base64url, bytesOf, ed25519, hs256, hs512, other25519, p256Jwk, rsaJwk } from "./make-material.mjs";

const { jwk, privateJwk, publicBytes, seed } = ed25519;
const oct = { kty: "oct", k: hs256.spec.secret };
const key = (members, options = {}) => ({ key: { jwk: members, ...options } });
const changed = (base, changes) => JSON.parse(JSON.stringify({ ...base, ...changes }));
const of = (type, alg = "EdDSA", kid = null) => ({ alg, kid, type });
const takes = (name, ...rest) => answers("importKey", `takes_${name}`, ...rest);
const refuses = (name, ...rest) => fails("importKey", `refuses_${name}`, ...rest);

const okp = "RFC 8037 §2";
const octRule = "RFC 7518 §6.4";
const encoding = "RFC 7517 §3, RFC 7515 §2: canonical base64url";
const algRule = "RFC 7517 §4.4, RFC 8725 §3.1";
const useRule = "RFC 7517 §4.2";
const opsRule = "RFC 7517 §4.3";
const types = "RFC 7517 §4: members are strings";
const alias = "RFC 9864 §2.2: EdDSA and Ed25519 name the same key";
const thumb = "RFC 7638 §3, RFC 8037 §2";
const MISSING = undefined;

function looser(text) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return text.slice(0, -1) + alphabet[alphabet.indexOf(text.at(-1)) + 1];
}
const ENCODINGS = {
  padding: (text) => `${text}=`,
  loose_bits: looser,
  white_space: (text) => `${text}\n`,
  a_letter_too_many: (text) => `${text}AA`,
  the_standard_alphabet: (text) => text.replaceAll("-", "+").replaceAll("_", "/"),
};
/** A key whose members hold both - and _, so that the standard alphabet writes them otherwise. */
const symbols = (text) => {
  if (!/[-_]/.test(text)) throw new Error("no symbols");
  return text;
};
const encodings = [
  ["x", jwk, {}],
  ["d", privateJwk, {}],
  ["k", { ...oct, k: symbols(base64url(bytesOf("symbols", 32))) }, { alg: "HS256" }],
].flatMap(([member, base, options]) =>
  Object.entries(ENCODINGS)
    .filter(([, change]) => change(base[member]) !== base[member])
    .map(([name, change]) =>
      refuses(`a_jwk_whose_${member}_has_${name}`, encoding, key(changed(base, { [member]: change(base[member]) }), options), jwkNotBase64url(member)),
    ),
);

const WRONG_TYPES = { null: null, a_number: 1, a_boolean: true, an_array: ["x"], an_object: {} };
const wrongTypes = ["kty", "crv", "x", "d", "alg", "kid", "use"].flatMap((member) =>
  Object.entries(WRONG_TYPES).map(([kind, value]) =>
    refuses(`a_jwk_with_${kind}_as_its_${member}`, types, key(changed(privateJwk, { [member]: value })), jwkWrongType(member, "a string")),
  ),
);

const sha = (hash, text) => createHash(hash).update(text).digest("base64url");
const okpMembers = `{"crv":"Ed25519","kty":"OKP","x":"${jwk.x}"}`;
const octMembers = `{"k":"${oct.k}","kty":"oct"}`;

/** Signs or verifies with a JWK that leaves some jobs: `as` is the key spec. */
const signing = (name, source, spec, ok) => answers("sign", name, source, { claims: { exp: NOW + 900, iat: NOW }, key: spec, now: NOW }, ok);
const refusedSigning = (name, source, spec, error) => fails("sign", name, source, { claims: { exp: NOW + 900, iat: NOW }, key: spec, now: NOW }, error);
const signed = token({ by: ed25519, payload: { exp: NOW + 900, iat: NOW } });
const signedBySecret = token({ by: hs256, payload: { exp: NOW + 900, iat: NOW } });
const verified = { header: { alg: "EdDSA", typ: "JWT" }, claims: { exp: NOW + 900, iat: NOW } };
const verifying = (name, source, spec) => answers("verify", name, source, { token: signed, keys: spec, now: NOW }, verified);
const refusedVerifying = (name, source, spec, error) => fails("verify", name, source, { token: signed, keys: spec, now: NOW }, error);
const withOps = (base, ...key_ops) => ({ jwk: { ...base, key_ops } });

export default {
  description: "Keys as JWKs: import, the jobs that use and key_ops leave, export, thumbprints.",
  keys: keyTable(hs256),
  cases: [
    takes("a_public_okp_jwk", okp, key(jwk), of("public")),
    takes("a_private_okp_jwk", okp, key(privateJwk), of("private")),
    takes("an_oct_jwk_with_the_option_alg", octRule, key(oct, { alg: "HS256" }), of("secret", "HS256")),
    takes("an_oct_jwk_with_its_own_alg", octRule, key({ ...oct, alg: "HS256" }), of("secret", "HS256")),
    takes("an_oct_jwk_of_64_bytes_for_hs512", octRule, key({ kty: "oct", k: hs512.spec.secret, alg: "HS512" }), of("secret", "HS512")),
    takes("the_public_half_of_a_private_jwk", okp, { ...key(privateJwk), as: "public" }, of("public")),
    takes("a_jwk_with_members_it_does_not_know", "RFC 7517 §4: they are ignored", key({ ...jwk, ext: true, x5c: [1], iat: 5, "": null }), of("public")),
    takes("a_jwk_with_a_kid", "RFC 7517 §4.5", key({ ...jwk, kid: "k1" }), of("public", "EdDSA", "k1")),
    takes("the_option_kid_over_the_kid_of_the_jwk", "countersign: the caller's word counts", key({ ...jwk, kid: "k1" }, { kid: "k2" }), of("public", "EdDSA", "k2")),
    takes("an_empty_kid_of_a_jwk", "RFC 7517 §4.5", key({ ...jwk, kid: "" }), of("public", "EdDSA", "")),
    refuses("allow_short_for_a_jwk", "countersign: allowShort is for fromSecret", key({ kty: "oct", k: "AA", alg: "HS256" }, { allowShort: true }), onlyForSecrets),

    takes("the_alg_eddsa_where_neither_jwk_nor_option_names_one", "RFC 8037 §3.1: the curve leaves one choice", key(jwk), of("public")),
    takes("the_alg_of_a_jwk", algRule, key({ ...jwk, alg: "EdDSA" }), of("public")),
    takes("the_alg_ed25519_of_a_jwk", alias, key({ ...jwk, alg: "Ed25519" }), of("public", "Ed25519")),
    takes("the_option_alg_for_a_jwk_without_one", algRule, key(jwk, { alg: "Ed25519" }), of("public", "Ed25519")),
    takes("the_option_alg_where_the_jwk_names_the_same", algRule, key({ ...jwk, alg: "EdDSA" }, { alg: "EdDSA" }), of("public")),
    takes("the_option_ed25519_where_the_jwk_names_eddsa", alias, key({ ...jwk, alg: "EdDSA" }, { alg: "Ed25519" }), of("public", "Ed25519")),
    takes("the_option_eddsa_where_the_jwk_names_ed25519", alias, key({ ...jwk, alg: "Ed25519" }, { alg: "EdDSA" }), of("public")),
    refuses("an_option_alg_that_the_jwk_contradicts", algRule, key({ ...oct, alg: "HS256" }, { alg: "HS384" }), jwkAlgOther),
    refuses("an_option_alg_of_another_family_than_the_alg_of_the_jwk", algRule, key({ ...jwk, alg: "EdDSA" }, { alg: "HS256" }), jwkAlgOther),
    refuses("a_jwk_whose_alg_nobody_knows", algRule, key({ ...jwk, alg: "XY999" }), jwkAlgUnknown),
    refuses("a_jwk_whose_alg_is_none", "RFC 8725 §2.1", key({ ...oct, alg: "none" }), jwkAlgUnknown),
    refuses("a_jwk_whose_alg_is_in_lower_case", "RFC 7515 §4.1.1: case-sensitive", key({ ...oct, alg: "hs256" }), jwkAlgUnknown),
    refuses("a_jwk_whose_alg_is_for_encryption", algRule, key({ ...jwk, alg: "ECDH-ES" }), jwkAlgUnknown),
    refuses("an_oct_jwk_without_any_alg", "CVE-2026-22817: no default for a secret", key(oct), jwkNoAlg),
    refuses("an_okp_jwk_under_hs256", "CVE-2016-10555: alg confusion", key(jwk, { alg: "HS256" }), wrongKind("an OKP key", "HS256")),
    refuses("an_okp_jwk_whose_alg_is_hs256", "CVE-2016-10555: alg confusion", key({ ...jwk, alg: "HS256" }), wrongKind("an OKP key", "HS256")),
    refuses("an_oct_jwk_under_eddsa", algRule, key(oct, { alg: "EdDSA" }), wrongKind("a secret", "EdDSA")),
    refuses("an_rsa_jwk_under_eddsa", algRule, key(rsaJwk, { alg: "EdDSA" }), wrongKind("an RSA key", "EdDSA")),
    refuses("an_ec_jwk_under_eddsa", algRule, key(p256Jwk, { alg: "EdDSA" }), wrongKind("an EC key", "EdDSA")),
    refuses("an_ec_jwk_that_says_crv_ed25519", okp, key({ ...jwk, kty: "EC" }), wrongKind("an EC key", "EdDSA")),
    refuses("an_rsa_jwk_under_hs256", "CVE-2016-10555: alg confusion", key(rsaJwk, { alg: "HS256" }), wrongKind("an RSA key", "HS256")),
    refuses("a_jwk_of_a_kty_nobody_knows", "RFC 7517 §4.1", key({ ...jwk, kty: "XYZ" }), jwkKeyType),
    refuses("a_jwk_whose_kty_is_in_lower_case", "RFC 7517 §4.1: case-sensitive", key({ ...jwk, kty: "okp" }), jwkKeyType),
    refuses("a_jwk_without_kty", "RFC 7517 §4.1", key(changed(jwk, { kty: MISSING })), jwkMissing("kty")),
    refuses("a_jwk_without_crv", okp, key(changed(jwk, { crv: MISSING }), { alg: "EdDSA" }), jwkMissing("crv")),
    refuses("a_jwk_of_x25519", okp, key({ ...jwk, crv: "X25519" }, { alg: "EdDSA" }), jwkCurve),
    refuses("a_jwk_of_ed448", okp, key({ ...jwk, crv: "Ed448", x: base64url(bytesOf("ed448", 57)) }, { alg: "EdDSA" }), jwkCurve),
    refuses("an_okp_jwk_of_p_256", okp, key({ ...jwk, crv: "P-256" }, { alg: "EdDSA" }), jwkCurve),
    refuses("a_jwk_whose_crv_is_in_lower_case", okp, key({ ...jwk, crv: "ed25519" }, { alg: "EdDSA" }), jwkCurve),
    refuses("a_jwk_without_x", okp, key(changed(jwk, { x: MISSING })), jwkMissing("x")),
    refuses("a_private_jwk_without_x", `${okp}: x is required`, key(changed(privateJwk, { x: MISSING })), jwkMissing("x")),
    refuses("an_oct_jwk_without_k", octRule, key({ kty: "oct", alg: "HS256" }), jwkMissing("k")),
    refuses("an_empty_jwk", "RFC 7517 §4.1", key({}, { alg: "EdDSA" }), jwkMissing("kty")),

    ...wrongTypes,
    ...encodings,
    refuses("a_jwk_whose_key_ops_is_a_string", opsRule, key({ ...jwk, key_ops: "verify" }), jwkWrongType("key_ops", "an array of strings")),
    refuses("a_jwk_whose_key_ops_holds_a_number", opsRule, key({ ...jwk, key_ops: ["verify", 1] }), jwkWrongType("key_ops", "an array of strings")),
    refuses("a_jwk_whose_x_has_31_bytes", okp, key({ ...jwk, x: base64url(publicBytes.subarray(1)) }), shortPublic),
    refuses("a_jwk_whose_x_has_33_bytes", okp, key({ ...jwk, x: base64url(Buffer.concat([publicBytes, Buffer.alloc(1)])) }), shortPublic),
    refuses("a_jwk_whose_x_has_3_bytes", `${okp}: some libraries trap`, key({ ...jwk, x: "AAAA" }), shortPublic),
    refuses("a_jwk_whose_x_is_empty", okp, key({ ...jwk, x: "" }), shortPublic),
    refuses("a_jwk_whose_d_has_31_bytes", okp, key({ ...privateJwk, d: base64url(seed.subarray(1)) }), shortPrivate),
    refuses("a_jwk_whose_d_has_64_bytes", okp, key({ ...privateJwk, d: base64url(Buffer.concat([seed, publicBytes])) }), shortPrivate),
    refuses("a_jwk_whose_d_is_empty", okp, key({ ...privateJwk, d: "" }), shortPrivate),
    refuses("a_jwk_whose_x_belongs_to_another_d", "RUSTSEC-2022-0093: double public key oracle", key({ ...privateJwk, x: other25519.jwk.x }), jwkPartsDiffer),
    refuses("a_jwk_whose_x_is_of_small_order", "countersign: a key of small order", key({ ...jwk, x: base64url(encode(IDENTITY)) }), smallOrder),
    refuses("a_jwk_whose_x_is_not_below_p", "RFC 8032 §5.1.3", key({ ...jwk, x: base64url(encode(SMALL_Y, { above: true })) }), notAPoint),
    refuses("a_jwk_whose_x_is_no_point", "RFC 8032 §5.1.3", key({ ...jwk, x: base64url(Buffer.from([2, ...Buffer.alloc(31)])) }), notAPoint),

    takes("a_jwk_for_signatures", useRule, key({ ...jwk, use: "sig" }), of("public")),
    refuses("a_jwk_for_encryption", useRule, key({ ...jwk, use: "enc" }), forbidsBoth),
    refuses("an_oct_jwk_for_encryption", useRule, key({ ...oct, alg: "HS256", use: "enc" }), forbidsBoth),
    refuses("a_jwk_for_a_use_nobody_knows", useRule, key({ ...jwk, use: "other" }), forbidsBoth),
    refuses("a_jwk_for_an_empty_use", useRule, key({ ...jwk, use: "" }), forbidsBoth),
    takes("a_jwk_whose_key_ops_says_verify", opsRule, key({ ...jwk, key_ops: ["verify"] }), of("public")),
    takes("a_jwk_whose_key_ops_says_more_than_verify", opsRule, key({ ...jwk, key_ops: ["encrypt", "verify"] }), of("public")),
    refuses("a_jwk_whose_key_ops_is_empty", opsRule, key({ ...jwk, key_ops: [] }), forbidsBoth),
    refuses("a_jwk_whose_key_ops_is_for_encryption", opsRule, key({ ...jwk, key_ops: ["encrypt", "deriveBits"] }), forbidsBoth),
    refuses("a_jwk_whose_key_ops_is_in_capitals", opsRule, key({ ...jwk, key_ops: ["VERIFY"] }), forbidsBoth),
    refuses("a_jwk_for_encryption_whose_key_ops_says_verify", useRule, key({ ...jwk, use: "enc", key_ops: ["verify"] }), forbidsBoth),
    signing("signs_with_a_jwk_whose_key_ops_says_sign", opsRule, withOps(privateJwk, "sign"), signed),
    verifying("verifies_with_a_jwk_whose_key_ops_says_verify", opsRule, withOps(jwk, "verify")),
    verifying("verifies_with_a_private_jwk_whose_key_ops_says_both", opsRule, withOps(privateJwk, "sign", "verify")),
    verifying("verifies_with_a_private_jwk", okp, { jwk: privateJwk }),
    refusedSigning("refuses_to_sign_with_a_jwk_whose_key_ops_says_verify", opsRule, withOps(privateJwk, "verify"), forbidsSigning),
    refusedVerifying("refuses_to_verify_with_a_jwk_whose_key_ops_says_sign", opsRule, withOps(privateJwk, "sign"), forbidsVerifying),
    refusedVerifying("refuses_to_verify_with_a_public_jwk_whose_key_ops_says_sign", opsRule, withOps(jwk, "sign"), forbidsVerifying),
    refusedSigning("refuses_to_sign_with_a_secret_whose_key_ops_says_verify", opsRule, { jwk: { ...oct, alg: "HS256", key_ops: ["verify"] } }, forbidsSigning),
    fails("verify", "refuses_to_verify_with_a_secret_whose_key_ops_says_sign", opsRule, {
      token: signedBySecret,
      keys: { jwk: { ...oct, alg: "HS256", key_ops: ["sign"] } },
      now: NOW,
    }, forbidsVerifying),
    refusedSigning("refuses_to_sign_with_a_public_key", okp, { jwk }, publicCannotSign),

    answers("exportJwk", "writes_a_public_jwk", okp, key(jwk), { kty: "OKP", crv: "Ed25519", x: jwk.x, alg: "EdDSA" }),
    answers("exportJwk", "writes_the_public_jwk_of_a_private_key", okp, key(privateJwk), { kty: "OKP", crv: "Ed25519", x: jwk.x, alg: "EdDSA" }),
    answers("exportJwk", "writes_the_public_jwk_when_told_so", okp, { ...key(privateJwk), private: false }, { kty: "OKP", crv: "Ed25519", x: jwk.x, alg: "EdDSA" }),
    answers("exportJwk", "writes_a_private_jwk", okp, { ...key(privateJwk), private: true }, { kty: "OKP", crv: "Ed25519", x: jwk.x, d: privateJwk.d, alg: "EdDSA" }),
    answers("exportJwk", "writes_kid_and_the_name_ed25519_into_a_jwk", alias, key(jwk, { alg: "Ed25519", kid: "k1" }), { ...jwk, alg: "Ed25519", kid: "k1" }),
    answers("exportJwk", "writes_no_member_it_does_not_know", "countersign: export holds what the key is", key({ ...jwk, ext: true, x5u: "https://x.example" }), { ...jwk, alg: "EdDSA" }),
    answers("exportJwk", "writes_a_secret_jwk", octRule, { key: hs256.spec, private: true }, { ...oct, alg: "HS256" }),
    fails("exportJwk", "refuses_the_public_jwk_of_a_secret", "RFC 7518 §6.4: a secret is not published", { key: hs256.spec }, noPublicHalf),
    fails("exportJwk", "refuses_the_private_jwk_of_a_public_key", okp, { ...key(jwk), private: true }, noPrivateHalf),

    answers("thumbprint", "names_a_public_key_by_its_sha_256", thumb, key(jwk), sha("sha256", okpMembers)),
    answers("thumbprint", "names_a_public_key_by_its_sha_256_when_told_so", thumb, { ...key(jwk), hash: "sha256" }, sha("sha256", okpMembers)),
    answers("thumbprint", "names_a_public_key_by_its_sha_384", thumb, { ...key(jwk), hash: "sha384" }, sha("sha384", okpMembers)),
    answers("thumbprint", "names_a_public_key_by_its_sha_512", thumb, { ...key(jwk), hash: "sha512" }, sha("sha512", okpMembers)),
    answers("thumbprint", "names_a_private_key_as_its_public_half", thumb, key(privateJwk), sha("sha256", okpMembers)),
    answers("thumbprint", "names_a_key_whatever_its_kid_and_alg", thumb, key({ ...jwk, use: "sig" }, { alg: "Ed25519", kid: "k1" }), sha("sha256", okpMembers)),
    answers("thumbprint", "names_a_secret_by_its_sha_256", "RFC 7638 §3.2", { key: hs256.spec }, sha("sha256", octMembers)),
  ],
};
