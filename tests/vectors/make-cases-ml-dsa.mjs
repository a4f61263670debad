// ML-DSA: keys of the type AKP (RFC 9964), their documents (RFC 9881), and tokens signed with them.

import { createHash } from "node:crypto";
import { sha512 } from "@noble/hashes/sha2.js";
import { pem } from "./make-asn1.mjs";
import { accepts, answers, fails, keyTable, publishes, refuses } from "./make-compact.mjs";
import {
  akpNoAlg,
  algMismatch,
  badSignature,
  hasParameters,
  jwkAlgOther,
  jwkAlgUnknown,
  jwkKeyType,
  jwkMissing,
  jwkNotBase64url,
  jwkWrongType,
  mlDsaNoKey,
  mlDsaNoSeed,
  mlDsaPartsDiffer,
  mlDsaPublicLength,
  mlDsaSeedLength,
  noKey,
  partsDiffer,
  secretLooksLikeKey,
  severalKeys,
  wrongKind,
} from "./make-errors.mjs";
import { jws9964, payload9964, thumbprint9964 } from "./make-keys-rfc9964.mjs";
import { base64url, ed25519, hs256 } from "./make-material.mjs";
import { both, identifier, mlDsa44, mlDsa65, mlDsa87, mlDsaKey, mlDsaKeys, seedOnly } from "./make-ml-dsa.mjs";

const rule = "RFC 9964 §3";
const seedRule = "RFC 9964 §4: priv is the seed of 32 bytes";
const lengths = "FIPS 204 table 2";
const algorithms = "RFC 9964 §5";
const thumb = "RFC 9964 §6";
const documents = "RFC 9881 §6";
const mismatched = "RFC 9964 §7.4";
const oneAlgorithm = "RFC 8725 §3.1: one key, one algorithm";

const other44 = mlDsaKey("another_ml_dsa_44", 44);
const kidA = mlDsaKey("ml_dsa_44_a", 44, { kid: "a" });
const kidB = mlDsaKey("ml_dsa_65_b", 65, { kid: "b" });
const zeros = mlDsaKey("zeros", 44, { seed: Buffer.alloc(32) });

const changed = (base, changes) => JSON.parse(JSON.stringify({ ...base, ...changes }));
const of = (type, alg, kid = null) => ({ alg, kid, type });
const takes = (name, source, inputs, ok) => answers("importKey", `takes_${name}`, source, inputs, ok);
const rejects = (name, source, inputs, error) => fails("importKey", `refuses_${name}`, source, inputs, error);
const jwkCase = (base, changes, options = {}) => ({ key: { jwk: changed(base, changes), ...options } });
const derCase = (key, der, options = {}) => ({ key: { der: base64url(der), alg: key.alg, ...options } });
const members = ({ alg, jwk: { pub } }) => JSON.stringify({ alg, kty: "AKP", pub });
const digest = (hash, text) => createHash(hash).update(text).digest("base64url");
const MISSING = undefined;

