// Keys that go into hashes, and their rotation. Argon2's are made by the reference implementation, the others by
// node:crypto and bcryptjs.

import { createHmac } from "node:crypto";
import argon2 from "argon2";
import * as hashWasm from "hash-wasm";
import { inReferenceOrder, QUICK, stored } from "./make-argon2.mjs";
import {
  accepts,
  altered,
  dismisses,
  invalid,
  malformed,
  PASSWORD,
  refuses,
  SALT,
  unsupported,
} from "./make-check-password.mjs";
import { bcryptHash, pbkdf2, peppered, QUICK_PBKDF2, QUICK_SCRYPT, scrypt } from "./make-schemes.mjs";

const ROTATION = "a pepper is changed while its hashes are in use";
const KEYS = { old: "an older pepper of 26 bytes", 2027: "0123456789abcdef0123456789abcdef" };
const of = (id) => ({ id, key: KEYS[id] });

const current = { current: of("2027") };
const rotated = { current: of("2027"), previous: [of("old")] };
const argon2Policy = (pepper) => ({ params: QUICK, pepper });
const quick = {
  argon2id: { params: QUICK },
  scrypt: QUICK_SCRYPT,
  "pbkdf2-sha256": QUICK_PBKDF2,
  bcrypt: { scheme: "bcrypt", params: { cost: 10 } },
};

/** Argon2 with a key, whose id the package does not write. */
async function keyed(id, password = PASSWORD, account = "") {
  const secret = Buffer.from(KEYS[id] + account);
  const options = { type: argon2.argon2id, memoryCost: 64, timeCost: 1, parallelism: 1, salt: SALT, secret };
  const text = inReferenceOrder(await argon2.hash(password, options));
  return altered(text, "p=1$", `p=1,keyid=${Buffer.from(id).toString("base64").replaceAll("=", "")}$`);
}

const before = (id, text) => `$pepper$${id}${text}`;
const made = {
  argon2id: (id) => keyed(id),
  scrypt: (id) => before(id, scrypt(peppered(PASSWORD, KEYS[id]))),
  "pbkdf2-sha256": (id) => before(id, pbkdf2(peppered(PASSWORD, KEYS[id]))),
  bcrypt: async (id) => before(id, await bcryptHash(peppered(PASSWORD, KEYS[id]), { cost: 10 })),
};

const cases = [];
for (const [scheme, make] of Object.entries(made)) {
  const name = scheme.replaceAll("-", "_");
  const policy = { ...quick[scheme], pepper: rotated };
  const bare = {
    argon2id: await stored(),
    scrypt: scrypt(),
    "pbkdf2-sha256": pbkdf2(),
    bcrypt: await bcryptHash(PASSWORD, { cost: 10 }),
  }[scheme];
  cases.push(
    accepts(`accepts_${name}_with_the_current_pepper`, ROTATION, PASSWORD, await make("2027"), { policy, scheme }),
    dismisses(`dismisses_a_wrong_password_for_${name}_with_a_pepper`, ROTATION, `${PASSWORD}.`, await make("2027"), {
      policy,
      scheme,
    }),
    accepts(`accepts_and_renews_${name}_with_a_previous_pepper`, ROTATION, PASSWORD, await make("old"), {
      policy,
      scheme,
      needsRehash: true,
    }),
    accepts(`accepts_and_renews_${name}_without_a_pepper`, ROTATION, PASSWORD, bare, {
      policy,
      scheme,
      needsRehash: true,
    }),
    refuses(
      `refuses_${name}_with_a_pepper_that_is_gone`,
      ROTATION,
      await make("old"),
      unsupported('stored hash uses a pepper that is not in the option "pepper"'),
      { ...quick[scheme], pepper: current },
    ),
    refuses(
      `refuses_${name}_with_a_pepper_where_there_is_none`,
      ROTATION,
      await make("old"),
      unsupported('stored hash uses a pepper that is not in the option "pepper"'),
      quick[scheme],
    ),
    dismisses(`dismisses_${name}_with_another_key_of_the_same_id`, ROTATION, PASSWORD, await make("2027"), {
      policy: { ...quick[scheme], pepper: { current: { id: "2027", key: KEYS.old } } },
      scheme,
    }),
  );
}

