// The encrypted examples of the RFCs, as they are printed there.

import { createPrivateKey, createPublicKey, diffieHellman } from "node:crypto";
import { answers } from "./make-compact.mjs";
import { concatKdf, curves, ephemerals, jwe, PLAINTEXT } from "./make-jwe.mjs";
import { base64url } from "./make-material.mjs";
import {
  aesOf58,
  gcmkwOf57,
  nestedOf6,
  plaintextOfA1,
  printed,
  rsaOf52,
  rsaOfA1,
  signerOf6,
  tokenOfA1,
} from "./make-rfc-jwe.mjs";

const FRODO =
  "You can trust us to stick with you through thick and thin\u2013to the bitter end. And you can trust us to keep any " +
  "secret of yours\u2013closer than you keep it yourself. But you cannot trust us to let you face trouble alone, and go " +
  "off without a word. We are your friends, Frodo.";

/** Each example: its key, its header, its content, and the token. */
const EXAMPLES = {
  rfc_7516_a_3_a128kw_and_a128cbc_hs256: {
    source: "RFC 7516 appendix A.3",
    key: { jwk: { kty: "oct", k: "GawgguFyGrWKav7AX4VKUg" }, alg: "A128KW" },
    header: { alg: "A128KW", enc: "A128CBC-HS256" },
    plaintext: "Live long and prosper.",
    token: [
      "eyJhbGciOiJBMTI4S1ciLCJlbmMiOiJBMTI4Q0JDLUhTMjU2In0",
      "6KB707dM9YTIgHtLvtgWQ8mKwboJW3of9locizkDTHzBC2IlrT1oOQ",
      "AxY8DCtDaGlsbGljb3RoZQ",
      "KDlTtXchhZTGufMYmOYGS4HffxPSUrfmqCHXaI9wOGY",
      "U0m_YmjN04DJvceFICbCVQ",
    ],
  },
  rfc_7520_5_3_pbes2_hs512_a256kw_and_a128cbc_hs256: {
    source: "RFC 7520 §5.3",
    key: { password: "entrap_o\u2013peter_long\u2013credit_tun", alg: "PBES2-HS512+A256KW" },
    header: {
      alg: "PBES2-HS512+A256KW",
      p2s: "8Q1SzinasR3xchYz6ZZcHA",
      p2c: 8192,
      cty: "jwk-set+json",
      enc: "A128CBC-HS256",
    },
    plaintext: JSON.stringify({
      keys: [
        {
          kty: "oct",
          kid: "77c7e2b8-6e13-45cf-8672-617b5b45243a",
          use: "enc",
          alg: "A128GCM",
          k: "XctOhJAkA-pD9Lh7ZgW_2A",
        },
        {
          kty: "oct",
          kid: "81b20965-8332-43d9-a468-82160ad91ac8",
          use: "enc",
          alg: "A128KW",
          k: "GZy6sIZ6wl9NJOKB-jnmVQ",
        },
        {
          kty: "oct",
          kid: "18ec08e1-bfa9-4d95-b205-2b4dd1d4321d",
          use: "enc",
          alg: "A256GCMKW",
          k: "qC57l_uxcm7Nm3K-ct4GFjx8tM1U8CZ0NLBvdQstiS8",
        },
      ],
    }),
    token: [
      "eyJhbGciOiJQQkVTMi1IUzUxMitBMjU2S1ciLCJwMnMiOiI4UTFTemluYXNSM3hjaFl6NlpaY0hBIiwicDJjIjo4MTkyLCJjdHkiOiJqd2stc2V0K2pzb24iLCJlbmMiOiJBMTI4Q0JDLUhTMjU2In0",
      "d3qNhUWfqheyPp4H8sjOWsDYajoej4c5Je6rlUtFPWdgtURtmeDV1g",
      "VBiCzVHNoLiR3F4V82uoTQ",
      "23i-Tb1AV4n0WKVSSgcQrdg6GRqsUKxjruHXYsTHAJLZ2nsnGIX86vMXqIi6IRsfywCRFzLxEcZBRnTvG3nhzPk0GDD7FMyXhUHpDjEYCNA_XOmzg8yZR9oyjo6lTF6si4q9FZ2EhzgFQCLO_6h5EVg3vR75_hkBsnuoqoM3dwejXBtIodN84PeqMb6asmas_dpSsz7H10fC5ni9xIz424givB1YLldF6exVmL93R3fOoOJbmk2GBQZL_SEGllv2cQsBgeprARsaQ7Bq99tT80coH8ItBjgV08AtzXFFsx9qKvC982KLKdPQMTlVJKkqtV4Ru5LEVpBZXBnZrtViSOgyg6AiuwaS-rCrcD_ePOGSuxvgtrokAKYPqmXUeRdjFJwafkYEkiuDCV9vWGAi1DH2xTafhJwcmywIyzi4BqRpmdn_N-zl5tuJYyuvKhjKv6ihbsV_k1hJGPGAxJ6wUpmwC4PTQ2izEm0TuSE8oMKdTw8V3kobXZ77ulMwDs4p",
      "0HlwodAhOCILG5SQ2LQ9dg",
    ],
  },
  rfc_7520_5_4_ecdh_es_a128kw_on_p_384_and_a128gcm: {
    source: "RFC 7520 §5.4",
    key: {
      jwk: { ...curves["P-384"], kid: "peregrin.took@tuckborough.example", use: "enc" },
      alg: "ECDH-ES+A128KW",
    },
    header: {
      alg: "ECDH-ES+A128KW",
      kid: "peregrin.took@tuckborough.example",
      epk: {
        kty: "EC",
        crv: "P-384",
        x: "uBo4kHPw6kbjx5l0xowrd_oYzBmaz-GKFZu4xAFFkbYiWgutEK6iuEDsQ6wNdNg3",
        y: "sp3p5SGhZVC2faXumI-e9JU2Mo8KpoYrFDr5yPNVtW4PgEwZOyQTA-JdaY8tb7E0",
      },
      enc: "A128GCM",
    },
    plaintext: FRODO,
    token: [
      "eyJhbGciOiJFQ0RILUVTK0ExMjhLVyIsImtpZCI6InBlcmVncmluLnRvb2tAdHVja2Jvcm91Z2guZXhhbXBsZSIsImVwayI6eyJrdHkiOiJFQyIsImNydiI6IlAtMzg0IiwieCI6InVCbzRrSFB3Nmtiang1bDB4b3dyZF9vWXpCbWF6LUdLRlp1NHhBRkZrYllpV2d1dEVLNml1RURzUTZ3TmROZzMiLCJ5Ijoic3AzcDVTR2haVkMyZmFYdW1JLWU5SlUyTW84S3BvWXJGRHI1eVBOVnRXNFBnRXdaT3lRVEEtSmRhWTh0YjdFMCJ9LCJlbmMiOiJBMTI4R0NNIn0",
      "0DJjBXri_kBcC46IkU5_Jk9BqaQeHdv2",
      "mH-G2zVqgztUtnW_",
      "tkZuOO9h95OgHJmkkrfLBisku8rGf6nzVxhRM3sVOhXgz5NJ76oID7lpnAi_cPWJRCjSpAaUZ5dOR3Spy7QuEkmKx8-3RCMhSYMzsXaEwDdXta9Mn5B7cCBoJKB0IgEnj_qfo1hIi-uEkUpOZ8aLTZGHfpl05jMwbKkTe2yK3mjF6SBAsgicQDVCkcY9BLluzx1RmC3ORXaM0JaHPB93YcdSDGgpgBWMVrNU1ErkjcMqMoT_wtCex3w03XdLkjXIuEr2hWgeP-nkUZTPU9EoGSPj6fAS-bSz87RCPrxZdj_iVyC6QWcqAu07WNhjzJEPc4jVntRJ6K53NgPQ5p99l3Z408OUqj4ioYezbS6vTPlQ",
      "WuGzxmcreYjpHGJoa17EBg",
    ],
  },
  rfc_7520_5_5_ecdh_es_on_p_256_and_a128cbc_hs256: {
    source: "RFC 7520 §5.5",
    key: {
      jwk: {
        kty: "EC",
        kid: "meriadoc.brandybuck@buckland.example",
        use: "enc",
        crv: "P-256",
        x: "Ze2loSV3wrroKUN_4zhwGhCqo3Xhu1td4QjeQ5wIVR0",
        y: "HlLtdXARY_f55A3fnzQbPcm6hgr34Mp8p-nuzQCE0Zw",
        d: "r_kHyZ-a06rmxM3yESK84r1otSg-aQcVStkRhA-iCM8",
      },
      alg: "ECDH-ES",
    },
    header: {
      alg: "ECDH-ES",
      kid: "meriadoc.brandybuck@buckland.example",
      epk: {
        kty: "EC",
        crv: "P-256",
        x: "mPUKT_bAWGHIhg0TpjjqVsP1rXWQu_vwVOHHtNkdYoA",
        y: "8BQAsImGeAS46fyWw5MhYfGTT0IjBpFw2SS34Dv4Irs",
      },
      enc: "A128CBC-HS256",
    },
    plaintext: FRODO,
    token: [
      "eyJhbGciOiJFQ0RILUVTIiwia2lkIjoibWVyaWFkb2MuYnJhbmR5YnVja0BidWNrbGFuZC5leGFtcGxlIiwiZXBrIjp7Imt0eSI6IkVDIiwiY3J2IjoiUC0yNTYiLCJ4IjoibVBVS1RfYkFXR0hJaGcwVHBqanFWc1AxclhXUXVfdndWT0hIdE5rZFlvQSIsInkiOiI4QlFBc0ltR2VBUzQ2ZnlXdzVNaFlmR1RUMElqQnBGdzJTUzM0RHY0SXJzIn0sImVuYyI6IkExMjhDQkMtSFMyNTYifQ",
      "",
      "yc9N8v5sYyv3iGQT926IUg",
      "BoDlwPnTypYq-ivjmQvAYJLb5Q6l-F3LIgQomlz87yW4OPKbWE1zSTEFjDfhU9IPIOSA9Bml4m7iDFwA-1ZXvHteLDtw4R1XRGMEsDIqAYtskTTmzmzNa-_q4F_evAPUmwlO-ZG45Mnq4uhM1fm_D9rBtWolqZSF3xGNNkpOMQKF1Cl8i8wjzRli7-IXgyirlKQsbhhqRzkv8IcY6aHl24j03C-AR2le1r7URUhArM79BY8soZU0lzwI-sD5PZ3l4NDCCei9XkoIAfsXJWmySPoeRb2Ni5UZL4mYpvKDiwmyzGd65KqVw7MsFfI_K767G9C9Azp73gKZD0DyUn1mn0WW5LmyX_yJ-3AROq8p1WZBfG-ZyJ6195_JGG2m9Csg",
      "WCCkNa-x4BeB9hIDIfFuhg",
    ],
  },
  rfc_7520_5_6_dir_and_a128gcm: {
    source: "RFC 7520 §5.6: a JWK for dir names its content encryption as its alg",
    key: {
      jwk: {
        kty: "oct",
        kid: "77c7e2b8-6e13-45cf-8672-617b5b45243a",
        use: "enc",
        alg: "A128GCM",
        k: "XctOhJAkA-pD9Lh7ZgW_2A",
      },
    },
    header: { alg: "dir", kid: "77c7e2b8-6e13-45cf-8672-617b5b45243a", enc: "A128GCM" },
    plaintext: FRODO,
    token: [
      "eyJhbGciOiJkaXIiLCJraWQiOiI3N2M3ZTJiOC02ZTEzLTQ1Y2YtODY3Mi02MTdiNWI0NTI0M2EiLCJlbmMiOiJBMTI4R0NNIn0",
      "",
      "refa467QzzKx6QAB",
      "JW_i_f52hww_ELQPGaYyeAB6HYGcR559l9TYnSovc23XJoBcW29rHP8yZOZG7YhLpT1bjFuvZPjQS-m0IFtVcXkZXdH_lr_FrdYt9HRUYkshtrMmIUAyGmUnd9zMDB2n0cRDIHAzFVeJUDxkUwVAE7_YGRPdcqMyiBoCO-FBdE-Nceb4h3-FtBP-c_BIwCPTjb9o0SbdcdREEMJMyZBH8ySWMVi1gPD9yxi-aQpGbSv_F9N4IZAxscj5g-NJsUPbjk29-s7LJAGb15wEBtXphVCgyy53CoIKLHHeJHXex45Uz9aKZSRSInZI-wjsY0yu3cT4_aQ3i1o-tiE-F8Ios61EKgyIQ4CWao8PFMj8TTnp",
      "vbb32Xvllea2OtmHAdccRQ",
    ],
  },
  rfc_7520_5_8_a128kw_and_a128gcm: {
    source: "RFC 7520 §5.8",
    key: {
      jwk: {
        kty: "oct",
        kid: "81b20965-8332-43d9-a468-82160ad91ac8",
        use: "enc",
        alg: "A128KW",
        k: "GZy6sIZ6wl9NJOKB-jnmVQ",
      },
    },
    header: { alg: "A128KW", kid: "81b20965-8332-43d9-a468-82160ad91ac8", enc: "A128GCM" },
    plaintext: FRODO,
    token: [
      "eyJhbGciOiJBMTI4S1ciLCJraWQiOiI4MWIyMDk2NS04MzMyLTQzZDktYTQ2OC04MjE2MGFkOTFhYzgiLCJlbmMiOiJBMTI4R0NNIn0",
      "CBI6oDw8MydIx1IBntf_lQcw2MmJKIQx",
      "Qx0pmsDa8KnJc9Jo",
      "AwliP-KmWgsZ37BvzCefNen6VTbRK3QMA4TkvRkH0tP1bTdhtFJgJxeVmJkLD61A1hnWGetdg11c9ADsnWgL56NyxwSYjU1ZEHcGkd3EkU0vjHi9gTlb90qSYFfeF0LwkcTtjbYKCsiNJQkcIp1yeM03OmuiYSoYJVSpf7ej6zaYcMv3WwdxDFl8REwOhNImk2Xld2JXq6BR53TSFkyT7PwVLuq-1GwtGHlQeg7gDT6xW0JqHDPn_H-puQsmthc9Zg0ojmJfqqFvETUxLAF-KjcBTS5dNy6egwkYtOt8EIHK-oEsKYtZRaa8Z7MOZ7UGxGIMvEmxrGCPeJa14slv2-gaqK0kEThkaSqdYw0FkQZF",
      "ER7MWJZ1FBI_NKvn7Zb1Lw",
    ],
  },
};

