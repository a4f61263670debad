// Metadata of authorization servers (RFC 8414) and of protected resources (RFC 9728), and what other people's clients read in it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { OAuthMetadataSchema, OAuthProtectedResourceMetadataSchema } from "@modelcontextprotocol/sdk/shared/auth.js";
import { authorizationServerMetadata, bearerGuard, protectedResourceMetadata } from "countersign/http";
import { Key, Signer, Verifier } from "countersign/jwt";
import * as oauth from "oauth4webapi";
import { invalid } from "./errors.mjs";

const issuer = "https://login.example";
const server = {
  issuer,
  tokenEndpoint: "/token",
  revocationEndpoint: "/revoke",
  jwksEndpoint: "/.well-known/jwks.json",
  grantTypes: ["password", "refresh_token"],
  scopes: "profile admin",
  documentation: "https://docs.example/login",
};
const resource = {
  resource: "https://api.example",
  authorizationServers: [issuer],
  scopes: ["profile"],
  name: "The API",
};

test("tells where the endpoints of a login server are", async () => {
  const metadata = authorizationServerMetadata(server);
  assert.equal(metadata.path, "/.well-known/oauth-authorization-server");
  assert.equal(metadata.url, `${issuer}${metadata.path}`);
  const answer = await metadata(new Request(metadata.url));
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("Content-Type"), "application/json");
  assert.equal(answer.headers.get("Access-Control-Allow-Origin"), "*");
  assert.equal(answer.headers.get("Cache-Control"), "public, max-age=300");
  const document = await answer.json();
  assert.deepEqual(document, {
    issuer,
    token_endpoint: "https://login.example/token",
    jwks_uri: "https://login.example/.well-known/jwks.json",
    revocation_endpoint: "https://login.example/revoke",
    scopes_supported: ["profile", "admin"],
    response_types_supported: [],
    grant_types_supported: ["password", "refresh_token"],
    token_endpoint_auth_methods_supported: ["none"],
    revocation_endpoint_auth_methods_supported: ["none"],
    service_documentation: "https://docs.example/login",
  });
  assert.deepEqual(metadata.document, document);
});

test("tells which servers an API accepts", async () => {
  const metadata = protectedResourceMetadata(resource);
  assert.equal(metadata.path, "/.well-known/oauth-protected-resource");
  assert.deepEqual(await (await metadata(new Request(metadata.url))).json(), {
    resource: "https://api.example",
    authorization_servers: [issuer],
    scopes_supported: ["profile"],
    bearer_methods_supported: ["header"],
    resource_name: "The API",
  });
});

test("puts the well-known part between host and path", () => {
  for (const [identifier, path] of [
    ["https://example.com/", ""],
    ["https://example.com/tenant", "/tenant"],
    ["https://example.com/a/b/", "/a/b"],
  ]) {
    const made = authorizationServerMetadata({ issuer: identifier, tokenEndpoint: "/token" });
    assert.equal(made.path, `/.well-known/oauth-authorization-server${path}`);
    assert.equal(made.document.issuer, identifier);
    assert.equal(made.document.token_endpoint, "https://example.com/token");
    const api = protectedResourceMetadata({ resource: `${identifier}?v=1` });
    assert.equal(api.path, `/.well-known/oauth-protected-resource${path}`);
    assert.equal(api.url, `https://example.com${api.path}?v=1`);
  }
});

test("takes more members, and those of its own again", () => {
  const { document } = authorizationServerMetadata({
    issuer,
    tokenEndpoint: "https://other.example/token",
    more: {
      token_endpoint_auth_methods_supported: ["client_secret_basic"],
      op_policy_uri: "https://login.example/policy",
    },
  });
  assert.equal(document.token_endpoint, "https://other.example/token");
  assert.deepEqual(document.grant_types_supported, ["password"]);
  assert.deepEqual(document.token_endpoint_auth_methods_supported, ["client_secret_basic"]);
  assert.equal(document.op_policy_uri, "https://login.example/policy");
  assert.equal("scopes_supported" in document, false);
});

test("is read by oauth4webapi", async () => {
  const url = new URL(issuer);
  const metadata = authorizationServerMetadata(server);
  const found = await oauth.processDiscoveryResponse(url, await metadata(new Request(metadata.url)));
  assert.equal(found.token_endpoint, "https://login.example/token");
  const api = protectedResourceMetadata(resource);
  const answer = await api(new Request(api.url));
  const read = await oauth.processResourceDiscoveryResponse(new URL(resource.resource), answer);
  assert.deepEqual(read.authorization_servers, [issuer]);
});