const keys = mlDsaKeys.flatMap((key) => {
  const { name, alg, set, jwk, privateJwk, seed, publicBytes, expanded } = key;
  const longer = base64url(Buffer.concat([publicBytes, Buffer.alloc(1)]));
  const wrongExpanded = Buffer.from(expanded);
  wrongExpanded[wrongExpanded.length - 1] ^= 1;
  return [
    takes(`a_public_jwk_of_${name}`, rule, jwkCase(jwk, {}), of("public", alg)),
    takes(`a_private_jwk_of_${name}`, rule, jwkCase(privateJwk, {}), of("private", alg)),
    takes(`the_public_half_of_${name}`, rule, { ...jwkCase(privateJwk, {}), as: "public" }, of("public", alg)),
    rejects(
      `a_jwk_of_${name}_without_its_last_byte`,
      lengths,
      jwkCase(jwk, { pub: base64url(publicBytes.subarray(1)) }),
      mlDsaPublicLength(set),
    ),
    rejects(`a_jwk_of_${name}_with_a_byte_more`, lengths, jwkCase(jwk, { pub: longer }), mlDsaPublicLength(set)),
    takes(`a_spki_of_${name}`, documents, derCase(key, key.spki), of("public", alg)),
    takes(`a_pem_of_${name}`, documents, { key: { pem: pem("PUBLIC KEY", key.spki), alg } }, of("public", alg)),
    takes(`a_pkcs8_with_the_seed_of_${name}`, documents, derCase(key, key.pkcs8()), of("private", alg)),
    takes(
      `a_pkcs8_with_both_forms_of_${name}`,
      documents,
      derCase(key, key.pkcs8(both(seed, expanded))),
      of("private", alg),
    ),
    rejects(
      `a_pkcs8_whose_expanded_key_is_not_of_the_seed_of_${name}`,
      documents,
      derCase(key, key.pkcs8(both(seed, wrongExpanded))),
      partsDiffer,
    ),
    answers("exportJwk", `writes_a_public_jwk_of_${name}`, rule, { key: { jwk: privateJwk } }, jwk),
    answers(
      "exportJwk",
      `writes_a_private_jwk_of_${name}`,
      rule,
      { ...derCase(key, key.pkcs8(both(seed, expanded))), private: true },
      privateJwk,
    ),
    answers("exportDer", `writes_a_spki_of_${name}`, documents, { key: { jwk } }, base64url(key.spki)),
    answers(
      "exportDer",
      `writes_a_pkcs8_with_the_seed_of_${name}`,
      documents,
      { key: { jwk: privateJwk }, private: true },
      base64url(key.pkcs8()),
    ),
    answers(
      "exportPem",
      `writes_a_private_pem_of_${name}`,
      documents,
      { key: { jwk: privateJwk }, private: true },
      pem("PRIVATE KEY", key.pkcs8()),
    ),
    ...["sha256", "sha512"].map((hash) =>
      answers(
        "thumbprint",
        `names_${name}_by_its_${hash}`,
        thumb,
        { key: { jwk: privateJwk }, hash },
        digest(hash, members(key)),
      ),
    ),
  ];
});

