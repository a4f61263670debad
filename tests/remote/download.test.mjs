// What a server may answer, over real TLS: every way to misbehave is refused, in bounded time and memory, in words that
// show nothing of the URL.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { inspect } from "node:util";
import { Key, KeySet, RemoteKeySet, sign, Verifier, verifyAsync } from "countersign/jwt";
import { makeCertificates } from "./certificate.mjs";
import { BEHAVIORS, forged, Issuer, SECRET } from "./issuer.mjs";
import { certificates } from "./trust.mjs";
import { ACCEPTED, LONG, NO_RESPONSE, REASONS, REDIRECTS, REFUSED, SLOW, STATUS, UNREACHABLE } from "./verdicts.mjs";

let issuer;
before(async () => {
  issuer = await Issuer.start(certificates);
});
after(() => issuer.close());

test("has_a_verdict_on_every_behavior", () => {
  assert.deepEqual([...Object.keys(REFUSED), ...ACCEPTED, "keys-none"].sort(), Object.keys(BEHAVIORS).sort());
});

for (const [name, message] of Object.entries(REFUSED)) {
  test(`refuses_${name.replaceAll("-", "_")}`, async () => {
    const told = [];
    const timeoutMs = message === SLOW ? 150 : 5000;
    const keys = new RemoteKeySet(issuer.url(name), { timeoutMs, onRefreshError: (error) => told.push(error) });
    issuer.requests = [];
    const start = performance.now();
    await assert.rejects(verifyAsync(issuer.token(), keys), (error) => {
      assert.deepEqual([error.code, error.message], ["JWKS_UNAVAILABLE", message]);
      assert.equal(error.reason, REASONS[message] ?? "content");
      for (const shown of [
        String(error),
        error.stack,
        inspect(error),
        JSON.stringify(error),
        JSON.stringify(keys.state.error),
      ]) {
        assert.ok(!shown.includes(SECRET) && !shown.includes(String(issuer.port)), shown);
      }
      return true;
    });
    assert.ok(performance.now() - start < 4000, "in time");
    assert.deepEqual(issuer.requests, [name], "one request, and nothing that it led to");
    assert.deepEqual(
      told.map((error) => error.message),
      [message],
    );
    assert.deepEqual([keys.state.status, keys.state.failures, keys.state.error.message], ["empty", 1, message]);
    assert.equal(keys.keySet, undefined);
  });
}

for (const name of ACCEPTED) {
  test(`accepts_${name.replaceAll("-", "_")}`, async () => {
    const keys = new RemoteKeySet(issuer.url(name));
    assert.equal((await verifyAsync(issuer.token(), keys)).claims.sub, "alice");
    assert.deepEqual(keys.keySet.toJwks(), JSON.parse(issuer.jwks()));
    assert.deepEqual([keys.state.status, keys.state.failures, "error" in keys.state], ["fresh", 0, false]);
  });
}

test("takes_an_issuer_that_has_withdrawn_all_its_keys_at_its_word_and_blames_no_token", async () => {
  const keys = new RemoteKeySet(issuer.url("keys-none"), { cooldown: 3600 });
  const error = { code: "JWKS_UNAVAILABLE", reason: "content", message: "the key set has no keys" };
  for (let times = 0; times < 2; times += 1) await assert.rejects(verifyAsync(issuer.token(), keys), error);
  assert.equal(keys.state.status, "fresh");
  // A token that no key would make valid is still the token's fault.
  await assert.rejects(verifyAsync("x", keys), { code: "TOKEN_MALFORMED" });
});

test("drops_the_keys_that_an_issuer_has_withdrawn", async () => {
  let body = issuer.jwks();
  const fetch = async () => new Response(body);
  const keys = new RemoteKeySet("https://login.example/keys", { fetch });
  assert.equal((await verifyAsync(issuer.token(), keys)).claims.sub, "alice");
  body = '{"keys":[]}';
  await keys.refresh();
  await assert.rejects(verifyAsync(issuer.token(), keys), { code: "JWKS_UNAVAILABLE" });
});

test("stops_reading_at_the_limit_and_closes_the_connection", async () => {
  for (const name of ["endless", "huge", "bomb"]) {
    await connectionsClosed();
    issuer.written = 0;
    await assert.rejects(new RemoteKeySet(issuer.url(name)).refresh(), { message: LONG });
    await connectionsClosed();
    // An endless one has some more under way, in buffers, when it is told to stop.
    if (name === "endless") assert.ok(issuer.written < 8_000_000, `${issuer.written} bytes`);
  }
});

