// The same requests to every framework: what a guard lets through, how it refuses, and the endpoints.
//
// Each framework serves the routes of `routes` in its own idiom. The answers must be those of `bearerGuard`, to the header.

import assert from "node:assert/strict";
import { once } from "node:events";
import { get } from "node:http";
import { test } from "node:test";
import { DpopSigner } from "countersign/dpop";
import { dpop, ENDPOINTS, tokenFor, WRONG_ANSWERS, withToken } from "./routes.mjs";

export * from "./routes.mjs";

const EXPIRED = { error: "invalid_token", error_description: "token has expired" };
const FORBIDDEN = {
  error: "insufficient_scope",
  error_description: "the token does not have the required scope",
  scope: "admin",
};
const MALFORMED = { error: "invalid_token", error_description: "token is not three segments separated by dots" };
const form = (fields) => ({
  method: "POST",
  headers: { "Content-Type": "application/x-www-form-urlencoded" },
  body: new URLSearchParams(fields).toString(),
});

/** Name, path, request, and the answer: status, text or JSON, and headers. */
const CASES = [
  ["no token", "/me", {}, 401, "", { "www-authenticate": "Bearer", "cache-control": "no-store" }],
  ["another scheme", "/me", { headers: { Authorization: "Basic YTpi" } }, 401, "", { "www-authenticate": "Bearer" }],
  [
    "a wrong token",
    "/me",
    { headers: { Authorization: "Bearer wrong" } },
    401,
    MALFORMED,
    {
      "content-type": "application/json",
      "www-authenticate": `Bearer error="invalid_token", error_description="${MALFORMED.error_description}"`,
    },
  ],
  ["an expired token", "/me", { headers: withToken({ exp: 1 }, { expiresIn: null }) }, 401, EXPIRED, {}],
  ["two tokens", "/me?access_token=a.b.c", { headers: withToken() }, 400, undefined, {}],
  ["a token", "/me", { headers: withToken() }, 200, "alice", { "www-authenticate": null }],
  [
    "too few scopes",
    "/admin",
    { headers: withToken({ scope: "read" }) },
    403,
    FORBIDDEN,
    {
      "www-authenticate": `Bearer realm="api", error="insufficient_scope", error_description="${FORBIDDEN.error_description}", scope="admin"`,
    },
  ],
  ["the scope", "/admin", { headers: withToken({ scope: "read admin" }) }, 200, "alice", {}],
  ["a visitor where they may pass", "/visitor", {}, 200, "nobody", {}],
  ["a caller where visitors may pass", "/visitor", { headers: withToken() }, 200, "alice", {}],
  ["a wrong token where visitors may pass", "/visitor", { headers: { Authorization: "Bearer x" } }, 401, MALFORMED, {}],
  ["a cookie", "/cookie", { headers: { Cookie: `__Host-token=${tokenFor()}` } }, 200, "alice", {}],
  [
    "keys that are not available",
    "/down",
    { headers: withToken() },
    503,
    { error: "temporarily_unavailable", error_description: "the keys are not available" },
    { "retry-after": "3", "www-authenticate": null },
  ],
  ["a fault of ours", "/broken", { headers: withToken() }, 500, undefined, { "www-authenticate": null }],
  ["a guard that was made before", "/made", { headers: withToken({ scope: "read" }) }, 200, "alice", {}],
  ["a guard that was made before, without the scope", "/made", { headers: withToken() }, 403, undefined, {}],
  ...Object.keys(WRONG_ANSWERS).map((name) => {
    return [`a guard of the application that returns ${name}`, `/wrong/${name}`, {}, 500, undefined, {}];
  }),
  ["a guard of the application that returns a caller", "/own/caller", {}, 200, "alice", {}],
  ["a guard of the application that returns null", "/own/null", {}, 200, "nobody", {}],
  ...["refusal", "foreign"].map((name) => {
    const body = { error: "invalid_token", error_description: "mine" };
    return [`a guard of the application: ${name}`, `/own/${name}`, {}, 401, body, { "www-authenticate": "Mine" }];
  }),
];