const { jwk, privateJwk, seed, publicBytes, expanded } = mlDsa44;
const seedOf = (bytes) => jwkCase(privateJwk, { priv: base64url(bytes) });
const strictness = [
  takes(
    "an_akp_jwk_with_other_members",
    "RFC 7517 §4",
    jwkCase(jwk, { ext: true, crv: "Ed25519", x: "AA" }),
    of("public", mlDsa44.alg),
  ),
  takes(
    "an_akp_jwk_whose_priv_is_null",
    "countersign: null is absence",
    jwkCase(jwk, { priv: null }),
    of("public", mlDsa44.alg),
  ),
  takes(
    "an_akp_jwk_with_the_option_alg",
    rule,
    jwkCase(jwk, {}, { alg: "ML-DSA-44", kid: "z" }),
    of("public", mlDsa44.alg, "z"),
  ),
  rejects("an_akp_jwk_without_alg", rule, jwkCase(jwk, { alg: MISSING }), akpNoAlg),
  rejects("a_private_akp_jwk_without_alg", rule, jwkCase(privateJwk, { alg: MISSING }), akpNoAlg),
  rejects(
    "an_akp_jwk_without_alg_although_the_option_names_it",
    rule,
    jwkCase(jwk, { alg: MISSING }, { alg: "ML-DSA-44" }),
    akpNoAlg,
  ),
  rejects(
    "an_akp_jwk_with_the_option_of_another_set",
    oneAlgorithm,
    jwkCase(jwk, {}, { alg: "ML-DSA-65" }),
    jwkAlgOther,
  ),
  rejects("an_akp_jwk_of_an_unknown_set", algorithms, jwkCase(jwk, { alg: "ML-DSA-45" }), jwkAlgUnknown),
  rejects("an_akp_jwk_for_hashed_messages", "RFC 9964 §7.2", jwkCase(jwk, { alg: "HashML-DSA-44" }), jwkAlgUnknown),
  rejects("an_akp_jwk_in_lower_case", algorithms, jwkCase(jwk, { alg: "ml-dsa-44" }), jwkAlgUnknown),
  rejects("an_akp_jwk_of_a_type_in_lower_case", rule, jwkCase(jwk, { kty: "akp" }), jwkKeyType),
  rejects("an_akp_jwk_for_es256", algorithms, jwkCase(jwk, { alg: "ES256" }), wrongKind("an AKP key", "ES256")),
  rejects("an_akp_jwk_for_hs256", algorithms, jwkCase(jwk, { alg: "HS256" }), wrongKind("an AKP key", "HS256")),
  rejects("an_akp_jwk_whose_key_is_of_another_set", lengths, jwkCase(jwk, { alg: "ML-DSA-65" }), mlDsaPublicLength(65)),
  rejects("an_akp_jwk_without_pub", rule, jwkCase(jwk, { pub: MISSING }), jwkMissing("pub")),
  rejects(
    "a_private_akp_jwk_without_pub",
    "RFC 9964 §3: pub is required",
    jwkCase(privateJwk, { pub: MISSING }),
    jwkMissing("pub"),
  ),
  rejects("an_akp_jwk_whose_pub_is_a_number", "RFC 7517 §4", jwkCase(jwk, { pub: 1 }), jwkWrongType("pub", "a string")),
  rejects(
    "an_akp_jwk_whose_priv_is_a_number",
    "RFC 7517 §4",
    jwkCase(jwk, { priv: 1 }),
    jwkWrongType("priv", "a string"),
  ),
  rejects(
    "an_akp_jwk_whose_pub_is_not_base64url",
    rule,
    jwkCase(jwk, { pub: `${jwk.pub.slice(1)}.` }),
    jwkNotBase64url("pub"),
  ),
  rejects("an_akp_jwk_whose_priv_is_not_base64url", rule, jwkCase(jwk, { priv: "?" }), jwkNotBase64url("priv")),
  rejects("an_akp_jwk_with_an_empty_priv", seedRule, jwkCase(jwk, { priv: "" }), mlDsaSeedLength),
  rejects("a_seed_of_31_bytes", seedRule, seedOf(seed.subarray(1)), mlDsaSeedLength),
  rejects("a_seed_of_33_bytes", seedRule, seedOf(Buffer.concat([seed, Buffer.alloc(1)])), mlDsaSeedLength),
  rejects("an_expanded_key_as_priv", seedRule, seedOf(expanded), mlDsaSeedLength),
  rejects("a_pub_that_is_not_of_priv", mismatched, jwkCase(privateJwk, { pub: other44.jwk.pub }), mlDsaPartsDiffer),
  rejects(
    "a_priv_that_is_not_of_pub",
    mismatched,
    jwkCase(privateJwk, { priv: other44.privateJwk.priv }),
    mlDsaPartsDiffer,
  ),
  rejects(
    "a_pub_of_another_set_than_that_of_priv",
    mismatched,
    jwkCase(privateJwk, { pub: mlDsa65.jwk.pub }),
    mlDsaPartsDiffer,
  ),
  rejects(
    "an_ml_dsa_key_under_the_type_okp",
    rule,
    jwkCase(ed25519.jwk, { alg: "ML-DSA-44" }),
    wrongKind("an Ed25519 public key", "ML-DSA-44"),
  ),
  rejects(
    "a_secret_for_ml_dsa",
    algorithms,
    { key: { secret: hs256.spec.secret, alg: "ML-DSA-44" } },
    wrongKind("a secret", "ML-DSA-44"),
  ),
  rejects(
    "a_spki_of_ml_dsa_for_another_set",
    oneAlgorithm,
    derCase(mlDsa65, mlDsa44.spki),
    wrongKind("an ML-DSA-44 public key", "ML-DSA-65"),
  ),
  rejects(
    "a_pkcs8_of_ml_dsa_for_ed25519",
    oneAlgorithm,
    derCase(mlDsa44, mlDsa44.pkcs8(), { alg: "EdDSA" }),
    wrongKind("an ML-DSA-44 private key", "EdDSA"),
  ),
  rejects(
    "a_spki_of_ml_dsa_as_a_secret",
    "CVE-2022-29217",
    { key: { secret: base64url(mlDsa44.spki), alg: "HS256" } },
    secretLooksLikeKey,
  ),
  rejects(
    "an_akp_jwk_as_a_secret",
    "CVE-2022-29217",
    { key: { secretText: JSON.stringify(jwk), alg: "HS256" } },
    secretLooksLikeKey,
  ),
  takes(
    "a_pkcs8_of_ml_dsa_with_its_public_key",
    "RFC 5958 §2",
    derCase(mlDsa44, mlDsa44.pkcs8(seedOnly(seed), { publicKey: publicBytes })),
    of("private", mlDsa44.alg),
  ),
  rejects(
    "a_pkcs8_of_ml_dsa_with_another_public_key",
    "RFC 5958 §2",
    derCase(mlDsa44, mlDsa44.pkcs8(seedOnly(seed), { publicKey: other44.publicBytes })),
    partsDiffer,
  ),
  rejects(
    "a_pkcs8_with_an_expanded_key_alone",
    "RFC 9964 §4: only the seed",
    derCase(mlDsa44, mlDsa44.pkcs8(Buffer.concat([Buffer.from([4, 0x82, 10, 0]), expanded]))),
    mlDsaNoSeed,
  ),
  rejects("a_pkcs8_with_a_bare_seed", documents, derCase(mlDsa44, mlDsa44.pkcs8(seed)), mlDsaNoKey),
  rejects(
    "a_pkcs8_with_a_seed_of_31_bytes",
    documents,
    derCase(mlDsa44, mlDsa44.pkcs8(seedOnly(seed.subarray(1)))),
    mlDsaSeedLength,
  ),
  rejects(
    "a_pkcs8_with_both_forms_and_a_seed_of_33_bytes",
    documents,
    derCase(mlDsa44, mlDsa44.pkcs8(both(Buffer.concat([seed, Buffer.alloc(1)]), expanded))),
    mlDsaSeedLength,
  ),
  rejects(
    "a_pkcs8_whose_expanded_key_is_of_another_seed",
    documents,
    derCase(mlDsa44, mlDsa44.pkcs8(both(seed, other44.expanded))),
    partsDiffer,
  ),
  rejects(
    "a_pkcs8_with_more_after_the_seed",
    documents,
    derCase(mlDsa44, mlDsa44.pkcs8(Buffer.concat([seedOnly(seed), Buffer.from([5, 0])]))),
    mlDsaNoKey,
  ),
  rejects(
    "a_pkcs8_of_ml_dsa_with_parameters",
    "RFC 9881 §2: parameters are absent",
    derCase(mlDsa44, mlDsa44.pkcs8(seedOnly(seed), { algorithm: identifier(44, Buffer.from([5, 0])) })),
    hasParameters,
  ),
];

