// A Worker that calls a guard many times in one request: `?guard=NAME&times=N`. workerd's clock stands still meanwhile,
// so login.mjs reads the CPU time of the process.

import { Buffer } from "node:buffer";
import { createPublicKey, verify } from "node:crypto";
import { bearerGuard } from "countersign/http";
import { Key, Signer, Verifier } from "countersign/jwt";

const expected = { issuer: "https://login.example", audience: "https://api.example" };
let guards;

/** Workers have random numbers only while they handle a request. */
function makeGuards() {
  const made = { none: { guard: () => null, tokens: [""] } };
  for (const alg of ["HS256", "EdDSA"]) {
    const key = Key.generate(alg, { kid: "one" });
    const signer = new Signer(key, { ...expected, expiresIn: "1h" });
    const tokens = Array.from({ length: 100 }, (_, index) => signer.sign({ sub: `user ${index}`, scope: "profile" }));
    const publicKey = alg === "HS256" ? key : key.publicKey();
    const verifier = new Verifier(publicKey, expected);
    if (alg === "EdDSA") made["signature alone"] = bare(key, tokens);
    made[alg] = { guard: bearerGuard(verifier, { scope: "profile" }), tokens };
    const cached = new Verifier(publicKey, { ...expected, cache: { maxEntries: 1000 } });
    made[`${alg}, cache`] = { guard: bearerGuard(cached, { scope: "profile" }), tokens };
  }
  return made;
}

/** Only the check of the signature, by the platform. */
function bare(key, tokens) {
  const publicKey = createPublicKey({ key: key.publicKey().toJwk(), format: "jwk" });
  return {
    tokens,
    guard(request) {
      const token = request.headers.get("Authorization").slice("Bearer ".length);
      const end = token.lastIndexOf(".");
      if (!verify(null, Buffer.from(token.slice(0, end)), publicKey, Buffer.from(token.slice(end + 1), "base64url")))
        throw new Error("the signature is wrong");
    },
  };
}

export default {
  async fetch(request) {
    const { searchParams } = new URL(request.url);
    guards ??= makeGuards();
    const { guard, tokens } = guards[searchParams.get("guard")];
    const times = Number(searchParams.get("times"));
    for (let index = 0; index < times; index += 1) {
      const headers = { Authorization: `Bearer ${tokens[index % tokens.length]}` };
      const caller = await guard(new Request("https://api.example/", { headers }));
      if (caller instanceof Response) return caller;
    }
    return new Response("done");
  },
};
