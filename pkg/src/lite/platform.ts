/** In the bundle of `countersign/lite`, this file takes the place of `platform.ts`, of which only one function is left. */

/** The module makes no keys. */
export async function generateRsa(): Promise<undefined> {}
