// RSA and EC keys as they are written: JWKs, thumbprints, and each form of a document in PEM and DER.

import { createHash } from "node:crypto";
import { bitString, der, integer, OID, octetString, pem, pkcs8, sequence, spki } from "./make-asn1.mjs";
import { answers, fails } from "./make-compact.mjs";
import { ecFormOnly, noPemForm, noPrivateHalf, optionInvalid, rsaFormOnly } from "./make-errors.mjs";
import { ecKeys, es256, rs256 } from "./make-keys.mjs";
import { certified7517, rsa7515, rsa7515Private } from "./make-keys-rfc.mjs";
import { base64url, ed25519, hs256 } from "./make-material.mjs";
import { pkcs1Private, pkcs1Public, pssParameters, RSA_ALGORITHM } from "./make-rsa.mjs";
import { bytes, uncompressed } from "./make-weierstrass.mjs";

const thumb = "RFC 7638 §3.2";
const CURVES = { "P-256": OID.p256, "P-384": OID.p384, "P-521": OID.p521 };

/** ECPrivateKey as it is written here: with its public key, and with its curve where it stands alone. */
function sec1({ curve, d, point }, alone) {
  return sequence(
    integer(Buffer.from([1])),
    octetString(bytes(d, curve.length)),
    ...(alone ? [der(0xa0, CURVES[curve.crv])] : []),
    der(0xa1, bitString(uncompressed(curve, point))),
  );
}

const ecForms = ecKeys.map((key) => {
  const { curve, point, jwk, privateJwk, alg } = key;
  const algorithm = sequence(OID.ecPublicKey, CURVES[curve.crv]);
  return {
    name: alg.toLowerCase(),
    alg,
    jwk,
    privateJwk,
    members: `{"crv":"${jwk.crv}","kty":"EC","x":"${jwk.x}","y":"${jwk.y}"}`,
    forms: [
      ["spki", false, "PUBLIC KEY", spki(uncompressed(curve, point), algorithm)],
      ["pkcs8", true, "PRIVATE KEY", pkcs8(undefined, { inner: sec1(key, false), algorithm })],
      ["sec1", true, "EC PRIVATE KEY", sec1(key, true)],
    ],
  };
});
const rsaForms = ["RS256", "PS512"].map((alg) => ({
  name: alg.toLowerCase(),
  alg,
  jwk: rsa7515,
  privateJwk: rsa7515Private,
  members: `{"e":"${rsa7515.e}","kty":"RSA","n":"${rsa7515.n}"}`,
  forms: [
    ["spki", false, "PUBLIC KEY", spki(pkcs1Public(rsa7515), RSA_ALGORITHM)],
    ["pkcs1", false, "RSA PUBLIC KEY", pkcs1Public(rsa7515)],
    ["pkcs8", true, "PRIVATE KEY", pkcs8(undefined, { inner: pkcs1Private(rsa7515Private), algorithm: RSA_ALGORITHM })],
    ["pkcs1", true, "RSA PRIVATE KEY", pkcs1Private(rsa7515Private)],
  ],
}));
const ed25519Forms = {
  name: "eddsa",
  alg: "EdDSA",
  jwk: ed25519.jwk,
  privateJwk: ed25519.privateJwk,
  forms: [
    ["spki", false, "PUBLIC KEY", spki(ed25519.publicBytes)],
    ["pkcs8", true, "PRIVATE KEY", pkcs8(ed25519.seed)],
  ],
};

/** Each form in each encoding, from a JWK; and the form that a half has when none is named. */
const documents = [...ecForms, ...rsaForms, ed25519Forms].flatMap(({ name, alg, privateJwk, forms }) =>
  forms.flatMap(([format, isPrivate, label, document]) => {
    const key = { jwk: privateJwk, alg };
    const half = isPrivate ? "private" : "public";
    const asked = isPrivate ? { key, private: true, format } : { key, format };
    return [
      answers("exportDer", `writes_a_${half}_${name}_key_as_${format}_in_der`, "X.690 §10", asked, base64url(document)),
      answers("exportPem", `writes_a_${half}_${name}_key_as_${format}_in_pem`, "RFC 7468", asked, pem(label, document)),
      answers(
        "exportDer",
        `writes_a_${half}_${name}_key_as_the_${format}_document_it_came_as`,
        "X.690 §10",
        { key: { der: base64url(document), alg }, ...(isPrivate ? { private: true } : {}), format },
        base64url(document),
      ),
      answers(
        "importKey",
        `takes_the_${format}_pem_of_a_${half}_${name}_key_that_is_written`,
        "RFC 7468",
        { key: { pem: pem(label, document), alg } },
        { alg, kid: null, type: half },
      ),
    ];
  }),
);
const defaults = [...ecForms, ...rsaForms, ed25519Forms].flatMap(({ name, alg, privateJwk, forms }) =>
  [false, true].map((isPrivate) => {
    const [, , , document] = forms.find(([format]) => format === (isPrivate ? "pkcs8" : "spki"));
    return answers(
      "exportDer",
      `writes_a_${isPrivate ? "private" : "public"}_${name}_key_as_der_when_no_form_is_named`,
      "countersign: PKCS#8 or SPKI",
      { key: { jwk: privateJwk, alg }, ...(isPrivate && { private: true }) },
      base64url(document),
    );
  }),
);

