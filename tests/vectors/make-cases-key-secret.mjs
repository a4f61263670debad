// HMAC secrets: how long they must be, and texts and bytes that only resemble a key's file.

import { answers, fails } from "./make-compact.mjs";
import { emptySecret, noPublicHalf, shortSecret, shortSecretRefused, wrongKind } from "./make-errors.mjs";
import { base64url, bytesOf } from "./make-material.mjs";

const MINIMUM = { HS256: 32, HS384: 48, HS512: 64 };
const least = "RFC 7518 §3.2: as long as the hash";
const migration = "countersign: allowShort is for migration";
const empty = "CVE-2026-44351, GHSA-pxh4-856f-4h89: an empty secret";
const sibling = "countersign: only what is a key's file is refused";

const secretSpec = (bytes, more = {}) => ({ key: { secret: base64url(bytes), alg: "HS256", ...more } });
const textSpec = (secretText, more = {}) => ({ key: { secretText, alg: "HS256", ...more } });
const imported = (alg = "HS256", kid = null) => ({ alg, kid, type: "secret" });

const lengths = Object.entries(MINIMUM).flatMap(([alg, minimum]) => {
  const spec = (length, more) => secretSpec(bytesOf(`${alg} secret`, length), { alg, ...more });
  const name = alg.toLowerCase();
  return [
    answers("importKey", `takes_an_${name}_secret_of_${minimum}_bytes`, least, spec(minimum), imported(alg)),
    answers("importKey", `takes_an_${name}_secret_of_${minimum + 1}_bytes`, least, spec(minimum + 1), imported(alg)),
    fails("importKey", `refuses_an_${name}_secret_of_${minimum - 1}_bytes`, least, spec(minimum - 1), shortSecret(alg)),
    fails("importKey", `refuses_an_${name}_secret_of_one_byte`, least, spec(1), shortSecret(alg)),
    fails("importKey", `refuses_an_empty_${name}_secret`, empty, spec(0), emptySecret),
    answers(
      "importKey",
      `takes_a_short_${name}_secret_when_allowed`,
      migration,
      spec(minimum - 1, { allowShort: true }),
      imported(alg),
    ),
    answers(
      "importKey",
      `takes_an_${name}_secret_of_one_byte_when_allowed`,
      migration,
      spec(1, { allowShort: true }),
      imported(alg),
    ),
    fails(
      "importKey",
      `refuses_an_empty_${name}_secret_even_when_short_ones_are_allowed`,
      empty,
      spec(0, { allowShort: true }),
      emptySecret,
    ),
    fails(
      "importKey",
      `refuses_a_short_${name}_secret_when_not_allowed`,
      migration,
      spec(minimum - 1, { allowShort: false }),
      shortSecretRefused(alg),
    ),
    fails(
      "importKey",
      `refuses_a_short_${name}_secret_as_a_jwk`,
      least,
      {
        key: { jwk: { kty: "oct", k: base64url(bytesOf(`${alg} secret`, minimum - 1)), alg } },
      },
      shortSecret(alg),
    ),
  ];
});

/** Bytes that begin as DER does and are not. */
const der = (first, length) => Buffer.concat([Buffer.from(first), bytesOf("not der", length - first.length)]);

export default {
  description: "HMAC secrets: their length, and what only resembles another key's file.",
  cases: [
    ...lengths,
    answers(
      "importKey",
      "takes_a_secret_with_a_kid",
      "RFC 7515 §4.1.4",
      secretSpec(bytesOf("hs256", 32), { kid: "k1" }),
      imported("HS256", "k1"),
    ),
    answers(
      "importKey",
      "takes_a_secret_of_32_letters",
      least,
      textSpec("abcdefghijklmnopqrstuvwxyzabcdef"),
      imported(),
    ),
    fails(
      "importKey",
      "refuses_a_secret_of_31_letters",
      least,
      textSpec("abcdefghijklmnopqrstuvwxyzabcde"),
      shortSecret("HS256"),
    ),
    answers("importKey", "counts_the_bytes_of_a_text_in_utf_8", least, textSpec("éééééééééééééééé"), imported()),
    fails("importKey", "refuses_the_tutorials_secret", least, textSpec("your-secret-key"), shortSecret("HS256")),
    fails("importKey", "refuses_an_empty_text_as_a_secret", empty, textSpec(""), emptySecret),
    fails(
      "importKey",
      "refuses_an_empty_secret_as_a_jwk",
      empty,
      { key: { jwk: { kty: "oct", k: "", alg: "HS256" } } },
      emptySecret,
    ),
    fails(
      "importKey",
      "refuses_a_secret_under_eddsa",
      "RFC 8725 §3.1",
      secretSpec(bytesOf("hs256", 32), { alg: "EdDSA" }),
      wrongKind("a secret", "EdDSA"),
    ),
    fails(
      "importKey",
      "refuses_a_secret_under_ed25519",
      "RFC 8725 §3.1",
      secretSpec(bytesOf("hs256", 32), { alg: "Ed25519" }),
      wrongKind("a secret", "Ed25519"),
    ),
    fails(
      "importKey",
      "refuses_the_public_half_of_a_secret",
      "RFC 7518 §6.4",
      { ...secretSpec(bytesOf("hs256", 32)), as: "public" },
      noPublicHalf,
    ),

    ...[0x30, 0x7b, 0x5b, 0x2d, 0x00, 0xff].map((byte) =>
      answers(
        "importKey",
        `takes_random_bytes_that_start_with_${byte}`,
        sibling,
        secretSpec(der([byte], 32)),
        imported(),
      ),
    ),
    answers(
      "importKey",
      "takes_bytes_that_start_as_der_with_another_length",
      sibling,
      secretSpec(der([0x30, 0x2a, 0x30], 40)),
      imported(),
    ),
    answers(
      "importKey",
      "takes_bytes_of_zeros",
      "countersign: length is what is checked, not strength",
      secretSpec(Buffer.alloc(32)),
      imported(),
    ),
    answers(
      "importKey",
      "takes_a_secret_in_base64",
      sibling,
      textSpec(bytesOf("base64", 32).toString("base64")),
      imported(),
    ),
    answers(
      "importKey",
      "takes_a_secret_in_hexadecimal",
      sibling,
      textSpec(bytesOf("hex", 32).toString("hex")),
      imported(),
    ),
    answers(
      "importKey",
      "takes_a_passphrase_with_dashes_and_braces",
      sibling,
      textSpec("--- BEGIN {the} [night] watch --- END of words"),
      imported(),
    ),
    answers(
      "importKey",
      "takes_a_passphrase_that_speaks_of_keys",
      sibling,
      textSpec("kty keys crv: none of my ssh keys are in here"),
      imported(),
    ),
    answers(
      "importKey",
      "takes_a_json_object_without_a_key",
      sibling,
      textSpec('{"passphrase":"correct horse battery staple"}'),
      imported(),
    ),
  ],
};
