// Which stored hashes are weaker than the policy, and what is done about them.

import { QUICK, stored } from "./make-argon2.mjs";
import { altered, PASSWORD } from "./make-check-password.mjs";

const OWASP = "OWASP Password Storage Cheat Sheet: settings of equal strength";
const MEMORY = "memory is what an attacker's hardware cannot share";
const NEVER_DOWN = "never a rehash downwards";

const made = await stored();
const costs = (text, from = made) => altered(from, "m=64,t=1,p=1", text);
const noted = (scheme, version) => altered(altered(costs("m=65536,t=3,p=4"), "argon2id", scheme), "$v=19", version);

function judges(name, source, text, ok, policy) {
  return { name, source, op: "needsRehash", stored: text, policy, expect: { ok } };
}

const defaults = [
  ["keeps_a_hash_at_the_default_cost", "equal is not weaker", costs("m=19456,t=2,p=1"), false],
  ["keeps_a_hash_with_more_memory", NEVER_DOWN, costs("m=20000,t=2,p=1"), false],
  ["keeps_a_hash_with_more_passes", NEVER_DOWN, costs("m=19456,t=3,p=1"), false],
  ["keeps_a_hash_with_more_memory_and_fewer_passes_but_more_work", OWASP, costs("m=47104,t=1,p=1"), false],
  ["keeps_a_hash_with_twice_the_memory_and_half_the_passes", "equal is not weaker", costs("m=38912,t=1,p=1"), false],
  ["renews_a_hash_with_more_memory_and_less_work", "less work in all", costs("m=38911,t=1,p=1"), true],
  ["renews_a_hash_with_one_kib_less", MEMORY, costs("m=19455,t=2,p=1"), true],
  ["renews_a_hash_with_one_kib_less_and_more_passes", MEMORY, costs("m=19455,t=16,p=1"), true],
  ["renews_a_hash_with_one_pass_less", "less work in all", costs("m=19456,t=1,p=1"), true],
  ["renews_the_hash_that_owasp_ranks_third", MEMORY, costs("m=12288,t=3,p=1"), true],
  ["renews_the_hash_that_owasp_ranks_last", MEMORY, costs("m=7168,t=5,p=1"), true],
  ["keeps_a_hash_with_more_lanes", "lanes divide the same work", costs("m=19456,t=2,p=4"), false],
  ["keeps_the_hash_that_rfc_9106_recommends_second", "RFC 9106 §4", costs("m=65536,t=3,p=4"), false],
  ["renews_an_argon2i_hash", "another scheme is one to replace", noted("argon2i", "$v=19"), true],
  ["renews_an_argon2d_hash", "another scheme is one to replace", noted("argon2d", "$v=19"), true],
  ["renews_a_hash_of_version_16", "an older version is weaker", noted("argon2id", "$v=16"), true],
  ["renews_a_hash_without_a_version", "no version is version 16", noted("argon2id", ""), true],
].map(([name, source, text, ok]) => judges(name, source, text, ok));

const sizes = [
  [
    "renews_a_hash_with_a_salt_of_15_bytes",
    "RFC 9106 §3.1: 16 recommended",
    await stored(PASSWORD, { salt: Buffer.alloc(15, 1) }),
    true,
  ],
  ["keeps_a_hash_with_a_salt_of_17_bytes", NEVER_DOWN, await stored(PASSWORD, { salt: Buffer.alloc(17, 1) }), false],
  [
    "keeps_a_hash_with_a_tag_of_16_bytes",
    "RFC 9106 §4: 128 bits are sufficient; argon2-cffi before 21.2",
    await stored(PASSWORD, { length: 16 }),
    false,
  ],
  ["keeps_a_hash_with_a_tag_of_36_bytes", NEVER_DOWN, await stored(PASSWORD, { length: 36 }), false],
  [
    "keeps_a_hash_with_associated_data",
    "it does not weaken",
    await stored(PASSWORD, { data: Buffer.from("ad") }),
    false,
  ],
].map(([name, source, text, ok]) => judges(name, source, text, ok, { params: QUICK }));

const policies = [
  [
    "renews_a_hash_where_the_policy_has_more_memory",
    MEMORY,
    costs("m=19456,t=2,p=1"),
    true,
    { params: { memoryKib: 19457 } },
  ],
  [
    "renews_a_hash_where_the_policy_has_more_passes",
    "less work in all",
    costs("m=19456,t=2,p=1"),
    true,
    { params: { passes: 3 } },
  ],
  [
    "keeps_a_hash_where_the_policy_has_more_lanes",
    "lanes divide the same work",
    costs("m=19456,t=2,p=1"),
    false,
    { params: { lanes: 4 } },
  ],
  [
    "keeps_a_hash_of_all_but_2_gib_and_one_pass",
    "RFC 9106 §4: memory goes before passes",
    costs("m=2097151,t=1,p=4"),
    false,
    { params: { memoryKib: 65536, passes: 3, lanes: 4 }, limits: { memoryKib: 2097151 } },
  ],
].map(([name, source, text, ok, policy]) => judges(name, source, text, ok, policy));

