// `Issuers`: which keys and rules a token gets, and what is asked of servers for it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { discover, entra, firebase, Issuers } from "countersign/issuers";
import { signJws } from "countersign/jws";
import { decodeUnverified, Key, KeySet, RemoteKeySet, sign, Verifier, verifyAsync } from "countersign/jwt";
import { TestIssuer } from "countersign/testing";

const first = new TestIssuer("https://first.example");
const second = new TestIssuer("https://second.example/path");
const remote = ({ fetch }) => ({ fetch });
const issuerOf = (issuer, more) => ({
  issuer: issuer.issuer,
  jwksUrl: issuer.jwksUrl,
  remote: remote(issuer),
  ...more,
});
const claims = { sub: "alice", aud: "api" };

test("refuses_what_is_no_issuer", () => {
  const keys = Key.generate("EdDSA").publicKey();
  const issuer = "https://a.example";
  const jwksUrl = "https://a.example/keys";
  const noName = 'option "issuer" is not a string, a non-empty array of strings, or a template';
  const ways = 'an issuer has not exactly one of "keys", "jwksUrl" and "discovery"';
  const oneName = 'option "discovery" needs one issuer with one name';
  const noClaims = 'option "claims" is not an object';
  const noRule = 'option "claims" has no value, values or function for "a"';
  const noAudience = 'option "audience" is not a string or a non-empty array of strings';
  const noTexts = (name) => `option "${name}" is not a non-empty array of strings`;
  const noTemplate = 'option "template" is not a text with one placeholder, such as "https://login.example/{tenant}"';
  const noTenants = 'option "tenants" is not a non-empty array of tenants';
  const template = { template: "https://login.example/{tenant}/v2", claim: "tid", tenants: ["a"] };
  const cases = [
    [[], "issuers are an empty array"],
    [{}, noName],
    [{ issuer }, ways],
    [{ issuer, discovery: false }, ways],
    ...["", [], 7, null, ["a", ""], ["a", 7]].map((wrong) => [{ issuer: wrong, keys }, noName]),
    [{ issuer, keys, jwksUrl }, ways],
    [{ issuer, keys, discovery: true }, ways],
    [{ issuer, jwksUrl, discovery: true }, ways],
    [{ issuer, jwksUrl: "http://a.example/keys" }, "the URL of the key set is not https"],
    [{ issuer: ["https://a.example", "b"], discovery: true }, oneName],
    [{ issuer: template, discovery: true }, oneName],
    [{ issuer: "a", discovery: true }, "the URL of the key set cannot be read"],
    [{ issuer, keys, remote: {} }, 'option "remote" is only for "jwksUrl" and "discovery"'],
    [{ issuer, jwksUrl, remote: 7 }, "options are not an object"],
    [{ issuer, keys, certificates: true }, 'option "certificates" is only for "jwksUrl"'],
    [{ issuer, discovery: true, certificates: true }, 'option "certificates" is only for "jwksUrl"'],
    [{ issuer, keys, keyIssuers: ["a"] }, 'option "keyIssuers" is only for "jwksUrl"'],
    [{ issuer, discovery: true, keyIssuers: ["a"] }, 'option "keyIssuers" is only for "jwksUrl"'],
    ...[[], "a", ["a", 7], null].map((keyIssuers) => [{ issuer, jwksUrl, keyIssuers }, noTexts("keyIssuers")]),
    [{ issuer, keys, audiance: "x" }, 'unknown option "audiance"'],
    ...[
      ["issuer", "b"],
      ["audience", "b"],
      ["now", new Date()],
      ["schema", {}],
      ["cache", true],
      ["engine", "wasm"],
    ].map(([name, value]) => [{ issuer, keys, rules: { [name]: value } }, `option "rules" has "${name}"`]),
    [{ issuer, keys, rules: { typo: 1 } }, 'unknown option "typo"'],
    [{ issuer, keys, rules: 7 }, "options are not an object"],
    ...[undefined, null, {}, [], ["b", {}]].map((a) => [{ issuer, keys, claims: { a } }, noRule]),
    ...[null, "a", ["a"]].map((claims) => [{ issuer, keys, claims }, noClaims]),
    ...[[], 7, ["a", 7], {}].map((audience) => [{ issuer, keys, audience }, noAudience]),
    ...["", 7, null].map((audienceClaim) => [
      { issuer, keys, audienceClaim },
      'option "audienceClaim" is not a string',
    ]),
    ...["RS256", ["RS256", 7], null, []].map((algorithms) => [{ issuer, keys, algorithms }, noTexts("algorithms")]),
    [{ issuer, keys: new Issuers({ issuer: "b", keys }) }, 'option "keys" holds Issuers'],
    [{ issuer, keys: [keys, new Issuers({ issuer: "b", keys })] }, 'option "keys" holds Issuers'],
    [
      [
        { issuer, keys },
        { issuer: ["b", issuer], keys },
      ],
      "two issuers have the same name",
    ],
    ...["https://login.example", "{a}", "{a}/v2", "https://{a}/{b}", "https://{a", 7, undefined].map((wrong) => [
      { issuer: { ...template, template: wrong }, keys },
      noTemplate,
    ]),
    ...["", 7, undefined].map((claim) => [{ issuer: { ...template, claim }, keys }, 'option "claim" is not a string']),
    ...[[], ["a/b"], ["a", ""], ["a", 7], ["a".repeat(129)]].map((tenants) => [
      { issuer: { ...template, tenants }, keys },
      noTenants,
    ]),
    ...[undefined, "a", {}].map((tenants) => [
      { issuer: { ...template, tenants }, keys },
      'option "tenants" is not a function',
    ]),
    [{ issuer: { ...template, other: 1 }, keys }, 'unknown option "other"'],
  ];
  for (const [wrong, message] of cases) {
    assert.throws(() => new Issuers(wrong), { code: "OPTION_INVALID", message }, JSON.stringify(wrong));
  }
  assert.throws(() => new Verifier([new Issuers({ issuer: "a", keys }), keys]), { code: "OPTION_INVALID" });
  assert.throws(() => new Verifier(new Issuers({ issuer: "a", keys: {} })), { code: "KEY_INVALID" });
});