Object.assign(EXAMPLES, {
  rfc_7516_a_1_rsa_oaep_and_a256gcm: {
    source: "RFC 7516 appendix A.1",
    key: { jwk: rsaOfA1, alg: "RSA-OAEP" },
    header: { alg: "RSA-OAEP", enc: "A256GCM" },
    plaintext: plaintextOfA1,
    token: [tokenOfA1],
  },
  rfc_7520_5_2_rsa_oaep_and_a256gcm: {
    source: "RFC 7520 §5.2",
    key: { jwk: rsaOf52 },
    header: { alg: "RSA-OAEP", kid: rsaOf52.kid, enc: "A256GCM" },
    plaintext: FRODO,
    token: [printed["5.2"].compact],
  },
  rfc_7520_5_7_a256gcmkw_and_a128cbc_hs256: {
    source: "RFC 7520 §5.7",
    key: { jwk: gcmkwOf57 },
    header: {
      alg: "A256GCMKW",
      kid: gcmkwOf57.kid,
      tag: "kfPduVQ3T3H6vnewt--ksw",
      iv: "KkYT0GX_2jHlfqN_",
      enc: "A128CBC-HS256",
    },
    plaintext: FRODO,
    token: [printed["5.7"].compact],
  },
  rfc_7520_5_9_compressed_content: {
    source: "RFC 7520 §5.9",
    key: { jwk: aesOf58 },
    header: { alg: "A128KW", kid: aesOf58.kid, enc: "A128GCM", zip: "DEF" },
    plaintext: FRODO,
    token: [printed["5.9"].compact],
  },
});

