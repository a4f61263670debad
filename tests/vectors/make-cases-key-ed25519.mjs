// Ed25519 keys in DER and PEM: what is read, what is written, and the points that are no keys.

import { createPrivateKey } from "node:crypto";
import { bitString, certificate, der, integer, NULL, octetString, OID, pem, pkcs8, sequence, spki } from "./make-asn1.mjs";
import { answers, fails } from "./make-compact.mjs";
import { BASE, encode, IDENTITY, littleEndian, multiply, NO_POINT_Y, P, SMALL_Y, TORSION } from "./make-curve.mjs";
import {
  badPem,
  certificatePem,
  encryptedPem,
  hasParameters,
  noPem,
  noPemForm,
  noPrivateHalf,
  noSeed,
  notAPoint,
  notPkcs8OrSpki,
  onlyForSecrets,
  otherPem,
  partsDiffer,
  severalPems,
  shortPrivate,
  shortPublic,
  smallOrder,
  wrongKind,
} from "./make-errors.mjs";
import { base64url, bytesOf, ed25519, hs256, other25519, p256Jwk, p256PrivateJwk, rsaJwk } from "./make-material.mjs";

const { seed, publicBytes } = ed25519;
const derKey = (bytes, more = {}) => ({ key: { der: base64url(bytes), alg: "EdDSA", ...more } });
const pemKey = (text, more = {}) => ({ key: { pem: text, alg: "EdDSA", ...more } });
const publicKey = { alg: "EdDSA", kid: null, type: "public" };
const privateKey = { alg: "EdDSA", kid: null, type: "private" };
const takes = (name, ...rest) => answers("importKey", `takes_${name}`, ...rest);
const refuses = (name, ...rest) => fails("importKey", `refuses_${name}`, ...rest);

const pkcs8Rule = "RFC 5958 §2, RFC 8410 §7";
const spkiRule = "RFC 8410 §4";
const pemRule = "RFC 7468 §2";
const pointRule = "RFC 8032 §5.1.3";
const weak = "countersign: a key of small order, under which one signature fits many messages";
const kinds = "RFC 8725 §3.1: a key of another kind";

const SPKI = spki(publicBytes);
const PKCS8 = pkcs8(seed);
const PKCS8_V2 = pkcs8(seed, { publicKey: publicBytes });
const publicPem = pem("PUBLIC KEY", SPKI);
const privatePem = pem("PRIVATE KEY", PKCS8);

const p256Point = Buffer.concat([Buffer.from([4]), ...[p256Jwk.x, p256Jwk.y].map((part) => Buffer.from(part, "base64url"))]);
const ecAlgorithm = sequence(OID.ecPublicKey, OID.p256);
const rsaPublic = sequence(integer(Buffer.from(rsaJwk.n, "base64url")), integer(Buffer.from(rsaJwk.e, "base64url")));
const ecPrivate = createPrivateKey({ key: p256PrivateJwk, format: "jwk" }).export({ format: "der", type: "pkcs8" });
const OTHER_KINDS = {
  an_ec_public_key: [spki(p256Point, ecAlgorithm), "an EC key"],
  an_ec_private_key: [ecPrivate, "an EC key"],
  an_rsa_public_key: [spki(rsaPublic, sequence(OID.rsa, NULL)), "an RSA key"],
  an_x25519_public_key: [spki(publicBytes, sequence(OID.x25519)), "an X25519 key"],
  an_x25519_private_key: [pkcs8(seed, { algorithm: sequence(OID.x25519) }), "an X25519 key"],
  an_ed448_public_key: [spki(bytesOf("ed448", 57), sequence(OID.ed448)), "an Ed448 key"],
  an_ed448_private_key: [pkcs8(bytesOf("ed448", 57), { algorithm: sequence(OID.ed448) }), "an Ed448 key"],
};

/** A PBES2 shell around nothing: only its form is looked at. */
const encrypted = sequence(
  sequence(der(0x06, [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d]), sequence(sequence(), sequence())),
  octetString(bytesOf("encrypted", 64)),
);