test("chooses_the_keys_by_the_issuer", async () => {
  const verifier = new Verifier(new Issuers([issuerOf(first), issuerOf(second)]), { audience: "api" });
  for (const issuer of [first, second]) {
    const verified = await verifier.verifyAsync(issuer.token(claims));
    assert.equal(verified.claims.iss, issuer.issuer);
    assert.equal(verified.claims.sub, "alice");
  }
});

test("refuses_a_token_that_one_issuer_signs_in_the_name_of_another", async () => {
  const verifier = new Verifier(new Issuers([issuerOf(first), issuerOf(second)]), { audience: "api" });
  const forged = first.token({ ...claims, iss: second.issuer });
  await assert.rejects(verifier.verifyAsync(forged), { code: "TOKEN_SIGNATURE_INVALID" });
});

test("asks_no_server_for_a_token_of_a_stranger", async () => {
  const issuer = new TestIssuer("https://quiet.example");
  const verifier = new Verifier(new Issuers(issuerOf(issuer)), { audience: "api" });
  const stranger = new TestIssuer("https://stranger.example");
  await assert.rejects(verifier.verifyAsync(stranger.token(claims)), { code: "CLAIM_INVALID", claim: "iss" });
  await assert.rejects(verifier.verifyAsync(issuer.token(claims, { fault: "without-issuer" })), {
    code: "CLAIM_MISSING",
    claim: "iss",
  });
  for (const token of ["", "a.b", "a.b.c", `${"a".repeat(20_000)}`, 7, undefined]) {
    await assert.rejects(verifier.verifyAsync(token), { code: /^TOKEN_(MALFORMED|TOO_LONG)$/ });
  }
  // Two parts are no token, whoever they name.
  const [header, payload] = stranger.token(claims).split(".");
  for (const token of [`${header}.${payload}`, `${header}.${payload}A`, payload]) {
    await assert.rejects(verifier.verifyAsync(token), { code: "TOKEN_MALFORMED" });
  }
  for (const iss of [["https://quiet.example"], 7, null]) {
    const payload = new TextEncoder().encode(JSON.stringify({ ...claims, iss }));
    const noText = signJws(payload, Key.generate("EdDSA"), { typ: "JWT" });
    const message = '"iss" claim is not a string';
    await assert.rejects(verifier.verifyAsync(noText), { code: "CLAIM_INVALID", claim: "iss", message });
  }
  assert.deepEqual(issuer.requests, []);
});

test("limits_the_length_of_a_token_before_its_issuer_is_looked_for", async () => {
  const token = new TestIssuer("https://stranger.example").token(claims);
  const issuers = new Issuers(issuerOf(first));
  for (const [longest, code] of [
    [token.length, "CLAIM_INVALID"],
    [token.length - 1, "TOKEN_TOO_LONG"],
  ]) {
    const limited = new Verifier(issuers, { maxTokenLength: longest });
    await assert.rejects(limited.verifyAsync(token), { code });
    const loose = new Verifier(issuers, { maxTokenLength: longest === token.length ? 7 : 9000 });
    await assert.rejects(loose.verifyAsync(token, { maxTokenLength: longest }), { code });
  }
  const long = new TestIssuer("https://stranger.example").token({ ...claims, x: "x".repeat(20_000) });
  await assert.rejects(new Verifier(issuers).verifyAsync(long), { code: "TOKEN_TOO_LONG" });
});

test("finds_the_issuer_however_the_claims_are_written", async () => {
  const key = Key.generate("EdDSA");
  const verifier = new Verifier(new Issuers([{ issuer: "https://a.example", keys: key.publicKey() }, issuerOf(first)]));
  const exp = Math.floor(Date.now() / 1000) + 60;
  const encode = (text) => Buffer.from(text).toString("base64url");
  const signed = (payload) => signJws(new TextEncoder().encode(payload), key, { typ: "JWT" });
  for (const payload of [
    `{"iss":"https://a.example","exp":${exp}}`,
    `{ "iss" : "https://a.example" , "exp":${exp}}`,
    `{"act":{"iss":"https://b.example"},"iss":"https://a.example","exp":${exp}}`,
    `{"act":{"iss":"https://first.example"},"iss" : "https://a.example","exp":${exp}}`,
    `{"iss" :"https://a.example","act":{"iss":"https://first.example"},"exp":${exp}}`,
    `{"\\u0069ss":"https://a.example","exp":${exp}}`,
    `{"iss":"https:\\/\\/a.example","exp":${exp}}`,
    `{"x":"\\"iss\\":\\"https://first.example\\"","iss":"https://a.example","exp":${exp}}`,
    `{"x":"é","iss":"https://a.example","exp":${exp}}`,
  ]) {
    const { claims: read } = await verifier.verifyAsync(signed(payload));
    assert.equal(read.iss, "https://a.example", payload);
  }
  const names = ["https://é.example", "é.example", "https://a.example/é"];
  const beyondAscii = new Verifier(new Issuers({ issuer: names, keys: key.publicKey() }));
  for (const iss of names) {
    const { claims: read } = await beyondAscii.verifyAsync(signed(JSON.stringify({ iss, exp })));
    assert.equal(read.iss, iss);
  }
  for (const payload of [
    `{"act":{"iss":"https://a.example"},"exp":${exp}}`,
    `{"iss":"https://a.example","iss":"https://a.example","exp":${exp}}`,
    `{"iss":["https://a.example"],"exp":${exp}}`,
    `{"iss":"https://A.example","exp":${exp}}`,
    `{"iss":"https://a.example ","exp":${exp}}`,
  ]) {
    await assert.rejects(verifier.verifyAsync(signed(payload)), /^CountersignError/, payload);
  }
  assert.ok(encode("x"));
});

