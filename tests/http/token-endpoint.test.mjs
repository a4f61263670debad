// tokenEndpoint alone, in Node: its options, and the paths that the example's Worker does not take.

import assert from "node:assert/strict";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { DpopVerifier } from "countersign/dpop";
import { tokenEndpoint } from "countersign/http";
import { CountersignError, Key, Signer, Verifier } from "countersign/jwt";
import { closePasswordPool, configurePasswordPool, PasswordHasher } from "countersign/password";
import { Hono } from "hono";
import { invalid } from "./errors.mjs";

const URL = "https://api.example/token";
const key = Key.generate("EdDSA", { kid: "one" });
const verifier = new Verifier(key.publicKey());
const signer = new Signer(key);

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

test("a lifetime may be a text", async () => {
  const cases = [
    ["90s", 90],
    ["30m", 1800],
    ["1.5h", 5400],
    ["1.1m", 66],
    ["1d", 86_400],
    ["1w", 604_800],
    ["007m", 420],
    ["1.00000000000000s", 1],
    [1, 1],
  ];
  for (const [expiresIn, seconds] of cases) {
    const endpoint = tokenEndpoint({ signer, authenticate: () => ({ subject: "alice" }), expiresIn });
    const { access_token, expires_in } = await (await endpoint(form())).json();
    const { exp, iat } = verifier.verify(access_token).claims;
    assert.deepEqual([expires_in, exp - iat], [seconds, seconds], expiresIn);
  }
});

test("an answer may have more members and headers", async () => {
  const answers = [
    { "Set-Cookie": ["a=1; HttpOnly", "b=2"], "X-User": "alice" },
    new Headers([
      ["Set-Cookie", "a=1; HttpOnly"],
      ["X-User", "alice"],
      ["Set-Cookie", "b=2"],
    ]),
    runInNewContext('({ "set-cookie": ["a=1; HttpOnly", "b=2"], "x-user": "alice" })'),
  ];
  for (const headers of answers) {
    const fields = { user: { name: "Älice" }, id_token: "x", nothing: undefined, ["__proto__"]: 7 };
    const { endpoint } = giving({ subject: "alice", fields, headers });
    const answer = await endpoint(form());
    assert.deepEqual(answer.headers.getSetCookie(), ["a=1; HttpOnly", "b=2"]);
    assert.equal(answer.headers.get("X-User"), "alice");
    assert.equal(answer.headers.get("Cache-Control"), "no-store");
    assert.equal(answer.headers.get("Content-Type"), "application/json");
    const text = await answer.text();
    const { access_token, ...rest } = JSON.parse(text);
    assert.equal(verifier.verify(access_token).claims.user, undefined);
    assert.deepEqual(Object.keys(rest), ["token_type", "expires_in", "user", "id_token", "__proto__"]);
    assert.deepEqual(rest.user, { name: "Älice" });
  }
});

test("grant_type may be absent or empty, and nothing else", async () => {
  const { endpoint } = giving({ subject: "alice" });
  for (const grant_type of ["password", ""]) assert.equal((await endpoint(form({ grant_type }))).status, 200);
  const body = new URLSearchParams({ username: "alice", password: "x" });
  assert.equal((await endpoint(new Request(URL, { method: "POST", body }))).status, 200);
  for (const grant_type of ["refresh_token", "Password", "password ", "null", "authorization_code"]) {
    assert.equal((await (await endpoint(form({ grant_type }))).json()).error, "unsupported_grant_type");
  }
});

