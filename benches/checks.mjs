// What the libraries do not check, found by asking them: tokens that are wrong in one way each, to the same verifiers
// that are timed.

import { createHmac, randomBytes } from "node:crypto";
import { librariesFor, materialOf } from "./tokens.mjs";

/** Those that check issuer, audience and expiry themselves. */
const ASKED = ["countersign", "jose", "jsonwebtoken", "fast-jwt", "hono/jwt"];

const now = () => Math.floor(Date.now() / 1000);
const good = () => ({ iss: "https://login.example", aud: "https://api.example", iat: now(), exp: now() + 900 });
const without = (name) => JSON.stringify({ ...good(), [name]: undefined });

/** What is wrong, and a token with exactly that, made with the right secret. */
const WRONG = {
  "another signature": (make) => make(JSON.stringify(good()), { secret: randomBytes(32) }),
  "expired a second ago": (make) => make(JSON.stringify({ ...good(), exp: now() - 1 })),
  "without exp": (make) => make(without("exp")),
  "another issuer": (make) => make(JSON.stringify({ ...good(), iss: "https://login.example.org" })),
  "without iss": (make) => make(without("iss")),
  "another audience": (make) => make(JSON.stringify({ ...good(), aud: "https://api.example.org" })),
  "without aud": (make) => make(without("aud")),
  "aud with a number in it": (make) => make(JSON.stringify({ ...good(), aud: [5, "https://api.example"] })),
  "nbf in an hour": (make) => make(JSON.stringify({ ...good(), nbf: now() + 3600 })),
  "iat in an hour": (make) => make(JSON.stringify({ ...good(), iat: now() + 3600 })),
  "sub twice": (make) => make(JSON.stringify(good()).replace("{", '{"sub":"alice","sub":"admin",')),
  "crit that nobody understands": (make) =>
    make(JSON.stringify(good()), { header: { alg: "HS256", crit: ["urn:unknown"], "urn:unknown": true } }),
  "zip, which only encrypted tokens have": (make) =>
    make(JSON.stringify(good()), { header: { alg: "HS256", zip: "DEF" } }),
  "signature spelled in another way": (make) => respelled(make(JSON.stringify(good()))),
  "longer than 16 KiB": (make) => make(JSON.stringify({ ...good(), padding: "x".repeat(16_384) })),
};

/** By what is wrong, then by library: whether the token is refused. */
export async function refusals() {
  const material = await materialOf("HS256");
  const { secret } = material;
  const makers = librariesFor("HS256");
  const libraries = Object.fromEntries(
    await Promise.all(ASKED.map(async (name) => [name, await makers[name](material)])),
  );
  const make = (payload, { header = { alg: "HS256", typ: "JWT" }, secret: own = secret } = {}) => {
    const input = [JSON.stringify(header), payload].map((text) => Buffer.from(text).toString("base64url")).join(".");
    return `${input}.${createHmac("sha256", own).update(input).digest("base64url")}`;
  };
  const accepts = async (library, token) => Boolean(await library.verify(token));
  // A good token is accepted, or this throws.
  for (const library of Object.values(libraries)) await accepts(library, make(JSON.stringify(good())));
  const rows = {};
  for (const [what, token] of Object.entries(WRONG)) {
    rows[what] = {};
    for (const [name, library] of Object.entries(libraries)) {
      rows[what][name] = !(await accepts(library, token(make)).catch(() => false));
    }
  }
  return rows;
}

/** The last character of 32 bytes in base64url has two bits that say nothing; here they are not zero. */
function respelled(token) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return token.slice(0, -1) + alphabet[alphabet.indexOf(token.at(-1)) + 1];
}
