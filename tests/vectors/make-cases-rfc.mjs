// The examples of the RFCs, as they are printed there.

import { pem } from "./make-asn1.mjs";
import { answers, fails, NOW, publishes } from "./make-compact.mjs";
import { algMismatch, critUnknown, expired, notJson } from "./make-errors.mjs";
import { p256of7517, rsa7517 } from "./make-keys-rfc.mjs";
import { base64url } from "./make-material.mjs";

const a1 = {
  key: {
    jwk: { kty: "oct", k: "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow" },
    alg: "HS256",
  },
  token:
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." +
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ." +
    "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
  ok: {
    header: { typ: "JWT", alg: "HS256" },
    claims: { iss: "joe", exp: 1300819380, "http://example.com/is_root": true },
  },
};
const EXP = 1300819380;

/** RFC 8037 A.1 and A.2; the same pair as RFC 8032 §7.1 TEST 1. */
const a8037 = {
  kty: "OKP",
  crv: "Ed25519",
  d: "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
  x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
};
const { d: _private, ...a8037Public } = a8037;
const a8037Token =
  "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc." +
  "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";

/** RFC 8032 §7.1: secret and public keys of TEST 1, 2, 3 and SHA(abc). */
const TESTS = {
  test_1: [
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
  ],
  test_2: [
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
  ],
  test_3: [
    "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
    "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
  ],
  test_sha_abc: [
    "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
    "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
  ],
};
const hex = (text) => Buffer.from(text, "hex");
const pkcs8Prefix = hex("302e020100300506032b657004220420");

/** RFC 8410 §10.1 and §10.3. */
const p8410 = Buffer.from("MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=", "base64");
const s8410 = Buffer.from("MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC", "base64");
const v8410 = Buffer.from(
  "MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC" +
    "oB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrB" +
    "Z9w7lshQhqowtrbLDFw4rXAxZuE=",
  "base64",
);
const privateKey = { alg: "EdDSA", kid: null, type: "private" };

/** RFC 7520 §3.5 and §4.4. */
const cookbook = {
  kty: "oct",
  kid: "018c0ae5-4d9b-471b-bfd6-eef314bc7037",
  use: "sig",
  alg: "HS256",
  k: "hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg",
};
const cookbookToken =
  "eyJhbGciOiJIUzI1NiIsImtpZCI6IjAxOGMwYWU1LTRkOWItNDcxYi1iZmQ2LWVlZjMxNGJjNzAzNyJ9." +
  "SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9h" +
  "ZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3" +
  "ZXB0IG9mZiB0by4." +
  "s0h6KThzkfBBBkLspW1h84VsJZFTsPPqMDA7g1Md7p0";

const unsecured =
  "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.";
const undefinedCrit =
  "eyJhbGciOiJub25lIiwNCiAiY3JpdCI6WyJodHRwOi8vZXhhbXBsZS5jb20vVU5ERUZJTkVEIl0sDQogImh0dHA6Ly9leGFtcGxlLmNv" +
  "bS9VTkRFRklORUQiOnRydWUNCn0.RkFJTA.";

