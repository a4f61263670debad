/** In the bundle of `countersign/verify`, this file takes the place of `mac-verifier.ts`: it has no secrets. */

/** The class that no value has. */
export class MacVerifier {}
