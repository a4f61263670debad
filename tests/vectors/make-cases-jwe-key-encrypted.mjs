// Keys for encryption that are under a passphrase, and documents that hold no key for encryption.

import { createPrivateKey, createPublicKey } from "node:crypto";
import { certificate, pem, spki } from "./make-asn1.mjs";
import { answers, fails } from "./make-compact.mjs";
import { pbes2 } from "./make-encrypted.mjs";
import * as openssl from "./make-encrypted-openssl.mjs";
import {
  error,
  isCertificate,
  isEncrypted,
  noPem,
  notCertificate,
  notCertificatePem,
  notEncrypted,
  otherEncryption,
  otherPassphrase,
  severalPems,
  tooManyRounds,
} from "./make-errors.mjs";
import { curves } from "./make-jwe.mjs";
import { es256, rs256 } from "./make-keys.mjs";
import { certified7517 } from "./make-keys-rfc.mjs";
import { base64url, ed25519 } from "./make-material.mjs";

const PASSPHRASE = "correct horse battery staple";
const rule = "RFC 5958 §3, RFC 8018 §6.2";
const pkcs8 = (jwk) => createPrivateKey({ key: jwk, format: "jwk" }).export({ type: "pkcs8", format: "der" });
const inDer = (document, more) => ({ key: { der: base64url(document), passphrase: PASSPHRASE, ...more } });
const inPem = (document, more) => ({
  key: { pem: pem("ENCRYPTED PRIVATE KEY", document), passphrase: PASSPHRASE, ...more },
});
const takes = (name, key, alg) =>
  answers("importEncryptionKey", `imports_${name}`, rule, key, { alg, enc: null, kid: null, type: "private" });
const refuses = (name, source, key, expected) => fails("importEncryptionKey", `refuses_${name}`, source, key, expected);

const KEYS = {
  "ECDH-ES": ["x25519", curves.X25519],
  "ECDH-ES+A128KW": ["p_256", curves["P-256"]],
  "ECDH-ES+A256KW": ["p_384", curves["P-384"]],
  "RSA-OAEP-256": ["rsa", rs256.privateJwk],
};
const alg = "ECDH-ES";
const byOpenssl = (text, more) => ({ key: { pem: text, alg, passphrase: openssl.PASSPHRASE, ...more } });
const plain = pkcs8(curves.X25519);
const encrypted = pbes2(plain, PASSPHRASE);
const someCertificate = certificate(ed25519.publicBytes, ed25519.sign);
const certificateRule = "RFC 5280 §4.1";
const rfcCertificate = Buffer.from(certified7517.x5c[0], "base64");
const ecCertificate = certificate(ed25519.publicBytes, ed25519.sign, {
  key: createPublicKey({ key: es256.jwk, format: "jwk" }).export({ format: "der", type: "spki" }),
});
const certified = (document, alg, more) => ({ key: { certificateDer: base64url(document), alg, ...more } });
const certifiedPem = (text, alg, more) => ({ key: { certificate: text, alg, ...more } });
const takesPublic = (name, key, alg, kid = null) =>
  answers("importEncryptionKey", `imports_${name}`, certificateRule, key, { alg, enc: null, kid, type: "public" });
const needsAgreement = (found) =>
  error("KEY_INVALID", `this is ${found}; alg "ECDH-ES" needs a P-256, P-384, P-521 or X25519 key`);
const without = { alg, passphrase: undefined };