export default {
  description: "The examples of RFC 7515, 7519, 7520, 8032, 8037, 8410 and 7638, as printed.",
  cases: [
    answers(
      "verify",
      "accepts_the_token_of_rfc_7515_a_1",
      "RFC 7515 A.1, RFC 7519 §3.1",
      { token: a1.token, keys: a1.key, now: EXP - 1 },
      a1.ok,
    ),
    fails(
      "verify",
      "refuses_the_token_of_rfc_7515_a_1_at_its_exp",
      "RFC 7515 A.1",
      { token: a1.token, keys: a1.key, now: EXP },
      expired,
    ),
    fails(
      "verify",
      "refuses_the_token_of_rfc_7515_a_1_today",
      "RFC 7515 A.1",
      { token: a1.token, keys: a1.key, now: NOW },
      expired,
    ),
    answers("decode", "decodes_the_token_of_rfc_7515_a_1", "RFC 7515 A.1", { token: a1.token }, a1.ok),
    fails(
      "verify",
      "refuses_the_unsecured_token_of_rfc_7515_a_5",
      "RFC 7515 A.5, RFC 7519 §6.1",
      { token: unsecured, keys: a1.key, now: EXP - 1 },
      algMismatch,
    ),
    answers(
      "decode",
      "decodes_the_unsecured_token_of_rfc_7515_a_5",
      "RFC 7515 A.5",
      { token: unsecured },
      { header: { alg: "none" }, claims: a1.ok.claims },
    ),
    fails(
      "verify",
      "refuses_the_crit_of_rfc_7515_e",
      "RFC 7515 appendix E",
      { token: undefinedCrit, keys: a1.key, now: NOW },
      critUnknown,
    ),
    fails(
      "verify",
      "gets_as_far_as_the_payload_of_rfc_7520_4_4",
      "RFC 7520 §4.4: the signature is right, the payload is prose",
      { token: cookbookToken, keys: { jwk: cookbook }, now: NOW },
      notJson("payload"),
    ),

    answers("importKey", "takes_the_private_key_of_rfc_8037_a_1", "RFC 8037 A.1", { key: { jwk: a8037 } }, privateKey),
    answers(
      "exportJwk",
      "finds_the_public_key_of_rfc_8037_a_2",
      "RFC 8037 A.2",
      { key: { jwk: a8037 } },
      { ...a8037Public, alg: "EdDSA" },
    ),
    answers(
      "thumbprint",
      "finds_the_thumbprint_of_rfc_8037_a_3",
      "RFC 8037 A.3, RFC 7638 §3.1",
      { key: { jwk: a8037Public } },
      "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
    ),
    fails(
      "verify",
      "gets_as_far_as_the_payload_of_rfc_8037_a_4",
      "RFC 8037 A.4, A.5: the signature is right, the payload is prose",
      { token: a8037Token, keys: { jwk: a8037Public }, now: NOW },
      notJson("payload"),
    ),
    fails(
      "verify",
      "gets_as_far_as_the_payload_of_rfc_8037_a_4_under_the_name_of_rfc_9864",
      "RFC 9864 §2.2",
      { token: a8037Token, keys: { jwk: a8037Public, alg: "Ed25519" }, now: NOW },
      notJson("payload"),
    ),

    ...Object.entries(TESTS).map(([name, [secret, open]]) =>
      answers(
        "exportJwk",
        `finds_the_public_key_of_rfc_8032_${name}`,
        "RFC 8032 §7.1",
        { key: { der: base64url(Buffer.concat([pkcs8Prefix, hex(secret)])), alg: "EdDSA" } },
        {
          kty: "OKP",
          crv: "Ed25519",
          x: base64url(hex(open)),
          alg: "EdDSA",
        },
      ),
    ),

    answers(
      "importKey",
      "takes_the_public_key_of_rfc_8410_10_1",
      "RFC 8410 §10.1",
      { key: { pem: pem("PUBLIC KEY", p8410), alg: "EdDSA" } },
      { ...privateKey, type: "public" },
    ),
    answers(
      "importKey",
      "takes_the_private_key_of_rfc_8410_10_3",
      "RFC 8410 §10.3",
      { key: { pem: pem("PRIVATE KEY", s8410), alg: "EdDSA" } },
      privateKey,
    ),
    answers(
      "importKey",
      "takes_the_private_key_with_attributes_of_rfc_8410_10_3",
      "RFC 8410 §10.3",
      { key: { pem: pem("PRIVATE KEY", v8410), alg: "EdDSA" } },
      privateKey,
    ),
    answers(
      "exportPem",
      "finds_the_public_key_of_rfc_8410_10_1",
      "RFC 8410 §10.1, §10.3",
      { key: { der: base64url(v8410), alg: "EdDSA" } },
      pem("PUBLIC KEY", p8410),
    ),

    publishes(
      "takes_the_signature_keys_of_rfc_7517_a_1",
      "RFC 7517 A.1: a key for encryption, one for RS256; and one more",
      {
        keys: {
          jwks: {
            keys: [
              { ...p256of7517, use: "enc", kid: "1" },
              { ...rsa7517, alg: "RS256", kid: "2011-04-29" },
              { ...a8037Public, kid: "3" },
            ],
          },
        },
      },
      {
        keys: [
          { ...rsa7517, alg: "RS256", kid: "2011-04-29" },
          { ...a8037Public, alg: "EdDSA", kid: "3" },
        ],
      },
    ),
  ],
};
