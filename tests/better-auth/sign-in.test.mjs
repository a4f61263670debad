// better-auth itself, with passwords that countersign hashes and checks.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { hashPassword as hashAsBetterAuth } from "@better-auth/utils/password";
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { CountersignError, PasswordHasher } from "countersign";
import { betterAuthPassword } from "countersign/better-auth";
import { resultOf } from "../runtimes/runners/process.mjs";

const PASSWORD = "correct horse battery staple";
const EMAIL = "alice@example.com";
const WEAK = new PasswordHasher({ params: { memoryKib: 64, passes: 1 } });

/** An application of better-auth with one user, and what happens in it. */
async function application(onRehash, more = {}) {
  const hasher = new PasswordHasher();
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
        ...more,
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
  const post = async (path, body) => {
    const answer = await auth.handler(
      new Request(`http://localhost:3000/api/auth${path}`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Origin: "http://localhost:3000" },
        body: JSON.stringify(body),
      }),
    );
    const text = await answer.text();
    const code = text === "" ? undefined : JSON.parse(text).code;
    return { status: answer.status, code, retryAfter: answer.headers.get("Retry-After") };
  };
  const [account] = database.account;
  return { account, auth, hasher, post, signIn, told };
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

// A hash of better-auth's own, made before the change.
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

test("answers_no_in_the_time_of_a_wrong_password_where_a_hash_cannot_be_read_and_somebody_is_told", async () => {
  const told = [];
  const spent = [];
  const hasher = new PasswordHasher();
  const counting = {
    hash: (password) => hasher.hash(password),
    verifyAndUpdate(password, stored) {
      spent.push(stored);
      return hasher.verifyAndUpdate(password, stored);
    },
  };
  const { verify } = betterAuthPassword(counting, { onUnreadableHash: (unreadable) => told.push(unreadable) });
  const stored = { hello: "HASH_MALFORMED", $argon2x$: "HASH_UNSUPPORTED" };
  for (const [hash, code] of Object.entries(stored)) {
    assert.equal(await verify({ hash, password: PASSWORD }), false);
    const { error, ...rest } = told.shift();
    assert.deepEqual([error.code, rest], [code, { hash }]);
    assert.deepEqual(spent.splice(0), [hash, null], "a check against nothing comes after it");
  }
  assert.equal(await verify({ hash: hasher.hash(PASSWORD), password: PASSWORD }), true);
  assert.deepEqual(told, []);
});

test("signs_in_alike_with_a_wrong_password_and_with_a_hash_that_cannot_be_read", async () => {
  const told = [];
  const { account, post } = await application(undefined, { onUnreadableHash: ({ error }) => told.push(error.code) });
  account.password = "hello";
  const answer = await post("/sign-in/email", { email: EMAIL, password: PASSWORD });
  assert.deepEqual(answer, { status: 401, code: "INVALID_EMAIL_OR_PASSWORD", retryAfter: null });
  assert.deepEqual(told, ["HASH_MALFORMED"]);
});

test("answers_500_where_a_hash_cannot_be_read_and_nobody_is_told", async () => {
  const { account, post } = await application();
  account.password = "hello";
  assert.equal((await post("/sign-in/email", { email: EMAIL, password: PASSWORD })).status, 500);
});

// For every question and every user: better-auth calls `hash` for an unknown user, and a difference would reveal that.
test("answers_400_to_a_password_that_nobody_can_have", async () => {
  const { auth, post } = await application();
  (await auth.$context).password.config.maxPasswordLength = 10_000;
  const passwords = { INVALID_PASSWORD: "\ud800".repeat(20), PASSWORD_TOO_LONG: "a".repeat(5000) };
  for (const [code, password] of Object.entries(passwords)) {
    for (const [path, email] of [
      ["/sign-in/email", EMAIL],
      ["/sign-in/email", "mallory@example.com"],
      ["/sign-up/email", "bob@example.com"],
    ]) {
      const answer = await post(path, { email, password, name: "Bob" });
      assert.deepEqual(answer, { status: 400, code, retryAfter: null }, `${path} ${email}`);
    }
  }
});

