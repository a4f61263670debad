// Ed25519: signatures that only a lax check accepts. The arithmetic is in make-curve.mjs; the classes of edge cases
// are those of "Taming the many EdDSAs" (Chalkias, Garillot, Nikolaenko; SSR 2020), made for our own keys.

import { createHash } from "node:crypto";
import { accepts, keyTable, refuses, token } from "./make-compact.mjs";
import {
  add,
  BASE,
  challenge,
  encode,
  expand,
  fromLittleEndian,
  IDENTITY,
  L,
  littleEndian,
  modL,
  multiply,
  TORSION,
} from "./make-curve.mjs";
import { badSignature } from "./make-errors.mjs";
import { base64url, ed25519, other25519 } from "./make-material.mjs";

const by = ed25519;
const { scalar } = expand(ed25519.seed);
/** A nonce for the signatures made by hand: any will do, as nothing depends on its secrecy. */
const NONCE = modL(fromLittleEndian(expand(Buffer.from("a nonce for the vectors")).prefix));

const join = (r, s) => Buffer.concat([r, littleEndian(s)]);
const s = (signature) => fromLittleEndian(signature.subarray(32));
const r = (signature) => signature.subarray(0, 32);
const flip = (at) => (signature) => {
  const changed = Buffer.from(signature);
  changed[at] ^= 1;
  return changed;
};

/** Signs with the key's scalar and any R: S = r + k·a, which satisfies the equation up to what `R` has beside r·B. */
const signWith =
  (rBytes, nonce, { a = scalar, publicBytes = ed25519.publicBytes } = {}) =>
  (input) =>
    join(rBytes, modL(nonce + challenge(rBytes, publicBytes, input) * a));

const exact = "RFC 8032 §5.1.7, RFC 8037 §3.1.1";
const malleable = "RFC 8032 §8.4: S is less than the group order";
const strict = "countersign: verify_strict; RFC 8032 §8.4";
const smallR = "countersign: an R of small order is refused";

/** A key with a component of order 8: its own point is not of small order, so it can be imported. */
const mixed = (() => {
  const bytes = encode(add(multiply(scalar, BASE), TORSION));
  return {
    name: "mixed",
    alg: "EdDSA",
    publicBytes: bytes,
    spec: { jwk: { ...ed25519.jwk, x: base64url(bytes) }, alg: "EdDSA" },
  };
})();

/** Signs for the mixed key with a challenge that is no multiple of 8: right only where everything is multiplied by 8. */
function signMixed(input) {
  for (let nonce = NONCE; ; nonce += 1n) {
    const rBytes = encode(multiply(modL(nonce), BASE));
    if (challenge(rBytes, mixed.publicBytes, input) % 8n !== 0n) {
      return signWith(rBytes, nonce, { publicBytes: mixed.publicBytes })(input);
    }
  }
}

/** Ed25519ph: the same equation over the hash of the message, after a prefix of its own (RFC 8032 §5.1). */
function signPrehashed(input) {
  const prefix = Buffer.from("SigEd25519 no Ed25519 collisions\x01\x00");
  const hash = createHash("sha512").update(input).digest();
  return join(hand, modL(NONCE + challenge(Buffer.concat([prefix, hand]), ed25519.publicBytes, hash) * scalar));
}

const hand = encode(multiply(NONCE, BASE));
const [header, , signature] = token({ by }).split(".");
const otherPayload = base64url(Buffer.from('{"exp":1800000900,"sub":"mallory"}'));

