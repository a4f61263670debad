// A token of one algorithm, and a key of another: no key answers for an algorithm that is not its own, and no public
// key becomes a secret.

import { OID, pem, sequence, spki } from "./make-asn1.mjs";
import { fails, keyTable, NOW, refuses, token } from "./make-compact.mjs";
import { algMismatch, algMismatchRsa, badSignature, secretLooksLikeKey } from "./make-errors.mjs";
import { allKeys, ecKeys, rs256 } from "./make-keys.mjs";
import { ed25519, hmacKey } from "./make-material.mjs";
import { pkcs1Public, RSA_ALGORITHM } from "./make-rsa.mjs";
import { uncompressed } from "./make-weierstrass.mjs";

const confusion = "RFC 8725 §2.1, §3.1; CVE-2016-10555, CVE-2015-9235";
const asSecret = "CVE-2016-10555, CVE-2022-29217, CVE-2024-33663: a public key as an HMAC secret";

const isRsa = ({ alg }) => /^[RP]S/.test(alg);

/** Every token to every key of another algorithm, under its own name. */
const mismatches = allKeys.flatMap((by) =>
  allKeys
    .filter((key) => key.alg !== by.alg)
    .map((key) =>
      refuses(
        `a_token_of_${by.name}_with_a_key_of_${key.name}`,
        confusion,
        { by },
        isRsa(by) && isRsa(key) ? algMismatchRsa : algMismatch,
        { keys: key.name },
      ),
    ),
);

/** And under the name of the key's algorithm, where both belong to one family or one of them is an HMAC. */
const family = ({ alg }) => alg.slice(0, 1);
const relabelled = allKeys.flatMap((signer) =>
  allKeys
    .filter((key) => key.alg !== signer.alg && (signer.alg.startsWith("HS") || family(key) === family(signer)))
    .map((key) =>
      refuses(
        `a_token_of_${signer.name}_that_says_it_is_one_of_${key.name}`,
        confusion,
        { by: key, signedBy: signer },
        badSignature,
      ),
    ),
);

const CURVES = { "P-256": OID.p256, "P-384": OID.p384, "P-521": OID.p521 };
const DOCUMENTS = {
  ed25519: [ed25519.jwk, spki(ed25519.publicBytes)],
  rsa: [rs256.jwk, spki(pkcs1Public(rs256.jwk), RSA_ALGORITHM)],
  ...Object.fromEntries(
    ecKeys.map(({ name, jwk, curve, point }) => [
      name,
      [jwk, spki(uncompressed(curve, point), sequence(OID.ecPublicKey, CURVES[curve.crv]))],
    ]),
  ),
};
const FORMS = Object.entries(DOCUMENTS).flatMap(([name, [jwk, document]]) => [
  [`the_public_pem_of_${name}`, Buffer.from(pem("PUBLIC KEY", document))],
  [`the_public_pem_of_${name}_without_its_last_line_feed`, Buffer.from(pem("PUBLIC KEY", document).trimEnd())],
  [`the_public_der_of_${name}`, document],
  [`the_public_jwk_of_${name}`, Buffer.from(JSON.stringify(jwk))],
]);
FORMS.push(
  ["the_public_pkcs1_of_rsa", pkcs1Public(rs256.jwk)],
  ["the_public_pkcs1_pem_of_rsa", Buffer.from(pem("RSA PUBLIC KEY", pkcs1Public(rs256.jwk)))],
);
const secrets = FORMS.flatMap(([name, bytes]) => {
  const forger = hmacKey("forger", "HS256", bytes);
  return [
    fails("importKey", `refuses_${name}_as_a_secret`, asSecret, { key: forger.spec }, secretLooksLikeKey),
    fails(
      "verify",
      `refuses_a_token_signed_with_${name}_as_its_secret`,
      asSecret,
      { token: token({ by: forger }), keys: forger.spec, now: NOW },
      secretLooksLikeKey,
    ),
  ];
});
const forged = Object.entries(DOCUMENTS).map(([name, [jwk, document]]) => {
  const forger = hmacKey("forger", "HS256", Buffer.from(pem("PUBLIC KEY", document)));
  const alg = name === "rsa" ? "RS256" : undefined;
  return fails(
    "verify",
    `refuses_a_token_signed_with_the_public_pem_of_${name}_by_that_key`,
    asSecret,
    { token: token({ by: forger }), keys: { jwk, alg }, now: NOW },
    algMismatch,
  );
});

/** Names that an RSA key cannot have, however close they are. */
const notForRsa = ["RSA-OAEP", "RS1", "rs512", "PS", "HS256"].map((alg, index) =>
  refuses(
    `the_alg_${alg.toLowerCase().replace("-", "_")}_like_one_of_rsa_${index}`,
    confusion,
    { by: rs256, header: { alg } },
    algMismatch,
  ),
);

export default {
  description: "Tokens of one algorithm and keys of another.",
  keys: keyTable(...allKeys),
  cases: [...mismatches, ...relabelled, ...notForRsa, ...secrets, ...forged],
};