/** The same for the endpoints. */
const ENDPOINT_CASES = [
  [
    "a wrong password",
    "/token",
    form({ username: "alice", password: "wrong" }),
    400,
    { error: "invalid_grant", error_description: "the user name or the password is wrong" },
    { "content-type": "application/json" },
  ],
  ["a form without a password", "/token", form({ username: "alice" }), 400, undefined, {}],
  [
    "a body that is not a form",
    "/token",
    { method: "POST", headers: { "Content-Type": "application/json" }, body: '{"username":"alice"}' },
    400,
    {
      error: "invalid_request",
      error_description: "the body is not application/x-www-form-urlencoded or multipart/form-data in UTF-8",
    },
    {},
  ],
  [
    "a body that is not JSON either",
    "/token",
    { method: "POST", headers: { "Content-Type": "application/json" }, body: "{" },
    400,
    undefined,
    {},
  ],
  ["a body that is too long", "/token", form({ username: "a".repeat(20_000), password: "right" }), 413, undefined, {}],
  ["a method that is not POST", "/token", {}, 405, undefined, { allow: "POST" }],
  ["a refresh token to end", "/revoke", form({ token: "abc.mac" }), 200, "", {}],
  ["several cookies", "/cookies", {}, 303, "", { location: "/elsewhere", "set-cookie": "a=1; Path=/, b=2; Path=/" }],
];

/**
 * Tests a framework.
 *
 * @param name Its name.
 * @param ask Sends a request to its routes: from a path and the `init` of a `Request` to a `Response`.
 * @param options `leave`: the cases that the framework answers before us; `endpoints: false`: it has none.
 */
export function testFramework(name, ask, { endpoints = true, leave = [] } = {}) {
  for (const [what, path, init, status, body, headers] of [...CASES, ...(endpoints ? ENDPOINT_CASES : [])]) {
    if (leave.includes(what)) continue;
    test(`${name}: ${what}`, async () => {
      const answer = await ask(path, init);
      const text = await answer.text();
      assert.equal(answer.status, status, text);
      if (typeof body === "string") assert.equal(text, body);
      else if (body !== undefined) assert.deepEqual(JSON.parse(text), body);
      for (const [header, value] of Object.entries(headers)) {
        const found = answer.headers.get(header);
        // Some frameworks add a charset.
        assert.equal(header === "content-type" ? found?.split(";")[0] : found, value, header);
      }
    });
  }
  test(`${name}: a token that is bound to a key`, async () => {
    const signer = await DpopSigner.create();
    const accessToken = tokenFor({ cnf: { jkt: signer.thumbprint } });
    const send = async ({ path = "/bound", scheme = "DPoP", nonce }) => {
      const proof = await signer.proof({ method: "GET", url: `https://api.example${path}`, accessToken, nonce });
      return ask("/bound?x=1", { headers: { DPoP: proof, Authorization: `${scheme} ${accessToken}` } });
    };
    const nonce = await dpop.nonce();
    const first = await send({});
    assert.equal(first.status, 401);
    assert.match(first.headers.get("www-authenticate"), /^Bearer, DPoP algs="ES256 [^"]*", error="use_dpop_nonce"/);
    assert.equal(first.headers.get("dpop-nonce"), nonce);
    const right = await send({ nonce });
    assert.deepEqual([right.status, await right.text(), right.headers.get("dpop-nonce")], [200, "alice", null]);
    // A nonce that ends soon: the answer has the next.
    const later = await send({ nonce: await earlierNonce() });
    assert.deepEqual([later.status, later.headers.get("dpop-nonce")], [200, nonce]);
    assert.equal(later.headers.get("cache-control"), "no-store");
    for (const wrong of [{ path: "/me" }, { path: "/" }, { scheme: "Bearer" }]) {
      assert.equal((await send({ nonce, ...wrong })).status, 401, JSON.stringify(wrong));
    }
  });
  if (endpoints) testEndpoints(name, ask);
}

/** The nonce of half an hour ago, when the one of now was the next. */
function earlierNonce() {
  const { now } = Date;
  Date.now = () => now.call(Date) - 1800_000;
  try {
    return dpop.nonce();
  } finally {
    Date.now = now;
  }
}

