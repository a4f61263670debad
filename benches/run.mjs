// `npm run bench`: this package and its peers in one run, as tables, or with `--json` as JSON.
//
// node benches/run.mjs [--json] [--quick]
//   --json   everything, machine-readable; nothing else is printed
//   --quick  a few seconds, to see that it works: the figures mean nothing

import { readFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import { refusals } from "./checks.mjs";
import { delays } from "./delay.mjs";
import { compare, FULL, QUICK } from "./measure.mjs";
import * as passwords from "./passwords.mjs";
import { inTables } from "./report.mjs";
import * as schemes from "./schemes.mjs";
import { bundles, sizes } from "./sizes.mjs";
import { startUp } from "./start-up.mjs";
import * as tokens from "./tokens.mjs";

const PACKAGES = [
  "countersign",
  "jose",
  "jsonwebtoken",
  "fast-jwt",
  "hash-wasm",
  "argon2",
  "@node-rs/argon2",
  "bcryptjs",
  "@noble/hashes",
];

const { values } = parseArgs({
  options: { json: { type: "boolean", default: false }, quick: { type: "boolean", default: false } },
});
const effort = values.quick ? QUICK : FULL;

const figures = {
  machine: machine(),
  quick: values.quick,
  comparisons: [...(await compareTokens()), ...(await comparePasswords()), ...(await compareSchemes())],
  delays: await progress("event loop", delays),
  startUp: await progress("start-up", () => startUp(effort.processes)),
  sizes: { ...sizes(), ...(await bundles()) },
  refusals: await refusals(),
};
console.log(values.json ? JSON.stringify(figures, null, 2) : inTables(figures));

async function compareTokens() {
  const found = [];
  const algorithms = {
    HS256: () => tokens.hs256(),
    EdDSA: () => tokens.edDsa(),
    ES256: () => tokens.pairs("ES256"),
    RS256: () => tokens.pairs("RS256"),
  };
  for (const [algorithm, make] of Object.entries(algorithms)) {
    const libraries = await make();
    await tokens.expectAgreement(libraries);
    for (const task of ["sign", "verify"]) {
      const contenders = await tokens.contenders(libraries, task);
      const name = `${algorithm}, ${task}`;
      found.push({ task: name, rows: await progress(name, () => compare(contenders, effort)) });
    }
  }
  return found;
}

async function comparePasswords() {
  await passwords.expectAgreement();
  const found = [];
  for (const task of ["hash", "verify"]) {
    const name = `Argon2id (19456 KiB, 2 passes, 1 lane), ${task}`;
    found.push({ task: name, rows: await progress(name, () => compare(passwords.contenders(task), effort)) });
  }
  return found;
}

async function compareSchemes() {
  await schemes.expectAgreement();
  const found = [];
  for (const [scheme, contenders] of Object.entries(schemes.contenders)) {
    const name = `${scheme}, hash`;
    // A call takes up to a second, and needs no crowd of others around it to be measured.
    const calls = { ...effort, samples: effort.slowSamples };
    found.push({ task: name, rows: await progress(name, () => compare(contenders, calls)) });
  }
  return found;
}

/** Prints what is being measured. */
function progress(what, measure) {
  if (!values.json) console.error(`${what} …`);
  return measure();
}

function machine() {
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    versions: Object.fromEntries(PACKAGES.map((name) => [name, installedVersion(name)])),
  };
}

function installedVersion(name) {
  return JSON.parse(readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), "utf8")).version;
}