const tokens = mlDsaKeys.flatMap((by) => {
  const flipped = (place) => (bytes) => Buffer.from(bytes.map((byte, index) => (index === place ? byte ^ 1 : byte)));
  const last = { 44: 2419, 65: 3308, 87: 4626 }[by.set];
  return [
    accepts(`a_token_of_${by.name}`, algorithms, { by }),
    refuses(`a_token_of_${by.name}_with_another_challenge`, algorithms, { by, signature: flipped(0) }, badSignature),
    refuses(`a_token_of_${by.name}_with_another_response`, algorithms, { by, signature: flipped(200) }, badSignature),
    refuses(`a_token_of_${by.name}_with_another_hint`, algorithms, { by, signature: flipped(last) }, badSignature),
    refuses(
      `a_token_of_${by.name}_without_its_last_byte`,
      lengths,
      { by, signature: (bytes) => bytes.subarray(0, -1) },
      badSignature,
    ),
    refuses(
      `a_token_of_${by.name}_with_a_byte_more`,
      lengths,
      { by, signature: (bytes) => Buffer.concat([bytes, Buffer.alloc(1)]) },
      badSignature,
    ),
    refuses(`a_token_of_${by.name}_with_no_signature`, lengths, { by, signature: () => Buffer.alloc(0) }, badSignature),
    refuses(
      `a_token_of_${by.name}_with_a_signature_of_zeros`,
      algorithms,
      { by, signature: (bytes) => Buffer.alloc(bytes.length) },
      badSignature,
    ),
    refuses(
      `a_token_of_${by.name}_with_a_context`,
      "RFC 9964 §5: the context is empty",
      { by, signedBy: (input) => by.sign(input, { context: Buffer.from("a") }) },
      badSignature,
    ),
    refuses(
      `a_token_of_${by.name}_that_signs_a_hash`,
      "RFC 9964 §7.2",
      { by, signedBy: (input) => by.signHashed(sha512, input) },
      badSignature,
    ),
    answers(
      "issue",
      `issues_a_token_with_${by.name}`,
      algorithms,
      { claims: { sub: "alice" }, key: by.privateSpec, now: 1_800_000_000 },
      { header: { alg: by.alg, typ: "JWT" }, claims: { sub: "alice", iat: 1_800_000_000, exp: 1_800_000_900 } },
    ),
  ];
});