export default {
  description: "Keys for encryption under a passphrase and in certificates.",
  cases: [
    ...Object.entries(KEYS).flatMap(([alg, [name, jwk]]) => {
      const document = pbes2(pkcs8(jwk), PASSPHRASE);
      return [
        takes(`an_encrypted_pem_of_${name}_for_encryption`, inPem(document, { alg }), alg),
        takes(`an_encrypted_der_of_${name}_for_encryption`, inDer(document, { alg }), alg),
      ];
    }),
    refuses("an_encrypted_pem_for_encryption_without_a_passphrase", rule, inPem(encrypted, without), isEncrypted),
    refuses("an_encrypted_der_for_encryption_without_a_passphrase", rule, inDer(encrypted, without), isEncrypted),
    refuses(
      "another_passphrase_for_encryption",
      rule,
      inPem(encrypted, { alg, passphrase: "incorrect" }),
      otherPassphrase,
    ),
    refuses("a_passphrase_for_a_bare_der_for_encryption", rule, inDer(plain, { alg }), notEncrypted),
    refuses(
      "a_passphrase_for_a_bare_pem_for_encryption",
      rule,
      { key: { pem: pem("PRIVATE KEY", plain), alg, passphrase: PASSPHRASE } },
      notEncrypted,
    ),
    ...["aes-128-cbc", "aes-192-cbc", "aes-256-cbc"].flatMap((cipher) => {
      const name = cipher.replaceAll("-", "_");
      return [
        takes(
          `a_key_for_encryption_under_${name}_and_hmac_sha1`,
          inDer(pbes2(plain, PASSPHRASE, { cipher, prf: "sha1" }), { alg }),
          alg,
        ),
        takes(
          `a_key_for_encryption_under_${name}_and_hmac_sha1_by_name`,
          inDer(pbes2(plain, PASSPHRASE, { cipher, prf: "sha1", statedPrf: "sha1" }), { alg }),
          alg,
        ),
        takes(
          `a_key_for_encryption_that_openssl_encrypted_with_${name}_and_hmac_sha1`,
          byOpenssl(openssl.byCipher[cipher]),
          alg,
        ),
      ];
    }),
    refuses(
      "another_passphrase_for_a_key_for_encryption_by_hmac_sha1",
      rule,
      byOpenssl(openssl.byCipher["aes-256-cbc"], { passphrase: "incorrect horse" }),
      otherPassphrase,
    ),
    refuses(
      "a_key_for_encryption_that_openssl_encrypted_with_2000001_rounds",
      "countersign: a document must not decide for how long we compute",
      byOpenssl(openssl.ofTooManyRounds),
      tooManyRounds,
    ),
    ...["des3", "des-cbc", "rc2-cbc"].map((cipher) =>
      refuses(
        `a_key_for_encryption_that_openssl_encrypted_with_${cipher.replace("-", "_")}`,
        `${rule}: AES alone`,
        byOpenssl(openssl.byCipher[cipher]),
        otherEncryption,
      ),
    ),
    refuses(
      "an_encrypted_key_for_encryption_by_triple_des",
      rule,
      inDer(pbes2(plain, PASSPHRASE, { cipher: "des-ede3-cbc" }), { alg }),
      otherEncryption,
    ),
    refuses(
      "an_encrypted_key_for_encryption_of_too_many_rounds",
      "countersign: a document must not decide for how long we compute",
      inDer(pbes2(plain, PASSPHRASE, { statedRounds: 2_000_001 }), { alg }),
      tooManyRounds,
    ),
    refuses(
      "an_encrypted_key_for_encryption_of_another_kind",
      "RFC 8725 §3.1",
      inDer(encrypted, { alg: "RSA-OAEP-256" }),
      error("KEY_INVALID", 'this is an X25519 key; alg "RSA-OAEP-256" needs an RSA key'),
    ),
    takesPublic(
      "the_rsa_key_of_a_certificate_for_encryption",
      certified(rfcCertificate, "RSA-OAEP-256"),
      "RSA-OAEP-256",
    ),
    takesPublic(
      "the_rsa_key_of_a_certificate_in_pem_for_encryption",
      certifiedPem(pem("CERTIFICATE", rfcCertificate), "RSA-OAEP", { kid: "a" }),
      "RSA-OAEP",
      "a",
    ),
    takesPublic("the_ec_key_of_a_certificate_for_encryption", certified(ecCertificate, "ECDH-ES"), "ECDH-ES"),
    takesPublic(
      "the_ec_key_of_a_certificate_in_pem_for_encryption",
      certifiedPem(pem("CERTIFICATE", ecCertificate), "ECDH-ES+A256KW"),
      "ECDH-ES+A256KW",
    ),
    refuses(
      "the_rsa_key_of_a_certificate_for_a_key_agreement",
      "RFC 8725 §3.1",
      certified(rfcCertificate, "ECDH-ES"),
      needsAgreement("an RSA key"),
    ),
    refuses(
      "a_signing_key_of_a_certificate_for_encryption",
      "RFC 8725 §3.1",
      certified(someCertificate, alg),
      needsAgreement("an Ed25519 key"),
    ),
    refuses(
      "two_certificates_for_encryption",
      "countersign: two blocks",
      certifiedPem(pem("CERTIFICATE", rfcCertificate).repeat(2), "RSA-OAEP-256"),
      severalPems,
    ),
    refuses(
      "a_public_key_as_a_certificate_for_encryption",
      certificateRule,
      certifiedPem(pem("PUBLIC KEY", spki(ed25519.publicBytes)), alg),
      notCertificatePem,
    ),
    refuses("text_as_a_certificate_for_encryption", certificateRule, certifiedPem("not a certificate", alg), noPem),
    refuses(
      "a_certificate_for_encryption_without_its_last_byte",
      "X.690 §8.1",
      certified(rfcCertificate.subarray(0, -1), "RSA-OAEP-256"),
      notCertificate,
    ),
    refuses(
      "a_certificate_as_a_key_for_encryption",
      "countersign: nobody has checked it",
      { key: { pem: pem("CERTIFICATE", someCertificate), alg } },
      isCertificate,
    ),
    refuses(
      "a_certificate_in_der_as_a_key_for_encryption",
      "countersign: nobody has checked it",
      { key: { der: base64url(someCertificate), alg } },
      isCertificate,
    ),
  ],
};