const altogether = [
  accepts(
    "accepts_an_argon2_hash_whose_keyid_stands_before_its_costs",
    "parameters in any order",
    PASSWORD,
    (await keyed("2027")).replace(/(m=\S+),(keyid=\w+)/, "$2,$1"),
    { policy: argon2Policy(rotated) },
  ),
  dismisses(
    "dismisses_an_argon2_hash_whose_pepper_was_renamed",
    "the id is no part of what is computed",
    PASSWORD,
    altered(await keyed("old"), Buffer.from("old").toString("base64"), "MjAyNw"),
    { policy: argon2Policy(rotated) },
  ),
  dismisses(
    "dismisses_an_argon2_hash_that_lost_its_keyid",
    "the key is part of what is computed",
    PASSWORD,
    altered(await keyed("old"), ",keyid=b2xk", ""),
    { policy: argon2Policy(rotated) },
  ),
  dismisses(
    "dismisses_what_a_pepper_makes_of_a_password",
    "who has the table and no key has nothing",
    peppered(PASSWORD, KEYS[2027]),
    before("2027", scrypt(peppered(PASSWORD, KEYS[2027]))),
    { policy: { ...QUICK_SCRYPT, pepper: current }, scheme: "scrypt" },
  ),
  accepts(
    "accepts_a_long_password_under_bcrypt_with_a_pepper",
    "HMAC reads all of it",
    "x".repeat(100),
    before("2027", await bcryptHash(peppered("x".repeat(100), KEYS[2027]), { cost: 10 })),
    { policy: { ...quick.bcrypt, pepper: current }, scheme: "bcrypt" },
  ),
  dismisses(
    "dismisses_another_long_password_under_bcrypt_with_a_pepper",
    "HMAC reads all of it",
    `${"x".repeat(99)}y`,
    before("2027", await bcryptHash(peppered("x".repeat(100), KEYS[2027]), { cost: 10 })),
    { policy: { ...quick.bcrypt, pepper: current }, scheme: "bcrypt" },
  ),
];

