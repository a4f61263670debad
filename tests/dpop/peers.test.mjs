// Other people's clients against our server, and our proofs against another server: dpop, oauth4webapi and openid-client.

import assert from "node:assert/strict";
import { test } from "node:test";
import { DpopSigner, DpopVerifier } from "countersign/dpop";
import { Key, KeySet, Signer } from "countersign/jwt";
import * as peer from "dpop";
import * as oauth from "oauth4webapi";
import * as openid from "openid-client";
import { LOG_IN, makeSystem, SECRET } from "./system.mjs";

const ORIGIN = "https://api.example";
const METADATA = { issuer: ORIGIN, token_endpoint: `${ORIGIN}/token`, jwks_uri: `${ORIGIN}/jwks` };
const me = new URL(`${ORIGIN}/me`);
const serving = (system) => (url, options) => system.serve(new Request(url, options));

for (const alg of ["ES256", "Ed25519", "RS256", "PS256"]) {
  test(`accepts a proof with ${alg} of dpop`, async () => {
    const pair = await peer.generateKeyPair(alg);
    const verifier = new DpopVerifier({ nonceSecret: SECRET });
    const nonce = await verifier.nonce();
    const ask = async (proof, accessToken) =>
      verifier.verify(new Request(`${me}?x=1`, { headers: { DPoP: proof } }), { accessToken });
    const right = await peer.generateProof(pair, me.href, "GET", nonce, "the token");
    const { header, thumbprint } = await ask(right, "the token");
    assert.equal(thumbprint, await peer.calculateThumbprint(pair.publicKey));
    assert.equal(header.alg, alg);
    const wrong = await peer.generateProof(pair, me.href, "GET", nonce, "another token");
    await assert.rejects(ask(wrong, "the token"), { code: "CLAIM_INVALID", claim: "ath" });
    const posting = await peer.generateProof(pair, me.href, "POST", nonce, "the token");
    await assert.rejects(ask(posting, "the token"), { code: "CLAIM_INVALID", claim: "htm" });
  });
}

for (const alg of ["ES256", "ES384", "ES512", "Ed25519", "PS256", "RS256"]) {
  test(`logs in, calls and refreshes with oauth4webapi and ${alg}`, async () => {
    const system = makeSystem({ dpop: { nonceSecret: SECRET }, token: { requireDpop: true }, session: { grace: 0 } });
    const client = { client_id: "app" };
    const handle = (pair) => ({ DPoP: oauth.DPoP(client, pair), [oauth.customFetch]: serving(system) });
    const [mine, other] = [handle(await oauth.generateKeyPair(alg)), handle(await oauth.generateKeyPair(alg))];
    const again = async (ask) => {
      try {
        return await ask();
      } catch (error) {
        // The server demands a nonce.
        assert.ok(oauth.isDPoPNonceError(error), error);
        return ask();
      }
    };
    const logIn = async () => {
      const asked = oauth.genericTokenEndpointRequest(METADATA, client, oauth.None(), "password", LOG_IN, mine);
      return oauth.processGenericTokenEndpointResponse(METADATA, client, await asked);
    };
    const tokens = await again(logIn);
    assert.equal(tokens.token_type, "dpop");
    const call = async (accessToken, options) =>
      (await oauth.protectedResourceRequest(accessToken, "GET", me, undefined, undefined, options)).json();
    assert.deepEqual(await again(() => call(tokens.access_token, mine)), { user: "alice" });
    await assert.rejects(
      again(() => call(tokens.access_token, other)),
      ({ cause }) => cause.some(({ parameters }) => parameters.error === "invalid_token"),
    );
    const refresh = async (options) => {
      const asked = oauth.refreshTokenGrantRequest(METADATA, client, oauth.None(), tokens.refresh_token, options);
      return oauth.processRefreshTokenResponse(METADATA, client, await asked);
    };
    await assert.rejects(
      again(() => refresh(other)),
      { error: "invalid_grant" },
    );
    const next = await refresh(mine);
    assert.equal(next.token_type, "dpop");
    assert.deepEqual(await call(next.access_token, mine), { user: "alice" });
  });
}

test("logs in, calls and refreshes with openid-client", async () => {
  const system = makeSystem({ dpop: { nonceSecret: SECRET }, token: { requireDpop: true } });
  const config = new openid.Configuration(METADATA, "app", undefined, openid.None());
  config[openid.customFetch] = serving(system);
  const DPoP = openid.getDPoPHandle(config, await openid.randomDPoPKeyPair());
  const tokens = await openid.genericGrantRequest(config, "password", LOG_IN, { DPoP });
  assert.equal(tokens.token_type, "dpop");
  const call = (token) => openid.fetchProtectedResource(config, token, me, "GET", undefined, undefined, { DPoP });
  assert.deepEqual(await (await call(tokens.access_token)).json(), { user: "alice" });
  const next = await openid.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP });
  assert.deepEqual(await (await call(next.access_token)).json(), { user: "alice" });
  const plain = openid.genericGrantRequest(config, "password", LOG_IN);
  await assert.rejects(plain, ({ error }) => error === "invalid_dpop_proof");
});

test("makes proofs that oauth4webapi accepts, and refuses where it must", async () => {
  const key = Key.generate("ES256", { kid: "one" });
  const signer = await DpopSigner.create();
  const sign = (thumbprint) =>
    new Signer(key, { profile: "at+jwt", issuer: ORIGIN, audience: me.href, jwtId: true }).sign({
      sub: "alice",
      client_id: "app",
      cnf: { jkt: thumbprint },
    });
  const options = {
    requireDPoP: true,
    [oauth.customFetch]: async () => Response.json(new KeySet([key]).toJwks()),
  };
  const check = async (accessToken, { by = signer, method = "GET", url = `${me}?x=1#y` } = {}) => {
    const proof = await by.proof({ method, url, accessToken });
    const headers = { Authorization: `DPoP ${accessToken}`, DPoP: proof };
    return oauth.validateJwtAccessToken(METADATA, new Request(me, { headers }), me.href, options);
  };
  const token = sign(signer.thumbprint);
  assert.equal((await check(token)).sub, "alice");
  await assert.rejects(check(token, { method: "POST" }), /htm/);
  await assert.rejects(check(token, { url: `${me}/you` }), /htu/);
  await assert.rejects(check(token, { by: await DpopSigner.create() }), /JWT Access Token confirmation mismatch/);
});