const set = (...found) => ({ keys: { set: found.map(({ name }) => name) } });
const choices = [
  refuses("a_token_of_ml_dsa_by_another_key", algorithms, { by: mlDsa44, signedBy: other44 }, badSignature),
  refuses(
    "a_token_of_ml_dsa_that_names_another_set",
    oneAlgorithm,
    { by: mlDsa44, header: { alg: "ML-DSA-65" } },
    algMismatch,
  ),
  refuses(
    "a_token_of_ed25519_that_names_ml_dsa",
    oneAlgorithm,
    { by: ed25519, header: { alg: "ML-DSA-44" } },
    algMismatch,
  ),
  refuses("a_token_of_ml_dsa_that_names_ed25519", oneAlgorithm, { by: mlDsa44, header: { alg: "EdDSA" } }, algMismatch),
  refuses("a_token_of_ml_dsa_in_lower_case", oneAlgorithm, { by: mlDsa44, header: { alg: "ml-dsa-44" } }, algMismatch),
  ...[kidA, kidB].map((by) =>
    accepts(
      `a_token_of_${by.name}_with_a_mixed_set`,
      rule,
      { by, header: { alg: by.alg, kid: by.jwk.kid } },
      set(kidA, kidB, ed25519),
    ),
  ),
  accepts("a_token_of_ed25519_with_a_set_of_ml_dsa_keys_too", rule, { by: ed25519 }, set(kidA, kidB, ed25519)),
  accepts(
    "a_token_of_ml_dsa_without_kid_by_its_algorithm",
    rule,
    { by: kidB, header: { alg: kidB.alg } },
    set(kidA, kidB, ed25519),
  ),
  refuses("a_token_of_ml_dsa_without_kid_that_two_keys_fit", rule, { by: mlDsa44 }, severalKeys, set(mlDsa44, other44)),
  refuses("a_token_of_ml_dsa_that_no_key_of_the_set_is_for", rule, { by: mlDsa87 }, noKey, set(kidA, kidB, ed25519)),
  refuses(
    "a_token_of_ml_dsa_with_the_kid_of_another_set",
    oneAlgorithm,
    { by: kidA, header: { alg: "ML-DSA-65", kid: "a" } },
    algMismatch,
    set(kidA, kidB),
  ),
  publishes(
    "publishes_ml_dsa_keys_beside_others",
    rule,
    { keys: { set: [kidA.privateSpec, ed25519.privateSpec] } },
    { keys: [kidA.jwk, { ...ed25519.jwk, alg: "EdDSA" }] },
  ),
  answers(
    "rejectedKeys",
    "leaves_out_an_akp_key_without_alg",
    rule,
    { keys: { jwks: { keys: [kidA.jwk, changed(kidB.jwk, { alg: MISSING })] } } },
    [{ index: 1, kid: "b", code: "KEY_INVALID", message: akpNoAlg.message }],
  ),
];

const rfc = [
  answers(
    "thumbprint",
    "names_the_key_of_rfc_9964_by_its_kid",
    "RFC 9964 appendix A.1",
    { key: { jwk: zeros.jwk }, hash: "sha256" },
    thumbprint9964,
  ),
  answers(
    "verifyJws",
    "accepts_the_jws_of_rfc_9964",
    "RFC 9964 appendix A.1",
    { jws: jws9964, keys: { jwk: zeros.jwk } },
    { header: { alg: "ML-DSA-44", kid: thumbprint9964 }, payload: payload9964 },
  ),
];

export default {
  description: "ML-DSA (FIPS 204): keys of the type AKP, their documents, and tokens signed with them.",
  keys: keyTable(...mlDsaKeys, other44, kidA, kidB, ed25519),
  cases: [...keys, ...strictness, ...tokens, ...choices, ...rfc],
};