/** The agreements that RFCs work out without a token: the agreed secret is compared with the printed one. */
const agreed = (crv) =>
  diffieHellman({
    privateKey: createPrivateKey({ key: ephemerals[crv], format: "jwk" }),
    publicKey: createPublicKey({ key: curves[crv], format: "jwk" }),
  });
const alice = Buffer.from("Alice");
const bob = Buffer.from("Bob");
const derived = base64url(concatKdf(agreed("P-256"), "A128GCM", 16, alice, bob));
if (derived !== "VqqN6vgjbSBcIijNcacQGg") throw new Error("not the key of RFC 7518 appendix C");
const z = agreed("X25519").toString("hex");
if (z !== "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742")
  throw new Error("not the Z of RFC 8037 A.6");

const { d: _alice, ...p256Epk } = ephemerals["P-256"];
const { d: _ephemeral, ...x25519Epk } = ephemerals.X25519;

/** The examples of RFC 7520 in the two forms in JSON, in which it prints them too. make-cases-jwe-json.mjs has the others. */
const inJson = Object.entries(EXAMPLES)
  .filter(([name]) => /^rfc_7520_5_[3-6]_/.test(name))
  .flatMap(([name, { source, key, header, plaintext, token }]) => {
    const [head, encryptedKey, iv, ciphertext, tag] = token;
    const recipient = encryptedKey === "" ? {} : { encrypted_key: encryptedKey };
    const content = { protected: head, iv, ciphertext, tag };
    const forms = { flattened: { ...recipient, ...content }, general: { recipients: [recipient], ...content } };
    return Object.entries(forms).map(([form, jwe]) =>
      answers(
        "decryptJson",
        `decrypts_the_${form}_form_of_${name}`,
        source,
        { jwe: JSON.stringify(jwe), key },
        { header, plaintext, recipient: 0 },
      ),
    );
  });

