// Hashes of scrypt: made by node:crypto, and read or refused.

import {
  accepts,
  altered,
  dismisses,
  invalid,
  judges,
  malformed,
  PASSWORD,
  refuses,
  SALT,
  tooHigh,
} from "./make-check-password.mjs";
import { paddings, QUICK_SCRYPT, scrypt } from "./make-schemes.mjs";

const NODE = "node:crypto, which is OpenSSL's scrypt";
const RFC = "RFC 7914";
const FORM = "the form that passlib writes";
const policy = QUICK_SCRYPT;
const scheme = "scrypt";

function pair(what, source, recipe, { password = PASSWORD, ...expected } = {}) {
  const text = scrypt(password, recipe);
  const given = { policy, scheme, ...expected };
  return [
    accepts(`accepts_a_scrypt_hash_${what}`, source, password, text, given),
    dismisses(`dismisses_a_wrong_password_for_a_scrypt_hash_${what}`, source, `${password}.`, text, given),
  ];
}

const good = scrypt();
const [, , , salt, tag] = good.split("$");
const costs = (text) => altered(good, "ln=4,r=8,p=1", text);
const within = { ...policy, limits: { scryptMemoryKib: 1024 } };

const read = [
  pair("of_the_quickest_cost", NODE, { cost: 1, blockSize: 1 }, { needsRehash: true }),
  pair("of_odd_block_size", NODE, { blockSize: 3 }, { needsRehash: true }),
  pair("of_parallelism_16", "the default limit, inclusive", { parallelism: 16 }),
  ...[1, 7, 8].map((bytes) =>
    pair(
      `with_a_salt_of_${bytes}_bytes`,
      "tables with a column for salts",
      { salt: SALT.subarray(-bytes) },
      { needsRehash: true },
    ),
  ),
  [
    accepts(
      "accepts_a_scrypt_hash_of_ory",
      "Ory Kratos names N as the logarithm, and pads its base64",
      PASSWORD,
      altered(scrypt(PASSWORD, { cost: 10 }), "ln=10,", "ln=1024,"),
      { policy, scheme },
    ),
    dismisses(
      "dismisses_a_wrong_password_for_a_scrypt_hash_of_ory",
      "Ory Kratos names N as the logarithm",
      `${PASSWORD}.`,
      altered(scrypt(PASSWORD, { cost: 10 }), "ln=10,", "ln=1024,"),
      { policy, scheme },
    ),
  ],
  pair("with_a_salt_of_128_bytes", "the longest that is read", { salt: Buffer.alloc(128, SALT) }),
  pair("with_a_tag_of_64_bytes", "all that scrypt gives in the software that asks for most", { length: 64 }),
  pair("of_the_empty_password", "which passwords are good enough is the caller's to say", {}, { password: "" }),
  pair("of_a_password_with_a_null_character", "C strings end there", {}, { password: "pass\0word" }),
  pair("of_a_password_longer_than_a_block", `${RFC} §5: HMAC hashes it first`, {}, { password: "x".repeat(65) }),
  [
    accepts(
      "accepts_the_scrypt_hash_that_fits_64_mib_exactly",
      "the default limit is inclusive: 128 * r * N",
      PASSWORD,
      scrypt(PASSWORD, { cost: 16, blockSize: 8 }),
      { policy, scheme },
    ),
    dismisses(
      "checks_a_scrypt_hash_of_1_mib_four_times_over_at_a_limit_of_1_mib",
      "the work is bounded by four times that of the memory limit",
      PASSWORD,
      costs("ln=10,r=8,p=4"),
      { policy: within, scheme },
    ),
    accepts("accepts_costs_of_scrypt_in_another_order", "any order is read", PASSWORD, costs("r=8,p=1,ln=4"), {
      policy,
      scheme,
    }),
    accepts("accepts_a_scrypt_hash_with_n_itself", "AdonisJS", PASSWORD, costs("n=16,r=8,p=1"), { policy, scheme }),
    dismisses("dismisses_an_altered_n_of_scrypt", "AdonisJS", PASSWORD, costs("n=32,r=8,p=1"), { policy, scheme }),
    accepts("accepts_a_scrypt_hash_with_padding", "other software pads base64", PASSWORD, `${good}=`, {
      policy,
      scheme,
    }),
    dismisses("dismisses_an_altered_cost_of_scrypt", NODE, PASSWORD, costs("ln=5,r=8,p=1"), { policy, scheme }),
    dismisses("dismisses_an_altered_block_size_of_scrypt", NODE, PASSWORD, costs("ln=4,r=9,p=1"), { policy, scheme }),
    dismisses("dismisses_an_altered_parallelism_of_scrypt", NODE, PASSWORD, costs("ln=4,r=8,p=2"), { policy, scheme }),
    dismisses("dismisses_an_altered_salt_of_scrypt", NODE, PASSWORD, altered(good, salt, `d${salt.slice(1)}`), {
      policy,
      scheme,
    }),
  ],
].flat();