test("URL-encoded forms are read in one way only", async () => {
  const seen = [];
  const authenticate = (...all) => {
    seen.push(all.slice(0, 2));
    return null;
  };
  const endpoint = tokenEndpoint({ signer, authenticate });
  const ask = async (body, type = "application/x-www-form-urlencoded") => {
    const bytes = Buffer.from(body, "latin1");
    const answer = await endpoint(new Request(URL, { method: "POST", headers: { "Content-Type": type }, body: bytes }));
    return (await answer.json()).error_description;
  };
  const right = "username=alice&password=x";
  const wrong = "the user name or the password is wrong";
  for (const [body, password = "x", name = "alice"] of [
    [right],
    ["&&username=alice&&password=x&"],
    ["=x&username=alice&password=x"],
    [`${right}&usernamex&passwordx`],
    ["username=alice&password=a=b", "a=b"],
    ["username=alice&password=+a%2B%20", " a+ "],
    ["us%65rname=%c3%a4lice&p%61ssword=\xc3\xbc", "ü", "älice"],
    ["username=alice&password=\xef\xbb\xbfx", "\ufeffx"],
  ]) {
    assert.equal(await ask(body), wrong, body);
    assert.deepEqual(seen.splice(0), [[name, password]], body);
  }
  for (const type of [
    "application/x-www-form-urlencoded; charset=UTF-8",
    'Application/X-WWW-Form-URLEncoded ;charset="utf-8"',
    "application/x-www-form-urlencoded;charset=utf8; x=y",
  ]) {
    assert.equal(await ask(right, type), wrong, type);
  }
  seen.splice(0);
  const notForm = "the body is not application/x-www-form-urlencoded or multipart/form-data in UTF-8";
  const form = "application/x-www-form-urlencoded";
  for (const type of [
    "text/plain",
    "application/json; application/x-www-form-urlencoded",
    `${form}, ${form}`,
    `${form}; charset=latin1`,
    `${form}; charset=utf-8; charset=latin1`,
    `${form}; charset=utf-8x`,
    `${form}; charset=charset=utf-8`,
  ]) {
    assert.equal(await ask(right, type), notForm, type);
  }
  // Bytes have no type.
  const untyped = new Request(URL, { method: "POST", body: new TextEncoder().encode(right) });
  const { error_description } = await (await endpoint(untyped)).json();
  assert.deepEqual([untyped.headers.get("Content-Type"), error_description], [null, notForm]);
  for (const [body, description] of [
    ["username=alice&password", "missing parameter password"],
    ["username=alice&password=", "missing parameter password"],
    [`\xef\xbb\xbf${right}`, "missing parameter username"],
    [`${right}&a=1&%61=2`, "a parameter is repeated"],
    [`${right}&=1&=2`, "a parameter is repeated"],
    [`${right}&password=`, "a parameter is repeated"],
    ...["%", "%f", "%ff", "\xff", "%c3", "%u0041"].map((bad) => [
      `${right}&a=${bad}`,
      "the body is not UTF-8 in URL encoding",
    ]),
  ]) {
    assert.equal(await ask(body), description, body);
  }
  assert.deepEqual(seen, []);
});

/** A multipart form of this text, with \n for line breaks. */
function multipart(text, type = "multipart/form-data; boundary=b") {
  const body = Buffer.from(text.replaceAll("\n", "\r\n"), "latin1");
  return new Request(URL, { method: "POST", headers: { "Content-Type": type }, body });
}

const part = (name, value, more = "") => `--b\nContent-Disposition: form-data; name="${name}"${more}\n\n${value}\n`;
const dotNet = (name, value) =>
  `--b\nContent-Type: text/plain; charset=utf-8\nContent-Disposition: form-data; name=${name}\n\n${value}\n`;
const [ALICE, PASS] = [part("username", "alice"), part("password", "x")];

test("multipart forms are read as clients of many kinds write them", async () => {
  const seen = [];
  const authenticate = (...all) => {
    seen.push(all.slice(0, 2));
    return null;
  };
  const endpoint = tokenEndpoint({ signer, authenticate });
  const utf8 = (text) => Buffer.from(text).toString("latin1");
  const good = [
    [`${ALICE}${PASS}--b--\n`],
    [`${ALICE}${PASS}--b--`],
    [`${ALICE}${PASS}--b--\n`, 'multipart/form-data; boundary="b"'],
    [`${ALICE}${PASS}--b--\n`, "Multipart/Form-Data; charset=UTF-8; Boundary=b"],
    // .NET writes names without quotes, types and a charset.
    [`${dotNet("username", "alice")}${dotNet("password", "x")}--b--\n`, 'multipart/form-data; boundary="b"'],
    // OkHttp and Apache's client write these.
    [
      `${part("username", "alice").replace("\n\n", "\nContent-Length: 5\nContent-Transfer-Encoding: binary\n\n")}${PASS}--b--\n`,
    ],
    [`${ALICE.replaceAll("Content-Disposition:", "content-disposition:")}${PASS}--b--\n`],
    [`${part("scope", "")}${part("client_id", "")}${ALICE}${PASS}--b--\n`],
  ];
  for (const [text, type] of good) {
    await endpoint(multipart(text, type));
    assert.deepEqual(seen.splice(0), [["alice", "x"]], text);
  }
  for (const password of ["ü🦔", "a\nb", "x--b", "\n--", " x ", "a=b&c", "\ufeffx", "%41+", '"']) {
    await endpoint(multipart(`${ALICE}${part("password", utf8(password))}--b--\n`));
    assert.deepEqual(seen.splice(0), [["alice", password.replaceAll("\n", "\r\n")]], password);
  }
  // As the platform writes them.
  const form = new FormData();
  form.set("username", "älice");
  form.set("password", 'p"&=+%\\');
  await endpoint(new Request(URL, { method: "POST", body: form }));
  assert.deepEqual(seen, [["älice", 'p"&=+%\\']]);
});

