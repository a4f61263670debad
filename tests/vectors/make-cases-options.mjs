// Options: unknown names, wrong types, numbers out of range, durations that do not parse, contradictions.

import { answers, CLAIMS, fails, keyTable, NOW, token } from "./make-compact.mjs";
import { optionInvalid, unknownOption, wrongOption } from "./make-errors.mjs";
import { base64url, bytesOf, ed25519, hs256 } from "./make-material.mjs";

const by = hs256;
const good = token({ by });
const strict = "countersign: options are read strictly";
const duration = 'a number of seconds or a duration like "15m"';
const noTime = "a duration in seconds, but a time: subtract now";
const TIMES = [1e9, NOW, NOW * 1000, 9007199254740991];
const texts = "a string or a non-empty array of strings";
const whole = "a whole number";

const verify = (options) => ({ token: good, keys: by.name, options, now: NOW });
const sign = (options) => ({ claims: { sub: "alice" }, key: by.name, options, now: NOW });
const inputsOf = { sign, verify };
/** A value in a name, told apart from those before it by a number where letters do not suffice. */
const seen = new Map();
function word(value, context = "") {
  const kind = Array.isArray(value)
    ? "array"
    : value === null
      ? ""
      : typeof value === "object"
        ? "object"
        : typeof value === "string"
          ? "text"
          : "";
  const letters = JSON.stringify(value)
    .toLowerCase()
    .replace("-", "minus_")
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^_+|_+$/g, "");
  const name = [context, kind, letters].filter((part) => part !== "").join("_");
  seen.set(name, (seen.get(name) ?? 0) + 1);
  return seen.get(name) === 1 ? name : `${name}_${seen.get(name)}`;
}

/** [op, option, what it must be, values that are not] */
const WRONG = [
  ["verify", "issuer", texts, [null, 5, true, {}, [], [5], ["a", null]]],
  ["verify", "audience", texts, [null, 5, true, {}, [], [5], ["a", null]]],
  ["verify", "subject", "a string", [null, 5, true, {}, ["alice"]]],
  ["verify", "typ", "a string", [null, 5, true, {}, ["JWT"]]],
  ["verify", "requiredClaims", "an array of strings", [null, "sub", 5, {}, [5], ["sub", null]]],
  [
    "verify",
    "maxAge",
    duration,
    [
      null,
      true,
      {},
      [],
      -1,
      9007199254740992,
      "",
      "15",
      "-1s",
      "1h30m",
      "15 m",
      "15M",
      "1e3s",
      ".5s",
      "1.s",
      "fifteen minutes",
    ],
  ],
  [
    "verify",
    "clockTolerance",
    duration,
    [null, true, {}, [], -1, -0.5, 9007199254740992, "", "30", "30 s", "+30s", "30sec", "s"],
  ],
  ["verify", "maxAge", noTime, TIMES],
  ["verify", "clockTolerance", noTime, TIMES],
  ["sign", "expiresIn", noTime, TIMES],
  ["sign", "notBefore", noTime, TIMES],
  ["verify", "allowMissingExpiry", "a boolean", [null, 1, 0, "true", {}]],
  ["verify", "allowNumericSubject", "a boolean", [null, 1, 0, "true", {}]],
  ["verify", "ignoreAudience", "a boolean", [null, 1, 0, "true", {}]],
  ["verify", "maxTokenLength", whole, [null, true, "16384", 1.5, -1, 9007199254740992]],
  ["sign", "expiresIn", `null, ${duration}`, [true, {}, []]],
  [
    "sign",
    "expiresIn",
    duration,
    [
      -1,
      9007199254740992,
      "",
      "15",
      "-15m",
      "15min",
      "1h 30m",
      "1h30m",
      " 15m",
      "15m ",
      "1000000000000000s",
      "0.000000000000001s",
      "0x10s",
      "١s",
    ],
  ],
  ["sign", "notBefore", duration, [null, true, {}, [], -1, "", "15", "-15m"]],
  ["sign", "issuer", "a string", [null, 5, ["a"], {}]],
  ["sign", "audience", texts, [null, 5, true, {}, [5], ["a", null]]],
  ["sign", "subject", "a string", [null, 5, ["a"], {}]],
  ["sign", "jwtId", "true or a string", [null, false, 5, ["a"], {}]],
  ["sign", "issuedAt", "a boolean", [null, 0, 1, "true", NOW]],
  ["sign", "typ", "null or a string", [false, 5, ["JWT"], {}]],
  ["sign", "header", "a JSON object", [null, 5, "x", ["x"]]],
];

const wrong = WRONG.flatMap(([op, option, expected, values]) =>
  values.map((value) =>
    fails(
      op,
      `refuses_${word(value, `the_${op}_option_${option.toLowerCase()}_of`)}`,
      strict,
      inputsOf[op]({ [option]: value }),
      wrongOption(option, expected),
    ),
  ),
);