// A hash is bound to an account by a key that is derived for it.
const SWAPPED = "an attacker who can write to the table copies the hash of their own account";
const WRITTEN = "an attacker who can write to the table stores a hash that they made";
const required = { ...rotated, required: true };
const derived = (id, account) => createHmac("sha256", KEYS[id]).update(account).digest();
const boundTo = {
  argon2id: async (account, id = "2027") => `$account${await keyed(id, PASSWORD, account)}`,
  scrypt: (account, id = "2027") => `$account${before(id, scrypt(peppered(PASSWORD, derived(id, account))))}`,
};
const notBound = unsupported('stored hash is not bound to an account, and the option "pepper.required" is set');
const notPeppered = unsupported('stored hash has no pepper, and the option "pepper.required" is set');
const binding = [];
for (const [scheme, make] of Object.entries(boundTo)) {
  const policy = { ...quick[scheme], pepper: rotated };
  const strict = { ...quick[scheme], pepper: required };
  const own = await make("alice");
  const unbound = await made[scheme]("2027");
  const bare = scheme === "scrypt" ? scrypt() : await stored();
  const given = { policy, scheme };
  const judged = (name, text, account, expect, judging = policy) => ({
    ...{ name: `${name}_${scheme}`, source: SWAPPED, op: "needsRehash", stored: text, policy: judging },
    ...(account === undefined ? {} : { account }),
    expect,
  });
  const renewed = (name, text, account, newHash) => ({
    ...{
      name: `${name}_${scheme}`,
      source: SWAPPED,
      op: "verifyAndUpdate",
      password: PASSWORD,
      stored: text,
      policy,
      account,
    },
    expect: { ok: { ok: true, newHash } },
  });
  const pattern =
    scheme === "scrypt"
      ? "\\$account\\$pepper\\$2027\\$scrypt\\$ln=4,r=8,p=1\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}"
      : "\\$account\\$argon2id\\$v=19\\$m=64,t=1,p=1,keyid=MjAyNw\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}";
  binding.push(
    { ...accepts(`accepts_the_hash_of_an_account_${scheme}`, SWAPPED, PASSWORD, own, given), account: "alice" },
    {
      ...accepts(`accepts_the_hash_of_an_account_where_it_is_required_${scheme}`, SWAPPED, PASSWORD, own, {
        policy: strict,
        scheme,
      }),
      account: "alice",
    },
    { ...dismisses(`dismisses_the_hash_of_another_account_${scheme}`, SWAPPED, PASSWORD, own, given), account: "bob" },
    {
      ...dismisses(`dismisses_the_hash_of_an_account_in_capitals_${scheme}`, SWAPPED, PASSWORD, own, given),
      account: "Alice",
    },
    {
      ...dismisses(`dismisses_the_hash_of_a_longer_account_${scheme}`, SWAPPED, PASSWORD, own, given),
      account: "alice\0",
    },
    {
      ...dismisses(
        `dismisses_the_hash_of_an_account_that_lost_its_mark_${scheme}`,
        SWAPPED,
        PASSWORD,
        own.slice("$account".length),
        given,
      ),
      account: "alice",
    },
    {
      ...dismisses(
        `dismisses_a_hash_of_no_account_that_got_a_mark_${scheme}`,
        SWAPPED,
        PASSWORD,
        `$account${unbound}`,
        given,
      ),
      account: "alice",
    },
    {
      ...accepts(`accepts_and_renews_a_hash_of_no_account_${scheme}`, SWAPPED, PASSWORD, unbound, {
        ...given,
        needsRehash: true,
      }),
      account: "alice",
    },
    {
      ...accepts(
        `accepts_and_renews_the_hash_of_an_account_with_a_previous_pepper_${scheme}`,
        ROTATION,
        PASSWORD,
        await make("alice", "old"),
        {
          ...given,
          needsRehash: true,
        },
      ),
      account: "alice",
    },
    refuses(
      `refuses_the_hash_of_an_account_where_none_is_named_${scheme}`,
      "the caller's fault",
      own,
      unsupported('stored hash is bound to an account: pass the option "account"'),
      policy,
    ),
    {
      ...refuses(`refuses_a_hash_of_no_account_where_it_is_required_${scheme}`, SWAPPED, unbound, notBound, strict),
      account: "alice",
    },
    accepts(`accepts_a_hash_of_no_account_where_none_is_named_${scheme}`, SWAPPED, PASSWORD, unbound, {
      policy: strict,
      scheme,
    }),
    refuses(`refuses_a_hash_without_the_required_pepper_${scheme}`, WRITTEN, bare, notPeppered, strict),
    {
      ...refuses(`refuses_a_wrong_password_without_the_required_pepper_${scheme}`, WRITTEN, bare, notPeppered, strict),
      password: "wrong",
    },
    {
      ...refuses(`refuses_to_renew_a_hash_without_the_required_pepper_${scheme}`, WRITTEN, bare, notPeppered, strict),
      op: "verifyAndUpdate",
    },
    judged("judges_no_hash_without_the_required_pepper", bare, undefined, { error: notPeppered }, strict),
    judged("judges_no_hash_of_no_account_where_it_is_required", unbound, "alice", { error: notBound }, strict),
    judged("judges_a_hash_of_no_account_weaker", unbound, "alice", { ok: true }),
    judged("judges_the_hash_of_an_account_strong_enough", own, "alice", { ok: false }),
    judged("judges_the_hash_of_an_account_without_its_name", own, undefined, { ok: false }),
    renewed("renews_a_hash_of_no_account_for_one", unbound, "alice", pattern),
    renewed("keeps_the_hash_of_an_account", own, "alice", null),
    {
      name: `hashes_for_an_account_${scheme}`,
      source: SWAPPED,
      op: "hash",
      password: PASSWORD,
      policy,
      account: "alice",
      expect: { ok: pattern },
    },
    {
      name: `describes_the_hash_of_an_account_${scheme}`,
      source: "to count the others",
      op: "describePassword",
      stored: own,
      expect: {
        ok:
          scheme === "scrypt"
            ? { scheme, format: "phc", cost: 4, blockSize: 8, parallelism: 1, pepper: "2027", bound: true }
            : { scheme, format: "phc", memoryKib: 64, passes: 1, lanes: 1, pepper: "2027", bound: true },
      },
    },
    {
      name: `identifies_the_hash_of_an_account_${scheme}`,
      source: "by its beginning",
      op: "identifyPassword",
      stored: own,
      expect: { ok: scheme },
    },
    refuses(
      `refuses_a_mark_of_an_account_without_a_pepper_${scheme}`,
      "binding needs a key",
      `$account${bare}`,
      malformed('stored hash has the prefix "$account", but no pepper'),
      policy,
    ),
  );
}
for (const [what, account, message, pepper = current] of [
  ["an_empty_account", "", 'option "account" is not 1 to 256 bytes long'],
  ["an_account_of_257_bytes", `${"\u00e9".repeat(128)}x`, 'option "account" is not 1 to 256 bytes long'],
  ["an_account_without_a_pepper", "alice", 'option "account" needs the option "pepper"', null],
]) {
  const policy = { params: QUICK, ...(pepper === null ? {} : { pepper }) };
  binding.push(
    { ...refuses(`refuses_to_check_${what}`, "the caller's fault", await stored(), invalid(message), policy), account },
    {
      ...refuses(`refuses_to_check_no_user_with_${what}`, "the caller's fault", null, invalid(message), policy),
      account,
    },
    {
      name: `refuses_to_hash_for_${what}`,
      source: "the caller's fault",
      op: "hash",
      password: PASSWORD,
      policy,
      account,
      expect: { error: invalid(message) },
    },
  );
}
binding.push(
  {
    ...accepts(
      "accepts_the_longest_account",
      "limits are inclusive",
      PASSWORD,
      await boundTo.argon2id("\u00e9".repeat(128)),
      {
        policy: argon2Policy(required),
      },
    ),
    account: "\u00e9".repeat(128),
  },
  accepts("accepts_an_argon2_hash_with_the_required_pepper", WRITTEN, PASSWORD, await keyed("2027"), {
    policy: argon2Policy(required),
  }),
);

