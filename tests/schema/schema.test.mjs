// The option `schema`, with zod, valibot and arktype, with every function that returns claims, and with schemas that are none.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { type } from "arktype";
import { bearerGuard, cookieSession } from "countersign/http";
import { Issuers, verifyIdToken } from "countersign/issuers";
import { decryptAndVerify, decryptClaims, EncryptionKey, encrypt, signAndEncrypt } from "countersign/jwe";
import { judgeClaims, Key, RemoteKeySet, Signer, sign, Verifier, verify, verifyAsync } from "countersign/jwt";
import { guard } from "countersign/mcp";
import { memoryStore, Sessions } from "countersign/session";
import { TestIssuer } from "countersign/testing";
import * as v from "valibot";
import * as z from "zod";

const key = Key.fromSecret(new Uint8Array(32).fill(7), { alg: "HS256" });
const SECRET = "not-for-messages";
const right = { sub: "alice", role: "admin", address: { city: "Ghent" } };
const wrong = { ...right, role: SECRET };
const nested = { ...right, address: { city: 7 } };

/** The same schema in each library. */
const LIBRARIES = {
  zod: z.object({ sub: z.string(), role: z.enum(["admin", "user"]), address: z.object({ city: z.string() }) }),
  valibot: v.object({ sub: v.string(), role: v.picklist(["admin", "user"]), address: v.object({ city: v.string() }) }),
  arktype: type({ sub: "string", role: "'admin' | 'user'", address: { city: "string" } }),
};

/** A schema that answers what a test says. */
const schemaOf = (validate, others) => ({ "~standard": { version: 1, vendor: "test", validate, ...others } });
const asynchronous = (schema) => schemaOf(async (value) => schema["~standard"].validate(value));

const misfit = (claim) => ({ code: "CLAIM_INVALID", claim, message: `"${claim}" claim does not fit the schema` });

const issuer = new TestIssuer("https://login.example");
const remote = () => new RemoteKeySet(issuer.jwksUrl, { fetch: issuer.fetch });
const issuers = () => new Issuers({ issuer: issuer.issuer, jwksUrl: issuer.jwksUrl, remote: { fetch: issuer.fetch } });
const content = EncryptionKey.generate("dir", { enc: "A256GCM" });
const signer = new Signer(key);
const request = (claims) =>
  new Request("https://api.example/", { headers: { Authorization: `Bearer ${sign(claims, key)}` } });

