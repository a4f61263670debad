/** Signs tokens with whatever a caller passed as a signer. */

import { checkMethod, hasMethod, NEW_SIGNER } from "./options.js";

/** A `Signer` of `countersign/jwt`, or an object of the same shape. Options have the type `O`. */
export interface AnySigner<O> {
  sign?(claims: object, o: O): string | Promise<string>;
  signAsync?(claims: object, o: O): Promise<string>;
}

/** Signs with `signAsync`, which serves every key, or else with `sign`. */
export async function signToken<O>(signer: AnySigner<O>, claims: object, o: O): Promise<string> {
  return hasMethod(signer, "signAsync")
    ? (signer as Required<AnySigner<O>>).signAsync(claims, o)
    : (signer as Required<AnySigner<O>>).sign(claims, o);
}

/**
 * Refuses an object without either method.
 *
 * @throws {CountersignError} `OPTION_INVALID`.
 */
export function checkSigner(name: string, signer: unknown): void {
  if (!hasMethod(signer, "signAsync")) checkMethod(name, signer, "sign", NEW_SIGNER);
}