test("keeps_one_issuers_rules_from_another's_tokens", async () => {
  const strict = issuerOf(first, {
    rules: { maxAge: 1, requiredClaims: ["jti"] },
    audience: "own",
    claims: { role: ["a", "b"] },
  });
  const verifier = new Verifier(new Issuers([strict, issuerOf(second)]), { audience: "api" });
  await verifier.verifyAsync(second.token(claims));
  await verifier.verifyAsync(first.token({ sub: "x", aud: "own", jti: "1", role: "a" }));
  const refuse = (given, expected) => assert.rejects(verifier.verifyAsync(first.token(given)), expected);
  await refuse({ aud: "api", jti: "1", role: "a" }, { code: "CLAIM_INVALID", claim: "aud" });
  await refuse({ aud: "own", role: "a" }, { code: "CLAIM_MISSING", claim: "jti" });
  await refuse({ aud: "own", jti: "1", role: "c" }, { code: "CLAIM_INVALID", claim: "role" });
  await refuse({ aud: "own", jti: "1" }, { code: "CLAIM_MISSING", claim: "role" });
  await refuse({ aud: "own", jti: "1", role: "a", iat: 1 }, { code: "TOKEN_TOO_OLD" });
});

test("takes_options_with_each_call_but_never_other_issuers", async () => {
  const verifier = new Verifier(new Issuers(issuerOf(first)), { audience: "api" });
  const token = first.token({ sub: "alice", aud: "another" });
  await verifier.verifyAsync(token, { audience: "another" });
  await assert.rejects(verifier.verifyAsync(token, { issuer: "https://evil.example" }), { code: "OPTION_INVALID" });
  await assert.rejects(verifier.verifyAsync(token, { audiance: "another" }), { code: "OPTION_INVALID" });
  assert.throws(() => new Verifier(new Issuers(issuerOf(first)), { issuer: "https://first.example" }), {
    code: "OPTION_INVALID",
  });
  assert.throws(() => verifier.verify(token), { code: "OPTION_INVALID" });
});

test("accepts_local_keys_secrets_and_sets_of_each_issuer", async () => {
  const secret = Key.generate("HS256");
  const pair = Key.generate("ES256", { kid: "1" });
  const issuers = new Issuers([
    { issuer: "https://secret.example", keys: secret },
    { issuer: "https://set.example", keys: new KeySet([pair.publicKey()]) },
    { issuer: "https://remote.example", keys: new RemoteKeySet(first.jwksUrl, remote(first)) },
  ]);
  const verifier = new Verifier(issuers);
  const token = (iss, key) => sign({ iss }, key);
  await verifier.verifyAsync(token("https://secret.example", secret));
  await verifier.verifyAsync(token("https://set.example", pair));
  await verifier.verifyAsync(first.token({ iss: "https://remote.example" }));
  await assert.rejects(verifier.verifyAsync(token("https://set.example", secret)), /^CountersignError/);
  await assert.rejects(verifier.verifyAsync(token("https://secret.example", pair)), /^CountersignError/);
});

test("reads_the_audience_from_the_claim_that_an_issuer_uses", async () => {
  const key = Key.generate("EdDSA");
  const issuerWith = (more) => ({ issuer: "https://a.example", keys: key.publicKey(), ...more });
  const elsewhere = { audienceClaim: "client_id" };
  const token = sign({ iss: "https://a.example", client_id: "app" }, key);
  const withAud = sign({ iss: "https://a.example", client_id: "app", aud: "another" }, key);
  const without = sign({ iss: "https://a.example", aud: "app" }, key);
  const list = sign({ iss: "https://a.example", client_id: ["app"] }, key);
  const unexpected = '"client_id" claim is present but no audience is expected: set option "audience"';
  const differs = '"client_id" claim is not an accepted value';
  for (const [more, options, given, message] of [
    [elsewhere, { audience: "app" }, token],
    [elsewhere, { audience: ["x", "app"] }, token],
    [elsewhere, { audience: "app" }, withAud],
    [{ ...elsewhere, audience: "app" }, {}, token],
    [{ ...elsewhere, audience: ["x", "app"] }, { audience: "y" }, token],
    [elsewhere, { ignoreAudience: true }, token],
    [{ ...elsewhere, rules: { ignoreAudience: true } }, {}, without],
    [elsewhere, {}, token, unexpected],
    [elsewhere, { ignoreAudience: false }, token, unexpected],
    [{ ...elsewhere, audience: null }, { audience: "app" }, token, unexpected],
    [elsewhere, { audience: "x" }, token, differs],
    [{ ...elsewhere, audience: "x" }, { audience: "app" }, token, differs],
    [elsewhere, { audience: "app" }, list, differs],
    [elsewhere, { audience: "app" }, without, 'missing "client_id" claim'],
    [elsewhere, { audience: "app", requiredClaims: ["jti"] }, token, 'missing "jti" claim'],
    [{ audience: "app" }, { audience: "x" }, without],
    [{ audience: null }, { audience: "app" }, token],
    [
      { audience: null },
      { audience: "app" },
      without,
      '"aud" claim is present but no audience is expected: set option "audience"',
    ],
    [{}, { audience: "app" }, token, 'missing "aud" claim'],
  ]) {
    const judge = async (verifier, ...own) => {
      const found = verifier.verifyAsync(given, ...own);
      if (message === undefined) assert.equal((await found).claims.iss, "https://a.example");
      else await assert.rejects(found, { code: /^CLAIM_/, message }, JSON.stringify([more, options]));
    };
    const issuers = new Issuers(issuerWith(more));
    await judge(new Verifier(issuers, options));
    // The options of a call do the same.
    await judge(new Verifier(issuers), options);
  }
  // A call with other options keeps the audience of the verifier.
  const verifier = new Verifier(new Issuers(issuerWith(elsewhere)), { audience: "app" });
  await verifier.verifyAsync(token, { clockTolerance: 1 });
});

