// Tokens that are bound to keys, with the types of browsers, Node and Workers. This file is compiled but never run.

import { type CheckedProof, type DpopProof, DpopSigner, DpopVerifier } from "countersign/dpop";
import { bearerGuard, openApi, type ProofVerifier, protectedResourceMetadata, tokenEndpoint } from "countersign/http";
import { Key, Signer, Verifier } from "countersign/jwt";
import { memoryStore, Sessions, type TokenPair } from "countersign/session";

declare const request: Request;
declare const keyPair: { privateKey: CryptoKey; publicKey: CryptoKey };

const secret = new Uint8Array(32);
const store = memoryStore();
const dpop = new DpopVerifier({
  publicUrl: ["https://api.example"],
  algorithms: ["ES256", "EdDSA"],
  maxAge: "1m",
  store,
  nonceSecret: [secret],
  nonceExpiresIn: 300,
});
// @ts-expect-error not an algorithm with public keys
new DpopVerifier({ algorithms: ["HS256"] });
export const asked: ProofVerifier = dpop;

const key = Key.generate("EdDSA");
const sessions = new Sessions({ signer: new Signer(key), store, secret });
export const token = tokenEndpoint({ sessions, dpop, requireDpop: true, authenticate: () => null });
const guard = bearerGuard(new Verifier(key.publicKey()), { dpop, requireDpop: true });
// @ts-expect-error a verifier of tokens checks no proofs
bearerGuard(new Verifier(key.publicKey()), { dpop: new Verifier(key.publicKey()) });
protectedResourceMetadata({ resource: "https://api.example", dpop, requireDpop: true });
openApi({ title: "API", version: "1.0.0", dpop: true });

/** What a server does. */
export async function serve(): Promise<DpopProof> {
  const proof: CheckedProof = await dpop.check(request);
  await proof.use();
  const pair: TokenPair = await sessions.start("alice", { proof });
  await sessions.refresh(pair.refreshToken, { proof: { thumbprint: proof.thumbprint } });
  const caller = await guard(request);
  if (caller instanceof Response) throw new Error();
  const headers: Headers | undefined = caller.headers;
  const nonce: string | undefined = await dpop.nonce();
  const { claims, header, nextNonce } = await dpop.verify(request, { accessToken: pair.accessToken, now: new Date() });
  const values: [string | undefined, string, unknown] = [nextNonce, header.alg, claims.htu];
  void [headers, nonce, values];
  return proof;
}

/** What a client does. */
export async function ask(): Promise<Response> {
  const signer = await DpopSigner.create({ keepAs: "login" });
  await DpopSigner.create({ keyPair });
  await signer.proof({ method: "GET", url: new URL("https://api.example"), accessToken: "a", nonce: undefined });
  // @ts-expect-error a proof is for a method
  await signer.proof({ url: "https://api.example" });
  await signer.forget();
  const thumbprint: string = signer.thumbprint;
  const { fetch } = signer;
  return fetch("https://api.example", { accessToken: thumbprint, method: "POST", body: "text" });
}
