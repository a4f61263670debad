// EC keys as SPKI, PKCS#8 and SEC 1, in DER and PEM.

import { bitString, der, integer, NULL, OID, octetString, pem, pkcs8, sequence, spki } from "./make-asn1.mjs";
import { answers } from "./make-compact.mjs";
import {
  ecExplicit,
  ecNoCurve,
  ecPrivateLength,
  ecPrivateRange,
  holdsNone,
  noForm,
  noPem,
  noPointOf,
  notPkcs8,
  notSec1,
  notSpki,
  otherPem,
  partsDiffer,
  pointCompressed,
  pointForm,
  sec1NoCurve,
  severalPems,
  wrongKind,
} from "./make-errors.mjs";
import { refuses, takes } from "./make-import-key.mjs";
import { ecKeys, es256, es384, otherEcKeys } from "./make-keys.mjs";
import { base64url, ed25519 } from "./make-material.mjs";
import { bytes, compressed, ecKey, SECP256K1, uncompressed } from "./make-weierstrass.mjs";

const derKey = (document, alg = "ES256") => ({ key: { der: base64url(document), alg } });
const pemKey = (text, alg = "ES256") => ({ key: { pem: text, alg } });

const spkiRule = "RFC 5480 §2";
const pointRule = "RFC 5480 §2.2, SEC 1 §2.3.4";
const sec1Rule = "RFC 5915 §3";
const pkcs8Rule = "RFC 5958 §2, RFC 5915 §3";
const curveRule = "RFC 5480 §2.1.1.1: named curves only";
const kinds = "RFC 8725 §3.1: a key of another kind";

const CURVES = { "P-256": OID.p256, "P-384": OID.p384, "P-521": OID.p521, secp256k1: OID.secp256k1 };
const algorithm = ({ crv }) => sequence(OID.ecPublicKey, CURVES[crv]);
const pointOf = ({ curve, point }) => uncompressed(curve, point);
const publicDocument = (key, point = pointOf(key)) => spki(point, algorithm(key.curve));

/** ECPrivateKey, by default with its curve and its public key. */
function sec1(key, changes = {}) {
  const {
    version = 1,
    number = bytes(key.d, key.curve.length),
    curve = CURVES[key.curve.crv],
    point = pointOf(key),
  } = changes;
  return sequence(
    integer(Buffer.from([version])),
    octetString(number),
    ...(curve === null ? [] : [der(0xa0, curve)]),
    ...(point === null ? [] : [der(0xa1, bitString(point))]),
  );
}
const inPkcs8 = (key, changes = {}, more = {}) =>
  pkcs8(undefined, { inner: sec1(key, { curve: null, ...changes }), algorithm: algorithm(key.curve), ...more });