test("takes_every_option_of_a_verifier_in_general_by_issuer_and_by_call", async () => {
  const key = Key.generate("EdDSA");
  const issuer = { issuer: "https://a.example", keys: key.publicKey() };
  const now = Math.floor(Date.now() / 1000);
  // Not by `sign`, which makes no wrong claims.
  const tokenOf = ({ typ = "JWT", ...more }) => {
    const payload = JSON.stringify({ iss: "https://a.example", iat: now, ...more });
    return signJws(new TextEncoder().encode(payload), key, { typ });
  };
  const later = { exp: now + 60 };
  for (const [option, right, wrong, code] of [
    [{ subject: "alice" }, { sub: "alice", ...later }, { sub: "bob", ...later }, "CLAIM_INVALID"],
    [{ typ: "x+jwt" }, { typ: "x+jwt", ...later }, later, "TOKEN_HEADER_INVALID"],
    [{ requiredClaims: ["jti"] }, { jti: "1", ...later }, later, "CLAIM_MISSING"],
    [{ maxAge: 60 }, later, { iat: now - 90, ...later }, "TOKEN_TOO_OLD"],
    [{ clockTolerance: 60 }, { exp: now - 30 }, { exp: now - 90 }, "TOKEN_EXPIRED"],
    [{ allowMissingExpiry: true }, {}, { exp: now - 1 }, "TOKEN_EXPIRED"],
    [{ allowNumericSubject: true }, { sub: 7, ...later }, { sub: [], ...later }, "CLAIM_INVALID"],
    [{ ignoreAudience: true }, { aud: "x", ...later }, { exp: now - 1 }, "TOKEN_EXPIRED"],
    [{ maxTokenLength: 300 }, later, { x: "x".repeat(300), ...later }, "TOKEN_TOO_LONG"],
    [{ now: new Date((now - 60) * 1000) }, { iat: now - 60, exp: now - 30 }, { exp: now - 60 }, "TOKEN_EXPIRED"],
  ]) {
    const [name] = Object.keys(option);
    for (const [issuers, general, own] of [
      [new Issuers(issuer), option],
      [new Issuers(issuer), {}, option],
      ...(name === "now" ? [] : [[new Issuers({ ...issuer, rules: option }), {}]]),
    ]) {
      if (name === "now" && own === undefined) continue;
      const verifier = new Verifier(issuers, general);
      await verifier.verifyAsync(tokenOf(right), own);
      await assert.rejects(verifier.verifyAsync(tokenOf(wrong), own), { code }, name);
    }
  }
});

test("judges_further_claims_by_values_and_functions", async () => {
  const key = Key.generate("EdDSA");
  const verifierWith = (claims) =>
    new Verifier(new Issuers({ issuer: "https://a.example", keys: key.publicKey(), claims }));
  const check = (rules, given) => verifierWith(rules).verifyAsync(sign({ iss: "https://a.example", ...given }, key));
  for (const [rules, given] of [
    [
      { a: 7, b: true, c: "x" },
      { a: 7, b: true, c: "x" },
    ],
    [{ a: [1, "2"] }, { a: "2" }],
    [{ a: (value) => value.includes("x") }, { a: ["x"] }],
    [{ a: (value) => value === null }, { a: null }],
  ]) {
    await check(rules, given);
  }
  for (const [rules, given, code] of [
    [{ a: 7 }, { a: "7" }, "CLAIM_INVALID"],
    [{ a: [1, "2"] }, { a: 2 }, "CLAIM_INVALID"],
    [{ a: "x" }, { a: ["x"] }, "CLAIM_INVALID"],
    [{ a: () => 1 }, { a: "x" }, "CLAIM_INVALID"],
    [{ a: () => false }, { a: "x" }, "CLAIM_INVALID"],
    [{ a: () => true }, {}, "CLAIM_MISSING"],
    [{ toString: () => true }, {}, "CLAIM_MISSING"],
    [{ a: "x", b: "y" }, { a: "x", b: "x" }, "CLAIM_INVALID"],
  ]) {
    const claim = Object.keys(rules).at(-1);
    const message = code === "CLAIM_MISSING" ? `missing "${claim}" claim` : `"${claim}" claim is not an accepted value`;
    await assert.rejects(check(rules, given), { code, claim, message }, JSON.stringify([Object.keys(rules), given]));
  }
  const values = ["x"];
  const verifier = verifierWith({ a: values });
  values.push("y");
  const changed = verifier.verifyAsync(sign({ iss: "https://a.example", a: "y" }, key));
  await assert.rejects(changed, { code: "CLAIM_INVALID", claim: "a" }, "the list is read once");
});