test("closes_the_connection_of_a_server_that_is_too_slow", async () => {
  for (const name of ["slow-headers", "slow-body", "dripping"]) {
    await assert.rejects(new RemoteKeySet(issuer.url(name), { timeoutMs: 100 }).refresh(), { message: SLOW });
    await connectionsClosed();
  }
});

test("counts_the_limit_in_bytes_exactly", async () => {
  const bytes = Buffer.byteLength(issuer.jwks());
  const keys = (maxResponseBytes) => new RemoteKeySet(issuer.url("good"), { maxResponseBytes });
  assert.equal((await verifyAsync(issuer.token(), keys(bytes))).claims.sub, "alice");
  await assert.rejects(verifyAsync(issuer.token(), keys(bytes - 1)), { code: "JWKS_UNAVAILABLE", message: LONG });
});

test("does_not_speak_to_a_server_that_it_does_not_know", async () => {
  const stranger = await Issuer.start(makeCertificates());
  try {
    await assert.rejects(new RemoteKeySet(stranger.url("good")).refresh(), { message: UNREACHABLE });
    assert.deepEqual(stranger.requests, []);
  } finally {
    await stranger.close();
  }
});

test("tells_what_lay_under_an_error_beside_it", async () => {
  const under = async (name, options) => {
    const told = [];
    const keys = new RemoteKeySet(issuer.url(name), { ...options, onRefreshError: (...both) => told.push(both) });
    await assert.rejects(keys.refresh());
    assert.equal(told.length, 1);
    return told[0][1];
  };
  assert.equal(await under("broken"), 500);
  assert.equal(await under("redirect"), 302);
  assert.match(String((await under("reset")).cause?.code), /ECONNRESET|UND_ERR_SOCKET/);
  const thrown = new Error("mine");
  assert.equal(await under("good", { fetch: () => Promise.reject(thrown) }), thrown);
});

test("keeps_the_reason_and_the_code_of_the_cause", async () => {
  const errorOf = async (url, options) => {
    const keys = new RemoteKeySet(url, options);
    const error = await keys.refresh().catch((thrown) => thrown);
    assert.deepEqual([error.code, keys.state.error.reason], ["JWKS_UNAVAILABLE", error.reason]);
    return error;
  };
  const closed = await freePort();
  const refused = await errorOf(`http://127.0.0.1:${closed}/${SECRET}`, { allowInsecureLoopback: true });
  assert.deepEqual([refused.message, refused.reason], [UNREACHABLE, "connection-refused"]);
  assert.deepEqual([refused.cause.message, refused.cause.code], ["ECONNREFUSED", "ECONNREFUSED"]);
  assert.ok(!inspect(refused).includes(SECRET) && !inspect(refused).includes(String(closed)));

  const stranger = await Issuer.start(makeCertificates());
  assert.equal((await errorOf(stranger.url("good"))).reason, "certificate");
  await stranger.close();

  const plain = createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")).listen(0, "127.0.0.1");
  await once(plain, "listening");
  const spoken = await errorOf(`https://127.0.0.1:${plain.address().port}/${SECRET}`);
  assert.deepEqual(
    [spoken.message, spoken.reason, spoken.cause.code],
    [UNREACHABLE, "tls", "ERR_SSL_WRONG_VERSION_NUMBER"],
  );
  plain.close();

  const failing = (thrown) => ({ fetch: () => Promise.reject(thrown) });
  const unknown = Object.assign(new TypeError("fetch failed"), {
    cause: Object.assign(new Error(), { code: "ENOTFOUND" }),
  });
  assert.equal((await errorOf("https://login.example/", failing(unknown))).reason, "name-not-found");
  const deno = new TypeError("error sending request for url (…): tcp connect error: Connection refused (os error 111)");
  const other = await errorOf("https://login.example/", failing(deno));
  assert.deepEqual([other.reason, other.cause], ["connection-refused", undefined]);
  const hostile = {
    get code() {
      throw new Error("mine");
    },
  };
  assert.equal((await errorOf("https://login.example/", failing(hostile))).reason, "network");
  assert.equal((await errorOf(issuer.url("broken"))).cause, 500);
  assert.equal((await errorOf(issuer.url("page"))).reason, "not-json");
});