// A hash of a higher rank than the policy's: it need only be sound.
const scryptOf = (costs) => `$scrypt$${costs}$${"A".repeat(22)}$${"A".repeat(43)}`;
const ranked = [
  ...[
    ["m=47104,t=1,p=1", false],
    ["m=12288,t=3,p=1", false],
    ["m=9216,t=4,p=1", false],
    ["m=7168,t=5,p=1", false],
    ["m=7168,t=4,p=1", true],
    ["m=7167,t=5,p=1", true],
    ["m=12287,t=2,p=1", true],
    ["m=47103,t=1,p=1", false],
    ["m=35839,t=1,p=1", true],
  ].map(([text, ok]) => [`argon2id_of_${text}`, costs(text), ok]),
  ...[
    ["ln=16,r=8,p=2", false],
    ["ln=15,r=8,p=3", false],
    ["ln=14,r=8,p=5", false],
    ["ln=13,r=8,p=10", false],
    ["ln=13,r=8,p=9", true],
    ["ln=16,r=8,p=1", true],
    ["ln=12,r=8,p=16", true],
  ].map(([text, ok]) => [`scrypt_of_${text}`, scryptOf(text), ok]),
].flatMap(([what, text, ok]) =>
  [
    ["bcrypt", { scheme: "bcrypt", params: { cost: 10 } }],
    ["pbkdf2", { scheme: "pbkdf2-sha256", params: { iterations: 1000 } }],
  ].map(([under, policy]) =>
    judges(`${ok ? "renews" : "keeps"}_${what.replaceAll(/[^a-z0-9]+/g, "_")}_under_${under}`, OWASP, text, ok, policy),
  ),
);

const NEW = "\\$argon2id\\$v=19\\$m=64,t=1,p=1\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}";
const policy = { params: QUICK };

function updates(name, source, password, text, ok, given = policy) {
  return { name, source, op: "verifyAndUpdate", password, stored: text, policy: given, expect: { ok } };
}

const weak = await stored(PASSWORD, { memoryKib: 32 });
const updated = [
  updates("gives_a_new_hash_for_a_weak_one", "the password is at hand only now", PASSWORD, weak, {
    ok: true,
    newHash: NEW,
  }),
  updates(
    "gives_a_new_hash_for_an_argon2i_hash",
    "the password is at hand only now",
    PASSWORD,
    await stored(PASSWORD, { scheme: "argon2i" }),
    { ok: true, newHash: NEW },
  ),
  updates("gives_no_new_hash_for_an_equal_one", "nothing to gain", PASSWORD, made, { ok: true, newHash: null }),
  updates(
    "gives_no_new_hash_for_a_stronger_one",
    NEVER_DOWN,
    PASSWORD,
    await stored(PASSWORD, { memoryKib: 128, passes: 3 }),
    { ok: true, newHash: null },
  ),
  updates("gives_no_new_hash_for_a_wrong_password", "a wrong password must never be stored", `${PASSWORD}.`, weak, {
    ok: false,
    newHash: null,
  }),
  updates("gives_no_new_hash_for_an_unknown_user", "a password of nobody must never be stored", PASSWORD, null, {
    ok: false,
    newHash: null,
  }),
  {
    name: "refuses_to_update_what_is_no_hash",
    source: "an error is not an answer",
    op: "verifyAndUpdate",
    password: PASSWORD,
    stored: "",
    policy,
    expect: {
      error: { code: "HASH_MALFORMED", message: "stored hash is not in a known format" },
    },
  },
];

const unknownUser = { ok: { ok: false, needsRehash: false, scheme: null } };
const nobody = [
  ["dismisses_every_password_of_an_unknown_user", PASSWORD, policy],
  ["dismisses_the_empty_password_of_an_unknown_user", "", policy],
  ["dismisses_a_password_of_an_unknown_user_at_the_default_cost", PASSWORD, undefined],
].map(([name, password, given]) => ({
  name,
  source: "an unknown user costs and says what a wrong password does",
  op: "verifyPassword",
  password,
  stored: null,
  policy: given,
  expect: unknownUser,
}));

export default {
  description: "Judging stored hashes by the policy's strength, and renewing them.",
  cases: [...defaults, ...sizes, ...policies, ...ranked, ...updated, ...nobody],
};
