// Options objects: only own members count, every name and type is checked, and nothing is read twice.

import { holds, refuses, same, table } from "./assertions.mjs";
import { goodToken, hmacKey, nonObjects, now, quick, revoked, seconds } from "./materials.mjs";

/** Every place that takes options, as a function of the options alone. */
const places = [
  ["verify", (countersign, options) => countersign.verify(goodToken(countersign), hmacKey(countersign), options)],
  ["a_verifier", (countersign, options) => new countersign.Verifier(hmacKey(countersign), options)],
  [
    "a_verifiers_verify",
    (countersign, options) => new countersign.Verifier(hmacKey(countersign)).verify(goodToken(countersign), options),
  ],
  ["sign", (countersign, options) => countersign.sign({}, hmacKey(countersign), options)],
  ["a_signer", (countersign, options) => new countersign.Signer(hmacKey(countersign), options)],
  ["a_signers_sign", (countersign, options) => new countersign.Signer(hmacKey(countersign)).sign({}, options)],
  [
    "fromJwk",
    (countersign, options) => countersign.Key.fromJwk(hmacKey(countersign).toJwk({ private: true }), options),
  ],
  ["generate", (countersign, options) => countersign.Key.generate("HS256", options)],
  ["toJwk", (countersign, options) => hmacKey(countersign).toJwk(options)],
  ["toPem", (countersign, options) => countersign.Key.generate("EdDSA").toPem(options)],
  ["a_password_hasher", (countersign, options) => new countersign.PasswordHasher(options)],
  ["hashPassword", (countersign, options) => countersign.hashPassword("password", options)],
  ["verifyPassword", (countersign, options) => countersign.verifyPassword("password", null, options)],
];

const notObject = ["OPTION_INVALID", "options are not an object"];
const notPlainObject = ["OPTION_INVALID", "options are not a plain object"];

// Objects whose own members are none: a verifier that read them so would demand nothing.
const notPlain = [
  ["a_promise", () => Promise.resolve({ issuer: "https://login.example" })],
  ["a_map", () => new Map([["issuer", "https://login.example"]])],
  ["a_date", () => new Date(0)],
  ["inherited_members", () => Object.create({ issuer: "https://login.example" })],
  [
    "an_instance",
    () =>
      new (class {
        get issuer() {
          return "https://login.example";
        }
      })(),
  ],
];
// `expiresIn` may be null, and says so to a value that is no number at all.
const invalidDuration = (name, value) => {
  const orNull = name === "expiresIn" && typeof value !== "number" ? "null, " : "";
  return ["OPTION_INVALID", `option "${name}" is not ${orNull}a number of seconds or a duration like "15m"`];
};

const badNumbers = [
  ["nan", NaN],
  ["infinity", Infinity],
  ["negative", -1],
  ["a_bigint", 60n],
  ["a_number_object", Object(60)],
];

// Everything that a polluted prototype could loosen.
const pollution = {
  allowMissingExpiry: true,
  ignoreAudience: true,
  clockTolerance: 1e9,
  maxTokenLength: 1e9,
  allowShort: true,
  private: true,
  now: new Date(0),
  expiresIn: null,
};

function polluted(action) {
  const values = Object.entries(pollution);
  for (const [name, value] of values)
    Object.defineProperty(Object.prototype, name, { value, configurable: true, enumerable: true, writable: true });
  try {
    return action();
  } finally {
    for (const [name] of values) delete Object.prototype[name];
  }
}

