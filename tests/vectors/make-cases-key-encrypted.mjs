// Private keys under a passphrase, and the public keys in certificates.

import { createDecipheriv, createPrivateKey, createPublicKey, pbkdf2Sync } from "node:crypto";
import { certificate, der, OID, pem, pkcs8, sequence, spki } from "./make-asn1.mjs";
import { answers } from "./make-compact.mjs";
import { pbes1, pbes2 } from "./make-encrypted.mjs";
import * as openssl from "./make-encrypted-openssl.mjs";
import {
  isCertificate,
  isEncrypted,
  noPem,
  notCertificate,
  notCertificatePem,
  notEncrypted,
  otherEncryption,
  otherPassphrase,
  severalPems,
  shortPublic,
  tooManyRounds,
  wrongKind,
} from "./make-errors.mjs";
import { refuses, takes } from "./make-import-key.mjs";
import { es256, rs256 } from "./make-keys.mjs";
import { certified7517 } from "./make-keys-rfc.mjs";
import { base64url, bytesOf, ed25519 } from "./make-material.mjs";
import { pkcs1Private, RSA_ALGORITHM } from "./make-rsa.mjs";

const PASSPHRASE = "correct horse battery staple";
const plain = pkcs8(ed25519.seed);
const inDer = (document, more = {}) => ({
  key: { der: base64url(document), alg: "EdDSA", passphrase: PASSPHRASE, ...more },
});
const inPem = (document, more = {}, label = "ENCRYPTED PRIVATE KEY") => ({
  key: { pem: pem(label, document), alg: "EdDSA", passphrase: PASSPHRASE, ...more },
});
const without = { passphrase: undefined };
const privateKey = (alg = "EdDSA") => ({ alg, kid: null, type: "private" });
const publicKey = (alg = "EdDSA") => ({ alg, kid: null, type: "public" });

const rule = "RFC 5958 §3, RFC 8018 §6.2";
const absent = "RFC 8018 appendix A.2: HMAC-SHA-1 is the default";
const byOpenssl = (text, more) => ({ key: { pem: text, alg: "ES256", passphrase: openssl.PASSPHRASE, ...more } });
const bound = "countersign: a document must not decide for how long we compute";
const encrypted = (options) => pbes2(plain, PASSPHRASE, options);
const rsaPkcs8 = pkcs8(undefined, { inner: pkcs1Private(rs256.privateJwk), algorithm: RSA_ALGORITHM });

const ecPkcs8 = createPrivateKey({ key: es256.privateJwk, format: "jwk" }).export({ format: "der", type: "pkcs8" });

/** A wrong passphrase that leaves, by chance, a padding that is right: one in 256 does. */
const lucky = (() => {
  for (let i = 0; ; i += 1) {
    const passphrase = `another passphrase ${i}`;
    if (opens(encrypted(), passphrase)) return passphrase;
  }
})();
function opens(document, passphrase) {
  try {
    const [key, iv] = [pbkdf2Sync(passphrase, bytesOf("salt", 16), 1000, 32, "sha256"), bytesOf("iv", 16)];
    const decryptor = createDecipheriv("aes-256-cbc", key, iv);
    const data = document.subarray(-(Math.ceil((plain.length + 1) / 16) * 16));
    return Buffer.concat([decryptor.update(data), decryptor.final()]).length > 0;
  } catch {
    return false;
  }
}

const certificateRule = "RFC 5280 §4.1";
const ownCertificate = certificate(ed25519.publicBytes, ed25519.sign);
const certificatePem = pem("CERTIFICATE", ownCertificate);
const rfcCertificate = Buffer.from(certified7517.x5c[0], "base64");
const ecCertificate = certificate(ed25519.publicBytes, ed25519.sign, {
  key: createPublicKey({ key: es256.jwk, format: "jwk" }).export({ format: "der", type: "spki" }),
});
const fromDer = (document, alg = "EdDSA") => ({ key: { certificateDer: base64url(document), alg } });
const fromPem = (text, alg = "EdDSA") => ({ key: { certificate: text, alg } });