test("says_that_the_runtime_has_no_fetch", async () => {
  const { fetch } = globalThis;
  delete globalThis.fetch;
  try {
    await assert.rejects(new RemoteKeySet("https://login.example/keys").refresh(), {
      code: "JWKS_UNAVAILABLE",
      message: 'this runtime has no "fetch": give the option "fetch"',
      reason: "no-fetch",
    });
  } finally {
    globalThis.fetch = fetch;
  }
});

test("fetches_over_http_from_another_host_only_by_the_option_that_says_it_is_dangerous", async () => {
  const asked = [];
  const options = { fetch: async (url) => asked.push(url) && new Response(issuer.jwks()) };
  assert.throws(() => new RemoteKeySet("http://login.auth.svc.cluster.local/keys", options), {
    message: "the URL of the key set is not https",
  });
  await new RemoteKeySet("http://login.auth.svc.cluster.local/keys", {
    ...options,
    dangerouslyAllowHttp: true,
  }).refresh();
  assert.deepEqual(asked, ["http://login.auth.svc.cluster.local/keys"]);
});

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

test("survives_a_listener_that_throws", async () => {
  const listener = () => {
    throw new Error("mine");
  };
  const keys = new RemoteKeySet(issuer.url("broken"), { onRefreshError: listener });
  await assert.rejects(keys.refresh(), { code: "JWKS_UNAVAILABLE", message: STATUS });
});

test("sends_the_header_fields_it_was_given", async () => {
  await new RemoteKeySet(issuer.url("good")).refresh();
  assert.equal(issuer.headers.accept, "application/jwk-set+json, application/json");
  await new RemoteKeySet(issuer.url("good"), { headers: { Authorization: "Bearer x", ACCEPT: "*/*" } }).refresh();
  assert.deepEqual([issuer.headers.authorization, issuer.headers.accept], ["Bearer x", "*/*"]);
});

test("fetches_by_what_it_was_given_and_does_not_trust_it_either", async () => {
  const calls = [];
  const answering = (make) =>
    new RemoteKeySet("https://login.example/keys#part", {
      timeoutMs: 100,
      async fetch(url, init) {
        calls.push([url, init.redirect, init.signal instanceof AbortSignal, this]);
        return make();
      },
    }).refresh();
  const good = () => new Response(issuer.jwks());
  assert.deepEqual((await answering(good)).toJwks(), JSON.parse(issuer.jwks()));
  assert.deepEqual(calls, [["https://login.example/keys", "manual", true, undefined]]);
  const followed = () => Object.defineProperty(good(), "redirected", { value: true });
  await assert.rejects(answering(followed), { message: REDIRECTS });
  const opaque = () => Object.defineProperty(Response.error(), "type", { value: "opaqueredirect" });
  await assert.rejects(answering(opaque), { message: REDIRECTS });
  await assert.rejects(
    answering(() => new Promise(() => {})),
    { message: SLOW },
  );
  await assert.rejects(
    answering(() => undefined),
    { message: NO_RESPONSE },
  );
  // A fetch that ignores its signal and never ends: the caller gives up on it anyway.
  let cancelled;
  const deaf = () => {
    const pull = (controller) => pause(20).then(() => controller.enqueue(new Uint8Array(1)));
    return new Response(new ReadableStream({ pull, cancel: () => (cancelled = true) }));
  };
  await assert.rejects(answering(deaf), { message: SLOW });
  assert.ok(cancelled);
  await assert.rejects(
    new RemoteKeySet("https://login.example/", {
      fetch() {
        throw new Error("at once");
      },
    }).refresh(),
    { message: UNREACHABLE },
  );
});

