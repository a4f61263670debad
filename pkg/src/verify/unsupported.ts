/** In the bundle of `countersign/verify`, this file takes the place of `lite/unsupported.ts`. */

import { CountersignError } from "../errors.js";
import { RawKeySet } from "../glue/jwt.js";
import type * as lite from "../lite/unsupported.js";

export const ENTRY = "countersign/verify";
export const NEEDS_PROMISE: string = `${ENTRY} needs verifyAsync: WebCrypto checks its signatures`;

/** Makes the functions that the module lacks say so. */
export function refuseUnsupported(): void {
  Object.assign(RawKeySet.prototype, { seal: refuse, to_jwks: refuse, next_end() {} });
}

function refuse(): never {
  throw unsupported(`${ENTRY} makes key sets with KeySet.fromJwks only, and exports none: use countersign/lite`);
}

export function unsupported(message: string): CountersignError {
  return new CountersignError("KEY_USAGE", message);
}

({ ENTRY, unsupported, NEEDS_PROMISE, refuseUnsupported }) satisfies Omit<typeof lite, "ENTRY"> & { ENTRY: string };
