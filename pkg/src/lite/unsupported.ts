/**
 * What `countersign/lite` lacks beside `countersign/jwt`. In the bundle of `countersign/verify`, `verify/unsupported.ts` takes the
 * place of this file.
 */

import { CountersignError } from "../errors.js";
import { RawKey } from "../glue/jwt.js";

export const ENTRY = "countersign/lite";
export const NEEDS_PROMISE: string = `${ENTRY} needs verifyAsync for this key: without a promise, it checks HMAC only`;

/** Makes the functions that the module lacks say so. */
export function refuseUnsupported(): void {
  const names = ["generate", "length_to_generate", "from_unverified_certificate", "from_unverified_certificate_pem"];
  for (const name of names) (RawKey as unknown as Unsupported)[name] = refuse;
  for (const name of ["to_pem", "to_der"]) (RawKey.prototype as unknown as Unsupported)[name] = refuse;
}

/** A class whose methods the module lacks. */
type Unsupported = Record<string, () => never>;

function refuse(): never {
  throw unsupported(`${ENTRY} makes no keys, writes no PEM or DER and reads no certificates: use countersign/jwt`);
}

export function unsupported(message: string): CountersignError {
  return new CountersignError("KEY_USAGE", message);
}
