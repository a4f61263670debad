// openApi: the document is valid OpenAPI 3.1 by another's validator, and describes what the endpoints answer.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import { openApi } from "countersign/http";
import { invalid } from "./errors.mjs";

const info = { title: "My API", version: "1.0.0" };
const everything = {
  ...info,
  description: "What it is for",
  server: "https://api.example",
  token: "/token",
  revocation: "/revoke",
  jwks: "/.well-known/jwks.json",
  cookieSession: { login: "/login", refresh: "/refresh", logout: "/logout", logoutEverywhere: "/logout-everywhere" },
  sessions: true,
  scopes: { profile: "Read your profile" },
  paths: {
    "/users/me": {
      summary: "The user",
      get: {
        security: [{ OAuth2PasswordBearer: ["profile"] }],
        responses: { 200: { description: "Your profile" }, 403: { description: "Not you" } },
      },
      delete: { security: [{ CookieSession: [] }] },
      head: { responses: { 200: { description: "For everybody" } } },
    },
  },
  schemas: { User: { type: "object" } },
};

async function check(document) {
  const { errors, valid } = await new Validator().validate(structuredClone(document));
  assert.ok(valid, JSON.stringify(errors));
}

test("is valid OpenAPI, with everything and with next to nothing", async () => {
  for (const options of [
    everything,
    info,
    { ...everything, sessions: false, errors: "fastapi" },
    { ...info, token: "/t" },
    { ...info, token: "/t", dpop: true },
    { ...everything, dpop: true },
  ]) {
    await check(openApi(options));
  }
});

test("describes tokens that are bound to a key", async () => {
  const paths = { "/me": { get: { security: [{ DPoP: [] }], responses: {} } } };
  const document = openApi({ ...info, token: "/token", dpop: true, paths });
  const { components } = document;
  assert.deepEqual(components.securitySchemes.DPoP.scheme, "DPoP");
  assert.deepEqual(components.schemas.Token.properties.token_type, { type: "string", enum: ["bearer", "DPoP"] });
  assert.equal(document.paths["/token"].post.parameters[0].name, "DPoP");
  assert.deepEqual(Object.keys(document.paths["/me"].get.responses), ["400", "401", "403", "503"]);
  const without = openApi({ ...info, token: "/token" });
  assert.equal("DPoP" in without.components.securitySchemes, false);
  assert.equal("parameters" in without.paths["/token"].post, false);
  assert.deepEqual(without.components.schemas.Token.properties.token_type, { type: "string", const: "bearer" });
});

test("the validator finds what is wrong", async () => {
  const document = openApi(everything);
  document.components.securitySchemes.OAuth2PasswordBearer.flows.password.tokenUrl = undefined;
  await assert.rejects(check(document));
});

test("has the endpoints that have a path, and no others", () => {
  assert.deepEqual(openApi(info).paths, {});
  assert.deepEqual(openApi(info).components.securitySchemes, {});
  const { components, openapi, paths, servers } = openApi(everything);
  assert.equal(openapi, "3.1.1");
  assert.deepEqual(servers, [{ url: "https://api.example" }]);
  assert.deepEqual(Object.keys(paths), [
    "/token",
    "/revoke",
    "/.well-known/jwks.json",
    "/login",
    "/refresh",
    "/logout",
    "/logout-everywhere",
    "/users/me",
  ]);
  assert.ok("User" in components.schemas && "Token" in components.schemas);
});

test("has the security scheme of FastAPI, which the button of Swagger UI uses", () => {
  const { OAuth2PasswordBearer, CookieSession } = openApi(everything).components.securitySchemes;
  const scopes = { profile: "Read your profile" };
  const password = { tokenUrl: "/token", refreshUrl: "/token", scopes };
  assert.deepEqual(OAuth2PasswordBearer, { type: "oauth2", flows: { password } });
  assert.deepEqual(CookieSession, { type: "apiKey", in: "cookie", name: "__Host-Http-session" });
  const mine = openApi({ ...everything, cookieSession: { login: "/login", cookie: "mine" } });
  assert.equal(mine.components.securitySchemes.CookieSession.name, "__Host-Http-mine");
});

test("gives guarded routes the answers of a guard, and keeps their own", () => {
  const item = openApi(everything).paths["/users/me"];
  assert.deepEqual(Object.keys(item.get.responses), ["200", "400", "401", "403", "503"]);
  assert.deepEqual(item.get.responses[403], { description: "Not you" });
  assert.deepEqual(item.get.responses[401], { $ref: "#/components/responses/Unauthorized" });
  assert.deepEqual(Object.keys(item.delete.responses), ["400", "401", "403", "503"]);
  assert.deepEqual(Object.keys(item.head.responses), ["200"]);
  assert.equal(item.summary, "The user");
});

test("describes the grants and the refusals of the token endpoint", () => {
  const of = (options) => openApi({ ...everything, ...options }).paths["/token"].post;
  const schema = (operation) => operation.requestBody.content["application/x-www-form-urlencoded"].schema;
  assert.deepEqual(schema(of({})).properties.grant_type.enum, ["password", "refresh_token"]);
  assert.deepEqual(schema(of({ sessions: false })).required, ["username", "password"]);
  assert.deepEqual(Object.keys(of({}).responses), ["200", "400", "413", "429", "503"]);
  assert.deepEqual(Object.keys(of({ errors: "fastapi" }).responses), ["200", "400", "401", "413", "422", "429", "503"]);
});

test("each document is one of its own", () => {
  const one = openApi(everything);
  one.components.schemas.Token.properties.mine = {};
  one.paths["/jwks"] = {};
  assert.equal("mine" in openApi(everything).components.schemas.Token.properties, false);
});

test("refuses options that are wrong", () => {
  for (const [options, message] of [
    [{ title: "" }, 'option "title" is not a non-empty string'],
    [{ version: undefined }, 'option "version" is not a non-empty string'],
    [{ token: "token" }, 'option "token" is not a path such as "/token"'],
    [{ token: "//evil.example" }, 'option "token" is not a path such as "/token"'],
    [{ scopes: { a: 1 } }, 'option "scopes" is not an object of texts'],
    [{ scopes: ["a"] }, 'option "scopes" is not an object'],
    [{ paths: 7 }, 'option "paths" is not an object'],
    [{ cookieSession: { logIn: "/login" } }, 'unknown option "logIn"'],
    [{ tokenEndpoint: "/token" }, 'unknown option "tokenEndpoint"'],
  ]) {
    assert.throws(() => openApi({ ...everything, ...options }), invalid(message));
  }
});
