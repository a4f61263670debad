/** In the bundle of `countersign/verify`, this file takes the place of `lite/unsupported.ts`. */

import { CountersignError } from "../errors.js";
import { RawKeySet } from "../glue/jwt.js";
import type * as lite from "../lite/unsupported.js";
import { HOLDS_PRIVATE_JWK, holdsPrivateJwk } from "../private-jwk.js";

export const ENTRY = "countersign/verify";
export const NEEDS_PROMISE: string = `${ENTRY} needs verifyAsync: WebCrypto checks its signatures`;

/** Makes the functions that the module lacks say so, and refuses a set that nobody may publish, as a `RemoteKeySet` does. */
export function refuseUnsupported(): void {
  Object.assign(RawKeySet.prototype, { seal: refuse, to_jwks: refuse, next_end() {} });
  const read = RawKeySet.from_jwks;
  RawKeySet.from_jwks = (jwks, options) => {
    if (isPrivate(jwks)) throw new CountersignError("KEY_INVALID", HOLDS_PRIVATE_JWK);
    return read(jwks, options);
  };
}

function isPrivate(jwks: unknown): boolean {
  try {
    return holdsPrivateJwk(jwks);
  } catch {
    // A Proxy or a getter may throw anything: the core says so.
    return false;
  }
}

function refuse(): never {
  throw unsupported(`${ENTRY} makes key sets with KeySet.fromJwks only, and exports none: use countersign/lite`);
}

export function unsupported(message: string): CountersignError {
  return new CountersignError("KEY_USAGE", message);
}

({ ENTRY, unsupported, NEEDS_PROMISE, refuseUnsupported }) satisfies Omit<typeof lite, "ENTRY"> & { ENTRY: string };