export const cases = [
  ...places.flatMap(([place, call]) => [
    ...table(
      nonObjects,
      (what) => `refuses_options_of_${place}_that_are_${what}`,
      (countersign, value) => refuses(countersign, () => call(countersign, value), notObject),
    ),
    {
      name: `refuses_an_unknown_option_of_${place}`,
      check: (countersign) =>
        refuses(countersign, () => call(countersign, { audiance: "a value" }), [
          "OPTION_INVALID",
          'unknown option "audiance"',
        ]),
    },
    {
      name: `refuses_a_revoked_proxy_for_the_options_of_${place}`,
      check: (countersign) =>
        refuses(countersign, () => call(countersign, revoked({})), ["OPTION_INVALID", "options cannot be read"]),
    },
    {
      name: `refuses_an_option_of_${place}_that_cannot_be_read`,
      check: (countersign) => {
        const options = {
          get kid() {
            throw new Error("not mine");
          },
        };
        refuses(countersign, () => call(countersign, options), ["OPTION_INVALID", 'option "kid" cannot be read']);
      },
    },
  ]),
  ...table(
    badNumbers,
    (what) => `refuses_a_duration_that_is_${what}`,
    (countersign, value) => {
      const key = hmacKey(countersign);
      const token = goodToken(countersign);
      for (const name of ["maxAge", "clockTolerance"])
        refuses(
          countersign,
          () => countersign.verify(token, key, { [name]: value, now }),
          invalidDuration(name, value),
        );
      for (const name of ["expiresIn", "notBefore"])
        refuses(countersign, () => countersign.sign({}, key, { [name]: value, now }), invalidDuration(name, value));
    },
  ),
  ...table(
    [
      ["nan", NaN],
      ["infinity", Infinity],
      ["negative", -1],
      ["a_fraction", 1.5],
      ["text", "100"],
    ],
    (what) => `refuses_a_token_limit_that_is_${what}`,
    (countersign, value) =>
      refuses(countersign, () => countersign.verify("a.b.c", hmacKey(countersign), { maxTokenLength: value, now }), [
        "OPTION_INVALID",
        'option "maxTokenLength" is not a whole number',
      ]),
  ),
  ...table(
    [
      ["an_invalid_date", new Date(NaN)],
      ["a_number", seconds],
      ["text", now.toISOString()],
      ["null", null],
      ["an_object_with_getTime", { getTime: () => 0 }],
    ],
    (what) => `refuses_a_now_that_is_${what}`,
    (countersign, value) => {
      const expected = ["OPTION_INVALID", 'option "now" is not a valid Date'];
      refuses(
        countersign,
        () => countersign.verify(goodToken(countersign), hmacKey(countersign), { now: value }),
        expected,
      );
      refuses(countersign, () => countersign.sign({}, hmacKey(countersign), { now: value }), expected);
    },
  ),
  {
    name: "accepts_a_date_of_another_realm",
    check: (countersign, realm) => {
      const foreign = new realm.Date(now.getTime());
      const token = countersign.sign({ sub: "alice" }, hmacKey(countersign), { now: foreign });
      same(countersign.verify(token, hmacKey(countersign), { now: foreign }).claims.iat, seconds);
    },
  },
  {
    name: "takes_undefined_options_for_absent",
    check: (countersign) => {
      const key = countersign.Key.fromSecret(new Uint8Array(32), {
        alg: "HS256",
        kid: undefined,
        allowShort: undefined,
      });
      const token = countersign.sign({}, key, {
        now,
        issuer: undefined,
        expiresIn: undefined,
        jwtId: undefined,
        header: undefined,
      });
      const { claims } = countersign.verify(token, key, {
        now,
        issuer: undefined,
        maxAge: undefined,
        maxTokenLength: undefined,
      });
      same(claims, { iat: seconds, exp: seconds + 900 });
      same(key.kid, undefined);
      holds(
        countersign
          .hashPassword("password", { ...quick, pepper: undefined, normalize: undefined })
          .startsWith("$argon2id$"),
        "no hash",
      );
    },
  },
  {
    name: "reads_the_clock_where_now_is_absent",
    check: (countersign) => {
      const before = Math.floor(Date.now() / 1000);
      const token = countersign.sign({}, hmacKey(countersign));
      const { claims } = countersign.verify(token, hmacKey(countersign));
      holds(before <= claims.iat && claims.iat <= Date.now() / 1000, "iat is not now");
      same(claims.exp, claims.iat + 900);
    },
  },
  ...places.flatMap(([place, call]) =>
    table(
      notPlain,
      (what) => `refuses_${what}_for_the_options_of_${place}`,
      (countersign, make) => refuses(countersign, () => call(countersign, make()), notPlainObject),
    ),
  ),
  ...table(
    [
      ["a_revoked_proxy", revoked([])],
      ["1001_of_them", Array.from({ length: 1001 }, () => "https://login.example")],
      ["an_endless_array", new Proxy([], { get: (_, name) => (name === "length" ? 2 ** 32 - 1 : "x") })],
    ],
    (what) => `refuses_${what}_for_issuers`,
    (countersign, issuer) => {
      refuses(countersign, () => new countersign.Verifier(hmacKey(countersign), { issuer }), [
        "OPTION_INVALID",
        'option "issuer" is not a string or a non-empty array of strings',
      ]);
    },
  ),
  {
    name: "takes_1000_issuers",
    check: (countersign) => {
      const issuer = Array.from({ length: 1000 }, () => "https://login.example");
      const token = countersign.sign({ sub: "alice" }, hmacKey(countersign), { issuer: issuer[0], now });
      same(countersign.verify(token, hmacKey(countersign), { issuer, now }).claims.sub, "alice");
    },
  },
  {
    name: "reads_members_that_are_not_enumerable",
    check: (countersign) => {
      const options = Object.defineProperty({ now }, "issuer", { value: "https://other.example" });
      refuses(countersign, () => countersign.verify(goodToken(countersign), hmacKey(countersign), options), [
        "CLAIM_MISSING",
        'missing "iss" claim',
        "iss",
      ]);
    },
  },
  {
    name: "reads_options_without_a_prototype",
    check: (countersign) => {
      const options = Object.assign(Object.create(null), { now });
      same(countersign.verify(goodToken(countersign), hmacKey(countersign), options).claims.sub, "alice");
    },
  },
  ...table(
    [
      ["issuer", { issuer: "\ud800" }],
      ["subject", { subject: "a\udc00" }],
    ],
    (name) => `refuses_a_lone_surrogate_in_the_${name}`,
    (countersign, options) => {
      const [[member]] = Object.entries(options);
      const found = member === "issuer" ? "a string or a non-empty array of strings" : "a string";
      refuses(countersign, () => new countersign.Verifier(hmacKey(countersign), options), [
        "OPTION_INVALID",
        `option "${member}" is not ${found}`,
      ]);
    },
  ),
  {
    name: "is_not_loosened_by_a_polluted_prototype",
    check: (countersign) => {
      const key = hmacKey(countersign);
      const eternal = countersign.sign({ sub: "alice" }, key, { expiresIn: null, now });
      const stale = countersign.sign({ sub: "alice" }, key, { now: new Date(0) });
      const addressed = countersign.sign({ sub: "alice" }, key, { audience: "another", now });
      const expected = {
        exp: ["CLAIM_MISSING", 'missing "exp" claim: see option "allowMissingExpiry"', "exp"],
        stale: ["TOKEN_EXPIRED", "token has expired", "exp"],
      };
      polluted(() => {
        for (const options of [{ now }, Object.assign(Object.create(null), { now })]) {
          refuses(countersign, () => countersign.verify(eternal, key, options), expected.exp);
          refuses(countersign, () => countersign.verify(stale, key, options), expected.stale);
          refuses(countersign, () => countersign.verify(addressed, key, options), [
            "CLAIM_INVALID",
            '"aud" claim is present but no audience is expected: set option "audience"',
            "aud",
          ]);
        }
        refuses(countersign, () => countersign.verify(stale, key), expected.stale);
        refuses(countersign, () => countersign.Key.fromSecret(new Uint8Array(31), { alg: "HS256" }), [
          "KEY_TOO_WEAK",
          'HS256 needs a secret of at least 32 bytes: option "allowShort" accepts it during a migration',
        ]);
        holds(!Object.hasOwn(countersign.Key.generate("EdDSA").toJwk(), "d"), "a private key was exported");
        same(countersign.decodeUnverified(countersign.sign({}, key, { now })).claims, {
          iat: seconds,
          exp: seconds + 900,
        });
      });
    },
  },
  {
    name: "reads_each_option_once",
    check: (countersign) => {
      let reads = 0;
      const options = {
        now,
        get issuer() {
          reads += 1;
          return "issuer";
        },
      };
      countersign.sign({}, hmacKey(countersign), options);
      same(reads, 1);
    },
  },
];
