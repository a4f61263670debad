// Tokens and errors as JavaScript values.

import { holds, refuses, same, table, thrownBy } from "./assertions.mjs";
import { goodToken, hmacKey, nonStrings, now } from "./materials.mjs";

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
