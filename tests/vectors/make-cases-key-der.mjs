// Ed25519 keys in DER: PKCS#8 and SPKI, and what is neither.

import { createPrivateKey } from "node:crypto";
import {
  bitString,
  certificate,
  der,
  integer,
  NULL,
  OID,
  octetString,
  pem,
  pkcs8,
  sequence,
  spki,
} from "./make-asn1.mjs";
import {
  hasParameters,
  isCertificate,
  isKeystore,
  isPkcs12,
  noForm,
  noSeed,
  onlyForSecrets,
  partsDiffer,
  shortPrivate,
  shortPublic,
  wrongKind,
} from "./make-errors.mjs";
import { PKCS8, PKCS8_V2, pemKey, privateKey, publicKey, publicPem, refuses, SPKI, takes } from "./make-import-key.mjs";
import { p256of7515, p256of7515Private, rsa7515 } from "./make-keys-rfc.mjs";
import { base64url, bytesOf, ed25519, other25519 } from "./make-material.mjs";

const { seed, publicBytes } = ed25519;
const derKey = (bytes, more = {}) => ({ key: { der: base64url(bytes), alg: "EdDSA", ...more } });

const pkcs8Rule = "RFC 5958 §2, RFC 8410 §7";
const spkiRule = "RFC 8410 §4";
const pointRule = "RFC 8032 §5.1.3";
const kinds = "RFC 8725 §3.1: a key of another kind";

const p256Point = Buffer.concat([
  Buffer.from([4]),
  ...[p256of7515.x, p256of7515.y].map((part) => Buffer.from(part, "base64url")),
]);
const ecAlgorithm = sequence(OID.ecPublicKey, OID.p256);
const rsaPublic = sequence(integer(Buffer.from(rsa7515.n, "base64url")), integer(Buffer.from(rsa7515.e, "base64url")));
const ecPrivate = createPrivateKey({ key: p256of7515Private, format: "jwk" }).export({ format: "der", type: "pkcs8" });
const OTHER_KINDS = {
  an_ec_public_key: [spki(p256Point, ecAlgorithm), "a P-256 public key"],
  an_ec_private_key: [ecPrivate, "a P-256 private key"],
  an_rsa_public_key: [spki(rsaPublic, sequence(OID.rsa, NULL)), "an RSA public key"],
  an_rsa_public_key_in_pkcs1: [rsaPublic, "an RSA public key", "RSA PUBLIC KEY"],
  an_x25519_public_key: [spki(publicBytes, sequence(OID.x25519)), "an X25519 key"],
  an_x25519_private_key: [pkcs8(seed, { algorithm: sequence(OID.x25519) }), "an X25519 key"],
  an_ed448_public_key: [spki(bytesOf("ed448", 57), sequence(OID.ed448)), "an Ed448 key"],
  an_ed448_private_key: [pkcs8(bytesOf("ed448", 57), { algorithm: sequence(OID.ed448) }), "an Ed448 key"],
};

