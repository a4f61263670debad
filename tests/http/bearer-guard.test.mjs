// bearerGuard alone, in Node: its options, and the paths that the example's Worker does not take.

import assert from "node:assert/strict";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { bearerGuard } from "countersign/http";
import { CountersignError, Key, Signer, Verifier } from "countersign/jwt";
import { invalid } from "./errors.mjs";

const URL = "https://api.example/thing";
const key = Key.generate("EdDSA", { kid: "one" });
const verifier = new Verifier(key.publicKey());
const signer = new Signer(key);

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
      ["read write"],
      ["read", 7],
      { read: true, write: true },
      null,
      undefined,
    ]) {
      assert.deepEqual(await challenge(guard, withToken({ scope: carried })), [403, insufficient], String(carried));
    }
    for (const carried of ["write other read", ["write", "other", "read"]]) {
      const { scopes } = await guard(asked(withToken({ scope: carried })));
      assert.deepEqual(scopes, ["write", "other", "read"]);
    }
  }
});

test("a scope in the claims' prototype does not count", async () => {
  const odd = { verify: () => ({ header: {}, claims: JSON.parse('{"__proto__":{"scope":"admin"}}') }) };
  assert.equal((await challenge(bearerGuard(odd, { scope: "admin" }), withToken({})))[0], 403);
  // Nor does one that another library has put into the prototype of all objects.
  Object.prototype.scope = "admin";
  try {
    assert.equal((await challenge(bearerGuard(verifier, { scope: "admin" }), withToken({})))[0], 403);
  } finally {
    delete Object.prototype.scope;
  }
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
  for (const nothing of [undefined, null, 0, ""]) {
    assert.equal((await challenge(bearerGuard(verifier, { accept: () => nothing }), withToken({})))[0], 401);
  }
  // Any other answer is a mistake: a response that was meant to refuse the request must not accept it.
  for (const [answer, kind] of [
    [new Response(null, { status: 401 }), "a Response"],
    [{ ok: false }, "an object"],
    [[], "an array"],
    ["false", "a string"],
    [1, "a number"],
    [() => false, "a function"],
    [new Error("revoked"), "an Error"],
  ]) {
    const undecided = bearerGuard(verifier, { accept: async () => answer });
    const message = `option "accept" returned ${kind}: it must return true or false`;
    await assert.rejects(undecided(asked(withToken({ sub: "alice" }))), invalid(message));
  }
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
    new CountersignError("KEY_USAGE", "x"),
    new TypeError("x"),
    undefined,
    "text",
    { code: "TOKEN_EXPIRED" },
    { message: "token has expired" },
    { code: "NO_TOKEN_SERVER", message: "x" },
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
    ...[7, null, "", [], [""], ["scp", 7], { scp: true }].map((scopeClaim) => [
      { scopeClaim },
      'option "scopeClaim" is not the name of a claim, or a list of names',
    ]),
    ...["yes", 1, null].map((optional) => [{ optional }, 'option "optional" is not a boolean']),
    ...["FastAPI", true, null, {}].map((errors) => [{ errors }, 'option "errors" is not "oauth" or "fastapi"']),
    ...[null, 7, "cookie", "Authorization", true, {}, [null], { query: "token" }].map((from) => [
      { from },
      'option "from" is not "authorization", a header or a cookie',
    ]),
    [{ from: [] }, 'option "from" names no source of tokens'],
    ...["", "a b", "a:b", "ä", 7, null, "a\r\nb"].flatMap((name) => [
      [{ from: { header: name } }, 'option "header" is not the name of a header'],
      [{ from: { cookie: name } }, 'option "cookie" is not the name of a cookie'],
    ]),
    [{ from: { header: "Cookie" } }, 'option "header" is the header of cookies: use "cookie"'],
    [{ from: { header: "X-A", cookie: "a" } }, 'unknown option "header"'],
    [{ from: { header: "X-A", origins: [] } }, 'unknown option "origins"'],
    [{ from: { cookie: "a", scheme: "Bearer" } }, 'unknown option "scheme"'],
    ...["a b", 7, null, "Bearer "].map((scheme) => [
      { from: { header: "X-A", scheme } },
      'option "scheme" is not a word',
    ]),
    ...["https://a.example", [7], ["a.example"], ["https://a.example/"], ["null"], ["*"], null].map((origins) => [
      { from: { cookie: "a", origins } },
      'option "origins" is not a list of origins such as "https://app.example"',
    ]),
    [{ from: ["authorization", { header: "AUTHORIZATION" }] }, 'option "from" names a source twice'],
    [{ from: [{ cookie: "a" }, { cookie: "a" }] }, 'option "from" names a source twice'],
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
  assert.throws(
    () => bearerGuard({}),
    invalid('option "verifier" has no method "verify": make one with new Verifier(key, { issuer, audience })'),
  );
  assert.throws(
    () => bearerGuard(null),
    invalid('option "verifier" has no method "verify": make one with new Verifier(key, { issuer, audience })'),
  );
  for (const options of [runInNewContext('({ scope: "admin" })'), Object.assign(Object.create(null), good)]) {
    assert.equal(typeof bearerGuard(verifier, options), "function");
  }
});

