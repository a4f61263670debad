// POST /token on workerd: RFC 6749 §4.3 and §5: every kind of answer.

import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { KeySet, verify } from "countersign/jwt";
import { createLocalJWKSet, jwtVerify } from "jose";
import { chosenHeaders, PASSWORD, System } from "./system.mjs";

let system;
before(async () => {
  system = await System.start();
  for (const name of ["alice", "admin"]) await system.register(name);
});
after(() => system.close());

const FORM = { "Content-Type": "application/x-www-form-urlencoded" };
const HEADERS = { "cache-control": "no-store", "content-type": "application/json", pragma: "no-cache" };

async function refused(response, error, description, status = 400) {
  assert.equal(response.status, status);
  assert.deepEqual(await response.json(), { error, error_description: description });
  assert.deepEqual(chosenHeaders(response), HEADERS);
}

async function granted(response) {
  assert.equal(response.status, 200);
  assert.deepEqual(chosenHeaders(response), HEADERS);
  return response.json();
}

test("gives a token for the right password", async () => {
  const before = Math.floor(Date.now() / 1000);
  const { access_token, refresh_token, ...rest } = await granted(await system.token("alice"));
  assert.deepEqual(rest, { token_type: "bearer", expires_in: 900, scope: "profile" });
  assert.match(refresh_token, /^r1\.[\w-]{22}\.0\.[\w-]{43}$/);

  const jwks = await (await system.get("/.well-known/jwks.json")).json();
  const expected = { issuer: "countersign-demo", audience: "countersign-demo-api" };
  const { header, claims } = verify(access_token, KeySet.fromJwks(jwks), expected);
  assert.deepEqual(header, { alg: "EdDSA", typ: "JWT", kid: jwks.keys[0].kid });
  const { exp, iat, jti, ...others } = claims;
  const sid = refresh_token.split(".")[1];
  assert.deepEqual(others, { sub: "alice", sid, scope: "profile", iss: expected.issuer, aud: expected.audience });
  assert.equal(exp, iat + 900);
  assert.ok(before <= iat && iat <= Date.now() / 1000, "iat is now");
  assert.match(jti, /^[\w-]{22}$/);

  // And somebody else's library says the same.
  const other = await jwtVerify(access_token, createLocalJWKSet(jwks), expected);
  assert.deepEqual(other.payload, claims);
});

test("gives every token a name of its own", async () => {
  const tokens = await Promise.all(
    [system.token("alice"), system.token("alice")].map(async (answer) => (await granted(await answer)).access_token),
  );
  assert.notEqual(tokens[0], tokens[1]);
});

test("says and does the same for a wrong password, an unknown user and an impossible name", async () => {
  const answers = [
    await system.token("alice", "wrong horse battery staple"),
    await system.token("nobody"),
    await system.token("no such name!"),
    await system.token("alice", "x".repeat(300)),
    await system.token("nobody", "x".repeat(300)),
    await system.token("alice", "x".repeat(10_000)),
    await system.token("alice", `${PASSWORD} `),
    await system.token("alice", PASSWORD.toUpperCase()),
  ];
  for (const answer of answers) await refused(answer, "invalid_grant", "the user name or the password is wrong");
});

test("grants what is asked for, if the user may have it", async () => {
  const scopes = [
    ["alice", undefined, "profile"],
    ["alice", "", "profile"],
    ["alice", "profile", "profile"],
    ["admin", undefined, "profile"],
    ["admin", "admin", "admin"],
    ["admin", "admin profile", "admin profile"],
    ["admin", "profile profile admin", "profile admin"],
  ];
  for (const [user, asked, scope] of scopes) {
    assert.equal(
      (await granted(await system.token(user, PASSWORD, { scope: asked }))).scope,
      scope,
      `${user} ${asked}`,
    );
  }
});

test("refuses a scope that the user may not have, after the right password only", async () => {
  const more = "the user may not have the requested scope";
  for (const scope of ["admin", "profile admin", "ADMIN", "other"]) {
    await refused(await system.token("alice", PASSWORD, { scope }), "invalid_scope", more);
  }
  await refused(
    await system.token("alice", "wrong", { scope: "admin" }),
    "invalid_grant",
    "the user name or the password is wrong",
  );
});

test("refuses a scope that is none", async () => {
  for (const scope of [" ", "a  b", " profile", "profile ", 'a"b', "a\\b", "a\tb", "ä"]) {
    const answer = await system.token("alice", PASSWORD, { scope });
    await refused(answer, "invalid_scope", "the scope is not a list of words with one space between");
  }
});

test("refuses other grants, before missing their parameters", async () => {
  for (const body of [
    "grant_type=client_credentials",
    "grant_type=PASSWORD&username=alice&password=x",
    "grant_type=authorization_code&code=x",
  ]) {
    await refused(await form(body), "unsupported_grant_type", "the grant_type is not 'password' or 'refresh_token'");
  }
});

test("names the parameter that is missing or empty", async () => {
  for (const name of ["username", "password"]) {
    for (const value of [undefined, ""]) {
      await refused(
        await system.token("alice", PASSWORD, { [name]: value }),
        "invalid_request",
        `missing parameter ${name}`,
      );
    }
  }
  await refused(await form(""), "invalid_request", "missing parameter username");
});

