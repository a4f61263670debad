// Keys for encryption that are under a passphrase, and documents that hold no key for encryption.

import { createPrivateKey } from "node:crypto";
import { certificate, pem } from "./make-asn1.mjs";
import { answers, fails } from "./make-compact.mjs";
import { pbes2 } from "./make-encrypted.mjs";
import {
  error,
  isCertificate,
  isEncrypted,
  notEncrypted,
  otherEncryption,
  otherPassphrase,
  tooManyRounds,
} from "./make-errors.mjs";
import { curves } from "./make-jwe.mjs";
import { rs256 } from "./make-keys.mjs";
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
const plain = pkcs8(curves.X25519);
const encrypted = pbes2(plain, PASSPHRASE);
const someCertificate = certificate(ed25519.publicBytes, ed25519.sign);
const without = { alg, passphrase: undefined };

export default {
  description: "Keys for encryption under a passphrase.",
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
    refuses(
      "an_encrypted_key_for_encryption_by_hmac_sha1",
      `${rule}: SHA-2 alone`,
      inDer(pbes2(plain, PASSPHRASE, { prf: "sha1" }), { alg }),
      otherEncryption,
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
