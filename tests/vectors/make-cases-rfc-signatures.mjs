// The RSA and EC examples of RFC 7515, 7517, 7520 and 7638, as they are printed there.

import { answers, fails, NOW } from "./make-compact.mjs";
import { badSignature, expired, forbidsBoth, notJson } from "./make-errors.mjs";
import {
  certified7517,
  p256of7515,
  p256of7515Private,
  p256of7517Private,
  p521of7515,
  p521of7515Private,
  p521of7520,
  p521of7520Private,
  rsa7515,
  rsa7515Private,
  rsa7517,
  rsa7517Private,
  rsa7520,
  rsa7520Private,
} from "./make-keys-rfc.mjs";

const EXP = 1300819380;
const joe = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
const joesClaims = { iss: "joe", exp: EXP, "http://example.com/is_root": true };
const frodo =
  "SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9h" +
  "ZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3" +
  "ZXB0IG9mZiB0by4";
const bilbo = { kid: "bilbo.baggins@hobbiton.example", use: "sig" };

const A2 = {
  section: "a_2",
  source: "RFC 7515 A.2",
  alg: "RS256",
  jwk: rsa7515,
  token:
    `eyJhbGciOiJSUzI1NiJ9.${joe}.` +
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdb" +
    "F9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383" +
    "LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWy" +
    "wlVmtVrBp0igcN_IoypGlUPQGe77Rw",
};
const A3 = {
  section: "a_3",
  source: "RFC 7515 A.3",
  alg: "ES256",
  jwk: p256of7515,
  token:
    `eyJhbGciOiJFUzI1NiJ9.${joe}.` +
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
};
const tokens = [A2, A3].flatMap(({ section, source, alg, jwk, token }) => [
  answers(
    "verify",
    `accepts_the_token_of_rfc_7515_${section}`,
    source,
    { token, keys: { jwk, alg }, now: EXP - 1 },
    { header: { alg }, claims: joesClaims },
  ),
  fails(
    "verify",
    `refuses_the_token_of_rfc_7515_${section}_at_its_exp`,
    source,
    { token, keys: { jwk, alg }, now: EXP },
    expired,
  ),
  fails(
    "verify",
    `refuses_the_token_of_rfc_7515_${section}_with_the_signature_of_another`,
    source,
    {
      token: token.replace(joe, joe.replace("qb2Ui", "qb3Ui")),
      keys: { jwk, alg },
      now: EXP - 1,
    },
    badSignature,
  ),
]);

/** Signatures over what is no token: that the answer is about the payload shows that they are right. */
const PROSE = [
  {
    name: "rfc_7515_a_4",
    source: "RFC 7515 A.4",
    keys: { jwk: p521of7515 },
    signingInput: "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA",
    signature:
      "AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgo" +
      "XD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn",
  },
  {
    name: "rfc_7520_4_1",
    source: "RFC 7520 §4.1",
    keys: { jwk: { ...rsa7520, ...bilbo }, alg: "RS256" },
    signingInput: `eyJhbGciOiJSUzI1NiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9.${frodo}`,
    signature:
      "MRjdkly7_-oTPTS3AXP41iQIGKa80A0ZmTuV5MEaHoxnW2e5CZ5NlKtainoFmKZopdHM1O2U4mwzJdQx996ivp83xuglII7PNDi84wnB" +
      "-BDkoBwA78185hX-Es4JIwmDLJK3lfWRa-XtL0RnltuYv746iYTh_qHRD68BNt1uSNCrUCTJDt5aAE6x8wW1Kt9eRo4QPocSadnHXFxn" +
      "t8Is9UzpERV0ePPQdLuW3IS_de3xyIrDaLGdjluPxUAhb6L2aXic1U12podGU0KLUQSE_oI-ZnmKJ3F4uOZDnd6QZWJushZ41Axf_fcI" +
      "e8u9ipH84ogoree7vjbU5y18kDquDg",
  },
  {
    name: "rfc_7520_4_2",
    source: "RFC 7520 §4.2",
    keys: { jwk: { ...rsa7520, ...bilbo }, alg: "PS384" },
    signingInput: `eyJhbGciOiJQUzM4NCIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9.${frodo}`,
    signature:
      "cu22eBqkYDKgIlTpzDXGvaFfz6WGoz7fUDcfT0kkOy42miAh2qyBzk1xEsnk2IpN6-tPid6VrklHkqsGqDqHCdP6O8TTB5dDDItllVo6" +
      "_1OLPpcbUrhiUSMxbbXUvdvWXzg-UD8biiReQFlfz28zGWVsdiNAUf8ZnyPEgVFn442ZdNqiVJRmBqrYRXe8P_ijQ7p8Vdz0TTrxUeT3" +
      "lm8d9shnr2lfJT8ImUjvAA2Xez2Mlp8cBE5awDzT0qI0n6uiP1aCN_2_jLAeQTlqRHtfa64QQSUmFAAjVKPbByi7xho0uTOcbH510a6G" +
      "YmJUAfmWjwZ6oD4ifKo8DYM-X72Eaw",
  },
  {
    name: "rfc_7520_4_3",
    source: "RFC 7520 §4.3",
    keys: { jwk: { ...p521of7520, ...bilbo } },
    signingInput: `eyJhbGciOiJFUzUxMiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9.${frodo}`,
    signature:
      "AE_R_YZCChjn4791jSQCrdPZCNYqHXCTZH0-JZGYNlaAjP2kqaluUIIUnC9qvbu9Plon7KRTzoNEuT4Va2cmL1eJAQy3mtPBu_u_sDDy" +
      "YjnAMDxXPn7XrT0lw-kvAD890jl8e2puQens_IEKBpHABlsbEPX6sFY8OcGDqoRuBomu9xQ2",
  },
];
const prose = PROSE.flatMap(({ name, source, keys, signingInput, signature }) => [
  fails(
    "verify",
    `gets_as_far_as_the_payload_of_${name}`,
    `${source}: the signature is right, the payload is prose`,
    { token: `${signingInput}.${signature}`, keys, now: NOW },
    notJson("payload"),
  ),
  fails(
    "verify",
    `refuses_the_signature_of_${name}_with_a_changed_letter`,
    source,
    { token: `${signingInput}.${signature[0] === "A" ? "B" : "A"}${signature.slice(1)}`, keys, now: NOW },
    badSignature,
  ),
]);

