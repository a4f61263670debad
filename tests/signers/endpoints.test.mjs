// Endpoints and sessions with a signer whose key is elsewhere: the same answers, and 503 while the service fails.

import assert from "node:assert/strict";
import { sign as nodeSign } from "node:crypto";
import { test } from "node:test";
import { tokenEndpoint } from "countersign/http";
import { Key, Signer, verify } from "countersign/jwt";
import { memoryStore, Sessions } from "countersign/session";

const own = Key.generate("ES256", { kid: "kms" });
const pem = own.toPem({ private: true });
let isDown = false;
const kms = {
  alg: "ES256",
  kid: "kms",
  publicKey: own.publicKey(),
  sign: async (data) => {
    if (isDown) throw new Error("down");
    return nodeSign("sha256", data, pem);
  },
};
const signer = new Signer(kms, { issuer: "https://login.example", audience: "api" });
const authenticate = async (username, password) => (password === "right" ? { subject: username } : null);
const logIn = (endpoint, body = "username=alice&password=right") =>
  endpoint(
    new Request("https://login.example/token", {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body,
    }),
  );

const sessionsWith = (each) => new Sessions({ signer: each, store: memoryStore(), secret: new Uint8Array(32).fill(7) });
const audience = { audience: "api" };

for (const [name, each] of Object.entries({
  "a signer": signer,
  "an object with signAsync alone": { signAsync: (claims, o) => signer.signAsync(claims, o) },
  "an object with both": {
    sign() {
      throw new Error("signAsync is preferred");
    },
    signAsync: (claims, o) => signer.signAsync(claims, o),
  },
  "an object with sign": { sign: (claims, o) => signer.signAsync(claims, o) },
})) {
  test(`issues_tokens_with_${name.replaceAll(" ", "_")}`, async () => {
    const endpoint = tokenEndpoint({ authenticate, signer: each });
    const { access_token: token } = await (await logIn(endpoint)).json();
    assert.equal(verify(token, own.publicKey(), audience).claims.sub, "alice");
    const sessions = sessionsWith(each);
    const started = await sessions.start("alice");
    assert.equal(verify(started.accessToken, own.publicKey(), audience).claims.sid, started.sessionId);
    const refreshed = await sessions.refresh(started.refreshToken);
    assert.equal(verify(refreshed.accessToken, own.publicKey(), audience).claims.sub, "alice");
    const both = tokenEndpoint({ authenticate, sessions });
    const { refresh_token: refreshToken } = await (await logIn(both)).json();
    const again = await logIn(both, `grant_type=refresh_token&refresh_token=${encodeURIComponent(refreshToken)}`);
    assert.equal(again.status, 200);
  });
}

test("answers_503_while_the_service_fails", async () => {
  const sessions = sessionsWith(signer);
  const { refreshToken } = await sessions.start("alice");
  const endpoints = [tokenEndpoint({ authenticate, signer }), tokenEndpoint({ authenticate, sessions })];
  isDown = true;
  try {
    for (const endpoint of endpoints) {
      const response = await logIn(endpoint);
      assert.equal(response.status, 503);
      assert.ok(response.headers.has("Retry-After"));
      assert.equal((await response.json()).error, "temporarily_unavailable");
    }
    const refresh = await logIn(
      endpoints[1],
      `grant_type=refresh_token&refresh_token=${encodeURIComponent(refreshToken)}`,
    );
    assert.equal(refresh.status, 503);
    await assert.rejects(sessions.start("bob"), { code: "KEY_UNAVAILABLE" });
    assert.equal((await logIn(endpoints[0], "username=alice&password=wrong")).status, 400);
  } finally {
    isDown = false;
  }
  assert.equal((await logIn(endpoints[0])).status, 200);
});

test("refuses_what_cannot_sign", () => {
  for (const each of [{}, null, "signer", { sign: 7 }]) {
    const expected = {
      code: "OPTION_INVALID",
      message: 'option "signer" has no method "sign": make one with new Signer(key, { issuer, audience })',
    };
    assert.throws(() => tokenEndpoint({ authenticate, signer: each }), expected);
    assert.throws(() => sessionsWith(each), expected);
  }
});