test("limits_the_algorithms_of_an_issuer", async () => {
  const key = Key.generate("EdDSA", { kid: "1" });
  const keys = new KeySet([key.publicKey(), Key.generate("ES256", { kid: "2" }).publicKey()]);
  const verifier = new Verifier(new Issuers({ issuer: "https://a.example", keys, algorithms: ["ES256"] }));
  await assert.rejects(verifier.verifyAsync(sign({ iss: "https://a.example" }, key)), {
    code: "TOKEN_ALGORITHM_MISMATCH",
    message: "token has an algorithm that its issuer does not use",
  });
});

test("binds_tenants_to_their_claim_and_asks_for_each", async () => {
  const asked = [];
  const tenants = async (tenant) => {
    asked.push(tenant);
    return tenant === "blue";
  };
  const template = { template: "https://login.example/{tenant}/v2", claim: "tid", tenants };
  const issuer = new TestIssuer("https://login.example/common");
  const issuers = new Issuers({ issuer: template, jwksUrl: issuer.jwksUrl, remote: remote(issuer) });
  const verifier = new Verifier(issuers, { audience: "api" });
  const token = (tenant, tid = tenant) => issuer.token({ ...claims, iss: `https://login.example/${tenant}/v2`, tid });
  await verifier.verifyAsync(token("blue"));
  await assert.rejects(verifier.verifyAsync(token("red")), { code: "CLAIM_INVALID", claim: "iss" });
  await assert.rejects(verifier.verifyAsync(token("blue", "red")), { code: "CLAIM_INVALID", claim: "tid" });
  await assert.rejects(verifier.verifyAsync(token("blue", null)), { code: "CLAIM_INVALID", claim: "tid" });
  await assert.rejects(verifier.verifyAsync(token("a/b")), { code: "CLAIM_INVALID", claim: "iss" });
  await assert.rejects(verifier.verifyAsync(token("")), { code: "CLAIM_INVALID", claim: "iss" });
  assert.deepEqual([...new Set(asked)], ["blue", "red"]);
  for (const iss of [
    "https://l0gin.example/blue/v2",
    "http://login.example/blue/v2",
    "xhttps://login.example/blue/v2",
    "https://login.example/blue/v1",
    "https://login.example/blue/v22",
    "https://login.example/blue",
    "https://login.example/v2",
    "https://login.example/bl%75e/v2",
    "https://login.example/blue?/v2",
    `https://login.example/${"b".repeat(129)}/v2`,
  ]) {
    const given = issuer.token({ ...claims, iss, tid: "blue" });
    const message = '"iss" claim is not an accepted issuer';
    await assert.rejects(verifier.verifyAsync(given), { code: "CLAIM_INVALID", claim: "iss", message }, iss);
  }
  assert.deepEqual([...new Set(asked)], ["blue", "red"], "others are not asked for");
  const long = "b".repeat(128);
  const list = new Issuers({
    issuer: { ...template, tenants: [long, "a.b_c-1"] },
    jwksUrl: issuer.jwksUrl,
    remote: remote(issuer),
  });
  for (const tenant of [long, "a.b_c-1"]) await verifyAsync(token(tenant), list, { audience: "api" });
  await assert.rejects(verifyAsync(token("blue"), list, { audience: "api" }), { code: "CLAIM_INVALID", claim: "iss" });
});

test("keeps_tenants_apart_however_many_and_asks_for_each_every_time", async () => {
  const issuer = new TestIssuer("https://many.example");
  const refused = new Set();
  const tenants = (tenant) => !refused.has(tenant);
  const template = { template: "https://many.example/{tenant}", claim: "tid", tenants };
  const issuers = new Issuers({ issuer: template, jwksUrl: issuer.jwksUrl, remote: remote(issuer) });
  const verifier = new Verifier(issuers, { audience: "api", cache: { maxEntries: 2 } });
  const token = (tenant, tid = tenant) => issuer.token({ ...claims, iss: `https://many.example/${tenant}`, tid });
  const tokens = Array.from({ length: 110 }, (_, index) => token(`t${index}`));
  for (let round = 0; round < 2; round += 1) {
    for (const [index, each] of tokens.entries()) {
      assert.equal((await verifier.verifyAsync(each)).claims.tid, `t${index}`);
    }
  }
  await assert.rejects(verifier.verifyAsync(token("t1", "t2")), { code: "CLAIM_INVALID", claim: "tid" });
  await assert.rejects(verifier.verifyAsync(tokens[1], { audience: "other" }), { code: "CLAIM_INVALID", claim: "aud" });
  refused.add("t1");
  await assert.rejects(verifier.verifyAsync(tokens[1]), { code: "CLAIM_INVALID", claim: "iss" });
  assert.equal((await verifier.verifyAsync(tokens[2])).claims.tid, "t2");
  assert.equal(issuer.requests.length, 1);
  verifier.free();
});

test("demands_the_name_that_was_looked_up_as_the_issuer_each_time", async () => {
  const key = Key.generate("EdDSA");
  const template = { template: "https://many.example/{tenant}", claim: "tid", tenants: ["t1"] };
  const verifier = new Verifier(new Issuers({ issuer: template, keys: key.publicKey() }));
  const more = `"tid":"t1","exp":${Math.floor(Date.now() / 1000) + 60}`;
  const signed = (payload) => signJws(new TextEncoder().encode(payload), key, { typ: "JWT" });
  for (let round = 0; round < 3; round += 1) {
    // The token has the name, but not as its issuer.
    const nested = signed(`{"act":{"iss":"https://many.example/t1"},${more}}`);
    await assert.rejects(verifier.verifyAsync(nested), { code: "CLAIM_MISSING", claim: "iss" });
    await verifier.verifyAsync(signed(`{"iss":"https://many.example/t1",${more}}`));
  }
});

