// countersign/http by itself, in Node: its options, and the roads that the example's Worker does not take.

import assert from "node:assert/strict";
import { test } from "node:test";
import { bearerGuard, jwksEndpoint, tokenEndpoint } from "countersign/http";
import { CountersignError, Key, KeySet, Signer, Verifier } from "countersign/jwt";

const URL = "https://api.example/thing";
const key = Key.generate("EdDSA", { kid: "one" });
const verifier = new Verifier(key.publicKey());
const signer = new Signer(key);

const invalid = (message) => ({ name: "CountersignError", code: "OPTION_INVALID", message });

function asked(headers) {
  return new Request(URL, { headers });
}

function form(parameters) {
  return new Request(URL, {
    method: "POST",
    body: new URLSearchParams({ grant_type: "password", username: "alice", password: "x", ...parameters }),
  });
}

// -- bearerGuard --------------------------------------------------------------------------------

async function challenge(guard, headers = {}) {
  const refusal = await guard(asked(headers));
  assert.ok(refusal instanceof Response, "the request is refused");
  return [refusal.status, refusal.headers.get("WWW-Authenticate")];
}

const withToken = (claims, o) => ({ Authorization: `Bearer ${signer.sign(claims, o)}` });

test("a guard gives the header, the claims and the scopes", async () => {
  const caller = await bearerGuard(verifier)(asked(withToken({ sub: "alice", scope: "read write" })));
  assert.deepEqual(caller.header, { alg: "EdDSA", typ: "JWT", kid: "one" });
  assert.equal(caller.claims.sub, "alice");
  assert.deepEqual(caller.scopes, ["read", "write"]);
});

test("a guard takes what merely looks like a request, as other frameworks have", async () => {
  const headers = new Headers(withToken({ sub: "alice" }));
  const caller = await bearerGuard(verifier)({ headers, url: "/thing" });
  assert.equal(caller.claims.sub, "alice");
});

test("a guard without a realm says Bearer and no more", async () => {
  assert.deepEqual(await challenge(bearerGuard(verifier)), [401, "Bearer"]);
});

test("a realm is quoted", async () => {
  assert.deepEqual(await challenge(bearerGuard(verifier, { realm: 'a "b" \\ c' })), [
    401,
    'Bearer realm="a \\"b\\" \\\\ c"',
  ]);
});

test("a realm that could break the header is refused when the guard is made", () => {
  for (const realm of ["a\r\nSet-Cookie: x=y", "é", "\u0000", 7, null]) {
    assert.throws(() => bearerGuard(verifier, { realm }), invalid('option "realm" is not printable ASCII'));
  }
});

test("a guard tells why a token is refused", async () => {
  const guard = bearerGuard(new Verifier(key.publicKey(), { audience: "api", subject: "alice" }), { realm: "r" });
  const hour = Math.floor(Date.now() / 1000) + 3600;
  const reasons = [
    [{ aud: "api", sub: "alice", exp: 1 }, "token has expired"],
    [{ aud: "api", sub: "alice", exp: hour + 1, nbf: hour }, "token is not valid yet"],
    [{ sub: "alice" }, "missing 'aud' claim"],
  ];
  for (const [claims, description] of reasons) {
    const expected = `Bearer realm="r", error="invalid_token", error_description="${description}"`;
    assert.deepEqual(await challenge(guard, withToken(claims)), [401, expected]);
  }
});

test("no character of a verifier's message can break out of the header", async () => {
  const hostile = {
    verify() {
      throw new CountersignError("CLAIM_INVALID", 'a "quote", a \\ and a\r\nSet-Cookie: é');
    },
  };
  const expected = `Bearer error="invalid_token", error_description="a 'quote', a ? and a??Set-Cookie: ?"`;
  assert.deepEqual(await challenge(bearerGuard(hostile), withToken({})), [401, expected]);
});

test("all scopes are demanded, as text or as a list", async () => {
  const insufficient =
    'Bearer error="insufficient_scope", error_description="the token does not allow this", scope="read write"';
  for (const scope of ["read write", ["read", "write"], ["read write"], "read write read"]) {
    const guard = bearerGuard(verifier, { scope });
    for (const carried of [
      "read",
      "write",
      "",
      "reading write",
      "read,write",
      "READ WRITE",
      ["read", "write"],
      null,
      undefined,
    ]) {
      assert.deepEqual(await challenge(guard, withToken({ scope: carried })), [403, insufficient], String(carried));
    }
    assert.equal((await guard(asked(withToken({ scope: "write other read" })))).claims.scope, "write other read");
  }
});

test("a scope in the claims' prototype does not count", async () => {
  const odd = { verify: () => ({ header: {}, claims: JSON.parse('{"__proto__":{"scope":"admin"}}') }) };
  assert.equal((await challenge(bearerGuard(odd, { scope: "admin" }), withToken({})))[0], 403);
});

