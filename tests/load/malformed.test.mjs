// Malformed requests to every endpoint of a server on Node, ten and more each: every one is refused as the client's mistake, none
// is an error of the server, and the next right request is answered.

import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, test } from "node:test";
import { System } from "./system.mjs";

const system = new System();
let tokens;
before(async () => {
  await system.start();
  tokens = (await system.logIn("user 1")).body;
});
after(() => system.close());

const URLENCODED = { "Content-Type": "application/x-www-form-urlencoded" };
const multipart = (boundary) => ({ "Content-Type": `multipart/form-data${boundary}` });
const part = (name, value) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;

/** Bodies that are no form: [headers, body, status]. */
const BODIES = {
  "no body": [{}, "", 400],
  "an empty form": [URLENCODED, "", 400],
  "a text": [{ "Content-Type": "text/plain" }, "username=user 1&password=right&token=x", 400],
  "a broken percent sign": [URLENCODED, "username=%zz&password=right&token=%zz", 400],
  "bytes that are not UTF-8": [URLENCODED, Buffer.from("username=\xff&password=right&token=\xff", "latin1"), 400],
  "escapes that are not UTF-8": [URLENCODED, "username=%ff&password=right&token=%ff", 400],
  "a parameter twice": [URLENCODED, "username=user+1&username=user+1&password=right&token=x&token=x", 400],
  "names without values": [URLENCODED, "username&password&token", 400],
  "a body that is too long": [URLENCODED, `username=user+1&password=${"x".repeat(20_000)}&token=x`, 413],
  "multipart without a boundary": [multipart(""), part("username", "user 1"), 400],
  "multipart that is cut off": [multipart("; boundary=b"), part("username", "user 1"), 400],
  "multipart with another boundary": [multipart("; boundary=c"), `${part("username", "user 1")}--b--`, 400],
  "a charset that is not UTF-8": [
    { "Content-Type": "application/x-www-form-urlencoded; charset=utf-16" },
    "token=x",
    400,
  ],
  "JSON that is cut off": [{ "Content-Type": "application/json" }, '{"username":', 400],
  "JSON that is a list": [{ "Content-Type": "application/json" }, "[]", 400],
  "a compressed body": [{ ...URLENCODED, "Content-Encoding": "gzip" }, "x", 400],
};
const METHODS = ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"];
const ORIGIN = () => ({ Origin: system.url });

/** Anything at all: [method, headers, body, expected status]. */
const REQUESTS = {
  "/token": () => [...bodies({}), ...others(URLENCODED)],
  "/revoke": () => [...bodies({}), ...others(URLENCODED)],
  "/login": () => [...bodies(ORIGIN()), ...others(ORIGIN())],
  "/me": guarded,
  "/open": guarded,
  "/page": pages,
  "/refresh": changing,
  "/logout": changing,
  "/logout-everywhere": changing,
  "/jwks": () => ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"].map((method) => [method, [method, {}, "", 405]]),
};

function bodies(headers) {
  return Object.entries(BODIES).map(([name, [more, body, status]]) => [
    name,
    ["POST", { ...headers, ...more }, body, status],
  ]);
}

function others(headers) {
  return METHODS.map((method) => [method, [method, headers, "", 405]]);
}

function guarded() {
  const [header, payload, signature] = tokens.access_token.split(".");
  const bad = {
    nothing: ["", 401],
    "a word": ["Bearer", 400],
    "another scheme": ["Basic dXNlcjpwYXNz", 401],
    "two tokens": [`Bearer ${tokens.access_token} ${tokens.access_token}`, 400],
    "a token with a comma": [`Bearer ${tokens.access_token},`, 400],
    "no signature": [`Bearer ${header}.${payload}.`, 401],
    "two segments": [`Bearer ${header}.${payload}`, 401],
    "another payload": [`Bearer ${header}.${Buffer.from('{"sub":"user 2"}').toString("base64url")}.${signature}`, 401],
    "no algorithm": [`Bearer ${Buffer.from('{"alg":"none"}').toString("base64url")}.${payload}.`, 401],
    "a long token": [`Bearer ${"x".repeat(14_000)}`, 401],
    "a refresh token": [`Bearer ${tokens.refresh_token}`, 401],
    quotes: [`Bearer "${tokens.access_token}"`, 400],
    "bytes over 127": ["Bearer \xfc\xfc", 400],
  };
  return Object.entries(bad).map(([name, [value, status]]) => [
    name,
    ["GET", value === "" ? {} : { Authorization: value }, "", status],
  ]);
}

