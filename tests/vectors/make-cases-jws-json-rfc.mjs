// The JWS in JSON that are printed in RFCs.

import { keyTable } from "./make-compact.mjs";
import { algMismatch, noneHolds, notProtected } from "./make-errors.mjs";
import { CLAIMS_OF_A1, PROSE, said } from "./make-jws.mjs";
import { bad, good, stricter, unencoded, whole } from "./make-jws-json.mjs";
import { p256of7515, rsa7515 } from "./make-keys-rfc.mjs";
import { hmacKey } from "./make-material.mjs";

/** RFC 7520 §3.5. */
const cookbook = hmacKey(
  "rfc_7520_3_5",
  "HS256",
  Buffer.from("hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg", "base64url"),
  { kid: "018c0ae5-4d9b-471b-bfd6-eef314bc7037" },
);
const cookbookKid = "018c0ae5-4d9b-471b-bfd6-eef314bc7037";
const cookbookSignature = {
  protected: "eyJhbGciOiJIUzI1NiIsImtpZCI6IjAxOGMwYWU1LTRkOWItNDcxYi1iZmQ2LWVlZjMxNGJjNzAzNyJ9",
  signature: "s0h6KThzkfBBBkLspW1h84VsJZFTsPPqMDA7g1Md7p0",
};
const cookbookHeld = (index, header = { alg: "HS256", kid: cookbookKid }) => [{ index, header, kid: cookbookKid }];
const ofCookbook = { keys: cookbook.name, payload: PROSE };
const a1Key = hmacKey(
  "rfc_7515_a_1",
  "HS256",
  Buffer.from("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow", "base64url"),
);
/** RFC 7515 A.6.4. */
const a6 = [
  {
    protected: "eyJhbGciOiJSUzI1NiJ9",
    header: { kid: "2010-12-29" },
    signature:
      "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CU" +
      "Ar7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_d" +
      "O--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0ig" +
      "cN_IoypGlUPQGe77Rw",
  },
  {
    protected: "eyJhbGciOiJFUzI1NiJ9",
    header: { kid: "e9bc097a-ce51-4036-9562-d2ade882db0d" },
    signature: "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
  },
];
const a6Held = [
  { index: 0, header: { alg: "RS256" }, kid: "2010-12-29" },
  { index: 1, header: { alg: "ES256" }, kid: "e9bc097a-ce51-4036-9562-d2ade882db0d" },
];
const a6Text = JSON.stringify({ payload: said(CLAIMS_OF_A1), signatures: a6 });
const ofA6 = { payload: CLAIMS_OF_A1 };
/** The first two signatures of RFC 7520 §4.8, by keys that the cases do not have; the second protects nothing. */
const strangers = [
  {
    protected: "eyJhbGciOiJSUzI1NiJ9",
    header: { kid: "bilbo.baggins@hobbiton.example" },
    signature:
      "MIsjqtVlOpa71KE-Mss8_Nq2YH4FGhiocsqrgi5NvyG53uoimic1tcMdSg-qptrzZc7CG6Svw2Y13TDIqHzTUrL_lR2ZFcryNFiHkSw129Eg" +
      "hGpwkpxaTn_THJTCglNbADko1MZBCdwzJxwqZc-1RlpO2HibUYyXSwO97BSe0_evZKdjvvKSgsIqjytKSeAMbhMBdMma622_BG5t4sdbuCHt" +
      "Fjp9iJmkio47AIwqkZV1aIZsv33uPUqBBCXbYoQJwt7mxPftHmNlGoOSMxR_3thmXTCm4US-xiNOyhbm8afKK64jU6_TPtQHiJeQJxz9G3Tx" +
      "-083B745_AfYOnlC9w",
  },
  {
    header: { alg: "ES512", kid: "bilbo.baggins@hobbiton.example" },
    signature:
      "ARcVLnaJJaUWG8fG-8t5BREVAuTY8n8YHjwDO1muhcdCoFZFFjfISu0Cdkn9Ybdlmi54ho0x924DUz8sK7ZXkhc7AFM8ObLfTvNCrqcI3Jkl" +
      "2U5IX3utNhODH6v7xgy1Qahsn0fyb4zSAkje8bAWz4vIfj5pCMYxxm4fgV3q7ZYhm5eD",
  },
];
const cookbookText = (signatures) => JSON.stringify({ payload: said(PROSE), signatures });