export default {
  description: "The encrypted examples of RFC 7516, RFC 7518, RFC 7520 and RFC 8037.",
  cases: [
    ...Object.entries(EXAMPLES).map(([name, { source, key, header, plaintext, token }]) =>
      answers("decrypt", `decrypts_${name}`, source, { token: token.join("."), key }, { header, plaintext }),
    ),
    ...inJson,
    answers(
      "decryptAndVerify",
      "decrypts_and_verifies_the_nested_token_of_rfc_7520_6",
      "RFC 7520 §6",
      { token: nestedOf6, key: { jwk: rsaOf52 }, signer: signerOf6, now: 1300819379 },
      {
        outerHeader: { alg: "RSA-OAEP", cty: "JWT", enc: "A128GCM" },
        verified: {
          header: { alg: "PS256", typ: "JWT" },
          claims: { iss: "hobbiton.example", exp: 1300819380, "http://example.com/is_root": true },
        },
      },
    ),
    answers(
      "decrypt",
      "decrypts_by_the_agreement_of_rfc_7518_appendix_c",
      "RFC 7518 appendix C: the derived key",
      {
        token: jwe({
          key: { alg: "ECDH-ES", jwk: curves["P-256"] },
          ephemeral: ephemerals["P-256"],
          enc: "A128GCM",
          apu: alice,
          apv: bob,
        }),
        key: { jwk: curves["P-256"], alg: "ECDH-ES" },
      },
      {
        header: { alg: "ECDH-ES", enc: "A128GCM", epk: p256Epk, apu: "QWxpY2U", apv: "Qm9i" },
        plaintext: PLAINTEXT,
      },
    ),
    answers(
      "decrypt",
      "decrypts_by_the_agreement_of_rfc_8037_a_6",
      "RFC 8037 A.6: the shared secret",
      {
        token: jwe({
          key: { alg: "ECDH-ES+A128KW", jwk: curves.X25519 },
          ephemeral: ephemerals.X25519,
          enc: "A128GCM",
          header: { kid: "Bob" },
        }),
        key: { jwk: curves.X25519, alg: "ECDH-ES+A128KW" },
      },
      { header: { alg: "ECDH-ES+A128KW", enc: "A128GCM", epk: x25519Epk, kid: "Bob" }, plaintext: PLAINTEXT },
    ),
  ],
};
