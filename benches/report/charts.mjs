// The charts of a run, by file name. One that lacks its results is left out.

import { barChart } from "./chart.mjs";
import { figure, isOurs, kilobytes, time, times } from "./figures.mjs";

const ALONE = "countersign, WebAssembly alone";
const ALGORITHMS = ["HS256", "EdDSA", "ES256", "RS256", "PS256"];

/** SVG by file name. */
export function charts(results) {
  const made = {
    "verify.svg": ofWork(results, "verify", "Verify a token"),
    "sign.svg": ofWork(results, "sign", "Sign a token"),
    "runtimes.svg": ofRuntimes(results),
    "repeated.svg": ofSection(results, "repeated tokens", "Verify a token again", "repeated "),
    "refused.svg": ofSection(results, "refused tokens", "Refuse a token", "refuse "),
    "length.svg": ofSection(results, "token length", "Verify tokens of any length", "verify "),
    "keys.svg": ofSection(results, "keys in a set", "Verify with a set of keys", "verify "),
    "import.svg": ofSection(results, "import", "Import a public key, verify a token", "import "),
    "argon2.svg": ofArgon2(results),
    "passwords.svg": ofSchemes(results),
    "start-up.svg": ofStartUp(results),
    "memory.svg": ofMemory(results),
    "page.svg": ofBundles(results),
    "native.svg": ofNative(results),
  };
  return Object.fromEntries(Object.entries(made).filter(([, chart]) => chart !== undefined));
}

const nodeNote = (results, what) => `${what}, Node ${results.runtimes["Node 20"]}; shorter is faster`;

function barsOf(rows, hide = () => false) {
  return Object.entries(rows)
    .filter(([name]) => !hide(name))
    .map(([name, { us }]) => ({ name, value: us.median, text: time(us.median) }));
}

function groupsOf(tasks, label, hide) {
  return tasks
    .filter(({ rows }) => rows !== undefined)
    .map(({ id, rows }) => ({ label: label(id), bars: barsOf(rows, hide) }));
}

function chart(groups, title, note, more) {
  return groups.length === 0 ? undefined : barChart({ title, note, groups, ...more });
}

function ofWork(results, work, title) {
  const tasks = ALGORITHMS.flatMap((alg) =>
    results.tasks.filter(({ id, runtime }) => runtime === "Node 20" && id === `${work} ${alg}`),
  );
  const hide = (name) => name === ALONE || name === "countersign, async";
  return chart(
    groupsOf(tasks, (id) => id.split(" ")[1], hide),
    title,
    nodeNote(results, "one call"),
  );
}

function ofSection(results, section, title, prefix) {
  const tasks = results.tasks.filter((task) => task.runtime === "Node 20" && task.section === section);
  const peers = tasks.filter(({ rows }) => rows !== undefined && !Object.keys(rows).every(isOurs));
  return chart(
    groupsOf(
      peers,
      (id) => id.replace(prefix, ""),
      (name) => name === "countersign, async",
    ),
    title,
    nodeNote(results, "one call"),
  );
}

/** How many times our time jose takes, which runs everywhere. */
function ofRuntimes(results) {
  const groups = ALGORITHMS.flatMap((alg) =>
    ["sign", "verify"].map((work) => ({
      label: `${alg}, ${work}`,
      bars: results.tasks
        .filter(({ id, rows }) => id === `${work} ${alg}` && rows?.jose !== undefined)
        .map(({ runtime, rows }) => {
          const ratio = rows.jose.ratio.median;
          return {
            name: runtime.replace("without node:crypto", "alone"),
            value: Math.min(ratio, 6),
            text: times(ratio),
            ours: 1 <= ratio,
          };
        }),
    })),
  ).filter(({ bars }) => bars.length > 0);
  const note = "jose's time ÷ ours, up to 6; right of the line, ours is less";
  return chart(groups, "In every runtime, beside jose", note, { line: 1 });
}

function ofArgon2(results) {
  const id = "Argon2id (19,456 KiB, 2 passes, 1 lane), hash";
  const tasks = results.tasks.filter((task) => task.id === id && task.rows !== undefined);
  const groups = tasks.map(({ runtime, rows }) => ({ label: runtime, bars: barsOf(rows) }));
  return chart(groups, "Argon2id with 19 MiB and 2 passes", "one hash; shorter is faster");
}

function ofSchemes(results) {
  const tasks = results.tasks.filter(
    ({ section, runtime, id }) => section === "passwords" && runtime === "Node 20" && !id.includes("19,456"),
  );
  return chart(
    groupsOf(tasks, (id) => id.replace(/, hash$/, "")),
    "Other password schemes",
    nodeNote(results, "one call"),
  );
}

function ofStartUp({ startUp = {}, runtimes }) {
  const groups = ["Node 20, import", "Node 24, import", "Deno", "Bun"]
    .filter((way) => startUp[way] !== undefined)
    .map((way) => ({
      label: way.replace(/, import$/, ""),
      bars: Object.entries(startUp[way])
        .filter(([, row]) => row.error === undefined)
        .map(([name, { median }]) => ({ name, value: median, text: `${figure(median)} ms` })),
    }));
  return chart(
    groups,
    "Start: import to first verified token",
    `in fresh processes; Node ${runtimes["Node 20"] ?? ""} and others`,
  );
}

function ofMemory({ memory = {} }) {
  const bars = Object.entries(memory)
    .filter(([, row]) => row.error === undefined)
    .map(([name, { median }]) => ({ name, value: median, text: `${figure(median)} MiB` }));
  return bars.length === 0
    ? undefined
    : barChart({ title: "Memory", note: "peak of a Node process that verifies 20,000 tokens", groups: [{ bars }] });
}

function ofBundles({ bundles = {} }) {
  const kinds = { "to check a token": /jwt$|lite|decode|jose/, "to hash a password": /password|argon2|Argon2|bcrypt/ };
  const groups = Object.entries(kinds)
    .map(([label, pattern]) => ({
      label,
      bars: Object.entries(bundles)
        .filter(([name, { page }]) => pattern.test(name) && page.error === undefined)
        .map(([name, { page }]) => ({
          name: name.replace(", Argon2 alone", ""),
          value: page.gzip,
          text: `${kilobytes(page.gzip)} KB`,
        })),
    }))
    .filter(({ bars }) => bars.length > 0);
  return chart(groups, "What a page loads", "bundled, minified and gzipped, all included");
}

function ofNative({ native = {} }) {
  const groups = Object.entries(native)
    .filter(([, rows]) => rows.countersign !== undefined)
    .map(([label, rows]) => ({
      label,
      bars: Object.entries(rows).map(([name, { median }]) => ({ name, value: median, text: time(median) })),
    }));
  return chart(groups, "The Rust crate", "one call, by criterion; shorter is faster");
}