test("multipart forms that could be read in two ways are refused", async () => {
  const endpoint = tokenEndpoint({ signer, authenticate: () => ({ subject: "alice" }) });
  const malformed = "the body is not multipart/form-data";
  const file = "a part of the body is a file";
  const notText = "a part of the body is not text in UTF-8";
  const boundary = "the Content-Type has no boundary that can be read";
  const notForm = "the body is not application/x-www-form-urlencoded or multipart/form-data in UTF-8";
  const rest = `${PASS}--b--\n`;
  const cases = [
    ["", malformed],
    ["--b", malformed],
    [`${ALICE}${PASS}`, malformed],
    [`${ALICE}${PASS}--b--x`, malformed],
    [`${ALICE}${PASS}--b--\n\n`, malformed],
    [`${ALICE}${PASS}--b--\n${part("password", "y")}`, malformed],
    [`preamble\n${ALICE}${rest}`, malformed],
    [`\n${ALICE}${rest}`, malformed],
    [`${ALICE.replaceAll("\n", "\r")}${rest}`, malformed],
    [`--b \nContent-Disposition: form-data; name="username"\n\nalice\n${rest}`, malformed],
    [`--b\n\nalice\n${rest}`, malformed],
    [`--b\nContent-Disposition: form-data; name="username"\nalice\n${rest}`, malformed],
    [`--b\nContent-Disposition: attachment; name="username"\n\nalice\n${rest}`, malformed],
    [`--b\nContent-Disposition: form-data\n\nalice\n${rest}`, malformed],
    [`--b\nContent-Disposition: form-data; name="username"; name="x"\n\nalice\n${rest}`, malformed],
    [`--b\nContent-Disposition: form-data; name="user\\name"\n\nalice\n${rest}`, malformed],
    [`--b\nContent-Disposition: form-data; name*=utf-8''username\n\nalice\n${rest}`, malformed],
    [`--b\nContent-Disposition: form-data; name="username" x\n\nalice\n${rest}`, malformed],
    [`${ALICE.replace("\n\n", '\nContent-Disposition: form-data; name="password"\n\n')}${rest}`, malformed],
    [`${ALICE.replace("\n\n", "\n folded\n\n")}${rest}`, malformed],
    [`${part("username", "alice\n--bx")}${rest}`, malformed],
    [`${part("username", "--b")}${rest}`, malformed],
    [`${part("username", "alice", '; filename="a"')}${rest}`, file],
    [`${part("username", "alice", "; filename*=utf-8''a")}${rest}`, file],
    [`${part("username", "\xff")}${rest}`, notText],
    [`${ALICE.replace("\n\n", "\nContent-Type: text/html\n\n")}${rest}`, notText],
    [`${ALICE.replace("\n\n", "\nContent-Type: text/plain; charset=iso-8859-1\n\n")}${rest}`, notText],
    [`${ALICE.replace("\n\n", "\nContent-Transfer-Encoding: base64\n\n")}${rest}`, notText],
    [`${ALICE}${ALICE}${rest}`, "a parameter is repeated"],
    [`${part("username", "")}${ALICE}${rest}`, "a parameter is repeated"],
    [`${ALICE}${rest}`, boundary, "multipart/form-data"],
    [`${ALICE}${rest}`, boundary, "multipart/form-data; boundary="],
    [`${ALICE}${rest}`, boundary, 'multipart/form-data; boundary="b'],
    [`${ALICE}${rest}`, boundary, "multipart/form-data; boundary=b; boundary=c"],
    [`${ALICE}${rest}`, boundary, 'multipart/form-data; x="; boundary=c"; boundary=b'],
    [`${ALICE}${rest}`, boundary, "multipart/form-data; boundary=c, multipart/form-data; boundary=b"],
    [`${ALICE}${rest}`, boundary, `multipart/form-data; boundary=${"b".repeat(71)}`],
    [`${ALICE}${rest}`, notForm, "multipart/form-data; boundary=b; charset=latin1"],
    [`${ALICE}${rest}`, notForm, "multipart/mixed; boundary=b"],
  ];
  for (const [text, description, type] of cases) {
    const refusal = await endpoint(multipart(text, type));
    assert.equal(refusal.status, 400, text);
    assert.deepEqual(await refusal.json(), { error: "invalid_request", error_description: description }, text);
  }
});

