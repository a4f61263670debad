/** What administrators see and do. */

import type { Env } from "./env.js";
import { json } from "./json.js";
import { type KeyPair, signingPair } from "./key-schedule.js";
import type { Login, User } from "./login.js";

/** `GET /admin`: the keys, without their secrets. */
export async function showKeys({ claims }: User, { pairs }: Login): Promise<Response> {
  return json(200, { username: claims.sub, keys: describe(pairs) });
}

/** `POST /admin/keys`: makes the next key, which is published now and signs later. */
export async function rotateKeys({ claims }: User, env: Env): Promise<Response> {
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
