// Hashes of bcrypt: made by bcryptjs, and read or refused.

import { stored } from "./make-argon2.mjs";
import {
  accepts,
  altered,
  dismisses,
  invalid,
  judges,
  malformed,
  PASSWORD,
  refuses,
  tooHigh,
  unsupported,
} from "./make-check-password.mjs";
import { PREHASHED } from "./make-foreign.mjs";
import { bcryptHash, peppered, QUICK_SCRYPT } from "./make-schemes.mjs";

const BCRYPTJS = "bcryptjs";
const FORM = "the form of crypt(3)";
const scheme = "bcrypt";
const policy = { scheme };
const weak = { policy, scheme, needsRehash: true };

async function pair(what, source, recipe, { password = PASSWORD, wrong = `${password}.`, ...expected } = {}) {
  const text = await bcryptHash(password, recipe);
  const given = { ...weak, ...expected };
  return [
    accepts(`accepts_a_bcrypt_hash_${what}`, source, password, text, given),
    dismisses(`dismisses_a_wrong_password_for_a_bcrypt_hash_${what}`, source, wrong, text, given),
  ];
}

const good = await bcryptHash();
const long = "x".repeat(72);
// Other software looks away from these bits of the salt's last character.
const lastOfSalt = 28;
const looseSalt = `${good.slice(0, lastOfSalt)}${String.fromCharCode(good.charCodeAt(lastOfSalt) + 1)}${good.slice(lastOfSalt + 1)}`;

const read = [
  await pair("of_version_2b", BCRYPTJS, {}),
  await pair("of_version_2a", "the same computation by an earlier name", { version: "2a" }),
  await pair("of_version_2y", "the same computation, as PHP names it", { version: "2y" }),
  await pair("of_cost_10", BCRYPTJS, { cost: 10 }),
  await pair("of_cost_12", "as strong as the default", { cost: 12 }, { needsRehash: false }),
  await pair("of_the_empty_password", "which passwords are good enough is the caller's to say", {}, { password: "" }),
  await pair("of_a_password_in_many_scripts", "passwords are UTF-8", {}, { password: "пароль密碼🦀" }),
  await pair("of_a_password_of_71_bytes", "one less than bcrypt reads", {}, { password: long.slice(1) }),
  await pair("of_a_password_of_72_bytes", "all that bcrypt reads", {}, { password: long, wrong: `${long.slice(1)}y` }),
  [
    accepts(
      "accepts_73_bytes_for_a_bcrypt_hash_of_the_first_72",
      "that is how such hashes were made: no new rule when checking",
      `${long}y`,
      await bcryptHash(long),
      // And it stays: bcrypt is not to hash what it cannot read.
      { policy, scheme, needsRehash: false },
    ),
    accepts(
      "renews_with_argon2_what_bcrypt_read_only_the_beginning_of",
      "Argon2 reads all of it",
      `${long}y`,
      await bcryptHash(`${long}z`),
      { policy: {}, scheme, needsRehash: true },
    ),
    accepts("renews_72_bytes_of_bcrypt", "all that bcrypt reads", long, await bcryptHash(long), {
      policy: {},
      scheme,
      needsRehash: true,
    }),
    dismisses(
      "dismisses_a_password_with_a_null_character_that_was_hashed_for_bcrypt",
      "bcrypt repeats a password with a zero after it",
      "pass\0word",
      await bcryptHash("pass\0word"),
      weak,
    ),
    dismisses(
      "dismisses_a_password_with_a_null_character_that_repeats_for_bcrypt",
      "bcrypt repeats a password with a zero after it",
      "ab\0ab",
      await bcryptHash("ab"),
      weak,
    ),
    dismisses(
      "dismisses_a_password_with_a_null_character_at_its_end_for_bcrypt",
      "bcrypt repeats a password with a zero after it",
      "ab\0",
      await bcryptHash("ab"),
      weak,
    ),
    accepts(
      "accepts_a_bcrypt_hash_with_loose_bits_in_its_salt",
      "other software looks away",
      PASSWORD,
      looseSalt,
      weak,
    ),
    accepts(
      "accepts_the_published_bcrypt_hash_of_jbcrypt",
      "jBCrypt, TestBCrypt.java",
      "abcdefghijklmnopqrstuvwxyz",
      "$2a$08$aTsUwsyowQuzRrDqFflhgekJ8d9/7Z3GV3UcgvzQW3J5zMyrTvlz.",
      weak,
    ),
    dismisses(
      "dismisses_a_repetition_of_a_password_for_bcrypt",
      "the zero at its end tells them apart",
      "abab",
      await bcryptHash("ab"),
      weak,
    ),
    dismisses("dismisses_an_altered_cost_of_bcrypt", BCRYPTJS, PASSWORD, altered(good, "$04$", "$05$"), weak),
  ],
].flat();

