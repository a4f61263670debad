// RSA: signatures of the wrong length, of another digest or padding, and paddings that only a lax check accepts.

import { NULL } from "./make-asn1.mjs";
import { accepts, CLAIMS, keyTable, refuses, token } from "./make-compact.mjs";
import { badSignature } from "./make-errors.mjs";
import { rsaKeys } from "./make-keys.mjs";
import { rsa7517Private } from "./make-keys-rfc.mjs";
import { base64url, bytesOf } from "./make-material.mjs";
import { hashOf, octets, rawSign, rsaKey, toInteger } from "./make-rsa.mjs";
import { bytes, fromBytes } from "./make-weierstrass.mjs";

const form = "RFC 8017 §8.1.2, §8.2.2: exactly as long as the modulus";
const range = "RFC 8017 §5.2.2: less than the modulus";
const exact = "RFC 8017 §8";
const digests = "RFC 7518 §3.3, §3.5";
const salts = "RFC 7518 §3.5: the salt is as long as the digest";
const pkcs1Rule = "RFC 8017 §8.2.2: the padding is compared whole (Bleichenbacher 2006)";
const pssRule = "RFC 8017 §9.1.2";

const [{ jwk }] = rsaKeys;
const n = toInteger(jwk.n);
const LENGTH = octets(n).length;
const other = rsaKeys.map(({ alg }) => rsaKey(`other_${alg.toLowerCase()}`, alg, rsa7517Private));

/** Parts of a token of which the signature is as wanted: the payload counts up until it is. */
function searched(by, wanted) {
  for (let jti = 0; ; jti += 1) {
    const payload = { ...CLAIMS, jti: String(jti) };
    const signature = fromBytes(Buffer.from(token({ by, payload }).split(".")[2], "base64url"));
    if (wanted(signature)) return { by, payload };
  }
}

const perKey = rsaKeys.flatMap((by, index) => {
  const { alg } = by;
  const name = alg.toLowerCase();
  const having = (what, source, signature, parts = { by }) =>
    refuses(`an_${name}_signature_${what}`, source, { ...parts, signature }, badSignature);
  const [header, , made] = token({ by }).split(".");
  const otherPayload = base64url(Buffer.from('{"exp":1800000900,"sub":"mallory"}'));
  const zeroFirst = searched(by, (signature) => signature < 256n ** BigInt(LENGTH - 1));
  const small = searched(by, (signature) => signature + n < 256n ** BigInt(LENGTH));
  return [
    accepts(`an_${name}_signature`, exact, { by }),
    refuses(`an_${name}_signature_by_another_key`, exact, { by, signedBy: other[index] }, badSignature),
    refuses(
      `an_${name}_signature_of_another_payload`,
      exact,
      { by, raw: `${header}.${otherPayload}.${made}` },
      badSignature,
    ),
    having("with_a_changed_byte", exact, (own) => own.map((byte, i) => (i === 100 ? byte ^ 1 : byte))),
    having("that_is_empty", form, () => Buffer.alloc(0)),
    having("without_its_last_byte", form, (own) => own.subarray(0, -1)),
    having("with_a_byte_after_it", form, (own) => Buffer.concat([own, Buffer.alloc(1)])),
    having("with_a_zero_before_it", form, (own) => Buffer.concat([Buffer.alloc(1), own])),
    accepts(`an_${name}_signature_that_starts_with_a_zero`, form, zeroFirst),
    having("that_lost_its_leading_zero", form, (own) => own.subarray(1), zeroFirst),
    accepts(`an_${name}_signature_that_is_small`, range, small),
    having("with_the_modulus_added", range, (own) => bytes(fromBytes(own) + n, LENGTH), small),
    having("of_0", range, () => bytes(0n, LENGTH)),
    having("of_1", range, () => bytes(1n, LENGTH)),
    having("of_the_modulus", range, () => bytes(n, LENGTH)),
    having("of_the_modulus_less_1", range, () => bytes(n - 1n, LENGTH)),
    having("of_all_ones", range, () => Buffer.alloc(LENGTH, 255)),
    ...rsaKeys
      .filter((signedBy) => signedBy !== by)
      .map((signedBy) =>
        refuses(`an_${name}_signature_that_is_one_of_${signedBy.name}`, digests, { by, signedBy }, badSignature),
      ),
  ];
});

const PADDINGS = {
  without_the_null_of_the_digest: { parameters: Buffer.alloc(0) },
  with_two_nulls_in_the_digest: { parameters: Buffer.concat([NULL, NULL]) },
  with_garbage_after_a_short_padding: { padding: 8 },
  with_garbage_after_the_least_padding: { padding: 0 },
  with_a_byte_after_the_digest: { after: [0] },
  with_zeros_as_padding: { fill: 0 },
  with_other_bytes_as_padding: { fill: 0xfe },
  with_block_type_2: { start: [0, 2] },
  with_block_type_0: { start: [0, 0] },
};
const pkcs1 = rsaKeys
  .slice(0, 3)
  .flatMap((by) => [
    ...Object.entries(PADDINGS).map(([what, changes]) =>
      refuses(
        `an_${by.name}_signature_${what}`,
        pkcs1Rule,
        { by, signedBy: (input) => by.signWith(input, changes) },
        badSignature,
      ),
    ),
    refuses(
      `an_${by.name}_signature_of_random_bytes`,
      exact,
      { by, signedBy: () => rawSign(by.privateJwk, Buffer.concat([Buffer.alloc(1), bytesOf("random", LENGTH - 1)])) },
      badSignature,
    ),
  ]);

const pss = rsaKeys.slice(3).flatMap((by) => {
  const size = { sha256: 32, sha384: 48, sha512: 64 }[hashOf(by.alg)];
  const otherHash = by.alg === "PS256" ? "sha384" : "sha256";
  const signed = (what, source, changes) =>
    refuses(
      `a_${by.name}_signature_${what}`,
      source,
      { by, signedBy: (input) => by.signWith(input, changes) },
      badSignature,
    );
  return [
    ...[0, 20, size - 1, size + 1, LENGTH - size - 2].map((salt) =>
      signed(salt === LENGTH - size - 2 ? "with_the_longest_salt" : `with_a_salt_of_${salt}_bytes`, salts, { salt }),
    ),
    signed("with_another_digest_in_mgf1", "RFC 7518 §3.5: MGF1 with the same digest", { maskHash: otherHash }),
    signed("with_another_trailer", pssRule, { trailer: 0xcc }),
    refuses(
      `a_${by.name}_signature_with_a_changed_salt`,
      pssRule,
      {
        by,
        signedBy: (input) => {
          const block = by.block(input);
          block[block.length - size - 2] ^= 1;
          return rawSign(by.privateJwk, block);
        },
      },
      badSignature,
    ),
    refuses(
      `a_${by.name}_signature_with_its_top_bit_set`,
      pssRule,
      {
        by,
        signedBy: (input) => {
          // Still less than the modulus: a salt is searched for that leaves the first byte small.
          for (let i = 0; ; i += 1) {
            const block = by.block(input, { label: `salt ${i}` });
            if (block[0] < 0x20)
              return rawSign(by.privateJwk, Buffer.concat([Buffer.from([block[0] | 0x80]), block.subarray(1)]));
          }
        },
      },
      badSignature,
    ),
  ];
});

export default {
  description: "Signatures made with RSA.",
  keys: keyTable(...rsaKeys, ...other),
  cases: [...perKey, ...pkcs1, ...pss],
};