const perCurve = ecKeys.flatMap((key, index) => {
  const { alg, curve, point, jwk, privateJwk } = key;
  const name = alg.toLowerCase();
  const as = (type) => ({ alg, kid: null, type });
  const other = otherEcKeys[index];
  const exported = { ...jwk, alg };
  return [
    takes(`a_${name}_spki_document`, spkiRule, derKey(publicDocument(key), alg), as("public")),
    takes(`a_${name}_public_pem`, "RFC 7468 §13", pemKey(pem("PUBLIC KEY", publicDocument(key)), alg), as("public")),
    answers(
      "exportJwk",
      `reads_the_point_of_a_${name}_spki_document`,
      pointRule,
      derKey(publicDocument(key), alg),
      exported,
    ),
    refuses(
      `the_compressed_point_of_a_${name}_spki_document`,
      "RFC 5480 §2.2: compressed points are optional, and not taken here",
      derKey(publicDocument(key, compressed(curve, point)), alg),
      pointCompressed,
    ),
    ...[6, 7].map((form) =>
      refuses(
        `a_${name}_point_in_hybrid_form_${form}`,
        "RFC 5480 §2.2: must not be used",
        derKey(publicDocument(key, Buffer.concat([Buffer.from([form]), pointOf(key).subarray(1)])), alg),
        pointForm,
      ),
    ),
    refuses(`the_${name}_point_at_infinity`, pointRule, derKey(publicDocument(key, Buffer.alloc(1)), alg), pointForm),
    refuses(`an_empty_${name}_point`, pointRule, derKey(publicDocument(key, Buffer.alloc(0)), alg), pointForm),
    refuses(
      `a_${name}_point_a_byte_short`,
      pointRule,
      derKey(publicDocument(key, pointOf(key).subarray(0, -1)), alg),
      noPointOf(curve.crv),
    ),
    refuses(
      `a_${name}_point_a_byte_long`,
      pointRule,
      derKey(publicDocument(key, Buffer.concat([pointOf(key), Buffer.alloc(1)])), alg),
      noPointOf(curve.crv),
    ),
    refuses(
      `a_${name}_point_off_the_curve`,
      "RFC 8725 §3.4: invalid curve attacks",
      derKey(publicDocument(key, uncompressed(curve, { x: point.x, y: point.y ^ 1n })), alg),
      noPointOf(curve.crv),
    ),

    takes(`a_${name}_pkcs8_document`, pkcs8Rule, derKey(inPkcs8(key), alg), as("private")),
    takes(`a_${name}_private_pem`, "RFC 7468 §10", pemKey(pem("PRIVATE KEY", inPkcs8(key)), alg), as("private")),
    takes(
      `a_${name}_pkcs8_document_without_its_public_key`,
      pkcs8Rule,
      derKey(inPkcs8(key, { point: null }), alg),
      as("private"),
    ),
    takes(
      `a_${name}_pkcs8_document_with_its_curve_twice`,
      pkcs8Rule,
      derKey(inPkcs8(key, { curve: CURVES[curve.crv] }), alg),
      as("private"),
    ),
    refuses(
      `a_${name}_pkcs8_document_with_a_compressed_public_key`,
      pkcs8Rule,
      derKey(inPkcs8(key, { point: compressed(curve, point) }), alg),
      pointCompressed,
    ),
    takes(
      `a_${name}_pkcs8_document_of_version_2`,
      "RFC 5958 §2",
      derKey(inPkcs8(key, {}, { publicKey: pointOf(key) }), alg),
      as("private"),
    ),
    refuses(
      `a_${name}_pkcs8_document_of_version_2_with_the_public_key_of_another`,
      "RFC 5958 §2",
      derKey(inPkcs8(key, {}, { publicKey: pointOf(other) }), alg),
      partsDiffer,
    ),
    refuses(
      `a_${name}_pkcs8_document_with_the_public_key_of_another`,
      sec1Rule,
      derKey(inPkcs8(key, { point: pointOf(other) }), alg),
      partsDiffer,
    ),
    answers(
      "exportJwk",
      `reads_the_number_of_a_${name}_pkcs8_document`,
      pkcs8Rule,
      { ...derKey(inPkcs8(key, { point: null }), alg), private: true },
      { ...privateJwk, alg },
    ),

    takes(`a_${name}_sec1_document`, sec1Rule, derKey(sec1(key), alg), as("private")),
    takes(`a_${name}_sec1_pem`, sec1Rule, pemKey(pem("EC PRIVATE KEY", sec1(key)), alg), as("private")),
    takes(
      `a_${name}_sec1_document_without_its_public_key`,
      sec1Rule,
      derKey(sec1(key, { point: null }), alg),
      as("private"),
    ),
    refuses(
      `a_${name}_sec1_document_without_its_curve`,
      sec1Rule,
      derKey(sec1(key, { curve: null }), alg),
      sec1NoCurve,
    ),
    refuses(
      `a_${name}_sec1_document_with_the_public_key_of_another`,
      sec1Rule,
      derKey(sec1(key, { point: pointOf(other) }), alg),
      partsDiffer,
    ),
    takes(
      `a_${name}_sec1_document_with_a_number_a_byte_short`,
      "countersign: some software writes the number as an integer; the public key is the check",
      derKey(sec1(ecKey("one", curve, 1n), { number: bytes(1n, curve.length - 1) }), alg),
      as("private"),
    ),
    refuses(
      `a_${name}_sec1_document_with_a_number_a_byte_short_and_no_point`,
      `${sec1Rule}: the number is as long as the order`,
      derKey(sec1(ecKey("one", curve, 1n), { number: bytes(1n, curve.length - 1), point: null }), alg),
      ecPrivateLength(curve.crv),
    ),
    refuses(
      `a_${name}_sec1_document_with_the_number_0`,
      sec1Rule,
      derKey(sec1(key, { number: Buffer.alloc(curve.length), point: null }), alg),
      ecPrivateRange(curve.crv),
    ),
    refuses(
      `a_${name}_sec1_document_with_the_number_n`,
      sec1Rule,
      derKey(sec1(key, { number: bytes(curve.n, curve.length), point: null }), alg),
      ecPrivateRange(curve.crv),
    ),
  ];
});

const secp256k1 = ecKey("secp256k1", SECP256K1, 7n);
const notOurs = wrongKind("a secp256k1 key", "ES256");
/** ECParameters written out: a field and its prime are enough, because the reader ignores them. */
const explicit = sequence(integer(Buffer.from([1])), sequence(OID.primeField, integer(bytes(es256.curve.p, 32))));
const ownAlgorithm = (parameters) => spki(pointOf(es256), sequence(OID.ecPublicKey, ...parameters));
const privatePem = pem("EC PRIVATE KEY", sec1(es256));
const curvePem = pem("EC PARAMETERS", OID.p256);
const publicPem = pem("PUBLIC KEY", publicDocument(es256));
const es256Private = { alg: "ES256", kid: null, type: "private" };
const es256Public = { alg: "ES256", kid: null, type: "public" };