/** The encodings of points of small order, the two y above p among them; all 14 are in libsodium's list or follow it. */
const SMALL_ORDER = {
  the_identity: encode(IDENTITY),
  order_2: encode(multiply(4n, TORSION)),
  order_4: encode(multiply(2n, TORSION)),
  order_4_with_a_sign: encode(multiply(6n, TORSION)),
  order_8: encode(TORSION),
  order_8_with_a_sign: encode(multiply(7n, TORSION)),
  order_8_the_third: encode(multiply(3n, TORSION)),
  order_8_the_fourth: encode(multiply(5n, TORSION)),
};
const NOT_CANONICAL = {
  the_identity_above_p: encode(IDENTITY, { above: true }),
  the_identity_with_a_sign: encode(IDENTITY, { flipSign: true }),
  order_2_with_a_sign: encode(multiply(4n, TORSION), { flipSign: true }),
  order_4_above_p: encode(multiply(2n, TORSION), { above: true }),
  a_point_above_p: encode(SMALL_Y, { above: true }),
  a_point_above_p_with_a_sign: encode(SMALL_Y, { above: true, flipSign: true }),
  a_y_without_a_point: littleEndian(NO_POINT_Y),
  a_y_of_all_ones: Buffer.alloc(32, 255),
  a_y_of_p_plus_a_y_without_a_point: littleEndian(P + NO_POINT_Y),
};