test("reads_its_options_strictly", () => {
  const ALG = 'option "alg" is not a supported algorithm';
  const good = "https://login.example/keys";
  const number = (name, from, to) => `option "${name}" is not a whole number from ${from} to ${to}`;
  const cases = [
    ["http://login.example/keys", {}, "the URL of the key set is not https"],
    ["http://127.0.0.1/keys", {}, 'the URL of the key set is not https: see option "allowInsecureLoopback"'],
    [
      "ftp://login.example/keys",
      { allowInsecureLoopback: true },
      "the URL of the key set is neither https nor of this machine",
    ],
    [
      "http://login.example/",
      { allowInsecureLoopback: true },
      "the URL of the key set is neither https nor of this machine",
    ],
    [
      "http://localhost.example/",
      { allowInsecureLoopback: true },
      "the URL of the key set is neither https nor of this machine",
    ],
    [
      "http://127.0.0.1.example/",
      { allowInsecureLoopback: true },
      "the URL of the key set is neither https nor of this machine",
    ],
    [
      "http://notlocalhost/",
      { allowInsecureLoopback: true },
      "the URL of the key set is neither https nor of this machine",
    ],
    ["http://[::2]/", { allowInsecureLoopback: true }, "the URL of the key set is neither https nor of this machine"],
    [
      "http://128.0.0.1/",
      { allowInsecureLoopback: true },
      "the URL of the key set is neither https nor of this machine",
    ],
    ["ftp://login.example/", { dangerouslyAllowHttp: true }, "the URL of the key set is neither https nor http"],
    [good, { dangerouslyAllowHttp: "yes" }, 'option "dangerouslyAllowHttp" is not a boolean'],
    ["data:application/json,{}", {}, "the URL of the key set is not https"],
    ["https://user@login.example/", {}, "the URL of the key set has a user name or password in it"],
    ["https://:word@login.example/", {}, "the URL of the key set has a user name or password in it"],
    ["/keys", {}, "the URL of the key set cannot be read"],
    ["", {}, "the URL of the key set cannot be read"],
    [undefined, {}, "the URL of the key set cannot be read"],
    [good, null, "options are not an object"],
    [good, { maxage: 1 }, 'unknown option "maxage"'],
    [good, { alg: "none" }, ALG],
    [good, { alg: 7 }, 'option "alg" is not a string'],
    [good, { allowInsecureLoopback: 1 }, 'option "allowInsecureLoopback" is not a boolean'],
    [good, { fetch: "fetch" }, 'option "fetch" is not a function'],
    [good, { waitUntil: {} }, 'option "waitUntil" is not a function'],
    [good, { onRefreshError: null }, 'option "onRefreshError" is not a function'],
    [good, { cache: {} }, 'option "cache" has no method "get"'],
    [good, { cache: { get() {} } }, 'option "cache" has no method "put"'],
    [good, { cache: null }, 'option "cache" has no method "get"'],
    [good, { headers: { "X Y": "1" } }, 'option "headers" does not hold header fields'],
    [good, { headers: { X: "a\r\nb" } }, 'option "headers" does not hold header fields'],
    [good, { headers: "X: 1" }, 'option "headers" does not hold header fields'],
    [good, { headers: null }, 'option "headers" does not hold header fields'],
    [good, { timeoutMs: 0 }, number("timeoutMs", 1, 60000)],
    [good, { timeoutMs: 60001 }, number("timeoutMs", 1, 60000)],
    [good, { timeoutMs: Number.NaN }, number("timeoutMs", 1, 60000)],
    [good, { maxResponseBytes: 1048577 }, number("maxResponseBytes", 1, 1048576)],
    [good, { minAge: 0 }, number("minAge", 1, 604800)],
    [good, { maxAge: 604801 }, number("maxAge", 1, 604800)],
    [good, { maxAge: "1h" }, number("maxAge", 1, 604800)],
    [good, { cooldown: 0 }, number("cooldown", 1, 3600)],
    [good, { staleIfError: -1 }, number("staleIfError", 0, 604800)],
    [good, { staleIfError: null }, number("staleIfError", 0, 604800)],
    [good, { maxAge: 59 }, 'option "maxAge" is less than "minAge"'],
    [good, Object.defineProperty({}, "cache", { get: () => JSON.parse("{") }), 'option "cache" cannot be read'],
  ];
  for (const [url, options, message] of cases) {
    assert.throws(() => new RemoteKeySet(url, options), { name: "CountersignError", code: "OPTION_INVALID", message });
  }
  for (const host of [
    "localhost",
    "LOCALHOST",
    "api.localhost",
    "127.0.0.1",
    "127.255.0.9",
    "0x7f.1",
    "[::1]",
    "[0::0:1]",
  ]) {
    new RemoteKeySet(`http://${host}:8787/keys`, { allowInsecureLoopback: true });
  }
  new RemoteKeySet(new URL(good), {
    staleIfError: 0,
    minAge: 1,
    maxAge: 1,
    cooldown: 1,
    timeoutMs: 1,
    maxResponseBytes: 1,
  });
});

