// The figures in Markdown, for docs/benchmarks.md and for the README.

import { charts } from "./charts.mjs";
import { figure, kilobytes } from "./figures.mjs";
import { SECTIONS } from "./sections.mjs";
import { markdown } from "./tables.mjs";

/** What stands between the marks of docs/benchmarks.md. */
export function figures(results) {
  const drawn = charts(results);
  const { machine, runtimes, versions, date, rounds } = results;
  const listed = (object) =>
    Object.entries(object)
      .map((pair) => pair.join(" "))
      .join(", ");
  const parts = SECTIONS.map(({ title, text, chart, tables = () => [] }) => {
    const found = tables(results).filter(({ rows }) => rows.length > 0);
    if (found.length === 0 && drawn[chart] === undefined) return undefined;
    return [
      `## ${title}`,
      ...(text === undefined ? [] : [text]),
      ...(drawn[chart] === undefined ? [] : [`![${title}](benchmarks/${chart})`]),
      ...found.map((table) => (table.title === undefined ? "" : `### ${table.title}\n\n`) + markdown(table).trimEnd()),
    ].join("\n\n");
  });
  const head = `Measured on ${date}: ${machine.cpu}, ${machine.cores} cores, ${machine.platform}; ${listed(runtimes)}.

${listed(versions)}.

All figures are medians of ${rounds} rounds in which all take turns. A ratio is the median of the ratios of the rounds.`;
  return `${[head, ...parts.filter((part) => part !== undefined)].join("\n\n")}\n`;
}

const COLUMNS = ["countersign", "jose", "jsonwebtoken", "fast-jwt"];
const ROWS = ["sign HS256", "verify HS256", "sign EdDSA", "verify EdDSA", "verify ES256", "verify RS256"];
const ARGON2 = "Argon2id (19,456 KiB, 2 passes, 1 lane), hash";

/** What stands between the marks of the README. */
export function summary(results) {
  const onNode = (id) => results.tasks.find((task) => task.runtime === "Node 20" && task.id === id)?.rows ?? {};
  const us = (row) => (row === undefined ? "" : figure(row.us.median));
  const table = markdown({
    head: ["", ...COLUMNS],
    rows: ROWS.map((id) => {
      const [work, alg] = id.split(" ");
      return [`${alg}, ${work} (µs)`, ...COLUMNS.map((name) => us(onNode(id)[name]))];
    }),
  });
  const ms = (name) => figure(onNode(ARGON2)[name]?.us.median / 1000);
  const kb = (entry) => kilobytes(results.bundles[entry].page.gzip);
  const loads = [
    "countersign/verify",
    "countersign/lite",
    "countersign/jwt",
    "countersign/argon2",
    "countersign/decode",
  ]
    .filter((entry) => results.bundles[entry]?.page.gzip !== undefined)
    .map((entry) => `\`${entry}\` ${kb(entry)} KB`);
  return `Medians on ${results.machine.cores} cores of an ${results.machine.cpu.replace(/ Processor.*| \d+-Core.*/, "")} with Node 20. [Benchmarks](docs/benchmarks.md)
has the rest: other runtimes, charts, and where another library is faster.

${table}
Argon2id (19 MiB, 2 passes) takes ${ms("countersign")} ms; hash-wasm takes ${ms("hash-wasm")} ms and the native addon \`argon2\` ${ms("argon2 (native)")} ms.
Bundled and gzipped, a page loads this much with each import: ${loads.join(", ")}.
`;
}
