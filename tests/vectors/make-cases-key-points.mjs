import { spki } from "./make-asn1.mjs";
import { BASE, encode, IDENTITY, littleEndian, multiply, NO_POINT_Y, P, SMALL_Y, TORSION } from "./make-curve.mjs";
import { notAPoint, smallOrder } from "./make-errors.mjs";
import { refuses, takes } from "./make-import-key.mjs";
import { base64url } from "./make-material.mjs";

const derKey = (bytes, more = {}) => ({ key: { der: base64url(bytes), alg: "EdDSA", ...more } });
const publicKey = { alg: "EdDSA", kid: null, type: "public" };

const pointRule = "RFC 8032 §5.1.3";
const weak = "countersign: a key of small order, under which one signature fits many messages";

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
  description: "Points of the curve that are no keys, and encodings that are no points.",
  cases: [
    ...Object.entries(SMALL_ORDER).map(([name, bytes]) =>
      refuses(`a_public_key_that_is_${name}`, weak, derKey(spki(bytes)), smallOrder),
    ),
    ...Object.entries(NOT_CANONICAL).map(([name, bytes]) =>
      refuses(`a_public_key_that_is_${name}`, `${pointRule}: y < p, x = 0 has no sign`, derKey(spki(bytes)), notAPoint),
    ),
    takes("a_public_key_whose_point_has_a_small_y", pointRule, derKey(spki(encode(SMALL_Y))), publicKey),
    takes(
      "the_base_point_as_a_public_key",
      `${pointRule}: the key of the scalar 1`,
      derKey(spki(encode(BASE))),
      publicKey,
    ),
  ],
};