test("takes_the_algorithm_for_keys_that_name_none", async () => {
  const { alg, ...jwk } = (await Key.generateAsync("RS256", { kid: "r" })).toJwk({ private: true });
  assert.equal(alg, "RS256");
  const { n, e, kty, kid } = jwk;
  const [named] = JSON.parse(issuer.jwks()).keys;
  issuer.at("unnamed", (response) => response.end(JSON.stringify({ keys: [{ kty, kid, n, e }, named] })));
  for (const [options, alg] of [
    [undefined, "RS256"],
    [{}, "RS256"],
    [{ alg: "PS256" }, "PS256"],
    [{ alg: "ES256" }, "RS256"],
  ]) {
    const keys = new RemoteKeySet(issuer.url("unnamed"), options);
    const token = sign({ sub: "alice" }, Key.fromJwk(jwk, { alg }));
    assert.equal((await verifyAsync(token, keys)).claims.sub, "alice");
    assert.equal((await verifyAsync(issuer.token(), keys)).claims.sub, "alice");
    assert.deepEqual(keys.keySet.rejected, []);
    const other = sign({ sub: "alice" }, Key.fromJwk(jwk, { alg: alg === "RS256" ? "PS256" : "RS256" }));
    await assert.rejects(verifyAsync(other, keys), { code: "TOKEN_ALGORITHM_MISMATCH" });
  }
});

test("says_why_the_key_of_a_token_was_left_out", async () => {
  const [good] = JSON.parse(issuer.jwks()).keys;
  const bad = { ...Key.generate("EdDSA", { kid: "bad" }).publicKey().toJwk(), use: "enc" };
  issuer.at("with-one-to-encrypt", (response) => response.end(JSON.stringify({ keys: [bad, good] })));
  const keys = new RemoteKeySet(issuer.url("with-one-to-encrypt"));
  await assert.rejects(verifyAsync(sign({}, Key.generate("EdDSA", { kid: "bad" })), keys), {
    code: "KEY_NOT_FOUND",
    message: 'the token\'s key cannot be used: JWK member "use" or "key_ops" forbids both signing and verifying',
  });
});

test("keeps_the_last_good_set_when_the_next_has_no_usable_key", async () => {
  const told = [];
  const keys = new RemoteKeySet(issuer.url("in-turn"), { onRefreshError: ({ code }) => told.push(code) });
  issuer.at("in-turn", "good");
  await keys.refresh();
  issuer.at("in-turn", "none-usable");
  await assert.rejects(keys.refresh(), { code: "JWKS_UNAVAILABLE" });
  assert.deepEqual(told, ["JWKS_UNAVAILABLE"]);
  assert.equal((await verifyAsync(issuer.token(), keys)).claims.sub, "alice");
});

test("asks_no_server_for_a_token_of_a_secret_beside_a_remote_set", async () => {
  const secret = Key.generate("HS256", { kid: "old" });
  const keys = new RemoteKeySet(issuer.url("good"));
  const verifier = new Verifier([secret, keys]);
  issuer.requests = [];
  assert.equal((await verifier.verifyAsync(sign({ sub: "bob" }, secret))).claims.sub, "bob");
  await assert.rejects(verifier.verifyAsync(sign({ sub: "bob" }, Key.generate("HS256"))), {
    code: "TOKEN_SIGNATURE_INVALID",
  });
  assert.deepEqual(issuer.requests, []);
  assert.equal((await verifier.verifyAsync(issuer.token())).claims.sub, "alice");
  assert.equal((await verifier.verifyAsync(sign({ sub: "bob" }, secret))).claims.sub, "bob");
  assert.equal((await verifyAsync(issuer.token(), [keys, new KeySet([secret])])).claims.sub, "alice");
  assert.throws(() => verifier.verify(sign({ sub: "bob" }, secret)), { code: "OPTION_INVALID" });
  assert.throws(() => new Verifier([keys, keys, keys]), { code: "OPTION_INVALID" });
  // The public key as a secret: the classic confusion.
  const [jwk] = JSON.parse(issuer.jwks()).keys;
  const forger = Key.fromSecret(Buffer.from(jwk.x, "base64url"), { alg: "HS256", kid: jwk.kid });
  await assert.rejects(verifier.verifyAsync(sign({ sub: "eve" }, forger)), { code: "TOKEN_SIGNATURE_INVALID" });
  // A key of its own goes before those of the server.
  const mine = new Verifier([Key.generate("EdDSA").publicKey(), keys]);
  await assert.rejects(mine.verifyAsync(issuer.token()), { code: "TOKEN_SIGNATURE_INVALID" });
  for (const one of [verifier, mine]) one.free();
});

