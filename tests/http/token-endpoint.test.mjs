// tokenEndpoint alone, in Node: its options, and the paths that the example's Worker does not take.

import assert from "node:assert/strict";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { tokenEndpoint } from "countersign/http";
import { CountersignError, Key, Signer, Verifier } from "countersign/jwt";
import { closePasswordPool, configurePasswordPool, PasswordHasher } from "countersign/password";

const URL = "https://api.example/token";
const key = Key.generate("EdDSA", { kid: "one" });
const verifier = new Verifier(key.publicKey());
const signer = new Signer(key);

const invalid = (message) => ({ name: "CountersignError", code: "OPTION_INVALID", message });

function form(parameters) {
  return new Request(URL, {
    method: "POST",
    body: new URLSearchParams({ grant_type: "password", username: "alice", password: "x", ...parameters }),
  });
}

/** An endpoint whose `authenticate` gives this answer, and whose signer counts the tokens it was asked for. */
function giving(answer) {
  const counted = { signed: 0 };
  const signing = {
    sign(claims, o) {
      counted.signed += 1;
      return signer.sign(claims, o);
    },
  };
  return { endpoint: tokenEndpoint({ signer: signing, authenticate: () => answer }), counted };
}

test("a token carries the grant", async () => {
  const endpoint = tokenEndpoint({
    signer,
    authenticate: (username) => ({ subject: username, scopes: ["read"], claims: { name: "Alice" } }),
    expiresIn: 60,
  });
  const { access_token, ...rest } = await (await endpoint(form({ scope: "read" }))).json();
  assert.deepEqual(rest, { token_type: "bearer", expires_in: 60, scope: "read" });
  const { exp, iat, ...claims } = verifier.verify(access_token).claims;
  assert.deepEqual(claims, { name: "Alice", sub: "alice", scope: "read" });
  assert.equal(exp - iat, 60);
});

test("without a scope nothing is granted, and nothing said of it", async () => {
  const endpoint = tokenEndpoint({ signer, authenticate: () => ({ subject: "alice", scopes: ["read"] }) });
  const answer = await (await endpoint(form())).json();
  assert.deepEqual(Object.keys(answer), ["access_token", "token_type", "expires_in"]);
  assert.equal(Object.hasOwn(verifier.verify(answer.access_token).claims, "scope"), false);
});

test("of the default scope, a user gets what they may have", async () => {
  const endpoint = tokenEndpoint({
    signer,
    authenticate: () => ({ subject: "alice", scopes: ["b", "c"] }),
    defaultScope: "a b c",
  });
  assert.equal((await (await endpoint(form())).json()).scope, "b c");
});

test("a grant may come from another realm, or have no prototype", async () => {
  const bare = Object.assign(Object.create(null), { subject: "alice" });
  for (const grant of [runInNewContext('({ subject: "alice" })'), bare]) {
    const { endpoint, counted } = giving(grant);
    assert.equal((await endpoint(form())).status, 200);
    assert.equal(counted.signed, 1);
  }
});

test("a grant may come from another Worker, whose answers have a method to dispose of them", async () => {
  const grant = { subject: "alice" };
  Object.defineProperty(grant, Symbol.dispose, { value() {} });
  assert.equal((await giving(grant).endpoint(form())).status, 200);
});

test("no grant is no token", async () => {
  for (const none of [null, false, undefined]) {
    for (const answer of [none, Promise.resolve(none)]) {
      const { endpoint, counted } = giving(answer);
      const refusal = await endpoint(form());
      assert.equal(refusal.status, 400, String(none));
      assert.equal((await refusal.json()).error, "invalid_grant");
      assert.equal(counted.signed, 0);
    }
  }
});

test("what is neither a grant nor a refusal is a mistake of the application's, and no token", async () => {
  class User {
    subject = "alice";
  }
  const noObject = "options are not an object";
  const notPlain = "options are not a plain object";
  const noSubject = 'option "subject" is not a non-empty string';
  const noClaims = 'option "claims" is not an object';
  const subject = "alice";
  const cases = [
    [true, noObject],
    [0, noObject],
    ["", noObject],
    ["alice", noObject],
    [[], noObject],
    [[{ subject }], noObject],
    [() => ({ subject }), noObject],
    [new User(), notPlain],
    [new Map([["subject", subject]]), notPlain],
    [Object.create({ subject }), notPlain],
    [{}, noSubject],
    [{ ok: false }, 'unknown option "ok"'],
    [{ ok: true, needsRehash: false, scheme: "argon2id" }, 'unknown option "ok"'],
    [{ sub: "x" }, 'unknown option "sub"'],
    [{ subject, scope: "admin" }, 'unknown option "scope"'],
    [{ subject, [Symbol("x")]: 1 }, "unknown option Symbol(x)"],
    [{ subject: undefined }, noSubject],
    [{ subject: null }, noSubject],
    [{ subject: "" }, noSubject],
    [{ subject: 7 }, noSubject],
    [{ subject, claims: null }, noClaims],
    [{ subject, claims: [] }, noClaims],
    [{ subject, claims: "admin" }, noClaims],
    [{ subject, claims: Promise.resolve({}) }, noClaims],
    [{ subject, claims: { sub: "root" } }, 'option "claims" must not set "sub"'],
    [{ subject, claims: { scope: "admin" } }, 'option "claims" must not set "scope"'],
    [{ subject, claims: { scope: undefined } }, 'option "claims" must not set "scope"'],
  ];
  for (const [answer, message] of cases) {
    const { endpoint, counted } = giving(answer);
    await assert.rejects(endpoint(form()), invalid(message));
    assert.equal(counted.signed, 0, message);
  }
});