test("the application has the last word", async () => {
  const asks = [];
  const guard = bearerGuard(verifier, {
    async accept(caller) {
      asks.push(caller.claims.sub);
      return caller.claims.sub !== "gone";
    },
  });
  assert.equal((await guard(asked(withToken({ sub: "alice" })))).claims.sub, "alice");
  const refusal = 'Bearer error="invalid_token", error_description="the token is no longer accepted"';
  assert.deepEqual(await challenge(guard, withToken({ sub: "gone" })), [401, refusal]);
  // It is not asked about tokens that are bad anyway.
  await challenge(guard, { Authorization: "Bearer abc" });
  assert.deepEqual(asks, ["alice", "gone"]);
});

test("a verifier may answer later", async () => {
  const later = { verify: async (token) => verifier.verify(token) };
  assert.equal((await bearerGuard(later)(asked(withToken({ sub: "alice" })))).claims.sub, "alice");
  assert.equal((await challenge(bearerGuard(later), { Authorization: "Bearer abc" }))[0], 401);
});

test("a fault of ours is not blamed on the token", async () => {
  for (const error of [
    new CountersignError("INTERNAL", "x"),
    new CountersignError("JWKS_UNAVAILABLE", "x"),
    new TypeError("x"),
    undefined,
    "text",
  ]) {
    const broken = {
      verify() {
        throw error;
      },
    };
    await assert.rejects(bearerGuard(broken)(asked(withToken({}))), (thrown) => thrown === error);
  }
});

test("a guard's options are read strictly", () => {
  const cases = [
    [{ scopes: "admin" }, 'unknown option "scopes"'],
    [{ scope: "" }, 'option "scope" is not a scope'],
    [{ scope: "a  b" }, 'option "scope" is not a scope'],
    [{ scope: 'a"' }, 'option "scope" is not a scope'],
    [{ scope: [7] }, 'option "scope" is not a scope'],
    [{ scope: null }, 'option "scope" is not a scope'],
    [{ accept: true }, 'option "accept" is not a function'],
    [null, "options are not an object"],
    [[], "options are not an object"],
  ];
  for (const [options, message] of cases) assert.throws(() => bearerGuard(verifier, options), invalid(message));
  assert.throws(() => bearerGuard({}), invalid('option "verifier" has no method "verify"'));
  assert.throws(() => bearerGuard(null), invalid('option "verifier" has no method "verify"'));
});

// -- tokenEndpoint ------------------------------------------------------------------------------

test("a token carries the grant, and its own subject and scope whatever else is in it", async () => {
  const endpoint = tokenEndpoint({
    signer,
    authenticate: (username) => ({
      subject: username,
      scopes: ["read"],
      claims: { name: "Alice", sub: "root", scope: "admin" },
    }),
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
  const cases = [
    [{ ...good, expires: 60 }, 'unknown option "expires"'],
    [{ ...good, expiresIn: 0 }, 'option "expiresIn" is not a whole number of at least 1'],
    [{ ...good, expiresIn: "15m" }, 'option "expiresIn" is not a whole number of at least 1'],
    [{ ...good, maxBodyBytes: 1.5 }, 'option "maxBodyBytes" is not a whole number of at least 1'],
    [{ ...good, defaultScope: "a  b" }, 'option "defaultScope" is not a scope'],
    [{ signer }, 'option "authenticate" is not a function'],
    [{ authenticate: () => null }, 'option "signer" has no method "sign"'],
    [undefined, "options are not an object"],
  ];
  for (const [options, message] of cases) assert.throws(() => tokenEndpoint(options), invalid(message));
});

// -- jwksEndpoint -------------------------------------------------------------------------------

test("a key set is published without its private parts", async () => {
  const endpoint = jwksEndpoint(new KeySet([key, Key.generate("Ed25519", { kid: "two" })]), { maxAge: 0 });
  const answer = await endpoint(new Request(URL));
  assert.equal(answer.headers.get("Cache-Control"), "public, max-age=0");
  const { keys } = await answer.json();
  assert.deepEqual(
    keys.map(({ kid }) => kid),
    ["one", "two"],
  );
  for (const each of keys) assert.equal("d" in each || "k" in each, false);
});

test("private and secret keys are never published, whoever hands them in", () => {
  for (const jwk of [key.toJwk({ private: true }), Key.generate("HS256").toJwk({ private: true })]) {
    assert.throws(() => jwksEndpoint({ toJwks: () => ({ keys: [jwk] }) }), {
      code: "KEY_USAGE",
      message: "a key set that is published has a private or secret key",
    });
  }
});

test("the JWKS endpoint's options are read strictly", () => {
  const keys = new KeySet([key]);
  assert.throws(
    () => jwksEndpoint(keys, { maxAge: -1 }),
    invalid('option "maxAge" is not a whole number of at least 0'),
  );
  assert.throws(() => jwksEndpoint(keys, { ttl: 1 }), invalid('unknown option "ttl"'));
  assert.throws(() => jwksEndpoint({}), invalid('option "keySet" has no method "toJwks"'));
});
