// Measures what a decision of docs/decisions brings: builds the package as it is and with the alternative, and prints the
// sizes and the ratios of their times. A ratio above 1 is what the alternative costs. Platform cryptography is turned off.
//
// node benches/decisions/compare.mjs NAME [--pairs 21] [--in node,node24,deno,bun,workerd]

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { build } from "../../tools/build.mjs";
import { isProgram, root } from "../../tools/command.mjs";
import { alternatives } from "./alternatives.mjs";
import { startUpRatio } from "./start-up.mjs";
import { buildVariant } from "./variant.mjs";
import { pairsInWorkerd } from "./workerd.mjs";

const bin = (program) => join(root, "node_modules/.bin", program);
const programs = {
  node: [process.execPath],
  node24: [join(root, "node_modules/node24/bin/node")],
  deno: [bin("deno"), "run", "-A"],
  bun: [bin("bun"), "run"],
};

/** The folders of the package as it is and of the alternative. */
export async function buildBoth(name) {
  await build();
  const { module, modules = [module], variant = name, edits } = alternatives[name];
  return { left: join(root, "pkg"), right: await buildVariant(variant, { modules, edits }) };
}

/** By task, as `ratioOf` in pairs.mjs gives them. */
export async function measure(name, folders, runtime, pairs) {
  const { module, startsUp, tasks: names } = alternatives[name];
  const { left, right } = folders;
  if (runtime === "workerd") {
    return pairsInWorkerd({ left, right, entry: module, names, pairs, folder: join(root, "target/decisions/worker") });
  }
  const [program, ...args] = programs[runtime];
  if (startsUp) return { "start-up": startUpRatio({ left, right, module, program: programs[runtime], pairs }) };
  const entry = (folder) => join(folder, `dist/inline/${module}.js`);
  const given = JSON.stringify({ left: entry(left), right: entry(right), names, pairs });
  const script = join(import.meta.dirname, "pairs.mjs");
  return JSON.parse(execFileSync(program, [...args, script, given], { encoding: "utf8", maxBuffer: 2 ** 20 }));
}

/** The vectors that the alternative accepts or refuses otherwise than the package. */
async function otherVerdicts({ module, vectors }, { left, right }) {
  const { run } = await import("../../tests/runtimes/conformance.mjs");
  const folder = join(root, "tests/vectors");
  const files = readdirSync(folder).filter((file) => file.endsWith(".json") && vectors.test(file));
  const cases = Object.fromEntries(files.map((file) => [file, JSON.parse(readFileSync(join(folder, file), "utf8"))]));
  const failuresOf = async (package_) => {
    const { failures } = await run(await import(join(package_, `dist/inline/${module}.js`)), cases);
    return new Map(failures.map(({ file, name, failure }) => [`${file}: ${name}`, failure]));
  };
  const [ours, theirs] = [await failuresOf(left), await failuresOf(right)];
  const other = [...theirs].filter(([name]) => !ours.has(name));
  // A case that wants an error fails by an answer, or by another error, which is no other verdict.
  const wantsAnswer = new Set(
    files.flatMap((file) =>
      cases[file].cases.filter(({ expect }) => "ok" in expect).map(({ name }) => `${file}: ${name}`),
    ),
  );
  const refused = other.filter(([name, failure]) => wantsAnswer.has(name) && failure.includes("threw"));
  const accepted = other.filter(([name, failure]) => !wantsAnswer.has(name) && failure.includes("gave"));
  const count = files.reduce((sum, file) => sum + cases[file].cases.length, 0);
  const list = (found) => [found.length, ...found.map(([name]) => `  ${name}`)].join("\n");
  return `of ${count} vectors, refused though right: ${list(refused)}\naccepted though wrong: ${list(accepted)}`;
}

if (isProgram(import.meta.url)) {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { in: { type: "string", default: "node" }, pairs: { type: "string", default: "21" } },
  });
  const [name] = positionals;
  const alternative = alternatives[name];
  if (alternative === undefined) throw new Error(`name one of ${Object.keys(alternatives).join(", ")}`);
  const folders = await buildBoth(name);
  const size = (folder) => gzipSync(readFileSync(join(folder, `dist/${alternative.module}.wasm`)), { level: 9 }).length;
  console.log(
    `${alternative.module}.wasm, gzipped: ${size(folders.left)} bytes, with "${name}" ${size(folders.right)}`,
  );
  if (alternative.vectors !== undefined) console.log(await otherVerdicts(alternative, folders));
  if (alternative.tasks.length !== 0 || alternative.startsUp) {
    for (const runtime of values.in.split(",")) {
      const rows = await measure(name, folders, runtime, Number(values.pairs));
      for (const [task, { left, right, ratio, low, high }] of Object.entries(rows)) {
        const times = `${left.toFixed(1)} µs, then ${right.toFixed(1)} µs`;
        console.log(
          `${runtime}, ${task}: ${times}, ratio ${ratio.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`,
        );
      }
    }
  }
}