test("the application may answer for itself", async () => {
  const own = new Response("slow down", { status: 429, headers: { "Retry-After": "60" } });
  const answer = await tokenEndpoint({ signer, authenticate: async () => own })(form());
  assert.equal(answer, own);
});

test("the application gets name, password and request", async () => {
  const request = form({ username: "ä b", password: "p&=+%" });
  const seen = [];
  await tokenEndpoint({
    signer,
    authenticate(...all) {
      seen.push(...all);
      return null;
    },
  })(request);
  assert.deepEqual(seen, ["ä b", "p&=+%", request]);
});

test("a password that the hasher will not read is a wrong one", async () => {
  for (const code of ["PASSWORD_TOO_LONG", "PASSWORD_INVALID"]) {
    const endpoint = tokenEndpoint({
      signer,
      authenticate() {
        throw new CountersignError(code, "x");
      },
    });
    const answer = await endpoint(form());
    assert.equal(answer.status, 400);
    assert.equal((await answer.json()).error, "invalid_grant");
  }
});

test("who comes when the queue for threads is full is told to come again, and the others are let in", async () => {
  configurePasswordPool({ threads: 1, queue: 1 });
  try {
    const hasher = new PasswordHasher({ params: { memoryKib: 64, passes: 1 } });
    const stored = hasher.hash("x");
    const endpoint = tokenEndpoint({
      signer,
      async authenticate(username, password) {
        const { ok } = await hasher.verifyAsync(password, username === "alice" ? stored : null);
        return ok ? { subject: username } : null;
      },
    });
    // One is in progress and one waits. The third is refused, whether or not its user exists.
    const answers = await Promise.all(
      ["alice", "alice", "alice", "nobody"].map((username) => endpoint(form({ username }))),
    );
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 503, 503],
    );
    for (const answer of answers.slice(2)) {
      assert.deepEqual(Object.fromEntries(answer.headers), {
        "cache-control": "no-store",
        "content-type": "application/json",
        pragma: "no-cache",
        "retry-after": "3",
      });
      assert.deepEqual(await answer.json(), {
        error: "temporarily_unavailable",
        error_description: "too many users log in at the same time",
      });
    }
    assert.equal((await endpoint(form())).status, 200, "and then it is as before");
  } finally {
    await closePasswordPool();
    configurePasswordPool({});
  }
});

test("a full queue is known by its code, whichever build of the package it comes from", async () => {
  for (const authenticate of [
    () => {
      throw Object.assign(new Error("x"), { code: "PASSWORD_QUEUE_FULL" });
    },
    () => Promise.reject(Object.assign(new Error("x"), { code: "PASSWORD_QUEUE_FULL" })),
  ]) {
    assert.equal((await tokenEndpoint({ signer, authenticate })(form())).status, 503);
  }
});

test("a fault of ours is not the user's", async () => {
  for (const error of [new CountersignError("HASH_MALFORMED", "x"), new Error("x"), undefined]) {
    const authenticate = async () => {
      throw error;
    };
    await assert.rejects(tokenEndpoint({ signer, authenticate })(form()), (thrown) => thrown === error);
  }
});

test("a grant with something that is no scope is a mistake of the application's", async () => {
  const endpoint = tokenEndpoint({ signer, authenticate: () => ({ subject: "alice", scopes: ["a b", 'c"'] }) });
  await assert.rejects(endpoint(form()), invalid('option "scopes" is not a scope'));
});

test("a body may have exactly as many bytes as allowed", async () => {
  const request = form();
  const { length } = await request.clone().text();
  const authenticate = () => null;
  assert.equal((await tokenEndpoint({ signer, authenticate, maxBodyBytes: length })(form())).status, 400);
  assert.equal((await tokenEndpoint({ signer, authenticate, maxBodyBytes: length - 1 })(form())).status, 413);
});

test("the token endpoint's options are read strictly", () => {
  const good = { signer, authenticate: () => null };
  const bodyBytes = 'option "maxBodyBytes" is not a whole number from 1 to 1048576';
  const notPlain = "options are not a plain object";
  const cases = [
    [{ ...good, expires: 60 }, 'unknown option "expires"'],
    [{ ...good, expiresIn: 0 }, 'option "expiresIn" is not a whole number of at least 1'],
    [{ ...good, expiresIn: "15m" }, 'option "expiresIn" is not a whole number of at least 1'],
    [{ ...good, maxBodyBytes: 1.5 }, bodyBytes],
    [{ ...good, maxBodyBytes: 0 }, bodyBytes],
    [{ ...good, maxBodyBytes: 1_048_577 }, bodyBytes],
    [{ ...good, maxBodyBytes: Number.POSITIVE_INFINITY }, bodyBytes],
    [{ ...good, [Symbol("x")]: 1 }, "unknown option Symbol(x)"],
    [Object.defineProperty({ ...good }, "expires", { value: 60 }), 'unknown option "expires"'],
    [Promise.resolve(good), notPlain],
    [new Map(Object.entries(good)), notPlain],
    [Object.assign(new (class Options {})(), good), notPlain],
    [Object.create(good), notPlain],
    [{ ...good, defaultScope: "a  b" }, 'option "defaultScope" is not a scope'],
    [{ signer }, 'option "authenticate" is not a function'],
    [{ authenticate: () => null }, 'option "signer" has no method "sign"'],
    [undefined, "options are not an object"],
  ];
  for (const [options, message] of cases) assert.throws(() => tokenEndpoint(options), invalid(message));
  assert.equal(typeof tokenEndpoint({ ...good, maxBodyBytes: 1_048_576 }), "function");
});
