import { answers, keyTable } from "./make-compact.mjs";
import { encode, IDENTITY, SMALL_Y } from "./make-curve.mjs";
import {
  emptySecret,
  forEncryption,
  jwkAzure,
  jwkCurve,
  jwkKeyType,
  jwkMissing,
  jwkNotBase64url,
  jwkPartsDiffer,
  jwkWrongType,
  notAPoint,
  onlyForSecrets,
  onUnsupportedCurve,
  shortPrivate,
  shortPublic,
  shortSecretRefused,
  smallOrder,
  wrongKind,
} from "./make-errors.mjs";
import { refuses, takes } from "./make-import-key.mjs";
import { base64url, bytesOf, ed25519, hs256, hs512, other25519 } from "./make-material.mjs";

const { jwk, privateJwk, publicBytes, seed } = ed25519;
const oct = { kty: "oct", k: hs256.spec.secret };
const key = (members, options = {}) => ({ key: { jwk: members, ...options } });
const changed = (base, changes) => JSON.parse(JSON.stringify({ ...base, ...changes }));
const of = (type, alg = "EdDSA", kid = null) => ({ alg, kid, type });

const okp = "RFC 8037 §2";
const octRule = "RFC 7518 §6.4";
const encoding = "RFC 7517 §3, RFC 7515 §2: canonical base64url";
const opsRule = "RFC 7517 §4.3";
const types = "RFC 7517 §4: members are strings";
const certificates = "RFC 7517 §4.7, §4.8, §4.9: only carried along, so an ill-typed one is left out";
const forgiven = "countersign: some software writes it, and it means the same";
const absence = "countersign: null is absence; some serializers write it";
const certified = { ...jwk, x5c: ["MIIB"], x5t: "AA", "x5t#S256": "AQ" };
const MISSING = undefined;

function looser(text) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return text.slice(0, -1) + alphabet[alphabet.indexOf(text.at(-1)) + 1];
}
const padded = (text) => text.padEnd(Math.ceil(text.length / 4) * 4, "=");
const FORGIVEN = {
  padding: padded,
  the_standard_alphabet: (text) => text.replaceAll("-", "+").replaceAll("_", "/"),
  both: (text) => padded(text).replaceAll("-", "+").replaceAll("_", "/"),
};
const ENCODINGS = {
  too_much_padding: (text) => `${padded(text)}=`,
  padding_before_it: (text) => `=${text}`,
  loose_bits: looser,
  loose_bits_and_padding: (text) => padded(looser(text)),
  white_space: (text) => `${text}\n`,
  a_letter_too_many: (text) => `${text}AA`,
  another_alphabet: (text) => text.replaceAll("-", ".").replaceAll("_", "."),
};
/** A key whose members hold both - and _, so that the standard alphabet writes them otherwise. */
const symbols = (text) => {
  if (!/[-_]/.test(text)) throw new Error("no symbols");
  return text;
};
const encodings = [
  ["x", jwk, {}, of("public")],
  ["d", privateJwk, {}, of("private")],
  ["k", { ...oct, k: symbols(base64url(bytesOf("symbols", 32))) }, { alg: "HS256" }, of("secret", "HS256")],
].flatMap(([member, base, options, ok]) => {
  const with_ = (changes) =>
    Object.entries(changes)
      .filter(([, change]) => change(base[member]) !== base[member])
      .map(([name, change]) => [
        `a_jwk_whose_${member}_has_${name}`,
        key(changed(base, { [member]: change(base[member]) }), options),
      ]);
  return [
    ...with_(FORGIVEN).map(([name, inputs]) => takes(name, forgiven, inputs, ok)),
    ...with_(ENCODINGS).map(([name, inputs]) => refuses(name, encoding, inputs, jwkNotBase64url(member))),
  ];
});

const WRONG_TYPES = { a_number: 1, a_boolean: true, an_array: ["x"], an_object: {} };
const wrongTypes = ["kty", "crv", "x", "d", "alg", "kid", "use"].flatMap((member) =>
  Object.entries(WRONG_TYPES).map(([kind, value]) =>
    refuses(
      `a_jwk_with_${kind}_as_its_${member}`,
      types,
      key(changed(privateJwk, { [member]: value })),
      jwkWrongType(member, "a string"),
    ),
  ),
);