const memory = (symbol) => tooHigh(`stored hash's "${symbol}" is more than the option "limits.scryptMemoryKib" allows`);
const lanes = tooHigh('stored hash\'s "p" is more than the option "limits.lanes" allows');
const twice = (name) => malformed(`stored hash has the parameter "${name}" twice`);
const lacks = (name) => malformed(`stored hash lacks the parameter "${name}"`);
const least = (name) => malformed(`stored hash's "${name}" is less than 1`);

const refused = [
  ["a_scrypt_hash_of_128_mib", "128 MiB is all that a Worker has", costs("ln=17,r=8,p=1"), memory("ln")],
  ["a_scrypt_hash_of_a_cost_of_31", "no memory would do", costs("ln=31,r=8,p=1"), memory("ln")],
  ["a_scrypt_hash_of_a_cost_of_33", "a shift by more than a word", costs("ln=33,r=8,p=1"), memory("ln")],
  ["a_scrypt_hash_of_a_cost_of_64", "a shift by more than a word", costs("ln=64,r=8,p=1"), memory("ln")],
  [
    "a_scrypt_hash_of_a_cost_of_4294967295",
    "a shift by more than a word",
    costs("ln=4294967295,r=8,p=1"),
    memory("ln"),
  ],
  ...[512, 1023, 1025, 2147483648].map((number) => [
    `a_scrypt_hash_of_a_cost_of_${number}`,
    "Ory names N as the logarithm, in powers of two from 1024",
    costs(`ln=${number},r=8,p=1`),
    memory("ln"),
  ]),
  ["a_scrypt_hash_of_the_largest_block_size", "128 * r overflows", costs("ln=1,r=4294967295,p=1"), memory("r")],
  ["a_scrypt_hash_whose_product_overflows", "r * p is 2^32 and more", costs("ln=1,r=65536,p=65537"), lanes],
  ["a_scrypt_hash_of_parallelism_17", "the default limit", costs("ln=4,r=8,p=17"), lanes],
  ["a_scrypt_hash_of_parallelism_4294967295", "the work of a call is bounded", costs("ln=4,r=8,p=4294967295"), lanes],
  [
    "a_scrypt_hash_whose_entries_outgrow_its_table",
    "128 * r * p is memory as well",
    costs("ln=1,r=65536,p=16"),
    memory("r"),
  ],
  [
    "a_scrypt_hash_that_takes_twice_its_table",
    "N + p + 1 entries are allocated",
    costs("ln=4,r=32768,p=16"),
    memory("r"),
  ],
  [
    "a_scrypt_hash_of_64_mib_five_times_over",
    "the work of a call is bounded: four times that of the memory limit",
    costs("ln=16,r=8,p=5"),
    memory("p"),
  ],
  [
    "a_scrypt_hash_of_1_mib_five_times_over_above_a_limit_of_1_mib",
    "the policy's limits",
    costs("ln=10,r=8,p=5"),
    memory("p"),
    within,
  ],
  ["a_scrypt_hash_above_a_limit_of_1_mib", "the policy's limits", costs("ln=11,r=8,p=1"), memory("ln"), within],
  ["a_scrypt_hash_of_a_cost_of_zero", `${RFC} §2: N is larger than 1`, costs("ln=0,r=8,p=1"), least("ln")],
  ["a_scrypt_hash_of_no_block_size", `${RFC} §2`, costs("ln=4,r=0,p=1"), least("r")],
  ["a_scrypt_hash_of_no_parallelism", `${RFC} §2`, costs("ln=4,r=8,p=0"), least("p")],
  ["a_scrypt_hash_without_costs", FORM, `$scrypt$${salt}$${tag}`, lacks("ln")],
  ["a_scrypt_hash_without_parallelism", FORM, costs("ln=4,r=8"), lacks("p")],
  ["a_scrypt_hash_with_a_cost_twice", FORM, costs("ln=4,ln=4,r=8,p=1"), twice("ln")],
  [
    "a_scrypt_hash_with_n_and_its_logarithm",
    "which of the two was meant?",
    costs("n=16,ln=4,r=8,p=1"),
    malformed('stored hash has both the parameters "ln" and "n"'),
  ],
  [
    "a_scrypt_hash_whose_n_is_no_power_of_two",
    "RFC 7914 §2",
    costs("n=17,r=8,p=1"),
    malformed('stored hash\'s "N" is not a power of two'),
  ],
  [
    "a_scrypt_hash_with_an_unknown_parameter",
    FORM,
    costs("ln=4,r=8,p=1,x=1"),
    malformed("stored hash has an unknown parameter"),
  ],
  [
    "a_scrypt_hash_with_a_leading_zero",
    FORM,
    costs("ln=04,r=8,p=1"),
    malformed('stored hash\'s "ln" is not a plain decimal number'),
  ],
  [
    "a_scrypt_hash_without_a_tag",
    FORM,
    good.slice(0, good.lastIndexOf("$")),
    malformed("stored hash is cut short before its tag"),
  ],
  ["a_scrypt_hash_that_goes_on", FORM, `${good}$`, malformed("stored hash has extra characters after its tag")],
  ...[16, 31, 33, 63, 65, 128].map((length) => [
    `a_scrypt_hash_with_a_tag_of_${length}_bytes`,
    "no software writes it: a column may have cut it off",
    scrypt(PASSWORD, { length }),
    malformed(length < 64 ? "stored hash is cut short within its tag" : "stored hash's tag is not 1 to 64 bytes long"),
  ]),
  [
    "a_scrypt_hash_without_a_salt",
    "every user would have the same hash",
    altered(good, `$${salt}$`, "$$"),
    malformed("stored hash's salt is not 1 to 128 bytes long"),
  ],
  [
    "a_scrypt_hash_with_a_salt_of_129_bytes",
    "none is so long",
    scrypt(PASSWORD, { salt: Buffer.alloc(129, SALT) }),
    malformed("stored hash's salt is not 1 to 128 bytes long"),
  ],
].map(([what, source, text, error, given = policy]) => refuses(`refuses_${what}`, source, text, error, given));