test("takes a form without grant_type, as FastAPI does", async () => {
  for (const grant_type of [undefined, ""]) await granted(await system.token("alice", PASSWORD, { grant_type }));
});

test("takes a multipart form, as browsers and clients send it", async () => {
  const form = new FormData();
  for (const [name, value] of Object.entries({
    grant_type: "password",
    username: "alice",
    password: PASSWORD,
    scope: "",
  })) {
    form.set(name, value);
  }
  await granted(await system.tokenRaw(form));
  form.append("password", "another");
  await refused(await system.tokenRaw(form), "invalid_request", "a parameter is repeated");
  form.set("password", new Blob([PASSWORD]), "password.txt");
  await refused(await system.tokenRaw(form), "invalid_request", "a part of the body is a file");
});

test("refuses repeated parameters, known or not", async () => {
  const good = "grant_type=password&username=alice&password=x";
  for (const more of [
    "username=admin",
    "grant_type=password",
    "password=",
    "foo=1&foo=2",
    "scope=a&scope=b",
    "user%6eame=bob",
  ]) {
    await refused(await form(`${good}&${more}`), "invalid_request", "a parameter is repeated");
  }
});

test("refuses what is not URL encoding of UTF-8", async () => {
  for (const password of ["%", "%zz", "%ff", "%ed%a0%80", "%c0%80"]) {
    const answer = await form(`grant_type=password&username=alice&password=${password}`);
    await refused(answer, "invalid_request", "the body is not UTF-8 in URL encoding");
  }
  const bytes = Buffer.concat([Buffer.from("grant_type=password&username=alice&password="), Buffer.from([0xff])]);
  await refused(await form(bytes), "invalid_request", "the body is not UTF-8 in URL encoding");
});

test("refuses other bodies", async () => {
  const json = JSON.stringify({ grant_type: "password", username: "alice", password: PASSWORD });
  for (const type of [
    "application/json",
    "text/plain",
    "multipart/mixed; boundary=x",
    "application/x-www-form-urlencoded; charset=iso-8859-1",
  ]) {
    const answer = await system.tokenRaw(json, { "Content-Type": type });
    await refused(
      answer,
      "invalid_request",
      "the body is not application/x-www-form-urlencoded or multipart/form-data in UTF-8",
    );
  }
});

test("takes a charset that is UTF-8, and parameters it does not know", async () => {
  const body = new URLSearchParams({
    grant_type: "password",
    username: "alice",
    password: PASSWORD,
    client_id: "c",
    client_secret: "s",
    foo: "bar",
  });
  for (const type of [
    "application/x-www-form-urlencoded;charset=UTF-8",
    'Application/X-WWW-Form-Urlencoded ; charset="utf-8"',
    "application/x-www-form-urlencoded; charset=utf8",
  ]) {
    await granted(await system.tokenRaw(body.toString(), { "Content-Type": type }));
  }
});

test("refuses a body over 16384 bytes, announced or not", async () => {
  const body = `grant_type=password&username=alice&password=${"x".repeat(17_000)}`;
  await refused(await form(body), "invalid_request", "the body is longer than 16384 bytes", 413);
  const stream = new ReadableStream({
    start(controller) {
      for (let index = 0; index < 20; index++) controller.enqueue(Buffer.alloc(1000, "x"));
      controller.close();
    },
  });
  await refused(await form(stream), "invalid_request", "the body is longer than 16384 bytes", 413);
});

test("cuts off a body without an end", { timeout: 30_000 }, async () => {
  const { hostname, port } = new URL(system.url);
  const { sent, answer } = await new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let sent = 0;
    let answer = "";
    const chunk = `2710\r\n${"x".repeat(10_000)}\r\n`;
    const send = () => {
      for (let more = true; more && !socket.destroyed && sent < 20_000_000; sent += chunk.length)
        more = socket.write(chunk);
    };
    socket.setEncoding("utf8").on("data", (text) => {
      answer += text;
    });
    socket.on("drain", send);
    // That the connection breaks is what is hoped for.
    socket.on("error", () => {});
    socket.on("close", () => resolve({ sent, answer }));
    socket.write(`POST /token HTTP/1.1\r\nHost: ${hostname}\r\nTransfer-Encoding: chunked\r\n`);
    socket.write("Content-Type: application/x-www-form-urlencoded\r\n\r\n");
    send();
  });
  assert.ok(sent < 20_000_000, `${sent} bytes were taken`);
  // The answer may be gone with the connection.
  assert.match(answer, /^(HTTP\/1\.1 413 |$)/);
  assert.equal((await system.token("alice")).status, 200);
});

test("takes passwords with any characters in them, however they are composed", async () => {
  const password = "pâté & crêpes + 100% = \n\t\"'\\ 🦔";
  assert.equal((await system.register("grace", password.normalize("NFC"))).status, 201);
  await granted(await system.token("grace", password.normalize("NFC")));
  await granted(await system.token("grace", password.normalize("NFD")));
});

test("answers other methods with what is allowed", async () => {
  for (const method of ["GET", "PUT", "DELETE", "HEAD"]) {
    const answer = await fetch(`${system.url}/token`, { method });
    assert.equal(answer.status, 405);
    assert.equal(answer.headers.get("Allow"), "POST");
  }
});

test("writes nothing to the log", () => assert.equal(system.log, ""));

function form(body) {
  return system.tokenRaw(body, FORM);
}
