/** In the bundle of `countersign/verify`, this file takes the place of `lite/lacking.ts`. */

import { CountersignError } from "../errors.js";
import { RawKeySet } from "../glue/jwt.js";
import type * as lite from "../lite/lacking.js";

export const ENTRY = "countersign/verify";
export const NEEDS_PROMISE: string = `${ENTRY} needs verifyAsync: WebCrypto checks its signatures`;

/** Makes the functions that the module lacks say so. */
export function refuseLacking(): void {
  Object.assign(RawKeySet.prototype, { seal: refuse, to_jwks: refuse, next_end() {} });
}

function refuse(): never {
  throw lacking(`${ENTRY} makes key sets with KeySet.fromJwks only, and exports none: use countersign/lite`);
}

export function lacking(message: string): CountersignError {
  return new CountersignError("KEY_USAGE", message);
}

({ ENTRY, lacking, NEEDS_PROMISE, refuseLacking }) satisfies Omit<typeof lite, "ENTRY"> & { ENTRY: string };