export default {
  description: "Encrypted private keys, and keys from certificates.",
  cases: [
    ...["aes-128-cbc", "aes-192-cbc", "aes-256-cbc"].flatMap((cipher) =>
      ["sha256", "sha384", "sha512"].map((prf) =>
        takes(
          `a_key_under_${cipher.replaceAll("-", "_")}_and_hmac_${prf}`,
          rule,
          inDer(encrypted({ cipher, prf })),
          privateKey(),
        ),
      ),
    ),
    takes("an_encrypted_pem", "RFC 7468 §11", inPem(encrypted()), privateKey()),
    takes("an_encrypted_rsa_key", rule, inPem(pbes2(rsaPkcs8, PASSPHRASE), { alg: "PS256" }), privateKey("PS256")),
    takes(
      "an_encrypted_rsa_key_in_der",
      rule,
      inDer(pbes2(rsaPkcs8, PASSPHRASE), { alg: "RS256" }),
      privateKey("RS256"),
    ),
    takes("an_encrypted_ec_key", rule, inPem(pbes2(ecPkcs8, PASSPHRASE), { alg: "ES256" }), privateKey("ES256")),
    takes("an_encrypted_ec_key_in_der", rule, inDer(pbes2(ecPkcs8, PASSPHRASE), { alg: "ES256" }), privateKey("ES256")),
    answers(
      "exportJwk",
      "opens_an_encrypted_key",
      rule,
      { ...inDer(encrypted()), private: true },
      { ...ed25519.privateJwk, alg: "EdDSA" },
    ),
    takes("an_encrypted_key_that_states_its_length", rule, inDer(encrypted({ keyLength: 32 })), privateKey()),
    refuses("an_encrypted_key_that_states_another_length", rule, inDer(encrypted({ keyLength: 16 })), otherEncryption),
    takes("an_encrypted_key_of_one_round", rule, inDer(encrypted({ rounds: 1 })), privateKey()),
    refuses("an_encrypted_key_of_no_round", rule, inDer(encrypted({ statedRounds: 0 })), tooManyRounds),
    refuses("an_encrypted_key_of_2000001_rounds", bound, inDer(encrypted({ statedRounds: 2_000_001 })), tooManyRounds),
    refuses(
      "an_encrypted_key_of_4294967295_rounds",
      bound,
      inDer(encrypted({ statedRounds: 4_294_967_295 })),
      tooManyRounds,
    ),
    takes(
      "a_passphrase_beyond_ascii",
      "RFC 8018 §3: UTF-8",
      inDer(pbes2(plain, "пароль 🔑"), { passphrase: "пароль 🔑" }),
      privateKey(),
    ),
    takes("an_empty_passphrase_of_a_document", rule, inDer(pbes2(plain, ""), { passphrase: "" }), privateKey()),
    refuses("another_passphrase", rule, inDer(encrypted(), { passphrase: "incorrect horse" }), otherPassphrase),
    refuses("another_passphrase_for_a_pem", rule, inPem(encrypted(), { passphrase: "incorrect" }), otherPassphrase),
    refuses(
      "another_passphrase_whose_padding_happens_to_be_right",
      `${rule}: the answer does not depend on chance`,
      inDer(encrypted(), { passphrase: lucky }),
      otherPassphrase,
    ),
    refuses("encrypted_data_that_is_no_key", rule, inDer(pbes2(Buffer.from("not a key"), PASSPHRASE)), otherPassphrase),
    refuses(
      "encrypted_data_that_ends_within_a_block",
      rule,
      inDer(encrypted({ change: (data) => data.subarray(0, -1) })),
      otherPassphrase,
    ),
    refuses("no_encrypted_data", rule, inDer(encrypted({ change: () => Buffer.alloc(0) })), otherPassphrase),
    ...["aes-128-cbc", "aes-192-cbc", "aes-256-cbc"].flatMap((cipher) => {
      const name = cipher.replaceAll("-", "_");
      return [
        takes(`a_key_under_${name}_and_hmac_sha1`, absent, inDer(encrypted({ cipher, prf: "sha1" })), privateKey()),
        takes(
          `a_key_under_${name}_and_hmac_sha1_by_name`,
          rule,
          inDer(encrypted({ cipher, prf: "sha1", statedPrf: "sha1" })),
          privateKey(),
        ),
        takes(
          `a_key_that_openssl_encrypted_with_${name}_and_hmac_sha1`,
          absent,
          byOpenssl(openssl.byCipher[cipher]),
          privateKey("ES256"),
        ),
        answers(
          "exportJwk",
          `opens_a_key_that_openssl_encrypted_with_${name}_and_hmac_sha1`,
          absent,
          { ...byOpenssl(openssl.byCipher[cipher]), private: true },
          { ...createPrivateKey(openssl.plain).export({ format: "jwk" }), alg: "ES256" },
        ),
      ];
    }),
    refuses(
      "another_passphrase_for_a_key_by_hmac_sha1",
      rule,
      byOpenssl(openssl.byCipher["aes-256-cbc"], { passphrase: "incorrect horse" }),
      otherPassphrase,
    ),
    refuses(
      "a_key_by_hmac_sha1_that_names_hmac_sha256",
      rule,
      inDer(encrypted({ prf: "sha1", statedPrf: "sha256" })),
      otherPassphrase,
    ),
    refuses(
      "a_key_by_hmac_sha256_that_names_no_function",
      absent,
      inDer(encrypted({ prf: "sha256", statedPrf: "sha1" })),
      otherPassphrase,
    ),
    refuses("a_key_by_hmac_sha1_of_no_round", rule, inDer(encrypted({ prf: "sha1", statedRounds: 0 })), tooManyRounds),
    refuses(
      "a_key_that_openssl_encrypted_with_2000001_rounds_of_hmac_sha1",
      bound,
      byOpenssl(openssl.ofTooManyRounds),
      tooManyRounds,
    ),
    ...["des3", "des-cbc", "rc2-cbc"].map((cipher) =>
      refuses(
        `a_key_that_openssl_encrypted_with_${cipher.replace("-", "_")}`,
        `${rule}: AES alone`,
        byOpenssl(openssl.byCipher[cipher]),
        otherEncryption,
      ),
    ),
    refuses(
      "an_encrypted_key_by_hmac_sha224",
      `${rule}: nobody is known to write it`,
      inDer(encrypted({ prf: "sha224" })),
      otherEncryption,
    ),
    refuses(
      "an_encrypted_key_by_triple_des",
      `${rule}: AES alone`,
      inDer(encrypted({ cipher: "des-ede3-cbc" })),
      otherEncryption,
    ),
    refuses("a_key_encrypted_by_pbes1", `${rule}: PBES2 alone`, inDer(pbes1), otherEncryption),
    refuses(
      "a_key_by_triple_des_without_a_passphrase",
      rule,
      inDer(encrypted({ cipher: "des-ede3-cbc" }), without),
      isEncrypted,
    ),
    refuses("an_encrypted_der_without_a_passphrase", rule, inDer(encrypted(), without), isEncrypted),
    refuses("an_encrypted_pem_without_a_passphrase", rule, inPem(encrypted(), without), isEncrypted),
    refuses("a_passphrase_for_a_der_that_is_not_encrypted", rule, inDer(plain), notEncrypted),
    refuses("a_passphrase_for_a_pem_that_is_not_encrypted", rule, inPem(plain, {}, "PRIVATE KEY"), notEncrypted),
    refuses(
      "an_encrypted_key_of_another_kind",
      "RFC 8725 §3.1",
      inDer(encrypted(), { alg: "ES256" }),
      wrongKind("an Ed25519 private key", "ES256"),
    ),

    takes("the_key_of_a_certificate", certificateRule, fromPem(certificatePem), publicKey()),
    takes("the_key_of_a_certificate_in_der", certificateRule, fromDer(ownCertificate), publicKey()),
    takes("the_rsa_key_of_a_certificate", certificateRule, fromDer(rfcCertificate, "RS256"), publicKey("RS256")),
    takes(
      "the_rsa_key_of_a_certificate_in_pem",
      certificateRule,
      fromPem(pem("CERTIFICATE", rfcCertificate), "RS256"),
      publicKey("RS256"),
    ),
    takes("the_ec_key_of_a_certificate", certificateRule, fromDer(ecCertificate, "ES256"), publicKey("ES256")),
    takes(
      "the_ec_key_of_a_certificate_in_pem",
      certificateRule,
      fromPem(pem("CERTIFICATE", ecCertificate), "ES256"),
      publicKey("ES256"),
    ),
    answers(
      "exportJwk",
      "finds_the_key_in_the_certificate_of_rfc_7517_b",
      "RFC 7517 appendix B",
      fromDer(rfcCertificate, "RS256"),
      { kty: "RSA", n: certified7517.n, e: "AQAB", alg: "RS256" },
    ),
    takes("the_key_of_a_certificate_of_version_1", certificateRule, fromDer(versionOne()), publicKey()),
    refuses(
      "the_key_of_a_certificate_under_another_alg",
      "RFC 8725 §3.1",
      fromPem(certificatePem, "ES256"),
      wrongKind("an Ed25519 public key", "ES256"),
    ),
    refuses(
      "a_certificate_of_an_ill_formed_key",
      certificateRule,
      fromDer(certificate(ed25519.publicBytes.subarray(1), ed25519.sign)),
      shortPublic,
    ),
    refuses("a_certificate_as_a_key", certificateRule, { key: { pem: certificatePem, alg: "EdDSA" } }, isCertificate),
    refuses("two_certificates", "countersign: two blocks", fromPem(certificatePem + certificatePem), severalPems),
    refuses(
      "a_public_key_as_a_certificate",
      certificateRule,
      fromPem(pem("PUBLIC KEY", spki(ed25519.publicBytes))),
      notCertificatePem,
    ),
    refuses("text_as_a_certificate", certificateRule, fromPem("not a certificate"), noPem),
    refuses(
      "a_public_key_as_a_certificate_in_der",
      certificateRule,
      fromDer(spki(ed25519.publicBytes)),
      notCertificate,
    ),
    refuses(
      "a_certificate_with_a_byte_after_it",
      "X.690 §8.1",
      fromDer(Buffer.concat([ownCertificate, Buffer.alloc(1)])),
      notCertificate,
    ),
    refuses(
      "a_certificate_without_its_last_byte",
      "X.690 §8.1",
      fromDer(ownCertificate.subarray(0, -1)),
      notCertificate,
    ),
    refuses("an_empty_certificate", certificateRule, fromDer(Buffer.alloc(0)), notCertificate),
  ],
};

/** The same certificate without its version, which is then 1. */
function versionOne() {
  const algorithm = sequence(OID.ed25519);
  const [name, validity] = [sequence(), sequence(der(0x17, "260101000000Z"), der(0x17, "360101000000Z"))];
  const serial = der(0x02, [1]);
  const tbs = sequence(serial, algorithm, name, validity, name, spki(ed25519.publicBytes));
  return sequence(tbs, algorithm, der(0x03, [0], ed25519.sign(tbs)));
}