/** Tests a framework on Node, whose client sends each of a list as a header of its own. `fetch` would join them. */
export function testTwoHeaders(name, url) {
  test(`${name}: two Authorization headers are one request with two tokens`, async () => {
    const [{ Authorization: first }, { Authorization: second }] = [withToken(), withToken({ sub: "mallory" })];
    for (const other of [first, second, "Basic YTpi"]) {
      const sent = get(`${url}/me`, { agent: false, headers: { Authorization: [first, other] } });
      const [answer] = await once(sent, "response");
      answer.resume();
      assert.equal(answer.statusCode, 400, other.slice(0, 6));
    }
  });
}

/** Logs in, and returns the header of a browser whose access token has ended: the guard must refresh the session. */
export async function cookieToRefresh() {
  const headers = { ...form({}).headers, "Sec-Fetch-Site": "same-origin" };
  const login = new Request("http://localhost/login", { ...form({ username: "carol", password: "right" }), headers });
  const [, refresh] = (await ENDPOINTS["/login"](login)).headers.getSetCookie();
  return { Cookie: refresh.split(";")[0] };
}

function testEndpoints(name, ask) {
  test(`${name}: a token from the endpoint passes the guard`, async () => {
    const answer = await ask("/token", form({ username: "bob", password: "right" }));
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("cache-control"), "no-store");
    const { access_token, token_type } = await answer.json();
    assert.equal(token_type, "bearer");
    const page = await ask("/me", { headers: { Authorization: `Bearer ${access_token}` } });
    assert.equal(await page.text(), "bob");
  });

  test(`${name}: sessions in cookies, which the guard refreshes`, async () => {
    const wrong = await ask("/page", { headers: { Accept: "text/html" } });
    assert.equal(wrong.status, 303);
    assert.equal(wrong.headers.get("location"), "/login?next=%2Fpage");
    assert.equal((await ask("/page", {})).status, 401);
    assert.equal(await (await ask("/page/visitor", {})).text(), "nobody");

    const { headers, ...login } = form({ username: "carol", password: "right" });
    const entered = await ask("/login", { ...login, headers: { ...headers, "Sec-Fetch-Site": "same-origin" } });
    assert.equal(entered.status, 200, await entered.text());
    const [access, refresh] = entered.headers.getSetCookie().map((cookie) => cookie.split(";")[0]);
    const page = await ask("/page", { headers: { Cookie: `${access}; ${refresh}` } });
    assert.equal(await page.text(), "carol");
    assert.deepEqual(page.headers.getSetCookie(), []);
    assert.equal(page.headers.get("cache-control"), "no-store");

    const later = await ask("/page", { headers: { Cookie: refresh } });
    assert.equal(await later.text(), "carol");
    assert.equal(later.headers.getSetCookie().length, 2);
    const own = (await ask("/page/own", { headers: { Cookie: refresh } })).headers.getSetCookie();
    assert.deepEqual(own.map((cookie) => cookie.split("=")[0]).sort(), [
      "__Host-Http-session",
      "__Host-Http-session-refresh",
      "mine",
    ]);
    for (const cookie of own.filter((each) => each.startsWith("__Host-"))) {
      assert.match(cookie, /^[^;]+; Max-Age=\d+; Path=\/; (Secure; HttpOnly|HttpOnly; Secure); SameSite=Strict$/);
    }
    const refused = await ask("/page/scope", { headers: { Cookie: later.headers.getSetCookie()[0].split(";")[0] } });
    assert.equal(refused.status, 403);
    assert.equal((await refused.json()).error, "insufficient_scope");
  });

  test(`${name}: a multipart form`, async () => {
    const body = new FormData();
    body.set("username", "bob");
    body.set("password", "right");
    // As bytes, because not every framework's test client takes a form.
    const request = new Request("http://localhost/token", { method: "POST", body });
    const headers = { "Content-Type": request.headers.get("Content-Type") };
    const answer = await ask("/token", { method: "POST", headers, body: await request.text() });
    assert.equal(answer.status, 200, await answer.text());
  });

  test(`${name}: the public keys, and a 304 for clients that have them`, async () => {
    const answer = await ask("/jwks", {});
    assert.equal(answer.headers.get("content-type").split(";")[0], "application/jwk-set+json");
    assert.deepEqual(
      (await answer.json()).keys.map(({ kid }) => kid),
      ["one"],
    );
    const again = await ask("/jwks", { headers: { "If-None-Match": answer.headers.get("etag") } });
    assert.equal(again.status, 304);
    assert.equal(await again.text(), "");
  });
}
