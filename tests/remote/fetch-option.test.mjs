// What the option `fetch` may return: a Response of the platform or of another realm, and one whose body is a Node stream,
// as node-fetch returns it. Everything else is named as what it is: a mistake of that function, not of the server.

import assert from "node:assert/strict";
import { request } from "node:https";
import { PassThrough, pipeline, Readable } from "node:stream";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { createContext, runInContext } from "node:vm";
import { discover, firebase, Issuers } from "countersign/issuers";
import { RemoteKeySet, Verifier, verifyAsync } from "countersign/jwt";
import { Issuer } from "./issuer.mjs";
import { certificates } from "./trust.mjs";
import { LONG, NO_RESPONSE, REDIRECTS, SLOW, STATUS, UNREACHABLE } from "./verdicts.mjs";

let issuer;
before(async () => {
  issuer = await Issuer.start(certificates);
});
after(() => issuer.close());

/** As node-fetch 3: it follows no redirect when told so, and its response has a Node stream and header fields of its own. */
function nodeFetch(url, { headers, redirect, signal }) {
  assert.equal(redirect, "manual");
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { headers }, (incoming) => {
      const body = pipeline(incoming, new PassThrough(), () => {});
      // node-fetch listens, too: without a listener, an error would end the process.
      body.on("error", () => {});
      signal.addEventListener("abort", () => body.emit("error", new Error("aborted")));
      const get = (name) => incoming.headers[name.toLowerCase()] ?? null;
      resolve({ status: incoming.statusCode, redirected: false, type: "default", headers: { get }, body });
    });
    outgoing.on("error", reject);
    signal.addEventListener("abort", () => outgoing.destroy());
    outgoing.end();
  });
}

test("reads_the_stream_of_node_fetch", async () => {
  issuer.at("cached", (response) => response.setHeader("Cache-Control", "max-age=900").end(issuer.jwks()));
  const keys = new RemoteKeySet(issuer.url("cached"), { fetch: nodeFetch });
  assert.equal((await verifyAsync(issuer.token(), keys)).claims.sub, "alice");
  assert.deepEqual(keys.keySet.toJwks(), JSON.parse(issuer.jwks()));
  assert.equal(keys.state.expiresAt - keys.state.fetchedAt, 900_000);
});

for (const [name, message] of Object.entries({
  redirect: REDIRECTS,
  "redirect-with-keys": REDIRECTS,
  broken: STATUS,
  "no-content": STATUS,
  endless: LONG,
  huge: LONG,
  "slow-headers": SLOW,
  "slow-body": SLOW,
  dripping: SLOW,
  empty: "the key set is not JSON",
  "not-utf-8": "the key set is not UTF-8",
  reset: UNREACHABLE,
  "reset-in-the-body": UNREACHABLE,
})) {
  test(`refuses_${name.replaceAll("-", "_")}_in_the_stream_of_node_fetch`, async () => {
    await connectionsClosed();
    issuer.requests = [];
    issuer.written = 0;
    const timeoutMs = message === SLOW ? 150 : 5000;
    await assert.rejects(new RemoteKeySet(issuer.url(name), { fetch: nodeFetch, timeoutMs }).refresh(), { message });
    await connectionsClosed();
    assert.deepEqual(issuer.requests, [name]);
    if (name === "endless") assert.ok(issuer.written < 8_000_000, `${issuer.written} bytes`);
  });
}

test("ends_a_stream_at_the_limits_although_its_fetch_ignores_the_signal", async () => {
  const headers = new Headers();
  const refresh = (body, options) =>
    new RemoteKeySet("https://login.example/keys", {
      fetch: async () => ({ status: 200, headers, body }),
      ...options,
    }).refresh();
  const silent = new Readable({ read() {} });
  await assert.rejects(refresh(silent, { timeoutMs: 50 }), { message: SLOW });
  assert.ok(silent.destroyed);
  const endless = new Readable({
    read() {
      this.push(Buffer.alloc(1000));
    },
  });
  await assert.rejects(refresh(endless, { maxResponseBytes: 5000 }), { message: LONG });
  assert.ok(endless.destroyed);
  let ended = false;
  async function* generated() {
    try {
      for (;;) yield new Uint8Array(1000);
    } finally {
      ended = true;
    }
  }
  await assert.rejects(refresh(generated(), { maxResponseBytes: 5000 }), { message: LONG });
  await pause(1);
  assert.ok(ended);
  const bytes = Buffer.from(issuer.jwks());
  const exact = { maxResponseBytes: bytes.length };
  assert.deepEqual((await refresh(Readable.from([bytes]), exact)).toJwks(), JSON.parse(issuer.jwks()));
  await assert.rejects(refresh(Readable.from([bytes]), { maxResponseBytes: bytes.length - 1 }), { message: LONG });
  // Text has no limit in bytes.
  const error = { reason: "fetch", message: "the key set does not arrive as bytes" };
  await assert.rejects(refresh(Readable.from([bytes], { encoding: "utf8" }).setEncoding("utf8")), error);
  await assert.rejects(refresh(Readable.from([issuer.jwks()])), error);
});

