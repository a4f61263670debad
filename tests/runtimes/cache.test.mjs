// The option `cache` of a Verifier: the same answers as without it, at every time, and less work. The advisories about the
// cache of fast-jwt (GHSA-rp9m-7r4c-75qg and the issues about errors and times in it) are among the cases.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { mock, test } from "node:test";
import { bearerGuard } from "countersign/http";
import { Issuers } from "countersign/issuers";
import { Key, KeySet, RemoteKeySet, sign, Verifier, verify, verifyAsync } from "countersign/jwt";

const NOW = Date.parse("2026-11-24T12:00:00Z");
mock.timers.enable({ apis: ["Date"], now: NOW });
const at = (milliseconds) => mock.timers.setTime(milliseconds);
const seconds = NOW / 1000;

const secret = (seed) => new Uint8Array(32).fill(seed);
const key = Key.fromSecret(secret(1), { alg: "HS256" });
const token = (claims = {}, options = {}) => sign({ sub: "alice", ...claims }, key, options);

/** How often `work` gives a token to the core: the buffer through which it goes is filled once for each. */
function callsOfCore(work) {
  const spy = mock.method(TextEncoder.prototype, "encodeInto");
  try {
    work();
    return spy.mock.callCount();
  } finally {
    spy.mock.restore();
  }
}

/** What a call gives: the answer, or the code and message of its error. */
function outcome(call) {
  try {
    return call();
  } catch (error) {
    return { code: error.code, message: error.message, claim: error.claim };
  }
}

test.beforeEach(() => at(NOW));

test("a token that comes again is not checked again", () => {
  const verifier = new Verifier(key, { cache: {} });
  const plain = new Verifier(key);
  const known = token();
  assert.notEqual(
    callsOfCore(() => verifier.verify(known)),
    0,
  );
  assert.equal(
    callsOfCore(() => assert.equal(verifier.verify(known).claims.sub, "alice")),
    0,
  );
  assert.deepEqual(verifier.verify(known), plain.verify(known));
  assert.notEqual(
    callsOfCore(() => assert.throws(() => verifier.verify(`${known}A`))),
    0,
  );
});

test("nobody can change what the next caller gets", () => {
  const all = { aud: ["api", "b"], roles: ["reader"], nested: { admin: false, list: [{ a: 1 }] } };
  for (const claims of [{ role: "reader" }, { aud: ["api", "b"], roles: ["reader"] }, all]) {
    const verifier = new Verifier(key, { cache: { maxEntries: 5 }, ignoreAudience: true });
    const known = token(claims, { header: { extra: { deep: [1] } } });
    const first = structuredClone(verifier.verify(known));
    for (let round = 0; round < 3; round += 1) {
      const { header, claims: given } = verifier.verify(known);
      assert.deepEqual({ header, claims: given }, first);
      given.sub = "root";
      header.alg = "none";
      header.extra.deep.push(2);
      given.roles?.push("admin");
      given.aud?.push("c");
      if (given.nested) given.nested.admin = given.nested.list[0].a = true;
    }
  }
});

test("claims with odd names and numbers are the same as without a cache", () => {
  const texts = [
    '{"__proto__":["a"],"exp":9e9}',
    '{"__proto__":{"admin":true},"exp":9e9}',
    '{"constructor":"x","toString":1,"exp":9e9,"aud":["\\u0000"]}',
    '{"exp":9e9,"a":-0,"b":1e-400,"c":12345678901234567890,"d":"\\ud83d\\ude00\\u2028","1":2,"0":[1,[2]]}',
  ];
  const hmac = (input) => createHmac("sha256", secret(1)).update(input).digest("base64url");
  for (const text of texts) {
    const input = `${base64url('{"alg":"HS256"}')}.${base64url(text)}`;
    const made = `${input}.${hmac(input)}`;
    const verifier = new Verifier(key, { cache: {}, ignoreAudience: true });
    const plain = new Verifier(key, { ignoreAudience: true }).verify(made);
    for (let round = 0; round < 3; round += 1) {
      const { claims } = verifier.verify(made);
      assert.deepEqual(Object.entries(claims), Object.entries(plain.claims));
      assert.equal(Object.getPrototypeOf(claims), Object.prototype);
      assert.ok(Object.is(claims.a, plain.claims.a));
    }
  }
});

