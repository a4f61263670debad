// tokenEndpoint by itself, in Node: its options, and the roads that the example's Worker does not take.

import assert from "node:assert/strict";
import { test } from "node:test";
import { tokenEndpoint } from "countersign/http";
import { CountersignError, Key, Signer, Verifier } from "countersign/jwt";

const URL = "https://api.example/token";
const key = Key.generate("EdDSA", { kid: "one" });
const verifier = new Verifier(key.publicKey());
const signer = new Signer(key);

const invalid = (message) => ({ name: "CountersignError", code: "OPTION_INVALID", message });

function form(parameters) {
  return new Request(URL, {
    method: "POST",
    body: new URLSearchParams({ grant_type: "password", username: "alice", password: "x", ...parameters }),
  });
}

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