test("is read by the MCP SDK, which requires an authorization endpoint", () => {
  OAuthProtectedResourceMetadataSchema.parse(protectedResourceMetadata(resource).document);
  const more = { authorization_endpoint: "https://login.example/authorize", response_types_supported: ["code"] };
  OAuthMetadataSchema.parse(authorizationServerMetadata({ ...server, more }).document);
});

test("answers HEAD without a body, and 405 to other methods", async () => {
  for (const metadata of [authorizationServerMetadata(server), protectedResourceMetadata(resource)]) {
    const head = await metadata(new Request(metadata.url, { method: "HEAD" }));
    assert.deepEqual([head.status, await head.text()], [200, ""]);
    const post = await metadata(new Request(metadata.url, { method: "POST", body: "x" }));
    assert.deepEqual([post.status, post.headers.get("Allow")], [405, "GET, HEAD"]);
    await assert.rejects(metadata({}), { code: "OPTION_INVALID" });
  }
});

test("the guard says where the metadata are", async () => {
  const key = Key.generate("EdDSA");
  const { url } = protectedResourceMetadata(resource);
  const ask = async (headers, options) => {
    const guard = bearerGuard(new Verifier(key.publicKey()), { resourceMetadata: url, ...options });
    return (await guard(new Request("https://api.example/", { headers }))).headers.get("WWW-Authenticate");
  };
  const with_ = `resource_metadata="${url}"`;
  assert.equal(await ask({}), `Bearer ${with_}`);
  assert.equal(await ask({}, { realm: "api" }), `Bearer realm="api", ${with_}`);
  const wrong = { Authorization: "Bearer x" };
  assert.ok((await ask(wrong)).startsWith(`Bearer ${with_}, error="invalid_token", `));
  assert.ok((await ask(wrong, { errors: "fastapi" })).startsWith(`Bearer ${with_}, error="invalid_token", `));
  const token = { Authorization: `Bearer ${new Signer(key).sign({ sub: "alice" })}` };
  assert.ok((await ask(token, { scope: "admin" })).startsWith(`Bearer ${with_}, error="insufficient_scope", `));
});

test("refuses options that are wrong when the handlers are made", () => {
  const secure = 'option "issuer" is not an https: URL without query and fragment';
  for (const wrong of [
    undefined,
    "",
    "login.example",
    "http://login.example",
    `${issuer}?a`,
    `${issuer}#a`,
    "https://a:b@c/",
  ]) {
    assert.throws(() => authorizationServerMetadata({ ...server, issuer: wrong }), invalid(secure), wrong);
  }
  authorizationServerMetadata({ ...server, issuer: "http://localhost:8787" });
  const withoutFragment = 'option "resource" is not an https: URL without fragment';
  assert.throws(() => protectedResourceMetadata({ resource: `${issuer}#a` }), invalid(withoutFragment));
  assert.throws(() => protectedResourceMetadata({}), invalid(withoutFragment));
  for (const [options, message] of [
    [{ tokenEndpoint: undefined }, 'option "tokenEndpoint" is missing'],
    [{ tokenEndpoint: "javascript:alert(1)" }, 'option "tokenEndpoint" is not a URL or a path'],
    [{ grantTypes: "password" }, 'option "grantTypes" is not a list of non-empty strings'],
    [{ scopes: "a  b" }, 'option "scopes" is not a scope'],
    [{ documentation: 7 }, 'option "documentation" is not a non-empty string'],
    [{ jwksUri: "/jwks" }, 'unknown option "jwksUri"'],
  ]) {
    assert.throws(() => authorizationServerMetadata({ ...server, ...options }), invalid(message));
  }
  const servers = 'option "authorizationServers" is not an https: URL without query and fragment';
  assert.throws(() => protectedResourceMetadata({ ...resource, authorizationServers: ["x"] }), invalid(servers));
  for (const url of [
    "/metadata",
    "https://a\r\nSet-Cookie: x=y",
    'https://a/"',
    7,
    "xhttps://a",
    new URL("https://a"),
  ]) {
    assert.throws(
      () => bearerGuard({ verify() {} }, { resourceMetadata: url }),
      invalid('option "resourceMetadata" is not an absolute URL'),
    );
  }
});
