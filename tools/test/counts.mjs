// How many tests passed, failed and were skipped, from what a suite printed.

/** Sums of counts. */
export const add = (left, right) => ({
  passed: left.passed + right.passed,
  failed: left.failed + right.failed,
  skipped: left.skipped + right.skipped,
});

export const none = { passed: 0, failed: 0, skipped: 0 };

/** The forms of a summary: cargo's, once for each test program; node's; and this project's own last line. */
const SUMMARIES = [
  /^test result: \w+\. (?<passed>\d+) passed; (?<failed>\d+) failed; (?<skipped>\d+) ignored/gm,
  /^# pass (?<passed>\d+)\n# fail (?<failed>\d+)\n# cancelled (?<cancelled>\d+)\n# skipped (?<skipped>\d+)/gm,
  /^(?<passed>\d+) passed, (?<failed>\d+) failed(, (?<skipped>\d+) skipped)?$/gm,
];

/**
 * The counts of a suite's output. A suite with a bad exit code has failed at least once, and so has one that ran
 * no test.
 */
export function countsOf(output, exitCode) {
  const counts = SUMMARIES.flatMap((summary) => [...output.matchAll(summary)])
    .map(({ groups }) => ({
      passed: Number(groups.passed),
      failed: Number(groups.failed) + Number(groups.cancelled ?? 0),
      skipped: Number(groups.skipped ?? 0),
    }))
    .reduce(add, none);
  const ranNothing = counts.passed + counts.failed + counts.skipped === 0;
  return counts.failed === 0 && (exitCode !== 0 || ranNothing) ? { ...counts, failed: 1 } : counts;
}

/** `12 passed, 0 failed`, and what was skipped where something was. */
export function inWords({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`;
}