/** The same as JWS, compact and, as RFC 7520 prints them, in JSON. */
const asJws = PROSE.flatMap(({ name, source, keys, signingInput, signature }) => {
  const [head, payload] = signingInput.split(".");
  const header = JSON.parse(Buffer.from(head, "base64url"));
  const ok = { payload, signatures: [{ index: 0, header, ...(header.kid && { kid: header.kid }) }] };
  const forms = {
    flattened: { payload, protected: head, signature },
    general: { payload, signatures: [{ protected: head, signature }] },
  };
  return [
    answers(
      "verifyJws",
      `accepts_the_jws_of_${name}`,
      source,
      { jws: `${signingInput}.${signature}`, keys },
      { header, payload },
    ),
    ...Object.entries(forms).map(([form, jws]) =>
      answers("verifyJwsJson", `accepts_the_${form}_jws_of_${name}`, source, { jws: JSON.stringify(jws), keys }, ok),
    ),
  ];
});

const secret7517 = {
  kty: "oct",
  k: "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
  kid: "HMAC key used in JWS spec Appendix A.1 example",
};
const PRIVATE = {
  rfc_7515_a_2: ["RFC 7515 A.2.1", rsa7515Private, "RS256"],
  rfc_7515_a_3: ["RFC 7515 A.3.1", p256of7515Private, "ES256"],
  rfc_7515_a_4: ["RFC 7515 A.4.1", p521of7515Private, "ES512"],
  rfc_7517_a_2: ["RFC 7517 A.2", { ...rsa7517Private, alg: "RS256", kid: "2011-04-29" }, "RS256"],
  rfc_7520_3_2: ["RFC 7520 §3.2", { ...p521of7520Private, ...bilbo }, "ES512"],
  rfc_7520_3_4: ["RFC 7520 §3.4", { ...rsa7520Private, ...bilbo }, "PS384"],
};

export default {
  description: "The RSA and EC examples of RFC 7515, 7517, 7520 and 7638, as printed.",
  cases: [
    ...tokens,
    ...prose,
    ...asJws,
    ...Object.entries(PRIVATE).map(([name, [source, jwk, alg]]) =>
      answers(
        "importKey",
        `takes_the_private_key_of_${name}`,
        source,
        { key: { jwk, alg } },
        { alg, kid: jwk.kid ?? null, type: "private" },
      ),
    ),
    fails(
      "importKey",
      "refuses_the_private_key_for_encryption_of_rfc_7517_a_2",
      "RFC 7517 A.2",
      { key: { jwk: { ...p256of7517Private, use: "enc", kid: "1" } } },
      forbidsBoth,
    ),
    answers(
      "importKey",
      "takes_that_key_where_it_is_not_for_encryption",
      "RFC 7517 A.2",
      { key: { jwk: { ...p256of7517Private, kid: "1" } } },
      { alg: "ES256", kid: "1", type: "private" },
    ),
    answers(
      "importKey",
      "takes_the_key_with_a_certificate_of_rfc_7517_b",
      "RFC 7517 appendix B",
      { key: { jwk: certified7517, alg: "RS256" } },
      { alg: "RS256", kid: "1b94c", type: "public" },
    ),
    answers(
      "keySet",
      "leaves_out_the_keys_of_rfc_7517_a_3",
      "RFC 7517 A.3: one is for wrapping keys, the other names no algorithm",
      { keys: { jwks: { keys: [{ kty: "oct", alg: "A128KW", k: "GawgguFyGrWKav7AX4VKUg" }, secret7517] } } },
      { keys: [] },
    ),
    answers(
      "importKey",
      "takes_the_hmac_key_of_rfc_7517_a_3",
      "RFC 7517 A.3",
      { key: { jwk: secret7517, alg: "HS256" } },
      { alg: "HS256", kid: secret7517.kid, type: "secret" },
    ),
    answers(
      "thumbprint",
      "finds_the_thumbprint_of_rfc_7638_3_1",
      "RFC 7638 §3.1",
      { key: { jwk: { ...rsa7517, alg: "RS256", kid: "2011-04-29" } } },
      "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
    ),
  ],
};
