/** zxcvbn with its common and its English dictionaries, loaded when it is first needed. */

import { CountersignError } from "../errors.js";
import type { StrengthEstimator } from "./estimate.js";

/** Made once. Not a promise of it: on Workers a promise belongs to the request that began it. */
let estimator: StrengthEstimator | undefined;

/** @throws {@link CountersignError} `OPTION_INVALID`: the packages are not installed. */
export async function english(): Promise<StrengthEstimator> {
  if (estimator !== undefined) return estimator;
  const { core, common, en } = await load();
  // In the meantime another call may have made it.
  estimator ??= new core.ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...en.dictionary },
    graphs: common.adjacencyGraphs,
    // Each way to read digits and signs as letters is another search: with the usual 100 of them, a second for some passwords.
    l33tMaxSubstitutions: 8,
    translations: en.translations,
  });
  return estimator;
}

async function load() {
  // Inside `try`, where bundlers leave it to us to miss a package.
  try {
    const core = await import("@zxcvbn-ts/core");
    const common = await import("@zxcvbn-ts/language-common");
    const en = await import("@zxcvbn-ts/language-en");
    return { core, common, en };
  } catch (cause) {
    const packages = "@zxcvbn-ts/core @zxcvbn-ts/language-common @zxcvbn-ts/language-en";
    const message = `option "estimator" is not given, and its default cannot be loaded: npm install ${packages}`;
    throw Object.assign(new CountersignError("OPTION_INVALID", message), { cause });
  }
}