// Hashes that other software made with a secret, which they do not name.
const FOREIGN = "the option secret of the npm packages argon2 and hash-wasm";
const SECRET = "a secret of the old system";
const NEEDS_PEPPER = 'option "argon2Secret" needs the option "pepper", which marks new hashes';

/** The hash of a password with a secret, by both packages. */
async function withSecret(password, secret = SECRET, scheme = "argon2id") {
  const costs = { memoryCost: 64, timeCost: 1, parallelism: 1 };
  const made = await argon2.hash(password, { type: argon2[scheme], ...costs, salt: SALT, secret: Buffer.from(secret) });
  const text = inReferenceOrder(made);
  const others = { memorySize: 64, iterations: 1, parallelism: 1, hashLength: 32, outputType: "encoded" };
  const other = await hashWasm[scheme]({ password, salt: SALT, secret, ...others });
  if (other !== text) throw new Error(`two implementations disagree: ${text} and ${other}`);
  return text;
}

const moving = { ...argon2Policy(current), argon2Secret: SECRET };
const decomposed = "cafe\u0301 on the corner";
const RENEWED = "\\$argon2id\\$v=19\\$m=64,t=1,p=1,keyid=MjAyNw\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}";
const renewed = { policy: moving, needsRehash: true };
const foreign = [
  accepts("accepts_and_renews_argon2_with_a_secret", FOREIGN, PASSWORD, await withSecret(PASSWORD), renewed),
  dismisses(
    "dismisses_a_wrong_password_for_argon2_with_a_secret",
    FOREIGN,
    `${PASSWORD}.`,
    await withSecret(PASSWORD),
    {
      policy: moving,
    },
  ),
  accepts("accepts_argon2i_with_a_secret", FOREIGN, PASSWORD, await withSecret(PASSWORD, SECRET, "argon2i"), {
    ...renewed,
    scheme: "argon2i",
  }),
  accepts("accepts_argon2_with_a_secret_of_one_byte", FOREIGN, PASSWORD, await withSecret(PASSWORD, "s"), {
    ...renewed,
    policy: { ...moving, argon2Secret: "s" },
  }),
  accepts(
    "accepts_argon2_with_a_secret_of_1024_bytes",
    FOREIGN,
    PASSWORD,
    await withSecret(PASSWORD, "s".repeat(1024)),
    {
      ...renewed,
      policy: { ...moving, argon2Secret: "s".repeat(1024) },
    },
  ),
  accepts(
    "accepts_a_password_as_typed_for_argon2_with_a_secret",
    "other software hashes the bytes that it gets",
    decomposed,
    await withSecret(decomposed),
    renewed,
  ),
  accepts(
    "accepts_argon2_with_a_secret_in_the_format_of_django",
    "whatever is written before the hash",
    PASSWORD,
    `argon2${await withSecret(PASSWORD)}`,
    renewed,
  ),
  accepts("accepts_argon2_with_a_secret_under_a_policy_of_scrypt", FOREIGN, PASSWORD, await withSecret(PASSWORD), {
    policy: { ...QUICK_SCRYPT, pepper: current, argon2Secret: SECRET },
    needsRehash: true,
  }),
  accepts("accepts_a_peppered_argon2_hash_beside_a_secret", "the hash names its key", PASSWORD, await keyed("2027"), {
    policy: moving,
  }),
  accepts("accepts_scrypt_without_a_pepper_beside_a_secret_of_argon2", "only Argon2 has a secret", PASSWORD, scrypt(), {
    ...renewed,
    scheme: "scrypt",
  }),
  dismisses(
    "dismisses_argon2_with_a_secret_that_the_policy_does_not_have",
    FOREIGN,
    PASSWORD,
    await withSecret(PASSWORD),
    { policy: argon2Policy(current) },
  ),
  dismisses("dismisses_argon2_with_another_secret", FOREIGN, PASSWORD, await withSecret(PASSWORD, `${SECRET}.`), {
    policy: moving,
  }),
  dismisses(
    "dismisses_argon2_without_a_secret_where_the_policy_has_one",
    "every unmarked hash has one meaning",
    PASSWORD,
    await stored(),
    { policy: moving },
  ),
  dismisses(
    "dismisses_a_secret_that_is_named_as_a_pepper",
    "a named pepper is another key",
    PASSWORD,
    altered(await withSecret(PASSWORD), "p=1$", "p=1,keyid=MjAyNw$"),
    { policy: moving },
  ),
  refuses(
    "refuses_argon2_with_a_secret_where_a_pepper_is_required",
    WRITTEN,
    await withSecret(PASSWORD),
    unsupported('stored hash has no pepper, and the option "pepper.required" is set'),
    { ...moving, pepper: required },
  ),
  {
    name: "needs_a_rehash_of_argon2_with_a_secret",
    source: FOREIGN,
    op: "needsRehash",
    stored: await withSecret(PASSWORD),
    policy: moving,
    expect: { ok: true },
  },
  {
    name: "replaces_argon2_with_a_secret_by_argon2_with_the_pepper",
    source: FOREIGN,
    op: "verifyAndUpdate",
    password: PASSWORD,
    stored: await withSecret(PASSWORD),
    policy: moving,
    expect: { ok: { ok: true, newHash: RENEWED } },
  },
  ...[
    ["a_secret_without_a_pepper", { params: QUICK, argon2Secret: SECRET }, NEEDS_PEPPER],
    ["a_secret_without_a_pepper_under_scrypt", { ...QUICK_SCRYPT, argon2Secret: SECRET }, NEEDS_PEPPER],
    ["an_empty_secret", { ...moving, argon2Secret: "" }, 'option "argon2Secret" is empty'],
    [
      "a_secret_of_1025_bytes",
      { ...moving, argon2Secret: "s".repeat(1025) },
      'option "argon2Secret" is more than 1024 bytes long',
    ],
    ["a_number_for_a_secret", { ...moving, argon2Secret: 42 }, 'option "argon2Secret" is not a string or bytes'],
    ["null_for_a_secret", { ...moving, argon2Secret: null }, 'option "argon2Secret" is not a string or bytes'],
  ].map(([what, policy, message]) => ({
    name: `refuses_a_policy_with_${what}`,
    source: "options are read strictly",
    op: "hash",
    password: PASSWORD,
    policy,
    expect: { error: invalid(message) },
  })),
];

