// The table at the end of a conformance run: runtime × cases, and what stands against it.

/** Problems printed at most. */
const SHOWN = 100;

const sum = (counts) => counts.reduce((total, count) => total + count, 0);

/** The files of which a runtime ran another number of cases than there are, as sentences. */
export function shortfalls(files, expected) {
  const names = new Set([...Object.keys(expected), ...Object.keys(files)]);
  return [...names].flatMap((name) => {
    const { passed, failed } = files[name] ?? { passed: 0, failed: 0 };
    const wanted = expected[name] ?? 0;
    return passed + failed === wanted ? [] : [`ran ${passed + failed} of the ${wanted} cases of ${name}`];
  });
}

/**
 * The table and the totals. A row's own `expected` says how many cases it must run, if not all. A case that a runtime did not run counts as failed; so does a runtime that is missing,
 * where none may be.
 */
export function table(rows, expected, noneMayBeMissing) {
  const total = sum(Object.values(expected));
  const lines = [["runtime", "cases", "passed", "failed", "seconds"]];
  const problems = new Map();
  const against = (name, problem) => problems.set(problem, [...(problems.get(problem) ?? []), name]);
  const totals = { passed: 0, failed: 0 };
  for (const row of rows) {
    const all = sum(Object.values(row.expected ?? expected));
    const passed = sum(Object.values(row.files).map((file) => file.passed));
    const ran = passed + sum(Object.values(row.files).map((file) => file.failed));
    if (row.skipped) {
      against(row.name, `not found, ${all} cases ${noneMayBeMissing ? "failed" : "SKIPPED"}`);
      if (noneMayBeMissing) totals.failed += all;
      lines.push([row.name, "0", "-", "-", "-"]);
      continue;
    }
    const own = [...row.problems, ...row.missing];
    for (const problem of own) against(row.name, problem);
    // Whatever else went wrong with a runtime (an extra case, a wrong version) must turn the result red as well.
    const failed = Math.max(all - passed, own.length === 0 ? 0 : 1);
    totals.passed += passed;
    totals.failed += failed;
    lines.push([row.name, String(ran), String(passed), String(failed), row.seconds.toFixed(1)]);
  }
  const perFile = Object.entries(expected).map(([file, count]) => `${file} ${count}`);
  return {
    text: [...described(problems), "", ...aligned(lines), "", `${total} cases: ${perFile.join(", ")}`].join("\n"),
    ...totals,
  };
}

// The same problem in several runtimes is one problem.
function described(problems) {
  const lines = [...problems].map(([problem, names]) => `${problem}\n    in ${names.join(", ")}`);
  return lines.length <= SHOWN ? lines : [...lines.slice(0, SHOWN), `... and ${lines.length - SHOWN} more`];
}

function aligned(lines) {
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines.map((line) =>
    line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join("  "),
  );
}