export default {
  description: "EC keys as SPKI, PKCS#8 and SEC 1.",
  cases: [
    ...perCurve,
    refuses("an_spki_document_of_secp256k1", kinds, derKey(publicDocument(secp256k1)), notOurs),
    refuses("a_pkcs8_document_of_secp256k1", kinds, derKey(inPkcs8(secp256k1)), notOurs),
    refuses("a_sec1_document_of_secp256k1", kinds, derKey(sec1(secp256k1)), notOurs),
    refuses(
      "an_spki_document_of_a_curve_nobody_knows",
      kinds,
      derKey(ownAlgorithm([OID.commonName])),
      wrongKind("a key on an unsupported curve", "ES256"),
    ),
    refuses("an_spki_document_whose_curve_is_written_out", curveRule, derKey(ownAlgorithm([explicit])), ecExplicit),
    refuses(
      "a_pkcs8_document_whose_curve_is_written_out",
      curveRule,
      derKey(inPkcs8(es256, {}, { algorithm: sequence(OID.ecPublicKey, explicit) })),
      ecExplicit,
    ),
    refuses(
      "a_sec1_document_whose_curve_is_written_out",
      curveRule,
      derKey(sec1(es256, { curve: explicit })),
      ecExplicit,
    ),
    refuses("an_spki_document_whose_curve_is_implied", curveRule, derKey(ownAlgorithm([NULL])), ecNoCurve),
    refuses("an_ec_spki_document_without_a_curve", curveRule, derKey(ownAlgorithm([])), ecNoCurve),
    refuses(
      "a_pkcs8_document_that_names_two_curves",
      pkcs8Rule,
      derKey(inPkcs8(es256, { curve: OID.p384 })),
      holdsNone("PKCS#8", "EC private key"),
    ),
    refuses(
      "a_pkcs8_document_with_the_seed_of_another_kind",
      pkcs8Rule,
      derKey(pkcs8(ed25519.seed, { algorithm: algorithm(es256.curve) })),
      holdsNone("PKCS#8", "EC private key"),
    ),
    refuses(
      "a_sec1_document_of_version_2",
      sec1Rule,
      pemKey(pem("EC PRIVATE KEY", sec1(es256, { version: 2 }))),
      notSec1,
    ),
    refuses("a_sec1_document_of_version_2_as_der", sec1Rule, derKey(sec1(es256, { version: 2 })), noForm),
    refuses(
      "a_p_384_spki_document_under_es256",
      kinds,
      derKey(publicDocument(es384)),
      wrongKind("a P-384 public key", "ES256"),
    ),
    refuses("a_p_384_sec1_document_under_es256", kinds, derKey(sec1(es384)), wrongKind("a P-384 private key", "ES256")),
    refuses(
      "a_p_256_sec1_document_under_rs256",
      kinds,
      derKey(sec1(es256), "RS256"),
      wrongKind("a P-256 private key", "RS256"),
    ),
    refuses(
      "a_pkcs8_document_labelled_ec_private_key",
      "RFC 5915 §4",
      pemKey(pem("EC PRIVATE KEY", inPkcs8(es256))),
      notSec1,
    ),
    refuses("a_sec1_document_labelled_private_key", "RFC 7468 §10", pemKey(pem("PRIVATE KEY", sec1(es256))), notPkcs8),
    refuses("a_bare_point_labelled_public_key", "RFC 7468 §13", pemKey(pem("PUBLIC KEY", pointOf(es256))), notSpki),

    takes(
      "an_ec_key_behind_its_curve",
      "RFC 5915 §4, as OpenSSL writes it",
      pemKey(curvePem + privatePem),
      es256Private,
    ),
    takes(
      "an_ec_key_behind_its_curve_with_windows_lines",
      "RFC 5915 §4, as OpenSSL writes it",
      pemKey((curvePem + privatePem).replaceAll("\n", "\r\n")),
      es256Private,
    ),
    takes("an_ec_private_pem_without_its_last_line_feed", "RFC 7468 §2", pemKey(privatePem.trimEnd()), es256Private),
    takes(
      "an_ec_public_pem_with_windows_lines",
      "RFC 7468 §2",
      pemKey(publicPem.replaceAll("\n", "\r\n")),
      es256Public,
    ),
    refuses("an_ec_key_before_its_curve", "countersign: two blocks", pemKey(privatePem + curvePem), severalPems),
    refuses(
      "an_ec_key_behind_two_curves",
      "countersign: two blocks",
      pemKey(curvePem + curvePem + privatePem),
      severalPems,
    ),
    refuses("an_ec_public_key_behind_a_curve", "countersign: two blocks", pemKey(curvePem + publicPem), severalPems),
    refuses(
      "two_ec_keys_behind_a_curve",
      "countersign: two blocks",
      pemKey(curvePem + privatePem + privatePem),
      severalPems,
    ),
    refuses("the_curve_of_an_ec_key_alone", "RFC 5915 §4", pemKey(curvePem), otherPem),
    refuses("an_ec_document_given_as_pem", "RFC 7468 §2", pemKey(sec1(es256).toString("base64")), noPem),
  ],
};
