// The clients that people call FastAPI with, unchanged, against tokenEndpoint and bearerGuard on Node. With `errors: "fastapi"`,
// refusals have the status and the detail that the application of FastAPI's tutorial gives to the same requests.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { bearerGuard, onNode, tokenEndpoint } from "countersign/http";
import { Key, Signer, Verifier } from "countersign/jwt";
import { environment } from "./python.mjs";

const PYTHON = environment("requirements-clients.txt", "python-clients");
const why = await PYTHON.why();
if (why !== undefined && process.env.CI) throw new Error(why);
if (why !== undefined) console.log(`# FastAPI's clients are skipped: ${why}`);
const options = { skip: why };

const key = Key.generate("HS256");
const [username, password] = ["johndoe", "secret ü"];
const users = { username, password };

/** A server for each of the two styles of errors. */
async function serve(errors) {
  const token = tokenEndpoint({
    signer: new Signer(key),
    authenticate: (name, word) => name === username && word === password && { subject: name, scopes: ["me", "items"] },
    errors,
    expiresIn: "30m",
  });
  const guard = bearerGuard(new Verifier(key), { errors, scope: "me" });
  const handler = async (request) => {
    if (new URL(request.url).pathname === "/token") return token(request);
    const caller = await guard(request);
    return caller instanceof Response ? caller : Response.json({ username: caller.claims.sub });
  };
  const server = createServer(onNode(handler)).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, url: `http://127.0.0.1:${server.address().port}` };
}

const CLIENTS = ["requests", "httpx"];
const swagger = {
  Accept: "application/json, text/plain, */*",
  "Access-Control-Allow-Origin": "*",
  "Content-Type": "application/x-www-form-urlencoded",
  "X-Requested-With": "XMLHttpRequest",
};
const empty = { grant_type: "", scope: "", client_id: "", client_secret: "" };

/** Requests that log in, by name: the scope "me" is needed for the page that the client asks for next. */
const RIGHT = {
  "two fields": { data: { ...users, scope: "me" } },
  "a grant type": { data: { ...users, scope: "me", grant_type: "password" } },
  "the form of /docs": { data: { ...empty, ...users, scope: "me items", grant_type: "password" } },
  "Try it out of /docs": { data: { ...empty, ...users, scope: "me" } },
  "Swagger UI's button": { data: { grant_type: "password", scope: "me", ...users }, headers: swagger, basic: ["", ""] },
  "a client's id and secret": { data: { ...users, scope: "me", client_id: "a", client_secret: "b" } },
  multipart: { multipart: { ...users, scope: "me" } },
  "multipart with empty fields": { multipart: { ...empty, ...users, scope: "me", grant_type: "password" } },
};
const WRONG = {
  "a wrong password": { data: { username, password: "x" } },
  "an unknown user": { data: { username: "x", password } },
  "no password": { data: { username } },
  "an empty password": { data: { username, password: "" } },
  "no field": { data: { other: "x" } },
  "another grant type": { data: { ...users, grant_type: "client_credentials" } },
  GET: { method: "GET" },
  "no token": { method: "GET", path: "/users/me" },
  "another scheme": { method: "GET", path: "/users/me", basic: ["a", "b"] },
  "a token that is none": { method: "GET", path: "/users/me", headers: { Authorization: "Bearer abc" } },
  "no word after Bearer": { method: "GET", path: "/users/me", headers: { Authorization: "Bearer" } },
};

let [oauth, fastapi] = [];
let answers;
before(async () => {
  if (why !== undefined) return;
  [oauth, fastapi] = [await serve("oauth"), await serve("fastapi")];
  const jobs = [];
  for (const client of CLIENTS) {
    for (const [name, request] of Object.entries({ ...RIGHT, ...WRONG, "less scope": { data: users } })) {
      for (const [server, url] of [
        ["oauth", oauth.url],
        ["fastapi", fastapi.url],
        ["tutorial", null],
      ]) {
        jobs.push({ id: `${client} ${name} ${server}`, client, url, ...request });
      }
    }
  }
  for (const [server, url] of [
    ["oauth", oauth.url],
    ["tutorial", null],
  ]) {
    jobs.push({ id: `oauthlib ${server}`, client: "oauthlib", url, ...users, scope: "me" });
  }
  const all = await PYTHON.askLater(fileURLToPath(new URL("clients.py", import.meta.url)), jobs);
  answers = Object.fromEntries(jobs.map(({ id }, index) => [id, all[index]]));
});
after(() => {
  for (const each of [oauth, fastapi]) each?.server.close();
});

for (const client of CLIENTS) {
  test(`logs_in_with_${client}_as_with_the_tutorial`, options, () => {
    for (const name of Object.keys(RIGHT)) {
      const { body, status } = answers[`${client} ${name} tutorial`].ok;
      assert.deepEqual([status, body], [200, { token_type: "bearer", me: [200, { username }] }], name);
      for (const server of ["oauth", "fastapi"]) {
        assert.deepEqual(answers[`${client} ${name} ${server}`].ok?.body, body, `${name} ${server}`);
      }
    }
  });

  test(`refuses_${client}_with_the_status_and_detail_of_the_tutorial`, options, () => {
    for (const name of Object.keys(WRONG)) {
      const theirs = answers[`${client} ${name} tutorial`].ok;
      const ours = answers[`${client} ${name} fastapi`].ok;
      assert.equal(ours.status, theirs.status, name);
      assert.deepEqual(ours.body.detail, withoutInput(theirs.body.detail), name);
      assert.equal(ours.authenticate === null, theirs.authenticate === null, name);
    }
    for (const server of ["fastapi", "tutorial"]) {
      const [status, { detail }] = answers[`${client} less scope ${server}`].ok.body.me;
      assert.deepEqual([status, detail], [401, "Not enough permissions"]);
    }
  });

  test(`refuses_${client}_as_oauth_says_by_default`, options, () => {
    const got = (name) => answers[`${client} ${name} oauth`].ok;
    assert.deepEqual([got("a wrong password").status, got("a wrong password").body.error], [400, "invalid_grant"]);
    assert.deepEqual([got("no password").status, got("no password").body.error], [400, "invalid_request"]);
    assert.deepEqual([got("no token").status, got("no token").authenticate], [401, "Bearer"]);
    assert.equal(got("less scope").body.me[0], 403);
  });
}

test("logs_in_with_oauthlib", options, () => {
  const expected = { token_type: "bearer", me: { username } };
  assert.deepEqual(answers["oauthlib tutorial"].ok, expected);
  assert.deepEqual(answers["oauthlib oauth"].ok, expected, answers["oauthlib oauth"].error);
});

/** Ours never repeats a value of the request. */
function withoutInput(detail) {
  return Array.isArray(detail) ? detail.map((each) => ({ ...each, input: null })) : detail;
}