test("a key server that gives no keys is answered 503, and the next request can pass", async () => {
  let isDown = true;
  const unavailable = {
    async verifyAsync(token) {
      if (isDown) throw new CountersignError("JWKS_UNAVAILABLE", "the server did not respond");
      return verifier.verify(token);
    },
  };
  const guard = bearerGuard(unavailable, { realm: "r" });
  const refusal = await guard(asked(withToken({ sub: "alice" })));
  assert.equal(refusal.status, 503);
  assert.deepEqual(Object.fromEntries(refusal.headers), {
    "cache-control": "no-store",
    "content-type": "application/json",
    pragma: "no-cache",
    "retry-after": "3",
  });
  assert.deepEqual(await refusal.json(), {
    error: "temporarily_unavailable",
    error_description: "the keys are not available",
  });
  // By its code, whichever build it comes from.
  const foreign = Object.assign(new Error("x"), { code: "JWKS_UNAVAILABLE" });
  assert.equal((await bearerGuard({ verify: () => Promise.reject(foreign) })(asked(withToken({})))).status, 503);
  assert.equal((await guard(asked({}))).status, 401);
  isDown = false;
  assert.equal((await guard(asked(withToken({ sub: "alice" })))).claims.sub, "alice");
});

test("a store of sessions that gives no answer is answered 503", async () => {
  const accept = () => Promise.reject(new CountersignError("STORE_UNAVAILABLE", "x"));
  const refusal = await bearerGuard(verifier, { accept })(asked(withToken({ sub: "alice" })));
  assert.equal(refusal.status, 503);
  assert.equal((await refusal.json()).error_description, "the sessions are not available");
});

test("scopes come from the claims that are named", async () => {
  const cases = [
    ["scp", { scp: "read write" }, ["read", "write"]],
    ["scp", { scp: ["read", "write"] }, ["read", "write"]],
    ["scp", { scope: "read" }, []],
    ["permissions", { permissions: ["read:users", "read:users", "a b", "", 7, null, "ä"] }, ["read:users"]],
    [["scp", "roles"], { scp: "read", roles: ["read", "Admin.All"] }, ["read", "Admin.All"]],
    [["scp", "roles"], { roles: ["Admin.All"] }, ["Admin.All"]],
    ["scp", { scp: "read  write" }, []],
    ["scp", { scp: 7 }, []],
    ["scp", { scp: { 0: "read", length: 1 } }, []],
    ["toString", {}, []],
  ];
  for (const [scopeClaim, claims, scopes] of cases) {
    const caller = await bearerGuard(verifier, { scopeClaim })(asked(withToken(claims)));
    assert.deepEqual(caller.scopes, scopes, JSON.stringify([scopeClaim, claims]));
  }
  const admins = bearerGuard(verifier, { scope: "Admin.All", scopeClaim: ["scp", "roles"] });
  assert.equal((await challenge(admins, withToken({ scope: "Admin.All" })))[0], 403);
});

