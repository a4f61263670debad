// Makes stored.json: hashes of a few passwords by each of the software in formats.mjs, as it is installed here. It wants
// all of it: Python with venv, and PHP. The salts are random, so each run makes other hashes, of which the committed
// ones are no worse; run it when a format is added. That the software takes them is tested by passwords.test.mjs.
//
//   node tests/interop/passwords/make-stored.mjs

import { writeFileSync } from "node:fs";
import { fileText } from "../../vectors/make-write.mjs";
import { FORMATS } from "./formats.mjs";
import { ask, PEERS } from "./peers.mjs";

for (const { why } of PEERS) if (why !== undefined) throw new Error(why);

const names = [...new Set(FORMATS.map(({ software }) => software))];
const versions = await answers(names.map((software) => ({ software, op: "version" })));
const versionOf = Object.fromEntries(names.map((name, index) => [name, versions[index]]));

const rows = FORMATS.flatMap(({ passwords, ...row }) => passwords.map((password) => ({ ...row, password })));
const stored = await answers(rows.map((row) => ({ ...row, op: "hash" })));
const cases = rows.map(({ software, format, scheme, password }, index) => ({
  software,
  version: versionOf[software],
  format,
  scheme,
  password,
  stored: stored[index],
}));
const description = "Hashes that the software of others made. Made by make-stored.mjs.";
writeFileSync(new URL("stored.json", import.meta.url), fileText({ description, cases }));
console.log(`${cases.length} hashes by ${names.length} pieces of software`);

async function answers(jobs) {
  const given = await ask(jobs);
  return given.map(({ ok, error }, index) => {
    if (ok === undefined) throw new Error(`${JSON.stringify(jobs[index])}: ${error}`);
    return ok;
  });
}