/** Every function that returns claims: from the claims of a token and the schema to what is read. */
const READERS = {
  verify: (claims, schema) => verify(sign(claims, key), key, { schema }).claims,
  "verify of a Verifier": (claims, schema) => new Verifier(key, { schema }).verify(sign(claims, key)).claims,
  "verify of a Verifier, for one call": (claims, schema) =>
    new Verifier(key).verify(sign(claims, key), { schema }).claims,
  "verify with other options": (claims, schema) =>
    new Verifier(key, { schema }).verify(sign(claims, key), { subject: "alice" }).claims,
  judgeClaims: (claims, schema) => judgeClaims({ ...claims, exp: 2 ** 40 }, { schema }),
  decryptAndVerify: (claims, schema) =>
    decryptAndVerify(signAndEncrypt(claims, signer, content), content, new Verifier(key, { schema })).verified.claims,
  decryptClaims: (claims, schema) => {
    const text = JSON.stringify({ ...claims, exp: 2 ** 40 });
    return decryptClaims(encrypt(new TextEncoder().encode(text), content, { cty: "json" }), content, { schema }).claims;
  },
};
const ASYNC_READERS = {
  verifyAsync: async (claims, schema) => (await verifyAsync(sign(claims, key), key, { schema })).claims,
  "verifyAsync of a Verifier": async (claims, schema) =>
    (await new Verifier(key, { schema }).verifyAsync(sign(claims, key))).claims,
  "verifyAsync of a Verifier, for one call": async (claims, schema) =>
    (await new Verifier(key).verifyAsync(sign(claims, key), { schema })).claims,
  "verifyAsync with keys to fetch": async (claims, schema) =>
    (await new Verifier(remote(), { schema }).verifyAsync(issuer.token(claims))).claims,
  "verifyAsync with keys to fetch, for one call": async (claims, schema) =>
    (await new Verifier(remote()).verifyAsync(issuer.token(claims), { schema })).claims,
  "verifyAsync with Issuers": async (claims, schema) =>
    (await new Verifier(issuers(), { schema }).verifyAsync(issuer.token(claims))).claims,
  "verifyAsync with Issuers, for one call": async (claims, schema) =>
    (await new Verifier(issuers()).verifyAsync(issuer.token(claims), { schema })).claims,
  verifyIdToken: async (claims, schema) =>
    (
      await verifyIdToken(issuer.token({ ...claims, aud: "client" }), new Verifier(issuers()), {
        clientId: "client",
        schema,
      })
    ).claims,
  "verifyIdToken with the schema of the verifier": async (claims, schema) =>
    (
      await verifyIdToken(
        issuer.token({ ...claims, aud: "client", nonce: "n" }),
        new Verifier(remote(), { issuer: issuer.issuer, schema }),
        { clientId: "client", nonce: "n" },
      )
    ).claims,
  bearerGuard: async (claims, schema) => {
    const caller = await bearerGuard(new Verifier(key, { schema }))(request(claims));
    if (!(caller instanceof Response)) return caller.claims;
    assert.equal(caller.status, 401);
    const { error, error_description: description } = await caller.json();
    assert.equal(error, "invalid_token");
    // A response has the message alone, without quotation marks (RFC 6750 §3).
    const message = description.replaceAll("'", '"');
    const [, claim] = message.match(/^"(.*)" claim/);
    throw Object.assign(new Error(message), { code: "CLAIM_INVALID", claim });
  },
};

for (const [name, schema] of Object.entries(LIBRARIES)) {
  for (const [reader, read] of Object.entries({ ...READERS, ...ASYNC_READERS })) {
    test(`${name}_types_what_${reader}_gives`.replaceAll(" ", "_"), async () => {
      const { sub, role, address } = await read(right, schema);
      assert.deepEqual({ sub, role, address }, right);
      await assert.rejects(async () => read(wrong, schema), misfit("role"));
      await assert.rejects(async () => read(nested, schema), misfit("address"));
      await assert.rejects(async () => read({ sub: "alice", role: "user" }, schema), misfit("address"));
    });
  }
}

test("gives_exactly_what_the_schema_returns", () => {
  class User {}
  const user = new User();
  const token = sign({ sub: "alice", level: "7" }, key, { expiresIn: "1h" });
  const schema = z.object({ level: z.coerce.number(), lang: z.string().default("en") });
  assert.deepEqual(verify(token, key, { schema }).claims, { level: 7, lang: "en" });
  assert.equal(verify(token, key, { schema: schemaOf(() => ({ value: user })) }).claims, user);
  assert.deepEqual(verify(token, key, { schema }).header, { alg: "HS256", typ: "JWT" });
  assert.deepEqual(Object.keys(verify(token, key, { schema })), ["header", "claims"]);
  const [one, two] = [0, 1].map(() => new Verifier(key, { schema }).verify(token));
  assert.deepEqual(one, two);
});

test("lets_the_schema_of_a_call_replace_that_of_the_verifier", async () => {
  const verifier = new Verifier(key, { schema: z.object({ sub: z.string() }) });
  const token = sign({ sub: "alice", role: "admin" }, key);
  const own = z.object({ role: z.string() });
  assert.deepEqual(verifier.verify(token).claims, { sub: "alice" });
  assert.deepEqual(verifier.verify(token, { schema: own }).claims, { role: "admin" });
  assert.deepEqual((await verifier.verifyAsync(token, { schema: own })).claims, { role: "admin" });
  for (const options of [{}, { schema: undefined }, { subject: "alice" }, { subject: "alice", schema: undefined }]) {
    assert.deepEqual(verifier.verify(token, options).claims, { sub: "alice" });
    assert.deepEqual((await verifier.verifyAsync(token, options)).claims, { sub: "alice" });
  }
});

