// HMAC: the right MAC and nothing near it, and MACs made from what an attacker knows.

import { pem, spki } from "./make-asn1.mjs";
import { accepts, CLAIMS, keyTable, refuses, token } from "./make-compact.mjs";
import { algMismatch, badSignature, notBase64url } from "./make-errors.mjs";
import { base64url, bytesOf, ed25519, hmacKey, hs256, hs384, hs512, other256 } from "./make-material.mjs";

const flip = (at) => (bytes) => {
  const changed = Buffer.from(bytes);
  changed[at < 0 ? changed.length + at : at] ^= 1;
  return changed;
};

const exact = "RFC 7515 §5.2: the MAC is compared whole";
const confusion = "CVE-2015-9235, CVE-2016-10555, CVE-2022-29217: a public key used as an HMAC secret";
const binding = "RFC 8725 §3.1: one key, one algorithm";
const longKeys = "RFC 2104 §2: a secret longer than a block is hashed first";

const corrupted = (key, name) => [
  refuses(`an_${name}_mac_with_its_first_bit_changed`, exact, { by: key, signature: flip(0) }, badSignature),
  refuses(`an_${name}_mac_with_its_last_bit_changed`, exact, { by: key, signature: flip(-1) }, badSignature),
  refuses(
    `an_${name}_mac_without_its_last_byte`,
    exact,
    { by: key, signature: (s) => s.subarray(0, -1) },
    badSignature,
  ),
  refuses(`an_${name}_mac_without_its_first_byte`, exact, { by: key, signature: (s) => s.subarray(1) }, badSignature),
  refuses(`an_${name}_mac_of_one_byte`, exact, { by: key, signature: (s) => s.subarray(0, 1) }, badSignature),
  refuses(
    `an_${name}_mac_with_a_byte_more`,
    exact,
    { by: key, signature: (s) => Buffer.concat([s, Buffer.alloc(1)]) },
    badSignature,
  ),
  refuses(`an_${name}_mac_twice`, exact, { by: key, signature: (s) => Buffer.concat([s, s]) }, badSignature),
  refuses(`an_${name}_mac_of_zeros`, exact, { by: key, signature: (s) => Buffer.alloc(s.length) }, badSignature),
  refuses(
    `an_${name}_mac_in_hexadecimal`,
    exact,
    { by: key, signature: (s) => Buffer.from(s.toString("hex")) },
    badSignature,
  ),
  refuses(`an_empty_${name}_mac`, exact, { by: key, signature: () => Buffer.alloc(0) }, badSignature),
];

/** The same secret under another digest, as a key that signs in another's stead. */
const withDigest = (key, alg) => hmacKey(key.name, alg, key.secret);

const by = hs256;
const good = token({ by });
const [header, payload, signature] = good.split(".");
const altered = (claims) => base64url(Buffer.from(JSON.stringify({ ...CLAIMS, ...claims })));
const raw = (text) => ({ by, raw: text });

/** What an attacker may take for the secret of an Ed25519 key's tokens. */
const PUBLIC_TEXTS = {
  raw_bytes: ed25519.publicBytes,
  base64url: Buffer.from(ed25519.jwk.x),
  jwk: Buffer.from(JSON.stringify(ed25519.jwk)),
  der: spki(ed25519.publicBytes),
  pem: Buffer.from(pem("PUBLIC KEY", spki(ed25519.publicBytes))),
  pem_without_its_last_line_feed: Buffer.from(pem("PUBLIC KEY", spki(ed25519.publicBytes)).trimEnd()),
};

const LENGTHS = [
  ["HS256", 63],
  ["HS256", 64],
  ["HS256", 65],
  ["HS256", 200],
  ["HS384", 128],
  ["HS384", 129],
  ["HS512", 127],
  ["HS512", 128],
  ["HS512", 129],
  ["HS512", 1000],
];
const longKeyCases = LENGTHS.map(([alg, length]) => {
  const key = hmacKey(`${alg.toLowerCase()}_${length}`, alg, bytesOf(`${alg} ${length}`, length));
  return accepts(
    `an_${alg.toLowerCase()}_mac_by_a_secret_of_${length}_bytes`,
    longKeys,
    { by: key },
    { keys: key.spec },
  );
});

