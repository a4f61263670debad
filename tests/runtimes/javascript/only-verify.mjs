// `countersign/verify`: in every runtime, it says the same as the large module about every token of the vectors. Nearly all of them
// are signed with secrets, which it does not know. Signed again with a key pair, they ask the same of headers, claims and options.

import { difference } from "../equal.mjs";
import { holds, same, thrownBy, withoutAdvice } from "./assertions.mjs";
import { ecJwks, keyFor } from "./materials.mjs";

const { d, ...publicJwk } = ecJwks.ES256;
const jwks = { keys: [{ ...publicJwk, alg: "ES256" }] };

const textOf = (segment) => atob(segment.replaceAll("-", "+").replaceAll("_", "/"));
const segmentOf = (text) => btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** The header with ES256 for any other signature, if it is base64url. */
function withEs256(segment) {
  try {
    return segmentOf(textOf(segment).replace(/"(HS|RS|PS|ES)(256|384|512)"|"EdDSA"/, '"ES256"'));
  } catch {
    return segment;
  }
}

async function signedAgain(token, key) {
  const [header, ...rest] = token.split(".");
  const input = [withEs256(header), ...rest.slice(0, -1)].join(".");
  const algorithm = { name: "ECDSA", hash: "SHA-256" };
  const signature = await crypto.subtle.sign(algorithm, key, new TextEncoder().encode(input));
  return `${input}.${segmentOf(String.fromCharCode(...new Uint8Array(signature)))}`;
}

/** What a module says about a token: its claims and header, or the parts of its error. */
async function answerOf(verifyAsync, token, keys, options) {
  try {
    const { header, claims } = await verifyAsync(token, keys, options);
    return { header, claims };
  } catch ({ name, code, message, claim, parameter, reason }) {
    return { name, code, message: withoutAdvice(message), claim, parameter, reason };
  }
}

export const cases = [
  {
    name: "countersign_verify_answers_as_the_large_module_about_every_token",
    async check(countersign, _realm, vectors) {
      const { onlyVerify } = countersign;
      const algorithm = { name: "ECDSA", namedCurve: "P-256" };
      const key = await crypto.subtle.importKey("jwk", { ...publicJwk, d }, algorithm, false, ["sign"]);
      const [own, large] = [onlyVerify.KeySet.fromJwks(jwks), countersign.KeySet.fromJwks(jwks)];
      const counts = { accepted: 0, refused: 0 };
      for (const { op, name, token, now, options } of Object.values(vectors).flatMap((file) => file.cases)) {
        if (op !== "verify" || typeof token !== "string") continue;
        const all = { ...options, now: new Date(now * 1000) };
        for (const one of [token, await signedAgain(token, key)]) {
          const expected = await answerOf(countersign.verifyAsync, one, large, all);
          const found = difference(await answerOf(onlyVerify.verifyAsync, one, own, all), expected);
          holds(found === undefined, `${name}: ${found}`);
          counts[expected.code === undefined ? "accepted" : "refused"] += 1;
        }
      }
      own.free();
      large.free();
      holds(200 < counts.accepted && 1000 < counts.refused, JSON.stringify(counts));
    },
  },
  {
    name: "countersign_verify_checks_nothing_at_once_and_says_so",
    async check(countersign) {
      const { KeySet, Verifier } = countersign.onlyVerify;
      const verifier = new Verifier(KeySet.fromJwks(jwks));
      const token = countersign.sign({ sub: "alice" }, keyFor(countersign, "ES256"));
      const { code, message } = thrownBy(() => verifier.verify(token));
      same([code, message], ["KEY_USAGE", "countersign/verify needs verifyAsync: WebCrypto checks its signatures"]);
      same((await verifier.verifyAsync(token)).claims.sub, "alice");
    },
  },
];