test("says_what_is_no_issuers_and_which_cryptography_was_used", async () => {
  const foreign = { code: "KEY_INVALID", message: "method called on another object" };
  assert.throws(() => Issuers.prototype.verifier.call({}), foreign);
  const verifier = new Verifier(new Issuers(issuerOf(first)), { audience: "api" });
  assert.equal(verifier.engine, undefined);
  await verifier.verifyAsync(first.token(claims));
  assert.equal(verifier.engine, "node:crypto");
  verifier.free();
  const freed = { code: "KEY_INVALID", message: "verifier has been freed" };
  await assert.rejects(verifier.verifyAsync(first.token(claims)), freed);
});

test("takes_keys_of_several_kinds_for_one_issuer", async () => {
  const key = Key.generate("EdDSA", { kid: "own" });
  const keys = [key.publicKey(), new RemoteKeySet(first.jwksUrl, remote(first))];
  const verifier = new Verifier(new Issuers({ issuer: first.issuer, keys }), { audience: "api" });
  for (const token of [first.token(claims), sign({ ...claims, iss: first.issuer }, key)]) {
    assert.equal((await verifier.verifyAsync(token)).claims.sub, "alice");
  }
});

test("calls_no_function_for_tenants_that_are_no_guid", async () => {
  const asked = [];
  const tenant = (id) => asked.push(id) > 0;
  const verifier = new Verifier(new Issuers(entra({ tenant })), { audience: "api" });
  const issuer = new TestIssuer("https://login.microsoftonline.com");
  const token = issuer.token({ ...claims, iss: "https://login.microsoftonline.com/common/v2.0" });
  await assert.rejects(verifier.verifyAsync(token), { code: "CLAIM_INVALID", claim: "iss" });
  assert.deepEqual(asked, []);
});

test("finds_keys_by_the_metadata", async () => {
  for (const path of ["", "/realm", "/realm/"]) {
    const issuer = new TestIssuer(`https://found.example${path}`, { jwksUrl: "https://found.example/keys" });
    const verifier = new Verifier(new Issuers({ issuer: issuer.issuer, discovery: true, remote: remote(issuer) }), {
      audience: "api",
    });
    await Promise.all(Array.from({ length: 5 }, () => verifier.verifyAsync(issuer.token(claims))));
    const place = `https://found.example${path.replace(/\/$/, "")}/.well-known/openid-configuration`;
    assert.deepEqual(issuer.requests, [place, "https://found.example/keys"]);
    issuer.rotate();
  }
});

test("falls_back_to_the_place_of_rfc_8414", async () => {
  const issuer = new TestIssuer("https://oauth.example/tenant");
  const asked = [];
  const fetch = async (url) => {
    asked.push(url);
    return url.endsWith("openid-configuration") ? new Response("", { status: 404 }) : issuer.fetch(url);
  };
  const found = await discover(issuer.issuer, { fetch });
  assert.deepEqual(asked, [
    "https://oauth.example/tenant/.well-known/openid-configuration",
    "https://oauth.example/.well-known/oauth-authorization-server/tenant",
  ]);
  assert.equal(found.jwksUrl, issuer.jwksUrl);
  await verifyAsync(issuer.token(claims), new Issuers(found), { audience: "api" });
});