export default {
  description: "Ed25519 keys as PKCS#8 and SPKI in DER.",
  cases: [
    takes("an_spki_document", spkiRule, derKey(SPKI), publicKey),
    takes("a_pkcs8_document", pkcs8Rule, derKey(PKCS8), privateKey),
    takes("a_pkcs8_document_with_its_public_key", pkcs8Rule, derKey(PKCS8_V2), privateKey),
    takes(
      "a_pkcs8_document_with_attributes",
      pkcs8Rule,
      derKey(pkcs8(seed, { attributes: sequence(OID.commonName, der(0x31, der(0x0c, "x"))) })),
      privateKey,
    ),
    takes("a_der_key_under_the_name_ed25519", "RFC 9864 §2.2", derKey(SPKI, { alg: "Ed25519" }), {
      ...publicKey,
      alg: "Ed25519",
    }),
    takes("a_der_key_with_a_kid", "RFC 7515 §4.1.4", derKey(PKCS8, { kid: "k1" }), { ...privateKey, kid: "k1" }),
    takes(
      "the_public_half_of_a_private_key",
      "RFC 8032 §5.1.5",
      { ...derKey(PKCS8, { kid: "k1" }), as: "public" },
      { ...publicKey, kid: "k1" },
    ),
    takes("the_public_half_of_a_public_key", "RFC 8032 §5.1.5", { ...derKey(SPKI), as: "public" }, publicKey),
    refuses(
      "a_pkcs8_document_with_the_public_key_of_another",
      "RUSTSEC-2022-0093",
      derKey(pkcs8(seed, { publicKey: other25519.publicBytes })),
      partsDiffer,
    ),
    refuses(
      "a_pkcs8_document_with_a_public_key_of_31_bytes",
      pkcs8Rule,
      derKey(pkcs8(seed, { publicKey: publicBytes.subarray(1) })),
      partsDiffer,
    ),
    refuses("a_pkcs8_document_of_version_2", pkcs8Rule, derKey(pkcs8(seed, { version: 2 })), noForm),
    refuses("a_private_key_of_31_bytes", "RFC 8032 §5.1.5", derKey(pkcs8(seed.subarray(1))), shortPrivate),
    refuses(
      "a_private_key_of_33_bytes",
      "RFC 8032 §5.1.5",
      derKey(pkcs8(Buffer.concat([seed, Buffer.alloc(1)]))),
      shortPrivate,
    ),
    refuses(
      "a_private_key_of_64_bytes",
      "RFC 8410 §7: the seed alone",
      derKey(pkcs8(Buffer.concat([seed, publicBytes]))),
      shortPrivate,
    ),
    refuses("an_empty_private_key", "RFC 8032 §5.1.5", derKey(pkcs8(Buffer.alloc(0))), shortPrivate),
    refuses(
      "a_private_key_without_its_inner_octet_string",
      "RFC 8410 §7",
      derKey(sequence(integer(Buffer.alloc(1)), sequence(OID.ed25519), octetString(seed))),
      noSeed,
    ),
    refuses("a_public_key_of_31_bytes", pointRule, derKey(spki(publicBytes.subarray(1))), shortPublic),
    refuses(
      "a_public_key_of_33_bytes",
      pointRule,
      derKey(spki(Buffer.concat([publicBytes, Buffer.alloc(1)]))),
      shortPublic,
    ),
    refuses("an_empty_public_key", pointRule, derKey(spki(Buffer.alloc(0))), shortPublic),
    refuses(
      "a_public_key_with_unused_bits",
      spkiRule,
      derKey(sequence(sequence(OID.ed25519), bitString(Buffer.concat([publicBytes, Buffer.alloc(1)]), 7))),
      noForm,
    ),
    refuses(
      "an_spki_document_with_parameters",
      "RFC 8410 §3: parameters are absent",
      derKey(spki(publicBytes, sequence(OID.ed25519, NULL))),
      hasParameters,
    ),
    refuses(
      "a_pkcs8_document_with_parameters",
      "RFC 8410 §3: parameters are absent",
      derKey(pkcs8(seed, { algorithm: sequence(OID.ed25519, NULL) })),
      hasParameters,
    ),
    refuses(
      "an_spki_document_with_a_byte_after_it",
      "X.690 §8.1",
      derKey(Buffer.concat([SPKI, Buffer.alloc(1)])),
      noForm,
    ),
    refuses(
      "a_pkcs8_document_with_a_byte_after_it",
      "X.690 §8.1",
      derKey(Buffer.concat([PKCS8, Buffer.alloc(1)])),
      noForm,
    ),
    refuses("an_spki_document_without_its_last_byte", "X.690 §8.1", derKey(SPKI.subarray(0, -1)), noForm),
    refuses(
      "an_spki_document_with_a_long_length",
      "X.690 §10.1: DER has one length",
      derKey(Buffer.concat([Buffer.from([0x30, 0x81]), SPKI.subarray(1)])),
      noForm,
    ),
    ...Object.entries({
      pkcs12_of_unknown_length: Buffer.from("30800201033080", "hex"),
      pkcs12_of_128_bytes: sequence(integer(Buffer.of(3)), octetString(Buffer.alloc(140))),
      pkcs12_of_256_bytes: sequence(integer(Buffer.of(3)), octetString(Buffer.alloc(300))),
    }).map(([name, bytes]) => refuses(`a_${name}_file`, "RFC 7292 §4", derKey(bytes), isPkcs12)),
    ...["feedfeed", "cececece"].map((magic) =>
      refuses(`a_java_keystore_of_${magic}`, "OpenJDK", derKey(Buffer.from(`${magic}00000002`, "hex")), isKeystore),
    ),
    refuses(
      "a_sequence_of_version_4",
      "RFC 7292 §4",
      derKey(sequence(integer(Buffer.of(4)), octetString(seed))),
      noForm,
    ),
    refuses("half_the_mark_of_a_keystore", "OpenJDK", derKey(Buffer.from("feedfe", "hex")), noForm),
    refuses("an_empty_der_key", "X.690 §8.1", derKey(Buffer.alloc(0)), noForm),
    refuses("the_raw_bytes_of_a_public_key_as_der", spkiRule, derKey(publicBytes), noForm),
    refuses("a_pem_given_as_der", spkiRule, derKey(Buffer.from(publicPem)), noForm),
    refuses("a_certificate_as_der", "RFC 5280 §4.1", derKey(certificate(publicBytes, ed25519.sign)), isCertificate),
    ...Object.entries(OTHER_KINDS).flatMap(
      ([name, [bytes, found, label = name.includes("private") ? "PRIVATE KEY" : "PUBLIC KEY"]]) => [
        refuses(`${name}_as_der_under_eddsa`, kinds, derKey(bytes), wrongKind(found, "EdDSA")),
        refuses(
          `${name}_as_pem_under_ed25519`,
          kinds,
          pemKey(pem(label, bytes), { alg: "Ed25519" }),
          wrongKind(found, "Ed25519"),
        ),
      ],
    ),
    refuses(
      "an_spki_document_under_hs256",
      "CVE-2016-10555: alg confusion",
      derKey(SPKI, { alg: "HS256" }),
      wrongKind("an Ed25519 public key", "HS256"),
    ),
    refuses(
      "a_pkcs8_document_under_hs512",
      kinds,
      derKey(PKCS8, { alg: "HS512" }),
      wrongKind("an Ed25519 private key", "HS512"),
    ),
    refuses(
      "a_pem_under_hs256",
      "CVE-2016-10555: alg confusion",
      pemKey(publicPem, { alg: "HS256" }),
      wrongKind("an Ed25519 public key", "HS256"),
    ),
    refuses(
      "allow_short_for_a_der_key",
      "countersign: allowShort is for secrets",
      derKey(SPKI, { allowShort: true }),
      onlyForSecrets,
    ),
    refuses(
      "allow_short_for_a_pem_key",
      "countersign: allowShort is for secrets",
      pemKey(publicPem, { allowShort: false }),
      onlyForSecrets,
    ),
  ],
};
