// bearerGuard alone, in Node: its options, and the paths that the example's Worker does not take.

import assert from "node:assert/strict";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { bearerGuard } from "countersign/http";
import { CountersignError, Key, Signer, Verifier } from "countersign/jwt";

const URL = "https://api.example/thing";
const key = Key.generate("EdDSA", { kid: "one" });
const verifier = new Verifier(key.publicKey());
const signer = new Signer(key);

const invalid = (message) => ({ name: "CountersignError", code: "OPTION_INVALID", message });

function asked(headers) {
  return new Request(URL, { headers });
}

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

test("a URL that cannot be read is refused, and breaks nothing", async () => {
  const guard = bearerGuard(verifier);
  const description = "the request's URL cannot be read";
  for (const url of ["//", "http://", "//[", "http://["]) {
    const refusal = await guard({ headers: new Headers(withToken({ sub: "alice" })), url });
    assert.equal(refusal.status, 400, url);
    assert.deepEqual(await refusal.json(), { error: "invalid_request", error_description: description });
    const expected = `Bearer error="invalid_request", error_description="${description}"`;
    assert.equal(refusal.headers.get("WWW-Authenticate"), expected);
    // A request without a token is told so, whatever the URL.
    assert.equal((await guard({ headers: new Headers(), url })).status, 401);
  }
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
    'Bearer error="insufficient_scope", error_description="the token does not have the required scope", scope="read write"';
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

test("a verifier that has verifyAsync is asked by it", async () => {
  const answer = verifier.verify(signer.sign({ sub: "alice" }));
  const both = { verify: () => assert.fail("it was asked at once"), verifyAsync: async () => answer };
  assert.equal((await bearerGuard(both)(asked(withToken({})))).claims.sub, "alice");
  assert.equal((await bearerGuard({ verifyAsync: both.verifyAsync })(asked(withToken({})))).claims.sub, "alice");
  const refusing = { verifyAsync: (token) => verifier.verifyAsync(`${token}x`) };
  assert.equal((await challenge(bearerGuard(refusing), withToken({})))[0], 401);
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
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const good = { scope: "admin" };
  const notPlain = "options are not a plain object";
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
    ["admin", "options are not an object"],
    [Promise.resolve(good), notPlain],
    [new Map(Object.entries(good)), notPlain],
    [new Date(), notPlain],
    [Object.assign(new (class Options {})(), good), notPlain],
    [Object.create(good), notPlain],
    [{ ...good, [Symbol("x")]: 1 }, "unknown option Symbol(x)"],
    [Object.defineProperty({}, "scopes", { value: "admin" }), 'unknown option "scopes"'],
    [proxy, "options cannot be read"],
    [new Proxy({}, { getOwnPropertyDescriptor: () => JSON.parse("{") }), "options cannot be read"],
    [unreadable("scope"), 'option "scope" cannot be read'],
  ];
  for (const [options, message] of cases) assert.throws(() => bearerGuard(verifier, options), invalid(message));
  assert.throws(() => bearerGuard({}), invalid('option "verifier" has no method "verify"'));
  assert.throws(() => bearerGuard(null), invalid('option "verifier" has no method "verify"'));
  for (const options of [runInNewContext('({ scope: "admin" })'), Object.assign(Object.create(null), good)]) {
    assert.equal(typeof bearerGuard(verifier, options), "function");
  }
});

/** Options, one of which throws when it is read. */
function unreadable(name) {
  return Object.defineProperty({}, name, {
    enumerable: true,
    get() {
      throw new RangeError("fallen");
    },
  });
}