test("believes_no_metadata_of_another_issuer_and_no_http_address", async () => {
  const jwks_uri = "https://meta.example/keys";
  const another = ["content", "the metadata is of another issuer"];
  const noAddress = ["content", 'the metadata has no "jwks_uri"'];
  const notHttps = ["content", 'the "jwks_uri" of the metadata is not https'];
  const noObject = ["not-json", "the issuer's metadata is not a JSON object"];
  for (const [answer, [reason, message]] of [
    [{ issuer: "https://evil.example", jwks_uri }, another],
    [{ issuer: "https://meta.example/", jwks_uri }, another],
    [[], another],
    [{ issuer: "https://meta.example" }, noAddress],
    [{ issuer: "https://meta.example", jwks_uri: [jwks_uri] }, noAddress],
    ...["http://meta.example/keys", "http://localhost/keys", "/keys", ""].map((wrong) => [
      { issuer: "https://meta.example", jwks_uri: wrong },
      notHttps,
    ]),
    ...["<html>", "null", '"x"', ""].map((text) => [text, noObject]),
  ]) {
    const body = typeof answer === "string" ? answer : JSON.stringify(answer);
    const fetch = async () => new Response(body);
    const expected = { code: "JWKS_UNAVAILABLE", reason, message };
    await assert.rejects(discover("https://meta.example", { fetch }), expected, body);
    const issuers = new Issuers({ issuer: "https://meta.example", discovery: true, remote: { fetch } });
    const token = new TestIssuer("https://meta.example").token({});
    await assert.rejects(verifyAsync(token, issuers), expected, body);
  }
  for (const [status, isRedirected] of [[201], [301], [401], [404], [500], [200, true]]) {
    let cancelled = 0;
    const cancel = () => {
      cancelled += 1;
    };
    const fetch = async () => {
      const response = new Response(new ReadableStream({ cancel }), { status });
      return Object.defineProperty(response, "redirected", { value: isRedirected === true });
    };
    await assert.rejects(discover("https://meta.example", { fetch }), {
      code: "JWKS_UNAVAILABLE",
      reason: "status",
      message: "the issuer's server answered with a status other than 200",
    });
    assert.equal(cancelled, status === 404 ? 2 : 1, "the bodies are not left open");
  }
  const metadata = JSON.stringify({ issuer: "https://meta.example", jwks_uri });
  for (const [bytes, isAccepted] of [
    [131_072, true],
    [131_073, false],
  ]) {
    const found = discover("https://meta.example", { fetch: async () => new Response(metadata.padEnd(bytes)) });
    if (isAccepted) assert.equal((await found).jwksUrl, jwks_uri);
    else {
      const message = "the issuer's metadata is longer than the limit";
      await assert.rejects(found, { code: "JWKS_UNAVAILABLE", reason: "too-long", message });
    }
  }
  const latin1 = async () => new Response(new Uint8Array([0x22, 0xff, 0x22]));
  await assert.rejects(discover("https://meta.example", { fetch: latin1 }), {
    code: "JWKS_UNAVAILABLE",
    reason: "not-utf-8",
    message: "the issuer's metadata is not UTF-8",
  });
  const endless = async () => new Response(new ReadableStream({ pull: (to) => to.enqueue(new Uint8Array(65_536)) }));
  await assert.rejects(discover("https://meta.example", { fetch: endless }), { code: "JWKS_UNAVAILABLE" });
  const asked = [];
  const silent = (_, { redirect, signal }) => {
    asked.push({ redirect, signal });
    return new Promise(() => {});
  };
  await assert.rejects(discover("https://meta.example", { fetch: silent, timeoutMs: 20 }), {
    code: "JWKS_UNAVAILABLE",
    reason: "timeout",
    message: "the issuer's server took too long",
  });
  assert.deepEqual(
    asked.map(({ redirect, signal }) => [redirect, signal.aborted]),
    [["manual", true]],
  );
  let cancelled = 0;
  const cancel = () => {
    cancelled += 1;
  };
  const stalling = async () => new Response(new ReadableStream({ cancel }));
  await assert.rejects(discover("https://meta.example", { fetch: stalling, timeoutMs: 20 }), { reason: "timeout" });
  assert.equal(cancelled, 1, "the body is not left open");
  for (const issuer of ["", "meta.example", 7, undefined, new URL("https://meta.example")]) {
    await assert.rejects(discover(issuer), { code: "OPTION_INVALID", message: "the issuer is not a URL" });
  }
  const http = "http://meta.example";
  await assert.rejects(discover(http), { code: "OPTION_INVALID", message: "the URL of the key set is not https" });
  // Over plain HTTP only if the options say so.
  for (const [issuer, option] of [
    ["http://localhost:7000", "allowInsecureLoopback"],
    [http, "dangerouslyAllowHttp"],
  ]) {
    const answer = { issuer, jwks_uri: `${issuer}/keys` };
    const fetch = async () => Response.json(answer);
    assert.equal((await discover(issuer, { fetch, [option]: true })).jwksUrl, answer.jwks_uri);
    await assert.rejects(discover(issuer, { fetch, [option]: false }), { code: "OPTION_INVALID" });
  }
});

test("gives_coded_errors_for_servers_and_options_of_any_kind", async () => {
  const dead = async () => {
    throw new TypeError("fetch failed", { cause: Object.assign(new Error("connect"), { code: "ECONNREFUSED" }) });
  };
  await assert.rejects(discover("https://dead.example", { fetch: dead }), {
    name: "CountersignError",
    code: "JWKS_UNAVAILABLE",
    reason: "connection-refused",
  });
  await assert.rejects(discover("https://dead.example", { fetch: async () => undefined }), {
    code: "JWKS_UNAVAILABLE",
  });
  for (const options of [null, { fetch: 5 }, { headers: 5 }, { timeoutms: 5 }, { timeoutMs: "x" }]) {
    await assert.rejects(discover("https://a.example", options), { code: "OPTION_INVALID" }, JSON.stringify(options));
  }
});

test("sends_header_fields_only_to_the_issuers_own_server", async () => {
  const accept = "application/jwk-set+json, application/json";
  for (const [host, authorization] of [
    ["own.example", "Bearer secret"],
    ["elsewhere.example", undefined],
  ]) {
    const sent = [];
    const issuer = new TestIssuer("https://own.example", { jwksUrl: `https://${host}/keys` });
    const fetch = (url, { headers, redirect, signal }) => {
      const fields = Object.fromEntries(new Headers(headers));
      sent.push([new URL(url).host, fields.authorization, fields.accept, redirect, signal?.aborted]);
      return issuer.fetch(url);
    };
    const headers = { authorization: "Bearer secret" };
    const issuers = new Issuers({ issuer: issuer.issuer, discovery: true, remote: { fetch, headers } });
    await verifyAsync(issuer.token(claims), issuers, { audience: "api" });
    assert.deepEqual(sent, [
      ["own.example", "Bearer secret", accept, "manual", false],
      [host, authorization, accept, "manual", false],
    ]);
  }
});

test("refuses_what_is_no_key_of_an_issuer_before_any_token_comes", () => {
  const issuer = "https://login.example";
  for (const [wrong, said] of [
    [issuer, "a URL: new RemoteKeySet(url) fetches its keys"],
    [{ keys: [] }, "a JWK Set: read it with KeySet.fromJwks"],
    [{ kty: "oct", k: "AA" }, "a JWK: read it with Key.fromJwk"],
  ]) {
    for (const given of [wrong, [wrong]]) {
      const message = `not a Key or KeySet, but ${said}`;
      assert.throws(() => new Issuers({ issuer, keys: given }), { code: "KEY_INVALID", message });
    }
  }
  const message = "an issuer is a string: pass { issuer, discovery: true }, or { issuer, jwksUrl }";
  for (const wrong of [issuer, [issuer]]) assert.throws(() => new Issuers(wrong), { code: "OPTION_INVALID", message });
});