test("an optional guard lets nobody pass as somebody", async () => {
  const guard = bearerGuard(verifier, { optional: true, scope: "read", accept: ({ claims }) => claims.sub !== "gone" });
  for (const headers of [{}, { Authorization: "" }, { Authorization: "Basic YTpi" }, { Authorization: "Bearerx" }]) {
    assert.equal(await guard(asked(headers)), null);
  }
  assert.equal((await guard(asked(withToken({ sub: "alice", scope: "read" })))).claims.sub, "alice");
  // A wrong token is not the same as none.
  assert.equal((await challenge(guard, { Authorization: "Bearer" }))[0], 400);
  assert.equal((await challenge(guard, { Authorization: "Bearer abc" }))[0], 401);
  assert.equal((await challenge(guard, withToken({ sub: "alice", scope: "read" }, { now: new Date(0) })))[0], 401);
  assert.equal((await challenge(guard, withToken({ sub: "alice" })))[0], 403);
  assert.equal((await challenge(guard, withToken({ sub: "gone", scope: "read" })))[0], 401);
});

test("forms of Authorization that are no single token are refused", async () => {
  const guard = bearerGuard(verifier);
  const token = signer.sign({ sub: "alice" });
  for (const good of [`Bearer ${token}`, `bearer ${token}`, `BEARER   ${token}`]) {
    assert.equal((await guard(asked({ Authorization: good }))).claims.sub, "alice", good);
  }
  const bad = ["Bearer", "Bearer\u00a0", `Bearer \u00a0${token}`, `Bearer ${token}\u00a0`, `Bearer ${token} x`];
  for (const text of [...bad, `Bearer ${token},`, `Bearer ${token}, Bearer ${token}`, `Bearer Bearer ${token}`]) {
    const refusal = await guard(asked({ Authorization: text }));
    assert.ok([400, 401].includes(refusal.status), text);
  }
  for (const other of [`Bearer\t${token}`, `Bearer\u00a0${token}`, `Bearer:${token}`, token, `"Bearer" ${token}`]) {
    assert.deepEqual(await challenge(guard, { Authorization: other }), [401, "Bearer"], other);
  }
});

test("a token may come from another header, with a word before it or without", async () => {
  const token = signer.sign({ sub: "alice" });
  const passes = [
    [{ header: "Cf-Access-Jwt-Assertion" }, { "cf-access-jwt-assertion": token }],
    [{ header: "X-Token", scheme: "JWT" }, { "X-Token": `jwt ${token}` }],
    [{ header: "Authorization" }, { Authorization: `Bearer ${token}` }],
    [{ header: "Authorization", scheme: "" }, { Authorization: token }],
    [{ header: "Authorization", scheme: "JWT" }, { Authorization: `JWT ${token}` }],
    [{ header: "Proxy-Authorization" }, { "Proxy-Authorization": `Bearer ${token}` }],
    [["authorization", { header: "X-Token" }], { "X-Token": token, Authorization: "Basic YTpi" }],
  ];
  for (const [from, headers] of passes) {
    assert.equal(
      (await bearerGuard(verifier, { from })({ headers, url: "/" })).claims.sub,
      "alice",
      JSON.stringify(from),
    );
  }
  // Names that only contain those of headers with rules of their own.
  for (const header of ["X-Authorization", "Authorization-2", "X-Cookie", "Cookie-Token"]) {
    const caller = await bearerGuard(verifier, { from: { header } })(asked({ [header]: token }));
    assert.equal(caller.claims.sub, "alice", header);
  }
  const guard = bearerGuard(verifier, { from: { header: "X-Token" } });
  assert.deepEqual(await challenge(guard, { Authorization: `Bearer ${token}` }), [401, "Bearer"]);
  assert.deepEqual(await challenge(guard, { "X-Token": "" }), [401, "Bearer"]);
  const description = "the X-Token header does not hold one token";
  for (const text of [`Bearer ${token}`, `${token}, ${token}`]) {
    const expected = `Bearer error="invalid_request", error_description="${description}"`;
    assert.deepEqual(await challenge(guard, { "X-Token": text }), [400, expected]);
  }
});