test("asks_the_schema_only_about_tokens_that_are_right_otherwise", async () => {
  let calls = 0;
  const schema = schemaOf(() => {
    calls += 1;
    return { issues: [{ message: "no", path: ["role"] }] };
  });
  const verifier = new Verifier(key, { issuer: "i", audience: "api", schema });
  const other = Key.fromSecret(new Uint8Array(32).fill(8), { alg: "HS256" });
  const good = { iss: "i", aud: "api", role: "x" };
  for (const [token, code] of [
    ["x", "TOKEN_MALFORMED"],
    [sign(good, other), "TOKEN_SIGNATURE_INVALID"],
    [sign({ ...good, iss: "j" }, key), "CLAIM_INVALID"],
    [sign({ ...good, aud: "j" }, key), "CLAIM_INVALID"],
    [sign({ ...good, exp: 1 }, key), "TOKEN_EXPIRED"],
  ]) {
    assert.throws(() => verifier.verify(token), { code });
    await assert.rejects(verifier.verifyAsync(token), { code });
  }
  await assert.rejects(new Verifier(remote(), { schema }).verifyAsync(issuer.token({}, { fault: "wrong-key" })), {
    code: "TOKEN_SIGNATURE_INVALID",
  });
  await assert.rejects(new Verifier(issuers(), { schema }).verifyAsync(issuer.token({}, { fault: "expired" })), {
    code: "TOKEN_EXPIRED",
  });
  // An ID token has more rules, which come first as well.
  const idVerifier = new Verifier(issuers(), { schema });
  await assert.rejects(
    verifyIdToken(issuer.token({ sub: "a", aud: "c", nonce: "x" }), idVerifier, { clientId: "c", nonce: "n" }),
    { code: "CLAIM_INVALID", claim: "nonce" },
  );
  assert.equal(calls, 0);
  assert.throws(() => verifier.verify(sign(good, key)), misfit("role"));
  assert.equal(calls, 1);
});

test("awaits_an_asynchronous_schema_and_says_so_where_it_cannot", async () => {
  const schema = asynchronous(LIBRARIES.zod);
  for (const [reader, read] of Object.entries(ASYNC_READERS)) {
    assert.equal((await read(right, schema)).role, "admin", reader);
    await assert.rejects(read(wrong, schema), misfit("role"), reader);
  }
  for (const [reader, read] of Object.entries(READERS)) {
    const advice = /judge|decryptClaims/.test(reader) ? "validate the claims yourself" : "use verifyAsync";
    const message = `option "schema" returns a promise: ${advice}`;
    assert.throws(() => read(right, schema), { code: "OPTION_INVALID", message, parameter: "schema" }, reader);
  }
  // The promise that nobody waits for may fail later.
  const late = schemaOf(() => Promise.reject(new Error("late")));
  assert.throws(() => verify(sign(right, key), key, { schema: late }), { code: "OPTION_INVALID" });
  await new Promise((resolve) => setTimeout(resolve, 10));
  const zod = z.object({ sub: z.string().refine(async (sub) => sub === "alice") });
  assert.deepEqual((await verifyAsync(sign(right, key), key, { schema: zod })).claims, { sub: "alice" });
  await assert.rejects(verifyAsync(sign({ sub: "bob" }, key), key, { schema: zod }), misfit("sub"));
});

test("shows_no_value_and_gives_the_issues_to_the_owner", () => {
  for (const [name, schema] of Object.entries(LIBRARIES)) {
    try {
      verify(sign(wrong, key), key, { schema });
      assert.fail(name);
    } catch (error) {
      assert.ok(error.issues.length === 1 && typeof error.issues[0].message === "string", name);
      for (const text of [error.message, inspect(error, { depth: 9 }), JSON.stringify(error), String(error)])
        assert.ok(!text.includes(SECRET), `${name}: ${text}`);
    }
  }
});