export default {
  description: "Signatures made with Ed25519, under both of its names.",
  keys: keyTable(ed25519, other25519, mixed),
  cases: [
    accepts("an_ed25519_signature", exact, { by }),
    accepts("an_ed25519_signature_with_another_nonce", "RFC 8032 §8.2: verifiers cannot see how r was made", {
      by,
      signedBy: signWith(hand, NONCE),
    }),
    refuses("an_ed25519_signature_by_another_key", exact, { by, signedBy: other25519 }, badSignature),
    refuses(
      "an_ed25519_signature_of_another_payload",
      exact,
      { by, raw: `${header}.${otherPayload}.${signature}` },
      badSignature,
    ),
    refuses("an_ed25519_signature_with_a_changed_r", exact, { by, signature: flip(0) }, badSignature),
    refuses(
      "an_ed25519_signature_with_a_changed_sign_of_r",
      exact,
      { by, signature: (x) => flip(31)(x) },
      badSignature,
    ),
    refuses("an_ed25519_signature_with_a_changed_s", exact, { by, signature: flip(32) }, badSignature),
    refuses(
      "an_ed25519_signature_with_r_and_s_exchanged",
      exact,
      {
        by,
        signature: (x) => Buffer.concat([x.subarray(32), x.subarray(0, 32)]),
      },
      badSignature,
    ),
    refuses(
      "an_ed25519_signature_with_its_bytes_reversed",
      exact,
      { by, signature: (x) => Buffer.from(x).reverse() },
      badSignature,
    ),

    refuses("an_empty_ed25519_signature", exact, { by, signature: () => Buffer.alloc(0) }, badSignature),
    refuses("an_ed25519_signature_of_zeros", exact, { by, signature: () => Buffer.alloc(64) }, badSignature),
    refuses("an_ed25519_signature_of_ones", exact, { by, signature: () => Buffer.alloc(64, 255) }, badSignature),
    refuses("an_ed25519_signature_of_32_bytes", exact, { by, signature: (x) => x.subarray(0, 32) }, badSignature),
    refuses("an_ed25519_signature_of_63_bytes", exact, { by, signature: (x) => x.subarray(0, 63) }, badSignature),
    refuses(
      "an_ed25519_signature_of_65_bytes",
      exact,
      { by, signature: (x) => Buffer.concat([x, Buffer.alloc(1)]) },
      badSignature,
    ),
    refuses("an_ed25519_signature_of_128_bytes", exact, { by, signature: (x) => Buffer.concat([x, x]) }, badSignature),
    refuses(
      "an_ed25519ph_signature",
      "RFC 8032 §5.1: Ed25519ph is another algorithm",
      { by, signedBy: signPrehashed },
      badSignature,
    ),

    refuses("an_s_with_the_group_order_added", malleable, { by, signature: (x) => join(r(x), s(x) + L) }, badSignature),
    refuses(
      "an_s_with_the_group_order_added_twice",
      malleable,
      { by, signature: (x) => join(r(x), s(x) + 2n * L) },
      badSignature,
    ),
    refuses(
      "an_s_with_its_top_bit_set",
      malleable,
      { by, signature: (x) => join(r(x), s(x) + (1n << 255n)) },
      badSignature,
    ),
    refuses("an_s_of_the_group_order", malleable, { by, signature: (x) => join(r(x), L) }, badSignature),
    refuses("an_s_of_zero", malleable, { by, signature: (x) => join(r(x), 0n) }, badSignature),

    refuses("an_r_that_is_the_identity", smallR, { by, signedBy: signWith(encode(IDENTITY), 0n) }, badSignature),
    refuses(
      "an_r_that_is_the_identity_not_canonically_encoded",
      strict,
      {
        by,
        signedBy: signWith(encode(IDENTITY, { above: true }), 0n),
      },
      badSignature,
    ),
    refuses(
      "an_r_that_is_the_identity_with_a_sign",
      strict,
      {
        by,
        signedBy: signWith(encode(IDENTITY, { flipSign: true }), 0n),
      },
      badSignature,
    ),
    ...[1n, 2n, 4n].map((factor) =>
      refuses(
        `an_r_of_order_${8n / factor}`,
        smallR,
        { by, signedBy: signWith(encode(multiply(factor, TORSION)), 0n) },
        badSignature,
      ),
    ),
    refuses(
      "an_r_with_a_component_of_order_8",
      "RFC 8032 §5.1.7: right only when multiplied by 8",
      {
        by,
        signedBy: signWith(encode(add(multiply(NONCE, BASE), TORSION)), NONCE),
      },
      badSignature,
    ),
    refuses(
      "an_r_with_a_component_of_order_2",
      "RFC 8032 §5.1.7: right only when multiplied by 8",
      {
        by,
        signedBy: signWith(encode(add(multiply(NONCE, BASE), multiply(4n, TORSION))), NONCE),
      },
      badSignature,
    ),
    refuses(
      "an_r_that_is_no_point",
      exact,
      { by, signature: (x) => Buffer.concat([littleEndian(2n), x.subarray(32)]) },
      badSignature,
    ),
    refuses(
      "a_signature_by_a_key_of_mixed_order_that_is_right_only_times_8",
      strict,
      { by: mixed, signedBy: signMixed },
      badSignature,
    ),
  ],
};
