// Hashes of every kind that Argon2 has, made by its reference implementation.

import { QUICK, stored } from "./make-argon2.mjs";
import { accepts, altered, dismisses, malformed, PASSWORD, refuses, SALT } from "./make-check-password.mjs";

const REFERENCE = "phc-winner-argon2, the reference implementation of RFC 9106";
const policy = { params: QUICK };

/** A hash that is accepted with its password, and dismissed with another, with a longer and with a shorter one. */
async function pair(what, source, recipe, expected = {}) {
  const { password = PASSWORD, ...rest } = recipe;
  const text = expected.text ?? (await stored(password, rest));
  const given = { policy, ...expected };
  return [
    accepts(`accepts_${what}`, source, password, text, given),
    dismisses(`dismisses_a_wrong_password_for_${what}`, source, `${password}.`, text, given),
  ];
}

/**
 * Whole hashes with tags of an unusual length, as long as columns are made. Unless their base64 is padded, nothing tells them from a
 * cut hash, so they are refused: for the right password too, because an error must not depend on the password.
 */
async function wholeOfUnusualLength() {
  const text = await stored(PASSWORD, { memoryKib: 65536, length: 27 });
  const padded = await stored(PASSWORD, { memoryKib: 65536, length: 26 });
  const padding = "padding stands at the end of a whole tag";
  const source = "as long as a VARCHAR(90) would leave of a tag of 32 bytes";
  const given = { policy: { params: QUICK } };
  if (text.length !== 90) throw new Error(`${text.length} characters`);
  if (padded.length + 1 !== 90) throw new Error(`${padded.length} characters`);
  return [
    ...[PASSWORD, `${PASSWORD}.`].map((password, index) => ({
      ...refuses(
        `refuses_a_hash_that_looks_cut_for_${["the_right", "a_wrong"][index]}_password`,
        source,
        text,
        malformed("stored hash is cut short within its tag"),
        given.policy,
      ),
      password,
    })),
    ...(await pair("a_tag_of_27_bytes_that_fills_no_column", REFERENCE, { memoryKib: 64, length: 27 })),
    accepts("accepts_a_padded_tag_of_26_bytes", padding, PASSWORD, `${padded}=`, given),
    dismisses("dismisses_a_wrong_password_for_a_padded_tag_of_26_bytes", padding, `${PASSWORD}.`, `${padded}=`, given),
  ];
}

/** The same hash with its parameters in another order. */
function reordered(text, order) {
  const [, scheme, version, costs, ...rest] = text.split("$");
  const values = new Map(costs.split(",").map((one) => [one.split("=")[0], one]));
  const names = order.split(",");
  if (names.length !== values.size) throw new Error(`${order} are not all parameters of ${text}`);
  return ["", scheme, version, names.map((name) => values.get(name)).join(","), ...rest].join("$");
}

