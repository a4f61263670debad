// GET /users/me and GET /admin on workerd: RFC 6750, word for word.

import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, test } from "node:test";
import { Key, sign } from "countersign/jwt";
import { chosenHeaders, System } from "./system.mjs";

let system;
let token;
let adminToken;
before(async () => {
  system = await System.start();
  token = await system.accessToken("alice");
  adminToken = await system.accessToken("admin", "profile admin");
});
after(() => system.close());

const bearer = (text) => ({ Authorization: `Bearer ${text}` });

async function refused(response, status, error, description, more = "") {
  assert.equal(response.status, status);
  const challenge = `Bearer realm="countersign", error="${error}", error_description="${description}"${more}`;
  assert.equal(response.headers.get("WWW-Authenticate"), challenge);
  assert.equal(response.headers.get("Cache-Control"), "no-store");
  const { error: said, error_description: because } = await response.json();
  assert.deepEqual([said, because], [error, description]);
}

async function unauthenticated(response) {
  assert.equal(response.status, 401);
  assert.deepEqual(chosenHeaders(response), {
    "cache-control": "no-store",
    pragma: "no-cache",
    "www-authenticate": 'Bearer realm="countersign"',
  });
  assert.equal(await response.text(), "");
}

test("lets a good token pass", async () => {
  const response = await system.get("/users/me", bearer(token));
  assert.equal(response.status, 200);
  assert.deepEqual(chosenHeaders(response), { "cache-control": "no-store", "content-type": "application/json" });
  const { registered, ...rest } = await response.json();
  assert.deepEqual(rest, { username: "alice", scopes: ["profile"] });
  assert.ok(Math.abs(Date.parse(registered) - Date.now()) < 60_000, "registered just now");
});

test("shows the profile to tokens with the scope for it only", async () => {
  const admin = await system.accessToken("admin", "admin");
  assert.deepEqual(await (await system.get("/users/me", bearer(admin))).json(), {
    username: "admin",
    scopes: ["admin"],
  });
});

test("takes the scheme in any capitals", async () => {
  for (const scheme of ["bearer", "BEARER", "bEaReR"]) {
    assert.equal((await system.get("/users/me", { Authorization: `${scheme} ${token}` })).status, 200, scheme);
  }
});

test("tells a request without credentials only how to authenticate", async () => {
  for (const path of ["/users/me", "/admin"]) {
    await unauthenticated(await system.get(path));
    for (const other of ["Basic YWxpY2U6cGFzc3dvcmQ=", "Bearerx abc", "Token abc", ""]) {
      await unauthenticated(await system.get(path, { Authorization: other }));
    }
  }
});

test("takes a token from the header only", async () => {
  await unauthenticated(await system.get(`/users/me?access_token=${token}`));
  await unauthenticated(await system.get("/users/me", { Cookie: `access_token=${token}` }));
});

test("refuses a header that does not hold one token", async () => {
  const description = "the Authorization header does not hold one token";
  for (const junk of [
    "Bearer",
    "Bearer  ",
    "Bearer a b",
    `Bearer ${token} ${token}`,
    `Bearer ${token}, Bearer ${token}`,
    'Bearer "abc"',
    "Bearer a=b",
    "Bearer ä",
    "Bearer <script>",
  ]) {
    await refused(await system.get("/users/me", { Authorization: junk }), 400, "invalid_request", description);
  }
});

test("refuses two Authorization headers", async () => {
  const response = await new Promise((resolve, reject) => {
    const headers = ["Host", "localhost", "Authorization", `Bearer ${token}`, "Authorization", `Bearer ${token}`];
    request(`${system.url}/users/me`, { headers }, resolve).on("error", reject).end();
  });
  response.resume();
  assert.equal(response.statusCode, 400);
});

test("refuses a token in the header and another in the URL", async () => {
  const response = await system.get(`/users/me?access_token=${token}`, bearer(token));
  await refused(response, 400, "invalid_request", "more than one token");
});

test("refuses a token in which any one part is changed", async () => {
  const change = (text, at) => text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1);
  const first = token.indexOf(".");
  const last = token.lastIndexOf(".");
  for (const at of [first + 10, last - 10, last + 10]) {
    await refused(
      await system.get("/users/me", bearer(change(token, at))),
      401,
      "invalid_token",
      "signature does not match",
    );
  }
});

test("refuses tokens that this system did not issue for itself", async () => {
  const [, payload] = token.split(".");
  const { keys } = await (await system.get("/.well-known/jwks.json")).json();
  const claims = { sub: "admin", scope: "admin", iss: "countersign-demo", aud: "countersign-demo-api" };
  const none = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${payload}.`;
  const forged = {
    "signed with another key": sign(claims, Key.generate("EdDSA")),
    "signed with another key of the same name": sign(claims, Key.generate("EdDSA", { kid: keys[0].kid })),
    "the public key used as a secret": sign(
      claims,
      Key.fromSecret(Buffer.from(keys[0].x, "base64url"), { alg: "HS256", kid: keys[0].kid }),
    ),
    "alg none": none,
    "not a token": "abc",
    "two parts": token.slice(0, token.lastIndexOf(".")),
    "four parts": `${token}.abc`,
    "too long": `${token}${"A".repeat(17_000)}`,
  };
  for (const [name, text] of Object.entries(forged)) {
    for (const path of ["/users/me", "/admin"]) {
      const response = await system.get(path, bearer(text));
      assert.equal(response.status, 401, name);
      assert.match(
        response.headers.get("WWW-Authenticate"),
        /^Bearer realm="countersign", error="invalid_token", error_description="[^"\\]+"$/,
        name,
      );
    }
  }
});

test("distinguishes known users from authorized users", async () => {
  const description = "the token does not have the required scope";
  await refused(await system.get("/admin", bearer(token)), 403, "insufficient_scope", description, ', scope="admin"');
  const unasked = await system.accessToken("admin", "profile");
  await refused(await system.get("/admin", bearer(unasked)), 403, "insufficient_scope", description, ', scope="admin"');

  const response = await system.get("/admin", bearer(adminToken));
  assert.equal(response.status, 200);
  const { keys } = await (await system.get("/.well-known/jwks.json")).json();
  const { username, keys: shown } = await response.json();
  assert.equal(username, "admin");
  const [{ kid, made, signing, ...others }] = shown;
  assert.deepEqual([shown.length, kid, signing, Object.keys(others)], [1, keys[0].kid, true, ["signs_from"]]);
  assert.ok(Math.abs(Date.parse(made) - Date.now()) < 120_000);
});

test("answers HEAD as GET, without the body", async () => {
  const response = await fetch(`${system.url}/users/me`, { method: "HEAD", headers: bearer(token) });
  assert.equal(response.status, 200);
  assert.equal(await response.text(), "");
});

test("answers other methods and paths", async () => {
  for (const path of ["/users/me", "/admin"]) {
    const response = await fetch(`${system.url}${path}`, { method: "POST", headers: bearer(token) });
    assert.equal(response.status, 405);
    assert.equal(response.headers.get("Allow"), "GET, HEAD");
  }
  for (const path of ["/users/you", "/users/me/", "/nothing", "/constructor", "/__proto__", "/%61dmin"]) {
    const response = await system.get(path, bearer(token));
    assert.equal(response.status, 404, path);
    assert.deepEqual(await response.json(), { error: "not_found", error_description: "there is nothing at this path" });
  }
});

test("writes nothing to the log", () => assert.equal(system.log, ""));
