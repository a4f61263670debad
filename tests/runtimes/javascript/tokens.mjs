// Tokens and errors as JavaScript values.

import { holds, refuses, same, table, thrownBy } from "./assertions.mjs";
import { goodToken, hmacKey, nonStrings, now, seconds } from "./materials.mjs";

const notString = ["TOKEN_MALFORMED", "token is not a string"];

export const cases = [
  ...table(
    nonStrings,
    (what) => `refuses_a_token_that_is_${what}`,
    (countersign, value) => {
      const key = hmacKey(countersign);
      refuses(countersign, () => countersign.verify(value, key), notString);
      refuses(countersign, () => new countersign.Verifier(key).verify(value), notString);
      refuses(countersign, () => countersign.decodeUnverified(value), notString);
    },
  ),
  {
    name: "refuses_a_token_with_a_lone_surrogate_in_a_segment",
    check: (countersign) => {
      const [header, payload, signature] = goodToken(countersign).split(".");
      for (const [token, part] of [
        [`${header}\ud800.${payload}.${signature}`, "header"],
        [`${header}.${payload}\udfff.${signature}`, "payload"],
      ]) {
        refuses(
          countersign,
          () => countersign.decodeUnverified(token),
          ["TOKEN_MALFORMED", `${part} is not canonical base64url`],
          [token],
        );
      }
      const token = `${header}.${payload}.${signature}\ud800`;
      refuses(
        countersign,
        () => countersign.verify(token, hmacKey(countersign), { now }),
        ["TOKEN_MALFORMED", "signature is not canonical base64url"],
        [token],
      );
    },
  },
  {
    name: "counts_a_lone_surrogate_as_a_malformed_token",
    check: (countersign) =>
      refuses(countersign, () => countersign.verify("\udc00", hmacKey(countersign)), [
        "TOKEN_MALFORMED",
        "token is not three segments separated by dots",
      ]),
  },
  {
    name: "refuses_a_token_longer_than_a_string_should_be",
    check: (countersign) =>
      refuses(countersign, () => countersign.verify("a".repeat(20_000_000), hmacKey(countersign)), [
        "TOKEN_TOO_LONG",
        "token is longer than 16384 bytes",
      ]),
  },
  {
    // Up to 16384 bytes go through the shared buffer. Longer texts take another way and must not be cut off.
    name: "hands_over_claims_and_tokens_of_every_size",
    check: (countersign) => {
      const key = hmacKey(countersign);
      const signer = new countersign.Signer(key, { now });
      const verifier = new countersign.Verifier(key, { now, maxTokenLength: 200_000 });
      for (const size of [0, 1, 15, 16, 17, 12_100, 12_150, 12_200, 12_250, 16_330, 16_370, 16_376, 16_377, 50_000]) {
        for (const letter of ["a", "\u00e9", "\u{1f600}"]) {
          const claims = { sub: letter.repeat(Math.floor(size / letter.length)) };
          const token = signer.sign(claims);
          same(verifier.verify(token).claims, { ...claims, exp: seconds + 900, iat: seconds });
          same(verifier.verify(signer.sign({})).claims, { exp: seconds + 900, iat: seconds });
        }
      }
    },
  },
  {
    name: "refuses_what_is_wrong_at_the_end_of_a_token_of_any_size",
    check: (countersign) => {
      const key = hmacKey(countersign);
      const verifier = new countersign.Verifier(key, { now, maxTokenLength: 100_000 });
      for (const size of [1, 12_100, 12_200, 50_000]) {
        const token = countersign.sign({ sub: "a".repeat(size) }, key, { now });
        same(verifier.verify(token).claims.sub.length, size);
        for (const end of ["=", ".", "\u00e9", "\ud800", " "]) {
          same(thrownBy(() => verifier.verify(token + end)).code, "TOKEN_MALFORMED");
        }
        same(thrownBy(() => verifier.verify(`${token}A`)).code, "TOKEN_SIGNATURE_INVALID");
      }
    },
  },
  {
    name: "throws_errors_that_are_errors",
    check: (countersign) => {
      const error = thrownBy(() => countersign.decodeUnverified("a.b"));
      holds(error instanceof countersign.CountersignError, "no CountersignError");
      holds(error instanceof Error, "no Error");
      same(error.name, "CountersignError");
      same(Object.prototype.toString.call(error), "[object Error]");
      holds(!Object.hasOwn(error, "claim"), "a claim where there is none");
      holds(typeof error.stack === "string", "no stack");
      same(String(error), "CountersignError: token is not three segments separated by dots");
    },
  },
  {
    name: "throws_one_class_from_both_modules",
    check: (countersign) => {
      const token = refuses(countersign, () => countersign.decodeUnverified("a.b"), [
        "TOKEN_MALFORMED",
        "token is not three segments separated by dots",
      ]);
      const password = refuses(countersign, () => countersign.hashPassword("\ud800"), [
        "PASSWORD_INVALID",
        "password has a lone surrogate",
      ]);
      holds(token.constructor === countersign.CountersignError, "the token module throws another class");
      holds(password.constructor === countersign.CountersignError, "the password module throws another class");
    },
  },
  {
    name: "lets_errors_be_made_by_callers",
    check: (countersign) => {
      const error = new countersign.CountersignError("TOKEN_EXPIRED", "token has expired", "exp");
      same(
        { name: error.name, code: error.code, message: error.message, claim: error.claim },
        {
          name: "CountersignError",
          code: "TOKEN_EXPIRED",
          message: "token has expired",
          claim: "exp",
        },
      );
    },
  },
];
