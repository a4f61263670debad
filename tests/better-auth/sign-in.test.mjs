// better-auth itself, with passwords that countersign hashes and checks.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { hashPassword as hashAsBetterAuth } from "@better-auth/utils/password";
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { PasswordHasher } from "countersign";
import { betterAuthPassword } from "countersign/better-auth";
import { resultOf } from "../runtimes/runners/process.mjs";

const PASSWORD = "correct horse battery staple";
const EMAIL = "alice@example.com";
const WEAK = new PasswordHasher({ params: { memoryKib: 64, passes: 1 } });

/** An application of better-auth with one user, and what happens in it. */
async function application(onRehash, hasher = new PasswordHasher()) {
  const database = { user: [], session: [], account: [], verification: [] };
  const told = [];
  const auth = betterAuth({
    baseURL: "http://localhost:3000",
    secret: "a secret of the test, and of nobody else",
    database: memoryAdapter(database),
    telemetry: { enabled: false },
    logger: { disabled: true },
    emailAndPassword: {
      enabled: true,
      password: betterAuthPassword(hasher, {
        async onRehash(rehash) {
          told.push(rehash);
          await onRehash?.(rehash, auth);
        },
      }),
    },
  });
  await auth.api.signUpEmail({ body: { email: EMAIL, name: "Alice", password: PASSWORD } });
  const signIn = (password = PASSWORD, email = EMAIL) =>
    auth.api.signInEmail({ body: { email, password } }).then(
      ({ token, user }) => (typeof token === "string" ? user.email : undefined),
      ({ body, code, message }) => body?.code ?? code ?? message,
    );
  const [account] = database.account;
  return { account, auth, signIn, told };
}

async function replace({ hash, newHash }, auth) {
  const { adapter } = await auth.$context;
  const where = [{ field: "password", value: hash }];
  return adapter.updateMany({ model: "account", where, update: { password: newHash } });
}

test("signs_up_and_in", async () => {
  const { account, signIn, told } = await application();
  assert.match(account.password, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  assert.equal(await signIn(), EMAIL);
  assert.equal(await signIn("Tr0ub4dor&3"), "INVALID_EMAIL_OR_PASSWORD");
  assert.equal(await signIn(PASSWORD, "mallory@example.com"), "INVALID_EMAIL_OR_PASSWORD");
  assert.deepEqual(told, [], "a hash that is as strong as a new one stays");
});

test("replaces_a_weaker_hash_at_the_first_sign_in", async () => {
  const { account, signIn, told } = await application(replace);
  account.password = WEAK.hash(PASSWORD);
  assert.equal(await signIn("Tr0ub4dor&3"), "INVALID_EMAIL_OR_PASSWORD");
  assert.deepEqual(told, [], "a wrong password replaces nothing");
  assert.equal(await signIn(), EMAIL);
  assert.equal(told.length, 1);
  assert.equal(account.password, told[0].newHash);
  assert.match(account.password, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  assert.equal(await signIn(), EMAIL);
  assert.equal(told.length, 1, "and not again");
});

// What better-auth hashed by itself, before.
test("replaces_a_hash_of_better_auths_own_at_the_first_sign_in", async () => {
  const { account, signIn, told } = await application(replace);
  account.password = await hashAsBetterAuth(PASSWORD);
  assert.match(account.password, /^[0-9a-f]{32}:[0-9a-f]{128}$/);
  assert.equal(await signIn("Tr0ub4dor&3"), "INVALID_EMAIL_OR_PASSWORD");
  assert.equal(await signIn(), EMAIL);
  assert.equal(account.password, told[0].newHash);
  assert.match(account.password, /^\$argon2id\$/);
  assert.equal(await signIn(), EMAIL);
});

test("overwrites_no_password_that_was_changed_in_the_meantime", async () => {
  const changed = new PasswordHasher().hash("a password of the meantime");
  let row;
  const { account, signIn } = await application(async (rehash, auth) => {
    row.password = changed;
    await replace(rehash, auth);
  });
  row = account;
  account.password = WEAK.hash(PASSWORD);
  assert.equal(await signIn(), EMAIL);
  assert.equal(account.password, changed);
});

test("does_without_a_place_for_new_hashes", async () => {
  const { verify } = betterAuthPassword(new PasswordHasher());
  assert.equal(await verify({ hash: WEAK.hash(PASSWORD), password: PASSWORD }), true);
});

test("fails_as_the_place_for_new_hashes_does", async () => {
  const { account, signIn } = await application(() => {
    throw new Error("database is locked");
  });
  account.password = WEAK.hash(PASSWORD);
  assert.equal(await signIn(), "database is locked");
});

test("works_beside_the_thread_where_the_hasher_can", async () => {
  const asked = [];
  const hasher = {
    hash: () => assert.fail("on the thread"),
    hashAsync: async (password) => asked.push(password) && "hash",
    verifyAndUpdate: () => assert.fail("on the thread"),
    verifyAndUpdateAsync: async (...given) => asked.push(...given) && { ok: true },
  };
  const { hash, verify } = betterAuthPassword(hasher);
  assert.equal(await hash("a"), "hash");
  assert.equal(await verify({ hash: "b", password: "c" }), true);
  assert.deepEqual(asked, ["a", "c", "b"]);
});

test("throws_for_what_is_no_hash", async () => {
  const { verify } = betterAuthPassword(new PasswordHasher());
  for (const hash of ["", "not a hash", null, undefined]) {
    await assert.rejects(verify({ hash, password: PASSWORD }), { code: "HASH_MALFORMED" });
  }
});

test("refuses_what_is_no_hasher_and_what_is_no_option", () => {
  const hasher = new PasswordHasher();
  const refused = [
    [[undefined], 'option "hasher" has no method "verifyAndUpdate"'],
    [[{}], 'option "hasher" has no method "verifyAndUpdate"'],
    [[hasher, { onReHash() {} }], 'unknown option "onReHash"'],
    [[hasher, { onRehash: "yes" }], 'option "onRehash" is not a function'],
    [[hasher, null], "options are not an object"],
  ];
  for (const [given, message] of refused) {
    assert.throws(() => betterAuthPassword(...given), { name: "CountersignError", code: "OPTION_INVALID", message });
  }
});

test("loses_nothing_when_two_sign_in_at_once_on_sqlite", async () => {
  // node:sqlite is in Node from version 22 on.
  const node = fileURLToPath(new URL("../../node_modules/node24/bin/node", import.meta.url));
  const directory = fileURLToPath(new URL(".", import.meta.url));
  const { updates, signedIn, stored, told } = await resultOf(node, [join(directory, "at-once.mjs")], directory);
  assert.deepEqual(signedIn, [EMAIL, EMAIL]);
  assert.deepEqual(updates.sort(), [0, 1], "of two new hashes, one is stored");
  assert.equal(new Set(told).size, 2);
  assert.ok(told.includes(stored));
});