test("names_the_claim_of_any_path", () => {
  const token = sign(right, key);
  for (const [issues, claim, message] of [
    [[{ message: "", path: ["a", "b"] }], "a", '"a" claim does not fit the schema'],
    [
      [
        { message: "", path: [{ key: "a" }] },
        { message: "", path: ["b"] },
      ],
      "a",
      '"a" claim does not fit the schema',
    ],
    [[{ message: "", path: ["https://a.example/b"] }], "https://a.example/b", undefined],
    [[{ message: "", path: [0] }], "0", '"0" claim does not fit the schema'],
    [[{ message: "" }], undefined, "claims do not fit the schema"],
    [[{ message: "", path: [] }], undefined, "claims do not fit the schema"],
    [[{ message: "", path: [Symbol("a")] }], undefined, "claims do not fit the schema"],
    [[], undefined, "claims do not fit the schema"],
    [[null], undefined, "claims do not fit the schema"],
    [[{ path: 7 }], undefined, "claims do not fit the schema"],
    [[{ path: [null] }], undefined, "claims do not fit the schema"],
    [[{ path: ['a"b'] }], 'a"b', "a claim does not fit the schema"],
    [[{ path: ["a b"] }], "a b", "a claim does not fit the schema"],
    [[{ path: ["é"] }], "é", "a claim does not fit the schema"],
    [[{ path: ["a".repeat(65)] }], "a".repeat(65), "a claim does not fit the schema"],
  ]) {
    const expected = { code: "CLAIM_INVALID", message: message ?? `"${claim}" claim does not fit the schema` };
    const schema = schemaOf(() => ({ issues }));
    assert.throws(
      () => verify(token, key, { schema }),
      (error) => {
        assert.deepEqual({ code: error.code, message: error.message }, expected);
        assert.equal(error.claim, claim);
        assert.equal(error.issues, issues);
        return true;
      },
    );
  }
});

const throwing = new Proxy(
  {},
  {
    get() {
      throw new Error("get");
    },
    has() {
      throw new Error("has");
    },
  },
);

test("refuses_what_is_no_schema_when_it_is_given", async () => {
  const message = 'option "schema" is not a Standard Schema of version 1, as zod, valibot and arktype make';
  const invalid = { code: "OPTION_INVALID", message, parameter: "schema", reason: "invalid" };
  const good = { version: 1, vendor: "test", validate: () => ({ value: {} }) };
  for (const schema of [
    null,
    0,
    "zod",
    {},
    [],
    () => true,
    z,
    throwing,
    { "~standard": null },
    { "~standard": throwing },
    { "~standard": { ...good, version: 2 } },
    { "~standard": { ...good, version: "1" } },
    { "~standard": { ...good, version: undefined } },
    { "~standard": { ...good, vendor: undefined } },
    { "~standard": { ...good, vendor: 7 } },
    { "~standard": { ...good, validate: undefined } },
    { "~standard": { ...good, validate: {} } },
    // JSON Schema, as people may try.
    { type: "object", properties: {} },
  ]) {
    const token = sign(right, key);
    assert.throws(() => new Verifier(key, { schema }), invalid);
    assert.throws(() => new Verifier(remote(), { schema }), invalid);
    assert.throws(() => new Verifier(key).verify(token, { schema }), invalid);
    assert.throws(() => judgeClaims({ exp: 2 ** 40 }, { schema }), invalid);
    assert.throws(() => decryptClaims("", content, { schema }), invalid);
    await assert.rejects(new Verifier(key).verifyAsync(token, { schema }), invalid);
    await assert.rejects(verifyIdToken(token, new Verifier(issuers()), { clientId: "c", schema }), invalid);
  }
  new Verifier(key, { schema: { "~standard": { ...good, vendor: "" } } });
  assert.throws(() => new Issuers({ issuer: "i", keys: key, rules: { schema: LIBRARIES.zod } }), {
    code: "OPTION_INVALID",
    message: 'option "rules" has "schema"',
  });
});

