// EC keys as JWKs: coordinates of the right length, of a point of the curve, and the private number that belongs to it.

import { answers } from "./make-compact.mjs";
import {
  coordinateLength,
  ecPrivateLength,
  ecPrivateRange,
  forbidsBoth,
  jwkAlgOther,
  jwkAlgUnknown,
  jwkCurve,
  jwkEcPartsDiffer,
  jwkMissing,
  jwkNotBase64url,
  noPointOf,
  wrongKind,
} from "./make-errors.mjs";
import { refuses, takes } from "./make-import-key.mjs";
import { ecKeys, otherEcKeys } from "./make-keys.mjs";
import { base64url } from "./make-material.mjs";
import { bytes, ecKey, multiply, P256, P384, SECP256K1 } from "./make-weierstrass.mjs";

const key = (jwk, options = {}) => ({ key: { jwk, ...options } });
const changed = (base, changes) => JSON.parse(JSON.stringify({ ...base, ...changes }));

const coordinates = "RFC 7518 §6.2.1.2, §6.2.1.3: as long as the field";
const privateRule = "RFC 7518 §6.2.2.1: as long as the order, from 1 to n - 1";
const onCurve = "RFC 8725 §3.4: invalid curve attacks";
const binding = "RFC 7518 §3.4, RFC 8725 §3.1: a curve for each algorithm";
const MISSING = undefined;

const secp256k1 = ecKey("secp256k1", SECP256K1, 7n);

/** A key with a coordinate that starts with a zero byte, which some writers leave out. */
function withZeroAtTheStart(curve, member) {
  for (let d = 2n; ; d += 1n) {
    const point = multiply(curve, d);
    if (bytes(point[member], curve.length)[0] === 0) return ecKey("zero", curve, d);
  }
}

const asInteger = "countersign: some software writes the number as an integer";
const padded = (text) => text.padEnd(Math.ceil(text.length / 4) * 4, "=");

