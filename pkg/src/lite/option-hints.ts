/** In the bundles of `countersign/lite` and `countersign/verify`, this file takes the place of `option-hints.ts`. */

export { CountersignError as ModuleError } from "../errors.js";

/** What to write instead of an option of another library, only the larger modules say. */
export const insteadOf = undefined;
