// ECDSA: signatures out of range, of the wrong length or form, of another digest or curve.

import { createHash } from "node:crypto";
import { integer, sequence } from "./make-asn1.mjs";
import { accepts, answers, fails, keyTable, NOW, refuses, token } from "./make-compact.mjs";
import { badSignature, notBase64url } from "./make-errors.mjs";
import { ecKeys, otherEcKeys } from "./make-keys.mjs";
import { base64url } from "./make-material.mjs";
import { bytes, fromBytes, inverse, joined, signature } from "./make-weierstrass.mjs";

const form = "RFC 7518 §3.4: r and s side by side, each as long as the field";
const range = "FIPS 186-5 §6.4.2: r and s from 1 to n - 1";
const psychic = "CVE-2022-21449: r and s of zero";
const exact = "FIPS 186-5 §6.4";
const digests = "RFC 7518 §3.4: a digest for each curve";

const perKey = ecKeys.flatMap((by, index) => {
  const { curve, alg } = by;
  const { length, n, hash } = curve;
  const name = alg.toLowerCase();
  const r = (made) => fromBytes(made.subarray(0, length));
  const s = (made) => fromBytes(made.subarray(length));
  const both = (left, right) => Buffer.concat([bytes(left, length), bytes(right, length)]);
  const flip = (at) => (made) => made.map((byte, i) => (i === at ? byte ^ 1 : byte));
  const highest = 256n ** BigInt(length) - 1n;
  const no = (what, source, signature) => refuses(`${what}_${name}_signature`, source, { by, signature }, badSignature);
  const having = (what, source, changed) =>
    refuses(`an_${name}_signature_${what}`, source, { by, signature: changed }, badSignature);
  const other = otherEcKeys[index];
  const anotherCurve = ecKeys[(index + 1) % ecKeys.length];
  const [header, , made] = token({ by }).split(".");
  const otherPayload = base64url(Buffer.from('{"exp":1800000900,"sub":"mallory"}'));
  return [
    accepts(`an_${name}_signature`, exact, { by }),
    accepts(`an_${name}_signature_with_another_nonce`, "RFC 6979 §3: verifiers cannot see how k was made", {
      by,
      signedBy: (input) => joined(curve, signature(curve, by.d, input, { nonce: 2n })),
    }),
    accepts(`an_${name}_signature_with_the_other_s`, `${exact}: n - s fits as well, and RFC 7518 does not choose`, {
      by,
      signature: (own) => both(r(own), n - s(own)),
    }),
    refuses(`an_${name}_signature_by_another_key`, exact, { by, signedBy: other }, badSignature),
    refuses(
      `an_${name}_signature_of_another_payload`,
      exact,
      { by, raw: `${header}.${otherPayload}.${made}` },
      badSignature,
    ),
    having("with_a_changed_r", exact, flip(length - 1)),
    having("with_a_changed_s", exact, flip(2 * length - 1)),
    having("with_r_and_s_exchanged", exact, (own) => both(s(own), r(own))),
    having("with_r_negated", exact, (own) => both(n - r(own), s(own))),
    having("with_s_inverted", exact, (own) => both(r(own), inverse(s(own), n))),
    no("a_zero", psychic, () => both(0n, 0n)),
    having("with_an_r_of_0", psychic, (own) => both(0n, s(own))),
    having("with_an_s_of_0", psychic, (own) => both(r(own), 0n)),
    having("with_r_and_s_of_1", range, () => both(1n, 1n)),
    having("with_an_r_of_n", range, (own) => both(n, s(own))),
    having("with_an_s_of_n", range, (own) => both(r(own), n)),
    having("with_r_and_s_of_n", range, () => both(n, n)),
    having("with_an_r_of_all_ones", range, (own) => both(highest, s(own))),
    having("with_an_s_of_all_ones", range, (own) => both(r(own), highest)),
    having("with_an_r_of_the_prime", range, (own) => both(curve.p, s(own))),
    ...(r(by.sign(Buffer.from(""))) + n <= highest
      ? [
          having("with_n_added_to_r", range, (own) => both(r(own) + n, s(own))),
          having("with_n_added_to_s", range, (own) => both(r(own), s(own) + n)),
        ]
      : []),
    no("an_empty", form, () => Buffer.alloc(0)),
    having("a_byte_short", form, (own) => own.subarray(0, -1)),
    having("without_its_first_byte", form, (own) => own.subarray(1)),
    having("a_byte_long", form, (own) => Buffer.concat([own, Buffer.alloc(1)])),
    having("with_a_zero_before_it", form, (own) => Buffer.concat([Buffer.alloc(1), own])),
    having("with_a_zero_before_r_and_s", form, (own) =>
      Buffer.concat([bytes(r(own), length + 1), bytes(s(own), length + 1)]),
    ),
    having("of_r_alone", form, (own) => own.subarray(0, length)),
    having("twice", form, (own) => Buffer.concat([own, own])),
    having("in_der", `${form}, and not the DER of X.509`, (own) =>
      sequence(integer(own.subarray(0, length)), integer(own.subarray(length))),
    ),
    refuses(
      `an_${name}_signature_padded`,
      "RFC 7515 §2",
      { by, signatureText: (text) => `${text}=` },
      notBase64url("signature"),
    ),
    ...["sha256", "sha384", "sha512"]
      .filter((otherHash) => otherHash !== hash)
      .map((otherHash) =>
        refuses(
          `an_${name}_signature_of_a_${otherHash.replace("sha", "sha_")}_digest`,
          digests,
          { by, signedBy: (input) => joined(curve, signature(curve, by.d, input, { hash: otherHash })) },
          badSignature,
        ),
      ),
    refuses(
      `an_${name}_signature_of_the_digest_of_the_digest`,
      digests,
      { by, signedBy: (input) => by.sign(createHash(hash).update(input).digest()) },
      badSignature,
    ),
    refuses(`an_${name}_signature_of_${anotherCurve.name}`, form, { by, signedBy: anotherCurve }, badSignature),
  ];
});

/** A signature made for its key alone: with R = P and a challenge of zero (r = s = x of the key). */
const forged = ecKeys.map((by) =>
  refuses(
    `an_${by.alg.toLowerCase()}_signature_made_from_the_key_alone`,
    exact,
    { by, signature: () => joined(by.curve, { r: by.point.x % by.curve.n, s: by.point.x % by.curve.n }) },
    badSignature,
  ),
);

export default {
  description: "Signatures made with ECDSA.",
  keys: keyTable(...ecKeys, ...otherEcKeys),
  cases: [
    ...perKey,
    ...forged,
    answers(
      "verify",
      "accepts_an_es256_signature_with_a_private_key",
      exact,
      { token: token({ by: ecKeys[0] }), keys: ecKeys[0].privateSpec, now: NOW },
      { header: { alg: "ES256", typ: "JWT" }, claims: { sub: "alice", iat: NOW, exp: NOW + 900 } },
    ),
    fails(
      "verify",
      "refuses_an_es256_signature_with_the_private_key_of_another",
      exact,
      { token: token({ by: ecKeys[0] }), keys: otherEcKeys[0].privateSpec, now: NOW },
      badSignature,
    ),
  ],
};