const perCurve = ecKeys.flatMap((own, index) => {
  const { curve, jwk, privateJwk, alg, point, d } = own;
  const { crv, length, p, n } = curve;
  const name = alg.toLowerCase();
  const ofBytes = (value, size = length) => base64url(bytes(value, size));
  const as = (type) => ({ alg, kid: null, type });
  const small = { x: withZeroAtTheStart(curve, "x"), y: withZeroAtTheStart(curve, "y") };
  return [
    takes(`a_public_${name}_jwk`, "RFC 7518 §6.2.1", key(jwk), as("public")),
    takes(`a_private_${name}_jwk`, "RFC 7518 §6.2.2", key(privateJwk), as("private")),
    takes(`a_${name}_jwk_with_its_alg`, "RFC 7517 §4.4", key({ ...jwk, alg }, { alg }), as("public")),
    takes(`the_public_half_of_a_${name}_jwk`, "RFC 7518 §6.2.1", { ...key(privateJwk), as: "public" }, as("public")),
    ...["x", "y"].flatMap((member) => [
      refuses(
        `a_${name}_jwk_without_${member}`,
        coordinates,
        key(changed(jwk, { [member]: MISSING })),
        jwkMissing(member),
      ),
      refuses(
        `a_${name}_jwk_whose_${member}_is_a_byte_short`,
        coordinates,
        key({ ...jwk, [member]: base64url(bytes(point[member], length).subarray(1)) }),
        coordinateLength(crv),
      ),
      refuses(
        `a_${name}_jwk_whose_${member}_is_a_byte_long`,
        coordinates,
        key({ ...jwk, [member]: ofBytes(point[member], length + 1) }),
        coordinateLength(crv),
      ),
      takes(`a_${name}_jwk_whose_${member}_starts_with_a_zero`, coordinates, key(small[member].jwk), as("public")),
      refuses(
        `a_${name}_jwk_whose_${member}_lost_its_leading_zero`,
        coordinates,
        key({ ...small[member].jwk, [member]: ofBytes(small[member].point[member], length - 1) }),
        coordinateLength(crv),
      ),
      refuses(
        `a_${name}_jwk_whose_${member}_is_empty`,
        coordinates,
        key({ ...jwk, [member]: "" }),
        coordinateLength(crv),
      ),
      takes(
        `a_${name}_jwk_whose_${member}_is_padded`,
        "countersign: padding changes nothing",
        key({ ...jwk, [member]: padded(jwk[member]) }),
        as("public"),
      ),
      takes(
        `a_${name}_jwk_whose_${member}_is_standard_base64`,
        "countersign: its alphabet means the same",
        key({ ...jwk, [member]: Buffer.from(jwk[member], "base64url").toString("base64") }),
        as("public"),
      ),
      refuses(
        `a_${name}_jwk_whose_${member}_has_another_padding`,
        "RFC 4648 §3.2",
        key({ ...jwk, [member]: `${padded(jwk[member])}=` }),
        jwkNotBase64url(member),
      ),
      refuses(
        `a_${name}_jwk_whose_${member}_is_the_prime`,
        onCurve,
        key({ ...jwk, [member]: ofBytes(p) }),
        noPointOf(crv),
      ),
    ]),
    refuses(`a_${name}_jwk_of_no_point`, onCurve, key({ ...jwk, y: ofBytes(point.y ^ 1n) }), noPointOf(crv)),
    refuses(`a_${name}_jwk_of_zeros`, onCurve, key({ ...jwk, x: ofBytes(0n), y: ofBytes(0n) }), noPointOf(crv)),
    refuses(
      `a_${name}_jwk_with_its_coordinates_exchanged`,
      onCurve,
      key({ ...jwk, x: jwk.y, y: jwk.x }),
      noPointOf(crv),
    ),
    takes(
      `a_${name}_jwk_of_the_point_on_the_other_side`,
      onCurve,
      key({ ...jwk, y: ofBytes(p - point.y) }),
      as("public"),
    ),

    takes(`the_${name}_private_key_1`, privateRule, key(ecKey("one", curve, 1n).privateJwk), as("private")),
    takes(
      `the_${name}_private_key_n_minus_1`,
      privateRule,
      key(ecKey("last", curve, n - 1n).privateJwk),
      as("private"),
    ),
    refuses(`a_${name}_private_key_of_0`, privateRule, key({ ...privateJwk, d: ofBytes(0n) }), ecPrivateRange(crv)),
    refuses(`a_${name}_private_key_of_n`, privateRule, key({ ...privateJwk, d: ofBytes(n) }), ecPrivateRange(crv)),
    refuses(
      `a_${name}_private_key_above_n`,
      privateRule,
      key({ ...ecKey("one", curve, 1n).privateJwk, d: ofBytes(n + 1n) }),
      ecPrivateRange(crv),
    ),
    ...[1, 2].map((less) =>
      takes(
        `a_${name}_private_key_that_lost_zeros_${less}`,
        asInteger,
        key({ ...ecKey("one", curve, 1n).privateJwk, d: ofBytes(1n, length - less) }),
        as("private"),
      ),
    ),
    takes(
      `a_${name}_private_key_with_a_zero_before_it`,
      asInteger,
      key({ ...privateJwk, d: ofBytes(d, length + 1) }),
      as("private"),
    ),
    answers(
      "exportJwk",
      `writes_a_${name}_private_key_in_full_length`,
      privateRule,
      { ...key({ ...ecKey("one", curve, 1n).privateJwk, d: ofBytes(1n, length - 1) }), private: true },
      { ...ecKey("one", curve, 1n).privateJwk, alg },
    ),
    ...[3, length - 1, length].map((less) =>
      refuses(
        `a_${name}_private_key_that_lost_${less === length ? "everything" : less === 3 ? "three_bytes" : "nearly_everything"}`,
        privateRule,
        key({ ...ecKey("one", curve, 1n).privateJwk, d: less === length ? "" : ofBytes(1n, length - less) }),
        ecPrivateLength(crv),
      ),
    ),
    refuses(
      `a_${name}_private_key_with_two_zeros_before_it`,
      privateRule,
      key({ ...privateJwk, d: ofBytes(d, length + 2) }),
      ecPrivateLength(crv),
    ),
    refuses(
      `a_${name}_private_key_with_a_one_before_it`,
      privateRule,
      key({ ...privateJwk, d: ofBytes(d + (1n << BigInt(8 * length)), length + 1) }),
      ecPrivateLength(crv),
    ),
    refuses(
      `a_${name}_private_key_whose_first_byte_was_cut_off`,
      "RFC 7518 §6.2.2",
      key({ ...privateJwk, d: base64url(bytes(d, length).subarray(crv === "P-521" ? 2 : 1)) }),
      jwkEcPartsDiffer,
    ),
    refuses(
      `a_${name}_private_key_of_another_point`,
      "RFC 7518 §6.2.2",
      key({ ...privateJwk, d: otherEcKeys[index].privateJwk.d }),
      jwkEcPartsDiffer,
    ),
    refuses(
      `a_${name}_private_key_of_the_point_on_the_other_side`,
      "RFC 7518 §6.2.2",
      key({ ...privateJwk, y: ofBytes(p - point.y) }),
      jwkEcPartsDiffer,
    ),
    refuses(`a_${name}_jwk_for_encryption`, "RFC 7517 §4.2", key({ ...jwk, use: "enc" }), forbidsBoth),
    refuses(`a_${name}_jwk_to_derive_keys_with`, "RFC 7517 §4.3", key({ ...jwk, key_ops: ["deriveKey"] }), forbidsBoth),
    refuses(`a_${name}_jwk_for_ecdh`, "RFC 7517 §4.4", key({ ...jwk, alg: "ECDH-ES+A256KW" }), jwkAlgUnknown),
    ...ecKeys
      .filter((other) => other !== own)
      .flatMap((other) => [
        refuses(
          `a_${name}_jwk_under_${other.alg.toLowerCase()}`,
          binding,
          key(jwk, { alg: other.alg }),
          wrongKind(`a ${crv} public key`, other.alg),
        ),
        refuses(
          `a_private_${name}_jwk_whose_alg_is_${other.alg.toLowerCase()}`,
          binding,
          key({ ...privateJwk, alg: other.alg }),
          wrongKind(`a ${crv} private key`, other.alg),
        ),
        refuses(
          `a_${name}_jwk_that_says_its_crv_is_${other.curve.crv.toLowerCase().replace("-", "_")}`,
          binding,
          key({ ...jwk, crv: other.curve.crv }),
          coordinateLength(other.curve.crv),
        ),
      ]),
  ];
});

