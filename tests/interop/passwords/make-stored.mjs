// Makes stored.json: hashes of a few passwords by each of the software in formats.mjs, as it is installed here. The salts
// are random, so the hashes that are there already stay, and only what is new is made; run it when a format is added.
// `--anew` makes those of the software that is named again, or all of them, which wants all of the software. That the
// software takes them is tested by passwords.test.mjs.
//
//   node tests/interop/passwords/make-stored.mjs [--anew [software ...]]

import { readFileSync, writeFileSync } from "node:fs";
import { fileText } from "../../vectors/make-write.mjs";
import { FORMATS } from "./formats.mjs";
import { ask, peerOf } from "./peers.mjs";

const file = new URL("stored.json", import.meta.url);
const [anew, ...again] = process.argv.slice(2);
const stays = ({ software }) => anew !== "--anew" || (again.length > 0 && !again.includes(software));
const made = JSON.parse(readFileSync(file, "utf8")).cases.filter(stays);

const rows = FORMATS.flatMap(({ passwords, ...row }) => passwords.map((password) => ({ ...row, password })));
// Forms of one name are told apart by their order, in which the file has them.
const kept = rows.map((row) => {
  const same = ["software", "format", "password"];
  const place = made.findIndex((one) => same.every((name) => one[name] === row[name]));
  return place === -1 ? undefined : { ...made.splice(place, 1)[0], scheme: row.scheme };
});
const wanted = rows.filter((_, index) => kept[index] === undefined);

const names = [...new Set(wanted.map(({ software }) => software))];
for (const name of names) if (peerOf(name).why !== undefined) throw new Error(peerOf(name).why);
const versions = await answers(names.map((software) => ({ software, op: "version" })));
const stored = await answers(wanted.map((row) => ({ ...row, op: "hash" })));

const cases = rows.map((row, index) => {
  if (kept[index] !== undefined) return kept[index];
  const { software, format, scheme, password } = row;
  return {
    software,
    version: versions[names.indexOf(software)],
    format,
    scheme,
    password,
    stored: stored[wanted.indexOf(row)],
  };
});
const description = "Hashes that the software of others made. Made by make-stored.mjs.";
writeFileSync(file, fileText({ description, cases }));
console.log(`${cases.length} hashes, of which ${wanted.length} are new`);

async function answers(jobs) {
  const given = await ask(jobs);
  const failures = given.flatMap(({ ok, error }, index) =>
    ok === undefined ? [`${JSON.stringify(jobs[index])}: ${error}`] : [],
  );
  if (failures.length > 0) throw new Error(failures.join("\n"));
  return given.map(({ ok }) => ok);
}