const UNKNOWN = {
  verify: [
    "audiance",
    "Issuer",
    "algorithms",
    "ignoreExpiration",
    "expiresIn",
    "allowShort",
    "",
    "__proto__",
    "toString",
  ],
  sign: ["expires_in", "expiresin", "algorithm", "clockTolerance", "keyid", "", "__proto__", "constructor"],
};
const unknown = Object.entries(UNKNOWN).flatMap(([op, names]) =>
  names.map((name) =>
    fails(
      op,
      `refuses_${word(name, `the_unknown_${op}_option`)}`,
      strict,
      inputsOf[op](JSON.parse(`{${JSON.stringify(name)}:true}`)),
      unknownOption(name),
    ),
  ),
);

const range = optionInvalid('option "maxTokenLength" is not between 1 and 1048576');
const accepted = { header: { alg: by.alg, typ: "JWT" }, claims: CLAIMS };
const accepts = (name, options) => answers("verify", `accepts_${name}`, strict, verify(options), accepted);
const unsupported = wrongOption("alg", "a supported algorithm");
const secret = (options) => ({ key: { secret: base64url(bytesOf("hs256", 32)), ...options } });

export default {
  description: "Options that are refused, and their neighbors that are not.",
  keys: keyTable(hs256, ed25519),
  cases: [
    ...wrong,
    ...unknown,
    fails(
      "verify",
      "refuses_an_unknown_option_beside_known_ones",
      strict,
      verify({ subject: "alice", issuers: ["a"] }),
      unknownOption("issuers"),
    ),
    fails(
      "verify",
      "refuses_an_audience_that_is_to_be_ignored",
      "countersign: options that contradict",
      verify({ audience: "api", ignoreAudience: true }),
      optionInvalid('option "ignoreAudience" contradicts option "audience"'),
    ),
    fails("verify", "refuses_a_maximum_length_of_zero", strict, verify({ maxTokenLength: 0 }), range),
    fails("verify", "refuses_a_maximum_length_above_a_mebibyte", strict, verify({ maxTokenLength: 1048577 }), range),
    fails(
      "verify",
      "refuses_options_before_it_reads_the_token",
      "countersign: a wrong option is told whatever the token",
      { ...verify({ clockTolerance: -1 }), token: "" },
      wrongOption("clockTolerance", duration),
    ),

    accepts("no_options", {}),
    accepts("a_maximum_length_of_a_mebibyte", { maxTokenLength: 1048576 }),
    accepts("a_tolerance_one_second_shorter_than_a_time", { clockTolerance: 999999999 }),
    accepts("a_tolerance_with_a_unit_as_long_as_a_time", { clockTolerance: "1000000000s" }),
    accepts("a_maximum_age_one_second_shorter_than_a_time", { maxAge: 999999999 }),
    accepts("a_maximum_age_with_a_unit_as_long_as_a_time", { maxAge: "1800000900s" }),
    accepts("a_tolerance_of_a_fraction", { clockTolerance: 0.25 }),
    accepts("a_tolerance_of_weeks", { clockTolerance: "2w" }),
    accepts("a_maximum_age_of_hours_with_a_fraction", { maxAge: "1.5h" }),
    accepts("flags_that_are_false", { allowMissingExpiry: false, ignoreAudience: false }),
    accepts("an_empty_list_of_demanded_claims_and_a_subject", { requiredClaims: [], subject: "alice" }),

    ...["", "none", "hs256", "HS1", "XY999", "eddsa", "Ed448"].map((alg) =>
      fails(
        "importKey",
        `refuses_${word(alg, "a_secret_for_the_alg")}`,
        "RFC 8725 §3.1: an alg of the table",
        secret({ alg }),
        unsupported,
      ),
    ),
    fails(
      "importKey",
      "refuses_an_alg_nobody_knows_for_a_jwk",
      "RFC 8725 §3.1",
      { key: { jwk: ed25519.jwk, alg: "XY999" } },
      unsupported,
    ),
    fails(
      "importKey",
      "refuses_a_number_as_the_kid_of_a_key",
      strict,
      secret({ alg: "HS256", kid: 5 }),
      wrongOption("kid", "a string"),
    ),
    fails(
      "importKey",
      "refuses_null_as_the_kid_of_a_key",
      strict,
      secret({ alg: "HS256", kid: null }),
      wrongOption("kid", "a string"),
    ),
    fails(
      "importKey",
      "refuses_a_string_as_allow_short",
      strict,
      secret({ alg: "HS256", allowShort: "yes" }),
      wrongOption("allowShort", "a boolean"),
    ),
    fails(
      "importKey",
      "refuses_an_unknown_option_of_a_key",
      strict,
      secret({ alg: "HS256", allowshort: true }),
      unknownOption("allowshort"),
    ),
    fails(
      "importKey",
      "refuses_an_unknown_option_of_a_jwk",
      strict,
      { key: { jwk: ed25519.jwk, algorithm: "EdDSA" } },
      unknownOption("algorithm"),
    ),
    ...["sha1", "SHA256", "sha-256", ""].map((hash) =>
      fails(
        "thumbprint",
        `refuses_${word(hash, "a_thumbprint_by")}`,
        "RFC 7638 §3.4",
        { key: "ed25519", hash },
        wrongOption("hash", "sha256, sha384 or sha512"),
      ),
    ),
  ],
};
