/** What administrators see and do. */

import type { RingKeyInfo } from "countersign/key-ring";
import { json } from "./json.js";
import type { Login, User } from "./login.js";

/** `GET /admin`: the published keys. */
export async function showKeys({ claims }: User, { ring }: Login): Promise<Response> {
  return json(200, { username: claims.sub, keys: describe(await ring.keys()) });
}

/** `POST /admin/keys`: makes the next key, which is published now and signs later. */
export async function rotateKeys({ claims }: User, { ring }: Login): Promise<Response> {
  await ring.rotate({ publishFirst: true });
  return json(200, { username: claims.sub, keys: describe(await ring.keys()) });
}

/** `DELETE /admin/keys`, after a leak: a new key signs, and no older access token is accepted. Sessions go on with a refresh. */
export async function withdrawKeys({ claims }: User, { ring }: Login): Promise<Response> {
  const { oldTokensEnd } = await ring.rotate({ withdraw: true });
  return json(200, { username: claims.sub, keys: describe(await ring.keys()), old_tokens_end: oldTokensEnd });
}

function describe(keys: readonly RingKeyInfo[]) {
  return keys.map(({ kid, madeAt, signsFrom, stage }) => {
    return { kid, made: madeAt, signs_from: signsFrom, signing: stage === "signing" };
  });
}
