/** A token to look at, with the key that checks it. */

import { Key, sign } from "/pkg/dist/inline/jwt.js";

/** A fresh token, its public key, and what to require of it. */
export function makeExample() {
  const made = Key.generate("EdDSA");
  const key = made.withKid(made.thumbprint());
  const [issuer, audience] = ["https://login.example", "https://api.example"];
  const token = sign({ sub: "alice", scope: "profile" }, key, { issuer, audience, jwtId: true, expiresIn: "15m" });
  const text = JSON.stringify(key.toJwk(), null, 2);
  for (const each of [made, key]) each.free();
  return { token, key: { text }, demands: { issuer, audience } };
}