test("refuses_a_schema_that_throws_or_answers_nonsense", async () => {
  const token = sign(right, key);
  const thrown = new TypeError(SECRET);
  const fail = () => {
    throw thrown;
  };
  const threw = { code: "OPTION_INVALID", message: 'option "schema" throws an error', cause: thrown };
  assert.throws(() => verify(token, key, { schema: schemaOf(fail) }), threw);
  await assert.rejects(verifyAsync(token, key, { schema: schemaOf(fail) }), threw);
  await assert.rejects(verifyAsync(token, key, { schema: schemaOf(async () => fail()) }), threw);
  const nonsense = { code: "OPTION_INVALID", message: 'option "schema" answers with neither a value nor issues' };
  for (const answer of [
    undefined,
    null,
    true,
    "value",
    {},
    [],
    { success: true, data: {} },
    { issues: 1 },
    { issues: {} },
    { issues: "x", value: {} },
    { issues: { length: 0 } },
  ]) {
    assert.throws(() => verify(token, key, { schema: schemaOf(() => answer) }), nonsense, inspect(answer));
    await assert.rejects(verifyAsync(token, key, { schema: schemaOf(() => answer) }), nonsense);
    await assert.rejects(verifyAsync(token, key, { schema: schemaOf(async () => answer) }), nonsense);
  }
  // A proxy throws as soon as it is looked at.
  assert.throws(() => verify(token, key, { schema: schemaOf(() => throwing) }), { code: "OPTION_INVALID" });
  await assert.rejects(verifyAsync(token, key, { schema: schemaOf(() => throwing) }), { code: "OPTION_INVALID" });
  // An empty list of issues is no success, and `issues` counts before `value`.
  for (const answer of [{ issues: [] }, { issues: [], value: {} }]) {
    assert.throws(() => verify(token, key, { schema: schemaOf(() => answer) }), { code: "CLAIM_INVALID" });
  }
  for (const issues of [undefined, null, false, 0, ""]) {
    assert.deepEqual(verify(token, key, { schema: schemaOf(() => ({ value: right, issues })) }).claims, right);
  }
  // A guard takes a schema that fails for the owner's defect, and not for a bad token.
  await assert.rejects(bearerGuard(new Verifier(key, { schema: schemaOf(fail) }))(request(right)), threw);
});

test("calls_the_function_of_the_schema_as_it_was_when_it_was_given", () => {
  const schema = {
    "~standard": {
      version: 1,
      vendor: "test",
      validate(value) {
        assert.equal(this.vendor, "test");
        return { value };
      },
    },
  };
  const verifier = new Verifier(key, { schema });
  schema["~standard"].validate = () => ({ issues: [] });
  assert.equal(verifier.verify(sign(right, key)).claims.sub, "alice");
});

test("leaves_all_other_options_to_the_core", () => {
  const token = sign(right, key);
  const { zod: schema } = LIBRARIES;
  assert.throws(() => new Verifier(key, { schema, audiance: "x" }), {
    code: "OPTION_INVALID",
    message: 'unknown option "audiance"',
  });
  class Options {
    schema = schema;
  }
  const trap = () => {
    throw new Error("trap");
  };
  for (const options of [
    new Options(),
    new (class extends Options {})(),
    new Proxy({ schema }, { ownKeys: trap }),
    new Proxy({ schema }, { get: trap }),
    new Proxy({ schema }, { getPrototypeOf: trap }),
    new Proxy({ schema }, { getOwnPropertyDescriptor: trap }),
    Object.defineProperty({}, "schema", { get: trap }),
  ]) {
    assert.throws(() => new Verifier(key, options), { code: "OPTION_INVALID" });
    assert.throws(() => new Verifier(key).verify(token, options), { code: "OPTION_INVALID" });
  }
  assert.throws(() => verify(token, key, { schema, subject: "bob" }), { code: "CLAIM_INVALID", claim: "sub" });
  assert.throws(() => verify(token, key, { schema, now: new Date(8e15) }), { code: "TOKEN_EXPIRED" });
  assert.throws(() => verify(token, key, { schema, maxTokenLength: 9 }), { code: "TOKEN_TOO_LONG" });
  const bare = Object.assign(Object.create(null), { schema });
  assert.equal(verify(token, key, bare).claims.role, "admin");
});