const cookie = (text, more = {}) => ({ headers: { cookie: text, ...more }, url: "/", method: "GET" });

test("a token may come from a cookie, and only from one of that very name", async () => {
  const token = signer.sign({ sub: "alice" });
  const guard = bearerGuard(verifier, { from: { cookie: "__Host-token" } });
  for (const text of [
    `__Host-token=${token}`,
    `a=b; __Host-token=${token}`,
    `a="; x";\t__Host-token=${token} ; b=,c`,
  ]) {
    assert.equal((await guard(cookie(text))).claims.sub, "alice", text);
  }
  for (const absent of [
    "",
    "__Host-token=",
    `__host-token=${token}`,
    `\u00a0__Host-token=${token}`,
    `\u0085__Host-token=${token}`,
    `__Host-token =${token}`,
    `x__Host-token=${token}`,
    `a=__Host-token=${token}`,
    `"__Host-token"=${token}`,
  ]) {
    assert.equal((await guard(cookie(absent))).status, 401, absent);
  }
  for (const [bad, description] of [
    [`__Host-token=${token}; __Host-token=${token}`, "more than one token"],
    [`__Host-token=${token}; a=b; __Host-token=x`, "more than one token"],
    [`__Host-token=${token}; a=b, __Host-token=x`, "more than one token"],
    [`a=b,__Host-token=${token}`, "more than one token"],
    [`__Host-token="${token}"`, "the cookie does not hold one token"],
    [`__Host-token=a b`, "the cookie does not hold one token"],
  ]) {
    const refusal = await guard(cookie(bad));
    assert.equal(refusal.status, 400, bad);
    assert.equal((await refusal.json()).error_description, description);
  }
  // As an array, as some servers give it, and as a standard request.
  assert.equal((await guard(cookie([`a=b`, `__Host-token=${token}`]))).claims.sub, "alice");
  assert.equal((await guard(asked({ Cookie: `a=b; __Host-token=${token}` }))).claims.sub, "alice");
});

test("two tokens in two places are refused, whichever would pass", async () => {
  const token = signer.sign({ sub: "alice" });
  const guard = bearerGuard(verifier, { from: ["authorization", { cookie: "token" }, { header: "X-Token" }] });
  const each = { authorization: `Bearer ${token}`, cookie: `token=${token}`, "x-token": token };
  for (const [name, value] of Object.entries(each)) {
    assert.equal((await guard({ headers: { [name]: value }, url: "/", method: "GET" })).claims.sub, "alice");
    const others = Object.entries(each).filter(([other]) => other !== name);
    for (const [other, second] of [...others, ["cookie", "token=x"], ["authorization", "Bearer"]]) {
      if (other === name) continue;
      const refusal = await guard({ headers: { [name]: value, [other]: second }, url: "/", method: "GET" });
      assert.deepEqual([refusal.status, (await refusal.json()).error_description], [400, "more than one token"]);
    }
  }
  const inUrl = await guard({ ...cookie(`token=${token}`), url: `/?access_token=${token}` });
  assert.equal(inUrl.status, 400);
  const malformed = await guard({ headers: { authorization: "Bearer" }, url: `/?access_token=${token}` });
  assert.equal((await malformed.json()).error_description, "the Authorization header does not hold one token");
  const either = bearerGuard(verifier, { from: [{ cookie: "old" }, { cookie: "new" }] });
  for (const name of ["old", "new"]) assert.equal((await either(cookie(`${name}=${token}`))).claims.sub, "alice");
  const twice = () => bearerGuard(verifier, { from: [{ cookie: "old" }, { cookie: "old" }] });
  assert.throws(twice, invalid('option "from" names a source twice'));
});

