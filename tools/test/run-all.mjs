// Runs suites or checks one after the other, within the time that all of them may take together.

import { add, none } from "./counts.mjs";
import { inTime, LIMITS } from "./limits.mjs";

/** The sum of their counts. A suite that does not start in time has failed. */
export async function runAll(suites, run, { limit = LIMITS.run, suiteLimit = LIMITS.suite } = {}) {
  const end = performance.now() + limit;
  let total = none;
  for (const suite of suites) {
    const left = end - performance.now();
    if (left <= 0) console.log(`not run: ${suite.name}, as all together took more than ${inTime(limit)}`);
    const counts = left <= 0 ? { ...none, failed: 1 } : await run(suite, { limit: Math.min(left, suiteLimit) });
    total = add(total, counts);
  }
  return total;
}