test("only the exact token is known: no other is taken for it", () => {
  const verifier = new Verifier(key, { cache: {} });
  const plain = new Verifier(key);
  const known = token();
  verifier.verify(known);
  const [header, payload, signature] = known.split(".");
  const others = [
    `${known} `,
    ` ${known}`,
    `${known}=`,
    known.slice(0, -1),
    known.toLowerCase(),
    `${header}.${payload}.`,
    `${header}.${payload}.${signature.replace(/^./, (first) => (first === "A" ? "B" : "A"))}`,
    `${header}.${base64url('{"sub":"root","exp":9e9}')}.${signature}`,
    `${base64url('{"alg":"none"}')}.${payload}.`,
    `${base64url('{"alg":"HS256"}')}.${payload}.${signature}`,
  ];
  for (const other of others) {
    assert.deepEqual(
      outcome(() => verifier.verify(other)),
      outcome(() => plain.verify(other)),
      other,
    );
    assert.ok(outcome(() => verifier.verify(other)).code, other);
  }
  for (const value of [new String(known), { toString: () => known }, [known], Buffer.from(known), undefined]) {
    assert.throws(() => verifier.verify(value), { code: "TOKEN_MALFORMED" });
  }
});

test("a known token expires to the millisecond", () => {
  const ends = [
    [{}, 60_000, "TOKEN_EXPIRED"],
    [{ clockTolerance: 5 }, 65_000, "TOKEN_EXPIRED"],
    // A token that is exactly as old as it may be is accepted.
    [{ maxAge: 30 }, 30_001, "TOKEN_TOO_OLD"],
    [{ maxAge: 30, clockTolerance: "2s" }, 32_001, "TOKEN_TOO_OLD"],
  ];
  for (const [options, end, code] of ends) {
    at(NOW);
    const verifier = new Verifier(key, { ...options, cache: {} });
    const known = token({}, { expiresIn: 60 });
    for (const milliseconds of [0, end - 2, end - 1, 0]) {
      at(NOW + milliseconds);
      assert.equal(verifier.verify(known).claims.sub, "alice");
    }
    for (const milliseconds of [end, end + 1]) {
      at(NOW + milliseconds);
      assert.throws(() => verifier.verify(known), { code });
    }
  }
});

test("when the clock is set back, a known token is not valid yet", () => {
  const verifier = new Verifier(key, { cache: {} });
  const known = token({ nbf: seconds });
  assert.equal(verifier.verify(known).claims.sub, "alice");
  at(NOW - 1000);
  assert.throws(() => verifier.verify(known), { code: "TOKEN_NOT_YET_VALID" });
  at(NOW);
  assert.equal(verifier.verify(known).claims.sub, "alice");
  const issued = token();
  verifier.verify(issued);
  at(NOW - 61_000);
  assert.throws(() => verifier.verify(issued), { code: "TOKEN_ISSUED_IN_FUTURE" });
});

test("options of a call are judged although the token is known", () => {
  const verifier = new Verifier(key, { cache: {} });
  const known = token();
  verifier.verify(known);
  verifier.verify(known);
  assert.throws(() => verifier.verify(known, { subject: "bob" }), { code: "CLAIM_INVALID" });
  assert.throws(() => verifier.verify(known, { audience: "api" }), { code: "CLAIM_MISSING" });
  assert.throws(() => verifier.verify(known, { typ: "at+jwt" }), { code: "TOKEN_HEADER_INVALID" });
  assert.throws(() => verifier.verify(known, { maxTokenLength: 10 }), { code: "TOKEN_TOO_LONG" });
  assert.throws(() => verifier.verify(known, { now: new Date(NOW + 3_600_000) }), { code: "TOKEN_EXPIRED" });
  assert.equal(verifier.verify(known).claims.sub, "alice");
});

test("headers with odd names and numbers are the same for the second token", () => {
  for (const header of [
    '{"alg":"HS256","x":-0}',
    '{"x":[-0,{"y":-0}],"alg":"HS256"}',
    '{"alg":"HS256","__proto__":{"admin":true},"x":1e-400,"2":1,"1":2}',
  ]) {
    const input = (sub) => `${base64url(header)}.${base64url(`{"sub":"${sub}","exp":9e9}`)}`;
    const made = (sub) => `${input(sub)}.${createHmac("sha256", secret(1)).update(input(sub)).digest("base64url")}`;
    const first = new Verifier(key).verify(made("a")).header;
    for (const cache of [undefined, {}]) {
      const verifier = new Verifier(key, { cache });
      for (const sub of ["a", "b", "b", "a"]) assert.deepStrictEqual(verifier.verify(made(sub)).header, first);
    }
  }
});