test("a cookie that a page of another site sent may change nothing", async () => {
  const token = signer.sign({ sub: "alice" });
  const from = { cookie: "token", origins: ["https://app.example"] };
  const guard = bearerGuard(verifier, { from });
  const ask = (method, more) => guard({ ...cookie(`token=${token}`, { host: "api.example", ...more }), method });
  const origin = "https://app.example";
  for (const bad of [
    7,
    new globalThis.URL(origin),
    "wss://app.example",
    "ftp://app.example",
    "https://",
    `${origin}/`,
  ]) {
    const make = () => bearerGuard(verifier, { from: { cookie: "token", origins: [origin, bad] } });
    assert.throws(
      make,
      invalid('option "origins" is not a list of origins such as "https://app.example"'),
      String(bad),
    );
  }
  const allowed = [
    ["OPTIONS", { origin: "https://evil.example" }],
    ["POST", { host: "API.example", origin: "https://api.example" }],
    ["GET", { "sec-fetch-site": "cross-site" }],
    ["HEAD", { origin: "https://evil.example" }],
    ["POST", {}],
    ["POST", { "sec-fetch-site": "same-origin" }],
    ["POST", { "sec-fetch-site": "none" }],
    ["POST", { "sec-fetch-site": "same-site", origin: "https://app.example" }],
    ["POST", { origin: "https://app.example" }],
    ["POST", { origin: "https://api.example" }],
    ["DELETE", { origin: "http://API.example" }],
    ["GET", { origin: "https://api.example", upgrade: "websocket" }],
  ];
  for (const [method, more] of allowed) {
    assert.equal((await ask(method, more)).claims?.sub, "alice", JSON.stringify([method, more]));
  }
  const refused = [
    ["GET", { "sec-fetch-site": "cross-site", upgrade: "websocket" }],
    ["GET", { origin: "https://evil.example", upgrade: "websocket" }],
    ["POST", { "sec-fetch-site": "cross-site" }],
    ["POST", { "sec-fetch-site": "same-site" }],
    ["POST", { "sec-fetch-site": "same-site", origin: "https://evil.example" }],
    ["POST", { "sec-fetch-site": "SAME-ORIGIN" }],
    ["POST", { "sec-fetch-site": "cross-site", origin: "https://api.example" }],
    ["POST", { origin: "https://evil.example" }],
    ["POST", { origin: "null" }],
    ["POST", { origin: "https://api.example:8443" }],
    ["POST", { origin: "https://api.example.evil.example" }],
    ["PUT", { origin: "https://app.example.evil.example" }],
    ["post", { origin: "https://evil.example" }],
    ["get", { origin: "https://evil.example" }],
    [undefined, { origin: "https://evil.example" }],
  ];
  for (const [method, more] of refused) {
    const refusal = await ask(method, more);
    assert.equal(refusal.status, 403, JSON.stringify([method, more]));
    assert.equal((await refusal.json()).error_description, "another site sent the cookie");
  }
  // A request that does not know its own host has no own origin. `parse("null")` and a file's page have no host either.
  for (const [headers, origin] of [
    [{}, "null"],
    [{}, "file://"],
    [{ host: "" }, "file://"],
  ]) {
    const request = { ...cookie(`token=${token}`), method: "POST" };
    Object.assign(request.headers, headers, { origin });
    assert.equal((await guard(request)).status, 403, JSON.stringify([headers, origin]));
  }
  // No page can make a browser send this header, so it needs no such check.
  const headers = { authorization: `Bearer ${token}`, origin: "https://evil.example", "sec-fetch-site": "cross-site" };
  assert.equal((await bearerGuard(verifier)({ headers, url: "/", method: "POST" })).claims.sub, "alice");
});