export default {
  description: "Signatures made with HS256, HS384 and HS512.",
  keys: keyTable(hs256, hs384, hs512, other256, ed25519),
  cases: [
    ...corrupted(hs256, "hs256"),
    ...corrupted(hs384, "hs384"),
    ...corrupted(hs512, "hs512"),
    refuses("a_mac_by_another_secret", exact, { by, signedBy: other256 }, badSignature),
    refuses(
      "a_token_whose_payload_was_changed",
      exact,
      raw(`${header}.${altered({ sub: "mallory" })}.${signature}`),
      badSignature,
    ),
    refuses(
      "a_token_whose_exp_was_moved",
      exact,
      raw(`${header}.${altered({ exp: CLAIMS.exp + 1 })}.${signature}`),
      badSignature,
    ),
    refuses(
      "a_token_whose_header_was_changed",
      exact,
      raw(`${base64url('{"alg":"HS256"}')}.${payload}.${signature}`),
      badSignature,
    ),
    refuses(
      "a_token_with_the_mac_of_another_token",
      exact,
      raw(`${header}.${payload}.${token({ by, payload: altered({ jti: "2" }) }).split(".")[2]}`),
      badSignature,
    ),
    refuses("a_token_whose_segments_changed_places", exact, raw(`${payload}.${header}.${signature}`), {
      code: "TOKEN_HEADER_INVALID",
      message: 'missing "alg" header',
    }),
    refuses(
      "a_mac_of_the_decoded_parts",
      "RFC 7515 §5.1: the encoded parts are signed",
      {
        by,
        signedBy: () => hs256.sign(Buffer.from(JSON.stringify(CLAIMS))),
      },
      badSignature,
    ),
    refuses(
      "a_mac_of_the_payload_segment_alone",
      "RFC 7515 §5.1",
      { by, signedBy: () => hs256.sign(Buffer.from(payload)) },
      badSignature,
    ),
    refuses("a_mac_that_is_not_base64url", exact, { by, signatureText: () => "!" }, notBase64url("signature")),

    refuses(
      "an_hs256_mac_under_an_hs512_key",
      binding,
      { by: hs512, signedBy: withDigest(hs512, "HS256") },
      badSignature,
    ),
    refuses(
      "an_hs384_mac_under_an_hs512_key",
      binding,
      { by: hs512, signedBy: withDigest(hs512, "HS384") },
      badSignature,
    ),
    refuses(
      "an_hs512_mac_under_an_hs256_key",
      binding,
      { by: hs256, signedBy: withDigest(hs256, "HS512") },
      badSignature,
    ),
    refuses(
      "an_hs512_mac_cut_to_the_length_of_hs256",
      binding,
      {
        by: hs256,
        signedBy: (input) => withDigest(hs256, "HS512").sign(input).subarray(0, 32),
      },
      badSignature,
    ),
    refuses(
      "a_whole_hs256_token_under_an_hs512_key_of_the_same_secret",
      binding,
      {
        by: hs512,
        signedBy: withDigest(hs512, "HS256"),
        header: { alg: "HS256", typ: "JWT" },
      },
      algMismatch,
    ),
    refuses(
      "a_whole_hs512_token_under_an_hs256_key_of_the_same_secret",
      binding,
      {
        by: hs256,
        signedBy: withDigest(hs256, "HS512"),
        header: { alg: "HS512", typ: "JWT" },
      },
      algMismatch,
    ),

    ...Object.entries(PUBLIC_TEXTS).flatMap(([name, bytes]) => {
      const forger = hmacKey("forger", "HS256", bytes);
      return [
        refuses(
          `an_hs256_token_by_the_${name}_of_the_public_key`,
          confusion,
          {
            by: ed25519,
            signedBy: forger,
            header: { alg: "HS256", typ: "JWT" },
          },
          algMismatch,
        ),
        refuses(
          `a_token_named_eddsa_by_the_${name}_of_the_public_key`,
          confusion,
          { by: ed25519, signedBy: forger },
          badSignature,
        ),
      ];
    }),
    ...longKeyCases,
  ],
};
