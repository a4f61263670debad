// The compact JWS that are printed in RFCs.

import { keyTable } from "./make-compact.mjs";
import { badSignature } from "./make-errors.mjs";
import { CLAIMS_OF_A1, PROSE, said } from "./make-jws.mjs";
import { alg, gives, refuses, sign, unencoded } from "./make-jws-compact.mjs";
import { p256of7515, rsa7515 } from "./make-keys-rfc.mjs";
import { ed25519Key, hmacKey } from "./make-material.mjs";

/** RFC 7515 A.1.1, which RFC 7797 §4 uses too. */
const a1 = hmacKey(
  "rfc_7515_a_1",
  alg,
  Buffer.from("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow", "base64url"),
);
/** RFC 7520 §3.5. */
const cookbook = hmacKey("rfc_7520_3_5", alg, Buffer.from("hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg", "base64url"), {
  kid: "018c0ae5-4d9b-471b-bfd6-eef314bc7037",
});
const cookbookHeader = { alg, kid: "018c0ae5-4d9b-471b-bfd6-eef314bc7037" };
const cookbookSignature = "s0h6KThzkfBBBkLspW1h84VsJZFTsPPqMDA7g1Md7p0";
const cookbookHead = "eyJhbGciOiJIUzI1NiIsImtpZCI6IjAxOGMwYWU1LTRkOWItNDcxYi1iZmQ2LWVlZjMxNGJjNzAzNyJ9";
/** RFC 8037 A.1. */
const okp = ed25519Key("rfc_8037_a_1", Buffer.from("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A", "base64url"));
/** The examples of the RFCs, as they are printed there. */
const printed = {
  a1: `eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.${said(CLAIMS_OF_A1)}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk`,
  a2:
    `eyJhbGciOiJSUzI1NiJ9.${said(CLAIMS_OF_A1)}.` +
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CU" +
    "Ar7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_d" +
    "O--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0ig" +
    "cN_IoypGlUPQGe77Rw",
  a3:
    `eyJhbGciOiJFUzI1NiJ9.${said(CLAIMS_OF_A1)}.` +
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
  encoded: "eyJhbGciOiJIUzI1NiJ9.JC4wMg.5mvfOroL-g7HyqJoozehmsaqmvTYGEq5jTI1gVvoEoQ",
  unencoded: "eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..A5dxf2s96_n5FLueVuW1Z_vh161FwXZC4YLPff6dmDY",
  cookbook: `${cookbookHead}.${said(PROSE)}.${cookbookSignature}`,
  detached: `${cookbookHead}..${cookbookSignature}`,
  okp:
    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc." +
    "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
};

export default {
  description: "Compact JWS of the RFCs, checked and made.",
  keys: {
    ...keyTable(a1, cookbook),
    okp: okp.spec,
    okp_private: okp.privateSpec,
    rs256: { jwk: rsa7515, alg: "RS256" },
    es256: { jwk: p256of7515, alg: "ES256" },
  },
  cases: [
    gives(
      "accepts_the_jws_of_rfc_7515_a_1",
      "RFC 7515 A.1",
      { jws: printed.a1, keys: a1.name },
      { header: { typ: "JWT", alg }, payload: said(CLAIMS_OF_A1) },
    ),
    gives(
      "accepts_the_jws_of_rfc_7515_a_2",
      "RFC 7515 A.2",
      { jws: printed.a2, keys: "rs256" },
      { header: { alg: "RS256" }, payload: said(CLAIMS_OF_A1) },
    ),
    gives(
      "accepts_the_jws_of_rfc_7515_a_3",
      "RFC 7515 A.3",
      { jws: printed.a3, keys: "es256" },
      { header: { alg: "ES256" }, payload: said(CLAIMS_OF_A1) },
    ),
    gives(
      "accepts_the_jws_of_rfc_7797_4_1",
      "RFC 7797 §4.1",
      { jws: printed.encoded, keys: a1.name },
      { header: { alg }, payload: said("$.02") },
    ),
    gives(
      "accepts_the_jws_of_rfc_7797_4_2",
      "RFC 7797 §4.2",
      { jws: printed.unencoded, keys: a1.name, detached: said("$.02") },
      { header: unencoded, payload: said("$.02") },
    ),
    refuses(
      "refuses_the_jws_of_rfc_7797_4_2_with_another_payload",
      "RFC 7797 §4.2",
      { jws: printed.unencoded, keys: a1.name, detached: said("$.03") },
      badSignature,
    ),
    sign("as_rfc_7797_4_1", "RFC 7797 §4.1", { key: a1.name, payload: "$.02" }, printed.encoded),
    sign(
      "as_rfc_7797_4_2",
      "RFC 7797 §4.2",
      { key: a1.name, payload: "$.02", options: { b64: false, detached: true } },
      printed.unencoded,
    ),
    gives(
      "accepts_the_jws_of_rfc_7520_4_4",
      "RFC 7520 §4.4",
      { jws: printed.cookbook, keys: cookbook.name },
      { header: cookbookHeader, payload: said(PROSE) },
    ),
    gives(
      "accepts_the_jws_of_rfc_7520_4_5",
      "RFC 7520 §4.5",
      { jws: printed.detached, keys: cookbook.name, detached: said(PROSE) },
      { header: cookbookHeader, payload: said(PROSE) },
    ),
    sign("as_rfc_7520_4_4", "RFC 7520 §4.4", { key: cookbook.name, payload: PROSE }, printed.cookbook),
    sign(
      "as_rfc_7520_4_5",
      "RFC 7520 §4.5",
      { key: cookbook.name, payload: PROSE, options: { detached: true } },
      printed.detached,
    ),
    gives(
      "accepts_the_jws_of_rfc_8037_a_4",
      "RFC 8037 A.4, A.5",
      { jws: printed.okp, keys: "okp" },
      { header: { alg: "EdDSA" }, payload: said("Example of Ed25519 signing") },
    ),
    sign("as_rfc_8037_a_4", "RFC 8037 A.4", { key: "okp_private", payload: "Example of Ed25519 signing" }, printed.okp),
  ],
};