const COOKIES = {
  "no cookie": "",
  "a cookie without a value": "__Host-Http-session",
  "empty cookies": "__Host-Http-session=; __Host-Http-session-refresh=",
  separators: ";;;=;=;",
  "text that is no token": "__Host-Http-session=x; __Host-Http-session-refresh=x",
  "broken escapes": "__Host-Http-session=%zz; __Host-Http-session-refresh=%",
  "the same cookie twice": "__Host-Http-session-refresh=a; __Host-Http-session-refresh=b",
  quotes: '__Host-Http-session="x"; __Host-Http-session-refresh="x"',
  "bytes over 127": "__Host-Http-session=\xfc; __Host-Http-session-refresh=\xfc",
  "a long cookie": `__Host-Http-session=${"x".repeat(9000)}`,
};

function pages() {
  return Object.entries(COOKIES).map(([name, Cookie]) => [name, ["GET", { Cookie }, "", 401]]);
}

function changing() {
  const status = (path) => (path === "/logout" ? 204 : 401);
  const foreign = [
    {},
    { Origin: "https://evil.example" },
    { Origin: "null" },
    { Origin: "x" },
    { "Sec-Fetch-Site": "cross-site" },
  ];
  return [
    // A visitor who is not logged in is logged out already.
    ...Object.entries(COOKIES).map(([name, Cookie]) => [name, ["POST", { ...ORIGIN(), Cookie }, "", status]]),
    ...foreign.map((headers) => [JSON.stringify(headers), ["POST", headers, "", 403]]),
    ...others(ORIGIN()),
  ];
}

for (const [path, list] of Object.entries(REQUESTS)) {
  test(`refuses_malformed_requests_to_${path.slice(1).replace("-", "_")}`, async () => {
    const all = list();
    const found = {};
    const expected = {};
    for (const [name, [method, headers, body, status]] of all) {
      const answer = await send(path, { method, headers, body });
      found[name] = answer.status;
      expected[name] = typeof status === "function" ? status(path) : status;
    }
    assert.deepEqual(found, expected);
    assert.ok(5 <= all.length);
    // It goes on.
    assert.equal((await system.logIn("user 1")).status, 200);
    assert.equal((await system.ask("/me", tokens.access_token)).status, 200);
  });
}

test("refuses_what_is_not_http", async () => {
  const { connect } = await import("node:net");
  const { hostname, port } = new URL(system.url);
  const junk = [
    "\r\n\r\n",
    "GET\r\n\r\n",
    "GET / HTTP/9.9\r\n\r\n",
    "POST /token HTTP/1.1\r\n\r\n",
    "POST /token HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    "POST /token HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
    "POST /token HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "GET //[ HTTP/1.1\r\nHost: [\r\n\r\n",
    "GET http:// HTTP/1.1\r\nHost: x\r\n\r\n",
    `GET /me HTTP/1.1\r\nHost: x\r\nA: ${"x".repeat(40_000)}\r\n\r\n`,
  ];
  for (const text of junk) {
    const answer = await new Promise((resolve) => {
      let read = "";
      const socket = connect(Number(port), hostname, () => socket.end(text));
      socket.setEncoding("latin1").on("data", (more) => {
        read += more;
      });
      socket.on("error", () => {}).on("close", () => resolve(read));
    });
    assert.doesNotMatch(answer, /^HTTP\/1\.1 [25]/, JSON.stringify(text.slice(0, 60)));
  }
  assert.equal((await system.logIn("user 1")).status, 200);
});

/** `System` sends forms; this sends anything. */
function send(path, { method, headers, body }) {
  return new Promise((resolve, reject) => {
    const sent = request(system.url + path, { method, headers, agent: system.agent });
    sent.on("error", reject).on("response", async (response) => {
      const text = (await response.setEncoding("utf8").toArray()).join("");
      resolve({ status: response.statusCode, text });
    });
    sent.end(body);
  });
}