test("a clock that says nothing makes no token valid", () => {
  const always = token({}, { expiresIn: null, issuedAt: false });
  const options = { allowMissingExpiry: true };
  const verifier = new Verifier(key, { ...options, cache: {} });
  const plain = new Verifier(key, options);
  const { now } = Date;
  for (const time of [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NaN]) {
    verifier.verify(always);
    try {
      Date.now = () => time;
      const [cached, fresh] = [verifier, plain].map((each) => outcome(() => each.verify(always)));
      assert.equal(fresh.code, "OPTION_INVALID");
      assert.deepEqual(cached, fresh);
    } finally {
      Date.now = now;
    }
  }
});

test("with a fixed time, that time decides", () => {
  const verifier = new Verifier(key, { cache: {}, now: new Date(NOW) });
  const known = token({}, { expiresIn: 60 });
  verifier.verify(known);
  at(NOW + 3_600_000);
  assert.equal(
    callsOfCore(() => verifier.verify(known)),
    0,
  );
});

test("what was refused is judged anew: no error is kept", () => {
  const verifier = new Verifier(key, { cache: {} });
  const early = token({ nbf: seconds + 10 });
  assert.throws(() => verifier.verify(early), { code: "TOKEN_NOT_YET_VALID" });
  at(NOW + 10_000);
  assert.equal(verifier.verify(early).claims.sub, "alice");
});

test("a key that ends takes its tokens along", () => {
  const [old, next] = [1, 2].map((seed) => Key.fromSecret(secret(seed), { alg: "HS256", kid: `${seed}` }));
  const until = new Date(NOW + 5000);
  const verifier = new Verifier(new KeySet([{ key: old, until }, next]), { cache: {} });
  const [first, second] = [old, next].map((each) => sign({ sub: "a" }, each));
  for (const known of [first, second, first, second]) verifier.verify(known);
  at(NOW + 4999);
  assert.equal(verifier.verify(first).header.kid, "1");
  at(NOW + 5000);
  assert.throws(() => verifier.verify(first), { code: "KEY_NOT_FOUND" });
  assert.equal(
    callsOfCore(() => verifier.verify(second)),
    0,
  );
});

test("no verifier uses what another has checked", () => {
  const known = token({ iss: "a" });
  const verifier = new Verifier(key, { cache: {}, issuer: "a" });
  for (let round = 0; round < 2; round += 1) verifier.verify(known);
  assert.throws(() => new Verifier(key, { cache: {}, issuer: "b" }).verify(known), { code: "CLAIM_INVALID" });
  const other = Key.fromSecret(secret(2), { alg: "HS256" });
  assert.throws(() => new Verifier(other, { cache: {} }).verify(known), { code: "TOKEN_SIGNATURE_INVALID" });
});

test("tokens that are refused push nothing out", () => {
  const verifier = new Verifier(key, { cache: { maxEntries: 4 } });
  const known = ["a", "b", "c", "d"].map((sub) => token({ sub }));
  for (const each of known) verifier.verify(each);
  const stranger = Key.fromSecret(secret(9), { alg: "HS256" });
  for (let index = 0; index < 100; index += 1) {
    assert.throws(() => verifier.verify(sign({ sub: `${index}` }, stranger)));
    assert.throws(() => verifier.verify(token({ sub: `${index}`, exp: seconds - 1 })));
  }
  assert.equal(
    callsOfCore(() => known.map((each) => verifier.verify(each))),
    0,
  );
});

test("never more tokens than maxEntries are kept, and those that come again stay", () => {
  const verifier = new Verifier(key, { cache: { maxEntries: 10 } });
  const often = token({ sub: "often" });
  verifier.verify(often);
  for (let index = 0; index < 200; index += 1) {
    verifier.verify(token({ sub: `${index}` }));
    assert.equal(
      callsOfCore(() => verifier.verify(often)),
      0,
      `${index}`,
    );
  }
  const tokens = Array.from({ length: 30 }, (_, index) => token({ sub: `again-${index}` }));
  for (const each of tokens) verifier.verify(each);
  assert.ok(callsOfCore(() => [...tokens].reverse().map((each) => verifier.verify(each))) >= 20);
});