const digits = malformed("stored hash's cost is not two decimal digits");
const cut = (count) => malformed(`stored hash is cut short: ${count} of 53 characters after its cost`);
const padded = malformed("stored hash ends with white space: trim it, as CHAR columns pad their values");
const salt = malformed("stored hash's salt is not 22 characters of bcrypt base64");
const tag = malformed("stored hash's tag is not 31 characters of bcrypt base64");
const high = tooHigh('stored hash\'s "cost" is more than the option "limits.bcryptCost" allows');
const cost = (text) => altered(good, "$04$", `$${text}$`);

const refused = [
  [
    "a_bcrypt_hash_of_version_2x",
    "CVE-2011-2483",
    altered(good, "$2b$", "$2x$"),
    unsupported('stored hash is bcrypt version "2x", which is not supported'),
  ],
  [
    "a_bcrypt_hash_of_version_2",
    "no zero at the end of a password",
    altered(good, "$2b$", "$2$"),
    unsupported('stored hash is bcrypt version "2", which is not supported'),
  ],
  [
    "a_bcrypt_hash_of_an_unknown_version",
    FORM,
    altered(good, "$2b$", "$2c$"),
    unsupported("stored hash uses an unknown scheme: let its user set a new password"),
  ],
  ["a_bcrypt_hash_of_cost_15", "the default limit", cost("15"), high],
  ["a_bcrypt_hash_of_cost_31", "a stored hash must not run for ever", cost("31"), high],
  ["a_bcrypt_hash_of_cost_32", "a shift by more than a word", cost("32"), high, { limits: { bcryptCost: 31 } }],
  ["a_bcrypt_hash_of_cost_99", "a shift by more than a word", cost("99"), high],
  ["a_bcrypt_hash_above_a_limit_of_4", "the policy's limits", cost("05"), high, { limits: { bcryptCost: 4 } }],
  ["a_bcrypt_hash_of_cost_3", FORM, cost("03"), malformed('stored hash\'s "cost" is less than 4')],
  ["a_bcrypt_hash_of_cost_0", FORM, cost("00"), malformed('stored hash\'s "cost" is less than 4')],
  ["a_bcrypt_hash_with_a_sign", FORM, cost("+4"), digits],
  ["a_bcrypt_hash_with_a_cost_of_one_digit", FORM, cost("4"), digits],
  ["a_bcrypt_hash_with_a_cost_of_three_digits", FORM, cost("004"), digits],
  ["a_bcrypt_hash_without_a_cost", FORM, good.slice(0, 3), digits],
  ["a_bcrypt_hash_without_a_salt", FORM, good.slice(0, 7), cut(0)],
  ["a_bcrypt_hash_with_another_alphabet_in_its_salt", FORM, `${good.slice(0, 7)}+${good.slice(8)}`, salt],
  ["a_bcrypt_hash_that_was_cut", "a column of 59 characters", good.slice(0, -1), cut(52)],
  ["a_bcrypt_hash_that_goes_on", FORM, `${good}.`, tag],
  ["a_bcrypt_hash_with_another_field", FORM, `${good}$`, malformed("stored hash has extra characters after its tag")],
  ["a_bcrypt_hash_with_a_line_feed_after_it", "nothing is trimmed", `${good}\n`, padded],
  ["a_bcrypt_hash_of_a_padded_column", "a column of 64 characters", good.padEnd(64), padded],
  [
    "a_bcrypt_hash_with_every_dollar_sign_doubled",
    "a Compose file has $$ for $",
    good.replaceAll("$", "$$$$"),
    malformed('stored hash begins with "$$": undo the escaping of "$", as in a Compose file'),
  ],
].map(([what, source, text, error, given = policy]) => refuses(`refuses_${what}`, source, text, error, given));

function hashing(name, source, given, expect, password = PASSWORD) {
  return { name, source, op: "hash", password, policy: given, expect };
}

const form = (digitsOfCost) => ({ ok: `\\$2b\\$${digitsOfCost}\\$[A-Za-z0-9./]{53}` });
const made = [
  hashing("hashes_with_bcrypt", "the default of most libraries", policy, form("12")),
  hashing("hashes_with_bcrypt_at_the_least_cost", "OWASP: at least 10", { scheme, params: { cost: 10 } }, form("10")),
  hashing("hashes_72_bytes_with_bcrypt", "all that bcrypt reads", { scheme, params: { cost: 10 } }, form("10"), long),
  hashing(
    "refuses_to_hash_73_bytes_with_bcrypt",
    "what is not read is not protected",
    policy,
    { error: { code: "PASSWORD_TOO_LONG", message: "password is longer than the 72 bytes that bcrypt reads" } },
    `${long}y`,
  ),
  hashing(
    "refuses_to_hash_72_bytes_and_a_null_character_with_bcrypt",
    "what is not read is not protected",
    policy,
    { error: { code: "PASSWORD_TOO_LONG", message: "password is longer than the 72 bytes that bcrypt reads" } },
    `${long}\0`,
  ),
  hashing(
    "refuses_to_hash_a_null_character_with_bcrypt",
    "bcrypt repeats a password with a zero after it",
    policy,
    {
      error: { code: "PASSWORD_INVALID", message: "password contains a NUL character, which bcrypt treats as its end" },
    },
    "ab\0ab",
  ),
  hashing(
    "refuses_to_hash_with_bcrypt_at_cost_9",
    "OWASP: at least 10",
    { scheme, params: { cost: 9 } },
    {
      error: invalid('option "params.cost" is less than 10'),
    },
  ),
  hashing(
    "refuses_to_hash_with_bcrypt_beyond_its_limit",
    "what is hashed can be checked",
    { scheme, params: { cost: 15 } },
    {
      error: invalid('option "params.cost" is more than "limits.bcryptCost"'),
    },
  ),
];