function hashing(name, source, given, expect, password = PASSWORD) {
  return { name, source, op: "hash", password, policy: given, expect };
}

const phc = (text) => ({ ok: `\\$scrypt\\$${text}\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}` });
const option = (text) => ({ error: invalid(text) });
const made = [
  ["hashes_with_scrypt", "the policy's scheme", policy, phc("ln=4,r=8,p=1")],
  ["hashes_with_scrypt_at_another_cost", "the policy's params", { scheme, params: { cost: 5 } }, phc("ln=5,r=8,p=1")],
  [
    "hashes_with_scrypt_as_owasp_recommends_for_64_mib",
    "OWASP Password Storage Cheat Sheet: N=2^16, r=8, p=2",
    { scheme, params: { cost: 16, parallelism: 2 } },
    phc("ln=16,r=8,p=2"),
  ],
  [
    "refuses_scrypt_beyond_its_memory_limit",
    "what is hashed can be checked",
    { scheme, limits: { scryptMemoryKib: 65536 } },
    option('option "params.cost" (17 by default) is more than "limits.scryptMemoryKib"'),
  ],
  [
    "refuses_scrypt_beyond_its_limit_on_parallelism",
    "what is hashed can be checked",
    { scheme, params: { cost: 4, parallelism: 17 } },
    option('option "params.parallelism" is more than "limits.lanes"'),
  ],
  [
    "refuses_scrypt_at_more_work_than_its_limit_allows",
    "what is hashed can be checked",
    { scheme, params: { cost: 10, parallelism: 5 }, limits: { scryptMemoryKib: 1024 } },
    option('option "params.parallelism" is more than "limits.scryptMemoryKib"'),
  ],
  [
    "refuses_scrypt_of_no_cost",
    `${RFC} §2`,
    { scheme, params: { cost: 0 } },
    option('option "params.cost" is less than 1'),
  ],
  [
    "refuses_the_params_of_argon2_for_scrypt",
    "each scheme has its own params",
    { scheme, params: { memoryKib: 65536 } },
    option('option "params.memoryKib" does not apply to this scheme'),
  ],
  [
    "refuses_the_params_of_scrypt_for_argon2",
    "each scheme has its own params",
    { params: { blockSize: 8 } },
    option('option "params.blockSize" does not apply to this scheme'),
  ],
].map(([name, source, given, expect]) => hashing(name, source, given, expect));

const judged = [
  ["keeps_a_scrypt_hash_with_more_memory", scrypt(PASSWORD, { cost: 5 }), false],
  ["keeps_a_scrypt_hash_with_more_parallelism", scrypt(PASSWORD, { parallelism: 2 }), false],
  ["renews_a_scrypt_hash_with_less_memory_and_more_parallelism", scrypt(PASSWORD, { cost: 3, parallelism: 4 }), true],
  ["renews_a_scrypt_hash_under_argon2", good, true, {}],
  ["renews_a_scrypt_hash_below_its_defaults_under_bcrypt", good, true, { scheme: "bcrypt" }],
  [
    "keeps_a_scrypt_hash_at_its_defaults_under_bcrypt",
    costs("ln=17,r=8,p=1"),
    false,
    { scheme: "bcrypt", limits: { scryptMemoryKib: 131072 } },
  ],
].map(([name, text, weak, given = policy]) => judges(name, text, weak, given));

export default {
  description: "scrypt: hashes made by other software, what is refused, and what new hashes look like.",
  cases: [
    ...read,
    ...paddings("scrypt", scheme, policy, phc("ln=4,r=8,p=1").ok, scrypt),
    ...refused,
    ...made,
    ...judged,
  ],
};
