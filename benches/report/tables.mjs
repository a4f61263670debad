// The results as tables: `{ title, head, rows }`, of text, for Markdown and for HTML.

import { figure, isOurs, kilobytes, time, times } from "./figures.mjs";
import { goals } from "./goals.mjs";

/** A difference below this is no difference: repeated runs on one machine differ as much. */
const NOISE = 0.03;
const ALONE = "countersign, WebAssembly alone";

/** The columns of tokens, the first of which is the reference. */
const TOKEN_COLUMNS = [
  "countersign",
  "countersign, async",
  "jose",
  "jsonwebtoken",
  "fast-jwt",
  "hono/jwt",
  "@tsndr/cloudflare-worker-jwt",
  "@node-rs/jsonwebtoken",
];

/** What the project wants to reach, and what it does. */
export const goalTable = (results) => ({
  head: ["work", "goal", "the least that was measured", "reached"],
  rows: goals(results),
});

/** Tokens signed and verified in a runtime: times, and beside those of others how many times ours they are. */
export function tokenTable(results, runtime) {
  const tasks = results.tasks.filter((task) => task.runtime === runtime && task.section === "tokens");
  return libraryTable(tasks, [...TOKEN_COLUMNS, ALONE]);
}

/** The tasks of a section in a runtime, with every library that takes part. */
export function sectionTable(results, section, runtime) {
  const tasks = results.tasks.filter((task) => task.runtime === runtime && task.section === section);
  return libraryTable(tasks, []);
}

function libraryTable(tasks, order) {
  const names = new Set(tasks.flatMap(({ rows = {} }) => Object.keys(rows)));
  const columns = [...order.filter((name) => names.has(name)), ...[...names].filter((name) => !order.includes(name))];
  const rows = tasks.map(({ id, error, rows: found, reference }) => [
    id,
    ...columns.map((name, index) => {
      if (found === undefined) return index === 0 ? error : "";
      return found[name] === undefined ? "" : cell(found[name], name === reference);
    }),
  ]);
  return { head: ["", ...columns], rows };
}

/** `7.8 µs (2.5×)`: the time, and how many times ours it is. */
function cell({ us, ratio }, isReference) {
  if (isReference) return time(us.median);
  const shown = `${times(ratio.median)}`;
  return `${time(us.median)} (${ratio.median < 1 - NOISE ? `**${shown}**` : shown})`;
}

/** Every measurement in which another library takes less time, by task and library: the ratio in each runtime. */
export function lossTable(results) {
  const found = new Map();
  for (const { id, runtime, rows = {}, reference } of results.tasks) {
    for (const [name, { ratio }] of Object.entries(rows)) {
      // Our own rows compare ways to use this package.
      if (isOurs(name) || isOurs(reference) === false || 1 - NOISE <= ratio.median) continue;
      const key = `${id}\n${name}`;
      const place = `${runtime} ${times(ratio.median)} (${ratio.low.toFixed(2)} to ${ratio.high.toFixed(2)})`;
      found.set(key, [...(found.get(key) ?? []), place]);
    }
  }
  const rows = [...found].map(([key, places]) => [...key.split("\n"), places.join(", ")]);
  return { head: ["work", "library", "its time, as a multiple of ours (quartiles)"], rows };
}

/** Our own ways beside each other: keys in a set, refused beside accepted tokens. */
export function ownTable(results, id) {
  const found = results.tasks.filter((task) => task.id === id && task.rows !== undefined);
  const names = Object.keys(found[0]?.rows ?? {});
  const rows = found.map(({ runtime, rows: measured, reference }) => [
    runtime,
    ...names.map((name) =>
      measured[name] === undefined ? "" : cell(measured[name], name === reference).replaceAll("**", ""),
    ),
  ]);
  return { head: ["", ...names.map((name) => name.replace("countersign, ", ""))], rows };
}

/** Argon2id in every runtime; the other schemes on one. */
export function passwordTable(results) {
  const tasks = results.tasks.filter(({ section }) => section === "passwords");
  const named = tasks.map((task) => ({
    ...task,
    id: `${task.id.replace("19,456 KiB, 2 passes, 1 lane", "19 MiB, 2 passes")}; ${task.runtime}`,
  }));
  return libraryTable(named, ["countersign", "hash-wasm", "argon2 (native)", "@node-rs/argon2 (native)"]);
}