const judged = [
  ["keeps_a_bcrypt_hash_with_a_higher_cost", cost("13"), false, policy],
  ["renews_a_bcrypt_hash_with_a_lower_cost", cost("11"), true, policy],
  ["renews_a_bcrypt_hash_under_argon2", cost("14"), true, {}],
  ["keeps_a_bcrypt_hash_at_its_default_under_pbkdf2", cost("12"), false, { scheme: "pbkdf2-sha512" }],
  ["renews_a_bcrypt_hash_below_its_default_under_pbkdf2", cost("11"), true, { scheme: "pbkdf2-sha512" }],
  [
    "keeps_an_argon2_hash_at_its_default_under_bcrypt",
    `$argon2id$v=19$m=19456,t=2,p=1$${"A".repeat(22)}$${"A".repeat(43)}`,
    false,
    policy,
  ],
  [
    "renews_an_argon2_hash_below_its_default_under_bcrypt",
    `$argon2id$v=19$m=64,t=2,p=1$${"A".repeat(22)}$${"A".repeat(43)}`,
    true,
    policy,
  ],
].map(([name, text, weak, given]) => judges(name, text, weak, given));

const WORDS = { "": "nothing", [PASSWORD]: "ascii" };
const prehashed = PREHASHED.filter(({ password }) => password in WORDS).flatMap(
  ({ software, version, prehash, password, stored }) => {
    const name = `${prehash.replace("-", "_")}_of_${WORDS[password]}`;
    const source = `${software} ${version}`;
    const given = { scheme, policy: { ...QUICK_SCRYPT, prehash } };
    return [
      accepts(`accepts_bcrypt_of_${name}`, source, password, stored, { ...given, needsRehash: true }),
      dismisses(`dismisses_another_password_of_${name}`, source, `${password}.`, stored, given),
      dismisses(`dismisses_bcrypt_of_${name}_without_a_prehash`, source, password, stored, {
        scheme,
        policy: QUICK_SCRYPT,
      }),
    ];
  },
);
const bare = { ...QUICK_SCRYPT, prehash: "sha256-hex" };
const digest = "c4bbcb1fbec99d65bf59d85c8cb62ee2db963f0fe106f483d9afa73bd4e39a8a";
prehashed.push(
  dismisses("dismisses_a_bcrypt_hash_of_the_password_under_a_prehash", "all bcrypt rows are digests", PASSWORD, good, {
    scheme,
    policy: bare,
  }),
  dismisses(
    "dismisses_the_digest_itself_under_a_prehash",
    "a stolen digest is no password",
    digest,
    await bcryptHash(digest),
    {
      scheme,
      policy: bare,
    },
  ),
);

const ofSha384 = { ...QUICK_SCRYPT, prehash: "sha384-base64" };
prehashed.push(
  accepts(
    "accepts_django_s_bcrypt_of_sha_256_under_another_prehash",
    "only bare rows are digests",
    PASSWORD,
    `bcrypt_sha256$${await bcryptHash(digest)}`,
    { scheme: "django-bcrypt-sha256", needsRehash: true, policy: ofSha384 },
  ),
  accepts("accepts_argon2_under_a_prehash", "only rows of bcrypt are digests", PASSWORD, await stored(), {
    scheme: "argon2id",
    needsRehash: true,
    policy: ofSha384,
  }),
);

const pepper = { current: { id: "2027", key: "0123456789abcdef0123456789abcdef" } };
const ownPeppered = `$pepper$2027${await bcryptHash(peppered(PASSWORD, pepper.current.key))}`;
prehashed.push(
  accepts("accepts_our_own_peppered_hash_under_a_prehash", "only bare rows are digests", PASSWORD, ownPeppered, {
    scheme,
    needsRehash: true,
    policy: { ...QUICK_SCRYPT, pepper, prehash: "sha256-hex" },
  }),
);

export default {
  description: "bcrypt: hashes made by other software, what is refused, and what new hashes look like.",
  cases: [...read, ...refused, ...made, ...judged, ...prehashed],
};