test("a long multipart form takes no longer than it is long", async () => {
  const endpoint = tokenEndpoint({ signer, authenticate: () => null, maxBodyBytes: 1_048_576 });
  const long = 1_000_000;
  const started = performance.now();
  for (const text of [
    "--b\n".repeat(long / 5),
    part("a", "x").repeat(long / 60),
    `--b\nA:${" ".repeat(long)}\r`,
    `--b\nA:${" ".repeat(long)}\r\n\n--b--`,
    `--b\nContent-Disposition: form-data${"; a=b".repeat(long / 6)}\n\n\n--b--`,
    `--b\nContent-Disposition: form-data;${" ".repeat(long)}\n\n\n--b--`,
    `--b\n${"A: b\n".repeat(long / 6)}\n--b--`,
    `${ALICE}${part("password", "\n--".repeat(long / 5))}--b--`,
  ]) {
    await endpoint(multipart(text));
  }
  assert.ok(performance.now() - started < 4000, `${performance.now() - started} ms`);
});

test("a body that was read, and what is no standard request, are named", async () => {
  const { endpoint, counted } = giving({ subject: "alice" });
  const read = form();
  await read.text();
  const locked = form();
  locked.body.getReader();
  const gone = "the request's body was already read: call the endpoint before anything reads the body";
  for (const request of [read, locked]) await assert.rejects(endpoint(request), invalid(gone));
  const notStandard = "the request is not a standard Request: use onNode(handler) for Node, Express and Fastify";
  const noHeaders = 'the request has no "headers": pass a standard Request (c.req.raw in Hono)';
  const noUrl =
    'the request has no "url": pass a standard Request, or that of Node, Express or Fastify; make one of an event of AWS Lambda';
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  for (const [request, message] of [
    [{ method: "POST", headers, url: "/", rawHeaders: [] }, notStandard],
    [{ method: "POST", headers, url: "/", body: { username: "alice", password: "x" } }, notStandard],
    [{ method: "POST", headers, url: "/", body: "username=alice&password=x" }, notStandard],
    [{ headers, url: "/", body: null }, notStandard],
    [{ req: form() }, noHeaders],
    [undefined, noHeaders],
    [{ method: "POST", headers: new Headers(headers), body: null }, noUrl],
  ]) {
    await assert.rejects(endpoint(request), invalid(message));
  }
  const text = new ReadableStream({ start: (controller) => controller.enqueue("username=alice&password=x") });
  const noBytes = invalid("the request's body does not consist of bytes");
  await assert.rejects(endpoint({ method: "POST", headers, url: "/", body: text }), noBytes);
  assert.equal(counted.signed, 0);
  // With headers as a plain object and a stream for the body, there is nothing else to read.
  const { body } = form();
  assert.equal((await endpoint({ method: "POST", headers, url: "/", body })).status, 200);
  // Firefox has no streams of requests.
  const whole = form();
  const firefox = { method: "POST", headers, url: "/", arrayBuffer: () => whole.arrayBuffer() };
  assert.equal((await endpoint(firefox)).status, 200);
});