// A password is the guesser's to choose, and so that of a known and of an unknown user must come to the same.
test("tells_nobody_by_a_refused_password_whether_there_is_a_user", async () => {
  const bcrypt = new PasswordHasher({ scheme: "bcrypt", params: { cost: 10 } });
  const shaCrypt = `$6$rounds=1000000$saltsalt$${".".repeat(86)}`;
  for (const [hasher, stored, password, expected] of [
    [bcrypt, bcrypt.hash(PASSWORD), "a".repeat(73), "PASSWORD_TOO_LONG"],
    [bcrypt, bcrypt.hash(PASSWORD), "a\0b", "PASSWORD_INVALID"],
    [bcrypt, bcrypt.hash(PASSWORD), "a".repeat(72), false],
    // So long a password is too much work for this hash alone.
    [new PasswordHasher(), shaCrypt, "\u4e00".repeat(128), false],
  ]) {
    const { hash, verify } = betterAuthPassword(hasher);
    const outcome = (work) =>
      work.then(
        () => false,
        ({ code }) => code,
      );
    assert.equal(await outcome(verify({ hash: stored, password })), expected);
    assert.equal(await outcome(hash(password)), expected);
  }
});

test("takes_as_long_for_an_unknown_user_whatever_the_password", () => {
  const decomposed = "e\u0301".repeat(8);
  const bcrypt = new PasswordHasher({ scheme: "bcrypt", params: { cost: 10 } });
  for (const [hasher, password] of [
    [new PasswordHasher(), PASSWORD],
    [new PasswordHasher(), decomposed],
    [bcrypt, "a".repeat(73)],
    [bcrypt, decomposed.repeat(4)],
  ]) {
    const stored = hasher.hash(PASSWORD.toUpperCase());
    const [known, unknown] = least([() => hasher.verify(password, stored), () => hasher.hash(password)]);
    const ratio = unknown / known;
    assert.ok(0.6 < ratio && ratio < 1.6, `${password.length} characters: ${unknown} ms instead of ${known}`);
  }
});

/** The least processor time of each, in milliseconds, taking turns, so that other processes disturb them alike and little. */
function least(works) {
  const times = works.map(() => []);
  for (let round = 0; round < 7; round += 1) {
    for (const [index, work] of works.entries()) {
      const start = process.cpuUsage();
      try {
        work();
      } catch {}
      const { user, system } = process.cpuUsage(start);
      times[index].push((user + system) / 1000);
    }
  }
  return times.map((each) => Math.min(...each));
}

test("answers_503_when_the_queue_is_full", async () => {
  const full = () =>
    Promise.reject(
      new CountersignError("PASSWORD_QUEUE_FULL", 'the password queue is full; the option "queue" limits it'),
    );
  const { hasher, post } = await application();
  Object.assign(hasher, { hashAsync: full, verifyAndUpdateAsync: full });
  for (const email of [EMAIL, "mallory@example.com"]) {
    const answer = await post("/sign-in/email", { email, password: PASSWORD });
    assert.deepEqual(answer, { status: 503, code: "PASSWORD_QUEUE_FULL", retryAfter: "3" });
  }
});

test("keeps_the_class_and_the_code_of_what_it_has_answered", async () => {
  const { hash } = betterAuthPassword(new PasswordHasher());
  await assert.rejects(hash("\ud800"), (error) => {
    return error instanceof CountersignError && error.code === "PASSWORD_INVALID" && error.name === "APIError";
  });
});

test("signs_nobody_in_whose_hasher_says_neither_yes_nor_no", async () => {
  const message = '"verifyAndUpdate" of the hasher must return { ok, newHash }, where ok is true or false';
  const expected = { name: "CountersignError", code: "OPTION_INVALID", message };
  for (const answer of [
    undefined,
    null,
    true,
    false,
    "yes",
    {},
    { ok: "no" },
    { ok: 1 },
    { ok: Promise.resolve(false) },
  ]) {
    for (const method of ["verifyAndUpdate", "verifyAndUpdateAsync"]) {
      const hasher = { verifyAndUpdate: () => ({ ok: false }), [method]: async () => answer };
      await assert.rejects(betterAuthPassword(hasher).verify({ hash: "x", password: "y" }), expected);
    }
  }
  for (const ok of [true, false]) {
    const hasher = { verifyAndUpdate: () => ({ ok }) };
    assert.equal(await betterAuthPassword(hasher).verify({ hash: "x", password: "y" }), ok);
  }
});

test("refuses_what_is_no_hasher_and_what_is_no_option", () => {
  const hasher = new PasswordHasher();
  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();
  const refused = [
    [[undefined], 'option "hasher" has no method "verifyAndUpdate": make one with new PasswordHasher()'],
    [[{}], 'option "hasher" has no method "verifyAndUpdate": make one with new PasswordHasher()'],
    [[hasher, { onReHash() {} }], 'unknown option "onReHash"'],
    [[hasher, { onRehash: "yes" }], 'option "onRehash" is not a function'],
    [[hasher, { onUnreadableHash: true }], 'option "onUnreadableHash" is not a function'],
    [[hasher, null], "options are not an object"],
    [[hasher, revoked], "options cannot be read"],
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
