// countersign/mcp in the real SDK: its Express middleware, and a transport with standard requests.

import assert from "node:assert/strict";
import { test } from "node:test";
import { InvalidTokenError } from "@modelcontextprotocol/sdk/server/auth/errors.js";
import { requireBearerAuth } from "@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
import { guard, tokenVerifier } from "countersign/mcp";
import express from "express";
import { GUARDS, tokenFor, verifier, withToken } from "./cases.mjs";
import { serve } from "./serve.mjs";

const resource = "https://api.example";
const claims = { client_id: "editor", scope: "read write" };
const options = { InvalidTokenError, resource };
const app = express();
const add = (path, more, verifying = verifier) => {
  const checks = tokenVerifier(verifying, options);
  app.get(path, requireBearerAuth({ verifier: checks, ...more }), (req, res) => res.json(req.auth));
};
add("/mcp", {
  requiredScopes: ["read"],
  resourceMetadataUrl: "https://api.example/.well-known/oauth-protected-resource",
});
add("/ours", { expectedResource: resource });
add("/down", {}, GUARDS["/down"][0]);
const ask = await serve(app);

test("MCP: the SDK gets what it knows of a token", async () => {
  const token = tokenFor(claims);
  const answer = await ask("/mcp", { headers: { Authorization: `Bearer ${token}` } });
  assert.equal(answer.status, 200);
  const auth = await answer.json();
  assert.equal(auth.token, token);
  assert.equal(auth.clientId, "editor");
  assert.deepEqual(auth.scopes, ["read", "write"]);
  assert.equal(auth.resource, "https://api.example/");
  assert.ok(auth.expiresAt > Date.now() / 1000);
  assert.equal(auth.extra.claims.sub, "alice");
  assert.equal(auth.extra.header.alg, "EdDSA");
});

for (const [what, path, headers, status, error, challenge] of [
  ["no token", "/mcp", {}, 401, "invalid_token", /^Bearer error="invalid_token".*, resource_metadata="https:/],
  ["a wrong token", "/mcp", { Authorization: "Bearer x" }, 401, "invalid_token", /three segments/],
  ["something that is no token", "/mcp", { Authorization: "Bearer é" }, 401, "invalid_token", /./],
  ["an expired token", "/mcp", withToken({ exp: 1 }, { expiresIn: null }), 401, "invalid_token", /token has expired/],
  ["too few scopes", "/mcp", withToken(), 403, "insufficient_scope", /scope="read"/],
  ["keys that are not available", "/down", withToken(), 500, "server_error", null],
  ["a token for this resource", "/ours", withToken({ aud: [resource, "other"] }), 200],
]) {
  test(`MCP: the SDK answers ${what}`, async () => {
    const answer = await ask(path, { headers });
    assert.equal(answer.status, status);
    if (error !== undefined) assert.equal((await answer.json()).error, error);
    if (challenge) assert.match(answer.headers.get("www-authenticate"), challenge);
    else assert.equal(answer.headers.get("www-authenticate"), null);
  });
}

test("MCP: a transport with standard requests gets the caller, and everybody else the guard's response", async () => {
  const check = guard(verifier, { scope: "read" });
  const handle = async (request) => {
    const authInfo = await check(request);
    if (authInfo instanceof Response) return authInfo;
    const server = new McpServer({ name: "test", version: "1.0.0" });
    server.registerTool("whoami", {}, async (extra) => ({
      content: [{ type: "text", text: `${extra.authInfo.extra.claims.sub} ${extra.authInfo.token.length}` }],
    }));
    const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
    await server.connect(transport);
    return transport.handleRequest(request, { authInfo });
  };
  const token = tokenFor({ scope: "read" });
  const call = (headers) =>
    handle(
      new Request("http://localhost/mcp", {
        method: "POST",
        headers: { Accept: "application/json, text/event-stream", "Content-Type": "application/json", ...headers },
        body: JSON.stringify({
          jsonrpc: "2.0",
          id: 1,
          method: "tools/call",
          params: { name: "whoami", arguments: {} },
        }),
      }),
    );
  const refused = await call({});
  assert.equal(refused.status, 401);
  assert.equal(refused.headers.get("www-authenticate"), "Bearer");
  const answer = await call({ Authorization: `Bearer ${token}` });
  const { result } = await answer.json();
  assert.deepEqual(result.content, [{ type: "text", text: `alice ${token.length}` }]);
});

test("MCP: the guard of a key server that fails answers 503", async () => {
  const answer = await guard(GUARDS["/down"][0])(new Request("http://localhost/", { headers: withToken() }));
  assert.equal(answer.status, 503);
  assert.equal(answer.headers.get("retry-after"), "3");
});

test("MCP: a client without an id, and a token without the resource", async () => {
  const auth = await tokenVerifier(verifier, options).verifyAccessToken(tokenFor({ azp: "app" }));
  assert.equal(auth.clientId, "app");
  const other = await tokenVerifier(verifier, { InvalidTokenError }).verifyAccessToken(tokenFor());
  assert.equal(other.clientId, "");
  assert.equal("resource" in other, false);
});

test("MCP: refuses options that are wrong when the verifier is made", () => {
  const invalid = (message) => ({ code: "OPTION_INVALID", message });
  assert.throws(() => tokenVerifier(verifier, {}), invalid('option "InvalidTokenError" is not a function'));
  assert.throws(
    () => tokenVerifier(verifier, { ...options, resource: "x" }),
    invalid('option "resource" is not a URL'),
  );
  assert.throws(
    () => tokenVerifier({}, options),
    invalid('option "verifier" has no method "verify": make one with new Verifier(key, { issuer, audience })'),
  );
  assert.throws(
    () => guard({}),
    invalid('option "verifier" has no method "verify": make one with new Verifier(key, { issuer, audience })'),
  );
  assert.throws(() => guard(verifier, { unknown: 1 }), invalid('unknown option "unknown"'));
});