test("a guard takes headers as a plain object, and sees two Authorization headers that Node hides", async () => {
  const token = signer.sign({ sub: "alice" });
  const guard = bearerGuard(verifier);
  for (const headers of [
    { authorization: `Bearer ${token}` },
    { Authorization: `Bearer ${token}` },
    { AUTHORIZATION: [`Bearer ${token}`], other: undefined },
    Object.assign(Object.create(null), { authorization: `Bearer ${token}` }),
  ]) {
    assert.equal((await guard({ headers, url: "/" })).claims.sub, "alice");
  }
  const rawHeaders = ["Authorization", `Bearer ${token}`, "authorization", "Bearer x"];
  const headers = { authorization: `Bearer ${token}` };
  for (const request of [
    { headers: { authorization: [`Bearer ${token}`, "Bearer x"] } },
    { headers: { authorization: `Bearer ${token}`, Authorization: `Bearer ${token}` } },
    { headers, rawHeaders },
    { headers, raw: { rawHeaders } },
    { headers, req: { rawHeaders } },
  ]) {
    assert.equal((await guard({ url: "/", ...request })).status, 400);
  }
});

test("what is no request is named", async () => {
  const guard = bearerGuard(verifier);
  const noHeaders = 'the request has no "headers": pass a standard Request (c.req.raw in Hono)';
  const noUrl =
    'the request has no "url": pass a standard Request, or that of Node, Express or Fastify; make one of an event of AWS Lambda';
  for (const [request, message] of [
    [undefined, noHeaders],
    [null, noHeaders],
    ["Bearer x", noHeaders],
    [{ req: new Request(URL) }, noHeaders],
    [{ headers: "Authorization: Bearer x", url: "/" }, noHeaders],
    [{ headers: [["authorization", "Bearer x"]], url: "/" }, noHeaders],
    [{ headers: { get: () => 7 }, url: "/" }, "a header of the request is not text"],
    [{ headers: new Headers() }, noUrl],
    [{ headers: {}, url: 7 }, noUrl],
    [{ headers: { authorization: "Bearer x" } }, noUrl],
    [{ version: "2.0", rawPath: "/", rawQueryString: "", headers: { authorization: "Bearer x" } }, noUrl],
    [{ headers: { authorization: 7 }, url: "/" }, "a header of the request is not text"],
    [{ headers: { authorization: { a: 1 } }, url: "/" }, "a header of the request is not text"],
  ]) {
    await assert.rejects(guard(request), invalid(message));
  }
});

test("with errors of FastAPI, a client finds its status and detail", async () => {
  const guard = bearerGuard(verifier, { errors: "fastapi", scope: "read" });
  const description = "token is not three segments separated by dots";
  const cases = [
    [{}, 401, { detail: "Not authenticated" }, "Bearer"],
    [
      { Authorization: "Bearer abc" },
      401,
      { detail: "Could not validate credentials", error: "invalid_token", error_description: description },
      `Bearer error="invalid_token", error_description="${description}"`,
    ],
    [
      withToken({}),
      401,
      {
        detail: "Not enough permissions",
        error: "insufficient_scope",
        error_description: "the token does not have the required scope",
        scope: "read",
      },
      'Bearer error="insufficient_scope", error_description="the token does not have the required scope", scope="read"',
    ],
  ];
  for (const [headers, status, body, authenticate] of cases) {
    const refusal = await guard(asked(headers));
    assert.equal(refusal.status, status);
    assert.deepEqual(await refusal.json(), body);
    assert.equal(refusal.headers.get("WWW-Authenticate"), authenticate);
  }
  const down = { verify: () => Promise.reject(new CountersignError("JWKS_UNAVAILABLE", "x")) };
  const refusal = await bearerGuard(down, { errors: "fastapi" })(asked(withToken({})));
  assert.deepEqual([refusal.status, (await refusal.json()).detail], [503, "Service Unavailable"]);
  const other = bearerGuard(verifier, { errors: "fastapi", from: { cookie: "t" } });
  const forged = await other({ headers: { cookie: "t=a", origin: "https://evil.example" }, url: "/", method: "POST" });
  assert.deepEqual([forged.status, (await forged.json()).detail], [403, "Forbidden"]);
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