test("reads_the_scopes_from_the_signed_claims", async () => {
  const schema = z.object({ sub: z.string().max(5) });
  const check = bearerGuard(new Verifier(key, { schema }), {
    scope: "read",
    accept: ({ claims }) => claims.sub !== "eve",
  });
  const caller = await check(request({ sub: "alice", scope: "read write" }));
  assert.deepEqual(caller.claims, { sub: "alice" });
  assert.deepEqual(caller.scopes, ["read", "write"]);
  assert.equal((await check(request({ sub: "alice", scope: "write" }))).status, 403);
  assert.equal((await check(request({ sub: "eve", scope: "read" }))).status, 401);
  assert.equal((await check(request({ sub: "mallory", scope: "read" }))).status, 401);
});

test("keeps_what_guards_of_mcp_and_of_pages_need_of_the_signed_claims", async () => {
  const schema = z.object({ name: z.string() });
  const mcp = guard(new Verifier(key, { audience: "https://mcp.example/", schema }), {
    resource: "https://mcp.example/",
  });
  const claims = { sub: "alice", name: "Alice", aud: "https://mcp.example/", client_id: "editor", scope: "read" };
  const { clientId, extra, expiresAt, resource, scopes, token } = await mcp(request(claims));
  assert.deepEqual(
    [clientId, scopes, resource.href, extra.claims],
    ["editor", ["read"], claims.aud, { name: "Alice" }],
  );
  assert.ok(Number.isInteger(expiresAt) && token.split(".").length === 3);
  // Even a schema that gives no object.
  const text = schemaOf(({ sub }) => ({ value: sub }));
  const named = await guard(new Verifier(key, { ignoreAudience: true, schema: text }))(request(claims));
  assert.deepEqual([named.extra.claims, named.clientId, named.token.length > 0], ["alice", "editor", true]);

  const sessions = new Sessions({ signer, store: memoryStore(), secret: "x".repeat(32) });
  const { accessToken } = await sessions.start("alice", { scopes: ["read"], claims: { name: "Alice" } });
  const cookies = cookieSession(sessions, { authenticate: () => null, verifier: new Verifier(key, { schema }) });
  const asked = (path, method) =>
    new Request(`https://app.example${path}`, {
      method,
      headers: { Cookie: `__Host-Http-session=${accessToken}`, "Sec-Fetch-Site": "same-origin" },
    });
  const caller = await cookies.guard(asked("/", "GET"), { scope: "read" });
  assert.deepEqual([caller.claims, caller.scopes], [{ name: "Alice" }, ["read"]]);
  // Without its refresh token, a session is found by the access token.
  await cookies.logout(asked("/logout", "POST"));
  assert.deepEqual(await sessions.list("alice"), []);
});

test("lets_a_schema_change_its_input_but_not_what_guards_read", async () => {
  // As ajv does with `removeAdditional` and `useDefaults`.
  const changing = {
    "~standard": {
      version: 1,
      vendor: "changing",
      validate(value) {
        delete value.cnf;
        value.scope ??= "admin";
        return { value };
      },
    },
  };
  const key = Key.generate("HS256");
  const token = sign({ sub: "alice", cnf: { jkt: "x" } }, key);
  const verifier = new Verifier(key, { schema: changing });
  for (const verified of [verifier.verify(token), await verifier.verifyAsync(token)]) {
    assert.equal(verified.claims.scope, "admin");
    assert.deepEqual(verified[Symbol.for("countersign.signed")].cnf, { jkt: "x" });
    assert.equal("scope" in verified[Symbol.for("countersign.signed")], false);
  }
  const claims = { sub: "alice", exp: 4e9 };
  judgeClaims(claims, { schema: changing });
  assert.deepEqual(claims, { sub: "alice", exp: 4e9 });
  const guard = bearerGuard(verifier, { scope: "admin" });
  const headers = { authorization: `Bearer ${token}` };
  assert.equal((await guard(new Request("https://api.example", { headers }))).status, 403);
});