test("works_with_a_profile_that_demands_an_issuer", async () => {
  const issuers = new Issuers(issuerOf(first));
  const verifier = new Verifier(issuers, { audience: "api", profile: "at+jwt" });
  const token = first.token({ ...claims, client_id: "c", jti: "1" }, { sign: { typ: "at+jwt" } });
  assert.equal((await verifier.verifyAsync(token)).header.typ, "at+jwt");
  await assert.rejects(verifier.verifyAsync(first.token(claims)), { code: "TOKEN_HEADER_INVALID" });
});

test("reads_the_same_claims_as_one_key_does", async () => {
  const verifier = new Verifier(new Issuers(issuerOf(first)), { audience: "api" });
  const token = first.token({ ...claims, nested: { a: [1, "é"] } });
  assert.deepEqual(await verifier.verifyAsync(token), decodeUnverified(token));
});

/** A certificate that OpenSSL has made, and its private key. */
function certificate(kid = "one") {
  const { documents } = JSON.parse(readFileSync(new URL("certificate.json", import.meta.url), "utf8"));
  const key = Key.fromPem(documents.privateKey, { alg: "RS256", kid });
  return { pem: documents.certificate, key };
}

test("sends_own_header_fields_to_the_issuers_origin_only", async () => {
  for (const [jwksUrl, sent] of [
    ["https://cdn.example/jwks.json", null],
    ["https://meta.example/jwks.json", "Bearer 1"],
  ]) {
    const asked = {};
    const fetch = async (url, { headers }) => {
      asked[url] = new Headers(headers).get("authorization");
      const isSet = `${url}` === jwksUrl;
      return Response.json(isSet ? first.jwks : { issuer: "https://meta.example", jwks_uri: jwksUrl });
    };
    const found = await discover("https://meta.example", { fetch, headers: { authorization: "Bearer 1" } });
    const verifier = new Verifier(new Issuers(found), { audience: "api" });
    const token = first.token({ ...claims, iss: "https://meta.example" });
    await verifier.verifyAsync(token).catch(() => {});
    assert.equal(asked[jwksUrl], sent);
    assert.equal(Object.values(asked)[0], "Bearer 1");
  }
});

test("finds_the_keys_of_an_issuer_without_any_option", async (t) => {
  const metadata = { issuer: "https://meta.example", jwks_uri: "https://meta.example/jwks.json" };
  t.mock.method(globalThis, "fetch", async () => Response.json(metadata));
  const found = await discover("https://meta.example");
  assert.deepEqual(found, { issuer: metadata.issuer, jwksUrl: metadata.jwks_uri });
});

test("uses_no_key_of_microsoft_that_is_for_another_tenant_alone", async () => {
  const [tenant, consumers] = ["8eaef023-2b34-4da1-9baa-8bc8c9d6a490", "9188040d-6c67-4c5b-b112-36a304b66dad"];
  const login = "https://login.microsoftonline.com";
  const [general, special] = [certificate("general").key, Key.generate("RS256", { kid: "special" })];
  const { keys } = new KeySet([general.publicKey(), special.publicKey()]).toJwks();
  const answer = {
    keys: [
      { ...keys[0], issuer: `${login}/{tenantid}/v2.0` },
      { ...keys[1], issuer: `${login}/${consumers}/v2.0` },
    ],
  };
  const remoteOf = { fetch: async () => Response.json(answer) };
  const token = (id, key) => sign({ iss: `${login}/${id}/v2.0`, aud: "api", tid: id, ver: "2.0" }, key);
  for (const accepted of [tenant, [tenant], (id) => id === tenant]) {
    const verifier = new Verifier(new Issuers(entra({ tenant: accepted }, { remote: remoteOf })), { audience: "api" });
    await verifier.verifyAsync(token(tenant, general));
    await assert.rejects(verifier.verifyAsync(token(tenant, special)), { code: "KEY_NOT_FOUND" });
  }
  const both = new Issuers([
    entra({ tenant: [tenant] }, { remote: remoteOf }),
    entra({ tenant: consumers }, { remote: remoteOf }),
  ]);
  const verifier = new Verifier(both, { audience: "api" });
  await verifier.verifyAsync(token(consumers, special));
  await assert.rejects(verifier.verifyAsync(token(tenant, special)), { code: "KEY_NOT_FOUND" });
});

test("reads_certificates_by_kid", async () => {
  const { pem, key } = certificate();
  const requests = [];
  const fetch = async (url) => {
    requests.push(url);
    return Response.json({ one: pem, two: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----" });
  };
  const issuers = new Issuers({ ...firebase("example", { sessionCookie: true }), remote: { fetch } });
  const now = Math.floor(Date.now() / 1000);
  const cookie = { iss: "https://session.firebase.google.com/example", aud: "example", sub: "u", auth_time: now - 5 };
  const verified = await verifyAsync(sign(cookie, key), issuers);
  assert.equal(verified.claims.sub, "u");
  assert.deepEqual(requests, ["https://www.googleapis.com/identitytoolkit/v3/relyingparty/publicKeys"]);
  const wrong = sign(cookie, certificate("two").key);
  await assert.rejects(verifyAsync(wrong, issuers), { code: "KEY_NOT_FOUND" });
  for (const body of ["<html>", "null", "[]", JSON.stringify([pem]), '"x"', "7", ""]) {
    const answering = { fetch: async () => new Response(body) };
    const broken = new Issuers({ ...firebase("example", { sessionCookie: true }), remote: answering });
    await assert.rejects(verifyAsync(sign(cookie, key), broken), {
      code: "JWKS_UNAVAILABLE",
      reason: "not-json",
      message: "the key set is not a JSON object of certificates",
    });
  }
});