export function startUpTable({ startUp = {}, workerStartUp = {} }) {
  const names = [...new Set(Object.values(startUp).flatMap(Object.keys))];
  const shown = (row) => (row === undefined ? "" : row.error === undefined ? figure(row.median) : "–");
  const rows = Object.entries(startUp).map(([way, found]) => [
    `${way} (ms)`,
    ...names.map((name) => shown(found[name])),
  ]);
  if (Object.keys(workerStartUp).length > 0 && workerStartUp.error === undefined) {
    const empty = workerStartUp["an empty Worker"].median;
    rows.push([
      `workerd, more than an empty Worker's ${figure(empty)} (ms)`,
      ...names.map((name) =>
        workerStartUp[name] === undefined ? "" : figure(Math.max(0, workerStartUp[name].median - empty)),
      ),
    ]);
  }
  return { head: ["", ...names], rows };
}

export function memoryTable({ memory = {} }) {
  const rows = Object.entries(memory).map(([name, { median, error }]) => [name, error ?? figure(median)]);
  return { head: ["", "MiB"], rows };
}

export function delayTable({ delays = {} }) {
  const rows = Object.entries(delays).map(([name, { p99, max, all }]) => [name, ...[p99, max, all].map(figure)]);
  return { head: ["", "p99 (ms)", "longest (ms)", "all done after (ms)"], rows };
}

export function moduleTable({ sizes = {} }) {
  const rows = Object.entries(sizes).map(([file, weight]) => [
    `\`${file}\``,
    ...["bytes", "gzip", "brotli"].map((kind) => weight[kind].toLocaleString("en")),
  ]);
  return { head: ["module", "bytes", "gzipped", "brotli"], rows };
}

export function bundleTable({ bundles = {} }) {
  const shown = ({ bytes, gzip, brotli, error }) =>
    error === undefined ? [bytes, gzip, brotli].map(kilobytes) : ["–", "–", "–"];
  const rows = Object.entries(bundles)
    .filter(([, { page }]) => page.error === undefined)
    .map(([name, { page, Worker }]) => [
      `\`${name}\``.replace(/^`(.*), (.*)`$/, "`$1`, $2"),
      ...shown(page),
      ...shown(Worker),
    ]);
  return { head: ["import", "page, KB", "gzipped", "brotli", "Worker, KB", "gzipped", "brotli"], rows };
}

export function nativeTable({ native = {} }) {
  const crates = [...new Set(Object.values(native).flatMap((row) => Object.keys(row)))];
  const rows = Object.entries(native).map(([task, found]) => [
    task,
    ...crates.map((name) => {
      if (found[name] === undefined) return "";
      const ratio = found[name].median / found.countersign.median;
      if (name === "countersign") return time(found[name].median);
      return `${time(found[name].median)} (${ratio < 1 - NOISE ? `**${times(ratio)}**` : times(ratio)})`;
    }),
  ]);
  return { head: ["", ...crates], rows };
}

/** What a runtime could not run, by library: why. */
export function failureTable(results) {
  const found = new Map();
  for (const { runtime, failed = {} } of results.tasks) {
    for (const [name, reason] of Object.entries(failed)) {
      if (isOurs(name) || /^has no /.test(reason)) continue;
      const key = `${runtime}\n${name}`;
      found.set(key, found.get(key) ?? reason);
    }
  }
  for (const [name, reason] of Object.entries(results.missing ?? {})) found.set(`${name}\n`, reason);
  return {
    head: ["runtime", "library", "reason"],
    rows: [...found].map(([key, reason]) => [...key.split("\n"), reason.replaceAll("|", "/")]),
  };
}

/** A table in Markdown. */
export function markdown({ head, rows }) {
  const line = (cells) => `| ${cells.join(" | ")} |\n`;
  const rule = `|---|${"---:|".repeat(head.length - 1)}\n`;
  return line(head) + rule + rows.map(line).join("");
}
