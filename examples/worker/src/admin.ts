/** What administrators see and do. */

import type { Caller } from "countersign/http";
import type { Env } from "./env.js";
import { json } from "./json.js";
import { type KeyPair, signingPair } from "./key-schedule.js";
import type { Claims, Login } from "./login.js";

/** `GET /admin`: the keys, without their secrets. */
export async function showKeys({ claims }: Caller<Claims>, { pairs }: Login): Promise<Response> {
  return json(200, { username: claims.sub, keys: describe(pairs) });
}

/** `POST /admin/keys`: makes the next key, which is published now and signs later. */
export async function rotateKeys({ claims }: Caller<Claims>, env: Env): Promise<Response> {
  return json(200, { username: claims.sub, keys: describe(await env.KEYS.getByName("current").rotate()) });
}

function describe(pairs: readonly KeyPair[]) {
  const signing = signingPair(pairs, Date.now());
  return pairs.map((pair) => ({
    kid: pair.privateJwk.kid,
    made: new Date(pair.made),
    signs_from: new Date(pair.signsFrom),
    signing: pair === signing,
  }));
}