const old = altered(await stored(PASSWORD, { scheme: "argon2i", version: 0x10 }), "$v=16", "");
const cases = [
  await pair("an_argon2id_hash", REFERENCE, {}),
  await pair("an_argon2i_hash", REFERENCE, { scheme: "argon2i" }, { scheme: "argon2i", needsRehash: true }),
  await pair("an_argon2d_hash", REFERENCE, { scheme: "argon2d" }, { scheme: "argon2d", needsRehash: true }),
  await pair("an_argon2id_hash_of_version_16", REFERENCE, { version: 0x10, passes: 3 }, { needsRehash: true }),
  await pair(
    "an_argon2i_hash_of_version_16",
    REFERENCE,
    { scheme: "argon2i", version: 0x10, passes: 3 },
    { scheme: "argon2i", needsRehash: true },
  ),
  await pair(
    "an_argon2d_hash_of_version_16",
    REFERENCE,
    { scheme: "argon2d", version: 0x10, passes: 3 },
    { scheme: "argon2d", needsRehash: true },
  ),
  await pair(
    "a_hash_without_a_version_as_version_16",
    "Argon2 1.0 wrote no version; its hashes are of version 0x10",
    {},
    { text: old, scheme: "argon2i", needsRehash: true },
  ),
  await pair(
    "a_hash_of_one_pass_in_the_least_memory",
    "RFC 9106 §3.1: m is at least 8*p",
    { memoryKib: 8, passes: 1 },
    { policy: { params: { memoryKib: 8, passes: 1 } } },
  ),
  await pair("a_hash_of_four_lanes", REFERENCE, { memoryKib: 128, passes: 3, lanes: 4 }),
  await pair("a_hash_of_sixteen_lanes", "the default limit, inclusive", { memoryKib: 128, lanes: 16 }),
  await pair("a_hash_of_sixteen_passes", "the default limit, inclusive", { passes: 16 }),
  await pair("a_hash_whose_memory_is_no_multiple_of_four_lanes", "RFC 9106 §3.2: m' = 4 * p * floor(m / 4p)", {
    memoryKib: 67,
    lanes: 3,
  }),
  await pair(
    "a_hash_with_a_salt_of_8_bytes",
    "RFC 9106 §3.1",
    { salt: Buffer.from("somesalt") },
    { needsRehash: true },
  ),
  await pair(
    "a_hash_with_a_salt_of_15_bytes",
    "a salt shorter than ours is weaker",
    { salt: SALT.subarray(1) },
    { needsRehash: true },
  ),
  await pair("a_hash_with_a_salt_of_128_bytes", "the longest that is read", { salt: Buffer.alloc(128, SALT) }),
  await pair("a_hash_with_a_tag_of_16_bytes", "RFC 9106 §4: 128 bits are sufficient", { length: 16 }),
  await pair("a_hash_with_a_tag_of_64_bytes", "RFC 9106 §3.3: tags of up to 64 bytes are one hash", { length: 64 }),
  await pair("a_hash_with_a_tag_of_20_bytes", "RFC 9106 §3.1: callers choose the length", { length: 20 }),
  await pair("a_hash_with_a_tag_of_24_bytes", "the example of the reference implementation's program", { length: 24 }),
  await pair("a_hash_with_a_tag_of_28_bytes", "RFC 9106 §3.1: callers choose the length", { length: 28 }),
  await pair("a_hash_with_a_tag_of_68_bytes", "RFC 9106 §3.3: longer tags are many hashes", { length: 68 }),
  await pair("a_hash_with_a_tag_of_128_bytes", "the longest that is read", { length: 128 }),
  ...(await Promise.all(
    [8, 9, 10, 12, 15, 17, 22, 25, 27, 30, 31, 33, 34, 50, 63, 65, 127].map(async (length) =>
      pair(
        `a_hash_with_a_tag_of_${length}_bytes`,
        "RFC 9106 §3.1: callers choose the length; the npm packages argon2 and hash-wasm call it hashLength",
        { length },
        { policy, needsRehash: length < 16 },
      ),
    ),
  )),
  await pair("a_hash_with_associated_data", "PHC string format: data, as the argon2 package writes it", {
    data: Buffer.from("ad"),
  }),
  await pair("a_hash_with_associated_data_of_32_bytes", "PHC string format: data has at most 32 bytes", {
    data: Buffer.alloc(32, "ad"),
  }),
  await pair("a_hash_of_the_empty_password", "which passwords are good enough is the caller's to say", {
    password: "",
  }),
  await pair("a_hash_of_a_password_with_a_null_character", "C strings end there, passwords do not", {
    password: "pass\0word",
  }),
  await pair("a_hash_of_a_password_of_one_block", "BLAKE2b takes in 128 bytes at a time", {
    password: "x".repeat(128),
  }),
  await pair("a_hash_of_a_password_with_white_space_around_it", "passwords are not trimmed", {
    password: " \tpassword\n",
  }),
  await pair("a_hash_of_a_password_in_many_scripts", "passwords are UTF-8", { password: "пароль密碼🦀סיסמה" }),
  ...(await Promise.all(
    ["m,t,p", "m,p,t", "t,m,p", "t,p,m", "p,m,t", "p,t,m"].map(async (order) =>
      pair(
        `a_hash_with_its_costs_in_the_order_${order.replaceAll(",", "_")}`,
        "npm's argon2 0.45 writes m,p,t, @phc/argon2 writes t,m,p",
        {},
        { text: reordered(await stored(), order) },
      ),
    ),
  )),
  await pair(
    "a_hash_with_associated_data_before_its_costs",
    "parameters in any order",
    {},
    {
      text: reordered(await stored(PASSWORD, { data: Buffer.from("ad") }), "data,p,m,t"),
    },
  ),
  [
    dismisses("dismisses_an_altered_tag", REFERENCE, PASSWORD, `${(await stored()).slice(0, -1)}A`, { policy }),
    dismisses(
      "dismisses_an_altered_salt",
      REFERENCE,
      PASSWORD,
      altered(await stored(), "c29tZXNhbHRz", "C29tZXNhbHRz"),
      { policy },
    ),
    dismisses("dismisses_an_altered_cost", REFERENCE, PASSWORD, altered(await stored(), "t=1", "t=2"), { policy }),
    dismisses("dismisses_an_altered_number_of_lanes", REFERENCE, PASSWORD, altered(await stored(), "p=1", "p=2"), {
      policy,
    }),
    dismisses(
      "dismisses_another_scheme_with_the_same_tag",
      REFERENCE,
      PASSWORD,
      altered(await stored(), "argon2id", "argon2d"),
      { policy, scheme: "argon2d" },
    ),
    dismisses(
      "dismisses_another_version_with_the_same_tag",
      REFERENCE,
      PASSWORD,
      altered(await stored(PASSWORD, { passes: 2 }), "v=19", "v=16"),
      { policy },
    ),
    dismisses(
      "dismisses_a_hash_that_lost_its_version",
      "Argon2 1.0 wrote no version; its hashes are of version 0x10",
      PASSWORD,
      altered(await stored(PASSWORD, { passes: 2 }), "$v=19", ""),
      { policy },
    ),
    dismisses(
      "dismisses_a_hash_that_lost_its_associated_data",
      "associated data is hashed",
      PASSWORD,
      altered(await stored(PASSWORD, { data: Buffer.from("ad") }), ",data=YWQ", ""),
      { policy },
    ),
    dismisses(
      "dismisses_other_associated_data",
      "associated data is hashed",
      PASSWORD,
      altered(await stored(PASSWORD, { data: Buffer.from("ad") }), "data=YWQ", "data=YWU"),
      { policy },
    ),
    dismisses(
      "dismisses_a_password_in_other_case",
      "passwords are case-sensitive",
      "Correct Horse Battery Staple",
      await stored(),
      { policy },
    ),
    dismisses(
      "dismisses_a_password_cut_at_a_null_character",
      "C strings end there, passwords do not",
      "pass",
      await stored("pass\0word"),
      { policy },
    ),
    dismisses(
      "dismisses_a_password_cut_after_72_bytes",
      "bcrypt reads 72 bytes, Argon2 all",
      "x".repeat(72),
      await stored("x".repeat(80)),
      { policy },
    ),
  ],
  await wholeOfUnusualLength(),
  // Published with the reference implementation, as its tests' expectations.
  [
    [
      "argon2i_with_65536_kib",
      "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA",
      "argon2i",
    ],
    [
      "argon2i_with_256_kib",
      "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8",
      "argon2i",
    ],
    [
      "argon2i_of_version_16_with_65536_kib",
      "$argon2i$m=65536,t=2,p=1$c29tZXNhbHQ$9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ",
      "argon2i",
    ],
    [
      "argon2id_with_256_kib",
      "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
      "argon2id",
    ],
  ].map(([what, text, scheme]) =>
    accepts(`accepts_the_published_hash_of_${what}`, `${REFERENCE}, src/test.c`, "password", text, {
      scheme,
      needsRehash: true,
    }),
  ),
  [
    accepts(
      "accepts_the_hash_that_rfc_9106_recommends_second",
      "RFC 9106 §4: t=3, p=4, m=64 MiB",
      PASSWORD,
      await stored(PASSWORD, { memoryKib: 65536, passes: 3, lanes: 4 }),
    ),
    accepts(
      "accepts_the_hash_that_owasp_recommends",
      "OWASP Password Storage Cheat Sheet: m=19 MiB, t=2, p=1",
      PASSWORD,
      await stored(PASSWORD, { memoryKib: 19456, passes: 2 }),
    ),
  ],
].flat();

export default {
  description: "Argon2 hashes made by other software, with the right password and with wrong ones.",
  cases,
};
