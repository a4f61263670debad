// Every preset takes the tokens of its issuer, by the keys at the right address, and refuses each wrong one.

import assert from "node:assert/strict";
import { test } from "node:test";
import * as presets from "countersign/issuers";
import { Key, Verifier } from "countersign/jwt";
import { ALWAYS, otherKeys, rows, tokenOf } from "./cases.mjs";

const { Issuers } = presets;

/** The names of all presets, so that none is without a row. */
const PRESETS = [
  "apple",
  "auth0",
  "clerk",
  "cloudflareAccess",
  "cognito",
  "entra",
  "firebase",
  "githubActions",
  "gitlab",
  "google",
  "keycloak",
  "kubernetes",
  "okta",
  "supabase",
  "vercel",
];

const table = rows({ presets });

/** A verifier of that issuer whose requests go to what the row says. */
function verifierOf({ issuer, url, answer, metadata, options }, requests = []) {
  const fetch = async (asked) => {
    requests.push(asked);
    if (asked === url) return Response.json(answer);
    if (asked === metadata?.url) return Response.json(metadata.answer);
    return new Response("", { status: 404 });
  };
  return new Verifier(new Issuers({ ...issuer, remote: { fetch } }), options);
}

test("has_a_row_for_each_preset", () => {
  const exported = Object.keys(presets).filter((name) => typeof presets[name] === "function" && /^[a-z]/.test(name));
  assert.deepEqual(exported.filter((name) => !/^discover$|^verify/.test(name)).sort(), PRESETS);
  for (const name of PRESETS)
    assert.ok(
      Object.keys(table).some((row) => row.split(",")[0] === name),
      name,
    );
});

for (const [name, row] of Object.entries(table)) {
  test(`accepts_a_token_of_${name}`, async () => {
    const requests = [];
    const verifier = verifierOf(row, requests);
    const { claims } = await verifier.verifyAsync(tokenOf(row));
    assert.equal(claims.iss, row.claims.iss);
    await verifier.verifyAsync(tokenOf(row));
    assert.deepEqual(requests, [row.metadata?.url, row.url].filter(Boolean));
    for (const change of row.also ?? []) await verifier.verifyAsync(tokenOf(row, change));
    verifier.free();
  });

  test(`refuses_wrong_tokens_of_${name}`, async () => {
    const verifier = verifierOf(row);
    const refused = Object.entries({ ...ALWAYS, ...row.refused });
    assert.ok(6 <= refused.length + 3, name);
    for (const [what, [change, code, claim]] of refused) {
      await assert.rejects(verifier.verifyAsync(tokenOf(row, change)), { code, claim }, what);
    }
    const { kid } = row.key ?? { kid: "1" };
    const forged = Key.generate("ES256", { kid });
    await assert.rejects(verifier.verifyAsync(tokenOf(row, {}, forged)), /^CountersignError/);
    await assert.rejects(verifier.verifyAsync(tokenOf(row, {}, otherKeys.eddsa)), { code: "KEY_NOT_FOUND" });
    const [header, payload, signature] = tokenOf(row).split(".");
    const [, another] = tokenOf(row, { sub: "system:admin" }).split(".");
    await assert.rejects(verifier.verifyAsync(`${header}.${another}.${signature}`), {
      code: "TOKEN_SIGNATURE_INVALID",
    });
    const unsigned = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${payload}.`;
    await assert.rejects(verifier.verifyAsync(unsigned), { code: "TOKEN_ALGORITHM_MISMATCH" });
    verifier.free();
  });
}

test("refuses_names_that_would_change_the_address", () => {
  for (const make of [
    () => presets.auth0("example.com/path"),
    () => presets.auth0("https://example.com"),
    () => presets.auth0("user@example.com"),
    () => presets.okta("example.okta.com", "a/b"),
    () => presets.okta("okta"),
    () => presets.cognito({ region: "eu-central-1.evil.example/", userPool: "p" }),
    () => presets.cognito({ region: "eu-central-1", userPool: "../x" }),
    () => presets.cloudflareAccess("evil.example/"),
    () => presets.firebase("a/b"),
    () => presets.keycloak("http://login.example", "main"),
    () => presets.keycloak("https://login.example?x", "main"),
    () => presets.keycloak("https://login.example", "a/b"),
    () => presets.supabase("example"),
    () => presets.vercel("a b"),
    () => presets.gitlab("ftp://gitlab.example"),
    () => presets.kubernetes("http://kubernetes"),
    () => presets.clerk(""),
    () => presets.entra({ tenant: "common" }),
    () => presets.entra({ tenant: "contoso.onmicrosoft.com" }),
    () => presets.entra({ tenant: [], version: "3.0" }),
    () => presets.entra({ tenant: "8eaef023-2b34-4da1-9baa-8bc8c9d6a490", tenants: [] }),
    () => presets.google({ hd: "example.com" }),
    () => presets.apple({ audiance: "x" }),
  ]) {
    assert.throws(make, { code: "OPTION_INVALID" }, make.toString());
  }
});

test("says_where_the_options_of_every_preset_go", () => {
  assert.throws(() => presets.google({ audience: "client" }), {
    code: "OPTION_INVALID",
    message: 'unknown option "audience": pass it in the last argument',
  });
});

test("takes_a_realm_of_a_server_on_this_machine", () => {
  const options = { remote: { allowInsecureLoopback: true } };
  assert.equal(
    presets.keycloak("http://localhost:8080/", "main", {}, options).issuer,
    "http://localhost:8080/realms/main",
  );
});
