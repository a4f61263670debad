// Passwords, stored hashes and policies as JavaScript values.

import { holds, refuses, same, table } from "./assertions.mjs";
import { nonObjects, nonStrings, quick, revoked } from "./materials.mjs";

const notString = ["PASSWORD_INVALID", "password is not a string"];
const password = "correct horse battery staple";

const bcrypt = { scheme: "bcrypt", params: { cost: 10 } };
const pbkdf2 = { scheme: "pbkdf2-sha256", params: { iterations: 1000 } };
const hasher = (countersign, policy = quick) => new countersign.PasswordHasher(policy);

export const cases = [
  ...[
    ["nothing_by_argon2id", quick, password, undefined],
    [
      "what_is_too_long",
      quick,
      "x".repeat(4097),
      ["PASSWORD_TOO_LONG", 'password is longer than the option "limits.passwordBytes" allows'],
    ],
    [
      "what_bcrypt_does_not_read",
      bcrypt,
      "x".repeat(73),
      ["PASSWORD_TOO_LONG", "password is longer than the 72 bytes that bcrypt reads"],
    ],
    [
      "a_nul_with_bcrypt",
      bcrypt,
      "a\0b",
      ["PASSWORD_INVALID", "password contains a NUL character, which bcrypt treats as its end"],
    ],
    [
      "a_nul_at_the_end_with_pbkdf2",
      pbkdf2,
      "a\0",
      ["PASSWORD_INVALID", "password ends with a NUL character, which HMAC cannot tell from padding"],
    ],
    ["no_nul_within_with_pbkdf2", pbkdf2, "a\0b", undefined],
  ].map(([name, policy, text, refusal]) => ({
    name: `refuses_${name}_at_once_as_when_it_is_hashed`,
    check: (countersign) => {
      const made = hasher(countersign, policy);
      for (const work of [() => made.checkHashable(text), () => made.hash(text)]) {
        if (refusal === undefined) work();
        else refuses(countersign, work, refusal, [text]);
      }
      same(made.checkHashable(password), undefined);
      refuses(countersign, () => made.checkHashable(7), notString);
    },
  })),
  ...table(
    nonStrings,
    (what) => `refuses_a_password_that_is_${what}`,
    (countersign, value) => {
      const stored = hasher(countersign).hash(password);
      const expected = value === undefined ? ["OPTION_INVALID", "password is undefined"] : notString;
      refuses(countersign, () => hasher(countersign).hash(value), expected);
      refuses(countersign, () => hasher(countersign).checkHashable(value), expected);
      refuses(countersign, () => hasher(countersign).verify(value, stored), expected);
      refuses(countersign, () => hasher(countersign).verify(value, null), expected);
      refuses(countersign, () => hasher(countersign).verifyAndUpdate(value, stored), expected);
      refuses(countersign, () => countersign.hashPassword(value, quick), expected);
      refuses(countersign, () => countersign.verifyPassword(value, stored, quick), expected);
    },
  ),
  ...table(
    nonStrings.filter(([what]) => what !== "null"),
    (what) => `refuses_a_stored_hash_that_is_${what}`,
    (countersign, value) => {
      const expected = ["HASH_MALFORMED", "stored hash is neither a string nor null"];
      refuses(countersign, () => hasher(countersign).verify(password, value), expected);
      refuses(countersign, () => hasher(countersign).verifyAndUpdate(password, value), expected);
      refuses(countersign, () => countersign.verifyPassword(password, value, quick), expected);
    },
  ),
  ...table(
    nonStrings,
    (what) => `refuses_to_judge_a_stored_hash_that_is_${what}`,
    (countersign, value) => {
      const expected = ["HASH_MALFORMED", "stored hash is not a string"];
      refuses(countersign, () => hasher(countersign).needsRehash(value), expected);
      refuses(countersign, () => hasher(countersign).describe(value), expected);
      refuses(countersign, () => hasher(countersign).identify(value), expected);
    },
  ),
  ...table(
    nonObjects,
    (what) => `refuses_policy_params_that_are_${what}`,
    (countersign, params) =>
      refuses(countersign, () => hasher(countersign, { params }), [
        "OPTION_INVALID",
        'option "params" is not an object',
      ]),
  ),
  ...table(
    [
      ["nan", NaN],
      ["infinity", Infinity],
      ["negative", -1],
      ["a_fraction", 8.5],
      ["text", "8"],
      ["a_bigint", 8n],
      ["null", null],
    ],
    (what) => `refuses_a_cost_that_is_${what}`,
    (countersign, value) => {
      for (const name of ["memoryKib", "passes", "lanes"]) {
        refuses(countersign, () => hasher(countersign, { params: { [name]: value } }), [
          "OPTION_INVALID",
          `option "params.${name}" is not a whole number`,
        ]);
      }
    },
  ),
  {
    name: "refuses_an_unknown_cost",
    check: (countersign) =>
      refuses(countersign, () => hasher(countersign, { params: { memory: 8 } }), [
        "OPTION_INVALID",
        'unknown option "params.memory"',
      ]),
  },
  {
    name: "refuses_a_password_with_a_lone_surrogate",
    check: (countersign) => {
      for (const text of ["\ud800", "abc\udfff", "\udc00\ud800"]) {
        refuses(countersign, () => hasher(countersign).hash(text), [
          "PASSWORD_INVALID",
          "password has a lone surrogate",
        ]);
        refuses(countersign, () => hasher(countersign).verify(text, null), [
          "PASSWORD_INVALID",
          "password has a lone surrogate",
        ]);
      }
    },
  },
  {
    name: "keeps_a_null_character_in_a_password",
    check: (countersign) => {
      const stored = hasher(countersign).hash("pass\u0000word");
      same(hasher(countersign).verify("pass\u0000word", stored).ok, true);
      same(hasher(countersign).verify("pass", stored).ok, false);
      same(hasher(countersign).verify("pass\u0000wore", stored).ok, false);
    },
  },
  {
    name: "hashes_a_password_differently_each_time",
    check: (countersign) => {
      const hashes = Array.from({ length: 8 }, () => hasher(countersign).hash(password));
      same(new Set(hashes).size, hashes.length);
      for (const stored of hashes)
        same(hasher(countersign).verify(password, stored), { ok: true, needsRehash: false, scheme: "argon2id" });
    },
  },
  {
    name: "answers_false_for_a_wrong_password",
    check: (countersign) => {
      const stored = hasher(countersign).hash(password);
      same(hasher(countersign).verify(`${password} `, stored).ok, false);
      same(hasher(countersign).verify("", stored).ok, false);
      same(countersign.verifyPassword("wrong", stored, quick), false);
      same(countersign.verifyPassword(password, stored, quick), true);
      same(hasher(countersign).verifyAndUpdate("wrong", stored), { ok: false });
    },
  },
  {
    name: "answers_false_for_an_unknown_user",
    check: (countersign) => {
      same(hasher(countersign).verify(password, null), { ok: false, needsRehash: false, scheme: null });
      same(hasher(countersign).verifyAndUpdate(password, null), { ok: false });
      same(countersign.verifyPassword(password, null, quick), false);
    },
  },
  {
    name: "gives_no_new_hash_where_none_is_needed",
    check: (countersign) => {
      const answer = hasher(countersign).verifyAndUpdate(password, hasher(countersign).hash(password));
      same(answer, { ok: true });
      holds(!Object.hasOwn(answer, "newHash"), "a newHash that is undefined");
    },
  },
  {
    name: "uses_the_documented_defaults",
    check: (countersign) => {
      const stored = countersign.hashPassword(password);
      holds(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/u.test(stored), "another format");
      same(countersign.verifyPassword(password, stored), true);
      same(new countersign.PasswordHasher().needsRehash(stored), false);
    },
  },
  {
    name: "leaves_a_frozen_policy_as_it_was",
    check: (countersign) => {
      const policy = Object.freeze({
        params: Object.freeze({ memoryKib: 8, passes: 1, lanes: 1 }),
        accept: Object.freeze(["argon2id"]),
      });
      const stored = countersign.hashPassword(password, policy);
      same(countersign.verifyPassword(password, stored, policy), true);
    },
  },
  {
    name: "is_not_changed_by_later_writes_to_the_policy",
    check: (countersign) => {
      const policy = { params: { memoryKib: 8, passes: 1, lanes: 1 } };
      const made = hasher(countersign, policy);
      policy.params.passes = 3;
      holds(made.hash(password).startsWith("$argon2id$v=19$m=8,t=1,p=1$"), "the policy changed");
    },
  },
  {
    name: "is_not_loosened_by_inherited_limits",
    check: (countersign) => {
      const stored =
        "$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
      const policy = { limits: Object.create({ memoryKib: 2 ** 32 }) };
      refuses(
        countersign,
        () => hasher(countersign, policy).verify(password, stored),
        ["OPTION_INVALID", 'option "limits" is not an object'],
        [password, stored],
      );
    },
  },
  {
    name: "refuses_texts_of_ten_million_characters",
    check: (countersign) => {
      const stored = hasher(countersign).hash(password);
      const tooLong = ["PASSWORD_TOO_LONG", 'password is longer than the option "limits.passwordBytes" allows'];
      for (const character of ["x", "é", "🦀"]) {
        const endless = character.repeat(10_000_000 / character.length);
        refuses(countersign, () => hasher(countersign).hash(endless), tooLong);
        refuses(countersign, () => hasher(countersign).verify(endless, stored), tooLong);
        const tooLongStored = ["HASH_MALFORMED", "stored hash is longer than 1024 bytes"];
        refuses(countersign, () => hasher(countersign).verify(password, `${stored}${endless}`), tooLongStored);
        refuses(countersign, () => hasher(countersign).needsRehash(`${stored}${endless}`), tooLongStored);
      }
    },
  },
  {
    name: "errs_when_the_memory_cannot_be_had",
    check: (countersign) => {
      // Its table is just below what is allowed; with what is beside it, it is 2 GiB.
      const stored = "$scrypt$ln=4,r=1048575,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
      const policy = { ...quick, limits: { scryptMemoryKib: 2097151 } };
      const expected = ["OUT_OF_MEMORY", "not enough memory to compute the password hash"];
      refuses(countersign, () => hasher(countersign, policy).verify(password, stored), expected);
      same(countersign.verifyPassword(password, countersign.hashPassword(password, quick), quick), true);
    },
  },
  ...table(
    [
      [
        "argon2_of_2_gib",
        { params: { memoryKib: 2097152 } },
        'option "params.memoryKib" is more than "limits.memoryKib"',
      ],
      [
        "argon2_up_to_2_gib",
        { limits: { memoryKib: 2097152 } },
        'option "limits.memoryKib" is not between 8 and 2097151',
      ],
      [
        "argon2_in_next_to_nothing",
        { limits: { memoryKib: 7 } },
        'option "limits.memoryKib" is not between 8 and 2097151',
      ],
      [
        "scrypt_up_to_2_gib",
        { limits: { scryptMemoryKib: 2097152 } },
        'option "limits.scryptMemoryKib" is not between 1 and 2097151',
      ],
      [
        "scrypt_in_nothing",
        { limits: { scryptMemoryKib: 0 } },
        'option "limits.scryptMemoryKib" is not between 1 and 2097151',
      ],
      ...[
        ["of_2_gib", { cost: 21 }],
        ["that_takes_2_gib_with_what_is_beside_its_table", { cost: 4, blockSize: 1048575 }],
        ["of_more_than_a_pointer_holds", { cost: 32, blockSize: 4294967295 }],
      ].map(([what, params]) => [
        `scrypt_${what}`,
        { scheme: "scrypt", params },
        'option "params.cost" needs more than the 2097151 KiB that WebAssembly can address',
      ]),
    ].map(([what, ...rest]) => [what, rest]),
    (what) => `refuses_a_policy_of_${what}`,
    (countersign, [policy, message]) =>
      refuses(countersign, () => hasher(countersign, policy), ["OPTION_INVALID", message]),
  ),
  {
    name: "takes_a_policy_of_all_but_2_gib",
    check: (countersign) => {
      for (const policy of [
        { params: { memoryKib: 2097151 }, limits: { memoryKib: 2097151 } },
        { scheme: "scrypt", params: { cost: 20, blockSize: 15 } },
      ]) {
        same(hasher(countersign, policy).identify("$argon2id$"), "argon2id");
      }
    },
  },
  ...table(
    [
      ["params", (array) => ({ params: array }), 'option "params" is not an object'],
      ["limits", (array) => ({ limits: array }), 'option "limits" is not an object'],
      ["accepted_schemes", (array) => ({ accept: array }), 'option "accept" is not an array of known schemes'],
      ["a_pepper", (array) => ({ pepper: array }), 'option "pepper" is not an object with "current"'],
      [
        "previous_peppers",
        (array) => ({ pepper: { current: { id: "a", key: "0123456789abcdef" }, previous: array } }),
        'option "pepper.previous" is not an array',
      ],
    ].map(([what, ...rest]) => [what, rest]),
    (what) => `refuses_a_revoked_proxy_for_${what}`,
    (countersign, [policy, message]) =>
      refuses(countersign, () => hasher(countersign, policy(revoked([]))), ["OPTION_INVALID", message]),
  ),
  {
    name: "refuses_more_than_1000_accepted_schemes",
    check: (countersign) => {
      const expected = ["OPTION_INVALID", 'option "accept" is not an array of known schemes'];
      const many = (length) => Array.from({ length }, () => "argon2id");
      hasher(countersign, { ...quick, accept: many(1000) });
      refuses(countersign, () => hasher(countersign, { accept: many(1001) }), expected);
      const endless = new Proxy([], { get: (_, name) => (name === "length" ? 2 ** 32 - 1 : "argon2id") });
      refuses(countersign, () => hasher(countersign, { accept: endless }), expected);
    },
  },
];