const jwks = [...ecForms, ...rsaForms].flatMap(({ name, alg, jwk, privateJwk, members }) => [
  answers("exportJwk", `writes_a_public_${name}_jwk`, "RFC 7518 §6", { key: { jwk, alg } }, { ...jwk, alg }),
  answers(
    "exportJwk",
    `writes_the_public_jwk_of_a_private_${name}_key`,
    "RFC 7518 §6",
    { key: { jwk: privateJwk, alg, kid: "k1" } },
    { ...jwk, alg, kid: "k1" },
  ),
  answers(
    "exportJwk",
    `writes_a_private_${name}_jwk`,
    "RFC 7518 §6",
    { key: { jwk: privateJwk, alg }, private: true },
    { ...privateJwk, alg },
  ),
  fails(
    "exportJwk",
    `refuses_the_private_jwk_of_a_public_${name}_key`,
    "RFC 7518 §6",
    { key: { jwk, alg }, private: true },
    noPrivateHalf,
  ),
  ...["sha256", "sha384", "sha512"].map((hash) =>
    answers(
      "thumbprint",
      `names_a_${name}_key_by_its_${hash.replace("sha", "sha_")}`,
      thumb,
      { key: { jwk, alg, kid: "k1" }, hash },
      createHash(hash).update(members).digest("base64url"),
    ),
  ),
  answers(
    "thumbprint",
    `names_a_private_${name}_key_as_its_public_half`,
    thumb,
    { key: { jwk: privateJwk, alg } },
    createHash("sha256").update(members).digest("base64url"),
  ),
]);

const pss = sequence(OID.rsaPss, pssParameters("sha256", 32));
const pssSpki = base64url(spki(pkcs1Public(rsa7515), pss));
const pssPkcs8 = base64url(pkcs8(undefined, { inner: pkcs1Private(rsa7515Private), algorithm: pss }));
const own = (key, more) => ({ key: key.privateSpec, ...more });
const refuses = (name, inputs, error) => fails("exportDer", name, "countersign: forms of a key", inputs, error);

export default {
  description: "RSA and EC keys as they are written, in every form.",
  cases: [
    ...jwks,
    ...documents,
    ...defaults,
    answers(
      "exportDer",
      "writes_the_parameters_that_a_public_rsa_pss_key_came_with",
      "RFC 4055 §3.1: the key stays bound to them",
      { key: { der: pssSpki, alg: "PS256" } },
      pssSpki,
    ),
    answers(
      "exportDer",
      "writes_the_parameters_that_a_private_rsa_pss_key_came_with",
      "RFC 4055 §3.1: the key stays bound to them",
      { key: { der: pssPkcs8, alg: "PS256" }, private: true },
      pssPkcs8,
    ),
    answers(
      "exportDer",
      "writes_the_public_half_of_a_private_rsa_pss_key_with_its_parameters",
      "RFC 4055 §3.1: the key stays bound to them",
      { key: { der: pssPkcs8, alg: "PS256" } },
      pssSpki,
    ),
    answers(
      "exportJwk",
      "writes_the_certificates_of_a_public_rsa_jwk",
      "RFC 7517 §4.7",
      { key: { jwk: certified7517, alg: "RS256" } },
      { kty: "RSA", n: certified7517.n, e: "AQAB", kid: "1b94c", x5c: certified7517.x5c, alg: "RS256" },
    ),

    refuses("refuses_to_write_an_ec_key_as_pkcs1", own(es256, { format: "pkcs1" }), rsaFormOnly),
    refuses("refuses_to_write_a_private_ec_key_as_pkcs1", own(es256, { private: true, format: "pkcs1" }), rsaFormOnly),
    refuses("refuses_to_write_an_rsa_key_as_sec1", own(rs256, { private: true, format: "sec1" }), ecFormOnly),
    refuses("refuses_to_write_an_ed25519_key_as_sec1", own(ed25519, { private: true, format: "sec1" }), ecFormOnly),
    refuses("refuses_to_write_an_ed25519_key_as_pkcs1", own(ed25519, { private: true, format: "pkcs1" }), rsaFormOnly),
    ...["pkcs1", "pkcs8"].map((format) =>
      refuses(
        `refuses_to_write_a_public_rsa_key_as_private_${format}`,
        { key: rs256.spec, private: true, format },
        noPrivateHalf,
      ),
    ),
    refuses(
      "refuses_to_write_a_public_ec_key_as_sec1",
      { key: es256.spec, private: true, format: "sec1" },
      noPrivateHalf,
    ),
    refuses("refuses_to_write_a_secret_as_der", { key: hs256.spec }, noPemForm),
    refuses("refuses_to_write_a_secret_as_pkcs8", { key: hs256.spec, private: true, format: "pkcs8" }, noPemForm),
    ...["pkcs8", "sec1"].map((format) =>
      refuses(
        `refuses_to_write_${format}_without_private`,
        own(es256, { format }),
        optionInvalid('option "format" is for private keys: pass "private" too'),
      ),
    ),
    refuses(
      "refuses_to_write_spki_with_private",
      own(es256, { private: true, format: "spki" }),
      optionInvalid('option "format" is for public keys'),
    ),
    refuses(
      "refuses_to_write_a_form_nobody_knows",
      own(es256, { format: "jwk" }),
      optionInvalid('option "format" is not pkcs1, pkcs8, sec1 or spki'),
    ),
  ],
};