export default {
  description: "JWS in JSON of the RFCs.",
  keys: {
    ...keyTable(cookbook, a1Key),
    rs256: { jwk: rsa7515, alg: "RS256", kid: "2010-12-29" },
    es256: { jwk: p256of7515, alg: "ES256", kid: "e9bc097a-ce51-4036-9562-d2ade882db0d" },
  },
  cases: [
    good("of_rfc_7515_a_6", "RFC 7515 A.6.4", a6Text, a6Held, {
      ...ofA6,
      keys: { set: ["rs256", "es256"] },
      options: whole,
    }),
    good("of_rfc_7515_a_6_for_one_key", "RFC 7515 A.6.4", a6Text, [a6Held[1]], { ...ofA6, keys: "es256" }),
    good(
      "of_rfc_7515_a_7",
      "RFC 7515 A.7",
      JSON.stringify({ payload: said(CLAIMS_OF_A1), ...a6[1] }),
      [{ ...a6Held[1], index: 0 }],
      { ...ofA6, keys: "es256" },
    ),
    good(
      "of_rfc_7797_4_2",
      "RFC 7797 §4.2",
      JSON.stringify({
        protected: "eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19",
        payload: "$.02",
        signature: "A5dxf2s96_n5FLueVuW1Z_vh161FwXZC4YLPff6dmDY",
      }),
      [{ index: 0, header: { alg: "HS256", ...unencoded } }],
      { keys: a1Key.name, payload: "$.02" },
    ),
    good("of_rfc_7520_4_4", "RFC 7520 §4.4", cookbookText([cookbookSignature]), cookbookHeld(0), ofCookbook),
    good(
      "of_rfc_7520_4_4_flattened",
      "RFC 7520 §4.4",
      JSON.stringify({ payload: said(PROSE), ...cookbookSignature }),
      cookbookHeld(0),
      ofCookbook,
    ),
    good("of_rfc_7520_4_5", "RFC 7520 §4.5", JSON.stringify({ signatures: [cookbookSignature] }), cookbookHeld(0), {
      ...ofCookbook,
      detached: said(PROSE),
    }),
    good(
      "of_rfc_7520_4_6",
      "RFC 7520 §4.6",
      JSON.stringify({
        payload: said(PROSE),
        protected: "eyJhbGciOiJIUzI1NiJ9",
        header: { kid: cookbookKid },
        signature: "bWUSVaxorn7bEF1djytBd0kHv70Ly5pvbomzMWSOr20",
      }),
      cookbookHeld(0, { alg: "HS256" }),
      ofCookbook,
    ),
    bad(
      "of_rfc_7520_4_7",
      `RFC 7520 §4.7; ${stricter}`,
      JSON.stringify({
        payload: said(PROSE),
        header: { alg: "HS256", kid: cookbookKid },
        signature: "xuLifqLGiblpv9zBpuZczWhNj1gARaLV3UxvxhJxZuk",
      }),
      notProtected("alg"),
      { keys: cookbook.name },
    ),
    good(
      "of_rfc_7520_4_8",
      "RFC 7520 §4.8",
      cookbookText([...strangers, cookbookSignature]),
      cookbookHeld(2),
      ofCookbook,
    ),
    bad(
      "of_rfc_7520_4_8_of_which_all_should_hold",
      "RFC 7520 §4.8",
      cookbookText([...strangers, cookbookSignature]),
      algMismatch,
      { keys: cookbook.name, options: whole },
    ),
    bad("of_rfc_7520_4_8_without_the_third", "RFC 7520 §4.8", cookbookText(strangers), noneHolds, {
      keys: cookbook.name,
    }),
  ],
};