const noId = malformed('stored hash has no pepper id after "$pepper$"');
const good = scrypt();
const refused = [
  ["a_pepper_without_an_id", before("", good), noId],
  ["a_pepper_with_an_id_of_9_characters", before("123456789", good), noId],
  ["a_pepper_with_an_id_that_is_none", before('a"b', good), noId],
  ["a_pepper_within_a_pepper", before("old", before("old", good)), noId],
  ["a_pepper_before_nothing", "$pepper$old", noId],
  [
    "a_pepper_before_argon2",
    before("old", await stored()),
    malformed('stored hash has the prefix "$pepper$", but Argon2 hashes name their pepper as "keyid"'),
  ],
  [
    "a_keyid_that_is_no_id",
    altered(await keyed("old"), "b2xk", Buffer.from('a"b').toString("base64")),
    unsupported('stored hash\'s "keyid" is not a pepper id'),
  ],
].map(([what, text, error]) =>
  refuses(`refuses_${what}`, "forms are read strictly", text, error, { ...QUICK_SCRYPT, pepper: rotated }),
);

function hashing(name, source, policy, expect) {
  return { name, source, op: "hash", password: PASSWORD, policy, expect };
}

const key = "0123456789abcdef";
const hashes = [
  hashing("hashes_with_argon2_and_a_pepper", "PHC string format: keyid", argon2Policy(rotated), {
    ok: "\\$argon2id\\$v=19\\$m=64,t=1,p=1,keyid=MjAyNw\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}",
  }),
  hashing(
    "hashes_with_scrypt_and_a_pepper",
    "a prefix names it",
    { ...QUICK_SCRYPT, pepper: current },
    {
      ok: "\\$pepper\\$2027\\$scrypt\\$ln=4,r=8,p=1\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}",
    },
  ),
  hashing("hashes_with_a_pepper_of_16_bytes", "the least", argon2Policy({ current: { id: "a.B_9-", key } }), {
    ok: "\\$argon2id\\$v=19\\$m=64,t=1,p=1,keyid=YS5CXzkt\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}",
  }),
  ...[
    ["text", key, 'option "pepper" is not an object with "current"'],
    ["null", null, 'option "pepper" is not an object with "current"'],
    ["nothing_current", {}, 'option "pepper" is not an object with "current"'],
    [
      "a_requirement_that_is_no_boolean",
      { current: of("old"), required: 1 },
      'option "pepper.required" is not a boolean',
    ],
    ["only_previous_ones", { previous: [of("old")] }, 'option "pepper" is not an object with "current"'],
    ["a_key_alone", { current: key }, 'option "pepper.current" is not an object with "id" and "key"'],
    ["no_key", { current: { id: "a" } }, 'option "pepper.current" is not an object with "id" and "key"'],
    ["no_id", { current: { key } }, 'option "pepper.current" is not an object with "id" and "key"'],
    ["an_unknown_member", { current: of("old"), next: of("2027") }, 'unknown option "pepper.next"'],
    ["an_unknown_member_of_a_key", { current: { id: "a", key, alg: "HS256" } }, 'unknown option "pepper.current.alg"'],
    ["a_number_for_a_key", { current: { id: "a", key: 42 } }, 'option "pepper.current.key" is not a string or bytes'],
    ["a_number_for_an_id", { current: { id: 1, key } }, 'option "pepper.current.id" is not a string'],
    [
      "an_unknown_member_of_a_previous_key",
      { current: of("2027"), previous: [{ ...of("old"), until: 2028 }] },
      'unknown option "pepper.previous.until"',
    ],
    [
      "a_key_of_15_bytes",
      { current: { id: "a", key: key.slice(1) } },
      'option "pepper.current.key" is less than 16 bytes long',
    ],
    [
      "a_key_of_1025_bytes",
      { current: { id: "a", key: "x".repeat(1025) } },
      'option "pepper.current.key" is more than 1024 bytes long',
    ],
    [
      "a_previous_key_of_15_bytes",
      { current: of("2027"), previous: [{ id: "a", key: key.slice(1) }] },
      'option "pepper.previous.key" is less than 16 bytes long',
    ],
    [
      "an_empty_id",
      { current: { id: "", key } },
      'option "pepper.current.id" is not 1 to 8 letters, digits, ".", "_" or "-"',
    ],
    [
      "an_id_of_9_characters",
      { current: { id: "123456789", key } },
      'option "pepper.current.id" is not 1 to 8 letters, digits, ".", "_" or "-"',
    ],
    [
      "an_id_with_a_dollar_sign",
      { current: { id: "a$b", key } },
      'option "pepper.current.id" is not 1 to 8 letters, digits, ".", "_" or "-"',
    ],
    ["one_id_twice", { current: of("old"), previous: [of("old")] }, 'option "pepper.previous" repeats an id'],
  ].map(([what, pepper, message]) =>
    hashing(`refuses_a_pepper_of_${what}`, "options are read strictly", argon2Policy(pepper), {
      error: invalid(message),
    }),
  ),
];

export default {
  description: "Peppers: hashes made with a key, its rotation, and keys that are refused.",
  cases: [...cases, ...altogether, ...binding, ...foreign, ...refused, ...hashes],
};