test("in Hono, the raw request logs in, and a body that Hono has parsed is named", async () => {
  const { endpoint } = giving({ subject: "alice" });
  const errors = [];
  const app = new Hono();
  app.post("/token", (c) => endpoint(c.req.raw));
  app.post("/late", async (c) => {
    await c.req.parseBody();
    return endpoint(c.req.raw);
  });
  app.post("/context", (c) => endpoint(c));
  app.onError((error, c) => {
    errors.push(error.message);
    return c.text("", 500);
  });
  const body = () => new URLSearchParams({ username: "alice", password: "x" });
  const ask = (path) => app.request(path, { method: "POST", body: body() });
  assert.equal((await ask("/token")).status, 200);
  assert.deepEqual([(await ask("/late")).status, (await ask("/context")).status], [500, 500]);
  assert.deepEqual(errors, [
    "the request's body was already read: call the endpoint before anything reads the body",
    'the request has no "headers": pass a standard Request (c.req.raw in Hono)',
  ]);
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

test("claims, fields and headers may have no prototype, and a client 256 characters", async () => {
  const bare = (members) => Object.assign(Object.create(null), members);
  const more = { claims: bare({ org: 7 }), fields: bare({ id: 8 }), headers: bare({ "X-User": "alice" }) };
  const { endpoint } = giving({ subject: "alice", client: "x".repeat(256), ...more });
  const answer = await endpoint(form());
  const { access_token, id } = await answer.json();
  assert.deepEqual([verifier.verify(access_token).claims.org, id, answer.headers.get("X-User")], [7, 8, "alice"]);
});

test("an endpoint sets only the claims that its options name", async () => {
  const claims = { aud: "https://api.example/", client_id: "app" };
  const { access_token } = await (await giving({ subject: "alice", claims }).endpoint(form())).json();
  const { aud, client_id } = new Verifier(key.publicKey(), { audience: claims.aud }).verify(access_token).claims;
  assert.deepEqual({ aud, client_id }, claims);
});

test("an endpoint that knows no proofs issues a bearer token to a client that sends one", async () => {
  const request = form();
  request.headers.set("DPoP", "x");
  assert.equal((await (await giving({ subject: "alice" }).endpoint(request)).json()).token_type, "bearer");
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
  const noGrant = (kind) =>
    `authenticate returned ${kind}: it must return a grant such as { subject: "alice" }, null for a wrong password, or a Response`;
  const without = noGrant('an object without "subject"');
  const noSubject = 'option "subject" is not a non-empty string';
  const noClaims = 'option "claims" is not an object';
  const subject = "alice";
  const endless = {};
  endless.endless = endless;
  const cases = [
    [true, noGrant("a boolean")],
    [0, noGrant("a number")],
    [7n, noGrant("a bigint")],
    ["", noGrant("a string")],
    ["alice", noGrant("a string")],
    [[], noGrant("an array")],
    [[{ subject }], noGrant("an array")],
    [() => ({ subject }), noGrant("a function")],
    [new Error("no such user"), noGrant("an Error")],
    [Object.assign(new Error("no such user"), { subject }), noGrant("an Error")],
    [new User(), noGrant("an instance of a class")],
    [new Map([["subject", subject]]), noGrant("an instance of a class")],
    [Object.create({ subject }), noGrant("an instance of a class")],
    [{}, without],
    [{ ok: false }, without],
    [{ ok: true, needsRehash: false, scheme: "argon2id" }, without],
    [{ sub: "x" }, without],
    [{ status: 401, headers: {}, body: null }, without],
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
    [{ subject, claims: new User() }, 'option "claims" is not a plain object'],
    [{ subject, fields: null }, 'option "fields" is not an object'],
    [{ subject, fields: [] }, 'option "fields" is not an object'],
    [{ subject, fields: "user" }, 'option "fields" is not an object'],
    [{ subject, fields: new User() }, 'option "fields" is not a plain object'],
    [{ subject, fields: { id: 7n } }, 'option "fields" cannot be written as JSON'],
    [{ subject, fields: endless }, 'option "fields" cannot be written as JSON'],
    [{ subject, fields: { toJSON: () => "text" } }, 'option "fields" is not an object'],
    [{ subject, fields: { toJSON: () => ({ access_token: "x" }) } }, 'option "fields" must not set "access_token"'],
    ...["access_token", "token_type", "expires_in", "scope", "refresh_token", "error", "error_description"].map(
      (name) => [{ subject, fields: { [name]: "x" } }, `option "fields" must not set "${name}"`],
    ),
    [{ subject, headers: null }, 'option "headers" is not an object'],
    [{ subject, headers: [["Set-Cookie", "a=1"]] }, 'option "headers" is not an object'],
    [{ subject, headers: new Map([["Set-Cookie", "a=1"]]) }, 'option "headers" is not an object'],
    [{ subject, headers: { "Cache-Control": "public" } }, 'option "headers" must not set "Cache-Control"'],
    [{ subject, headers: { "content-type": "text/html" } }, 'option "headers" must not set "content-type"'],
    [{ subject, headers: new Headers({ Pragma: "x" }) }, 'option "headers" must not set "pragma"'],
    [{ subject, headers: { "Content-Length": "7" } }, 'option "headers" must not set "Content-Length"'],
    [{ subject, headers: { "Transfer-Encoding": "x" } }, 'option "headers" must not set "Transfer-Encoding"'],
    ...[7, null, ["Firefox"], "x".repeat(257)].map((client) => [
      { subject, client },
      'option "client" is not a string of at most 256 characters',
    ]),
    ...[
      { "a b": "x" },
      { "": "x" },
      { a: "x\r\nSet-Cookie: b" },
      { a: "x\u0000" },
      { a: "€" },
      { a: 7 },
      { a: null },
      { a: undefined },
      { a: ["x", 7] },
    ].map((headers) => [{ subject, headers }, 'option "headers" has a header that cannot be sent']),
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

test("speaks as FastAPI, with the same words in OAuth", async () => {
  const failing = (code) => () => Promise.reject(new CountersignError(code, "x"));
  const missing = (name) => ({ type: "missing", loc: ["body", name], msg: "Field required", input: null });
  const down = { attempt: failing("STORE_UNAVAILABLE"), silent: true };
  const slow = { attempt: async () => ({ allowed: false, retryAfter: 7 }), silent: false };
  const notUtf8 = new Request(URL, {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: "username=%ff",
  });
  const badUtf8 = "the body is not UTF-8 in URL encoding";
  const cases = [
    [{}, new Request(URL), 405, "Method Not Allowed", "invalid_request", "the method is not POST"],
    [{}, notUtf8, 422, [{ type: "value_error", loc: ["body"], msg: badUtf8, input: null }], "invalid_request", badUtf8],
    [
      { maxBodyBytes: 1 },
      form(),
      413,
      "the body is longer than 1 bytes",
      "invalid_request",
      "the body is longer than 1 bytes",
    ],
    [{}, form({ username: "" }), 422, [missing("username")], "invalid_request", "missing parameter username"],
    [
      {},
      form({ username: "", password: "" }),
      422,
      [missing("username"), missing("password")],
      "invalid_request",
      "missing parameter username",
    ],
    [
      {},
      form({ scope: "a  b" }),
      400,
      "the scope is not a list of words with one space between",
      "invalid_scope",
      "the scope is not a list of words with one space between",
    ],
    [
      { authenticate: failing("PASSWORD_QUEUE_FULL") },
      form(),
      503,
      "Service Unavailable",
      "temporarily_unavailable",
      "too many users log in at the same time",
    ],
    [
      { throttle: down },
      form(),
      503,
      "Service Unavailable",
      "temporarily_unavailable",
      "nobody can log in at the moment",
    ],
    [{ throttle: slow }, form(), 429, "Too Many Requests", "slow_down", "too many attempts to log in"],
    [{}, form(), 401, "Incorrect username or password", "invalid_grant", "the user name or the password is wrong"],
  ];
  for (const [more, request, status, detail, error, error_description] of cases) {
    const options = { signer, authenticate: () => null, ...more };
    const answer = await tokenEndpoint({ ...options, errors: "fastapi" })(request.clone());
    assert.equal(answer.status, status, error_description);
    assert.deepEqual(await answer.json(), { detail, error, error_description });
    const plain = await tokenEndpoint(options)(request);
    assert.equal(plain.status, status === 401 || status === 422 ? 400 : status, error_description);
    assert.deepEqual(await plain.json(), { error, error_description });
    for (const name of ["Allow", "Retry-After"]) assert.equal(answer.headers.get(name), plain.headers.get(name));
    assert.equal(answer.headers.get("Allow"), status === 405 ? "POST" : null);
    assert.equal(answer.headers.get("Retry-After"), { 429: "7", 503: "3" }[status] ?? null);
    assert.equal(answer.headers.get("WWW-Authenticate"), status === 401 ? "Bearer" : null);
  }
});

test("proofs that cannot be checked now are answered with 503", async () => {
  const dpop = new DpopVerifier();
  dpop.check = () => Promise.reject(new CountersignError("STORE_UNAVAILABLE", "x"));
  const endpoint = tokenEndpoint({ signer, authenticate: () => assert.fail("it is asked"), dpop, requireDpop: true });
  const answer = await endpoint(form());
  assert.deepEqual([answer.status, (await answer.json()).error], [503, "temporarily_unavailable"]);
});

test("a verifier of proofs that has no nonce to give names none", async () => {
  const check = () => Promise.reject(Object.assign(new CountersignError("CLAIM_INVALID", "x"), { claim: "nonce" }));
  const dpop = { algorithms: ["ES256"], check, nonce: async () => undefined };
  const endpoint = tokenEndpoint({ signer, authenticate: () => assert.fail("it is asked"), dpop, requireDpop: true });
  const answer = await endpoint(form());
  assert.deepEqual([answer.status, (await answer.json()).error], [400, "use_dpop_nonce"]);
  assert.equal(answer.headers.has("DPoP-Nonce"), false);
});

test("only the proof of a client sets the key that its token is bound to", async () => {
  const claims = { cnf: { jkt: "x" } };
  const proof = { thumbprint: "y", use: async () => {} };
  const dpop = { algorithms: ["ES256"], check: async () => proof, nonce: async () => undefined };
  const endpoint = tokenEndpoint({ signer, authenticate: () => ({ subject: "alice", claims }), dpop });
  const request = form();
  request.headers.set("DPoP", "x");
  await assert.rejects(endpoint(request), invalid('option "claims" must not set "cnf"'));
  const { access_token } = await (await endpoint(form())).json();
  assert.deepEqual(verifier.verify(access_token).claims.cnf, { jkt: "x" });
});

test("a body may have 16384 bytes by default", async () => {
  const endpoint = tokenEndpoint({ signer, authenticate: () => null });
  const { length } = await form({ a: "" }).text();
  for (const [bytes, status] of [
    [16_384, 400],
    [16_385, 413],
  ]) {
    assert.equal((await endpoint(form({ a: "x".repeat(bytes - length) }))).status, status);
  }
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
  const lifetime = 'option "expiresIn" is not a whole number of seconds of at least 1, or a text such as "30m"';
  const cases = [
    [{ ...good, expires: 60 }, 'unknown option "expires"'],
    ...[0, -1, 1.5, NaN, Infinity, 2 ** 53, null, true, [], {}, new Date(), 60n].map((expiresIn) => [
      { ...good, expiresIn },
      lifetime,
    ]),
    ...[
      "",
      "60",
      "15",
      "15 m",
      "15M",
      "m",
      "-1m",
      "+1m",
      ".5h",
      "1.h",
      "0s",
      "0.5s",
      "1.5s",
      "1.01m",
      "1e3s",
      "1ms",
      "1y",
      "15m ",
    ].map((expiresIn) => [{ ...good, expiresIn }, lifetime]),
    [{ ...good, expiresIn: "9007199254740992s" }, lifetime],
    [{ ...good, expiresIn: "999999999999999w" }, lifetime],
    [{ ...good, expiresIn: "1.00000000000000000001s" }, lifetime],
    [{ ...good, expiresIn: "1.000000000000000s" }, lifetime],
    ...["OAuth", "", true, null, 422].map((errors) => [
      { ...good, errors },
      'option "errors" is not "oauth" or "fastapi"',
    ]),
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
    [{ authenticate: () => null }, 'pass the option "signer" or "sessions"'],
    [undefined, "options are not an object"],
  ];
  for (const [options, message] of cases) assert.throws(() => tokenEndpoint(options), invalid(message));
  assert.equal(typeof tokenEndpoint({ ...good, maxBodyBytes: 1_048_576 }), "function");
});