export default {
  description: "Ed25519 keys as PKCS#8 and SPKI, in DER and PEM, and the points that are no keys.",
  cases: [
    takes("an_spki_document", spkiRule, derKey(SPKI), publicKey),
    takes("a_pkcs8_document", pkcs8Rule, derKey(PKCS8), privateKey),
    takes("a_pkcs8_document_with_its_public_key", pkcs8Rule, derKey(PKCS8_V2), privateKey),
    takes("a_pkcs8_document_with_attributes", pkcs8Rule, derKey(pkcs8(seed, { attributes: sequence(OID.commonName, der(0x31, der(0x0c, "x"))) })), privateKey),
    takes("a_der_key_under_the_name_ed25519", "RFC 9864 §2.2", derKey(SPKI, { alg: "Ed25519" }), { ...publicKey, alg: "Ed25519" }),
    takes("a_der_key_with_a_kid", "RFC 7515 §4.1.4", derKey(PKCS8, { kid: "k1" }), { ...privateKey, kid: "k1" }),
    takes("the_public_half_of_a_private_key", "RFC 8032 §5.1.5", { ...derKey(PKCS8, { kid: "k1" }), as: "public" }, { ...publicKey, kid: "k1" }),
    takes("the_public_half_of_a_public_key", "RFC 8032 §5.1.5", { ...derKey(SPKI), as: "public" }, publicKey),
    refuses("a_pkcs8_document_with_the_public_key_of_another", "RUSTSEC-2022-0093", derKey(pkcs8(seed, { publicKey: other25519.publicBytes })), partsDiffer),
    refuses("a_pkcs8_document_with_a_public_key_of_31_bytes", pkcs8Rule, derKey(pkcs8(seed, { publicKey: publicBytes.subarray(1) })), partsDiffer),
    refuses("a_pkcs8_document_of_version_2", pkcs8Rule, derKey(pkcs8(seed, { version: 2 })), notPkcs8OrSpki),
    refuses("a_private_key_of_31_bytes", "RFC 8032 §5.1.5", derKey(pkcs8(seed.subarray(1))), shortPrivate),
    refuses("a_private_key_of_33_bytes", "RFC 8032 §5.1.5", derKey(pkcs8(Buffer.concat([seed, Buffer.alloc(1)]))), shortPrivate),
    refuses("a_private_key_of_64_bytes", "RFC 8410 §7: the seed alone", derKey(pkcs8(Buffer.concat([seed, publicBytes]))), shortPrivate),
    refuses("an_empty_private_key", "RFC 8032 §5.1.5", derKey(pkcs8(Buffer.alloc(0))), shortPrivate),
    refuses("a_private_key_without_its_inner_octet_string", "RFC 8410 §7", derKey(sequence(integer(Buffer.alloc(1)), sequence(OID.ed25519), octetString(seed))), noSeed),
    refuses("a_public_key_of_31_bytes", pointRule, derKey(spki(publicBytes.subarray(1))), shortPublic),
    refuses("a_public_key_of_33_bytes", pointRule, derKey(spki(Buffer.concat([publicBytes, Buffer.alloc(1)]))), shortPublic),
    refuses("an_empty_public_key", pointRule, derKey(spki(Buffer.alloc(0))), shortPublic),
    refuses("a_public_key_with_unused_bits", spkiRule, derKey(sequence(sequence(OID.ed25519), bitString(Buffer.concat([publicBytes, Buffer.alloc(1)]), 7))), shortPublic),
    refuses("an_spki_document_with_parameters", "RFC 8410 §3: parameters are absent", derKey(spki(publicBytes, sequence(OID.ed25519, NULL))), hasParameters),
    refuses("a_pkcs8_document_with_parameters", "RFC 8410 §3: parameters are absent", derKey(pkcs8(seed, { algorithm: sequence(OID.ed25519, NULL) })), hasParameters),
    refuses("an_spki_document_with_a_byte_after_it", "X.690 §8.1", derKey(Buffer.concat([SPKI, Buffer.alloc(1)])), notPkcs8OrSpki),
    refuses("a_pkcs8_document_with_a_byte_after_it", "X.690 §8.1", derKey(Buffer.concat([PKCS8, Buffer.alloc(1)])), notPkcs8OrSpki),
    refuses("an_spki_document_without_its_last_byte", "X.690 §8.1", derKey(SPKI.subarray(0, -1)), notPkcs8OrSpki),
    refuses("an_spki_document_with_a_long_length", "X.690 §10.1: DER has one length", derKey(Buffer.concat([Buffer.from([0x30, 0x81]), SPKI.subarray(1)])), notPkcs8OrSpki),
    refuses("an_empty_der_key", "X.690 §8.1", derKey(Buffer.alloc(0)), notPkcs8OrSpki),
    refuses("the_raw_bytes_of_a_public_key_as_der", spkiRule, derKey(publicBytes), notPkcs8OrSpki),
    refuses("a_pem_given_as_der", spkiRule, derKey(Buffer.from(publicPem)), notPkcs8OrSpki),
    refuses("a_certificate_as_der", "RFC 5280 §4.1", derKey(certificate(publicBytes, ed25519.sign)), notPkcs8OrSpki),
    refuses("an_rsa_key_in_pkcs1_as_der", "RFC 8017 A.1.1", derKey(rsaPublic), notPkcs8OrSpki),
    refuses("an_encrypted_private_key_as_der", "RFC 5958 §3", derKey(encrypted), notPkcs8OrSpki),
    ...Object.entries(OTHER_KINDS).flatMap(([name, [bytes, found]]) => [
      refuses(`${name}_as_der_under_eddsa`, kinds, derKey(bytes), wrongKind(found, "EdDSA")),
      refuses(`${name}_as_pem_under_ed25519`, kinds, pemKey(pem(name.includes("private") ? "PRIVATE KEY" : "PUBLIC KEY", bytes), { alg: "Ed25519" }), wrongKind(found, "Ed25519")),
    ]),
    refuses("an_spki_document_under_hs256", "CVE-2016-10555: alg confusion", derKey(SPKI, { alg: "HS256" }), wrongKind("a key pair's file", "HS256")),
    refuses("a_pkcs8_document_under_hs512", kinds, derKey(PKCS8, { alg: "HS512" }), wrongKind("a key pair's file", "HS512")),
    refuses("a_pem_under_hs256", "CVE-2016-10555: alg confusion", pemKey(publicPem, { alg: "HS256" }), wrongKind("a key pair's file", "HS256")),
    refuses("allow_short_for_a_der_key", "countersign: allowShort is for secrets", derKey(SPKI, { allowShort: true }), onlyForSecrets),
    refuses("allow_short_for_a_pem_key", "countersign: allowShort is for secrets", pemKey(publicPem, { allowShort: false }), onlyForSecrets),

    ...Object.entries(SMALL_ORDER).map(([name, bytes]) => refuses(`a_public_key_that_is_${name}`, weak, derKey(spki(bytes)), smallOrder)),
    ...Object.entries(NOT_CANONICAL).map(([name, bytes]) => refuses(`a_public_key_that_is_${name}`, `${pointRule}: y < p, x = 0 has no sign`, derKey(spki(bytes)), notAPoint)),
    takes("a_public_key_whose_point_has_a_small_y", pointRule, derKey(spki(encode(SMALL_Y))), publicKey),
    takes("the_base_point_as_a_public_key", `${pointRule}: the key of the scalar 1`, derKey(spki(encode(BASE))), publicKey),

    takes("a_public_pem", pemRule, pemKey(publicPem), publicKey),
    takes("a_private_pem", pemRule, pemKey(privatePem), privateKey),
    takes("a_private_pem_with_its_public_key", pkcs8Rule, pemKey(pem("PRIVATE KEY", PKCS8_V2)), privateKey),
    takes("a_pem_with_windows_lines", pemRule, pemKey(privatePem.replaceAll("\n", "\r\n")), privateKey),
    takes("a_pem_without_its_last_line_feed", pemRule, pemKey(publicPem.trimEnd()), publicKey),
    takes("a_pem_with_empty_lines_after_it", pemRule, pemKey(`${publicPem}\n\n`), publicKey),
    takes("a_pem_with_empty_lines_before_it", pemRule, pemKey(`\n\n${publicPem}`), publicKey),
    takes("a_pem_with_text_before_it", `${pemRule}: text before the block`, pemKey(`Subject: the login's key\n${publicPem}`), publicKey),
    takes("a_pem_with_a_kid", "RFC 7515 §4.1.4", pemKey(publicPem, { kid: "k1" }), { ...publicKey, kid: "k1" }),
    refuses("two_pem_blocks", "countersign: two blocks leave open which is meant", pemKey(publicPem + publicPem), severalPems),
    refuses("a_private_and_a_public_pem_block", "countersign: two blocks leave open which is meant", pemKey(privatePem + publicPem), severalPems),
    refuses("an_empty_pem", pemRule, pemKey(""), noPem),
    refuses("text_that_is_no_pem", pemRule, pemKey("not a key"), noPem),
    refuses("the_base64_of_a_pem_without_its_lines", pemRule, pemKey(SPKI.toString("base64")), noPem),
    refuses("a_jwk_as_a_pem", pemRule, pemKey(JSON.stringify(ed25519.jwk)), noPem),
    refuses("a_pem_without_its_end", pemRule, pemKey(publicPem.slice(0, publicPem.indexOf("-----END"))), badPem),
    refuses("a_pem_whose_labels_differ", pemRule, pemKey(publicPem.replace("END PUBLIC", "END PRIVATE")), badPem),
    refuses("a_pem_with_a_letter_outside_base64", pemRule, pemKey(publicPem.replace("\nMC", "\nM*")), badPem),
    refuses("a_pem_with_loose_bits", "RFC 4648 §3.5", pemKey(publicPem.replace(/.(?==\n-----END)/, looser)), badPem),
    refuses("a_pem_with_headers", "RFC 7468 §2: no RFC 1421 headers", pemKey(publicPem.replace("-----\n", "-----\nProc-Type: 4,ENCRYPTED\n\n")), badPem),
    refuses("a_pem_with_a_der_byte_too_many", "X.690 §8.1", pemKey(pem("PUBLIC KEY", Buffer.concat([SPKI, Buffer.alloc(1)]))), notPkcs8OrSpki),
    refuses("an_spki_document_labelled_private", "RFC 7468 §10", pemKey(pem("PRIVATE KEY", SPKI)), notPkcs8OrSpki),
    refuses("a_pkcs8_document_labelled_public", "RFC 7468 §13", pemKey(pem("PUBLIC KEY", PKCS8)), notPkcs8OrSpki),
    refuses("an_encrypted_private_pem", "RFC 7468 §11", pemKey(pem("ENCRYPTED PRIVATE KEY", encrypted)), encryptedPem),
    refuses("a_certificate_as_pem", "RFC 7468 §5", pemKey(pem("CERTIFICATE", certificate(publicBytes, ed25519.sign))), certificatePem),
    refuses("an_rsa_private_key_as_pem", kinds, pemKey(pem("RSA PRIVATE KEY", rsaPublic)), wrongKind("an RSA key", "EdDSA")),
    refuses("an_rsa_public_key_as_pem", kinds, pemKey(pem("RSA PUBLIC KEY", rsaPublic)), wrongKind("an RSA key", "EdDSA")),
    refuses("an_ec_private_key_as_pem", kinds, pemKey(pem("EC PRIVATE KEY", p256Point)), wrongKind("an EC key", "EdDSA")),
    refuses("an_openssh_private_key_as_pem", kinds, pemKey(pem("OPENSSH PRIVATE KEY", Buffer.from("openssh-key-v1\0"))), otherPem),
    refuses("a_pem_label_in_lower_case", pemRule, pemKey(publicPem.replaceAll("PUBLIC KEY", "public key")), otherPem),

    answers("exportPem", "writes_a_public_pem", spkiRule, derKey(SPKI), publicPem),
    answers("exportPem", "writes_the_public_pem_of_a_private_key", spkiRule, derKey(PKCS8), publicPem),
    answers("exportPem", "writes_the_public_pem_of_a_private_key_when_told_so", spkiRule, { ...derKey(PKCS8), private: false }, publicPem),
    answers("exportPem", "writes_a_private_pem", pkcs8Rule, { ...derKey(PKCS8), private: true }, privatePem),
    answers("exportPem", "writes_a_private_pem_without_the_public_key_it_came_with", pkcs8Rule, { ...derKey(PKCS8_V2), private: true }, privatePem),
    fails("exportPem", "refuses_the_private_pem_of_a_public_key", pkcs8Rule, { ...derKey(SPKI), private: true }, noPrivateHalf),
    fails("exportPem", "refuses_the_pem_of_a_secret", "RFC 7468 has no form for secrets", { key: hs256.spec }, noPemForm),
    fails("exportPem", "refuses_the_private_pem_of_a_secret", "RFC 7468 has no form for secrets", { key: hs256.spec, private: true }, noPemForm),
  ],
};

/** The next letter of the alphabet: bits that stand for nothing are set. */
function looser(letter) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  return alphabet[alphabet.indexOf(letter) + 1];
}
