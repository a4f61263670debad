// `TestIssuer`: its right tokens are accepted, each of its wrong ones is refused for what its name says.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { RemoteKeySet, Verifier } from "countersign/jwt";
import { TestIssuer } from "countersign/testing";
import * as jose from "jose";

const FAULTS = {
  altered: "TOKEN_SIGNATURE_INVALID",
  expired: "TOKEN_EXPIRED",
  "not-yet-valid": "TOKEN_NOT_YET_VALID",
  "unknown-key": "KEY_NOT_FOUND",
  unsigned: "TOKEN_ALGORITHM_MISMATCH",
  "without-expiry": "CLAIM_MISSING",
  "without-issuer": "CLAIM_MISSING",
  "wrong-audience": "CLAIM_INVALID",
  "wrong-issuer": "CLAIM_INVALID",
  "wrong-key": "TOKEN_SIGNATURE_INVALID",
};

for (const alg of ["ES256", "EdDSA", "RS256"]) {
  test(`signs_right_and_wrong_tokens_with_${alg}`, async () => {
    const issuer = new TestIssuer("https://login.example", { alg });
    const keys = new RemoteKeySet(issuer.jwksUrl, { fetch: issuer.fetch });
    const verifier = new Verifier(keys, { issuer: issuer.issuer, audience: "api" });
    const claims = { sub: "alice", aud: "api" };
    const { claims: read } = await verifier.verifyAsync(issuer.token(claims));
    assert.equal(read.sub, "alice");
    for (const [fault, code] of Object.entries(FAULTS)) {
      await assert.rejects(verifier.verifyAsync(issuer.token(claims, { fault })), { code }, fault);
    }
    const local = jose.createLocalJWKSet(issuer.jwks());
    await jose.jwtVerify(issuer.token(claims), local, { issuer: issuer.issuer, audience: "api" });
  });
}

test("rotates_and_takes_old_keys_away", async () => {
  const issuer = new TestIssuer();
  const { fetch, jwksUrl } = issuer;
  const fresh = () => new Verifier(new RemoteKeySet(jwksUrl, { fetch }), { issuer: "https://issuer.test" });
  const old = issuer.token({});
  issuer.rotate();
  await fresh().verifyAsync(old);
  await fresh().verifyAsync(issuer.token());
  issuer.rotate({ keep: 0 });
  await assert.rejects(fresh().verifyAsync(old), { code: "KEY_NOT_FOUND" });
  assert.equal(issuer.jwks().keys.length, 1);
  assert.deepEqual(
    Object.keys(issuer.jwks().keys[0]).filter((name) => name === "d"),
    [],
  );
});

test("needs_no_other_import", () => {
  const uses = "console.log(typeof new TestIssuer().token());";
  const programs = {
    import: ["--input-type=module", `import { TestIssuer } from "countersign/testing"; ${uses}`],
    require: ["--input-type=commonjs", `const { TestIssuer } = require("countersign/testing"); ${uses}`],
  };
  for (const [way, [type, program]] of Object.entries(programs)) {
    assert.equal(execFileSync(process.execPath, [type, "--eval", program], { encoding: "utf8" }), "string\n", way);
  }
});

test("fails_as_a_server_does", async () => {
  const issuer = new TestIssuer();
  issuer.failing = 503;
  const verifier = new Verifier(new RemoteKeySet(issuer.jwksUrl, { fetch: issuer.fetch }));
  await assert.rejects(verifier.verifyAsync(issuer.token()), { code: "JWKS_UNAVAILABLE" });
  assert.deepEqual(issuer.requests, [issuer.jwksUrl]);
  assert.equal((await new TestIssuer().fetch("https://issuer.test/other")).status, 404);
});

test("refuses_wrong_options", () => {
  assert.throws(() => new TestIssuer("issuer"), { code: "OPTION_INVALID" });
  assert.throws(() => new TestIssuer("https://issuer.test", { algorithm: "ES256" }), { code: "OPTION_INVALID" });
  const issuer = new TestIssuer();
  for (const options of [{ fault: "typo" }, { faults: "expired" }]) {
    assert.throws(() => issuer.token({}, options), { code: "OPTION_INVALID" });
  }
});
