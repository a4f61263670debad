// `npm run bench`: this package and its peers, side by side, in every runtime.
//
// node benches/run.mjs [--quick] [--only TEXT] [--runtime TEXT] [--out FOLDER]
//   --quick         a minute, to see that everything works: the figures mean nothing
//   --only TEXT     what has this in its name: `tokens`, `verify ES256`, `passwords`, `start-up`, `sizes`, `memory`, `native`
//   --runtime TEXT  the runtimes that have this in their names: `Node 24`, `workerd`
//   --out FOLDER    where the results go, instead of .cache/bench
//
// A whole run also writes docs/benchmarks and the figures in the documents. If a runtime is missing or a library fails, the
// report says so, and the run goes on.

import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { refusals } from "./checks.mjs";
import { delays } from "./delay.mjs";
import { FULL, QUICK } from "./measure.mjs";
import { native } from "./native.mjs";
import { installPeers } from "./peers.mjs";
import { chosen } from "./program.mjs";
import { publish, serialized } from "./publish.mjs";
import { page } from "./report/page.mjs";
import { root, runtimes, versionOf } from "./runtimes.mjs";
import { bundles, sizes } from "./sizes.mjs";
import { memory, startUp, workerStartUp } from "./start-up.mjs";
import { versions } from "./versions.mjs";

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    out: { type: "string", default: join(root, ".cache/bench") },
    quick: { type: "boolean", default: false },
    runtime: { type: "string", default: "" },
  },
});
const effort = values.quick ? QUICK : FULL;
const isWhole = !values.quick && values.only === "" && values.runtime === "";
const start = performance.now();
if (!installPeers()) say("the peers of benches/package.json cannot be installed");

const stamp = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
const json = resolve(values.out, `${stamp}.json`);
const html = resolve(values.out, "index.html");
const results = {
  date: stamp.slice(0, 10),
  quick: values.quick,
  whole: isWhole,
  rounds: effort.rounds,
  machine: {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    platform: `${process.platform} ${process.arch}`,
  },
  versions: versions(),
  runtimes: {},
  tasks: [],
  missing: {},
};

mkdirSync(values.out, { recursive: true });
await measureRuntimes();
await measureOthers();
save();
if (isWhole) publish(results);
console.log(`${results.seconds} s\n${json}\n${html}`);

/** After every step, so that a run that is stopped leaves what it has measured. */
function save() {
  results.seconds = Math.round((performance.now() - start) / 1000);
  writeFileSync(json, serialized(results));
  writeFileSync(html, page(results));
}

async function measureRuntimes() {
  for (const runtime of runtimes.filter(({ name }) => name.toLowerCase().includes(values.runtime.toLowerCase()))) {
    const { name, details, once } = runtime;
    const options = { details, effort, once, only: values.only };
    if (chosen(options).length === 0) continue;
    const version = versionOf(runtime);
    if (version === undefined) {
      results.missing[name] = "is not on this machine";
      continue;
    }
    results.runtimes[name] = version;
    say(name);
    try {
      const measured = await runtime.measure(options, ({ id, error }) => say(`  ${id}${error ? `: ${error}` : ""}`));
      const found = JSON.parse(anonymous(JSON.stringify(measured)));
      results.tasks.push(...found.map((result) => ({ runtime: name, ...result })));
    } catch (error) {
      results.missing[name] = anonymous(error.message.split("\n")[0]);
      say(`  ${results.missing[name]}`);
    }
    save();
  }
}

/** What is measured in processes of its own, or not in time. */
async function measureOthers() {
  const { processes } = effort;
  const measures = {
    startUp: ["start-up", () => startUp(processes, values.runtime)],
    workerStartUp: ["start-up in workerd", () => workerStartUp(processes), "workerd"],
    memory: ["memory", () => memory(Math.min(5, processes)), "node 20"],
    delays: ["event loop", delays, "node 20"],
    sizes: ["sizes", sizes, "sizes"],
    bundles: ["sizes of bundles", bundles, "sizes"],
    refusals: ["refusals", refusals, "node 20"],
    native: ["native", () => native(values.quick), "native"],
  };
  for (const [key, [name, measure, runtime = values.runtime.toLowerCase()]] of Object.entries(measures)) {
    const isWanted = name.includes(values.only.toLowerCase()) && runtime.includes(values.runtime.toLowerCase());
    if (!isWanted) continue;
    say(name);
    try {
      results[key] = JSON.parse(anonymous(JSON.stringify(await measure())));
      save();
    } catch (error) {
      results.missing[name] = anonymous(String(error.message).split("\n")[0].slice(0, 200));
      say(`  ${results.missing[name]}`);
    }
  }
}

/** A message may name a file of this machine. */
function anonymous(message) {
  return message.replaceAll(root, "").replaceAll(root.slice(0, -1), ".");
}

function say(text) {
  console.error(text);
}