const nulls = [
  ...["alg", "kid", "use", "key_ops", "x5c", "x5t", "x5t#S256", "oth", "k"].map((member) =>
    takes(
      `a_private_jwk_whose_${member.replace("#", "_").toLowerCase()}_is_null`,
      absence,
      key({ ...privateJwk, [member]: null }),
      of("private"),
    ),
  ),
  takes("a_jwk_whose_d_is_null", absence, key({ ...privateJwk, d: null }), of("public")),
  refuses("a_jwk_whose_kty_is_null", absence, key({ ...jwk, kty: null }), jwkMissing("kty")),
  refuses("a_jwk_whose_crv_is_null", absence, key({ ...jwk, crv: null }, { alg: "EdDSA" }), jwkMissing("crv")),
  refuses("a_jwk_whose_x_is_null", absence, key({ ...jwk, x: null }), jwkMissing("x")),
  answers(
    "exportJwk",
    "writes_no_member_that_was_null",
    absence,
    key({ ...jwk, kid: null, use: null, x5c: null, x5t: null }),
    { ...jwk, alg: "EdDSA" },
  ),
];

export default {
  description: "Keys as JWKs: import, the jobs that use and key_ops leave, export, thumbprints.",
  keys: keyTable(hs256),
  cases: [
    takes("a_public_okp_jwk", okp, key(jwk), of("public")),
    takes("a_private_okp_jwk", okp, key(privateJwk), of("private")),
    takes("an_oct_jwk_with_the_option_alg", octRule, key(oct, { alg: "HS256" }), of("secret", "HS256")),
    takes("an_oct_jwk_with_its_own_alg", octRule, key({ ...oct, alg: "HS256" }), of("secret", "HS256")),
    takes(
      "an_oct_jwk_of_64_bytes_for_hs512",
      octRule,
      key({ kty: "oct", k: hs512.spec.secret, alg: "HS512" }),
      of("secret", "HS512"),
    ),
    takes("the_public_half_of_a_private_jwk", okp, { ...key(privateJwk), as: "public" }, of("public")),
    takes(
      "a_jwk_with_members_it_does_not_know",
      "RFC 7517 §4: they are ignored",
      key({ ...jwk, ext: true, x5u: ["a"], iat: 5, "": null }),
      of("public"),
    ),
    takes("a_jwk_with_a_kid", "RFC 7517 §4.5", key({ ...jwk, kid: "k1" }), of("public", "EdDSA", "k1")),
    takes(
      "the_option_kid_over_the_kid_of_the_jwk",
      "countersign: the caller's word counts",
      key({ ...jwk, kid: "k1" }, { kid: "k2" }),
      of("public", "EdDSA", "k2"),
    ),
    takes("an_empty_kid_of_a_jwk", "RFC 7517 §4.5", key({ ...jwk, kid: "" }), of("public", "EdDSA", "")),
    takes(
      "a_short_secret_of_a_jwk_with_allow_short",
      "countersign: for a migration",
      key({ kty: "oct", k: "AA", alg: "HS256" }, { allowShort: true }),
      of("secret", "HS256"),
    ),
    refuses(
      "a_short_secret_of_a_jwk",
      "RFC 7518 §3.2",
      key({ kty: "oct", k: "AA", alg: "HS256" }, { allowShort: false }),
      shortSecretRefused("HS256"),
    ),
    refuses(
      "an_empty_secret_of_a_jwk_with_allow_short",
      "countersign: never an empty one",
      key({ kty: "oct", k: "", alg: "HS256" }, { allowShort: true }),
      emptySecret,
    ),
    refuses("allow_short_for_a_jwk_that_is_no_secret", octRule, key(jwk, { allowShort: true }), onlyForSecrets),

    ...["RSA-HSM", "EC-HSM", "oct-HSM"].map((kty) =>
      refuses(
        `a_jwk_of_the_kty_${kty.toLowerCase().replace("-", "_")}`,
        "Azure Key Vault",
        key({ ...jwk, kty }),
        jwkAzure,
      ),
    ),
    refuses("a_jwk_of_the_kty_okp_hsm", "RFC 7517 §4.1", key({ ...jwk, kty: "OKP-HSM" }), jwkKeyType),
    refuses("a_jwk_of_a_kty_nobody_knows", "RFC 7517 §4.1", key({ ...jwk, kty: "XYZ" }), jwkKeyType),
    refuses(
      "a_jwk_whose_kty_is_in_lower_case",
      "RFC 7517 §4.1: case-sensitive",
      key({ ...jwk, kty: "okp" }),
      jwkKeyType,
    ),
    refuses("a_jwk_without_kty", "RFC 7517 §4.1", key(changed(jwk, { kty: MISSING })), jwkMissing("kty")),
    refuses("a_jwk_without_crv", okp, key(changed(jwk, { crv: MISSING }), { alg: "EdDSA" }), jwkMissing("crv")),
    refuses(
      "a_jwk_of_x25519",
      okp,
      key({ ...jwk, crv: "X25519" }, { alg: "EdDSA" }),
      wrongKind("an X25519 key", "EdDSA"),
    ),
    refuses(
      "a_jwk_of_ed448",
      okp,
      key({ ...jwk, crv: "Ed448", x: base64url(bytesOf("ed448", 57)) }, { alg: "EdDSA" }),
      wrongKind("an Ed448 key", "EdDSA"),
    ),
    ...["Ed448", "X448"].map((crv) =>
      refuses(
        `a_jwk_of_${crv.toLowerCase()}_without_alg`,
        okp,
        key({ kty: "OKP", crv, x: base64url(bytesOf(crv, 57)) }),
        onUnsupportedCurve(crv),
      ),
    ),
    refuses("a_jwk_of_x25519_without_alg", okp, key({ ...jwk, crv: "X25519" }), forEncryption),
    refuses("an_okp_jwk_of_p_256", okp, key({ ...jwk, crv: "P-256" }, { alg: "EdDSA" }), jwkCurve),
    refuses("a_jwk_whose_crv_is_in_lower_case", okp, key({ ...jwk, crv: "ed25519" }, { alg: "EdDSA" }), jwkCurve),
    refuses("a_jwk_without_x", okp, key(changed(jwk, { x: MISSING })), jwkMissing("x")),
    refuses(
      "a_private_jwk_without_x",
      `${okp}: x is required`,
      key(changed(privateJwk, { x: MISSING })),
      jwkMissing("x"),
    ),
    refuses("an_oct_jwk_without_k", octRule, key({ kty: "oct", alg: "HS256" }), jwkMissing("k")),
    refuses("an_empty_jwk", "RFC 7517 §4.1", key({}, { alg: "EdDSA" }), jwkMissing("kty")),

    takes("a_jwk_with_its_certificates", certificates, key(certified), of("public")),
    ...["x5t", "x5t#S256"].map((member) =>
      takes(
        `a_jwk_whose_${member.replace("#", "_").toLowerCase()}_is_no_string`,
        certificates,
        key({ ...certified, [member]: 1 }),
        of("public"),
      ),
    ),
    ...Object.entries({ a_string: "MII", an_array_of_numbers: [1], an_object: {} }).flatMap(([kind, x5c]) => [
      takes(`a_jwk_whose_x5c_is_${kind}`, certificates, key({ ...certified, x5c }), of("public")),
      answers("exportJwk", `leaves_out_an_x5c_that_is_${kind}`, certificates, key({ ...certified, x5c }), {
        ...changed(certified, { x5c: MISSING }),
        alg: "EdDSA",
      }),
    ]),
    ...wrongTypes,
    ...nulls,
    ...encodings,
    refuses(
      "a_jwk_whose_key_ops_is_a_string",
      opsRule,
      key({ ...jwk, key_ops: "verify" }),
      jwkWrongType("key_ops", "an array of strings"),
    ),
    refuses(
      "a_jwk_whose_key_ops_holds_a_number",
      opsRule,
      key({ ...jwk, key_ops: ["verify", 1] }),
      jwkWrongType("key_ops", "an array of strings"),
    ),
    refuses("a_jwk_whose_x_has_31_bytes", okp, key({ ...jwk, x: base64url(publicBytes.subarray(1)) }), shortPublic),
    refuses(
      "a_jwk_whose_x_has_33_bytes",
      okp,
      key({ ...jwk, x: base64url(Buffer.concat([publicBytes, Buffer.alloc(1)])) }),
      shortPublic,
    ),
    refuses("a_jwk_whose_x_has_3_bytes", `${okp}: some libraries trap`, key({ ...jwk, x: "AAAA" }), shortPublic),
    refuses("a_jwk_whose_x_is_empty", okp, key({ ...jwk, x: "" }), shortPublic),
    refuses("a_jwk_whose_d_has_31_bytes", okp, key({ ...privateJwk, d: base64url(seed.subarray(1)) }), shortPrivate),
    refuses(
      "a_jwk_whose_d_has_64_bytes",
      okp,
      key({ ...privateJwk, d: base64url(Buffer.concat([seed, publicBytes])) }),
      shortPrivate,
    ),
    refuses("a_jwk_whose_d_is_empty", okp, key({ ...privateJwk, d: "" }), shortPrivate),
    refuses(
      "a_jwk_whose_x_belongs_to_another_d",
      "RUSTSEC-2022-0093: double public key oracle",
      key({ ...privateJwk, x: other25519.jwk.x }),
      jwkPartsDiffer,
    ),
    refuses(
      "a_jwk_whose_x_is_of_small_order",
      "countersign: a key of small order",
      key({ ...jwk, x: base64url(encode(IDENTITY)) }),
      smallOrder,
    ),
    refuses(
      "a_jwk_whose_x_is_not_below_p",
      "RFC 8032 §5.1.3",
      key({ ...jwk, x: base64url(encode(SMALL_Y, { above: true })) }),
      notAPoint,
    ),
    refuses(
      "a_jwk_whose_x_is_no_point",
      "RFC 8032 §5.1.3",
      key({ ...jwk, x: base64url(Buffer.from([2, ...Buffer.alloc(31)])) }),
      notAPoint,
    ),
  ],
};