test("reads_a_response_of_another_realm", async () => {
  const realm = createContext({ ReadableStream, bytes: [...Buffer.from(issuer.jwks())] });
  const fetch = async () =>
    runInContext(
      `({
        status: 200,
        headers: { get: () => null },
        body: new ReadableStream({
          start(controller) {
            controller.enqueue(new Uint8Array(bytes));
            controller.close();
          },
        }),
      })`,
      realm,
    );
  const keys = new RemoteKeySet("https://login.example/keys", { fetch });
  assert.equal((await verifyAsync(issuer.token(), keys)).claims.sub, "alice");
});

/** What wrappers of other clients return, and mistakes. */
const MISTAKES = {
  nothing: () => undefined,
  null: () => null,
  text: () => issuer.jwks(),
  parsed_json: () => JSON.parse(issuer.jwks()),
  an_answer_of_axios: () => ({ status: 200, statusText: "OK", headers: {}, data: JSON.parse(issuer.jwks()) }),
  an_answer_of_undici_request: () => ({ statusCode: 200, headers: {}, body: Readable.from([issuer.jwks()]) }),
  an_object_with_json: () => ({ ok: true, status: 200, json: async () => JSON.parse(issuer.jwks()) }),
  an_object_with_json_and_header_fields: () => ({
    status: 200,
    headers: new Headers(),
    json: async () => JSON.parse(issuer.jwks()),
  }),
  header_fields_without_get: () => ({ status: 200, headers: {}, body: new Response(issuer.jwks()).body }),
  a_body_of_text: () => ({ status: 200, headers: new Headers(), body: issuer.jwks() }),
  a_body_of_an_array: () => ({ status: 200, headers: new Headers(), body: Buffer.from(issuer.jwks()) }),
  a_body_that_was_read: async () => {
    const response = new Response(issuer.jwks());
    await response.json();
    return response;
  },
  a_body_that_is_being_read: () => {
    const response = new Response(issuer.jwks());
    response.body.getReader();
    return response;
  },
};

for (const [name, make] of Object.entries(MISTAKES)) {
  test(`says_that_fetch_returned_${name}`, async () => {
    const told = [];
    const fetch = async () => make();
    const keys = new RemoteKeySet("https://login.example/keys", { fetch, onRefreshError: (error) => told.push(error) });
    const error = { code: "JWKS_UNAVAILABLE", reason: "fetch", message: NO_RESPONSE };
    await assert.rejects(verifyAsync(issuer.token(), keys), error);
    assert.deepEqual([told[0].message, keys.state.error.reason, keys.state.status], [NO_RESPONSE, "fetch", "empty"]);
    // The other places that ask: the metadata of an issuer, and sets of another form.
    await assert.rejects(discover("https://login.example", { fetch }), error);
    const issuers = [{ issuer: "https://login.example", discovery: true, remote: { fetch } }];
    const token = issuer.token({ iss: "https://login.example", aud: "api" });
    await assert.rejects(new Verifier(new Issuers(issuers), { audience: "api" }).verifyAsync(token), error);
  });
}

test("says_so_of_sets_in_another_form_and_reads_streams_there_too", async () => {
  const entry = (fetch) => new Issuers([firebase("project", { sessionCookie: true }, { remote: { fetch } })]);
  const refusal = async (fetch) => {
    const claims = { iss: "https://session.firebase.google.com/project", aud: "project", sub: "alice" };
    const token = `${segment({ alg: "RS256", kid: "1" })}.${segment({ ...claims, iat: 1, exp: 9e9, auth_time: 1 })}.AAAA`;
    return new Verifier(entry(fetch)).verifyAsync(token).catch((error) => [error.code, error.message]);
  };
  assert.deepEqual(await refusal(async () => ({ keys: [] })), ["JWKS_UNAVAILABLE", NO_RESPONSE]);
  const streamed = async () => ({ status: 200, headers: new Headers(), body: Readable.from([Buffer.from("[]")]) });
  assert.deepEqual(await refusal(streamed), ["JWKS_UNAVAILABLE", "the key set is not a JSON object of certificates"]);
});

test("finds_the_key_set_of_an_issuer_with_the_streams_of_node_fetch", async () => {
  const name = issuer.origin;
  issuer.at(".well-known/openid-configuration", (response) => response.writeHead(404).end("x"));
  issuer.at(".well-known/oauth-authorization-server", (response) =>
    response.end(JSON.stringify({ issuer: name, jwks_uri: issuer.url("good") })),
  );
  const { jwksUrl } = await discover(name, { fetch: nodeFetch });
  assert.equal(jwksUrl, issuer.url("good"));
  await connectionsClosed();
});

test("keeps_the_last_good_set_while_fetch_returns_something_else", async () => {
  let make = () => new Response(issuer.jwks());
  const keys = new RemoteKeySet("https://login.example/keys", { fetch: async () => make() });
  await keys.refresh();
  make = () => ({});
  await assert.rejects(keys.refresh(), { reason: "fetch" });
  assert.equal((await verifyAsync(issuer.token(), keys)).claims.sub, "alice");
});

function segment(value) {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

async function connectionsClosed() {
  for (let tries = 0; 0 < issuer.connections; tries += 1) {
    assert.ok(tries < 300, `${issuer.connections} connections are open`);
    await pause(20);
  }
}