test("at random times, and with random options, the answers are those without a cache", () => {
  let state = 7;
  const random = (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
  for (let round = 0; round < 30; round += 1) {
    at(NOW);
    const options = {
      ...(random(2) && { clockTolerance: random(4) / 2 }),
      ...(random(2) && { maxAge: 1 + random(8) }),
      allowMissingExpiry: true,
    };
    const cached = new Verifier(key, { ...options, cache: { maxEntries: 1 + random(6) } });
    const plain = new Verifier(key, options);
    const known = Array.from({ length: 5 }, () =>
      token(
        {
          ...(random(2) && { nbf: seconds + random(6) / 2 }),
          ...(random(2) && { exp: seconds + random(16) / 2 }),
          iat: seconds + random(9) - 4 + random(4) / 4,
        },
        { expiresIn: null },
      ),
    );
    for (let step = 0; step < 60; step += 1) {
      at(NOW + random(16) * 500 + random(3) - 1);
      const chosen = known[random(5)];
      assert.deepEqual(
        outcome(() => cached.verify(chosen)),
        outcome(() => plain.verify(chosen)),
      );
    }
  }
});

test("the keys of a server: its tokens are known until a new set comes", async () => {
  const keys = ["1", "2"].map((kid) => Key.generate("EdDSA", { kid }));
  let published = [keys[0]];
  const fetch = async () =>
    new Response(JSON.stringify(new KeySet(published.map((each) => each.publicKey())).toJwks()));
  const remote = new RemoteKeySet("https://login.example/keys", { fetch });
  const verifier = new Verifier(remote, { cache: {} });
  const known = sign({ sub: "a" }, keys[0]);
  for (let round = 0; round < 3; round += 1) assert.equal((await verifier.verifyAsync(known)).claims.sub, "a");
  published = [keys[1]];
  at(NOW + 1000);
  await remote.refresh();
  await assert.rejects(verifier.verifyAsync(known), { code: "KEY_NOT_FOUND" });
  assert.equal((await verifier.verifyAsync(sign({ sub: "b" }, keys[1]))).claims.sub, "b");
});

test("Issuers and guards use the cache of their verifier", async () => {
  const own = Key.generate("EdDSA", { kid: "1" });
  const issuers = new Issuers([{ issuer: "https://a.example", keys: own.publicKey() }]);
  const verifier = new Verifier(issuers, { audience: "api", cache: { maxEntries: 3 } });
  const known = sign({ sub: "a", iss: "https://a.example", aud: "api" }, own);
  const guard = bearerGuard(verifier);
  const ask = () => guard(new Request("https://api.example", { headers: { authorization: `Bearer ${known}` } }));
  await ask();
  const spy = mock.method(TextEncoder.prototype, "encodeInto");
  const { claims } = await ask();
  assert.equal(spy.mock.callCount(), 0);
  spy.mock.restore();
  assert.equal(claims.sub, "a");
  at(NOW + 3_600_000);
  assert.equal((await ask()).status, 401);
  at(NOW);
  assert.throws(() => new Issuers([{ issuer: "a", keys: own, rules: { cache: {} } }]), { code: "OPTION_INVALID" });
});

test("a schema is asked with every call", () => {
  let asked = 0;
  const validate = (value) => {
    asked += 1;
    return asked < 3 ? { value: { ...value, asked } } : { issues: [{ message: "no more" }] };
  };
  const schema = { "~standard": { version: 1, vendor: "test", validate } };
  const verifier = new Verifier(key, { schema, cache: {} });
  const known = token();
  assert.deepEqual([verifier.verify(known).claims.asked, verifier.verify(known).claims.asked], [1, 2]);
  assert.throws(() => verifier.verify(known), { code: "CLAIM_INVALID" });
});

test("after free(), nothing is answered", () => {
  const verifier = new Verifier(key, { cache: {} });
  const known = token();
  verifier.verify(known);
  verifier.free();
  assert.throws(() => verifier.verify(known), { code: "KEY_INVALID" });
});

test("options of the cache are checked", async () => {
  const refused = (cache, message) =>
    assert.throws(() => new Verifier(key, { cache }), { code: "OPTION_INVALID", message });
  for (const maxEntries of [0, -1, 1.5, 100_001, Number.NaN, "10", null]) {
    refused({ maxEntries }, 'option "maxEntries" is not a whole number from 1 to 100000');
  }
  refused({ maxEntries: 1, ttl: 5 }, 'unknown option "ttl"');
  refused(true, "options are not an object");
  assert.equal(new Verifier(key, { cache: undefined }).verify(token()).claims.sub, "alice");
  const cache = { maxEntries: 5 };
  assert.throws(() => new Verifier(key).verify(token(), { cache }), { code: "OPTION_INVALID" });
  const message = 'option "cache" is for a Verifier that is kept, not for a function that checks one token';
  assert.throws(() => verify(token(), key, { cache }), { code: "OPTION_INVALID", message });
  await assert.rejects(verifyAsync(token(), key, { cache }), { code: "OPTION_INVALID", message });
});

function base64url(text) {
  return Buffer.from(text).toString("base64url");
}