/** A point of P-256 with an x so small that x + p has 32 bytes too. */
const smallX = (() => {
  const { p, b } = P256;
  for (let x = 1n; ; x += 1n) {
    const square = (((x * x * x - 3n * x + b) % p) + p) % p;
    const y = root(square, p);
    if ((y * y) % p === square) return { x, y };
  }
})();
function root(square, p) {
  let result = 1n;
  for (let base = square, e = (p + 1n) / 4n; e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * base) % p;
    base = (base * base) % p;
  }
  return result;
}
const smallJwk = (x) => ({
  kty: "EC",
  crv: "P-256",
  x: base64url(bytes(x, 32)),
  y: base64url(bytes(smallX.y, 32)),
});

export default {
  description: "EC keys as JWKs.",
  cases: [
    ...perCurve,
    takes("a_jwk_whose_x_is_small", onCurve, key(smallJwk(smallX.x)), { alg: "ES256", kid: null, type: "public" }),
    refuses(
      "a_jwk_whose_x_is_small_plus_the_prime",
      "SEC 1 §2.3.5",
      key(smallJwk(smallX.x + P256.p)),
      noPointOf("P-256"),
    ),
    refuses(
      "a_point_of_secp256k1_that_says_its_crv_is_p_256",
      onCurve,
      key({ ...secp256k1.jwk, crv: "P-256" }),
      noPointOf("P-256"),
    ),
    refuses("a_jwk_of_secp256k1", "RFC 8812: not supported", key(secp256k1.jwk), jwkCurve),
    refuses(
      "a_jwk_of_secp256k1_under_es256",
      "RFC 8812: not supported",
      key(secp256k1.jwk, { alg: "ES256" }),
      wrongKind("a secp256k1 key", "ES256"),
    ),
    refuses(
      "a_jwk_whose_alg_is_es256k",
      "RFC 8812: not supported",
      key({ ...secp256k1.privateJwk, alg: "ES256K" }),
      jwkAlgUnknown,
    ),
    refuses(
      "an_ec_jwk_without_crv",
      "RFC 7518 §6.2.1.1",
      key(changed(ecKeys[0].jwk, { crv: MISSING }), { alg: "ES256" }),
      jwkMissing("crv"),
    ),
    refuses(
      "an_ec_jwk_whose_alg_is_not_the_one_asked_for",
      binding,
      key({ ...ecKeys[0].jwk, alg: "ES256" }, { alg: "ES384" }),
      jwkAlgOther,
    ),
    refuses(
      "an_ec_jwk_of_a_curve_nobody_knows",
      "RFC 7518 §6.2.1.1",
      key({ ...ecKeys[0].jwk, crv: "P-255" }),
      jwkCurve,
    ),
    refuses(
      "an_ec_jwk_whose_crv_is_in_lower_case",
      "RFC 7518 §6.2.1.1: case-sensitive",
      key({ ...ecKeys[0].jwk, crv: P384.crv.toLowerCase() }),
      jwkCurve,
    ),
  ],
};
