// The figures as tables, in Markdown, which is plain enough to read in a terminal.

/** All of it as text. */
export function inTables({ machine, quick, comparisons, delays, startUp, sizes, refusals }) {
  const parts = [
    `${machine.cpu}, ${machine.cores} cores; ${machine.platform}; Node ${machine.node}`,
    libraries(machine.versions),
    ...(quick ? ["A quick run, which shows that everything works: its figures mean nothing."] : []),
    "One call of each: the median of one run; ± is half the distance between the quartiles, × the time of countersign.",
    ...comparisons.map(({ task, rows }) => `${task}\n\n${comparison(rows)}`),
    `The event loop while 32 passwords are hashed at once: delays of a timer, and the time until all are done\n\n${standstill(delays)}`,
    `From import to the first verified token, in fresh processes\n\n${milliseconds(startUp)}`,
    `Sizes, in bytes\n\n${inSizes(sizes)}`,
    `What is refused by the verifiers timed above\n\n${checks(refusals)}`,
  ];
  return `${parts.join("\n\n")}\n`;
}

/** What there is to load. */
export function inSizes(sizes) {
  return table(
    ["", "as it is", "gzip -9", "brotli"],
    Object.entries(sizes).map(([file, { bytes, gzip, brotli }]) => [file, bytes, gzip, brotli].map(String)),
  );
}

function libraries(versions) {
  return Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(", ");
}

function comparison(rows) {
  const { median: ours } = rows.countersign;
  return table(
    ["", "µs", "±", "a second", "×"],
    Object.entries(rows).map(([name, { median, low, high }]) => [
      name,
      figure(median),
      figure((high - low) / 2),
      Math.round(1e6 / median).toString(),
      (median / ours).toFixed(2),
    ]),
  );
}

function standstill(rows) {
  return table(
    ["", "p99, ms", "max, ms", "all, ms"],
    Object.entries(rows).map(([name, { p99, max, all }]) => [name, ...[p99, max, all].map(figure)]),
  );
}

function milliseconds(rows) {
  return table(
    ["", "ms", "±"],
    Object.entries(rows).map(([name, { median, low, high }]) => [name, figure(median), figure((high - low) / 2)]),
  );
}

function checks(refusals) {
  const names = Object.keys(Object.values(refusals)[0]);
  return table(
    ["a token", ...names],
    Object.entries(refusals).map(([what, by]) => [what, ...names.map((name) => (by[name] ? "refused" : "ACCEPTED"))]),
  );
}

/** Three digits that matter. */
function figure(number) {
  if (100 <= number) return number.toFixed(0);
  return number.toFixed(10 <= number ? 1 : 2);
}

/** The first column to the left, the others to the right. */
function table(head, rows) {
  const widths = head.map((title, column) => Math.max(3, title.length, ...rows.map((row) => row[column].length)));
  const line = (cells) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join(" | ")} |`;
  const rule = widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}