test("fetches_nothing_for_a_token_that_is_bad_whatever_the_keys_are", async () => {
  issuer.requests = [];
  const verifier = new Verifier(new RemoteKeySet(issuer.url("good")), { maxTokenLength: 500, typ: "at+jwt" });
  const header = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const good = header({ alg: "EdDSA", kid: "1", typ: "at+jwt" });
  const cases = [
    ["", "TOKEN_MALFORMED"],
    [7, "TOKEN_MALFORMED"],
    ["a.b", "TOKEN_MALFORMED"],
    [`${header([])}.e30.AA`, "TOKEN_MALFORMED"],
    ["x".repeat(501), "TOKEN_TOO_LONG"],
    [`${header({ alg: "EdDSA", kid: 7 })}.e30.AA`, "TOKEN_HEADER_INVALID"],
    [`${header({ alg: "EdDSA", kid: "1", typ: "at+jwt", crit: ["x"], x: 1 })}.e30.AA`, "TOKEN_HEADER_INVALID"],
    [forged(), "TOKEN_HEADER_INVALID"], // whose "typ" is another
    ...["none", "None", "", "XY999", "HS256", "HS384", "HS512", "eddsa", "RSA-OAEP", "ES256K"].map((alg) => [
      `${header({ alg, kid: "1", typ: "at+jwt" })}.${header({ exp: 9e9 })}.AA`,
      "TOKEN_ALGORITHM_MISMATCH",
    ]),
    ...["e30=", "e3", "e30 ", "*", "bnVsbA", "W10", header({ exp: 1 }).slice(0, -1)].map((payload) => [
      `${good}.${payload}.AA`,
      "TOKEN_MALFORMED",
    ]),
    ...["AA=", "A", "A+", "AB"].map((signature) => [`${good}.${header({ exp: 9e9 })}.${signature}`, "TOKEN_MALFORMED"]),
    [`${good}.${header({ exp: "9e9" })}.AA`, "CLAIM_INVALID"],
    [`${good}.${header({ exp: 9e9, sub: ["a"] })}.AA`, "CLAIM_INVALID"],
    [`${good}.${header({ exp: 1 })}.AA`, "TOKEN_EXPIRED"],
    [`${header({ alg: "EdDSA", kid: "unknown", typ: "at+jwt" })}.${header({ exp: 1 })}.AA`, "TOKEN_EXPIRED"],
  ];
  for (const [token, code] of cases) await assert.rejects(verifier.verifyAsync(token), { code });
  await assert.rejects(verifier.verifyAsync(issuer.token(), { audiance: "x" }), { code: "OPTION_INVALID" });
  assert.deepEqual(issuer.requests, []);
  const token = issuer.token({ sub: "alice" }, { typ: "at+jwt" });
  assert.equal((await verifier.verifyAsync(token)).claims.sub, "alice");
  assert.equal(issuer.requests.length, 1);
  // With a set at hand, the same tokens cause no newer one to be fetched, although their keys are not in it.
  const eager = new Verifier(new RemoteKeySet(issuer.url("good"), { cooldown: 1 }), { typ: "at+jwt" });
  await eager.verifyAsync(token);
  await pause(1100);
  issuer.requests = [];
  for (const [bad] of cases) await assert.rejects(eager.verifyAsync(bad));
  assert.deepEqual(issuer.requests, []);
  // What a key could make valid: claims that this verifier does not want, and an unknown key.
  const unknown = header({ alg: "EdDSA", kid: "unknown", typ: "at+jwt" });
  await assert.rejects(eager.verifyAsync(`${unknown}.${header({ exp: 9e9 })}.AA`), { code: "KEY_NOT_FOUND" });
  assert.equal(issuer.requests.length, 1);
  // An expired token of a known key is still told apart from a forged one.
  const expired = issuer.token({ exp: 1 }, { typ: "at+jwt" });
  await assert.rejects(eager.verifyAsync(expired), { code: "TOKEN_EXPIRED" });
  await assert.rejects(eager.verifyAsync(`${expired.slice(0, -8)}AAAAAAAA`), { code: "TOKEN_SIGNATURE_INVALID" });
});

async function connectionsClosed() {
  for (let tries = 0; 0 < issuer.connections; tries += 1) {
    assert.ok(tries < 300, `${issuer.connections} connections are open`);
    await pause(20);
  }
}
